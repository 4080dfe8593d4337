"""Files that say more than their pixels, one for each place where metadata hide."""

import struct
import zlib
from typing import Any

from tests.imaging import pictures, profiles

SECRET = b"SECRET-4711"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a note="SECRET-4711"/></x:xmpmeta>'
EXIF = pictures.exif(make="SECRET-4711", gps="SECRET-4711")
PHOTOSHOP = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 16) + b"\x1c\x02\x50\0\x0bSECRET-4711"
SRGB = profiles.srgb()


def _jpegs() -> dict[str, bytes]:
    plain = pictures.encode(pictures.rgb(), "JPEG", icc_profile=SRGB)
    progressive = pictures.encode(pictures.rgb(), "JPEG", progressive=True)
    last_scan = progressive.rindex(b"\xff\xda")
    return {
        "JPEG EXIF": pictures.with_segment(plain, 0xE1, EXIF),
        "JPEG XMP": pictures.with_segment(plain, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        "JPEG IPTC": pictures.with_segment(plain, 0xED, PHOTOSHOP),
        "JPEG comment": pictures.with_segment(plain, 0xFE, SECRET),
        "JPEG maker's segment": pictures.with_segment(plain, 0xEB, b"JP" + SECRET),
        "JPEG little picture": pictures.with_segment(plain, 0xE0, b"JFXX\0\x10" + SECRET),
        "JPEG comment between scans": (
            progressive[:last_scan] + pictures.jpeg_segment(0xFE, SECRET) + progressive[last_scan:]
        ),
    }


def _pngs() -> dict[str, bytes]:
    plain = pictures.encode(pictures.rgb(), icc_profile=SRGB)
    return {
        "PNG text": pictures.with_chunk(plain, b"tEXt", b"parameters\0" + SECRET),
        "PNG packed text": pictures.with_chunk(plain, b"zTXt", b"prompt\0\0" + zlib.compress(SECRET, 0)),
        "PNG international text": pictures.with_chunk(plain, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        "PNG text behind the pixels": pictures.with_chunk(plain, b"tEXt", b"workflow\0" + SECRET, before=b"IEND"),
        "PNG EXIF": pictures.with_chunk(plain, b"eXIf", EXIF[6:]),
    }


def _webps() -> dict[str, bytes]:
    options: dict[str, Any] = {"lossless": True, "icc_profile": SRGB, "exif": EXIF, "xmp": XMP}
    return {"WebP EXIF and XMP": pictures.encode(pictures.rgb(), "WEBP", **options)}


def _stowaways() -> dict[str, bytes]:
    """What belongs to no block that a format knows: never kept, not even on request."""
    jpeg = pictures.encode(pictures.rgb(), "JPEG")
    png = pictures.encode(pictures.rgb())
    tables = jpeg.index(b"\xff\xdb")
    return {
        "JPEG behind its end": jpeg + SECRET,
        "JPEG between segments": jpeg[:tables] + SECRET + jpeg[tables:],
        "JPEG second picture": pictures.encode(
            pictures.rgb(), "MPO", save_all=True, append_images=[pictures.rgb()], exif=EXIF
        ),
        "PNG private chunk": pictures.with_chunk(png, b"prVt", SECRET),
        "PNG behind its end": png + SECRET,
        "WebP behind its end": pictures.encode(pictures.rgb(), "WEBP", lossless=True) + SECRET,
    }


TALKATIVE = _jpegs() | _pngs() | _webps()
STOWAWAYS = _stowaways()
ALL = TALKATIVE | STOWAWAYS
