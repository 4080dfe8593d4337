"""A pattern of file names, as the regular expression that finds them however their letters are stored."""

import re
import unicodedata
from typing import Final

from django.db import connection

# What follows a letter when it is stored in pieces, as macOS does: the marks and sounds that Unicode takes letters
# apart into (of Latin, Greek, Cyrillic, Hebrew, Arabic, South Asian scripts, Hangul and Kana).
_MARKS: Final = (
    "\u0300-\u036f\u05b0-\u05bd\u05bf\u05c1\u05c2\u0653-\u0655\u093c\u09bc\u09be\u09d7\u0a3c\u0b3c\u0b3e\u0b56\u0b57"
    "\u0bbe\u0bd7\u0c56\u0cc2\u0cd5\u0cd6\u0d3e\u0d57\u0dca\u0dcf\u0ddf\u0f72\u0f74\u0f80\u102e\u1161-\u1175"
    "\u11a8-\u11c2\u1b35\u3099\u309a"
)
_LETTER: Final = re.compile(f"[{_MARKS}]*[^{_MARKS}][{_MARKS}]*|[{_MARKS}]+")
_ANY_LETTER: Final = f"[^{_MARKS}][{_MARKS}]*"
_SPECIAL: Final = frozenset(r".^$+*?{}[]()|\/-")


def name_pattern(glob: str) -> str:
    """`*` any letters and `?` one, of an NFC pattern; all else stands for itself, in one piece or taken apart.

    SQLite's expressions are Python's, which try every way to share a name out among several `.*`. So there each piece
    is fixed at its first place (an atomic group), which is where a glob finds it: the time is that of looking through
    the name once a piece.
    """
    first, *rest = [_piece(piece) for piece in re.split(r"\*+", glob)]
    if not rest:
        return f"^{first}$"
    if connection.vendor != "sqlite":
        return "^" + ".*".join([first, *rest]) + "$"
    *middle, last = rest
    return f"^{first}" + "".join(f"(?>.*?{piece})" for piece in middle) + f".*{last}$"


def _piece(glob: str) -> str:
    """What stands between two `*`. A mark behind its last letter would make another letter of that."""
    runs = [_run(run) for run in glob.split("?")]
    return _ANY_LETTER.join(runs)


def _run(text: str) -> str:
    return "".join(_letter(letter) for letter in _LETTER.findall(text)) + f"(?![{_MARKS}])" if text else ""


def _letter(letter: str) -> str:
    spellings = dict.fromkeys((_escaped(letter), _escaped(unicodedata.normalize("NFD", letter))))
    return f"(?:{'|'.join(spellings)})" if len(spellings) > 1 else next(iter(spellings))


def _escaped(text: str) -> str:
    return "".join(f"\\{sign}" if sign in _SPECIAL else sign for sign in text)
