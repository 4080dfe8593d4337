"""Where each person is: their place, their claim, and the way to the next image to do."""

import logging
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import OperationalError
from django.db.models import QuerySet
from django.utils import timezone

from tagging.access import Right
from tagging.domain.search_query import Query
from tagging.models import Dataset, Entry, Image, Kind, Person, State, TaggingSession
from tagging.models.image import ImageQuerySet
from tagging.models.search import matching
from tagging.models.session import CLAIM, CLAIM_WITHOUT_SCRIPT, HERE, HERE_WHEN_CLOSED, HERE_WITHOUT_SCRIPT
from tagging.services.acts import Doing, Outcome, perform

if TYPE_CHECKING:
    from tagging.services.acts import ImageEdit

log = logging.getLogger(__name__)

SITTING_ENDS = timedelta(hours=4)  # without a sign of life, the next visit begins a new sitting
FRESH = timedelta(seconds=20)  # a place seen within this is not written again


@dataclass(frozen=True)
class Walk:
    """How somebody goes on: under which search, and from which image (None: from their place)."""

    query: Query
    start: int | None = None


@dataclass(frozen=True)
class Sitting:
    """What somebody did since they came."""

    states: Counter[str] = field(default_factory=Counter)
    tags_added: int = 0
    images: int = 0


def place(dataset: Dataset, person: Person) -> TaggingSession | None:
    """The person's session in this dataset, with the image they are on."""
    return TaggingSession.objects.filter(dataset=dataset, person=person).select_related("image").first()


def resume(dataset: Dataset, person: Person) -> tuple[int | None, bool]:
    """The number of the image where the person goes on, and whether they have been here before.

    A first visit begins at the first image that is to do; None when there is no image at all.
    """
    session = place(dataset, person)
    if session is not None and session.image is not None:
        return session.image.number, True
    images = Image.objects.filter(dataset=dataset).by_number()
    first = images.todo().first() or images.first()
    return (first.number if first else None), False


def visit(image: Image, person: Person) -> None:
    """Remember that the person is on this image: the only thing that opening a page writes. A page whose place cannot
    be kept just now (the database is busy) opens all the same."""
    try:
        _visit(image, person)
    except OperationalError as problem:
        log.warning("the place of %s was not kept: %s", person.pk, problem)


def _visit(image: Image, person: Person) -> None:
    now = timezone.now()
    session, _ = TaggingSession.objects.get_or_create(dataset=image.dataset, person=person)
    if session.image_id == image.pk and session.began_at and session.seen_at and now - session.seen_at < FRESH:
        return
    fields = ["image", "seen_at", "here_until", "began_at"]
    if session.began_at is None or session.seen_at is None or now - session.seen_at > SITTING_ENDS:
        session.began_at = now
    session.image, session.seen_at, session.here_until = image, now, now + HERE_WITHOUT_SCRIPT
    if session.claimed_image_id == image.pk:
        session.claimed_until = now + CLAIM_WITHOUT_SCRIPT
        fields.append("claimed_until")
    session.save(update_fields=fields)


def next_image(dataset: Dataset, *, walk: Walk, by: Person, op: uuid.UUID | None = None) -> Outcome:
    """Claim the next image to do and say its number: `answer["next"]`, None when nothing is left."""

    def work(doing: Doing) -> None:
        go_on(doing, walk)

    payload = {"query": walk.query.text, "start": walk.start}
    return perform(dataset, by=by, right=Right.TAG, kind=Kind.NEXT, payload=payload, work=work, op=op)


def go_on(doing: Doing, walk: Walk, deciding: "ImageEdit | None" = None) -> None:
    """Inside an act: claim the lowest image to do behind the person's place (wrapping, never the current one, skipping
    what others have claimed) and answer with its number. `deciding` is an image whose new state is not written yet."""
    now = timezone.now()
    session, _ = TaggingSession.objects.get_or_create(dataset=doing.dataset, person=doing.by)
    TaggingSession.objects.filter(dataset=doing.dataset, claimed_until__lte=now).update(
        claimed_image=None, claimed_until=None
    )
    here = walk.start or (session.image.number if session.image else 0)
    reviewing = deciding is not None and deciding.state == State.REVIEWED
    wanted = State.DONE if reviewing else State.TODO  # a reviewer goes on to what can be reviewed
    open_images = matching(doing.dataset, walk.query).filter(state=wanted).exclude(number=here)
    if deciding is not None:
        open_images = open_images.exclude(pk=deciding.image.pk)
    claimed = TaggingSession.objects.filter(dataset=doing.dataset).claiming(now).exclude(person=doing.by)
    image = _first_behind(open_images.exclude(pk__in=claimed.values("claimed_image")), here)
    if image is None:
        doing.answer["next"] = None
        if reviewing and not open_images.exists():
            doing.say("Nothing is left to review" + ("." if walk.query.is_empty else " in this search."))
            return
        _say_why_nothing(doing, walk, here, others=open_images.exists(), deciding=deciding)
        return
    session.claimed_image, session.claimed_until = image, now + CLAIM_WITHOUT_SCRIPT
    session.save(update_fields=["claimed_image", "claimed_until"])
    doing.answer["next"] = image.number


