"""Pictures made by code, small and each unlike the others."""

import io
import itertools
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

_colours = itertools.count(1)
SIZE = (32, 24)


def drawn(size: tuple[int, int] = SIZE, mode: str = "RGB") -> Pillow.Image:
    """A picture of a colour that no other has."""
    number = next(_colours)
    picture = Pillow.new("RGB", size, (number % 256, number // 256 % 256, 99))
    return picture.convert(mode)


def encoded(picture: Pillow.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png(size: tuple[int, int] = SIZE) -> bytes:
    return encoded(drawn(size), "PNG")


def put(folder: Path, *names: str) -> list[Path]:
    """Write a new picture under each name, in the format that the name says, and make the folders it needs."""
    kinds = {"jpg": "JPEG", "jpeg": "JPEG", "jfif": "JPEG", "tif": "TIFF"}
    written = []
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        extension = path.suffix[1:].lower()
        path.write_bytes(encoded(drawn(), kinds.get(extension, extension.upper() or "PNG")))
        written.append(path)
    return written


def caption(picture: Path, text: str | bytes) -> Path:
    """Write the caption file of a picture."""
    path = picture.with_suffix(".txt")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path
