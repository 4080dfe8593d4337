"""What the first directory of a TIFF file says, read without unpacking any tag's many values."""

import struct
from dataclasses import dataclass
from typing import BinaryIO

from tagging.imaging import exif, ifd
from tagging.imaging.limits import Irregular, Unusable

_NEW_SUBFILE_TYPE, _WIDTH, _HEIGHT, _BITS, _COMPRESSION = 254, 256, 257, 258, 259
_SAMPLES, _ROWS_PER_STRIP, _TILE_WIDTH, _TILE_HEIGHT = 277, 278, 322, 323
_SUB_DIRECTORIES, _XMP, _DNG_VERSION = 330, 700, 50_706
_MOST_XMP = _LARGE_TAG = 2**20


@dataclass(frozen=True, slots=True)
class Header:
    """Size as stored; `unpacking`: bytes of memory that decompressing takes beside the picture itself."""

    width: int
    height: int
    orientation: int
    bits: int
    unpacking: int


def header(file: BinaryIO) -> Header:
    """Read the first directory.

    Raises:
        Irregular: there is none.
        Unusable: it is a camera raw file, whose first picture is a thumbnail, or claims absurd counts.
    """
    tags = ifd.first_directory(file)
    if tags is None:
        raise Irregular("no directory")
    if _DNG_VERSION in tags.tags or (tags.whole(_NEW_SUBFILE_TYPE) & 1 and _SUB_DIRECTORIES in tags.tags):
        raise Unusable("It is a camera raw file; develop it to JPEG or PNG first.")
    for inner in (ifd.EXIF_IFD, ifd.GPS_IFD):
        if at := tags.whole(inner):
            # Read for its refusal alone: Pillow unpacks all values of these after a decode.
            ifd.directory(file, at, tags.order, big=tags.big)
    return Header(
        width=tags.whole(_WIDTH),
        height=tags.whole(_HEIGHT),
        orientation=_orientation(file, tags),
        bits=16 if _first_value(file, tags, _BITS) > 8 else 8,
        unpacking=_unpacking(file, tags),
    )


def xmp(file: BinaryIO, tags: ifd.Directory) -> bytes | None:
    """The XMP packet, when there is one of sensible size."""
    tag = tags.tags.get(_XMP)
    if tag is None or not 4 < tag.count <= _MOST_XMP:
        return None
    file.seek(tag.where)
    return file.read(tag.count)


def _orientation(file: BinaryIO, tags: ifd.Directory) -> int:
    if ifd.ORIENTATION in tags.tags:
        turned = tags.whole(ifd.ORIENTATION)
        return turned if 1 <= turned <= 8 else 1
    return exif.orientation(None, xmp(file, tags))


def _unpacking(file: BinaryIO, tags: ifd.Directory) -> int:
    """Compressed: one strip or tile, and the whole file, which libtiff maps into memory. Else: large tags alone."""
    size = file.seek(0, 2)
    if tags.whole(_COMPRESSION, 1) == 1:
        return min(size, sum(tag.size for tag in tags.tags.values() if tag.size > _LARGE_TAG))
    width = tags.whole(_TILE_WIDTH) or tags.whole(_WIDTH)
    height = tags.whole(_TILE_HEIGHT) or min(tags.whole(_ROWS_PER_STRIP, 2**32), tags.whole(_HEIGHT))
    strip = width * height * max(tags.whole(_SAMPLES, 1), 1) * max(_first_value(file, tags, _BITS) // 8, 1)
    return strip + size


def _first_value(file: BinaryIO, tags: ifd.Directory, number: int) -> int:
    """The first of a tag's short numbers, which stand elsewhere when they are many."""
    tag = tags.tags.get(number)
    if tag is None or tag.kind != 3 or not tag.count:
        return 1
    file.seek(tag.at if tag.count * 2 <= (8 if tags.big else 4) else tag.where)
    raw = file.read(2)
    return int(struct.unpack(tags.order + "H", raw)[0]) if len(raw) == 2 else 1
