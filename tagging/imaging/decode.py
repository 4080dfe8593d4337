"""One decode of a picture, given upright, in sRGB of 8 bits, opaque, and as small as asked for."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import Image, ImageFile

from tagging.imaging.colour import Flattener
from tagging.imaging.limits import Unusable
from tagging.imaging.probe import Probe
from tagging.imaging.reader import load, opened

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}

#: Pixels that are converted at a time, so that a big picture never stands in memory twice.
_PIECE = 1_000_000


@dataclass(frozen=True, slots=True)
class Flat:
    """A picture in mode "L" or "RGB" without any metadata, and whether it was opaque everywhere."""

    picture: Image.Image
    opaque: bool


@contextmanager
def flat(file: BinaryIO, probe: Probe, longest: int | None = None) -> Iterator[Flat]:
    """Decode a picture to its end and give it as everybody sees it; it is gone when the block ends.

    Args:
        file: of which `probe` was read.
        probe: the header.
        longest: the longer side of what is given; None for full size. Nothing is enlarged.

    Raises:
        Unusable: it cannot be decoded to its end, or not as its header said.
    """
    width, height = _size(probe, longest)
    if probe.orientation >= 5:
        width, height = height, width
    with opened(file, probe.format) as picture:
        _expect(picture, probe)
        if longest is not None:
            picture.draft("RGB", (width, height))
        load(picture, probe.format)
        if probe.format == "tiff" and probe.orientation >= 5:
            width, height = height, width  # Pillow turns this format by itself.
        icc = picture.info.get("icc_profile") if probe.icc == "other" else None
        flattener = Flattener(picture, icc)
        given = _shrunk(picture, flattener, (width, height))
        if probe.format != "tiff" and probe.orientation in _TURNS:
            given = given.transpose(_TURNS[probe.orientation])
        given.info = {}
        yield Flat(given, flattener.opaque)


def _size(probe: Probe, longest: int | None) -> tuple[int, int]:
    most = max(probe.width, probe.height)
    if longest is None or most <= longest:
        return probe.width, probe.height
    scale = longest / most
    return max(1, round(probe.width * scale)), max(1, round(probe.height * scale))


def _expect(picture: ImageFile.ImageFile, probe: Probe) -> None:
    """The limits were asked of the header; a decoder that sees another size has not been asked."""
    if sorted(picture.size) != sorted((probe.width, probe.height)):
        raise Unusable("Its header contradicts itself about the size.")


def _shrunk(picture: Image.Image, flattener: Flattener, size: tuple[int, int]) -> Image.Image:
    """Flatten at full size, so that no hidden colour bleeds into its neighbours; then shrink."""
    width, height = picture.size
    factor = max(1, int(min(width / size[0], height / size[1]) / 1.5))
    reduced = _reduced(picture, flattener, factor)
    if reduced.size == size:
        return reduced
    box = (0, 0, width / factor, height / factor)
    return reduced.resize(size, Image.Resampling.LANCZOS, box=box)


def _reduced(picture: Image.Image, flattener: Flattener, factor: int) -> Image.Image:
    if flattener.plain:
        return picture.reduce(factor) if factor > 1 else picture
    width, height = picture.size
    reduced = Image.new(flattener.mode, (-(-width // factor), -(-height // factor)))
    rows = max(1, _PIECE // width // factor) * factor
    for top in range(0, height, rows):
        piece = flattener(picture.crop((0, top, width, min(height, top + rows))))
        reduced.paste(piece.reduce(factor) if factor > 1 else piece, (0, top // factor))
    return reduced
