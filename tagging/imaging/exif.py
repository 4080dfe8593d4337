"""Which way up a picture is, from its EXIF block or XMP packet, and the same blocks saying "upright"."""

import io
import re
import struct

from tagging.imaging import ifd
from tagging.imaging.limits import Unusable

#: Pillow's own pattern (Image.getexif): what trainers that turn pictures go by when EXIF says nothing.
_XMP_ORIENTATION = re.compile(rb'tiff:Orientation(="|>)([0-9])')
_PREFIX = re.compile(rb"\A(Exif\x00\x00){1,2}")

#: More EXIF than any camera writes; what lies beyond is not searched.
MOST_EXIF = 4 * 2**20


def orientation(exif: bytes | None, xmp: bytes | None) -> int:
    """The EXIF orientation, 1 to 8, as Pillow and so the trainers see it: EXIF first, else XMP, else 1.

    Args:
        exif: a TIFF header and its tags, with or without the "Exif" prefix.
        xmp: the packet as stored.
    """
    found = _exif_orientation(exif) if exif else None
    if found is None and xmp and (match := _XMP_ORIENTATION.search(xmp)):
        found = int(match[2])
    return found if found is not None and 1 <= found <= 8 else 1


def upright_exif(exif: bytes) -> bytes:
    """The block with its orientation set to 1 and nothing else changed."""
    start = len(exif) - len(_bare(exif))
    try:
        tags = ifd.first_directory(io.BytesIO(_bare(exif)))
    except Unusable:
        return exif
    tag = tags.tags.get(ifd.ORIENTATION) if tags else None
    if tags is None or tag is None or tag.kind != 3:
        return exif
    at = start + tag.at
    return exif[:at] + struct.pack(tags.order + "H", 1) + exif[at + 2 :]


def upright_xmp(xmp: bytes) -> bytes:
    """The packet with its orientation set to 1."""
    return _XMP_ORIENTATION.sub(rb"tiff:Orientation\g<1>1", xmp)


def _bare(exif: bytes) -> bytes:
    return _PREFIX.sub(b"", exif)


def _exif_orientation(exif: bytes) -> int | None:
    """None when the tag is absent; 0 when it is there and senseless, which in Pillow too keeps XMP from being asked."""
    try:
        tags = ifd.first_directory(io.BytesIO(_bare(exif[:MOST_EXIF])))
    except Unusable:
        return None
    if tags is None or ifd.ORIENTATION not in tags.tags:
        return None
    return tags.whole(ifd.ORIENTATION)
