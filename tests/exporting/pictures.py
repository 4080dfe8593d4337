"""Pictures made by code, and images of a dataset whose files really lie in the storage."""

import io
import itertools
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from PIL import Image as Pillow
from PIL import PngImagePlugin

from tagging.imaging.intake import take_in
from tagging.imaging.limits import Limits
from tagging.imaging.probe import EXTENSIONS
from tagging.models import Dataset, Image
from tagging.storage import OriginalStorage
from tests import factories

SIZE = (300, 280)
_numbers = itertools.count(1)


def drawn(size: tuple[int, int] = SIZE) -> Pillow.Image:
    """A picture whose four corners differ, so that a turn shows; in its middle a number that no other picture has."""
    number = next(_numbers)
    picture = Pillow.new("RGB", size, (90, 120, 128))
    for bit in range(16):  # blocks as large as those of JPEG, which keep no finer difference
        x, y = size[0] // 16 * 8 + 8 * bit, size[1] // 16 * 8
        picture.paste("black" if number >> bit & 1 else "white", (x, y, x + 8, y + 8))
    for x, y, corner in ((0, 0, "red"), (1, 0, "lime"), (0, 1, "blue"), (1, 1, "yellow")):
        side = min(size) // 4
        picture.paste(
            corner,
            (x * (size[0] - side), y * (size[1] - side), x * (size[0] - side) + side, y * (size[1] - side) + side),
        )
    return picture


def encoded(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encoded(drawn(size), "PNG", **options)


def jpeg(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encoded(drawn(size), "JPEG", quality=90, **options)


def webp(size: tuple[int, int] = SIZE, **options: Any) -> bytes:
    return encoded(drawn(size), "WEBP", **options)


def exif(*, orientation: int = 1, secret: str = "") -> bytes:
    """EXIF with a place, a serial number and, in each text, `secret`."""
    block = Pillow.Exif()
    block[0x0112] = orientation
    block[0x010F] = f"Maker {secret}"
    inner = block.get_ifd(0x8769)
    inner[0xA431] = f"serial {secret}"
    place = block.get_ifd(0x8825)
    place[1], place[2] = "N", (52.0, 31.0, 12.0)
    return block.tobytes()


def prompt(text: str) -> PngImagePlugin.PngInfo:
    """What image generators write into their PNGs."""
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", text)
    info.add_itxt("XML:com.adobe.xmp", f"<x:xmpmeta>{text}</x:xmpmeta>")
    return info


def transparent() -> bytes:
    """Hidden colours under full transparency in the left half."""
    picture = drawn().convert("RGBA")
    picture.paste((255, 0, 255, 0), (0, 0, SIZE[0] // 2, SIZE[1]))
    return encoded(picture, "PNG")


def deep() -> bytes:
    """A 16-bit grey ramp."""
    picture = Pillow.new("I;16", (256, 256))
    picture.putdata([x * 257 for _ in range(256) for x in range(256)])
    return encoded(picture, "PNG")


def store(
    of: Dataset,
    data: bytes | None = None,
    number: int | None = None,
    *,
    tags: Sequence[str] = (),
    state: str = "todo",
    description: str = "",
    **columns: Any,
) -> Image:
    """An image as an import would have made it, its original in the storage."""
    storage = OriginalStorage()
    source = Path(storage.incoming_dir()) / uuid4().hex
    source.write_bytes(data or png())
    taken = take_in(str(source), storage.incoming_dir(), Limits())
    source.unlink()
    Path(taken.thumb_temp).unlink()
    storage.adopt(taken.temp_path, storage.original_name(taken.sha256, EXTENSIONS[taken.probe.format]))
    values: dict[str, Any] = {
        "sha256": taken.sha256,
        "first_sha256": taken.sha256,
        "format": taken.probe.format,
        "width": taken.probe.width,
        "height": taken.probe.height,
        "orientation": taken.probe.orientation,
        "opaque": taken.opaque,
        "byte_size": taken.byte_size,
    }
    return factories.image(of, number, tags=tags, state=state, description=description, **(values | columns))


def contents(folder: Path) -> dict[str, bytes]:
    """Every file below a folder by its relative name."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


NOISE = 64 * 64 * 3  # bytes that no coding makes fewer


def noise(*, kind: str = "PNG", side: int = 64) -> bytes:
    return encoded(Pillow.frombytes("RGB", (side, side), secrets.token_bytes(side * side * 3)), kind)
