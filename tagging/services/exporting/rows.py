"""What an export needs of a dataset, read in a few queries however many images there are."""

from collections import defaultdict
from dataclasses import dataclass

from tagging.domain.exported import VocabularyTag
from tagging.domain.search_query import Query
from tagging.errors import Gone
from tagging.models import Dataset, Image, ImageTag, Tag
from tagging.models.search import matching
from tagging.services.exporting.snapshot import one_moment

IMAGE_FIELDS = (
    *("pk", "number", "state", "description", "name", "first_name", "first_sha256"),
    *("sha256", "format", "orientation", "opaque", "width", "height", "byte_size"),
)


@dataclass(frozen=True, slots=True)
class Row:
    """An image as the database has it; the fields are those of `Image`."""

    pk: int
    number: int
    state: str
    description: str
    name: str
    first_name: str
    first_sha256: str
    sha256: str
    format: str
    orientation: int
    opaque: bool
    width: int
    height: int
    byte_size: int


@dataclass(frozen=True)
class Moment:
    """A dataset at one moment: its settings, images by number, each one's tags in order, and its vocabulary.

    `matching` holds the ids of the images that a search finds; None without a search.
    """

    dataset: Dataset
    rows: list[Row]
    tags: dict[int, tuple[str, ...]]
    vocabulary: tuple[VocabularyTag, ...]
    matching: frozenset[int] | None


def read(dataset: Dataset, query: Query | None = None) -> Moment:
    """Read the dataset as it stands now.

    Raises:
        Gone: the dataset was deleted.
    """
    with one_moment():
        found = Dataset.objects.filter(pk=dataset.pk).first()
        if found is None:
            raise Gone("There is no such dataset here.")
        images = Image.objects.filter(dataset=found).by_number().values_list(*IMAGE_FIELDS)
        rows = [Row(*values) for values in images]
        named, vocabulary = _vocabulary(found)
        places = ImageTag.objects.filter(image__dataset=found).order_by("image_id", "position", "pk")
        tags: defaultdict[int, list[str]] = defaultdict(list)
        for image_id, tag_id in places.values_list("image_id", "tag_id"):
            tags[image_id].append(named[tag_id])
        wanted = None if query is None else frozenset(matching(found, query).values_list("pk", flat=True))
    return Moment(found, rows, {image: tuple(names) for image, names in tags.items()}, vocabulary, wanted)


def _vocabulary(dataset: Dataset) -> tuple[dict[int, str], tuple[VocabularyTag, ...]]:
    """The spelling of every tag by id, and the vocabulary that people see, with each tag's other spellings."""
    columns = ("pk", "name", "alias_of", "hidden", "note", "category__name", "category__hue")
    found = list(Tag.objects.filter(dataset=dataset).order_by("name", "pk").values_list(*columns))
    aliases: defaultdict[int, list[str]] = defaultdict(list)
    for _, name, alias_of, hidden, *_ in found:
        if alias_of is not None and not hidden:
            aliases[alias_of].append(name)
    vocabulary = tuple(
        VocabularyTag(name, category or "", hue or 0, tuple(sorted(aliases[pk])), (), note)
        for pk, name, alias_of, hidden, note, category, hue in found
        if alias_of is None and not hidden
    )
    return {pk: name for pk, name, *_ in found}, vocabulary
