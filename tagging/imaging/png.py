"""The chunks of a PNG file: what its header says, and the file without its metadata."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from tagging.imaging.limits import Irregular, Unusable

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXTS = frozenset({b"tEXt", b"zTXt", b"iTXt"})

_MOST_CHUNKS = 1_000_000
_MOST_TEXT = 2**20
_MOST_BESIDE = 64 * 2**20
_XMP_KEY, _EXIF_KEY = b"XML:com.adobe.xmp", b"Raw profile type exif"

#: What the picture is made of, and what describes it without saying anything private.
_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_HARMLESS = frozenset({b"sRGB", b"sBIT", b"bKGD", b"hIST", b"pHYs"})
_SRGB_CHROMA = (31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000)
_SRGB_CICP = b"\x01\x0d\x00\x01"


@dataclass(frozen=True, slots=True)
class Chunk:
    """A chunk's kind, where its data starts and how long that is."""

    kind: bytes
    start: int
    size: int

    @property
    def end(self) -> int:
        """Behind the check sum."""
        return self.start + self.size + 4


def chunks(file: BinaryIO) -> Iterator[Chunk]:
    """The chunks up to and with IEND.

    Raises:
        Irregular: the file ends before IEND.
        Unusable: there are absurdly many.
    """
    at = len(SIGNATURE)
    for _ in range(_MOST_CHUNKS):
        file.seek(at)
        head = file.read(8)
        if len(head) < 8:
            raise Irregular("no end chunk")
        chunk = Chunk(head[4:], at + 8, int.from_bytes(head[:4], "big"))
        yield chunk
        if chunk.kind == b"IEND":
            return
        at = chunk.end
    raise Unusable("It is made of absurdly many pieces.")


def data(file: BinaryIO, chunk: Chunk) -> bytes:
    """The chunk's bytes."""
    file.seek(chunk.start)
    return file.read(chunk.size)


def metadata(file: BinaryIO) -> tuple[bytes | None, bytes | None]:
    """The EXIF block and the XMP packet, wherever in the file they stand.

    Pillow's `getexif()` would decode the whole picture to find a block behind the pixels.

    Raises:
        Unusable: beside the pixels there is absurdly much, which Pillow would read into memory.
    """
    exif = profile = xmp = None
    beside = 0
    try:
        for chunk in chunks(file):
            beside += chunk.size if chunk.kind not in (b"IDAT", b"fdAT") else 0
            if beside > _MOST_BESIDE:
                raise Unusable("It holds absurdly much text.")
            if chunk.size > _MOST_TEXT:
                continue
            if chunk.kind == b"eXIf":
                exif = data(file, chunk)
            elif chunk.kind in TEXTS:
                key, text = _text(chunk.kind, data(file, chunk))
                xmp = text if key == _XMP_KEY and chunk.kind == b"iTXt" else xmp
                profile = _unhexed(text) if key == _EXIF_KEY else profile
    except Irregular:
        pass  # What stood before the cut counts; whether the picture can be decoded is asked elsewhere.
    return exif or profile, xmp


def depth(file: BinaryIO) -> int:
    """Bits a channel, from IHDR (which comes first)."""
    file.seek(len(SIGNATURE) + 16)
    return (file.read(1) or b"\0")[0]


def kept(file: BinaryIO, chunk: Chunk, *, keep_icc: bool, keep_metadata: bool) -> bool:
    """Whether an export keeps the chunk.

    Notes on colour stay only when they say sRGB: browsers obey `gAMA`, `cHRM` and `cICP`, trainers do not, so that
    others would show people another picture than the one trained on.
    """
    if chunk.kind in _PICTURE | _HARMLESS:
        return True
    if chunk.kind == b"iCCP":
        return keep_icc
    if chunk.kind in (b"gAMA", b"cHRM", b"cICP"):
        return chunk.size <= 32 and _says_srgb(chunk.kind, data(file, chunk))
    return keep_metadata and (chunk.kind in TEXTS or chunk.kind in (b"eXIf", b"tIME"))


def _says_srgb(kind: bytes, value: bytes) -> bool:
    numbers = [int.from_bytes(value[at : at + 4], "big") for at in range(0, len(value), 4)]
    if kind == b"gAMA":
        return len(numbers) == 1 and abs(numbers[0] - 45455) <= 500
    if kind == b"cHRM":
        return len(numbers) == 8 and all(abs(a - b) <= 100 for a, b in zip(numbers, _SRGB_CHROMA, strict=True))
    return value == _SRGB_CICP


def _text(kind: bytes, raw: bytes) -> tuple[bytes, bytes]:
    """Key and text of the two keys that matter; other chunks are not unpacked."""
    key, _, rest = raw.partition(b"\0")
    if key not in (_XMP_KEY, _EXIF_KEY):
        return key, b""
    if kind == b"tEXt":
        return key, rest
    if kind == b"zTXt":
        return key, _inflated(rest[1:])
    packed, rest = rest[:1], rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    return key, _inflated(rest) if packed == b"\1" else rest


def _inflated(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, _MOST_TEXT)
    except zlib.error:
        return b""


def _unhexed(text: bytes) -> bytes:
    """ImageMagick's way to carry EXIF in a text: three lines of heading, then hexadecimal digits."""
    try:
        return bytes.fromhex(b"".join(text.split(b"\n")[3:]).decode("ascii"))
    except ValueError:
        return b""


def texts(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    """Kind and data of the text chunks, without those that can say an orientation."""
    try:
        for chunk in chunks(file):
            if chunk.kind in TEXTS and not (raw := data(file, chunk)).startswith((_XMP_KEY, _EXIF_KEY)):
                yield chunk.kind, raw
    except Irregular:
        return
