"""The workbench and the acts on its image's description and state."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from tagging import access, typed
from tagging.forms import DescribeForm, StateForm
from tagging.htmx import person
from tagging.models import Image
from tagging.services import images, sessions
from tagging.services.acts import Outcome
from tagging.typed import Typed
from tagging.views.answers import answer
from tagging.views.pages import image_page
from tagging.views.walks import asked
from tagging.views.workbench import workbench


@require_safe
def image_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    image = image_page(request, slug, number)
    sessions.visit(image, person(request))
    boxes = _kept(request, image) if request.method == "GET" else None
    if boxes is not None:
        messages.warning(request, "What you typed before you signed in is in its box again, not saved yet.")
    return workbench(request, image, typed=boxes)


def _kept(request: HttpRequest, image: Image) -> Typed | None:
    """What this person typed here before their sign-in ended, unless it is what is saved anyway."""
    if not access.may(access.role_of(person(request), image.dataset), access.Right.TAG):
        return None
    boxes = typed.take(request, request.path, person(request))
    if boxes is None:
        return None
    revision = boxes.revision or ""
    at = int(revision) if revision.isascii() and revision.isdecimal() and len(revision) < 20 else -1
    if boxes.description is not None and not images.was_typed(image, boxes.description, at):
        boxes.description = boxes.revision = None
    return None if boxes.is_empty else boxes


@require_POST
def image_description(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        form = DescribeForm.posted(request)
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
        form = StateForm.posted(request, next=values.get("next", ""))
        walk = sessions.Walk(asked(request, image.dataset).walk.query, number) if form["next"] else None
        return service(image, by=person(request), op=form["op"], go_on=walk)

    return answer(request, image, "state", act)
