"""Answers with a picture, for the pages and for the admin site: private, kept by browsers, streamed when large."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotModified, StreamingHttpResponse

from tagging.errors import Gone
from tagging.models import Image
from tagging.services import renditions

log = logging.getLogger(__name__)

AT_ONCE = 4 * 2**20  # larger files are streamed
PIECE = 256 * 1024
YEAR = 31_536_000


def picture(
    request: HttpRequest, image: Image, kind: str, make: Callable[[Image], renditions.Rendition]
) -> HttpResponseBase:
    """One rendition of an image that the person may see. Raises Gone when its file cannot be read."""
    etag = f'"{kind}-{image.sha256}"'
    if request.headers.get("If-None-Match") == etag:
        return _headed(HttpResponseNotModified(), request, image, etag)
    try:
        rendition = make(image)
        response = _body(rendition.path, rendition.content_type)
    except (OSError, renditions.Unusable) as problem:
        log.warning("image %s of dataset %s: its file cannot be read: %s", image.number, image.dataset_id, problem)
        raise Gone(
            f"The file of image {image.number} cannot be read. Whoever runs this Tagger finds why in the log."
        ) from problem
    return _headed(response, request, image, etag)


def _body(path: Path, content_type: str) -> HttpResponseBase:
    size = path.stat().st_size
    if size <= AT_ONCE:
        return HttpResponse(path.read_bytes(), content_type=content_type)
    return StreamingHttpResponse(_pieces(path), content_type=content_type, headers={"Content-Length": str(size)})


async def _pieces(path: Path) -> AsyncIterator[bytes]:
    """Read no faster than it is sent: a synchronous iterator would be collected in memory first."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while piece := await asyncio.to_thread(file.read, PIECE):
            yield piece


def _headed(response: HttpResponseBase, request: HttpRequest, image: Image, etag: str) -> HttpResponseBase:
    """Private, never sniffed or run, and kept by this browser for as long as its address names these very bytes."""
    named = request.GET.get("v") == image.version
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = f"private, max-age={YEAR}, immutable" if named else "private, no-cache"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Content-Disposition"] = "inline"
    return response
