"""The acts on one image's tags: each reads its form, calls its service and answers."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_POST

from tagging.forms import ActForm, AddTagsForm, PlacedForm, SetTagsForm
from tagging.htmx import person
from tagging.services import image_tags
from tagging.services.acts import Outcome
from tagging.views.answers import answer
from tagging.views.pages import image_page


@require_POST
def tag_add(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        form = AddTagsForm.posted(request)
        return image_tags.add(
            image, form["names"], by=person(request), op=form["op"], after=form["after"], position=form["position"]
        )

    return answer(request, image, "tags", act)


@require_POST
def tag_set(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        form = SetTagsForm.posted(request)
        return image_tags.set_all(image, form["names"], revision=form["revision"], by=person(request), op=form["op"])

    return answer(request, image, "tags", act)


@require_POST
def tag_copy(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        return image_tags.copy_previous(image, by=person(request), op=ActForm.posted(request)["op"])

    return answer(request, image, "tags", act)


@require_POST
def tag_remove(request: HttpRequest, slug: str, number: int, tag_id: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        return image_tags.remove(image, tag_id, by=person(request), op=ActForm.posted(request)["op"])

    return answer(request, image, "tags", act)


@require_POST
def tag_move(request: HttpRequest, slug: str, number: int, tag_id: int) -> HttpResponseBase:
    image = image_page(request, slug, number)

    def act() -> Outcome:
        form = PlacedForm.posted(request)
        return image_tags.move(
            image, tag_id, by=person(request), op=form["op"], after=form["after"], position=form["position"]
        )

    return answer(request, image, "tags", act)
