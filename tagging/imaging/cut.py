"""A file without its metadata: the pieces of it that stay, pixels untouched."""

import mmap
import os
from collections.abc import Callable, Iterator
from typing import BinaryIO, TypeAlias

from tagging.imaging import jpeg, png, webp
from tagging.imaging.limits import Irregular

#: A stretch of the file (from, to), or bytes that stand in place of some.
Piece: TypeAlias = tuple[int, int] | bytes

_BLOCK = 2**20


def pieces(file: BinaryIO, kind: str, *, keep_icc: bool, keep_metadata: bool) -> list[Piece]:
    """What an export keeps of a JPEG, PNG or WebP file, in order.

    One stretch from the first byte to the last means that nothing has to go.

    Raises:
        Irregular: the file is not built as its format says.
    """
    size = os.fstat(file.fileno()).st_size
    joined: list[Piece] = []
    for piece in _PIECES[kind](file, keep_icc, keep_metadata):
        if isinstance(piece, tuple) and piece[1] > size:
            raise Irregular("the file ends too early")
        if isinstance(piece, tuple) and joined and isinstance(joined[-1], tuple) and joined[-1][1] == piece[0]:
            joined[-1] = (joined[-1][0], piece[1])
        else:
            joined.append(piece)
    return joined


def is_whole(file: BinaryIO, found: list[Piece]) -> bool:
    """Whether the pieces are the file, byte for byte."""
    return found == [(0, os.fstat(file.fileno()).st_size)]


def write_pieces(file: BinaryIO, found: list[Piece], out: BinaryIO) -> None:
    """Write the pieces one after the other."""
    for piece in found:
        if isinstance(piece, bytes):
            out.write(piece)
            continue
        file.seek(piece[0])
        left = piece[1] - piece[0]
        while left and (block := file.read(min(left, _BLOCK))):
            out.write(block)
            left -= len(block)


def _jpeg(file: BinaryIO, keep_icc: bool, keep_metadata: bool) -> Iterator[Piece]:  # noqa: FBT001 - all three alike
    head = jpeg.header(file)
    if head.frame not in jpeg.COMMON_FRAMES:
        raise Irregular("a coding that browsers do not read")
    yield (0, 2)
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
        for segment in (*head.segments, *jpeg.scans(view, head.scan.start)):
            if segment.marker in (jpeg.SOS, jpeg.EOI):
                yield (segment.start, segment.end)
                continue
            kept = jpeg.kept(file, segment, keep_icc=keep_icc, keep_metadata=keep_metadata)
            if kept is not None:
                yield _unless_same(file, segment.start, segment.end, kept)


def _png(file: BinaryIO, keep_icc: bool, keep_metadata: bool) -> Iterator[Piece]:  # noqa: FBT001 - all three alike
    yield (0, len(png.SIGNATURE))
    for chunk in png.chunks(file):
        if chunk.kind == b"acTL":
            raise Irregular("an animation")
        if png.kept(file, chunk, keep_icc=keep_icc, keep_metadata=keep_metadata):
            yield (chunk.start - 8, chunk.end)


def _webp(file: BinaryIO, keep_icc: bool, keep_metadata: bool) -> Iterator[Piece]:  # noqa: FBT001 - all three alike
    head = webp.header(file)
    if head.flags & webp.ANIMATION_FLAG:
        raise Irregular("an animation")
    kept = [part for part in head.chunks if webp.kept(part, keep_icc=keep_icc, keep_metadata=keep_metadata)]
    size = 4 + sum(8 + part.size + part.size % 2 for part in kept)
    yield _unless_same(file, 0, 12, b"RIFF" + size.to_bytes(4, "little") + b"WEBP")
    dropped = {part.kind for part in head.chunks} - {part.kind for part in kept}
    flags = sum(flag for kind, flag in webp.FLAGS.items() if kind in dropped)
    for part in kept:
        end = part.start + part.size + part.size % 2
        if part.kind == b"VP8X":
            yield (part.start - 8, part.start)
            yield _unless_same(file, part.start, part.start + 1, bytes([head.flags & ~flags]))
            yield (part.start + 1, end)
        else:
            yield (part.start - 8, end)


_PIECES: dict[str, Callable[[BinaryIO, bool, bool], Iterator[Piece]]] = {"jpeg": _jpeg, "png": _png, "webp": _webp}


def _unless_same(file: BinaryIO, start: int, end: int, wanted: bytes) -> Piece:
    file.seek(start)
    return (start, end) if file.read(end - start) == wanted else wanted
