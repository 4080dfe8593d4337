"""The writing half of an act: image tags, images, entries and counters, in as few statements as kinds of change."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.db.models import F
from django.utils import timezone

from tagging.models import Change, Dataset, Entry, ImageTag, Origin, Person, State, Tag

if TYPE_CHECKING:
    from tagging.services.acts import ImageEdit

IMAGE_FIELDS = "state state_by state_at tag_count revision description description_revision edited_at seq".split()
CHUNK = 500  # ids in one statement: far below what any database refuses
COUNTER = {
    State.TODO: "todo_count",
    State.DONE: "done_count",
    State.REVIEWED: "reviewed_count",
    State.REJECTED: "rejected_count",
}


def chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    """`ids` in runs that one statement takes."""
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]


@dataclass
class TagWrites:
    """What has to happen to the image tag rows, gathered over all images of a change and written together.

    Positions are shifted by groups of equal distance: an insertion in front of sixty tags is one statement, not sixty.
    """

    by: Person
    origin: str
    gone: list[int] = field(default_factory=list)
    new: list[ImageTag] = field(default_factory=list)
    shifted: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    inherited: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    uses: Counter[int] = field(default_factory=Counter)

    def gather(self, edit: "ImageEdit") -> None:
        rows = {row.tag_id: row for row in edit.rows}
        self.uses.update(set(edit.tags) - rows.keys())
        self.uses.subtract(rows.keys() - set(edit.tags))
        for position, tag in enumerate(edit.tags):
            row = rows.pop(tag, None) or self._heir(edit, rows, tag)
            if row is None:
                added_by = self.by if self.origin == Origin.PERSON else None
                place = ImageTag(image=edit.image, tag_id=tag, position=position, origin=self.origin, added_by=added_by)
                self.new.append(place)
            elif row.position != position:
                self.shifted[position - row.position].append(row.pk)
        self.gone.extend(row.pk for row in rows.values())

    def _heir(self, edit: "ImageEdit", rows: dict[int, ImageTag], tag: int) -> ImageTag | None:
        """The row of the tag that this one takes over from (a merge): place, author and origin stay."""
        row = rows.pop(edit.heirs[tag], None) if tag in edit.heirs else None
        if row is not None:
            self.inherited[tag].append(row.pk)
        return row

    def write(self) -> None:
        for some in chunks(self.gone):
            ImageTag.objects.filter(pk__in=some).delete()
        for tag, ids in self.inherited.items():
            for some in chunks(ids):
                ImageTag.objects.filter(pk__in=some).update(tag_id=tag)
        for distance, ids in self.shifted.items():
            for some in chunks(ids):
                ImageTag.objects.filter(pk__in=some).update(position=F("position") + distance)
        ImageTag.objects.bulk_create(self.new, batch_size=CHUNK)
        count_uses(self.uses)


def write_tags_of_images(edits: Iterable["ImageEdit"], *, by: Person, origin: str) -> None:
    """Bring the image tag rows to what the edits say, and the tags' use counts with them."""
    writes = TagWrites(by, origin)
    for edit in edits:
        if edit.tags_changed:
            writes.gather(edit)
    writes.write()


def count_uses(uses: Counter[int]) -> None:
    """Add each tag's difference to its use count, one statement for all tags of one difference."""
    by_difference: defaultdict[int, list[int]] = defaultdict(list)
    for tag, difference in uses.items():
        if difference:
            by_difference[difference].append(tag)
    for difference, tags in by_difference.items():
        for some in chunks(tags):
            Tag.objects.filter(pk__in=some).update(use_count=F("use_count") + difference)


def write_entries(change: Change, edits: Iterable["ImageEdit"]) -> None:
    """One entry an image, with both sides of what was touched and null for what was not."""
    Entry.objects.bulk_create(
        [
            Entry(
                change=change,
                image=edit.image,
                tags_before=edit.tags_before if edit.tags_changed else None,
                tags_after=edit.tags if edit.tags_changed else None,
                state_before=edit.image.state if edit.state_changed else "",
                state_after=edit.state if edit.state_changed else "",
                description_before=edit.image.description if edit.description_changed else None,
                description_after=edit.description if edit.description_changed else None,
            )
            for edit in edits
        ],
        batch_size=CHUNK,
    )


def write_images(edits: Iterable["ImageEdit"], dataset: Dataset, *, by: Person, origin: str) -> None:
    """The images' own columns and the dataset's counters per state (on the instance; `save_dataset` writes them)."""
    now = timezone.now()
    for edit in edits:
        image = edit.image
        tags_changed, description_changed = edit.tags_changed, edit.description_changed
        if edit.state_changed:
            count_state(dataset, image.state, -1)
            count_state(dataset, edit.state, +1)
            image.state, image.state_by, image.state_at = edit.state, by, now
        if tags_changed:
            image.tag_count = len(edit.tags)
            image.revision += 1
        if description_changed:
            image.description = edit.description
            image.description_revision += 1
        if origin == Origin.PERSON and (tags_changed or description_changed):
            image.edited_at = now
        image.seq = dataset.change_seq
        image.save(update_fields=IMAGE_FIELDS)  # one by one: a bulk_update takes three times as long


def count_state(dataset: Dataset, state: str, difference: int) -> None:
    """Move the counter of one state on the instance."""
    name = COUNTER[State(state)]
    setattr(dataset, name, getattr(dataset, name) + difference)


def save_dataset(dataset: Dataset) -> None:
    """Write the number of the newest change and the counters."""
    dataset.save(update_fields=["change_seq", "changed_at", "last_number", *COUNTER.values()])
