"""Which tags of a dataset's vocabulary go on from what somebody has begun to type."""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.db.models import OuterRef, Q, Subquery

from tagging.domain import suggesting
from tagging.models import Dataset, Tag

MOST = 10


@dataclass(frozen=True)
class Suggestion:
    """A tag, and the spelling that was found (its own or an alias): before the match, the match, behind it."""

    tag: Tag
    alias: str
    pieces: tuple[str, str, str]


def suggest(dataset: Dataset, text: str) -> list[Suggestion]:
    """At most ten shown tags of which a word, or a word of an alias, begins as `text` ends; the most used first.

    Args:
        dataset: whose vocabulary is looked through; the caller has seen to it that this person may see it.
        text: all that stands in the tag box; what follows its last comma counts.
    """
    keys = suggesting.sought(text)
    if not keys:
        return []
    begins = reduce(or_, (_begins(key) for key in keys))
    shown = Tag.objects.shown().filter(dataset=dataset).select_related("category").most_used()
    # Two reads and not one with an OR: so the first follows the index by use, and ends with its tenth row.
    own = list(shown.filter(begins)[:MOST])
    spellings = Tag.objects.filter(begins, hidden=False)
    aliased = spellings.filter(dataset=dataset, alias_of__isnull=False).values("alias_of")
    others = shown.filter(pk__in=aliased).exclude(pk__in=[tag.pk for tag in own])
    alias = Subquery(spellings.filter(alias_of=OuterRef("pk")).order_by("pk").values("name")[:1])
    found = [_by_name(tag, keys) for tag in own]
    found += [
        _by_alias(tag, tag.alias, keys)  # type: ignore[attr-defined]  # as annotated here
        for tag in others.annotate(alias=alias)[:MOST]
    ]
    return sorted(found, key=lambda one: (-one.tag.use_count, one.tag.name, one.tag.pk))[:MOST]


def _by_name(tag: Tag, keys: list[str]) -> Suggestion:
    return Suggestion(tag, "", suggesting.marked(tag.name, keys) or (tag.name, "", ""))


def _by_alias(tag: Tag, alias: str, keys: list[str]) -> Suggestion:
    return Suggestion(tag, alias, suggesting.marked(alias, keys) or (alias, "", ""))


def _begins(key: str) -> Q:
    """Tags one of whose words begins with this. That it is in there at all is asked first: most rows end at that."""
    words = reduce(or_, (Q(key__contains=before + key) for before in suggesting.BEFORE_WORDS), Q(key__startswith=key))
    return Q(key__contains=key) & words
