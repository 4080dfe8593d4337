"""The pictures that pages show, made from the original on demand and kept beside it."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tagging.imaging import probe, thumbnails
from tagging.imaging.limits import Unusable
from tagging.models import Image
from tagging.services import exporting
from tagging.storage import OriginalStorage, original_name, rendition_name

# One large decode at a time: several at once would take the memory that the server needs for everybody.
_decoding = threading.Semaphore(1)


@dataclass(frozen=True)
class Rendition:
    """A file to serve, with its true type."""

    path: Path
    content_type: str


def original_path(image: Image) -> Path:
    """Where the image's original lies in our storage."""
    storage = OriginalStorage()
    return Path(storage.path(original_name(image.sha256, probe.EXTENSIONS[image.format])))


def thumb(image: Image) -> Rendition:
    """About 320 px. Made by the import; made again when it is gone. Raises FileNotFoundError without the original."""
    return _kept(image, "thumb") or _made(
        image, "thumb", lambda source, facts: thumbnails.decode_and_thumbnail(source, facts).thumb
    )


def screen(image: Image) -> Rendition:
    """What the workbench shows, at most 2,048 px a side: the exported file itself when it is small enough.

    Raises FileNotFoundError without the original.
    """
    if kept := _kept(image, "screen"):
        return kept
    if max(image.width, image.height) <= thumbnails.SCREEN_SIDE:
        # Its own size counts: a small original of a type that is converted may become a large file.
        file = exported(image)
        if file.path.stat().st_size <= thumbnails.SCREEN_BYTES:
            return file
    return _made(image, "screen", lambda source, facts: thumbnails.screen(source, facts).data)


def exported(image: Image) -> Rendition:
    """The very bytes that an export writes. Raises FileNotFoundError without the original."""
    path, content_type, _ = exporting.exported_file(image)
    return Rendition(path, content_type)


def _kept(image: Image, kind: str) -> Rendition | None:
    storage = OriginalStorage()
    name = rendition_name(image.sha256, kind, "webp")
    return Rendition(Path(storage.path(name)), "image/webp") if storage.exists(name) else None


def _made(image: Image, kind: str, make: Callable[[Path, probe.Probe], bytes]) -> Rendition:
    """The rendition, unless another request has made it while this one waited for its turn."""
    with _decoding:
        if kept := _kept(image, kind):
            return kept
        storage, source = OriginalStorage(), original_path(image)
        name = rendition_name(image.sha256, kind, "webp")
        storage.write(name, make(source, probe.probe(source, exporting.NO_LIMITS)))
        return Rendition(Path(storage.path(name)), "image/webp")


__all__ = ["Rendition", "Unusable", "exported", "original_path", "screen", "thumb"]
