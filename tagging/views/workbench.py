"""The page of one image: the picture, its tags, and the boxes with what was typed in them."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from tagging import access
from tagging.domain import tag_names
from tagging.errors import Problem, Stale
from tagging.htmx import person
from tagging.live import parts
from tagging.models import Image, ImageTag, Person, Tag, TaggingSession
from tagging.services import sessions
from tagging.typed import Typed
from tagging.views.pages import render_page
from tagging.views.walks import asked_or_all

MOST_USED = 100
RECENT = 9
STRIP = 17  # images in the filmstrip
AHEAD = 2  # pictures that the browser fetches before they are asked for
LOOKED_AT = 300  # of one's own latest image tags, to find the nine recent ones


def workbench(
    request: HttpRequest,
    image: Image,
    problem: Problem | None = None,
    typed: Typed | None = None,
    *,
    undone: bool = False,
) -> HttpResponse:
    """The page of one image; with `problem`, what was typed is still in its box and the sentence stands beside it.
    `undone`: what was typed stood in the way of another act, which was not done."""
    dataset = image.dataset
    role = access.role_of(person(request), dataset)
    ask = asked_or_all(request, dataset)
    shown = parts.ImageParts(image)
    around = ask.walk.around(image, STRIP)
    here = around.index(image)
    strip = parts.cards(dataset, around)
    people = sessions.here_now(dataset)
    claims = {pk: who for pk, who in sessions.claims(dataset).items() if who != person(request)}
    find = request.GET.get("find", "").replace("\x00", "").strip()
    context: dict[str, Any] = {
        "page": "image",
        "image": image,
        "parts": shown,
        "ask": ask,
        "before": around[here - 1].number if here else None,
        "behind": around[here + 1].number if here + 1 < len(around) else None,
        "place": image.number,
        "strip": strip,
        "ahead": strip[here + 1 : here + 1 + AHEAD],
        "position": ask.walk.position(image),
        "found": ask.walk.count(),
        "find": find,
        "on_image": {tag.pk for tag in shown.tags},
        "recent": _recent(image, person(request)),
        "most_used": most_used(image, find),
        "people": people,
        "claims": claims,
        "company": _company(image, people, claims.get(image.pk), person(request)),
        "problem": problem,
        "undone": undone,
        "unsaved": problem is not None or typed is not None,
        "typed": _settled(typed or Typed(), problem),
    }
    status = problem.status if problem else 200
    return render_page(request, "tagging/image_detail.html", dataset, role or "", context, status=status)


def _settled(typed: Typed, problem: Problem | None) -> Typed:
    """Who has seen both versions decides between them: the box then stands for the newest revision. Otherwise it keeps
    the one that it was drawn at, so that a change of somebody else is still found."""
    if isinstance(problem, Stale) and problem.field == "list":
        typed.list_revision = None
    if isinstance(problem, Stale) and problem.field == "description":
        typed.revision = None
    return typed


def _company(
    image: Image, people: Sequence[TaggingSession], holder: Person | None, me: Person
) -> list[tuple[Person, str]]:
    """Who else is at the image, or has claimed it without being there, with the words for it."""
    here = [session.person for session in people if session.image_id == image.pk and session.person != me]
    claiming = [holder] if holder is not None and holder not in here else []
    return [(who, "is here") for who in here] + [(who, "has this image") for who in claiming]


def _recent(image: Image, who: Person) -> list[Tag]:
    """The tags this person used last in this dataset, the latest first."""
    rows = ImageTag.objects.filter(added_by=who, image__dataset=image.dataset).order_by("-pk")
    ids = list(dict.fromkeys(rows.values_list("tag", flat=True)[:LOOKED_AT]))[:RECENT]
    tags = Tag.objects.shown().in_bulk(ids)
    return [tags[pk] for pk in ids if pk in tags]


def most_used(image: Image, find: str) -> list[Tag]:
    tags = Tag.objects.shown().filter(dataset=image.dataset).select_related("category").most_used()
    if find:
        tags = tags.filter(key__contains=tag_names.key(find))
    return list(tags[:MOST_USED])
