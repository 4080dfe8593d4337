"""Pictures by dataset and number, checked at every request; no name that anybody typed is ever a path here."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tagging.pictures import picture
from tagging.services import renditions
from tagging.views.pages import image_page


@require_safe
def image_thumb(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return picture(request, image_page(request, slug, number), "thumb", renditions.thumb)


@require_safe
def image_screen(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return picture(request, image_page(request, slug, number), "screen", renditions.screen)


@require_safe
def image_file(request: HttpRequest, slug: str, number: int) -> HttpResponseBase:
    return picture(request, image_page(request, slug, number), "file", renditions.exported)
