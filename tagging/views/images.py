"""The workbench: one image with its tags, and the acts on its description and state."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from tagging import access
from tagging.domain import tag_names
from tagging.errors import Problem, Refused, Stale
from tagging.forms import DescribeForm, StateForm
from tagging.htmx import person, wants_part
from tagging.live import parts
from tagging.models import Image, ImageTag, Person, Tag
from tagging.services import images, sessions
from tagging.services.acts import Outcome
from tagging.views.datasets import after_going_on
from tagging.views.pages import image_page, render_page
from tagging.views.walks import asked

MOST_USED = 100
RECENT = 9
LOOKED_AT = 300  # of one's own latest image tags, to find the nine recent ones

Act = Callable[[], Outcome]


@require_safe
def image_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    image = image_page(request, slug, number)
    sessions.visit(image, person(request))
    return workbench(request, image)


def workbench(request: HttpRequest, image: Image, problem: Problem | None = None) -> HttpResponse:
    """The page of one image; with `problem`, what was typed is still in its box and the sentence stands beside it."""
    dataset = image.dataset
    role = access.role_of(person(request), dataset)
    ask = asked(request, dataset)
    shown = parts.ImageParts(image)
    before, behind = ask.walk.beside(image)
    found = dataset.image_count if ask.walk.query.is_empty else ask.walk.images().count()
    find = request.GET.get("find", "").replace("\x00", "").strip()
    context: dict[str, Any] = {
        "page": "image",
        "image": image,
        "parts": shown,
        "ask": ask,
        "before": before,
        "behind": behind,
        "position": ask.walk.position(image),
        "found": found,
        "find": find,
        "on_image": {tag.pk for tag in shown.tags},
        "recent": _recent(image, person(request)),
        "most_used": _most_used(image, find),
        "claimed_by": next(
            (who for pk, who in sessions.claims(dataset).items() if pk == image.pk and who != person(request)), None
        ),
        "problem": problem,
        "typed": _typed(request, problem),
    }
    status = problem.status if problem else 200
    return render_page(request, "tagging/image_detail.html", dataset, role or "", context, status=status)


# The act's address → the box that its text was typed in, and the field it came in
BOXES = {
    "tag_add": ("names", "names"),
    "tag_set": ("list", "names"),
    "image_description": ("description", "description"),
}


def _typed(request: HttpRequest, problem: Problem | None) -> dict[str, str | None]:
    """What stands in the boxes of the page: whatever was wrong, what was typed is still there."""
    typed: dict[str, str | None] = {"names": "", "description": None, "list": None}
    match = request.resolver_match
    if problem is not None and match is not None and match.url_name in BOXES:
        box, field = BOXES[match.url_name]
        typed[box] = request.POST.get(field, "")
    return typed


def _recent(image: Image, who: Person) -> list[Tag]:
    """The tags this person used last in this dataset, the latest first."""
    rows = ImageTag.objects.filter(added_by=who, image__dataset=image.dataset).order_by("-pk")
    ids = list(dict.fromkeys(rows.values_list("tag", flat=True)[:LOOKED_AT]))[:RECENT]
    tags = Tag.objects.shown().in_bulk(ids)
    return [tags[pk] for pk in ids if pk in tags]


def _most_used(image: Image, find: str) -> list[Tag]:
    tags = Tag.objects.shown().filter(dataset=image.dataset).select_related("category").most_used()
    if find:
        tags = tags.filter(key__contains=tag_names.key(find))
    return list(tags[:MOST_USED])


@require_POST
def image_description(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        form = DescribeForm.read(request.POST)
        return images.describe(image, form["description"], revision=form["revision"], by=person(request), op=form["op"])

    return answer(request, image, "description", act)


@require_POST
def image_finish(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return _to_state(request, slug, number, images.finish)


@require_POST
def image_reject(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return _to_state(request, slug, number, images.reject)


@require_POST
def image_reopen(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return _to_state(request, slug, number, images.reopen)


@require_POST
def image_review(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return _to_state(request, slug, number, images.review)


def _to_state(request: HttpRequest, slug: str, number: int, service: Callable[..., Outcome]) -> HttpResponseBase:
    image = image_page(request, slug, number)
    values = request.POST if "next" in request.POST else request.GET

    def act() -> Outcome:
        form = StateForm.read({"op": request.POST.get("op", ""), "next": values.get("next", "")})
        walk = sessions.Walk(asked(request, image.dataset).walk.query, number) if form["next"] else None
        return service(image, by=person(request), op=form["op"], go_on=walk)

    return answer(request, image, "state", act)


def answer(request: HttpRequest, image: Image, part: str, act: Act) -> HttpResponseBase:
    """Do the act and answer: the part that changed for a script, the page again (or the next one) for a person."""
    try:
        outcome = act()
    except (Refused, Stale) as problem:
        if wants_part(request):
            raise
        return workbench(request, _fresh(image), problem)
    if wants_part(request):
        response = HttpResponse(parts.render_image_part(_fresh(image), part))
        patch_vary_headers(response, ["HX-Request"])
        return response
    if outcome.message:
        messages.success(request, outcome.message)
    ask = asked(request, image.dataset)
    if "next" in outcome.answer:
        return redirect(after_going_on(image.dataset, dict(outcome.answer), ask, person(request)))
    return redirect(reverse("tagging:image_detail", args=[image.dataset.slug, image.number]) + ask.suffix)


def _fresh(image: Image) -> Image:
    """The image as it is now: the seq of its dataset is read with it, before what the parts show."""
    return Image.objects.select_related("dataset").get(pk=image.pk)
