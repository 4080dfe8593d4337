"""What a single picture may cost, and how a picture that cannot be used is told."""

import struct
import zlib
from dataclasses import dataclass


class Unusable(Exception):  # noqa: N818 - what a caller asks about a file, not a fault of the program
    """A file that is not imported; `str()` of it is one sentence that tells a person why."""


class Irregular(Exception):  # noqa: N818 - as Unusable
    """A file not built as its format says, though a decoder may still read it. Stays inside this package."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one picture, all applied before anything is decoded.

    Attributes:
        max_pixels: width × height.
        max_bytes: size of the file.
        min_side: the shorter side, in pixels.
        memory_bytes: what one decode may take, estimated from the header (`Probe.memory`).
    """

    max_pixels: int = 120_000_000
    max_bytes: int = 512 * 2**20
    min_side: int = 16
    memory_bytes: int = 600 * 2**20


#: What ordinary damaged files make Pillow and its decoders raise. Each was seen or is raised in the source of the
#: plug-ins; everything else is a fault of ours and must be loud.
BAD_FILE: tuple[type[Exception], ...] = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    AttributeError,
    AssertionError,
    EOFError,
    ArithmeticError,
    MemoryError,
    BufferError,
    RuntimeError,
    Warning,
    struct.error,
    zlib.error,
)