def _first_behind(images: ImageQuerySet, number: int) -> Image | None:
    return images.filter(number__gt=number).by_number().first() or images.by_number().first()


def _say_why_nothing(doing: Doing, walk: Walk, here: int, *, others: bool, deciding: "ImageEdit | None") -> None:
    """Tell apart: others are at the rest, this is the last one, only this search is through, all is done."""
    left = Image.objects.filter(dataset=doing.dataset).todo()
    if deciding is not None and deciding.state != State.TODO:
        left = left.exclude(pk=deciding.image.pk)
    if others:
        doing.say("The images left to do are being tagged by others just now.")
        doing.answer["stay"] = True
    elif matching(doing.dataset, walk.query).filter(number=here, pk__in=left).exists():
        doing.say("This is the last image to do" + ("." if walk.query.is_empty else " in this search."))
        doing.answer["stay"] = True
    elif left.exists():
        doing.say("Nothing is left to do in this search.")
    else:
        doing.answer["all_done"] = True


def leave(dataset: Dataset, person: Person) -> Sitting:
    """Give the claim back, end the sitting, and say what the person did in it."""
    session = place(dataset, person)
    if session is None:
        return Sitting()
    did = sitting(dataset, person, since=session.began_at) if session.began_at else Sitting()
    session.claimed_image = session.claimed_until = session.began_at = session.here_until = None
    session.save(update_fields=["claimed_image", "claimed_until", "began_at", "here_until"])
    return did


def sitting(dataset: Dataset, person: Person, *, since: datetime) -> Sitting:
    """What the person changed since a moment: images by the state they gave, and tags added."""
    entries = Entry.objects.filter(change__dataset=dataset, change__act__person=person, change__at__gte=since).exclude(
        change__act__kind__in=[Kind.IMPORT, Kind.MERGE_TAGS]
    )
    states: Counter[str] = Counter()
    added, images = 0, set()
    for image, state, before, after in entries.values_list("image", "state_after", "tags_before", "tags_after"):
        images.add(image)
        if state:
            states[state] += 1
        added += len(set(after or []) - set(before or []))
    return Sitting(states, added, len(images))


def claims(dataset: Dataset) -> dict[int, Person]:
    """Who has which image for now, by image id."""
    sessions = TaggingSession.objects.filter(dataset=dataset).claiming(timezone.now()).select_related("person")
    return {session.claimed_image_id: session.person for session in sessions if session.claimed_image_id}


def here_now(dataset: Dataset) -> list[TaggingSession]:
    """The sessions of people seen here lately, by name: faces keep their places."""
    return list(lately([dataset.pk]))


def lately(datasets: Iterable[int]) -> QuerySet[TaggingSession]:
    """The sessions, in datasets of these ids, of people who are there, by name."""
    sessions = TaggingSession.objects.filter(dataset__in=list(datasets)).here(timezone.now())
    return sessions.select_related("person", "image", "claimed_image").order_by("person__username", "pk")


def keep_here(beating: Iterable[tuple[int, int]]) -> None:
    """Signs of life, as pairs of dataset and person: they stay here, and their claims are theirs, a little longer."""
    people: defaultdict[int, set[int]] = defaultdict(set)
    for dataset, person in beating:
        people[dataset].add(person)
    now = timezone.now()
    for dataset, ids in people.items():
        sessions = TaggingSession.objects.filter(dataset=dataset, person__in=ids)
        known = set(sessions.values_list("person", flat=True))
        new = [TaggingSession(dataset_id=dataset, person_id=person) for person in ids - known]
        TaggingSession.objects.bulk_create(new, ignore_conflicts=True)
        sessions.update(seen_at=now, here_until=now + HERE)
        sessions.claiming(now).update(claimed_until=now + CLAIM)


def page_closed(dataset: int, person: int) -> None:
    """The last open page of somebody is gone: so are they, unless another one opens shortly."""
    until = timezone.now() + HERE_WHEN_CLOSED
    TaggingSession.objects.filter(dataset=dataset, person=person, here_until__gt=until).update(here_until=until)
