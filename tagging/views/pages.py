"""What pages of a dataset have in common: fetching what this person may see, and the bar around it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from tagging import access
from tagging.errors import Gone
from tagging.htmx import person
from tagging.models import Dataset, Image
from tagging.services import sessions


def dataset_page(request: HttpRequest, slug: str) -> tuple[Dataset, str]:
    """The dataset and this person's role in it. Raises Gone for strangers and for absent ones alike."""
    dataset = Dataset.objects.visible_to(person(request)).filter(slug=slug).first()
    role = access.role_of(person(request), dataset) if dataset else None
    if dataset is None or role is None:
        raise Gone("There is no such dataset here.")
    return dataset, role


def image_page(request: HttpRequest, slug: str, number: int) -> Image:
    """The image with its dataset. Raises Gone for strangers and for absent ones alike."""
    images = Image.objects.visible_to(person(request)).select_related("dataset")
    image = images.filter(dataset__slug=slug, number=number).first()
    if image is None:
        raise Gone("There is no such image here.")
    return image


def image_named(request: HttpRequest, slug: str, number: str) -> Image | None:
    """The image that a form of its page names, if it names one. Raises Gone as `image_page` does."""
    if not number:
        return None
    return image_page(request, slug, int(number) if number.isascii() and number.isdecimal() and len(number) < 10 else 0)


def render_page(
    request: HttpRequest,
    template: str,
    dataset: Dataset,
    role: str,
    context: Mapping[str, Any],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page of a dataset, with its bar; a page that looks at `people` itself gives them along."""
    bar = {"dataset": dataset, "role": role}
    people = context["people"] if "people" in context else sessions.here_now(dataset)
    return render(request, template, bar | dict(context) | {"people": people}, status=status)
