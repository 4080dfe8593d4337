"""The tags of TIFF files and EXIF blocks: just enough of them, with no way to make the reader work hard."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tagging.imaging.limits import Unusable

ORIENTATION = 0x0112
EXIF_IFD, GPS_IFD = 0x8769, 0x8825

#: A tag with more numbers than this is a way to fill the memory: 120 megapixels in strips of one row need 16,000.
_MOST_VALUES = 1_000_000
_SIZES = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_WHOLE = {1: "B", 3: "H", 4: "L", 6: "b", 8: "h", 9: "l", 13: "L", 16: "Q", 17: "q", 18: "Q"}
_BYTES = (1, 2, 6, 7)


@dataclass(frozen=True, slots=True)
class Tag:
    """One entry: `whole` is its value when it is a single whole number, `at` where that value or its offset stands."""

    number: int
    kind: int
    count: int
    whole: int | None
    at: int
    where: int

    @property
    def size(self) -> int:
        """Bytes of its values."""
        return self.count * _SIZES.get(self.kind, 0)


@dataclass(frozen=True, slots=True)
class Directory:
    """One list of tags; of equal ones the first counts, as in Pillow."""

    tags: dict[int, Tag]
    order: str
    big: bool

    def whole(self, number: int, default: int = 0) -> int:
        """The tag's value if it is one whole number."""
        tag = self.tags.get(number)
        return default if tag is None or tag.whole is None else tag.whole


def first_directory(file: BinaryIO) -> Directory | None:
    """The first list of tags of a TIFF file or EXIF block, or None when the header is none."""
    file.seek(0)
    header = file.read(16)
    order = {b"II": "<", b"MM": ">"}.get(header[:2])
    if order is None or len(header) < 8:
        return None
    big = struct.unpack(order + "H", header[2:4])[0] == 43
    if big and len(header) < 16:
        return None
    (at,) = struct.unpack(order + ("Q" if big else "L"), header[8:16] if big else header[4:8])
    return directory(file, at, order, big=big)


def directory(file: BinaryIO, at: int, order: str, *, big: bool) -> Directory:
    """The list of tags that stands at an offset; a cut one gives the tags before the cut.

    Raises:
        Unusable: a tag has an absurd number of values. (Pillow skips those that the file is too short for.)
    """
    tags: dict[int, Tag] = {}
    size = file.seek(0, 2)
    for tag in _entries(file, at, order, big=big):
        if tag.kind not in _BYTES and tag.count > _MOST_VALUES and tag.size <= size:
            raise Unusable("Its header holds an absurd number of values.")
        tags.setdefault(tag.number, tag)
    return Directory(tags, order, big)


def _entries(file: BinaryIO, at: int, order: str, *, big: bool) -> Iterator[Tag]:
    if at >= 2**63:
        return
    file.seek(at)
    head = file.read(8 if big else 2)
    if len(head) < (8 if big else 2):
        return
    (count,) = struct.unpack(order + ("Q" if big else "H"), head)
    layout = struct.Struct(order + ("HHQQ" if big else "HHLL"))
    for index in range(min(count, 65_535)):
        raw = file.read(layout.size)
        if len(raw) < layout.size:
            return
        number, kind, values, where = layout.unpack(raw)
        value_at = at + len(head) + index * layout.size + (12 if big else 8)
        yield Tag(number, kind, values, _whole(raw, kind, values, order, big=big), value_at, where)


def _whole(raw: bytes, kind: int, count: int, order: str, *, big: bool) -> int | None:
    form = _WHOLE.get(kind)
    if form is None or count != 1 or _SIZES[kind] > (8 if big else 4):
        return None
    value: int = struct.unpack_from(order + form, raw, 12 if big else 8)[0]
    return value
