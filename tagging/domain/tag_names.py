"""Tag text: one spelling, one identity, one way to read a line of tags."""

import re
from typing import Final, Literal

from tagging.domain import plain_text

LIMIT: Final = 200
COMMAS: Final = ",，、،"
FACES: Final = frozenset(
    {
        "0_0",
        "(o)_(o)",
        "+_+",
        "+_-",
        "._.",
        "<o>_<o>",
        "<|>_<|>",
        "=_=",
        ">_<",
        "3_3",
        "6_9",
        ">_o",
        "@_@",
        "^_^",
        "o_o",
        "u_u",
        "x_x",
        "|_|",
        "||_||",
    }
)

_COMMA = re.compile(f"[{COMMAS}]")
_LINE_BREAK = re.compile(f"[{plain_text.LINE_BREAKS}]")
_SEPARATOR = re.compile(f"[{COMMAS}{plain_text.LINE_BREAKS}]")


def normalise(text: str) -> str:
    """Return the spelling of one tag that is stored, shown and exported: NFC, one blank between words, nothing hidden.

    Commas and white space at both ends are dropped. Idempotent.

    Raises:
        ValueError: with a sentence for a person, when text is empty or invisible, holds a comma inside, is not text
            (half a character), or has over 200 characters once normalised.
    """
    if not plain_text.is_text(text):
        raise ValueError("This is not text, since it holds half a character: type or paste the tag again.")
    tag = _trim(text)
    if not plain_text.is_visible(tag):
        raise ValueError("A tag cannot be empty: type at least one visible character.")
    if _COMMA.search(tag):
        raise ValueError(f"A tag cannot hold a comma: make “{plain_text.shorten(tag)}” several tags.")
    if len(tag) > LIMIT:
        raise ValueError(
            f"The tag “{plain_text.shorten(tag)}” has {len(tag)} characters, which is over {LIMIT}: shorten it."
        )
    return tag


def parse(text: str) -> list[str]:
    """Read a line that a person typed: tags in its order, of equal tags (by `key`) the first.

    Commas of four scripts and line breaks separate; what is empty between two of them is no tag.

    Raises:
        ValueError: with a sentence for a person, when one of the tags is refused by `normalise`.
    """
    return _first_of_equal([normalise(piece) for piece in _SEPARATOR.split(text) if not _is_empty(piece)])


def parse_leniently(text: str, separator: Literal["comma", "newline"] = "comma") -> tuple[list[str], list[str]]:
    """Read tags from a file: a bad tag is dropped and told, the others stay.

    With separator "newline" each line is one tag, so that a comma inside a line makes it a bad one.

    Returns:
        The good tags as `parse` gives them, and one sentence for each tag that was dropped.
    """
    pieces = (_SEPARATOR if separator == "comma" else _LINE_BREAK).split(text)
    good: list[str] = []
    dropped: list[str] = []
    for piece in pieces:
        if _is_empty(piece):
            continue
        try:
            good.append(normalise(piece))
        except ValueError as problem:
            dropped.append(str(problem))
    return _first_of_equal(good), dropped


def key(text: str) -> str:
    """Return what makes two spellings the same tag: case and `_` for a blank do not count, except in a face (`^_^`).

    A key of a tag has at most 600 characters (a casefolded letter may become three).
    """
    folded = plain_text.nfc(plain_text.nfc(text).casefold())
    if folded in FACES:
        return folded
    return " ".join(folded.replace("_", " ").split()) or folded


def _trim(text: str) -> str:
    return plain_text.clean(text).strip(f" {COMMAS}")


def _is_empty(piece: str) -> bool:
    return plain_text.is_text(piece) and not _trim(piece)


def _first_of_equal(tags: list[str]) -> list[str]:
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(key(tag), tag)
    return list(first.values())
