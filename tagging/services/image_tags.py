"""The acts on one image's tags. Each is an operation on the list that is there, never "the list I ended with"."""

import uuid

from tagging.access import Right
from tagging.domain import ordering, tag_names
from tagging.domain.counting import number
from tagging.errors import Refused, Stale
from tagging.models import Image, Kind, Person, Tag
from tagging.services import vocabulary
from tagging.services.acts import Doing, ImageEdit, Outcome, perform

MOST_AT_ONCE = 500  # tags of one line


def parsed(names: str, *, field: str = "names") -> list[str]:
    """A line of tags as typed. Raises Refused, with the line kept, when one of them cannot be a tag, or they are over
    500."""
    try:
        tags = tag_names.parse(names)
    except ValueError as problem:
        raise Refused(str(problem), field=field, typed=names) from problem
    if len(tags) > MOST_AT_ONCE:
        raise Refused(
            f"These are {number(len(tags))} tags; at most {MOST_AT_ONCE} at a time.", field=field, typed=names
        )
    return tags


def add(
    image: Image,
    names: str,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    after: int | None = None,
    position: int | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Add a line of tags at a place: behind the tag `after` (0: in front), or at `position`, or at the end.

    A tag that is there stays where it is; a neighbour that is gone means the end.

    Raises:
        Refused: nothing was typed, or one of the tags breaks a rule (then none is added).
        Gone, Forbidden, Stale: see `perform`.
    """
    wanted = parsed(names)
    if not wanted:
        raise Refused("Type a tag first.", field="names", typed=names)

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        tags = vocabulary.resolve(doing, wanted)
        edit.tags = ordering.insert(edit.tags, [tag.pk for tag in tags], after=after, position=position)
        _say_added(doing, edit, tags)

    payload = {"image": image.number, "names": wanted, "after": after, "position": position}
    return perform(
        image.dataset, by=by, right=Right.TAG, kind=Kind.ADD_TAGS, payload=payload, work=work, op=op, in_admin=in_admin
    )


def remove(image: Image, tag_id: int, *, by: Person, op: uuid.UUID | None = None, in_admin: bool = False) -> Outcome:
    """Take one tag off the image. One that is gone already changes nothing."""

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        if tag_id in edit.tags:
            edit.tags.remove(tag_id)
            doing.say(f"Removed {Tag.objects.get(pk=tag_id).name}.", expected=True)

    payload = {"image": image.number, "tag": tag_id}
    return perform(
        image.dataset,
        by=by,
        right=Right.TAG,
        kind=Kind.REMOVE_TAG,
        payload=payload,
        work=work,
        op=op,
        in_admin=in_admin,
    )


def move(
    image: Image,
    tag_id: int,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    after: int | None = None,
    position: int | None = None,
) -> Outcome:
    """Put a tag that is on the image behind the tag `after` (0: in front), or at `position`.

    Raises Refused when neither is given; when tag or neighbour is gone it stays, with a message.
    """
    if after is None and position is None:
        raise Refused("Say where the tag goes: behind which tag, or at which place.")

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        if tag_id not in edit.tags:
            doing.say("This tag is no longer on the image.")
            return
        if after and after not in edit.tags:
            doing.say("The neighbour is no longer on the image, so the tag stays where it is.")
            return
        edit.tags = ordering.move(edit.tags, tag_id, after=after, position=position)

    payload = {"image": image.number, "tag": tag_id, "after": after, "position": position}
    return perform(image.dataset, by=by, right=Right.TAG, kind=Kind.MOVE_TAG, payload=payload, work=work, op=op)


def set_all(
    image: Image, names: str, *, revision: int, by: Person, op: uuid.UUID | None = None, in_admin: bool = False
) -> Outcome:
    """Replace the whole list by a typed one, if nobody changed it since `revision`.

    Raises Stale with both versions otherwise, and Refused when a tag breaks a rule.
    """
    wanted = parsed(names, field="list")

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        tags = [tag.pk for tag in vocabulary.resolve(doing, wanted)]
        if edit.image.revision != revision and edit.tags != tags:
            theirs = ", ".join(tag.name for tag in edit.image.ordered_tags())
            raise Stale(
                f"The tags of image {image.number} were changed by somebody else since you opened it.",
                field="list",
                mine=names,
                theirs=theirs,
                revision=edit.image.revision,
            )
        edit.tags = tags
        doing.say("The list is saved.", expected=True)

    payload = {"image": image.number, "names": wanted, "revision": revision}
    return perform(
        image.dataset, by=by, right=Right.TAG, kind=Kind.SET_TAGS, payload=payload, work=work, op=op, in_admin=in_admin
    )


def copy_previous(image: Image, *, by: Person, op: uuid.UUID | None = None) -> Outcome:
    """Add the tags of the image before this one (by number), in its order, behind those that are here."""

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        before = Image.objects.filter(dataset=doing.dataset, number__lt=image.number).order_by("-number").first()
        if before is None:
            raise Refused("This is the first image: there is none before it to copy from.")
        tags = before.ordered_tags()
        edit.tags = ordering.insert(edit.tags, [tag.pk for tag in tags])
        if edit.tags_changed:
            _say_added(doing, edit, tags)
        else:
            doing.say(f"Image {before.number} has no tags that are not here already.")

    return perform(
        image.dataset, by=by, right=Right.TAG, kind=Kind.COPY_TAGS, payload={"image": image.number}, work=work, op=op
    )


def _say_added(doing: Doing, edit: ImageEdit, tags: list[Tag]) -> None:
    before = set(edit.tags_before)
    added = [tag.name for tag in tags if tag.pk not in before]
    there = [tag.name for tag in tags if tag.pk in before]
    if added:
        doing.say(f"Added {', '.join(added)}.", expected=True)
    if there:
        doing.say(f"Already there: {', '.join(there)}.")
