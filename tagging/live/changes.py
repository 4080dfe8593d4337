"""What the log of changes says about the images that pages show."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q

from tagging.models import Change, Entry, Image

# Which parts of an image a change of each side touches.
CARD = "card"
TAGS = frozenset({"tags", "caption", CARD})
STATE = frozenset({"state", "decision", CARD})
DESCRIPTION = frozenset({"description", "caption", "tags"})  # the tags say how many tokens the caption has
EVERY = TAGS | STATE | DESCRIPTION

AT_ONCE = 500  # numbers in one query
FAR = 1000  # changes behind which nobody looks at each: all parts of all that is shown


def touched_parts(dataset_id: int, since: int, shown: frozenset[int]) -> dict[int, frozenset[str]]:
    """Image number → the parts that changes after `since` touched, of the images shown.

    A new spelling, category or trigger word is on any of them, so then all parts of all are touched.
    """
    if not shown:
        return {}
    if _is_wide(dataset_id, since):
        return dict.fromkeys(shown, EVERY)
    newer = Image.objects.filter(dataset=dataset_id, seq__gt=since)
    touched: dict[int, frozenset[str]] = {}
    for numbers in _chunks(shown):
        found = list(newer.filter(number__in=numbers).values_list("number", flat=True))
        sides = _sides(dataset_id, since, found) if found else {}
        touched |= {number: sides.get(number, EVERY) for number in found}
    return touched


def _is_wide(dataset_id: int, since: int) -> bool:
    """Whether a change since touched something that is on many images: settings, categories, or a tag that was there
    before (`[before, after]`, and a new tag has no before)."""
    details = list(Change.objects.filter(dataset=dataset_id, seq__gt=since).values_list("detail", flat=True)[:FAR])
    return len(details) == FAR or any(
        "settings" in detail or "categories" in detail or any(before for before, _ in detail.get("tags", {}).values())
        for detail in details
    )


def _sides(dataset_id: int, since: int, numbers: Sequence[int]) -> dict[int, frozenset[str]]:
    entries = Entry.objects.filter(change__dataset=dataset_id, change__seq__gt=since, image__number__in=numbers)
    rows = entries.annotate(has_tags=Q(tags_after__isnull=False), has_description=Q(description_after__isnull=False))
    sides: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for number, has_tags, state, has_description in rows.values_list(
        "image__number", "has_tags", "state_after", "has_description"
    ):
        sides[number] |= TAGS if has_tags else frozenset()
        sides[number] |= STATE if state else frozenset()
        sides[number] |= DESCRIPTION if has_description else frozenset()
    return dict(sides)


def _chunks(numbers: Iterable[int]) -> Iterable[list[int]]:
    ordered = sorted(numbers)
    return (ordered[start : start + AT_ONCE] for start in range(0, len(ordered), AT_ONCE))
