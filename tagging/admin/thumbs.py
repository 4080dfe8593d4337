"""Thumbnails for staff, who need not be members of the dataset that they look after."""

import logging

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.views.decorators.http import require_safe

from tagging.errors import Gone
from tagging.models import Image
from tagging.services import renditions

log = logging.getLogger(__name__)

YEAR = 31_536_000


@require_safe
def thumb(request: HttpRequest, object_id: int) -> HttpResponse:
    """A small picture by the image's id. The admin site has asked at each request whether the person is staff."""
    image = Image.objects.filter(pk=object_id).first()
    if image is None:
        raise Gone("There is no such image here.")
    etag = f'"thumb-{image.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _headed(HttpResponseNotModified(), request, image, etag)
    try:
        rendition = renditions.thumb(image)
        response = HttpResponse(rendition.path.read_bytes(), content_type=rendition.content_type)
    except (OSError, renditions.Unusable) as problem:
        log.warning("image %s of dataset %s: its file cannot be read: %s", image.number, image.dataset_id, problem)
        raise Gone(f"The file of image {image.number} cannot be read. The log says why.") from problem
    return _headed(response, request, image, etag)


def _headed(response: HttpResponse, request: HttpRequest, image: Image, etag: str) -> HttpResponse:
    """As the pages serve pictures: private, never sniffed or run, kept while the address names these bytes."""
    named = request.GET.get("v") == image.version
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable" if named else "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = "inline"
    return response
