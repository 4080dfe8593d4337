"""The metadata that a converted picture carries along when somebody asks to keep it, told that it is upright now."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, PngImagePlugin

from tagging.imaging import exif, jpeg, png, webp
from tagging.imaging.limits import BAD_FILE
from tagging.imaging.reader import opened

#: What TIFF's own directory says about the picture and not about its storage: description, make, model, software,
#: date, artist, copyright.
_DESCRIBING = (270, 271, 272, 305, 306, 315, 33_432)
_INNER = (0x8769, 0x8825)

#: One JPEG segment holds no more; what is longer cannot come along.
_MOST_EXIF, _MOST_XMP = 65_533, 65_504


@dataclass(frozen=True, slots=True)
class Metadata:
    """EXIF with its prefix, XMP, and PNG's own text chunks as (kind, data)."""

    exif: bytes = b""
    xmp: bytes = b""
    texts: tuple[tuple[bytes, bytes], ...] = ()


def upright_metadata(file: BinaryIO, kind: str) -> Metadata:
    """What a file of the format says about itself, its orientation set to 1."""
    found = _READERS[kind](file) if kind in _READERS else Metadata()
    block = found.exif
    if block and not block.startswith(jpeg.EXIF):
        block = jpeg.EXIF + block
    return Metadata(exif.upright_exif(block), exif.upright_xmp(found.xmp), found.texts)


def save_options(found: Metadata, extension: str) -> dict[str, object]:
    """The same as arguments of Pillow's `save` for "jpg" or "png"."""
    if extension == "jpg":
        blocks = {"exif": (found.exif, _MOST_EXIF), "xmp": (found.xmp, _MOST_XMP)}
        return {name: block for name, (block, most) in blocks.items() if 0 < len(block) <= most}
    chunks = PngImagePlugin.PngInfo()
    for text_kind, data in found.texts:
        chunks.add(text_kind, data)
    if found.xmp:
        chunks.add_itxt("XML:com.adobe.xmp", found.xmp)
    return {"pnginfo": chunks} | ({"exif": found.exif} if found.exif else {})


def _jpeg(file: BinaryIO) -> Metadata:
    exif_block, xmp = jpeg.metadata(file, jpeg.header(file).segments)
    return Metadata(exif_block or b"", xmp or b"")


def _png(file: BinaryIO) -> Metadata:
    exif_block, xmp = png.metadata(file)
    return Metadata(exif_block or b"", xmp or b"", tuple(png.texts(file)))


def _webp(file: BinaryIO) -> Metadata:
    head = webp.header(file)
    exif_block, xmp = webp.part(file, head, b"EXIF", webp.EXIF_FLAG), webp.part(file, head, b"XMP ", webp.XMP_FLAG)
    return Metadata(exif_block or b"", xmp or b"")


def _avif(file: BinaryIO) -> Metadata:
    with opened(file, "avif") as picture:
        return Metadata(picture.info.get("exif") or b"", picture.info.get("xmp") or b"")


def _tiff(file: BinaryIO) -> Metadata:
    with opened(file, "tiff") as picture:
        xmp = picture.info.get("xmp")
        try:
            source, kept = picture.getexif(), Image.Exif()
            for tag in _DESCRIBING:
                if tag in source:
                    kept[tag] = source[tag]
            for tag in _INNER:
                if inner := source.get_ifd(tag):
                    kept[tag] = inner
            block = kept.tobytes() if len(kept) else b""
        except BAD_FILE:
            block = b""  # Damaged metadata cannot be kept; the picture can.
        return Metadata(block, xmp if isinstance(xmp, bytes) else b"")


_READERS: dict[str, Callable[[BinaryIO], Metadata]] = {
    "jpeg": _jpeg,
    "png": _png,
    "webp": _webp,
    "avif": _avif,
    "tiff": _tiff,
}
