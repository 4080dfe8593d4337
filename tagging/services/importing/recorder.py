"""The one writer of an import: it adds images in the order of their paths, in short transactions, as one act."""

import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from tagging import access
from tagging.access import Right
from tagging.domain import names_order, tag_names
from tagging.domain.exported import VocabularyTag
from tagging.imaging.probe import EXTENSIONS
from tagging.models import Act, Dataset, Image, ImageTag, Kind, Origin, Person, State, Tag
from tagging.models.person import HUES
from tagging.services import records, vocabulary
from tagging.services.acts import Doing, record
from tagging.services.importing.captions import Caption
from tagging.services.importing.reading import Answer
from tagging.services.importing.report import Known
from tagging.storage import OriginalStorage

#: Rows of one transaction, and the pause after it: people who tag meanwhile come in between.
MOST_ROWS = 50
PAUSE = 0.005
LONGEST_CATEGORY = 60


@dataclass(slots=True)
class NewImage:
    """A picture on its way into the dataset. `known.number` is given in the transaction that adds it."""

    known: Known
    answer: Answer
    caption: Caption
    name: str
    source_path: str
    source_key: str
    first_name: str
    wanted_number: int | None = None
    state: str = State.TODO
    #: Another import was quicker: `known` is the image that this one turned out to be.
    is_duplicate: bool = False


@dataclass(slots=True)
class Reread:
    """A caption file that is new or changed, of an image that nobody has edited. `done` says whether that held."""

    known: Known
    caption: Caption
    done: bool = False


@dataclass
class Batch:
    """What the next transaction writes."""

    new: list[NewImage] = field(default_factory=list)
    rereads: list[Reread] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.new) + len(self.rereads)


def give_numbers(new: Iterable[NewImage], *, taken: set[int], last: int) -> int:
    """Number new images in order: the one wanted when it is free, else the next above `last`. Returns the new last.

    `taken` holds at least those of the wanted numbers that are in use; it grows.
    """
    for image in new:
        wanted = image.wanted_number
        if wanted is None or wanted in taken:
            last += 1
            wanted = last
        taken.add(wanted)
        image.known.number = wanted
    return last


class Recorder:
    """Writes batches as changes of one act.

    Args:
        dataset: the dataset that grows.
        by: who imports; may import into it.
        highest_wanted: no number up to this one is given to an image that does not want it, so that an interrupted
            import gives the same numbers as a whole one.
    """

    def __init__(self, dataset: Dataset, by: Person, *, highest_wanted: int) -> None:
        self._dataset = dataset
        self._by = by
        self._highest_wanted = highest_wanted
        self._storage = OriginalStorage()
        self.act: Act | None = None
        #: What a person should know of what was written beside new images.
        self.messages: list[str] = []

    def write(self, batch: Batch) -> None:
        """Write a batch of at most 50 rows. Files first, so that each row finds them.

        Raises Gone or Forbidden when the person lost the right meanwhile, OSError and DatabaseError when the disk or
        the database will not.
        """
        if not len(batch):
            return
        self._adopt(batch.new)
        with transaction.atomic():
            doing = self._begin()
            new = self._without_rivals(batch.new)
            self._number(doing.dataset, new)
            names = [tag for image in new for tag in image.caption.tags]
            names += [tag for reread in batch.rereads for tag in reread.caption.tags]
            tags = _resolve(doing, names)
            self._add(doing, new, tags)
            self._reread(doing, batch.rereads, tags)
            doing.messages.clear()
            record(doing)
        self.act = doing.act
        self.messages.extend(doing.messages)
        time.sleep(PAUSE)

    def write_vocabulary(self, words: Sequence[VocabularyTag], tick: Callable[[], None] = lambda: None) -> None:
        """Add the tags of a folder's vocabulary that the dataset has not, with category, note and aliases.

        `tick` is called after each transaction: there may be hundreds of thousands of words.
        """
        for start in range(0, len(words), MOST_ROWS):
            with transaction.atomic():
                doing = self._begin()
                _add_words(doing, words[start : start + MOST_ROWS])
                record(doing)
            self.act = doing.act
            time.sleep(PAUSE)
            tick()

    def conclude(self, message: str) -> None:
        """Note on the act what it came to."""
        if self.act is not None:
            self.act.answer = {"message": message}
            self.act.save(update_fields=["answer"])

    def _begin(self) -> Doing:
        """Inside a transaction: the locked dataset, and the act (made with its first change)."""
        dataset = Dataset.objects.select_for_update().get(pk=self._dataset.pk)
        role = access.require(self._by, dataset, Right.IMPORT)
        act = self.act or Act.objects.create(
            dataset=dataset, person=self._by, op=uuid.uuid4(), kind=Kind.IMPORT, payload_hash=""
        )
        doing = Doing(dataset, self._by, act, role)
        doing.origin = Origin.IMPORT
        return doing

    def _adopt(self, new: Sequence[NewImage]) -> None:
        names = []
        for image in new:
            answer = image.answer
            original = self._storage.original_name(answer.sha256, EXTENSIONS[answer.format])
            thumb = self._storage.rendition_name(answer.sha256, "thumb", "webp")
            names.append(self._storage.adopt(answer.temp, original, settle=False))
            names.append(self._storage.adopt(answer.thumb_temp, thumb, settle=False))
        self._storage.settle(names)

    def _without_rivals(self, new: Sequence[NewImage]) -> list[NewImage]:
        """Those that no other import has added since this one looked."""
        wanted = [image.known.first_sha256.hex() for image in new]
        there = Image.objects.filter(dataset=self._dataset, first_sha256__in=wanted)
        rivals = {first: (number, pk) for first, number, pk in there.values_list("first_sha256", "number", "pk")}
        for image in new:
            if rival := rivals.get(image.known.first_sha256.hex()):
                image.is_duplicate = True
                image.known.number, image.known.pk = rival
        return [image for image in new if not image.is_duplicate]

    def _number(self, dataset: Dataset, new: Sequence[NewImage]) -> None:
        wanted = [image.wanted_number for image in new if image.wanted_number is not None]
        taken = Image.objects.filter(dataset=dataset, number__in=wanted).values_list("number", flat=True)
        give_numbers(new, taken=set(taken), last=max(dataset.last_number, self._highest_wanted))
        dataset.last_number = max([dataset.last_number, *(image.known.number for image in new)])

    def _add(self, doing: Doing, new: Sequence[NewImage], tags: dict[str, int]) -> None:
        if not new:
            return
        ids = [_places(image.caption, tags) for image in new]
        rows = [_row(doing.dataset, image, len(places)) for image, places in zip(new, ids, strict=True)]
        for image, row in zip(new, Image.objects.bulk_create(rows), strict=True):
            image.known.pk = row.pk
            records.count_state(doing.dataset, row.state, +1)
        ImageTag.objects.bulk_create(
            ImageTag(image=row, tag_id=tag, position=position, origin=Origin.IMPORT)
            for row, places in zip(rows, ids, strict=True)
            for position, tag in enumerate(places)
        )
        records.count_uses(Counter(tag for places in ids for tag in places))
        numbers = [image.known.number for image in new]
        doing.detail["numbers"] = [min(numbers), max(numbers)]

    def _reread(self, doing: Doing, rereads: Sequence[Reread], tags: dict[str, int]) -> None:
        """Bring images to what their caption files say now, unless a person edited one meanwhile."""
        if not rereads:
            return
        wanted = {reread.known.pk: reread for reread in rereads}
        images = Image.objects.filter(dataset=doing.dataset, pk__in=wanted, edited_at=None)
        for edit in doing.images(images):
            reread = wanted[edit.image.pk]
            edit.tags = _places(reread.caption, tags)
            edit.description = reread.caption.description
            Image.objects.filter(pk=edit.image.pk).update(caption_sha256=reread.caption.sha256)
            reread.known.caption_sha256 = reread.caption.sha256
            reread.done = True


