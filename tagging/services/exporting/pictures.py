"""The pictures of an export, written one by one into a folder; one that fails leaves the others alone."""

import errno
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from tagging.imaging.limits import Unusable
from tagging.services.exporting.plan import PlannedImage
from tagging.services.exporting.remarks import Reason
from tagging.services.exporting.rendered import exported_file, original_of

BLOCK: Final = 2**20
# What is wrong with a disk of ours and not with one picture
OF_THE_DISK: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG})
_CANNOT_LINK: Final = frozenset({errno.EXDEV, errno.EPERM, errno.EMLINK, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS})

# Told of each image that was written: the image, its picture's name, how many there are in all
Progress = Callable[[PlannedImage, str, int], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it was written: its name, and the SHA-256 of its bytes."""

    name: str
    sha256: str


@dataclass
class Written:
    """The pictures that were written and the images that could not be, by number."""

    pictures: dict[int, Picture] = field(default_factory=dict)
    failed: dict[int, Reason] = field(default_factory=dict)
    linked: int = 0


class SourceError(Exception):
    """The original cannot be read, or is not what it was."""

    @property
    def reason(self) -> Reason:
        return Reason.MISSING if isinstance(self.__cause__, FileNotFoundError) else Reason.DAMAGED


def write_pictures(
    images: Sequence[PlannedImage], folder: Path, *, keep_metadata: bool, link: bool, progress: Progress | None = None
) -> Written:
    """Write the picture of each image into `folder`.

    Args:
        images: in the order they are written.
        folder: an empty one.
        keep_metadata: as `exported_file`.
        link: make hard links to originals whose bytes stay as they are, where the file system has them.
        progress: told of each image that was written.

    Raises:
        OSError: the folder cannot be written to.
    """
    written = Written()
    for image in images:
        try:
            path, extension = picture_of(image, keep_metadata=keep_metadata)
            name = f"{image.stem}.{extension}"
            written.pictures[image.number] = _write(image, path, folder / name, link=link, written=written)
        except SourceError as problem:
            (folder / f"{image.stem}.part").unlink(missing_ok=True)
            written.failed[image.number] = problem.reason
            continue
        if progress:
            progress(image, name, len(images))
    return written


def picture_of(image: PlannedImage, *, keep_metadata: bool) -> tuple[Path, str]:
    """The file that goes out for an image and its extension.

    Raises:
        SourceError: the fault lies with this image.
        OSError: the fault lies with the disk.
    """
    try:
        path, _, extension = exported_file(image.row, keep_metadata=keep_metadata)
    except Unusable as problem:
        raise SourceError from problem
    except OSError as problem:
        if problem.errno in OF_THE_DISK:
            raise
        raise SourceError from problem
    return path, extension


def known_sha256(image: PlannedImage, path: Path) -> str:
    """What the bytes of `path`, as `picture_of` gave it, must hash to; empty for a picture that was made anew."""
    return image.row.sha256 if path == original_of(image.row) else ""


def check_bytes(image: PlannedImage, path: Path) -> None:
    """Read the file that goes out for an image, as `picture_of` gave it, to its end.

    Raises:
        SourceError: it cannot be read, or is not what was imported.
    """
    known = known_sha256(image, path)
    if not known:
        return
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as problem:
        raise SourceError from problem
    if found != known:
        raise SourceError


def _write(image: PlannedImage, source: Path, target: Path, *, link: bool, written: Written) -> Picture:
    known = known_sha256(image, source)
    if link and known and _linked(source, target):
        written.linked += 1
        return Picture(target.name, known)
    part = target.with_name(f"{image.stem}.part")
    sha256 = _copy(source, part)
    if known and sha256 != known:
        raise SourceError
    part.rename(target)
    return Picture(target.name, sha256)


def _linked(source: Path, target: Path) -> bool:
    try:
        os.link(source, target)
    except OSError as problem:
        if problem.errno in _CANNOT_LINK:
            return False
        raise
    return True


def _copy(source: Path, target: Path) -> str:
    """The SHA-256 of what was copied. Raises SourceError for what fails in reading, and OSError for the rest."""
    digest = hashlib.sha256()
    try:
        file = source.open("rb")
    except OSError as problem:
        raise SourceError from problem
    with file, target.open("xb") as out:
        while True:
            try:
                block = file.read(BLOCK)
            except OSError as problem:
                raise SourceError from problem
            if not block:
                return digest.hexdigest()
            digest.update(block)
            out.write(block)
