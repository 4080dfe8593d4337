"""Reading a manifest.json of ours in little memory, whatever somebody put into it.

A short one is parsed whole. A long one must have the lines of an export, one for each tag and image, and is parsed some
lines at a time: JSON of nothing but empty objects would take thirty times its size otherwise. What stays of it is
reckoned as it comes, and there is an end to that: 100,000 images of 20 tags and a short description each (a file of
127 MiB) take 190 MiB and about ten seconds, and are reckoned at 180 MiB.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import IO

from tagging.domain import caption_files, tag_names
from tagging.domain.exported import ExportedImage, Manifest, VocabularyTag
from tagging.domain.manifest_fields import refuse_repeats
from tagging.domain.manifests import read_manifest
from tagging.imaging.files import open_regular, why_unreadable
from tagging.imaging.limits import Unusable
from tagging.services.importing.small_files import read_small
from tagging.services.importing.walk import OUTSIDE, is_inside

NAME = b"manifest.json"
HEAD = 4096
LIMIT = 2**30
#: Bytes that all its tags and images may take in memory.
MOST_HELD = 512 * 2**20
#: What a tag or an image takes of them beside its texts.
ROW_TAKES = 900
#: Up to here a manifest is parsed whole; beyond, so many bytes of its lines at once.
WHOLE = 8 * 2**20
PART = 2**20

_MADE_BY = re.compile(r'"made_by"\s*:\s*"Tagger"')
_OTHER_LINES = (
    f"manifest.json is longer than {WHOLE // 2**20} MiB and has not the lines of an export: export the folder again."
)


def is_ours(folder: bytes) -> bool:
    """Whether a folder (an absolute path without links) holds a manifest of ours, be it damaged: by its beginning."""
    path = _path(folder)
    if not os.path.lexists(path) or not is_inside(path, folder):
        return False
    try:
        with open_regular(path) as file:
            head = file.read(HEAD)
    except (OSError, Unusable):
        return False
    return _MADE_BY.search(caption_files.decode(head)[0]) is not None


def read(folder: bytes) -> Manifest:
    """What a folder's manifest says.

    Raises:
        ValueError: with a sentence for a person, when it cannot be read, is too long, damaged, or of a later format.
    """
    path = _path(folder)
    if not is_inside(path, folder):
        raise ValueError(f"manifest.json could not be read. {OUTSIDE}")
    try:
        if os.stat(path).st_size <= WHOLE:  # noqa: PTH116 - bytes paths
            return read_manifest(caption_files.decode(read_small(path, root=folder, limit=WHOLE))[0])
        with open_regular(path) as file:
            return _read_long(file)
    except Unusable as problem:
        raise ValueError(f"manifest.json could not be read. {problem}") from problem
    except OSError as problem:
        raise ValueError(f"manifest.json could not be read. {why_unreadable(problem)}") from problem


def _read_long(file: IO[bytes]) -> Manifest:
    if file.seek(0, os.SEEK_END) > LIMIT:
        raise ValueError(f"manifest.json was not read: it is longer than {LIMIT // 2**20} MiB.")
    file.seek(0)
    lines = _lines(file)
    head = _head(lines)
    whole = read_manifest(_text(head + b'"vocabulary": [], "images": []}'))
    held = _Held()
    for rows in _parts(_until(lines, b' "images": ['), b" ],"):
        held.add_tags(read_manifest(_text(head + b'"vocabulary": [' + rows + b'], "images": []}')).vocabulary)
    for rows in _parts(_until(lines, b"}"), b" ]"):
        held.add_images(read_manifest(_text(head + b'"vocabulary": [], "images": [' + rows + b"]}")).images)
    _refuse_repeats(held.vocabulary, held.images)
    return Manifest(whole.dataset, whole.options, whole.counts, tuple(held.vocabulary), tuple(held.images))


class _Held:
    """What stays in memory of a manifest, and about how much that is."""

    def __init__(self) -> None:
        self.vocabulary: list[VocabularyTag] = []
        self.images: list[ExportedImage] = []
        self._spellings: dict[str, str] = {}
        self._size = 0

    def add_tags(self, found: Iterable[VocabularyTag]) -> None:
        for tag in found:
            self._take(tag.name, tag.category, tag.note, *tag.aliases, *tag.implications)
            self.vocabulary.append(tag)
            self._spellings[tag.name] = tag.name

    def add_images(self, found: Iterable[ExportedImage]) -> None:
        """Each tag of the vocabulary is one text for all images that have it."""
        known = self._spellings
        for image in found:
            others = [tag for tag in image.tags if tag not in known]
            self._size += sys.getsizeof(image.tags)
            self._take(image.first_name, image.name, image.description, image.caption, *others)
            self.images.append(replace(image, tags=tuple(known.get(tag, tag) for tag in image.tags)))

    def _take(self, *texts: str) -> None:
        self._size += ROW_TAKES + sum(map(sys.getsizeof, texts))
        if self._size > MOST_HELD:
            raise ValueError(f"manifest.json was not read: it would take more than {MOST_HELD // 2**20} MiB of memory.")


def _refuse_repeats(vocabulary: Iterable[VocabularyTag], images: Iterable[ExportedImage]) -> None:
    """What `read_manifest` refuses too, but sees in one part only."""
    refuse_repeats((tag_names.key(text) for tag in vocabulary for text in (tag.name, *tag.aliases)), "name")
    refuse_repeats((image.number for image in images), "number")
    refuse_repeats((image.name for image in images), "name")


def _lines(file: IO[bytes]) -> Iterator[bytes]:
    while line := file.readline(PART + 1):
        if len(line) > PART:
            raise ValueError(_OTHER_LINES)
        yield line


def _head(lines: Iterator[bytes]) -> bytes:
    """All before the tags: it goes in front of each part, so it must be short."""
    head = b""
    for line in _until(lines, b' "vocabulary": ['):
        head += line
        if len(head) > PART:
            raise ValueError(_OTHER_LINES)
    return head


def _until(lines: Iterator[bytes], start: bytes) -> Iterator[bytes]:
    """The lines before one that begins so, which is taken too."""
    for line in lines:
        if line.startswith(start):
            return
        yield line
    raise ValueError(_OTHER_LINES)


def _parts(lines: Iterable[bytes], end: bytes) -> Iterator[bytes]:
    """Rows of a list, some at a time and joined by commas."""
    part: list[bytes] = []
    size = 0
    for line in lines:
        if line.rstrip() == end:
            continue
        part.append(line.rstrip().removesuffix(b","))
        size += len(line)
        if size >= PART:
            yield b",".join(part)
            part, size = [], 0
    if part:
        yield b",".join(part)


def _text(raw: bytes) -> str:
    return caption_files.decode(raw)[0]


def _path(folder: bytes) -> bytes:
    return os.path.join(folder, NAME)  # noqa: PTH118 - bytes paths
