"""What a worker process does with one file. Knows no Django: workers start quickly and touch no database."""

import errno
import hashlib
import os
from collections.abc import Callable
from dataclasses import dataclass, replace

from tagging.imaging.files import open_regular, why_unreadable
from tagging.imaging.intake import take_in
from tagging.imaging.limits import Limits, Unusable
from tagging.imaging.probe import Probe, extension_matches, probe
from tagging.imaging.thumbnails import decode_and_thumbnail
from tagging.services.importing.walk import OUTSIDE, is_inside, path_text

_BLOCK = 2**20
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Task:
    """A file to read.

    Attributes:
        place: in the order of the run.
        path: absolute.
        size: in bytes, as the folder's listing said.
        may_skip: when its bytes are known already, it need not be decoded.
    """

    place: int
    path: bytes
    size: int
    may_skip: bool


@dataclass(frozen=True, slots=True)
class Brief:
    """What all tasks of a worker have in common.

    Attributes:
        root: the folder that nothing may lead out of, without links.
        incoming: where copies and thumbnails are written; "" writes nothing (a dry run).
        limits: of one picture.
        allowance: bytes a decode may take without being granted more.
        known: SHA-256 digests of the pictures that the dataset has.
    """

    root: bytes
    incoming: str
    limits: Limits
    allowance: int
    known: frozenset[bytes]


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a task.

    `kind` is "taken"; "known" (these bytes are in the dataset already: `sha256` alone is set); "unusable" (`reason`);
    "no room" or "no writing" (the data folder's disk: the run cannot go on, `reason`); or "fault" (`reason` is a
    traceback). A worker says "ready" once, before it takes its first task, and "ask" when it wants `memory` bytes for
    one; an answer follows.
    """

    place: int
    kind: str
    reason: str = ""
    memory: int = 0
    sha256: str = ""
    byte_size: int = 0
    format: str = ""
    width: int = 0
    height: int = 0
    orientation: int = 1
    opaque: bool = True
    temp: str = ""
    thumb_temp: str = ""
    thumb_width: int = 0
    thumb_height: int = 0


def read(task: Task, brief: Brief, ask: Callable[[int], None]) -> Answer:
    """Check one file and take it in. `ask(bytes)` returns when a decode may take so much memory."""
    try:
        return _read(task, brief, ask)
    except Unusable as problem:
        return Answer(task.place, "unusable", reason=str(problem))
    except OSError as problem:
        kind = "no room" if problem.errno in NO_ROOM else "no writing"
        return Answer(task.place, kind, reason=problem.strerror or "unknown error")


def _read(task: Task, brief: Brief, ask: Callable[[int], None]) -> Answer:
    if not is_inside(task.path, brief.root):
        raise Unusable(OUTSIDE)
    header = probe(task.path, brief.limits)
    if task.may_skip and brief.known and (sha256 := _sha256(task.path)) and bytes.fromhex(sha256) in brief.known:
        return Answer(task.place, "known", sha256=sha256)
    granted = brief.allowance
    if header.memory > granted:
        ask(header.memory)
        granted = header.memory
    # The file may be another one by now: what it is then may not take more than was granted.
    limits = replace(brief.limits, memory_bytes=granted)
    return _check(task, header) if not brief.incoming else _take(task, brief.incoming, limits)


def _take(task: Task, incoming: str, limits: Limits) -> Answer:
    taken = take_in(task.path, incoming, limits)
    return Answer(
        task.place,
        "taken",
        reason=_notes(task.path, taken.probe),
        sha256=taken.sha256,
        byte_size=taken.byte_size,
        format=taken.probe.format,
        width=taken.probe.width,
        height=taken.probe.height,
        orientation=taken.probe.orientation,
        opaque=taken.opaque,
        temp=taken.temp_path,
        thumb_temp=taken.thumb_temp,
        thumb_width=taken.thumb_width,
        thumb_height=taken.thumb_height,
    )


def _check(task: Task, header: Probe) -> Answer:
    """A dry run: all that taking in does, but for writing."""
    sha256 = _sha256(task.path)
    try:
        decode_and_thumbnail(task.path, header)
    except OSError as problem:
        raise Unusable(why_unreadable(problem)) from problem
    reason = _notes(task.path, header)
    size = (header.width, header.height)
    return Answer(task.place, "taken", reason, 0, sha256, task.size, header.format, *size, header.orientation)


def _sha256(path: bytes) -> str:
    digest = hashlib.sha256()
    try:
        with open_regular(path) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
    except OSError as problem:
        raise Unusable(why_unreadable(problem)) from problem
    return digest.hexdigest()


def _notes(path: bytes, header: Probe) -> str:
    """What a person should be told though the picture is used, as sentences."""
    notes = list(header.notes)
    name = os.path.basename(path_text(path))  # noqa: PTH119 - may be no text
    if not extension_matches(name, header.format):
        notes.insert(0, f"its content is {header.format.upper()}, whatever its name says")
    return " ".join(f"{note[:1].upper()}{note[1:].rstrip('.')}." for note in notes)
