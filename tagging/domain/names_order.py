"""The natural order of names: `img2` before `img10`, capitals and small letters alike, folder by folder."""

import re
import unicodedata
from typing import Final

from tagging.domain import plain_text

TEXT_LIMIT: Final = 500

_DIGITS = re.compile(r"\d+")
_MOST_DIGITS = 99
# Sorts before every character that a name may show, so that a folder's own files stay together.
_FOLDER_END = "\x01"


def natural_key(path: str) -> tuple[tuple[str, ...], str]:
    """Return a sort key for a relative path with `/` between its parts.

    Total and deterministic: names that differ only in case, leading zeros or form of the same letters follow each
    other by their raw text.
    """
    return tuple(_natural_part(part) for part in path.split("/")), path


def natural_text(path: str) -> str:
    """Return a text whose code-point order is the natural order, for an indexed column; not for showing.

    Equal to the order of `natural_key` but for ties and for what stands beyond 500 characters. Always storable:
    neither NUL nor half characters.
    """
    key, _ = natural_key(plain_text.replace_surrogates(path).replace("\0", ""))
    return _FOLDER_END.join(key)[:TEXT_LIMIT]


def _natural_part(part: str) -> str:
    return _DIGITS.sub(_sortable_number, plain_text.nfc(plain_text.nfc(part).casefold()))


def _sortable_number(run: re.Match[str]) -> str:
    """Lead a number by how many digits it has (two of them), which no fixed width of zeros could do for long ones."""
    digits = "".join(str(unicodedata.decimal(digit)) for digit in run[0]).lstrip("0")
    return f"{min(len(digits), _MOST_DIGITS):02}{digits}"
