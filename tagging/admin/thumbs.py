"""Thumbnails for staff, who need not be members of the dataset that they look after."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from tagging.errors import Gone
from tagging.models import Image
from tagging.pictures import picture
from tagging.services import renditions


@require_safe
def thumb(request: HttpRequest, object_id: int) -> HttpResponseBase:
    """A small picture by the image's id. The admin site has asked at each request whether the person is staff."""
    image = Image.objects.filter(pk=object_id).first()
    if image is None:
        raise Gone("There is no such image here.")
    return picture(request, image, "thumb", renditions.thumb)
