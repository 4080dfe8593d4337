"""A search, as the rows it means. The grammar is in `domain.search_query`; nothing else turns queries into SQL."""

import enum
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import connection
from django.db.models import Exists, OuterRef, Q

from tagging.domain.search_query import NameTerm, NumberTerm, Query, StateTerm, TagCountTerm, TagTerm
from tagging.models.dataset import Dataset
from tagging.models.image import Image, ImageQuerySet
from tagging.models.tag import ImageTag, Tag


def matching(dataset: Dataset, query: Query) -> ImageQuerySet:
    """The dataset's images for which every term of the query holds, in no particular order."""
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
            return Q(name__iregex=_pattern(term.pattern))
    raise TypeError(f"no SQL for {term!r}")


def _between(column: str, low: int | None, high: int | None) -> Q:
    condition = Q()
    if low is not None:
        condition &= Q(**{f"{column}__gte": low})
    if high is not None:
        condition &= Q(**{f"{column}__lte": high})
    return condition or Q(pk__isnull=False)


def _pattern(glob: str) -> str:
    """`*` and `?` of a name pattern as a regular expression; all else stands for itself.

    SQLite's is Python's, which tries every way to share a name out among several `.*`. So there each piece is fixed at
    its first place (an atomic group), which is where a glob finds it: the time is that of looking through the name once
    a piece.
    """
    special = set(r".^$+{}[]()|\/-")
    pieces = [
        "".join("." if sign == "?" else f"\\{sign}" if sign in special else sign for sign in piece)
        for piece in re.split(r"\*+", glob)
    ]
    first, *rest = pieces
    if not rest:
        return f"^{first}$"
    if connection.vendor != "sqlite":
        return "^" + ".*".join(pieces) + "$"
    *middle, last = rest
    return f"^{first}" + "".join(f"(?>.*?{piece})" for piece in middle) + f".*{last}$"


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

    def beside(self, image: Image) -> tuple[int | None, int | None]:
        """The numbers of the images before and behind this one, which need not match the search itself (any more)."""
        here = (image.name_key, image.number)
        before = self._in_order(self.images().filter(self._before(*here)), backwards=True)
        behind = self._in_order(self.images().filter(self._behind(*here)))
        return before.values_list("number", flat=True).first(), behind.values_list("number", flat=True).first()

    def position(self, image: Image) -> int:
        """How many images of this walk stand at or before this one."""
        before = self.images().filter(self._before(image.name_key, image.number)).count()
        return before + 1

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
