"""Taking one file in, whole, in a worker process: hashed, copied, checked and made small, from the very same bytes."""

import errno
import hashlib
import os
import stat
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, TypeVar
from uuid import uuid4

from tagging.imaging.files import open_regular, why_unreadable
from tagging.imaging.limits import Limits, Unusable
from tagging.imaging.probe import Probe, probe_file, recognise
from tagging.imaging.thumbnails import thumbnail_file

_Result = TypeVar("_Result")

#: Errors of network and removable disks that may be gone a moment later, and how long to wait before the next try.
_TRANSIENT = frozenset(
    {errno.EIO, errno.EAGAIN, errno.EINTR, errno.EBUSY, errno.ETIMEDOUT, errno.ENETDOWN, errno.ENETUNREACH}
    | {errno.EHOSTUNREACH, errno.ECONNRESET, getattr(errno, "ESTALE", errno.EIO)}
)
_PAUSES = (0.1, 0.5)

_BLOCK = 2**20
_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


class _SourceError(OSError):
    """Reading the source failed, as opposed to writing the copy."""


@dataclass(frozen=True, slots=True)
class Intake:
    """A picture that was taken in; both files lie in the incoming folder, read-only, on disk for good.

    Attributes:
        sha256: of the bytes that were copied, in hexadecimal.
        byte_size: of the same.
        probe: the header of the copy.
        opaque: every pixel was opaque.
        temp_path: the copy.
        thumb_temp: the thumbnail (WebP).
        thumb_width: its width in pixels.
        thumb_height: its height in pixels.
        seconds: what taking it in took.
    """

    sha256: str
    byte_size: int
    probe: Probe
    opaque: bool
    temp_path: str
    thumb_temp: str
    thumb_width: int
    thumb_height: int
    seconds: float


def take_in(path: str | bytes, incoming_dir: str, limits: Limits) -> Intake:
    """Copy a file into the incoming folder while hashing it, then decode that copy once.

    What was hashed, decoded and stored are so the same bytes, whatever happens to the source meanwhile. Reading is
    tried three times where the error may pass. Whatever goes wrong, nothing stays in the incoming folder.

    Raises:
        Unusable: the file cannot be used; one sentence says why.
        OSError: the incoming folder cannot be written (a full disk, say): a matter of the run, not of this file.
    """
    started = time.perf_counter()
    with ExitStack() as undo:
        try:
            copy, sha256, size = _patiently(lambda: _copied(path, incoming_dir, limits))
        except _SourceError as error:
            raise Unusable(why_unreadable(error)) from error
        undo.callback(_remove, copy)
        with Path(copy).open("r+b") as file:
            header = probe_file(file, limits)
            decoded = thumbnail_file(file, header)
            _make_last(file, copy)
        thumb = _patiently(lambda: _written(decoded.thumb, incoming_dir))
        undo.pop_all()
    return Intake(
        sha256=sha256,
        byte_size=size,
        probe=header,
        opaque=decoded.opaque,
        temp_path=copy,
        thumb_temp=thumb,
        thumb_width=decoded.thumb_width,
        thumb_height=decoded.thumb_height,
        seconds=time.perf_counter() - started,
    )


def _copied(path: str | bytes, folder: str, limits: Limits) -> tuple[str, str, int]:
    """The copy's path, its SHA-256 and its size in bytes."""
    with _reading():
        source = open_regular(path)
    with source, _new_file(folder) as (copy, out):
        with _reading():
            before = os.fstat(source.fileno())
            recognise(source, limits)  # Before gigabytes of something else are copied.
            source.seek(0)
        digest, size = hashlib.sha256(), 0
        # A file that somebody writes to as fast as it is read must not be read for ever.
        while size <= before.st_size and (block := _block(source)):
            digest.update(block)
            out.write(block)
            size += len(block)
        after = os.fstat(source.fileno())
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or size != before.st_size:
            raise Unusable("It was changed while it was read.")
        return copy, digest.hexdigest(), size


def _written(data: bytes, folder: str) -> str:
    with _new_file(folder) as (path, out):
        out.write(data)
        _make_last(out, path)
        return path


def _block(source: BinaryIO) -> bytes:
    with _reading():
        return source.read(_BLOCK)


@contextmanager
def _reading() -> Iterator[None]:
    """Tell the source's errors from those of the incoming folder."""
    try:
        yield
    except OSError as error:
        raise _SourceError(error.errno, error.strerror) from error


@contextmanager
def _new_file(folder: str) -> Iterator[tuple[str, BinaryIO]]:
    """A file of a name that nobody else has; removed again when the block fails."""
    path = str(Path(folder) / f"{uuid4().hex}.part")
    try:
        with Path(path).open("xb") as out:
            yield path, out
    except BaseException:
        _remove(path)
        raise


def _make_last(file: BinaryIO, path: str) -> None:
    """On disk for good, and read-only."""
    file.flush()
    if os.name == "posix":
        Path(path).chmod(_READ_ONLY)
    os.fsync(file.fileno())


def _remove(path: str) -> None:
    Path(path).unlink(missing_ok=True)


def _patiently(act: Callable[[], _Result]) -> _Result:
    for pause in _PAUSES:
        try:
            return act()
        except OSError as error:
            if error.errno not in _TRANSIENT:
                raise
        time.sleep(pause)
    return act()
