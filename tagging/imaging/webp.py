"""The chunks of a WebP file (RFC 9649): what its header says, and which of them an export keeps."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tagging.imaging.limits import Irregular, Unusable

ICC_FLAG, ALPHA_FLAG, EXIF_FLAG, XMP_FLAG, ANIMATION_FLAG = 0x20, 0x10, 0x08, 0x04, 0x02

FLAGS = {b"ICCP": ICC_FLAG, b"EXIF": EXIF_FLAG, b"XMP ": XMP_FLAG}

_MOST_CHUNKS = 100_000
_PICTURE = frozenset({b"VP8 ", b"VP8L", b"VP8X", b"ALPH"})


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk's kind, where its data starts and how long that is."""

    kind: bytes
    start: int
    size: int


@dataclass(frozen=True, slots=True)
class Header:
    """Size of the canvas, and what the first chunk's flags say is there."""

    width: int
    height: int
    flags: int
    frames: int
    chunks: tuple[Chunk, ...]
    end: int


def header(file: BinaryIO) -> Header:
    """Walk all chunks; their data are not read.

    Raises:
        Irregular: the first chunk is none that says a size.
    """
    found = tuple(_chunks(file))
    if not found:
        raise Irregular("no picture data")
    first = found[0]
    file.seek(first.start)
    width, height, flags = _size_and_flags(first.kind, file.read(10))
    frames = sum(chunk.kind == b"ANMF" for chunk in found) or 1
    last = found[-1]
    return Header(width, height, flags, frames, found, last.start + last.size + last.size % 2)


def part(file: BinaryIO, head: Header, kind: bytes, flag: int) -> bytes | None:
    """The data of a chunk that counts only when its flag is set, as in libwebp."""
    if not head.flags & flag:
        return None
    for chunk in head.chunks:
        if chunk.kind == kind:
            file.seek(chunk.start)
            return file.read(chunk.size)
    return None


def kept(chunk: Chunk, *, keep_icc: bool, keep_metadata: bool) -> bool:
    """Whether an export keeps the chunk."""
    if chunk.kind == b"ICCP":
        return keep_icc
    return chunk.kind in _PICTURE or (keep_metadata and chunk.kind in (b"EXIF", b"XMP "))


def _chunks(file: BinaryIO) -> Iterator[Chunk]:
    file.seek(4)
    end = 8 + int.from_bytes(file.read(4), "little")
    at = 12
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8 or at + 8 > end:
            return
        chunk = Chunk(head[:4], at + 8, int.from_bytes(head[4:], "little"))
        yield chunk
        at = chunk.start + chunk.size + chunk.size % 2
    raise Unusable("It is made of absurdly many pieces.")


def _size_and_flags(kind: bytes, data: bytes) -> tuple[int, int, int]:
    if kind == b"VP8X" and len(data) >= 10:
        return int.from_bytes(data[4:7], "little") + 1, int.from_bytes(data[7:10], "little") + 1, data[0]
    if kind == b"VP8L" and len(data) >= 5 and data[0] == 0x2F:
        bits = int.from_bytes(data[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1, ALPHA_FLAG if bits >> 28 & 1 else 0
    if kind == b"VP8 " and data[3:6] == b"\x9d\x01\x2a":
        return int.from_bytes(data[6:8], "little") & 0x3FFF, int.from_bytes(data[8:10], "little") & 0x3FFF, 0
    raise Irregular("no size")
