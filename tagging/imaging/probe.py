"""What a file's header says, with every limit applied before anything is decoded."""

import os
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import BinaryIO

from tagging.imaging.colour import icc_kind
from tagging.imaging.files import AnyPath, open_regular, why_unreadable
from tagging.imaging.headers import HEADERS, Facts
from tagging.imaging.limits import Irregular, Limits, Unusable
from tagging.imaging.reader import NAMES
from tagging.imaging.sniff import HEAD, kind_of

__all__ = ["CONTENT_TYPES", "EXTENSIONS", "Limits", "Probe", "Unusable", "extension_matches", "probe", "probe_file"]

#: The extension that a stored file of each format gets, and the type it is served with.
EXTENSIONS = {
    "jpeg": "jpg",
    "png": "png",
    "webp": "webp",
    "bmp": "bmp",
    "gif": "gif",
    "tiff": "tif",
    "avif": "avif",
}
CONTENT_TYPES = {kind: f"image/{kind}" for kind in EXTENSIONS}

UNFINISHED = "ends in zero bytes: perhaps a copy that was never finished"
_TAIL = 512

_NAMED = {
    "jpeg": {"jpg", "jpeg", "jpe", "jfif", "jfi", "mpo"},
    "png": {"png", "apng"},
    "webp": {"webp"},
    "bmp": {"bmp", "dib"},
    "gif": {"gif"},
    "tiff": {"tif", "tiff"},
    "avif": {"avif", "avifs"},
}


@dataclass(frozen=True, slots=True)
class Probe:
    """What is known of a picture without decoding it.

    Attributes:
        format: "jpeg", "png", "webp", "bmp", "gif", "tiff" or "avif".
        width: of the upright picture.
        height: of the upright picture.
        orientation: EXIF's 1 to 8: how the stored pixels must be turned.
        mode: Pillow's mode.
        animated: there are more frames or pages than the one that is taken.
        has_alpha: the mode can carry transparency (whether a pixel uses it is known after decoding).
        bits: 8 or 16 a channel.
        icc: "none" (or unusable), "srgb" or "other".
        memory: bytes that a decode will take, estimated.
        notes: what a person should be told though the picture is used.
    """

    format: str
    width: int
    height: int
    orientation: int
    mode: str
    animated: bool
    has_alpha: bool
    bits: int
    icc: str
    memory: int
    notes: tuple[str, ...] = ()


def probe(path: AnyPath, limits: Limits) -> Probe:
    """Read the header of a file, by its content and never by its name.

    Raises:
        Unusable: it is no picture that can be read here, or is beyond a limit; one sentence says why.
    """
    try:
        with open_regular(path) as file:
            return probe_file(file, limits)
    except OSError as error:
        raise Unusable(why_unreadable(error)) from error


def probe_file(file: BinaryIO, limits: Limits) -> Probe:
    """As `probe`, for an open regular file.

    Raises:
        Unusable: as `probe`.
        OSError: it could not be read.
    """
    kind = recognise(file, limits)
    size = os.fstat(file.fileno()).st_size
    # Pillow's readers of these two take the whole file into memory before they look at it.
    if kind in ("webp", "avif") and 2 * size > limits.memory_bytes:
        raise Unusable(_too_much_memory(2 * size, limits))
    try:
        facts = HEADERS[kind](file)
    except Irregular as error:
        raise Unusable(f"It begins like a {NAMES[kind]} file, but its header is damaged.") from error
    memory = max(facts.width * facts.height * facts.bytes_a_pixel + facts.more_bytes, size if kind == "avif" else 0)
    _within(facts, memory, limits)
    notes = facts.notes
    if kind in ("jpeg", "webp") and _ends_in_zeros(file, size):
        notes += (UNFINISHED,)
    return _judged(kind, replace(facts, notes=notes), memory)


def recognise(file: BinaryIO, limits: Limits) -> str:
    """The format of an open regular file, by its size and first bytes alone.

    Raises:
        Unusable: it is too large, or no picture that can be read here.
        OSError: it could not be read.
    """
    size = os.fstat(file.fileno()).st_size
    if size > limits.max_bytes:
        raise Unusable(f"It has {_mebibytes(size)}; the limit is {_mebibytes(limits.max_bytes)}.")
    file.seek(0)
    return kind_of(file.read(HEAD))


def extension_matches(name: str, kind: str) -> bool:
    """Whether a file's name ends as files of this format do; a name without an extension does not."""
    return PurePath(name).suffix[1:].lower() in _NAMED[kind]


def _ends_in_zeros(file: BinaryIO, size: int) -> bool:
    """Decoders of these two formats, the trainers' as well, take such a file and show its end grey."""
    if size < 2 * _TAIL:
        return False
    file.seek(-_TAIL, os.SEEK_END)
    return not file.read(_TAIL).strip(b"\0")


def _judged(kind: str, facts: Facts, memory: int) -> Probe:
    icc = icc_kind(facts.icc, facts.mode)
    notes = facts.notes
    if facts.icc and icc == "none":
        notes += ("its colour profile cannot be used and is ignored",)
    turned = facts.orientation >= 5
    return Probe(
        format=kind,
        width=facts.height if turned else facts.width,
        height=facts.width if turned else facts.height,
        orientation=facts.orientation,
        mode=facts.mode,
        animated=facts.animated,
        has_alpha=facts.has_alpha,
        bits=facts.bits,
        icc=icc,
        memory=memory,
        notes=notes,
    )


def _within(facts: Facts, memory: int, limits: Limits) -> None:
    pixels = facts.width * facts.height
    size = f"{facts.width:,} × {facts.height:,} pixels"
    if pixels > limits.max_pixels:
        megapixels = f"{pixels / 1e6:,.1f} megapixels"
        raise Unusable(f"It has {size}, {megapixels}; the limit is {limits.max_pixels / 1e6:,.1f} megapixels.")
    if min(facts.width, facts.height) < limits.min_side:
        raise Unusable(f"It has {size}; each side needs at least {limits.min_side}.")
    if memory > limits.memory_bytes:
        raise Unusable(_too_much_memory(memory, limits))


def _too_much_memory(memory: int, limits: Limits) -> str:
    return f"Decoding it would take {_mebibytes(memory)} of memory; the limit is {_mebibytes(limits.memory_bytes)}."


def _mebibytes(size: int) -> str:
    return f"{size / 2**20:,.1f} MiB" if size >= 2**20 else f"{size:,} bytes"