def _row(dataset: Dataset, image: NewImage, tag_count: int) -> Image:
    answer, caption = image.answer, image.caption
    return Image(
        dataset=dataset,
        number=image.known.number,
        state=image.state,
        state_at=timezone.now() if image.state != State.TODO else None,
        description=caption.description,
        tag_count=tag_count,
        # `record` gives the change this number.
        seq=dataset.change_seq + 1,
        name=image.name,
        name_key=names_order.natural_text(image.name),
        source_path=image.source_path,
        source_key=image.source_key,
        caption_sha256=caption.sha256,
        first_name=image.first_name,
        first_sha256=image.known.first_sha256.hex(),
        sha256=answer.sha256,
        format=answer.format,
        width=answer.width,
        height=answer.height,
        orientation=answer.orientation,
        byte_size=answer.byte_size,
        opaque=answer.opaque,
        thumb_width=answer.thumb_width,
        thumb_height=answer.thumb_height,
    )


def _places(caption: Caption, tags: dict[str, int]) -> list[int]:
    """The ids of a caption's tags in its order, each once: two of them may be aliases of one."""
    found = (tags.get(tag_names.key(tag)) for tag in caption.tags)
    return list(dict.fromkeys(tag for tag in found if tag is not None))


def _resolve(doing: Doing, names: Iterable[str]) -> dict[str, int]:
    """Tag ids by the key of each name; unknown ones are made, aliases give their tag."""
    spelled = {tag_names.key(name): name for name in names}
    if not spelled:
        return {}
    vocabulary.resolve(doing, spelled.values())
    ids: dict[str, int] = {}
    for some in _runs(list(spelled)):
        found = Tag.objects.filter(dataset=doing.dataset, key__in=some)
        ids.update({key: alias_of or pk for key, pk, alias_of in found.values_list("key", "pk", "alias_of")})
    return ids


def _add_words(doing: Doing, words: Sequence[VocabularyTag]) -> None:
    keys = {tag_names.key(name) for word in words for name in (word.name, *word.aliases)}
    known: set[str] = set()
    for some in _runs(sorted(keys)):
        known.update(Tag.objects.filter(dataset=doing.dataset, key__in=some).values_list("key", flat=True))
    new = [word for word in words if _is_new(word.name, known)]
    rows = [_word(doing, word) for word in new]
    aliases = [
        Tag(dataset=doing.dataset, name=alias, key=tag_names.key(alias), alias_of=row)
        for word, row in zip(new, Tag.objects.bulk_create(rows), strict=True)
        for alias in word.aliases
        if _is_new(alias, known)
    ]
    for tag in [*rows, *Tag.objects.bulk_create(aliases)]:
        doing.tag(tag, new=True)


def _is_new(name: str, known: set[str]) -> bool:
    """Whether a name is not known yet; from now on it is."""
    key = tag_names.key(name)
    is_new = key not in known
    known.add(key)
    return is_new


def _word(doing: Doing, word: VocabularyTag) -> Tag:
    # A manifest may have been written by hand: what no dataset would hold is brought to what one can.
    name, hue = word.category.strip()[:LONGEST_CATEGORY], word.hue if 1 <= word.hue <= HUES else None
    category = vocabulary.category_named(doing, name, hue) if name else None
    return Tag(dataset=doing.dataset, name=word.name, key=tag_names.key(word.name), category=category, note=word.note)


def _runs(keys: list[str]) -> Iterable[list[str]]:
    return (keys[start : start + records.CHUNK] for start in range(0, len(keys), records.CHUNK))
