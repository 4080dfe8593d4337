"""A search, as the rows it means. The grammar is in `domain.search_query`; nothing else turns queries into SQL."""

import enum
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q

from tagging.domain.search_query import (
    DescriptionTerm,
    NameTerm,
    NumberTerm,
    Query,
    StateTerm,
    TagCountTerm,
    TagTerm,
)
from tagging.models.dataset import Dataset
from tagging.models.image import Image, ImageQuerySet, State
from tagging.models.name_pattern import name_pattern
from tagging.models.tag import ImageTag, Tag

SHOWN = (State.TODO, State.DONE, State.REVIEWED)  # by a search that does not ask for rejected images


def matching(dataset: Dataset, query: Query) -> ImageQuerySet:
    """The dataset's images that the query finds, in no particular order: every term of it holds, and rejected ones
    are among them only where it asks for them."""
    images = _holding(dataset, query)
    return images if query.asks_for_rejected else images.filter(state__in=SHOWN)


def _holding(dataset: Dataset, query: Query) -> ImageQuerySet:
    images = Image.objects.filter(dataset=dataset)
    tags = _tag_ids(dataset, (term.name_key for term in query.terms if isinstance(term, TagTerm)))
    for term in query.terms:
        condition = _condition(term, tags)
        images = images.filter(~condition if term.negated else condition)
    return images


def _tag_ids(dataset: Dataset, keys: Iterable[str]) -> dict[str, int]:
    """Search keys → tag ids; an alias finds its tag."""
    tags = Tag.objects.filter(dataset=dataset, hidden=False, key__in=set(keys))
    return {key: alias_of or pk for key, pk, alias_of in tags.values_list("key", "pk", "alias_of")}


def _condition(term: object, tags: dict[str, int]) -> Q:
    match term:
        case TagTerm():
            return Q(Exists(ImageTag.objects.filter(image=OuterRef("pk"), tag=tags.get(term.name_key, 0))))
        case StateTerm():
            return Q(state__in=term.states)
        case TagCountTerm():
            return _between("tag_count", term.low, term.high)
        case NumberTerm():
            return _between("number", term.low, term.high)
        case NameTerm():
            return Q(name__iregex=name_pattern(term.pattern))
        case DescriptionTerm():
            return ~Q(description="")
    raise TypeError(f"no SQL for {term!r}")


def _between(column: str, low: int | None, high: int | None) -> Q:
    condition = Q()
    if low is not None:
        condition &= Q(**{f"{column}__gte": low})
    if high is not None:
        condition &= Q(**{f"{column}__lte": high})
    return condition or Q(pk__isnull=False)


# What a card in the grid shows of an image, and nothing else.
CARD_COLUMNS = "dataset_id number state tag_count name name_key sha256 thumb_width thumb_height opaque seq".split()


class Order(enum.StrEnum):
    """In which order a list of images goes. Every one ends with the number, so that it is total."""

    NUMBER = "number"
    NAME = "name"


@dataclass(frozen=True)
class Walk:
    """A way through a dataset's images: a search and an order. Pages and neighbours are found by key, never by offset,
    so a list that shrinks while one walks it never skips."""

    dataset: Dataset
    query: Query
    order: Order = Order.NUMBER

    def images(self) -> ImageQuerySet:
        return matching(self.dataset, self.query)

    def count(self) -> int:
        """How many images there are to walk through; without a search the counters say so."""
        return self.dataset.wanted_count if self.query.is_empty else self.images().count()

    def by_state(self) -> Mapping[str, int]:
        """How many images of each state every term holds for, whether rejected ones are shown or not."""
        dataset = self.dataset
        if self.query.is_empty:
            counts = (dataset.todo_count, dataset.done_count, dataset.reviewed_count, dataset.rejected_count)
            return dict(zip(State.values, counts, strict=True))
        rows = _holding(dataset, self.query).order_by().values_list("state").annotate(count=Count("pk"))
        return dict.fromkeys(State.values, 0) | {str(state): int(count) for state, count in rows}

    def page(self, after: str, size: int) -> tuple[list[Image], str]:
        """Up to `size` images behind the key `after` ("": the beginning), and the key of the next page ("": none)."""
        images = self.images()
        if after:
            images = images.filter(self._behind(*self._read_key(after)))
        found = list(self._in_order(images).only(*CARD_COLUMNS)[: size + 1])
        return found[:size], self.key(found[size - 1]) if len(found) > size else ""

    def key(self, image: Image) -> str:
        """The opaque key of a place: the number, or value~number."""
        return str(image.number) if self.order is Order.NUMBER else f"{image.name_key}~{image.number}"

    def around(self, image: Image, size: int) -> list[Image]:
        """Up to `size` images in order, this one among them: in the middle, unless the walk begins or ends nearer than
        that. It need not match the search itself (any more)."""
        here = (image.name_key, image.number)
        before = self._in_order(self.images().filter(self._before(*here)), backwards=True).only(*CARD_COLUMNS)
        behind = self._in_order(self.images().filter(self._behind(*here))).only(*CARD_COLUMNS)
        nearest, following = list(before[: size - 1]), list(behind[: size - 1])
        left = nearest[: max(size // 2, size - 1 - len(following))]
        return [*reversed(left), image, *following[: size - 1 - len(left)]]

    def position(self, image: Image) -> int | None:
        """Which one of this walk the image is, from 1; None when the search does not find it (any more)."""
        if not self.images().filter(pk=image.pk).exists():
            return None
        return self.images().filter(self._before(image.name_key, image.number)).count() + 1

    def first(self) -> Image | None:
        return self._in_order(self.images()).first()

    def _read_key(self, key: str) -> tuple[str, int]:
        value, _, number = key.replace("\x00", "").rpartition("~")
        return value, int(number) if number.isdecimal() and len(number) < 12 else 0

    def _behind(self, name_key: str, number: int) -> Q:
        if self.order is Order.NUMBER:
            return Q(number__gt=number)
        return Q(name_key__gt=name_key) | Q(name_key=name_key, number__gt=number)

    def _before(self, name_key: str, number: int) -> Q:
        if self.order is Order.NUMBER:
            return Q(number__lt=number)
        return Q(name_key__lt=name_key) | Q(name_key=name_key, number__lt=number)

    def _in_order(self, images: ImageQuerySet, *, backwards: bool = False) -> ImageQuerySet:
        columns = ["number"] if self.order is Order.NUMBER else ["name_key", "number"]
        return images.order_by(*(f"-{column}" if backwards else column for column in columns))
