"""Styles, scripts and icons, served from where they lie: nothing has to be collected before a start."""

import gzip
import hashlib
import re
from typing import Any, cast

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from whitenoise.middleware import WhiteNoiseMiddleware

VERSIONED = re.compile(r"^(?P<root>/static/)v-(?P<version>[0-9a-f]{12})/(?P<name>.+)$")
FOR_EVER = "max-age=31536000, public, immutable"
TEXT = ("text/", "application/javascript", "image/svg+xml", "application/json")


class VersionedStorage(StaticFilesStorage):
    """Addresses carry a hash of all files in front of the name, so that after an update no browser shows new pages with
    old styles, and a script's relative imports lead to files of its own version."""

    _version = ""

    def url(self, name: str | None) -> str:
        # An address without the version is valid too, and kept for a shorter time.
        return super().url(f"v-{self.version()}/{name}" if name else name)

    @classmethod
    def version(cls) -> str:
        if not cls._version or settings.DEBUG:
            cls._version = _digest()
        return cls._version


def _digest() -> str:
    digest = hashlib.sha256()
    for finder in finders.get_finders():
        for name, storage in sorted(finder.list([]), key=lambda found: found[0]):
            with storage.open(name) as file:
                digest.update(name.encode() + b"\0" + hashlib.sha256(file.read()).digest())
    return digest.hexdigest()[:12]


class StaticFiles(WhiteNoiseMiddleware):  # type: ignore[misc]  # WhiteNoise has no types
    """WhiteNoise, that keeps versioned addresses for ever and sends text compressed."""

    _packed: dict[str, bytes] = {}  # noqa: RUF012 - what one process has packed, for all instances

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        versioned = VERSIONED.match(request.path_info)
        path = versioned["root"] + versioned["name"] if versioned else request.path_info
        found = self.find_file(path) if self.autorefresh else self.files.get(path)
        if found is None:
            return cast(HttpResponseBase, self.get_response(request))
        response = self._packed_or_plain(path, found, request)
        if versioned and not settings.DEBUG:
            is_current = versioned["version"] == VersionedStorage.version()
            # A page from before an update gets what there is now, once.
            response.headers["Cache-Control"] = FOR_EVER if is_current else "no-cache"
        return response

    def _packed_or_plain(self, path: str, found: Any, request: HttpRequest) -> HttpResponseBase:  # noqa: ANN401 - untyped
        plain = cast(Any, self.serve(found, request))
        packable = plain.status_code == 200 and plain.headers.get("Content-Type", "").startswith(TEXT)
        if packable:
            plain.headers["Vary"] = "Accept-Encoding"
        if not packable or request.method != "GET" or "gzip" not in request.headers.get("Accept-Encoding", ""):
            return cast(HttpResponseBase, plain)
        if path not in self._packed or settings.DEBUG:
            self._packed[path] = gzip.compress(b"".join(plain.streaming_content), mtime=0)
        plain.file_to_stream.close()  # `close` would say that the request is over
        packed = HttpResponse(self._packed[path], headers=dict(plain.headers.items()))
        packed.headers["Content-Length"] = str(len(self._packed[path]))
        packed.headers["Content-Encoding"] = "gzip"
        return packed
