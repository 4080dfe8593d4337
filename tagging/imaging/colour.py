"""From whatever a file holds to what everybody sees: sRGB, 8 bits, grey or RGB, nothing transparent."""

import io
from functools import lru_cache

from PIL import Image, ImageCms, ImageMath

#: What shines through transparent places, in thumbnails, screens and exports alike.
FLATTEN = "#ffffff"

#: A profile is sRGB when none of 729 sample colours moves by more than this many of 255 levels (the many files called
#: sRGB differ by 1 or 2; gamma 2.2, the nearest other one, by 8).
_SRGB_TOLERANCE = 3


def space_of(mode: str) -> str:
    """The colour space that a profile for this Pillow mode speaks of: "GRAY", "CMYK" or "RGB"."""
    if mode in ("1", "L", "LA", "La", "F") or mode.startswith("I"):
        return "GRAY"
    return "CMYK" if mode == "CMYK" else "RGB"


def icc_kind(icc: bytes | None, mode: str) -> str:
    """What a profile means for a picture of this mode.

    Returns:
        "none" (no profile, or one that cannot be used with these pixels and is ignored everywhere), "srgb" or "other".
    """
    return _icc_kind(icc, space_of(mode)) if icc else "none"


@lru_cache(maxsize=64)
def _icc_kind(icc: bytes, space: str) -> str:
    transform = _transform(icc, space)
    if transform is None:
        return "none"
    if space == "CMYK":
        return "other"
    samples = _samples(transform.input_mode)
    before, after = samples.convert("RGB").tobytes(), transform.apply(samples).tobytes()
    drift = max(abs(old - new) for old, new in zip(before, after, strict=True))
    return "srgb" if drift <= _SRGB_TOLERANCE else "other"


def _samples(mode: str) -> Image.Image:
    if mode == "L":
        return Image.frombytes("L", (256, 1), bytes(range(256)))
    steps = [round(step * 255 / 8) for step in range(9)]
    colours = bytes(level for red in steps for green in steps for blue in steps for level in (red, green, blue))
    return Image.frombytes("RGB", (729, 1), colours)


@lru_cache(maxsize=16)
def _transform(icc: bytes, space: str) -> ImageCms.ImageCmsTransform | None:
    """To sRGB from the profile, or None when it is broken or speaks of another colour space."""
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(icc))
        own = profile.profile.xcolor_space.strip()
        if own != space and (space, own) != ("GRAY", "RGB"):
            return None
        mode = {"GRAY": "L", "RGB": "RGB", "CMYK": "CMYK"}[own]
        return ImageCms.ImageCmsTransform(profile, _profile("sRGB"), mode, "RGB")
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return None


@lru_cache(maxsize=2)
def _profile(name: str) -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB" if name == "LAB" else "sRGB"))


class Flattener:
    """Turns pieces of one decoded picture into opaque sRGB of 8 bits: "L" where the picture is grey, else "RGB".

    Attributes:
        mode: of what comes out.
        plain: the picture is already what would come out.
        opaque: False as soon as one piece had a pixel that was not fully opaque.
    """

    def __init__(self, picture: Image.Image, icc: bytes | None) -> None:
        """Look at the whole picture, decoded; pieces of it are given to the call.

        Args:
            picture: in any mode that Pillow's decoders give.
            icc: its profile, when that is usable and not sRGB.
        """
        self.opaque = True
        self.mode = "L" if space_of(picture.mode) == "GRAY" else "RGB"
        self._transform = _transform(icc, space_of(picture.mode)) if icc else None
        self._top = _top_level(picture)
        self.plain = picture.mode == self.mode and not picture.has_transparency_data and self._transform is None

    def __call__(self, piece: Image.Image) -> Image.Image:
        """One piece, flattened."""
        colours, alpha = self._split(piece)
        colours = self._in_srgb(colours)
        if alpha is None or alpha.getextrema() == (255, 255):
            return colours
        self.opaque = False
        ground = Image.new(colours.mode, colours.size, FLATTEN)
        ground.paste(colours, mask=alpha)
        return ground

    def _split(self, piece: Image.Image) -> tuple[Image.Image, Image.Image | None]:
        """Colours as "L", "RGB", "CMYK" or "LAB", and the alpha channel where there is one."""
        if piece.mode == "F" or piece.mode.startswith("I"):
            return self._eight_bits(piece), _deep_alpha(piece)
        if piece.has_transparency_data:
            both = piece.convert("LA" if self.mode == "L" and piece.mode != "1" else "RGBA")
            return both.convert(self.mode), both.getchannel("A")
        if piece.mode in ("CMYK", "LAB", self.mode):
            return piece, None
        return piece.convert(self.mode), None

    def _eight_bits(self, piece: Image.Image) -> Image.Image:
        """Deep grey, scaled instead of clipped."""
        scale = 255 / self._top
        deep = piece if piece.mode in ("I", "F") else piece.convert("I")
        return deep.point(lambda level: level * scale + 0.5).convert("L")

    def _in_srgb(self, colours: Image.Image) -> Image.Image:
        if colours.mode == "LAB":
            return ImageCms.ImageCmsTransform(_profile("LAB"), _profile("sRGB"), "LAB", "RGB").apply(colours)
        if self._transform is not None:
            if colours.mode != self._transform.input_mode:
                colours = colours.convert(self._transform.input_mode)
            colours = self._transform.apply(colours)
        return colours if colours.mode == self.mode else colours.convert(self.mode)


def _top_level(picture: Image.Image) -> float:
    """The level that is white: 16 bits have one, the deeper modes of TIFF are measured by what they hold."""
    if picture.mode.startswith("I;16"):
        return 65_535
    if picture.mode not in ("I", "F"):
        return 255
    highest = picture.getextrema()[1]
    if not isinstance(highest, int | float) or not highest > 0:
        return 255
    steps = (1.0, 255.0, 65_535.0) if picture.mode == "F" else (255.0, 65_535.0)
    return next((step for step in steps if highest <= step), float(highest))


def _deep_alpha(piece: Image.Image) -> Image.Image | None:
    """255 but where 16-bit grey has the one level that its PNG calls transparent."""
    key = piece.info.get("transparency")
    if not isinstance(key, int):
        return None
    differs = ImageMath.lambda_eval(lambda args: args["notequal"](args["level"], key), level=piece.convert("I"))
    alpha: Image.Image = differs.point(lambda level: level * 255).convert("L")
    return alpha
