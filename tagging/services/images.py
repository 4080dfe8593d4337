"""The acts on one image beside its tags: description and state."""

import uuid
from dataclasses import dataclass

from tagging.access import Right
from tagging.domain import captions
from tagging.errors import Refused, Stale
from tagging.models import Entry, Image, Kind, Person, State
from tagging.services import sessions
from tagging.services.acts import Doing, Outcome, perform


@dataclass(frozen=True)
class Decision:
    """How images come into a state: what the act is called, who may do it, and which images stay as they are."""

    kind: Kind
    right: Right
    keep: frozenset[State]


DECISIONS = {
    State.DONE: Decision(Kind.FINISH, Right.TAG, frozenset({State.DONE, State.REVIEWED})),
    State.REJECTED: Decision(Kind.REJECT, Right.TAG, frozenset({State.REJECTED})),
    State.TODO: Decision(Kind.REOPEN, Right.TAG, frozenset({State.TODO})),
    State.REVIEWED: Decision(Kind.REVIEW, Right.REVIEW, frozenset({State.REVIEWED})),
}


def describe(
    image: Image, text: str, *, revision: int, by: Person, op: uuid.UUID | None = None, in_admin: bool = False
) -> Outcome:
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
        doing.say("The description is saved.", expected=True)

    payload = {"image": image.number, "description": description, "revision": revision}
    return perform(
        image.dataset, by=by, right=Right.TAG, kind=Kind.DESCRIBE, payload=payload, work=work, op=op, in_admin=in_admin
    )


def was_typed(image: Image, text: str, revision: int) -> bool:
    """Whether a person changed the description's box, which came along with another act.

    Not when it says what is saved, nor, on a page that somebody's change made old (its `revision` is another), what was
    saved at any time before. Both stay true once they are, so it may be asked ahead of `describe`.
    """
    try:
        description = captions.normalise_description(text)
    except ValueError:
        return True
    if description == image.description:
        return False
    if revision == image.description_revision:
        return True
    return not Entry.objects.filter(image=image, description_before=description).exists()


def finish(
    image: Image,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    go_on: sessions.Walk | None = None,
    in_admin: bool = False,
) -> Outcome:
    """The person says that the tags are complete. A finished or reviewed image stays as it is."""
    return decide(image, State.DONE, by=by, op=op, go_on=go_on, in_admin=in_admin)


def reject(
    image: Image,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    go_on: sessions.Walk | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Keep the image out of the dataset's exports; it is kept, shown on request, and can be reopened."""
    return decide(image, State.REJECTED, by=by, op=op, go_on=go_on, in_admin=in_admin)


def reopen(
    image: Image,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    go_on: sessions.Walk | None = None,
    in_admin: bool = False,
) -> Outcome:
    """Back to the images that are to do."""
    return decide(image, State.TODO, by=by, op=op, go_on=go_on, in_admin=in_admin)


def review(
    image: Image,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    go_on: sessions.Walk | None = None,
    in_admin: bool = False,
) -> Outcome:
    """A second person agrees with a finished image. Raises Stale when it is not done (any more)."""
    return decide(image, State.REVIEWED, by=by, op=op, go_on=go_on, in_admin=in_admin)


def decide(
    image: Image,
    state: State,
    *,
    by: Person,
    op: uuid.UUID | None = None,
    go_on: sessions.Walk | None = None,
    in_admin: bool = False,
) -> Outcome:
    """One of the four above, by the state that the image is to have."""
    decision = DECISIONS[state]

    def work(doing: Doing) -> None:
        edit = doing.image(image.number)
        if edit.state not in decision.keep:
            if state is State.REVIEWED and edit.state != State.DONE:
                label = State(edit.state).label
                raise Stale(f"Image {image.number} is {label}: only images that are done can be reviewed.")
            edit.state = state
            doing.say(f"Image {image.number} is {state.label}.", expected=True)
        if go_on is not None:
            sessions.go_on(doing, go_on, deciding=edit)

    return perform(
        image.dataset,
        by=by,
        right=decision.right,
        kind=decision.kind,
        payload={"image": image.number, "next": go_on is not None},
        work=work,
        op=op,
        in_admin=in_admin,
    )
