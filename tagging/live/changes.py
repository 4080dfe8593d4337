"""What the log of changes says about the images that pages show."""

from collections import defaultdict
from typing import Any, NamedTuple

from django.db.models import Q

from tagging.models import Change, Image

# Which parts of an image a change of each side touches.
CARD = "card"
TAGS = frozenset({"tags", "caption", CARD})
STATE = frozenset({"state", "decision", CARD})
DESCRIPTION = frozenset({"description", "caption", "tags"})  # the tags say how many tokens the caption has
NOTHING: frozenset[str] = frozenset()
EVERY = TAGS | STATE | DESCRIPTION

AT_ONCE = 500  # numbers in one query
FAR = 1000  # changes and entries behind which nobody looks at each: all parts of all that is shown


def touched_parts(dataset_id: int, since: int, shown: frozenset[int]) -> dict[int, frozenset[str]]:
    """Image number → the parts that changes after `since` touched, of the images shown.

    A new spelling, category or trigger word is on any of them, so then all parts of all are touched.
    """
    if not shown:
        return {}
    rows = _entries(dataset_id, since)
    if len(rows) == FAR or any(_is_wide(row.detail) for row in rows):
        return dict.fromkeys(shown, EVERY)
    sides: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for row in rows:
        if row.number is not None and row.number in shown:
            sides[row.number] |= row.sides
    if all(row.number is not None for row in rows):
        return dict(sides)
    return {number: sides.get(number, EVERY) for number in _newer(dataset_id, since, shown)}


class Row(NamedTuple):
    """A change and one of its entries, or none (an import has none)."""

    detail: dict[str, Any]
    number: int | None
    has_tags: bool
    state: str | None
    has_description: bool

    @property
    def sides(self) -> frozenset[str]:
        tags = TAGS if self.has_tags else NOTHING
        state = STATE if self.state else NOTHING
        return tags | state | (DESCRIPTION if self.has_description else NOTHING)


def _entries(dataset_id: int, since: int) -> list[Row]:
    """At most so many as it pays to look at."""
    rows = Change.objects.filter(dataset=dataset_id, seq__gt=since).annotate(
        has_tags=Q(entries__tags_after__isnull=False), has_description=Q(entries__description_after__isnull=False)
    )
    columns = "detail", "entries__image__number", "has_tags", "entries__state_after", "has_description"
    return [Row(*row) for row in rows.values_list(*columns)[:FAR]]


def _is_wide(detail: dict[str, Any]) -> bool:
    """Whether a change touched something that is on many images: settings, categories, or a tag that was there before
    (`[before, after]`, and a new tag has no before)."""
    return bool(
        "settings" in detail or "categories" in detail or any(before for before, _ in detail.get("tags", {}).values())
    )


def _newer(dataset_id: int, since: int, shown: frozenset[int]) -> list[int]:
    ordered, newer = sorted(shown), Image.objects.filter(dataset=dataset_id, seq__gt=since)
    chunks = (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
    return [number for chunk in chunks for number in newer.filter(number__in=chunk).values_list("number", flat=True)]
