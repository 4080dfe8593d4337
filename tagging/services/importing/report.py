"""What became of every directory entry: each is in the report exactly once."""

import base64
from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from tagging.domain import filenames
from tagging.services.importing.walk import order

#: Of what an import that was stopped did not come to.
STOPPED = "The import was stopped before it came to this."
#: So many entries of a report are kept for the page; the file of `--report` has them all.
MOST_KEPT = 10_000


class Outcome(StrEnum):
    """What a report says of an entry."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    SKIPPED = "skipped"
    CAPTION = "caption"
    UNCHANGED = "unchanged"


@dataclass(slots=True)
class Known:
    """An image that the dataset has, or will have with the next transaction: until then its number is 0."""

    number: int
    sha256: bytes
    first_sha256: bytes
    pk: int = 0
    caption_sha256: str = ""
    edited: bool = False
    width: int = 0
    height: int = 0


@dataclass(slots=True)
class Entry:
    """One directory entry. `image` is what it became, equals or belongs to; `remark` says that a person should read
    the reason though nothing was passed over."""

    path: bytes
    outcome: Outcome
    reason: str = ""
    image: Known | None = None
    remark: bool = False

    @property
    def is_notable(self) -> bool:
        """Whether the page of an import names it."""
        passed_over = self.outcome in (Outcome.DUPLICATE, Outcome.SKIPPED)
        return self.remark or (passed_over and self.reason != STOPPED)

    @property
    def sentence(self) -> str:
        """The reason as it is told, with the number that a duplicate's twin has by now."""
        if self.outcome is Outcome.DUPLICATE and self.image is not None:
            return f"It is the same picture as image {self.image.number}. {self.reason}".rstrip()
        return self.reason

    def plain(self) -> dict[str, Any]:
        """As the report file has it. `path` is for people, `path_b64` is exact."""
        image = self.image
        picture = image if self.outcome in (Outcome.IMPORTED, Outcome.DUPLICATE, Outcome.UNCHANGED) else None
        return {
            "path": self.path.decode("utf-8", "replace"),
            "path_b64": base64.b64encode(self.path).decode("ascii"),
            "outcome": str(self.outcome),
            "reason": self.sentence,
            "number": image.number if image else None,
            "width": picture.width if picture else None,
            "height": picture.height if picture else None,
        }

    def kept(self) -> dict[str, Any]:
        """As the page of an import shows it."""
        return {
            "path": filenames.display_path(self.path),
            "outcome": str(self.outcome),
            "reason": self.sentence,
            "number": self.image.number if self.image else None,
        }


@dataclass
class Report:
    """The entries that are accounted for so far, and how many there are of each outcome."""

    entries: list[Entry] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, entry: Entry) -> None:
        """Account for an entry, for good."""
        self.entries.append(entry)
        self.counts[entry.outcome] += 1

    def in_order(self) -> list[Entry]:
        """By path, in natural order."""
        return sorted(self.entries, key=lambda entry: order(entry.path))

    def plain(self) -> list[dict[str, Any]]:
        """As the report file has it."""
        return [entry.plain() for entry in self.in_order()]

    def kept(self) -> list[dict[str, Any]]:
        """What the page of an import shows: all that is not simply imported, read or unchanged, up to a bound."""
        return [entry.kept() for entry in self.in_order() if entry.is_notable][:MOST_KEPT]
