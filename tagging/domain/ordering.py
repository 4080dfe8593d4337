"""The order of an image's tags, as lists of tag ids; every function returns a new list without duplicates."""

from collections.abc import Sequence
from typing import Final

FRONT: Final = 0
"""`after=FRONT` means before the first; no tag has this id."""


def insert(
    current: Sequence[int], new: Sequence[int], *, after: int | None = None, position: int | None = None
) -> list[int]:
    """Put new items into a list: after a neighbour, at a place, else at the end.

    What is there already stays where it is; several new ones keep their order. `after` wins over `position`; a
    neighbour that is gone means the end. `position` is the 0-based place of the first new item in the list as it is
    afterwards, clamped.
    """
    present = set(current)
    added = [item for item in dict.fromkeys(new) if item not in present]
    at = len(current)
    if after == FRONT:
        at = 0
    elif after is not None:
        at = current.index(after) + 1 if after in present else len(current)
    elif position is not None:
        at = _clamp(position, len(current))
    return [*current[:at], *added, *current[at:]]


def move(current: Sequence[int], item: int, *, after: int | None = None, position: int | None = None) -> list[int]:
    """Move one item after a neighbour or to a place, counted in the list as it is afterwards and clamped.

    Nothing changes when the item or its neighbour is gone, the neighbour is the item itself, or no place is given.
    `after` wins over `position`.
    """
    others = [other for other in current if other != item]
    if len(others) == len(current):
        return list(current)
    if after == FRONT:
        at = 0
    elif after is not None and after in others:
        at = others.index(after) + 1
    elif after is None and position is not None:
        at = _clamp(position, len(others))
    else:
        return list(current)
    return [*others[:at], item, *others[at:]]


def substitute(current: Sequence[int], old: int, new: int) -> list[int]:
    """Let `new` stand for `old` (a merge): once, at the place of whichever of the two stands first."""
    if old not in current:
        return list(current)
    return list(dict.fromkeys(new if item == old else item for item in current))


def _clamp(position: int, largest: int) -> int:
    return min(max(position, 0), largest)
