"""The file that an export writes of an image: the original's own bytes, or new ones made once and kept beside it."""

import os
import threading
from pathlib import Path
from typing import Final, Protocol
from uuid import uuid4

from tagging.imaging import render
from tagging.imaging.limits import Limits
from tagging.imaging.probe import CONTENT_TYPES, EXTENSIONS, probe
from tagging.storage import OriginalStorage

_TYPES: Final = {"jpg": CONTENT_TYPES["jpeg"], "png": CONTENT_TYPES["png"], "webp": CONTENT_TYPES["webp"]}
# The kinds of rendition: without and with its metadata
_CUT: Final = "file"
_WHOLE: Final = "filewhole"
# What was let in once goes out again, however the limits of imports were changed since.
NO_LIMITS: Final = Limits(max_pixels=2**62, max_bytes=2**62, min_side=1, memory_bytes=2**62)
_storage = OriginalStorage()
# One conversion at a time: several large ones at once would take the memory that everybody else needs.
_converting = threading.Lock()


class Stored(Protocol):
    """A picture in our storage: an `Image`, or what a plan has read of one."""

    @property
    def sha256(self) -> str: ...
    @property
    def format(self) -> str: ...
    @property
    def opaque(self) -> bool: ...


def exported_file(image: Stored, *, keep_metadata: bool = False) -> tuple[Path, str, str]:
    """The file that an export writes of this image, its content type, and its extension without a dot.

    A copy of bytes that stay as they are is never made: then the path is the original's.

    Raises:
        OSError: the original is missing or cannot be read, or the data folder not written.
        Unusable: the original cannot be decoded any more.
    """
    kind = _WHOLE if keep_metadata else _CUT
    if found := _kept(image, kind):
        return _typed(found)
    original, made = _planned(image, keep_metadata=keep_metadata)
    if made.action == "copy":
        return original, _TYPES[made.extension], made.extension
    with _converting:
        return _typed(_kept(image, kind) or _make(image, kind, original, made))


def file_if_made(image: Stored, *, keep_metadata: bool = False) -> tuple[Path, str] | None:
    """As `exported_file` (path and extension) if that takes no making, else None."""
    kind = _WHOLE if keep_metadata else _CUT
    if found := _kept(image, kind):
        return found, found.suffix[1:]
    original, made = _planned(image, keep_metadata=keep_metadata)
    return (original, made.extension) if made.action == "copy" else None


def exported_extension(image: Stored) -> str:
    """The extension that the exported file has, without making it.

    Raises:
        OSError: the original is missing or cannot be read.
        Unusable: it is no picture any more.
    """
    return _planned(image, keep_metadata=False)[1].extension


def original_of(image: Stored) -> Path | None:
    """The original in our storage; None when it is not there for us."""
    path = _original(image)
    return path if _is_there(path) else None


def _planned(image: Stored, *, keep_metadata: bool) -> tuple[Path, render.ExportPlan]:
    original = _original(image)
    original.stat()  # a missing one is told as such, and not as a picture that is no good
    return original, render.plan(original, probe(original, NO_LIMITS), image.opaque, keep_metadata=keep_metadata)


def _original(image: Stored) -> Path:
    return _path(_storage.original_name(image.sha256, EXTENSIONS[image.format]))


def _kept(image: Stored, kind: str) -> Path | None:
    """What was made of the image before."""
    for extension in ("jpg",) if image.format == "jpeg" else ("png", "webp"):
        path = _path(_storage.rendition_name(image.sha256, kind, extension))
        if _is_there(path):
            return path
    return None


def _is_there(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:  # a folder that may not be looked into
        return False


def _path(name: str) -> Path:
    """As the storage's own `path`, which guards against names that lead out of it: these are a hash and two words."""
    return Path(_storage.location, name)


def _make(image: Stored, kind: str, original: Path, made: render.ExportPlan) -> Path:
    temp = Path(_storage.incoming_dir()) / f"{uuid4().hex}.part"
    try:
        with temp.open("xb") as out:
            render.write(original, made, out)
            out.flush()
            os.fsync(out.fileno())
        temp.chmod(0o444)
        name = _storage.rendition_name(image.sha256, kind, made.extension)
        _storage.adopt(temp, name)
    finally:
        temp.unlink(missing_ok=True)
    return _path(name)


def _typed(path: Path) -> tuple[Path, str, str]:
    extension = path.suffix[1:]
    return path, _TYPES[extension], extension
