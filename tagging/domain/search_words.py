"""Cuts what is typed in the search box into words; what a word means is `search_query`'s business."""

import re
from dataclasses import dataclass
from typing import Final

QUOTES: Final = '"“”„‟'
"""Straight and curly: phones swap one for the other, so each opens and each closes."""

_FIELD = re.compile("([A-Za-z]+):")
_NEEDS_BACKSLASH = re.compile(f"[\\\\{QUOTES}]")
_ESCAPABLE = frozenset(f"\\{QUOTES} -:()")


@dataclass(frozen=True)
class Word:
    """One word of a search: `-field:value`, of which `field` may be "" and `value` may have stood in quotes.

    A word that stood in quotes as a whole has no field, whatever it holds.
    """

    value: str
    field: str = ""
    negated: bool = False


def split(text: str) -> list[Word]:
    """Cut a search into its words; a quote that nobody closes reaches to the end."""
    words: list[Word] = []
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        else:
            word, at = _word(text, at)
            words.append(word)
    return words


def quote(value: str) -> str:
    """Write a value so that `split` gives it back as one word, with quotes where a bare one may be misread."""
    is_plain = value.replace("-", "").replace("_", "").isalnum() and not value.startswith("-")
    if is_plain and value.upper() not in ("AND", "OR", "NOT"):
        return value
    return '"' + _NEEDS_BACKSLASH.sub(r"\\\g<0>", value) + '"'


def _word(text: str, at: int) -> tuple[Word, int]:
    negated = text[at] == "-" and not text[at + 1 : at + 2].isspace() and at + 1 < len(text)
    at += negated
    if text[at] in QUOTES:
        value, at = _until_quote(text, at + 1)
        return Word(value, negated=negated), at
    field = ""
    if match := _FIELD.match(text, at):
        field, at = match[1], match.end()
    if field and text[at : at + 1] and text[at] in QUOTES:
        value, at = _until_quote(text, at + 1)
    else:
        value, at = _until_blank(text, at)
    return Word(value, field, negated), at


def _until_quote(text: str, at: int) -> tuple[str, int]:
    read: list[str] = []
    while at < len(text) and text[at] not in QUOTES:
        character, at = _character(text, at)
        read.append(character)
    return "".join(read), at + 1


def _until_blank(text: str, at: int) -> tuple[str, int]:
    read: list[str] = []
    while at < len(text) and not text[at].isspace():
        character, at = _character(text, at)
        read.append(character)
    return "".join(read), at


def _character(text: str, at: int) -> tuple[str, int]:
    r"""Read one character; a backslash before one that has a meaning takes it away, any other stays (`\o/`)."""
    if text[at] == "\\" and text[at + 1 : at + 2] in _ESCAPABLE:
        return text[at + 1], at + 2
    return text[at], at + 1
