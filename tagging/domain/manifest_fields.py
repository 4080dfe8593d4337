"""Takes a manifest's JSON apart: each value is asked for by name and kind, and a wrong one is told with its place."""

import json
import re
from collections.abc import Callable, Iterable
from typing import Final

from tagging.domain import plain_text, tag_names

LARGEST: Final = 2**31 - 1

_SHA256 = re.compile("[0-9a-f]{64}")


class Fields:
    """One JSON object and its place in the file; every method raises ValueError with a sentence for a person."""

    def __init__(self, content: object, place: str) -> None:
        if not isinstance(content, dict):
            raise _damaged(f"{place} is no object")
        self._content: dict[str, object] = content
        self.place = place

    def text(self, name: str, check: Callable[[str], str] = str) -> str:
        """Return a text after `check`, which may refuse it with a ValueError."""
        return self._checked(name, self._content.get(name), check)

    def texts(self, name: str, check: Callable[[str], str]) -> tuple[str, ...]:
        """Return a list of texts after `check`, no two of which may be the same tag."""
        found = tuple(self._checked(name, value, check) for value in self._list(name))
        if len({tag_names.key(text) for text in found}) < len(found):
            raise self._wrong(name, "names one thing twice")
        return found

    def number(self, name: str, *, low: int = 0) -> int:
        """Return a whole number from `low` to what a database column holds."""
        value = self._content.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= LARGEST:
            raise self._wrong(name, f"is no whole number from {low} to {LARGEST:,}")
        return value

    def numbers(self, name: str) -> dict[str, int]:
        """Return an object that holds nothing but whole numbers from 0."""
        part = self.part(name)
        return {counted: part.number(counted) for counted in part._content}

    def mapping(self, name: str) -> dict[str, object]:
        """Return an object of any JSON values."""
        content = self.part(name)._content
        try:
            is_text = plain_text.is_text(json.dumps(content, ensure_ascii=False))
        except RecursionError as problem:
            raise self._wrong(name, "is nested too deeply") from problem
        if not is_text:
            raise self._wrong(name, "holds half a character")
        return content

    def part(self, name: str) -> "Fields":
        """Return an object inside this one."""
        return Fields(self._content.get(name), f"“{name}”")

    def parts(self, name: str) -> list["Fields"]:
        """Return a list of objects inside this one."""
        return [Fields(value, f"entry {at} of “{name}”") for at, value in enumerate(self._list(name), 1)]

    def _list(self, name: str) -> list[object]:
        value = self._content.get(name)
        if not isinstance(value, list):
            raise self._wrong(name, "is no list")
        return value

    def _checked(self, name: str, value: object, check: Callable[[str], str]) -> str:
        if not isinstance(value, str) or "\0" in value or not plain_text.is_text(value):
            raise self._wrong(name, "is no text")
        try:
            return check(value)
        except ValueError as problem:
            raise self._wrong(name, f"is refused ({str(problem).rstrip('.')})") from problem

    def _wrong(self, name: str, what: str) -> ValueError:
        return _damaged(f"“{name}” in {self.place} {what}")


def refuse_repeats(values: Iterable[object], name: str) -> None:
    """Raise ValueError with a sentence for a person when two entries have the same value."""
    seen: set[object] = set()
    for value in values:
        if value in seen:
            raise _damaged(f"“{name}” is {plain_text.shorten(str(value))} in two entries")
        seen.add(value)


def check_sha256(text: str) -> str:
    """Return a sha256 in 64 small hexadecimal digits, or raise ValueError."""
    if not _SHA256.fullmatch(text):
        raise ValueError("a sha256 has 64 hexadecimal digits")
    return text


def check_relative_path(text: str) -> str:
    """Return a path that stays inside the folder it is relative to, or raise ValueError."""
    if "\\" in text or any(part in ("", ".", "..") for part in text.split("/")):
        raise ValueError("it leads out of the folder")
    return text


def _damaged(what: str) -> ValueError:
    return ValueError(f"manifest.json is damaged, since {what}: export the folder again.")
