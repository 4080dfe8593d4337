"""The blocks of a GIF file: whether it moves, found without decoding and in bounded time."""

from typing import BinaryIO

from tagging.imaging.limits import Unusable

_MOST_HEADER_BLOCKS = 20_000
_MOST_BLOCKS = 2_000_000
_ABSURD = "It is made of absurdly many little blocks."


def is_animated(file: BinaryIO) -> bool:
    """Whether a second frame follows the first (a file that breaks off before it has one).

    Raises:
        Unusable: it is made of absurdly many little blocks, which would keep a decoder busy for minutes.
    """
    file.seek(10)
    _skip_palette(file)
    file.seek(2, 1)
    _skip_to_frame(file)
    file.seek(8, 1)
    _skip_palette(file)
    file.seek(1, 1)
    _skip_blocks(file, _MOST_BLOCKS)
    return _skip_to_frame(file)


def _skip_palette(file: BinaryIO) -> None:
    flags = file.read(1)
    # The screen's palette stands two bytes further on than a frame's: both callers land on its end all the same.
    if flags and flags[0] & 0x80:
        file.seek(3 << (flags[0] & 7) + 1, 1)


def _skip_to_frame(file: BinaryIO) -> bool:
    """Stand behind the next frame's separator; False when the file has no further frame."""
    for _ in range(_MOST_HEADER_BLOCKS):
        byte = file.read(1)
        if byte in (b"", b";", b","):
            return byte == b","
        if byte == b"!":
            file.seek(1, 1)
            _skip_blocks(file, _MOST_HEADER_BLOCKS)
    raise Unusable(_ABSURD)


def _skip_blocks(file: BinaryIO, most: int) -> None:
    for _ in range(most):
        size = file.read(1)
        if not size or not size[0]:
            return
        file.seek(size[0], 1)
    raise Unusable(_ABSURD)
