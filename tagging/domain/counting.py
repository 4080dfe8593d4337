"""Numbers and counts as sentences and pages say them."""

from typing import Final

THIN: Final = "\u202f"  # narrow no-break space between thousands


def number(value: int) -> str:
    """12345 → 12 345, with a thin space."""
    return f"{value:,}".replace(",", THIN)


def counted(value: int, one: str, many: str = "") -> str:
    """A number with its noun: 1 image, 2 100 images. `many` is for plurals that do not end in s."""
    return f"{number(value)} {one if value == 1 else many or f'{one}s'}"
