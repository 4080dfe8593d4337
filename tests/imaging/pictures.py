"""Pictures made by code: four quarters of known colours, in every mode, stored any way up."""

import io
import struct
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from tagging.imaging.limits import Limits

Colour = tuple[int, int, int]

WIDTH, HEIGHT = 96, 64
LIMITS = Limits()

RED, GREEN, BLUE, SAND = (200, 40, 40), (40, 160, 60), (50, 70, 200), (230, 220, 120)
WHITE, BLACK = (255, 255, 255), (0, 0, 0)

#: What must be done to an upright picture to store it with an orientation: the inverse of what the EXIF value asks.
STORED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@dataclass(frozen=True)
class Sample:
    """A picture in some mode, and its quarters (top left, top right, bottom left, bottom right) as people see them."""

    picture: Image.Image
    seen: tuple[Colour, Colour, Colour, Colour]
    format: str = "PNG"


def quarters(mode: str, colours: tuple[object, ...], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    width, height = size
    picture = Image.new(mode, size)
    for index, colour in enumerate(colours):
        left, top = index % 2 * width // 2, index // 2 * height // 2
        picture.paste(colour, (left, top, left + width // 2, top + height // 2))  # type: ignore[arg-type]
    return picture


def deep_grey(levels: tuple[int, ...], size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """Quarters of 16-bit levels (Pillow's own paste would keep 8 bits of them)."""
    width, height = size
    rows = [
        struct.pack(f"<{width}H", *(levels[y * 2 // height * 2 + x * 2 // width] for x in range(width)))
        for y in range(height)
    ]
    return Image.frombytes("I;16", size, b"".join(rows))


def grey(*levels: int) -> tuple[Colour, Colour, Colour, Colour]:
    first, second, third, fourth = ((level, level, level) for level in levels)
    return first, second, third, fourth


def rgb(size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    return quarters("RGB", (RED, GREEN, BLUE, SAND), size)


def samples() -> dict[str, Sample]:
    """One picture for each mode; where there is transparency, the top right quarter hides a colour under it."""
    colours = (RED, GREEN, BLUE, SAND)
    hidden = (RED, WHITE, BLUE, SAND)
    half = (153, 163, 228)  # blue of half opacity on white
    levels = (20, 100, 180, 240)
    palette = quarters("P", (0, 1, 2, 3))
    palette.putpalette([level for colour in colours for level in colour])
    see_through = palette.copy()
    see_through.info["transparency"] = bytes([255, 0, 255, 255])
    alpha = (255, 0, 128, 255)
    return {
        "RGB": Sample(rgb(), colours),
        "P": Sample(palette, colours),
        "P+transparency": Sample(see_through, hidden),
        "1": Sample(quarters("1", (255, 0, 0, 0)), (WHITE, BLACK, BLACK, BLACK)),
        "L": Sample(quarters("L", levels), grey(*levels)),
        "LA": Sample(quarters("LA", tuple(zip(levels, alpha, strict=True))), grey(20, 255, 217, 240)),
        "RGBA": Sample(
            quarters("RGBA", tuple((*colour, opacity) for colour, opacity in zip(colours, alpha, strict=True))),
            (RED, WHITE, half, SAND),
        ),
        "I;16": Sample(deep_grey(tuple(level * 257 + 90 for level in levels)), grey(*levels)),
        "CMYK": Sample(
            quarters("CMYK", ((0, 215, 215, 55), (0, 0, 0, 0), (0, 0, 0, 255), (0, 0, 0, 100))),
            ((200, 31, 31), WHITE, BLACK, (155, 155, 155)),
            "JPEG",
        ),
    }


def encode(sample: Sample | Image.Image, kind: str | None = None, orientation: int = 1, **options: Any) -> bytes:
    """The picture in a file whose EXIF says the orientation, its pixels stored accordingly."""
    picture = sample.picture if isinstance(sample, Sample) else sample
    kind = kind or (sample.format if isinstance(sample, Sample) else "PNG")
    info = picture.info
    if orientation in STORED:
        picture = picture.transpose(STORED[orientation])
        picture.info = info
    if orientation != 1:
        options["exif"] = exif(orientation)
    if kind == "JPEG":
        options = {"quality": 95, "subsampling": 0, **options}
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif(orientation: int = 1, **texts: str) -> bytes:
    block = Image.Exif()
    if orientation != 1:
        block[0x0112] = orientation
    if "make" in texts:
        block[0x010F] = texts["make"]
    if "gps" in texts:
        block.get_ifd(0x8825)[1] = texts["gps"]
        block[0x8825] = {1: texts["gps"], 29: texts["gps"]}
    return block.tobytes()


def deep_rgb(sample: Image.Image, orientation: int = 1, icc: bytes | None = None) -> bytes:
    """A PNG of 16 bits a channel, which Pillow reads but does not write."""
    picture = sample.transpose(STORED[orientation]) if orientation in STORED else sample
    width, height = picture.size
    levels = picture.tobytes()
    rows = (levels[at : at + width * 3] for at in range(0, len(levels), width * 3))
    raw = b"".join(b"\0" + b"".join(bytes((level, level)) for level in row) for row in rows)
    chunks = [png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 16, 2, 0, 0, 0))]
    if icc:
        chunks.append(png_chunk(b"iCCP", b"p\0\0" + zlib.compress(icc)))
    if orientation != 1:
        chunks.append(png_chunk(b"eXIf", exif(orientation)[6:]))
    chunks += [png_chunk(b"IDAT", zlib.compress(raw)), png_chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def png_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def with_chunk(png: bytes, kind: bytes, data: bytes, *, before: bytes = b"IDAT") -> bytes:
    """A PNG with one more chunk, in front of the first of another kind."""
    at = png.index(before) - 4
    return png[:at] + png_chunk(kind, data) + png[at:]


def jpeg_segment(marker: int, data: bytes) -> bytes:
    return bytes((0xFF, marker)) + struct.pack(">H", len(data) + 2) + data


def with_segment(jpeg: bytes, marker: int, data: bytes) -> bytes:
    """A JPEG with one more segment right behind its start."""
    return jpeg[:2] + jpeg_segment(marker, data) + jpeg[2:]


def store(folder: Path, data: bytes, name: str = "picture") -> Path:
    path = folder / name
    path.write_bytes(data)
    return path


def centres(picture: Image.Image) -> tuple[Colour, ...]:
    """The colour in the middle of each quarter."""
    shown = picture.convert("RGB")
    places = ((x, y) for y in (1, 3) for x in (1, 3))
    found = [shown.getpixel((x * shown.width // 4, y * shown.height // 4)) for x, y in places]
    return tuple(found)  # type: ignore[arg-type]


def distance(seen: tuple[Colour, ...], meant: tuple[Colour, ...]) -> int:
    """The largest difference of any channel."""
    return max(abs(a - b) for one, other in zip(seen, meant, strict=True) for a, b in zip(one, other, strict=True))


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture
