"""The header of each format: what Pillow reads of it, and what it does not tell or would only tell after decoding."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import BinaryIO

from PIL import ImageFile

from tagging.imaging import exif, gif, jpeg, png, tiff, webp
from tagging.imaging.limits import Unusable
from tagging.imaging.reader import opened

FIRST_FRAME = "animated: first frame only"
FIRST_PAGE = "several pages: first one only"
FIRST_PICTURE = "holds several pictures: first one only"

#: Bytes a pixel that a decode takes at its peak, measured at 120 megapixels.
_PLAIN, _PROGRESSIVE, _ALPHA, _AVIF, _WEBP = 4, 7, 8, 9, 16

#: Pillow keeps all segments of a header in memory; of those that cameras write this is not worth counting.
_LARGE_HEADER = 2**20

#: Each scan of a JPEG goes over the whole picture, however little it says: 1,000 of them are a way to burn minutes.
_MOST_SCANS = 100
#: Pillow unpacks run-length bitmaps in Python, a byte at a time.
_MOST_RLE_PIXELS, _MOST_RLE_BYTES = 30_000_000, 16 * 2**20
_MOST_TILES = 200_000


@dataclass(frozen=True, slots=True)
class Facts:
    """A header, sizes as stored (not yet upright). `more_bytes`: memory beside that of the pixels."""

    width: int
    height: int
    mode: str
    orientation: int = 1
    animated: bool = False
    has_alpha: bool = False
    bits: int = 8
    icc: bytes | None = None
    bytes_a_pixel: int = _PLAIN
    more_bytes: int = 0
    notes: tuple[str, ...] = ()


def _jpeg(file: BinaryIO) -> Facts:
    head = jpeg.header(file)
    turned = exif.orientation(*jpeg.metadata(file, head.segments))
    scans = jpeg.count_scans(file, head.scan.start) if head.buffers_whole_picture else 1
    if scans > _MOST_SCANS:
        raise Unusable(f"It is a JPEG of {scans:,} scans; more than {_MOST_SCANS} are not decoded.")
    with opened(file, "jpeg") as picture:
        return Facts(
            *picture.size,
            picture.mode,
            orientation=turned,
            icc=picture.info.get("icc_profile"),
            bytes_a_pixel=_PROGRESSIVE if head.buffers_whole_picture else _PLAIN,
            more_bytes=head.scan.start if head.scan.start > _LARGE_HEADER else 0,
            notes=(FIRST_PICTURE,) if picture.format == "MPO" else (),
        )


def _png(file: BinaryIO) -> Facts:
    turned = exif.orientation(*png.metadata(file))
    depth = png.depth(file)
    with opened(file, "png") as picture:
        return _of_pillow(picture, orientation=turned, animated=_moves(picture), bits=16 if depth == 16 else 8)


def _gif(file: BinaryIO) -> Facts:
    animated = gif.is_animated(file)
    with opened(file, "gif") as picture:
        return _of_pillow(picture, animated=animated)


def _bmp(file: BinaryIO) -> Facts:
    with opened(file, "bmp") as picture:
        facts = _of_pillow(picture)
        if picture.tile[0].codec_name == "bmp_rle":
            size = file.seek(0, 2)
            if size > _MOST_RLE_BYTES or facts.width * facts.height > _MOST_RLE_PIXELS:
                raise Unusable("It is a run-length bitmap so large that unpacking it would take minutes.")
        return facts


def _avif(file: BinaryIO) -> Facts:
    with opened(file, "avif") as picture:
        turned = exif.orientation(picture.info.get("exif"), picture.info.get("xmp"))
        return _of_pillow(picture, orientation=turned, animated=_moves(picture), bytes_a_pixel=_AVIF)


def _webp(file: BinaryIO) -> Facts:
    """Read without Pillow, whose reader makes room for the whole picture as it opens it."""
    head = webp.header(file)
    has_alpha = bool(head.flags & (webp.ALPHA_FLAG | webp.ANIMATION_FLAG))
    exif_block = webp.part(file, head, b"EXIF", webp.EXIF_FLAG)
    xmp = webp.part(file, head, b"XMP ", webp.XMP_FLAG)
    return Facts(
        head.width,
        head.height,
        "RGBA" if has_alpha else "RGB",
        orientation=exif.orientation(exif_block, xmp),
        animated=head.frames > 1,
        has_alpha=has_alpha,
        icc=webp.part(file, head, b"ICCP", webp.ICC_FLAG),
        bytes_a_pixel=_WEBP,
        notes=(FIRST_FRAME,) if head.frames > 1 else (),
    )


def _tiff(file: BinaryIO) -> Facts:
    head = tiff.header(file)
    with opened(file, "tiff") as picture:
        if len(picture.tile) > _MOST_TILES:
            raise Unusable("It is made of absurdly many pieces.")
        facts = _of_pillow(picture, animated=_moves(picture), bits=head.bits, more_bytes=head.unpacking)
    # Pillow's size is upright already, and only when a tag of TIFF itself says so.
    notes = (FIRST_PAGE,) if facts.animated else ()
    return replace(facts, width=head.width, height=head.height, orientation=head.orientation, notes=notes)


def _of_pillow(
    picture: ImageFile.ImageFile,
    *,
    orientation: int = 1,
    animated: bool = False,
    bits: int = 8,
    bytes_a_pixel: int = 0,
    more_bytes: int = 0,
) -> Facts:
    has_alpha = picture.has_transparency_data
    return Facts(
        *picture.size,
        picture.mode,
        orientation=orientation,
        animated=animated,
        has_alpha=has_alpha,
        bits=16 if picture.mode[0] in "IF" else bits,
        icc=picture.info.get("icc_profile"),
        bytes_a_pixel=bytes_a_pixel or (_ALPHA if has_alpha else _PLAIN),
        more_bytes=more_bytes,
        notes=(FIRST_FRAME,) if animated else (),
    )


def _moves(picture: ImageFile.ImageFile) -> bool:
    """Only for the formats where Pillow knows this from the header."""
    return bool(getattr(picture, "is_animated", False))


HEADERS: dict[str, Callable[[BinaryIO], Facts]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "bmp": _bmp,
    "gif": _gif,
    "tiff": _tiff,
    "avif": _avif,
}
