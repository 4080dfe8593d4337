"""The one door to Pillow's decoders: seven formats, damaged files told from our own faults, one decode at a time."""

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

# Imported for what they register: asking Pillow for a format that it does not know yet would load all its plug-ins.
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from tagging.imaging.limits import BAD_FILE, Unusable

_PLUG_INS = {
    "jpeg": (JpegImagePlugin, MpoImagePlugin),
    "png": (PngImagePlugin,),
    "webp": (WebPImagePlugin,),
    "bmp": (BmpImagePlugin,),
    "gif": (GifImagePlugin,),
    "tiff": (TiffImagePlugin,),
    "avif": (AvifImagePlugin,),
}
NAMES = {
    "jpeg": "JPEG",
    "png": "PNG",
    "webp": "WebP",
    "bmp": "BMP",
    "gif": "GIF",
    "tiff": "TIFF",
    "avif": "AVIF",
}

# Our own limits are asked before each decode, with a sentence for a person; a cut file must fail.
Image.MAX_IMAGE_PIXELS = None
ImageFile.LOAD_TRUNCATED_IMAGES = False
# One process of an import decodes one picture; the cores are shared out among processes.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

#: Two big pictures at once in a server's threads would take twice the memory that `Limits` promises.
_one_at_a_time = threading.RLock()


def _renew_lock() -> None:
    global _one_at_a_time  # noqa: PLW0603 - a forked child must not inherit a lock that another thread holds
    _one_at_a_time = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


@contextmanager
def opened(file: BinaryIO, kind: str) -> Iterator[ImageFile.ImageFile]:
    """A picture whose header Pillow has read; while the block runs no other is decoded in this process.

    Raises:
        Unusable: the header cannot be read.
    """
    with _one_at_a_time, warnings.catch_warnings():
        # Pillow warns of damaged metadata, which is nobody's concern here.
        warnings.filterwarnings("ignore", module=r"PIL\.")
        try:
            picture = Image.open(file, formats=(NAMES[kind],))
        except BAD_FILE as error:
            raise Unusable(_damage(kind, error)) from error
        _mend_transparency(picture)
        with picture:
            yield picture


def load(picture: ImageFile.ImageFile, kind: str) -> None:
    """Decode the picture.

    Raises:
        Unusable: it cannot be decoded to its end. (After that the object is useless: a second load lies.)
    """
    try:
        picture.load()
    except BAD_FILE as error:
        raise Unusable(_damage(kind, error)) from error


def _mend_transparency(picture: ImageFile.ImageFile) -> None:
    """Bring a PNG's transparent colour to the depth of the pixels that Pillow will give.

    Pillow scales grey of 2 and 4 bits up and RGB of 16 bits down, but not the colour it compares them with.
    """
    key = picture.info.get("transparency")
    raw_mode = picture.tile[0].args if picture.format == "PNG" and picture.tile else None
    if isinstance(key, int) and raw_mode in ("L;2", "L;4"):
        picture.info["transparency"] = key * (85 if raw_mode == "L;2" else 17)
    elif isinstance(key, tuple) and raw_mode == "RGB;16B":
        picture.info["transparency"] = tuple(level >> 8 for level in key)


def _damage(kind: str, error: Exception) -> str:
    name = NAMES[kind]
    if isinstance(error, MemoryError):
        return f"Decoding this {name} file takes more memory than there is."
    if isinstance(error, UnidentifiedImageError):
        return f"It begins like a {name} file, but its header is damaged."
    if "truncated" in str(error).lower():
        return f"It is a {name} file that breaks off too early."
    return f"It is a damaged {name} file that cannot be decoded."
