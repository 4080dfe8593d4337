"""The parts of pages that change while one looks at them, each from one model instance and nothing of the viewer.

A part's root has the id `<noun>-<number>-<part>` and `data-seq`, the dataset's change it was read at. The page that
includes it and the answer to the person who acted are the same bytes.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.urls import reverse

from tagging.domain import captions
from tagging.models import Dataset, Image, ImageTag, Import, Tag
from tagging.services import sessions

CLIP_LIMIT = 77
FIRST_TAGS = 12  # on a card, under the pointer


@dataclass(frozen=True)
class Chip:
    """A tag on an image, with the neighbours that its move buttons name (0: in front)."""

    tag: Tag
    left: int
    right: int


@dataclass(frozen=True)
class Card:
    """An image in the grid."""

    dataset: Dataset
    image: Image
    url: str
    thumb_url: str
    first_tags: list[str]


class ImageParts:
    """One image as its parts show it; each read happens once, after the seq."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.dataset = image.dataset
        self.seq = self.dataset.change_seq
        self.url = reverse("tagging:image_detail", args=[self.dataset.slug, image.number])
        self.next_url = reverse("tagging:image_next", args=[self.dataset.slug])
        self.tags = image.ordered_tags()

    @property
    def chips(self) -> list[Chip]:
        ids = [0, *(tag.pk for tag in self.tags)]
        last = len(self.tags) - 1
        return [
            Chip(tag, ids[index - 1] if index else 0, ids[index + 2] if index < last else ids[index])
            for index, tag in enumerate(self.tags)
        ]

    @property
    def caption(self) -> str:
        """What a trainer will read, by the dataset's own profile."""
        return captions.compose(
            trigger=self.dataset.trigger,
            tags=[tag.name for tag in self.tags],
            description=self.image.description,
            profile=captions.Profile(self.dataset.profile),
        )

    @property
    def tokens(self) -> int:
        return captions.estimate_clip_tokens(self.caption)

    @property
    def too_long(self) -> bool:
        return self.tokens > CLIP_LIMIT

    def render(self, part: str) -> str:
        """The html of one part: `tags`, `state`, `description`, `caption` or `decision`."""
        return render_to_string(f"tagging/_image_{part}.html", {"parts": self})


def render_card(card: Card) -> str:
    """The html of an image's card, as every page shows it."""
    return render_to_string("tagging/_card.html", {"card": card, "dataset": card.dataset})


def render_dataset_part(dataset: Dataset, part: str) -> str:
    """The html of one part of a freshly read dataset: `progress`, `people` or `import`."""
    context: dict[str, object] = {"dataset": dataset}
    if part == "people":
        context["people"] = sessions.here_now(dataset)
    if part == "import":
        context["import"] = newest_import(dataset.pk)
    return render_to_string(f"tagging/_dataset_{part}.html", context)


def newest_import(dataset_id: int) -> Import | None:
    return Import.objects.filter(dataset=dataset_id).defer("report").order_by("-pk").first()


def cards(dataset: Dataset, images: Sequence[Image]) -> list[Card]:
    """The cards of one page of the grid: one query for all their tags."""
    names = _first_tags(images)
    root = reverse("tagging:dataset_detail", args=[dataset.slug])
    made = []
    for image in images:
        url = f"{root}images/{image.number}/"
        made.append(Card(dataset, image, url, f"{url}thumb/?v={image.version}", names[image.pk]))
    return made


def _first_tags(images: Iterable[Image]) -> dict[int, list[str]]:
    ids = [image.pk for image in images]
    rows = ImageTag.objects.filter(image__in=ids, position__lt=FIRST_TAGS).order_by("image", "position")
    names: defaultdict[int, list[str]] = defaultdict(list)
    for image_id, name in rows.values_list("image_id", "tag__name"):
        names[image_id].append(name)
    return names
