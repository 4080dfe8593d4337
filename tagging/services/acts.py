"""How every write happens: one act, in one short transaction, with its change and entries (docs/architecture.md).

A service hands its work to `perform` as a function of a `Doing`. The work changes plain values on `ImageEdit`s and
tags; what differs at the end is written, counted and recorded here and nowhere else. So counters, history and rows
cannot come apart, whatever a service does.
"""

import hashlib
import json
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from tagging import access, events
from tagging.access import Right
from tagging.domain.counting import number
from tagging.errors import Gone, Stale
from tagging.models import Act, Change, Dataset, Image, ImageTag, Kind, Origin, Person, Tag
from tagging.services import records

TAG_FIELDS = ("name", "key", "category_id", "alias_of_id", "hidden", "note")


@dataclass
class ImageEdit:
    """One image inside an act. Change `tags` (ids in order), `state` or `description`; the rest follows."""

    image: Image
    rows: list[ImageTag]
    tags: list[int] = field(default_factory=list)
    state: str = ""
    description: str = ""
    # New tag id → the tag whose place and author it inherits (a merge).
    heirs: dict[int, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tags = list(self.tags_before)
        self.state = self.image.state
        self.description = self.image.description

    @property
    def tags_before(self) -> list[int]:
        return [row.tag_id for row in self.rows]

    @property
    def tags_changed(self) -> bool:
        return self.tags != self.tags_before

    @property
    def state_changed(self) -> bool:
        return self.state != self.image.state

    @property
    def description_changed(self) -> bool:
        return self.description != self.image.description

    @property
    def changed(self) -> bool:
        return self.tags_changed or self.state_changed or self.description_changed


class Doing:
    """An act on its way: the locked dataset, who does it, and what it touches."""

    def __init__(self, dataset: Dataset, by: Person, act: Act, role: str) -> None:
        self.dataset = dataset
        self.by = by
        self.act = act
        self.role = role
        self.origin: str = Origin.PERSON
        self.edits: dict[int, ImageEdit] = {}
        self.tags: dict[int, tuple[Tag, dict[str, Any] | None]] = {}
        self.detail: dict[str, Any] = {}
        self.messages: list[str] = []
        self.notes: list[str] = []
        self.answer: dict[str, Any] = {}

    def say(self, sentence: str, *, expected: bool = False) -> None:
        """Tell the person; `expected` is what a page that shows the act at once need not say in words."""
        self.messages.append(sentence)
        if not expected:
            self.notes.append(sentence)

    def image(self, number: int) -> ImageEdit:
        """The image with this number, ready to be edited. Raises Gone."""
        image = Image.objects.filter(dataset=self.dataset, number=number).first()
        if image is None:
            raise Gone(f"There is no image {number} in “{self.dataset.name}”.")
        return self.images([image])[0]

    def images(self, images: Iterable[Image]) -> list[ImageEdit]:
        """Many images at once, ready to be edited: one query for all their tags."""
        new = [image for image in images if image.pk not in self.edits]
        rows: dict[int, list[ImageTag]] = {image.pk: [] for image in new}
        for chunk in records.chunks([image.pk for image in new]):
            for row in ImageTag.objects.filter(image__in=chunk).order_by("position", "pk"):
                rows[row.image_id].append(row)
        for image in new:
            self.edits[image.pk] = ImageEdit(image, rows[image.pk])
        return [self.edits[image.pk] for image in new]

    def tag(self, tag: Tag, *, new: bool = False) -> Tag:
        """Register a tag that the work is about to change, so that the change records it."""
        if tag.pk not in self.tags:
            self.tags[tag.pk] = (tag, None if new else tag_values(tag))
        return self.tags[tag.pk][0]


@dataclass(frozen=True)
class Outcome:
    """What an act came to: its change's seq (None when nothing changed) and what to tell the person: all of it, and in
    `notes` what they will not have expected."""

    act: Act
    seq: int | None
    message: str
    notes: str
    again: bool
    answer: Mapping[str, Any]


def tag_values(tag: Tag) -> dict[str, Any]:
    return {name: getattr(tag, name) for name in TAG_FIELDS}


def perform(
    dataset: Dataset,
    *,
    by: Person,
    right: Right,
    kind: Kind,
    payload: Mapping[str, Any],
    work: Callable[[Doing], None],
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Do `work` as one act, in one transaction that begins by locking the dataset (so commit order is seq order).

    The same person's same `op` with the same payload has one effect and one answer.

    Raises:
        Gone: the dataset is not there for this person.
        Forbidden: the person's role does not include `right`.
        Stale: this `op` was used for another act.
        Refused: whatever else the work will not do.
    """
    with transaction.atomic():
        locked = Dataset.objects.select_for_update().filter(pk=dataset.pk).first()
        if locked is None:
            raise Gone("There is no such dataset here.")
        role = access.require(by, locked, right, in_admin=in_admin)
        digest = _digest(locked, kind, payload)
        earlier = Act.objects.filter(person=by, op=op).first() if op else None
        if earlier is not None:
            return _repeated(earlier, digest)
        doing = Doing(locked, by, _begin(locked, by, op or uuid.uuid4(), kind, digest), role)
        work(doing)
        change = record(doing)
        said = {"message": " ".join(doing.messages), "notes": " ".join(doing.notes)}
        doing.act.answer = {**doing.answer, **said, "seq": change.seq if change else None}
        doing.act.save(update_fields=["answer"])
    return _outcome(doing.act, again=False)


def record(doing: Doing) -> Change | None:
    """Write all that the work changed as the dataset's next change; None when nothing did."""
    _reopen_reviewed(doing)
    edits = [edit for edit in doing.edits.values() if edit.changed]
    vocabulary = _changed_tags(doing)
    if vocabulary:
        doing.detail["tags"] = vocabulary
    if not edits and not doing.detail:
        return None
    dataset = doing.dataset
    dataset.change_seq += 1
    dataset.changed_at = timezone.now()
    change = Change.objects.create(dataset=dataset, act=doing.act, seq=dataset.change_seq, detail=doing.detail)
    records.write_tags_of_images(edits, by=doing.by, origin=doing.origin)
    _save_tags(doing)  # behind the counts: an alias may be on no image
    records.write_entries(change, edits)
    records.write_images(edits, dataset, by=doing.by, origin=doing.origin)
    records.save_dataset(dataset)
    events.wake_on_commit()
    return change


def _begin(dataset: Dataset, by: Person, op: uuid.UUID, kind: Kind, digest: str) -> Act:
    try:
        return Act.objects.create(dataset=dataset, person=by, op=op, kind=kind, payload_hash=digest)
    except IntegrityError as conflict:  # the same op at the same moment in another dataset
        raise Stale("This was sent before, for something else. Reload the page and do it again.") from conflict


def _digest(dataset: Dataset, kind: Kind, payload: Mapping[str, Any]) -> str:
    text = json.dumps([dataset.pk, kind.value, payload], sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _repeated(act: Act, digest: str) -> Outcome:
    if act.payload_hash != digest:
        raise Stale("This was sent before, for something else. Reload the page and do it again.")
    return _outcome(act, again=True)


def _outcome(act: Act, *, again: bool) -> Outcome:
    answer = act.answer
    return Outcome(act, answer.get("seq"), answer.get("message", ""), answer.get("notes", ""), again, answer)


def _reopen_reviewed(doing: Doing) -> None:
    """An edit of a reviewed image makes it done again: what was reviewed is no longer what is there."""
    reopened = [
        edit
        for edit in doing.edits.values()
        if edit.image.state == edit.state == "reviewed" and (edit.tags_changed or edit.description_changed)
    ]
    for edit in reopened:
        edit.state = "done"
    if len(reopened) == 1:
        doing.say(f"Image {reopened[0].image.number} had been reviewed; with this change it is done again.")
    elif reopened:
        doing.say(f"{number(len(reopened))} images had been reviewed; with this change they are done again.")


def _changed_tags(doing: Doing) -> dict[str, list[dict[str, Any] | None]]:
    """How the registered tags differ from before: {id: [before, after]}."""
    values = {tag.pk: (before, tag_values(tag)) for tag, before in doing.tags.values()}
    return {str(pk): [before, after] for pk, (before, after) in values.items() if before != after}


def _save_tags(doing: Doing) -> None:
    for tag, before in doing.tags.values():
        if before is not None and before != tag_values(tag):
            tag.save(update_fields=[name.removesuffix("_id") for name in TAG_FIELDS])
