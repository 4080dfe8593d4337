"""What can be done in the admin site, as values: each act's address, its form, and the service that does it."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms

from tagging.errors import Problem, Refused, Stale
from tagging.models import Person
from tagging.services.acts import Outcome

LONGEST_LINE = 100_000


def hidden() -> forms.HiddenInput:
    """Browsers put back what a hidden input held before a reload, unless told not to."""
    return forms.HiddenInput(attrs={"autocomplete": "off"})


class AskForm(forms.Form):
    """What an act asks. Its `op` makes it one act, however often it is sent; what it was drawn from are its `seen`."""

    seen: ClassVar[tuple[str, ...]] = ()

    op = forms.UUIDField(required=False, widget=hidden(), initial=uuid.uuid4)

    def __init__(
        self, data: Mapping[str, Any] | None = None, *, objects: Sequence[Any] = (), auto_id: str = "id_%s"
    ) -> None:
        super().__init__(data, auto_id=auto_id, initial=self.drawn_from(objects))
        self.theirs: list[str] | None = None
        self.choose_from(objects)

    def drawn_from(self, objects: Sequence[Any]) -> dict[str, Any]:
        """What the fields say at first."""
        return {}

    def choose_from(self, objects: Sequence[Any]) -> None:
        """Fill lists of choices that depend on what the act is about."""

    def tell(self, problem: Problem, fresh: Sequence[Any]) -> None:
        """Put the sentence beside its field. What was typed stays; what was seen is what is there now, so that sending
        the form again is a choice between both versions."""
        field = problem.field if isinstance(problem, Refused | Stale) and problem.field in self.fields else None
        self.add_error(field, problem.sentence)
        again = {name: self.data.get(name, "") for name in self.fields} | {"op": str(uuid.uuid4())}
        if isinstance(problem, Stale):
            self.theirs = _lines(problem.theirs) if problem.theirs is not None else None
            now = self.drawn_from(fresh)
            again |= {name: now[name] for name in self.seen if name in now}
        self.data = again


@dataclass(frozen=True)
class AdminAct:
    """One thing to do: to one object from its page, to many from their list, or (about none) to make one."""

    name: str
    label: str
    do: Callable[[Person, Any, dict[str, Any]], Outcome | str]
    form: type[AskForm] = AskForm
    offered: Callable[[Person, Any], bool] = lambda by, about: True
    # What a page says beforehand about the chosen objects.
    foretell: Callable[[Sequence[Any]], str] = lambda objects: ""

    @property
    def url_name(self) -> str:
        return self.name.replace("-", "_")

    def ask(self, objects: Sequence[Any], data: Mapping[str, Any] | None = None) -> AskForm:
        return self.form(data, objects=objects, auto_id=f"id_{self.url_name}_%s")


def sentence(result: Outcome | str) -> str:
    """What to tell the person when it is done."""
    said = result if isinstance(result, str) else result.message
    return said or "That changed nothing: it was so already."


def _lines(theirs: object) -> list[str]:
    if isinstance(theirs, Mapping):
        return [f"{name}: {value}" for name, value in theirs.items()]
    return [str(theirs) or "(nothing)"]
