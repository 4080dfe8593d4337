"""The pictures that pages show, made from the original on demand and kept beside it."""

import threading
from dataclasses import dataclass
from pathlib import Path

from tagging.imaging import probe, thumbnails
from tagging.imaging.limits import Limits, Unusable
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
    storage = OriginalStorage()
    name = rendition_name(image.sha256, "thumb", "webp")
    if not storage.exists(name):
        with _decoding:
            source = original_path(image)
            facts = probe.probe(source, Limits())
            storage.write(name, thumbnails.decode_and_thumbnail(source, facts).thumb)
    return Rendition(Path(storage.path(name)), "image/webp")


def screen(image: Image) -> Rendition:
    """What the workbench shows, at most 2,048 px a side: the exported file itself when it is small enough.

    Raises FileNotFoundError without the original.
    """
    storage = OriginalStorage()
    if max(image.width, image.height) <= thumbnails.SCREEN_SIDE and image.byte_size <= thumbnails.SCREEN_BYTES:
        return exported(image)
    name = rendition_name(image.sha256, "screen", "webp")
    if not storage.exists(name):
        with _decoding:
            source = original_path(image)
            storage.write(name, thumbnails.screen(source, probe.probe(source, Limits())).data)
    return Rendition(Path(storage.path(name)), "image/webp")


def exported(image: Image) -> Rendition:
    """The very bytes that an export writes. Raises FileNotFoundError without the original."""
    path, content_type, _ = exporting.exported_file(image)
    return Rendition(path, content_type)


__all__ = ["Rendition", "Unusable", "exported", "original_path", "screen", "thumb"]
