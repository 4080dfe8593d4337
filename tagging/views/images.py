"""The workbench and the acts on its image's description and state."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from tagging.forms import DescribeForm, StateForm
from tagging.htmx import person
from tagging.services import images, sessions
from tagging.services.acts import Outcome
from tagging.views.answers import answer
from tagging.views.pages import image_page
from tagging.views.walks import asked
from tagging.views.workbench import workbench


@require_safe
def image_detail(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    image = image_page(request, slug, number)
    sessions.visit(image, person(request))
    return workbench(request, image)


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
