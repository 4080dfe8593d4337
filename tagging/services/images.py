"""The acts on one image beside its tags: description and state."""

import uuid

from tagging.access import Right
from tagging.domain import captions
from tagging.errors import Refused, Stale
from tagging.models import Image, Kind, Person, State
from tagging.services import sessions
from tagging.services.acts import Doing, Outcome, perform


def describe(image: Image, text: str, *, revision: int, by: Person, op: uuid.UUID | None = None) -> Outcome:
    """Save the description, if nobody changed it since its `revision`.

    Raises Stale with both versions otherwise, and Refused for text that cannot be a description.
    """
    try:
        description = captions.normalise_description(text)
    except ValueError as problem:
        raise Refused(str(problem), field="description", typed=text) from problem

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        if edit.image.description_revision != revision and edit.description != description:
            raise Stale(
                f"The description of image {image.number} was changed by somebody else since you opened it.",
                field="description",
                mine=text,
                theirs=edit.description,
                revision=edit.image.description_revision,
            )
        edit.description = description
        doing.say("The description is saved.")

    payload = {"image": image.number, "description": description, "revision": revision}
    return perform(image.dataset, by=by, right=Right.TAG, kind=Kind.DESCRIBE, payload=payload, work=work, op=op)


def finish(image: Image, *, by: Person, op: uuid.UUID | None = None, go_on: sessions.Walk | None = None) -> Outcome:
    """The person says that the tags are complete. A finished or reviewed image stays as it is."""
    return _to_state(image, State.DONE, Kind.FINISH, keep={State.DONE, State.REVIEWED}, by=by, op=op, go_on=go_on)


def reject(image: Image, *, by: Person, op: uuid.UUID | None = None, go_on: sessions.Walk | None = None) -> Outcome:
    """Keep the image out of the dataset's exports; it is kept, shown on request, and can be reopened."""
    return _to_state(image, State.REJECTED, Kind.REJECT, keep={State.REJECTED}, by=by, op=op, go_on=go_on)


def reopen(image: Image, *, by: Person, op: uuid.UUID | None = None, go_on: sessions.Walk | None = None) -> Outcome:
    """Back to the images that are to do."""
    return _to_state(image, State.TODO, Kind.REOPEN, keep={State.TODO}, by=by, op=op, go_on=go_on)


def review(image: Image, *, by: Person, op: uuid.UUID | None = None, go_on: sessions.Walk | None = None) -> Outcome:
    """A second person agrees with a finished image. Raises Stale when it is not done (any more)."""
    return _to_state(image, State.REVIEWED, Kind.REVIEW, keep={State.REVIEWED}, by=by, op=op, go_on=go_on)


def _to_state(
    image: Image,
    state: State,
    kind: Kind,
    *,
    keep: set[State],
    by: Person,
    op: uuid.UUID | None,
    go_on: sessions.Walk | None,
) -> Outcome:
    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        if edit.state not in keep:
            if state is State.REVIEWED and edit.state != State.DONE:
                label = State(edit.state).label
                raise Stale(f"Image {image.number} is {label}: only images that are done can be reviewed.")
            edit.state = state
            doing.say(f"Image {image.number} is {state.label}.")
        if go_on is not None:
            sessions.go_on(doing, go_on, deciding=edit)

    payload = {"image": image.number, "next": go_on is not None}
    right = Right.REVIEW if state is State.REVIEWED else Right.TAG
    return perform(image.dataset, by=by, right=right, kind=kind, payload=payload, work=work, op=op)
