"""The list of datasets, and the ways into one, through it and out of it."""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Count, OuterRef, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tagging.domain import counting, search_query
from tagging.forms import ActForm
from tagging.htmx import parts_answer, person, wants_part
from tagging.live import parts
from tagging.models import Dataset, Entry, Image, ImageTag, Import, Kind, Person, State, TaggingSession
from tagging.services import sessions
from tagging.services.acts import Outcome
from tagging.views.answers import going_on, press, pressed_on
from tagging.views.pages import dataset_page, render_page
from tagging.views.walks import asked_or_all

MOST_REJECTED = 60
PICTURES = 3
COLUMNS = ("finished", "reviewed", "rejected", "added")


@dataclass
class Row:
    """A dataset in the list."""

    dataset: Dataset
    pictures: list[dict[str, Any]] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    place: int | None = None
    run: Import | None = None


@require_safe
def dataset_list(request: HttpRequest) -> HttpResponse:
    me = person(request)
    rows = {dataset.pk: Row(dataset) for dataset in Dataset.objects.visible_to(me).by_name()}
    first = Image.objects.filter(dataset__in=rows, number__lte=PICTURES).by_number().select_related("dataset")
    for image in first:
        url = reverse("tagging:image_thumb", args=[image.dataset.slug, image.number]) + f"?v={image.version}"
        rows[image.dataset_id].pictures.append(
            {"thumb_url": url, "thumb_width": image.thumb_width, "thumb_height": image.thumb_height}
        )
    for session in TaggingSession.objects.filter(dataset__in=rows, person=me).select_related("image"):
        rows[session.dataset_id].place = session.image.number if session.image else None
    for session in sessions.lately(rows):
        rows[session.dataset_id].people.append(session.person)
    for run in Import.objects.running().filter(dataset__in=rows):
        rows[run.dataset_id].run = run
    total = sum(row.dataset.image_count for row in rows.values())
    return render(request, "tagging/dataset_list.html", {"rows": list(rows.values()), "image_total": total})


@require_safe
def dataset_resume(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Where one left off, or the first image to do; said once, on the image."""
    dataset, _ = dataset_page(request, slug)
    number, been_here = sessions.resume(dataset, person(request))
    if number is None:
        return redirect("tagging:dataset_detail", slug)
    if been_here:
        done = f"{counting.number(dataset.finished_count)} of {counting.number(dataset.wanted_count)} done"
        messages.info(request, f"Resuming at image {number}, {done}.")
    return redirect("tagging:image_detail", slug, number)


@require_POST
def image_next(request: HttpRequest, slug: str) -> HttpResponseBase:
    dataset, _ = dataset_page(request, slug)
    ask = asked_or_all(request, dataset)
    image = pressed_on(request, dataset)

    def act() -> Outcome:
        op = ActForm.posted(request)["op"]
        walk = sessions.Walk(ask.walk.query, start=image.number if image else None)
        return sessions.next_image(dataset, walk=walk, by=person(request), op=op)

    outcome = press(request, image, act)
    if isinstance(outcome, HttpResponse):
        return outcome
    return going_on(request, dataset, outcome)


@require_safe
def dataset_finished(request: HttpRequest, slug: str) -> HttpResponse:
    """What the work came to: who did what, what is rejected, the way to the export."""
    dataset, role = dataset_page(request, slug)
    rejected = Image.objects.filter(dataset=dataset).rejected().by_number()[:MOST_REJECTED]
    people = _who_did_what(dataset)
    context = {
        "page": "finished",
        "people_rows": people,
        "totals": {name: sum(row[name] for row in people) for name in COLUMNS},
        "rejected": parts.cards(dataset, list(rejected)),
        "ask": {"suffix": f"?{urlencode({'q': 'state:rejected'})}"},  # the arrows then walk the rejected ones
        "todo_search": search_query.parse("state:todo").text,
    }
    return render_page(request, "tagging/dataset_finished.html", dataset, role, context)


def _who_did_what(dataset: Dataset) -> list[dict[str, Any]]:
    """Per person, of what still stands: images finished (by whoever did so last; a review comes over it), reviewed,
    rejected, and tags added. Each image counts once in a column, so that people together are the whole."""
    finishes = Entry.objects.filter(change__act__kind=Kind.FINISH, image__dataset=dataset)
    last = finishes.filter(image=OuterRef("image")).order_by("-change").values("pk")[:1]
    finished = finishes.filter(
        image__state__in=[State.DONE, State.REVIEWED], pk=Subquery(last), change__act__person__isnull=False
    ).values_list("change__act__person")
    decided = Image.objects.filter(dataset=dataset, state_by__isnull=False)
    added = ImageTag.objects.filter(image__dataset=dataset, added_by__isnull=False).values_list("added_by")
    counts: defaultdict[int | None, dict[str, int]] = defaultdict(lambda: dict.fromkeys(COLUMNS, 0))
    for who, count in finished.annotate(count=Count("pk")):
        counts[who]["finished"] = count
    for state in (State.REVIEWED, State.REJECTED):
        for who, count in decided.filter(state=state).values_list("state_by").annotate(count=Count("pk")):
            counts[who][state.value] = count
    for who, count in added.annotate(count=Count("pk")):
        counts[who]["added"] = count
    people = Person.objects.filter(pk__in=[who for who in counts if who]).order_by("username")
    return [{"person": who, **counts[who.pk]} for who in people]


@require_POST
def dataset_leave(request: HttpRequest, slug: str) -> HttpResponseBase:
    dataset, _ = dataset_page(request, slug)
    did = press(request, pressed_on(request, dataset), lambda: sessions.leave(dataset, person(request)))
    if isinstance(did, HttpResponse):
        return did
    messages.info(request, f"You left “{dataset.name}”. {_told(did)}")
    onward = reverse("tagging:dataset_list")
    return parts_answer((), onward=onward) if wants_part(request) else redirect(onward)


def _told(did: sessions.Sitting) -> str:
    if not did.images:
        return "In this session you changed nothing."
    words = [f"{counting.number(did.states[state])} {word}" for state, word in _STATE_WORDS if did.states[state]]
    words += [f"{counting.counted(did.tags_added, 'tag')} added"] if did.tags_added else []
    on = f"{counting.counted(did.images, 'image')} changed"
    return f"In this session: {', '.join([on, *words])}."


_STATE_WORDS = (
    (State.DONE, "finished"),
    (State.REVIEWED, "reviewed"),
    (State.REJECTED, "rejected"),
    (State.TODO, "reopened"),
)
