"""One act on many images of a dataset at once. Up to 500 images it is one change; more are not taken here."""

import uuid
from collections.abc import Callable, Mapping, Sequence

from tagging.access import Right
from tagging.domain import ordering
from tagging.domain.counting import counted, number
from tagging.errors import Gone, Refused
from tagging.models import Dataset, Image, Kind, Person, State
from tagging.services import image_tags, vocabulary
from tagging.services.acts import Doing, ImageEdit, Outcome, perform
from tagging.services.images import DECISIONS
from tagging.services.records import chunks

LARGEST = 500  # images of one change: some tenths of a second, in which nobody else writes into the dataset


def add_tags(
    dataset: Dataset,
    numbers: Sequence[int],
    names: str,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Add a line of tags behind those that each image has; a tag that is there stays where it is.

    Raises:
        Refused: nothing was typed, a tag breaks a rule (then none is added), or there are too many images.
        Gone: one of the images is not there (then none is changed).
    """
    wanted = _typed(names)

    def work(doing: Doing) -> None:
        edits = _edits(doing, numbers)
        tags = vocabulary.resolve(doing, wanted)
        for edit in edits:
            edit.tags = ordering.insert(edit.tags, [tag.pk for tag in tags])
        if tags:
            words = ", ".join(tag.name for tag in tags)
            _say(doing, edits, lambda images: f"Added {words} to {images}.", "had all of that already.")

    payload = {"images": sorted(numbers), "names": wanted}
    return _perform(dataset, Kind.ADD_TAGS, payload, work, by=by, op=op, in_admin=in_admin)


def remove_tags(
    dataset: Dataset,
    numbers: Sequence[int],
    names: str,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Take a line of tags off each image that has them; an alias means its tag.

    Raises:
        Refused: nothing was typed, none of it is in the vocabulary, or there are too many images.
        Gone: one of the images is not there (then none is changed).
    """
    wanted = _typed(names)

    def work(doing: Doing) -> None:
        edits = _edits(doing, numbers)
        known = vocabulary.known(doing.dataset, wanted)
        missing = [name for name in wanted if name not in known]
        if missing:
            doing.say(f"Not in the vocabulary: {', '.join(missing)}.")
        if not known:
            raise Refused(" ".join(doing.messages), field="names", typed=names)
        gone = {tag.pk: tag.name for tag in known.values()}
        for edit in edits:
            edit.tags = [tag for tag in edit.tags if tag not in gone]
        words = ", ".join(gone.values())
        _say(doing, edits, lambda images: f"Removed {words} from {images}.", "had none of that.")

    payload = {"images": sorted(numbers), "names": wanted}
    return _perform(dataset, Kind.REMOVE_TAG, payload, work, by=by, op=op, in_admin=in_admin)


def set_state(
    dataset: Dataset,
    numbers: Sequence[int],
    state: State,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Finish, review, reopen or reject many images. Those that the single act leaves alone stay as they are, and so
    do images that cannot be reviewed because they are not done; the message counts them.

    Raises:
        Refused: there are too many images.
        Gone: one of the images is not there (then none is changed).
    """

    def work(doing: Doing) -> None:
        edits = _edits(doing, numbers)
        for edit in edits:
            if may_become(edit.state, state):
                edit.state = state
        why = "only images that are done can be reviewed." if state is State.REVIEWED else f"{state.label} already."
        _say(doing, edits, lambda images: f"{images} became {state.label}.", f"did not change: {why}")

    payload = {"images": sorted(numbers)}
    return _perform(dataset, DECISIONS[state].kind, payload, work, by=by, op=op, in_admin=in_admin)


def may_become(now: str, state: State) -> bool:
    """Whether an image in state `now` is changed when it is sent to `state`."""
    if state is State.REVIEWED:
        return now == State.DONE
    return now not in DECISIONS[state].keep


def refuse_too_many(count: int) -> None:
    """Raises Refused for more images than one change takes."""
    if count > LARGEST:
        raise Refused(
            f"This would change more than {number(LARGEST)} images at once. Narrow the selection by search and filters."
        )


def _typed(names: str) -> list[str]:
    wanted = image_tags.parsed(names)
    if not wanted:
        raise Refused("Type a tag first.", field="names", typed=names)
    return wanted


def _edits(doing: Doing, numbers: Sequence[int]) -> list[ImageEdit]:
    wanted = sorted(set(numbers))
    refuse_too_many(len(wanted))
    found = [
        image
        for some in chunks(wanted)
        for image in Image.objects.filter(dataset=doing.dataset, number__in=some).by_number()
    ]
    if not wanted or len(found) < len(wanted):
        raise Gone("Some of these images are no longer there. Choose them again.")
    return doing.images(found)


def _say(doing: Doing, edits: Sequence[ImageEdit], sentence: Callable[[str], str], others: str) -> None:
    """Count what changed, and what did not and why."""
    changed = sum(edit.changed for edit in edits)
    if changed:
        doing.say(sentence(counted(changed, "image")))
    if changed < len(edits):
        doing.say(f"{counted(len(edits) - changed, 'image')} {others}")


def _perform(
    dataset: Dataset,
    kind: Kind,
    payload: Mapping[str, object],
    work: Callable[[Doing], None],
    *,
    by: Person,
    op: uuid.UUID | None,
    in_admin: bool,
) -> Outcome:
    return perform(dataset, by=by, right=Right.BULK, kind=kind, payload=payload, work=work, op=op, in_admin=in_admin)
