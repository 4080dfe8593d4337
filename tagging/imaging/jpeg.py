"""The segments of a JPEG file (ITU T.81 annex B): what its header says, and the file without its metadata."""

import mmap
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tagging.imaging.limits import Irregular, Unusable

SOI, EOI, SOS, COM = 0xD8, 0xD9, 0xDA, 0xFE
APP0, APP1, APP2, APP13, APP14, APP15 = 0xE0, 0xE1, 0xE2, 0xED, 0xEE, 0xEF
EXIF, XMP, ICC, MPF = b"Exif\0\0", b"http://ns.adobe.com/xap/1.0/\0", b"ICC_PROFILE\0", b"MPF\0"

_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_PROGRESSIVE = frozenset({0xC2, 0xC6, 0xCA, 0xCE})
#: The codings that browsers and every trainer read: baseline, extended sequential, progressive, all Huffman.
COMMON_FRAMES = frozenset({0xC0, 0xC1, 0xC2})
_ALONE = frozenset({0x01, SOI, *range(0xD0, 0xD8)})

#: A marker that ends a scan's data: everything but stuffed zeros, restarts and values without meaning.
_NEXT_MARKER = re.compile(rb"\xff[\xc0-\xcf\xd8-\xef\xfe]")

_MOST_SEGMENTS = 20_000
_MOST_JUNK = 65_536
#: Cameras fill one segment, 64 KiB. Pillow puts several together one by one and copies each time.
_MOST_EXIF = 4 * 2**20


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker and its bytes, `start` at the 0xFF, `end` behind the last byte (for a scan: behind its data)."""

    marker: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the first scan."""

    segments: tuple[Segment, ...]
    frame: int
    components: int
    scan: Segment
    scan_components: int

    @property
    def buffers_whole_picture(self) -> bool:
        """A picture that comes in several scans is held in memory as coefficients until the last one."""
        return self.frame in _PROGRESSIVE or self.scan_components < self.components


def header(file: BinaryIO) -> Header:
    """Walk the segments up to the first scan.

    Raises:
        Irregular: no frame or no scan is found.
        Unusable: there are absurdly many segments, or bytes between them.
    """
    found: list[Segment] = []
    frame = components = 0
    for segment in _segments(file):
        if segment.marker == SOS:
            if not frame:
                break
            file.seek(segment.start + 4)
            return Header(tuple(found), frame, components, segment, file.read(1)[0])
        if segment.marker in _FRAMES:
            file.seek(segment.start + 9)
            frame, components = segment.marker, file.read(1)[0]
        found.append(segment)
        if len(found) > _MOST_SEGMENTS:
            raise Unusable("Its header is made of absurdly many pieces.")
    raise Irregular("no picture data")


def payload(file: BinaryIO, segment: Segment) -> bytes:
    """The segment's bytes behind its length."""
    file.seek(segment.start + 4)
    return file.read(segment.end - segment.start - 4)


def metadata(file: BinaryIO, segments: tuple[Segment, ...]) -> tuple[bytes | None, bytes | None]:
    """The EXIF block (with its prefix) and the XMP packet, as Pillow joins them.

    Raises:
        Unusable: the EXIF block is absurdly large.
    """
    exif = xmp = None
    for segment in segments:
        if segment.marker != APP1:
            continue
        data = payload(file, segment)
        if data.startswith(EXIF):
            exif = data if exif is None else exif + data[len(EXIF) :]
            if len(exif) > _MOST_EXIF:
                raise Unusable("Its EXIF block is absurdly large.")
        elif data.startswith(XMP):
            xmp = data[len(XMP) :]
    return exif, xmp


def scans(view: bytes | mmap.mmap, start: int) -> Iterator[Segment]:
    """The segments from the first scan to the end marker, each scan with its data.

    Raises:
        Irregular: the file ends before its end marker.
    """
    at = start
    while True:
        marker = view[at + 1]
        if marker == EOI:
            yield Segment(EOI, at, at + 2)
            return
        end = at + 2 if marker in _ALONE else at + 2 + int.from_bytes(view[at + 2 : at + 4], "big")
        following = _NEXT_MARKER.search(view, end)
        if following is None:
            raise Irregular("no end marker")
        yield Segment(marker, at, following.start() if marker == SOS else end)
        at = following.start()


def count_scans(file: BinaryIO, start: int) -> int:
    """How often a start of scan stands behind `start`, read in pieces."""
    file.seek(start)
    count, before = 0, b""
    while piece := file.read(2**20):
        # The last byte goes along, so that a marker across two pieces counts too.
        count += (before + piece).count(b"\xff\xda")
        before = piece[-1:]
    return count


def kept(file: BinaryIO, segment: Segment, *, keep_icc: bool, keep_metadata: bool) -> bytes | None:
    """The segment as an export keeps it, or None when it is cut out.

    Kept are what decoding needs, the JFIF header without its little picture, Adobe's colour note and an sRGB profile.
    With `keep_metadata` everything but the index of trailing pictures and a profile that is not kept.
    """
    data = payload(file, segment)
    whole = bytes((0xFF, segment.marker)) + (len(data) + 2).to_bytes(2, "big") + data
    if segment.marker == APP2 and data.startswith(ICC):
        return whole if keep_icc else None
    if segment.marker == APP2 and data.startswith(MPF):
        return None
    if keep_metadata or not (APP0 <= segment.marker <= APP15 or segment.marker == COM):
        return whole
    if segment.marker == APP0 and data.startswith(b"JFIF\0") and len(data) >= 14:
        return b"\xff\xe0\0\x10" + data[:12] + b"\0\0"
    if segment.marker == APP14 and data.startswith(b"Adobe"):
        return whole
    return None


def _segments(file: BinaryIO) -> Iterator[Segment]:
    at, junk = 2, 0
    while True:
        file.seek(at)
        lead = file.read(4)
        if len(lead) < 2:
            return
        marker = lead[1]
        if lead[0] != 0xFF or marker in (0x00, 0xFF):
            at, junk = at + 1, junk + 1
            if junk > _MOST_JUNK:
                raise Unusable("Its header is damaged.")
        elif marker in _ALONE:
            at += 2
        elif marker == EOI or len(lead) < 4:
            return
        else:
            end = at + 2 + int.from_bytes(lead[2:], "big")
            yield Segment(marker, at, end)
            at = end
