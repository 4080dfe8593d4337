"""What the tag box asks for, and where the words of a tag answer it."""

import re
from typing import Final

from tagging.domain import plain_text, tag_names

BEFORE_WORDS: Final = ' (-_/:.["'  # a word begins behind each of these, and at the front
_LAST_PIECE = re.compile(f"[^{tag_names.COMMAS}{plain_text.LINE_BREAKS}]*$")
_STRAIGHT = str.maketrans("‘’“”", "''\"\"")


def sought(text: str) -> list[str]:
    """The keys to look for, given all that stands in the box: only what follows the last comma is asked for.

    A phone types curly quotes where the vocabulary may have straight ones, so there may be two. Nothing to look for
    (empty, no text, longer than a tag can be) gives an empty list.
    """
    found = _LAST_PIECE.search(text)
    try:
        piece = tag_names.normalise(found[0] if found else "")
    except ValueError:
        return []
    return list(dict.fromkeys(tag_names.key(one) for one in (piece, piece.translate(_STRAIGHT))))


def marked(name: str, keys: list[str]) -> tuple[str, str, str] | None:
    """A name in three pieces, the middle one being where it answers one of the keys; None when no word of it does."""
    folded, places = _folded(name)
    for key in keys:
        at = folded.find(key)
        while at >= 0:
            if at == 0 or folded[at - 1] in BEFORE_WORDS:
                start, end = places[at], places[at + len(key) - 1] + 1
                return name[:start], name[start:end], name[end:]
            at = folded.find(key, at + 1)
    return None


def _folded(name: str) -> tuple[str, list[int]]:
    """The name as its key says it, and for each character of that the place in the name that it came from."""
    if tag_names.key(name) in tag_names.FACES:
        return tag_names.key(name), list(range(len(name)))
    folded: list[str] = []
    places: list[int] = []
    for place, character in enumerate(name):
        for one in plain_text.nfc(character.casefold()).replace("_", " "):
            if one == " " and (not folded or folded[-1] == " "):
                continue
            folded.append(one)
            places.append(place)
    return "".join(folded), places
