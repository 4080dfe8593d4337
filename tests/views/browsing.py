"""A browser without script: reads the forms of a page, types into boxes and presses buttons as browsers do."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from django.test import Client

Attributes = dict[str, str | None]


@dataclass
class Control:
    """A field or a button, in the order of the page."""

    owner: str
    attributes: Attributes
    is_button: bool = False
    text: str = ""

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def value(self) -> str:
        return self.text if "value" not in self.attributes else self.attributes["value"] or ""

    @property
    def label(self) -> str:
        return self.attributes.get("aria-label") or " ".join(self.text.split())


class Forms(HTMLParser):
    """The forms of one page, by id or else by action, and everything that belongs to one."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.actions: dict[str, str] = {}
        self.controls: list[Control] = []
        self._inside = ""
        self._open: Control | None = None
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "form":
            assert not self._inside, "a form inside a form"
            self._inside = values.get("id") or values.get("action") or ""
            self.actions[self._inside] = values.get("action") or ""
        if tag in ("input", "textarea", "button"):
            control = Control(values.get("form") or self._inside, values, is_button=tag == "button")
            self.controls.append(control)
            self._open = control if tag != "input" else None
            if tag == "textarea":
                values.pop("value", None)

        elif self._open is not None:
            self._open.text += " "

    def handle_data(self, data: str) -> None:
        if self._open is not None:
            self._open.text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = ""
        if tag in ("textarea", "button"):
            self._open = None


@dataclass
class Tab:
    """One page in front of somebody."""

    client: Client
    address: str
    forms: Forms = field(init=False)

    def __post_init__(self) -> None:
        self.forms = Forms(self.client.get(self.address).content.decode())

    def type(self, box: str, text: str) -> "Tab":
        """Into the box that a screen reader calls so."""
        self._one(box, is_button=False).attributes["value"] = text
        return self

    def press(self, button: str, **more: str) -> Any:
        return self._send(self._one(button, is_button=True), more)

    def enter(self, box: str) -> Any:
        """The Enter key in a box presses the first button of its form."""
        owner = self._one(box, is_button=False).owner
        return self._send(next(one for one in self.forms.controls if one.is_button and one.owner == owner), {})

    def box(self, label: str) -> str:
        return self._one(label, is_button=False).value

    def _one(self, label: str, *, is_button: bool) -> Control:
        found = [one for one in self.forms.controls if one.is_button is is_button and one.label == label]
        seen = [one for one in found if one.attributes.get("aria-hidden") != "true"]
        assert seen, f"no {label} on the page"
        return seen[0]

    def _send(self, button: Control, more: dict[str, str]) -> Any:
        data: dict[str, list[str]] = {}
        for one in self.forms.controls:
            if one.owner == button.owner and one.name and (one is button or not one.is_button):
                data.setdefault(one.name, []).append(one.value)
        target = button.attributes.get("formaction") or self.forms.actions[button.owner]
        return self.client.post(target, {**data, **more})
