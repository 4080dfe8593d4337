"""What an import came to, in the lines that its command and its page say."""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from tagging.domain.counting import counted
from tagging.domain.plain_text import shorten
from tagging.models import Dataset
from tagging.services.importing.report import STOPPED, Outcome, Report

MOST_REASONS = 5
_NUMBER = re.compile(r"\d[\d,.]*\d|\d")
_WORDS = (
    (Outcome.IMPORTED, "imported", "imported"),
    (Outcome.DUPLICATE, "duplicate", "duplicates"),
    (Outcome.SKIPPED, "skipped", "skipped"),
    (Outcome.CAPTION, "caption", "captions"),
    (Outcome.UNCHANGED, "unchanged", "unchanged"),
)


@dataclass
class Result:
    """An import that ran. `totals` counts captions by kind, and tags equal to the trigger; `notes` are sentences.

    `dataset` is None for a dry run, and when there was no picture to make one for.
    """

    slug: str
    name: str
    report: Report
    dataset: Dataset | None = None
    dry: bool = False
    stopped: bool = False
    images_before: int = 0
    totals: Counter[str] = field(default_factory=Counter)
    spellings: int = 0
    concepts: Sequence[tuple[str, int, str]] = ()
    notes: list[str] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """How many entries came to what, and what the captions held."""
        outcomes = {str(outcome): self.report.counts[outcome] for outcome in Outcome}
        extra = {
            "captions_as_tags": self.totals["tags"],
            "captions_as_description": self.totals["description"],
            "triggers_dropped": self.totals["trigger"],
            "spellings_merged": self.spellings,
        }
        return {**outcomes, **{name: count for name, count in extra.items() if count}}

    @property
    def line(self) -> str:
        """The one line that is always said."""
        seen = len(self.report.entries)
        if not seen:
            count = counted(self.images_before, "image")
            kept = f" What “{self.name}” holds stays ({count})." if self.images_before else ""
            return f"The folder is empty: nothing was imported, and nothing is ever removed.{kept}"
        parts = [
            f"{self.report.counts[outcome]:,} {one if self.report.counts[outcome] == 1 else many}"
            for outcome, one, many in _WORDS
        ]
        begin = "Dry run, nothing was written" if self.dry else ("Stopped" if self.stopped else f"“{self.name}”")
        return f"{begin}: {seen:,} {'entry' if seen == 1 else 'entries'}: {', '.join(parts)}."

    @property
    def details(self) -> list[str]:
        """What else a person should know, one sentence a line."""
        return [*self.notes, *self._captions(), *self._concepts(), *self._reasons()]

    def _captions(self) -> list[str]:
        totals = self.totals
        lines = []
        if totals["tags"] or totals["description"]:
            lines.append(f"Captions: {totals['tags']:,} as tags, {totals['description']:,} as descriptions.")
        if totals["trigger"]:
            left_out = counted(totals["trigger"], "caption")
            lines.append(f"The trigger word was left out of {left_out}: it comes first by itself.")
        if self.spellings:
            lines.append(f"{counted(self.spellings, 'spelling')} of the same tag became the most frequent one.")
        return lines

    def _concepts(self) -> list[str]:
        return [
            f"“{shorten(name)}” is named as kohya does: {repeats} repeats of “{concept}”. "
            f"To make that the trigger word: --trigger {_quoted(concept)}, or in the dataset's settings."
            for name, repeats, concept in self.concepts[:MOST_REASONS]
        ]

    def _reasons(self) -> list[str]:
        """Why entries were skipped, the commonest reasons first; those that differ in numbers alone are one."""
        reasons: defaultdict[str, list[str]] = defaultdict(list)
        for entry in self.report.entries:
            if entry.outcome is Outcome.SKIPPED and entry.reason != STOPPED:
                reasons[_NUMBER.sub("…", entry.reason)].append(entry.reason)
        commonest = sorted(reasons.items(), key=lambda item: -len(item[1]))
        lines = [
            f"Skipped {len(exact):,}: {exact[0] if len(set(exact)) == 1 else alike}"
            for alike, exact in commonest[:MOST_REASONS]
        ]
        if (more := len(reasons) - MOST_REASONS) > 0:
            others = "1 other reason" if more == 1 else f"{more:,} other reasons"
            lines.append(f"Skipped for {others}: --verbosity 2 and --report tell all.")
        return lines


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
