"""What people see is what is trained on: each mode × orientation × colour profile, in thumbnail, screen and export."""

import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tagging.imaging import render
from tagging.imaging.probe import probe
from tagging.imaging.thumbnails import decode_and_thumbnail, screen
from tests.imaging import exports, pictures, profiles
from tests.imaging.pictures import LIMITS, Colour

SAMPLES = pictures.samples()
MODES = [*SAMPLES, "RGB of 16 bits"]
PROFILES = ("none", "srgb", "other")


def _linear(level: int) -> int:
    """A level of light, from 0 to 255, as sRGB writes it (IEC 61966-2-1)."""
    light = level / 255
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def _file(folder: Path, mode: str, orientation: int, profile: str) -> Path:
    if mode == "RGB of 16 bits":
        icc = {"srgb": profiles.srgb(), "other": profiles.red_and_blue_swapped()}.get(profile)
        return pictures.store(folder, pictures.deep_rgb(pictures.rgb(), orientation, icc))
    icc = _profile(mode, profile)
    options: dict[str, Any] = {"icc_profile": icc} if icc else {}
    return pictures.store(folder, pictures.encode(SAMPLES[mode], orientation=orientation, **options))


def _profile(mode: str, profile: str) -> bytes | None:
    if profile == "none":
        return None
    if mode == "CMYK":
        return profiles.black_ink_only() if profile == "other" else profiles.srgb()
    if profile == "srgb":
        return profiles.srgb()
    return profiles.linear_grey() if mode in ("1", "L", "LA", "I;16") else profiles.red_and_blue_swapped()


def _meant(mode: str, profile: str) -> tuple[Colour, ...]:
    """The quarters as the profile means them; transparency is laid on white after that."""
    if mode == "RGB of 16 bits":
        mode = "RGB"
    if profile != "other":
        return SAMPLES[mode].seen
    if mode == "CMYK":
        return pictures.grey(194, 255, 0, 144)
    if mode == "LA":
        return pictures.grey(_linear(20), 255, round(_linear(180) * 128 / 255 + 127), _linear(240))
    if mode in ("1", "L", "I;16"):
        levels = [_linear(colour[0]) for colour in SAMPLES[mode].seen]
        return pictures.grey(*levels)
    return tuple((blue, green, red) for red, green, blue in SAMPLES[mode].seen)


def _all(test: Callable[..., None]) -> Callable[..., None]:
    for name, values in (("mode", MODES), ("orientation", range(1, 9)), ("profile", PROFILES)):
        test = pytest.mark.parametrize(name, values)(test)
    return test


@_all
def test_thumbnail_shows_the_meant_colours(tmp_path: Path, mode: str, orientation: int, profile: str) -> None:
    path = _file(tmp_path, mode, orientation, profile)

    made = decode_and_thumbnail(path, probe(path, LIMITS))

    shown = pictures.opened(made.thumb)
    assert shown.size == (made.thumb_width, made.thumb_height) == (pictures.WIDTH, pictures.HEIGHT)
    assert pictures.distance(pictures.centres(shown), _meant(mode, profile)) <= 5


@_all
def test_export_has_the_meant_colours(tmp_path: Path, mode: str, orientation: int, profile: str) -> None:
    path = _file(tmp_path, mode, orientation, profile)
    header = probe(path, LIMITS)
    opaque = decode_and_thumbnail(path, header).opaque

    written = exports.rendered(path, render.plan(path, header, opaque))

    shown = pictures.opened(written)
    assert shown.size == (pictures.WIDTH, pictures.HEIGHT)
    assert shown.mode in ("1", "L", "P", "RGB")
    assert pictures.distance(pictures.centres(shown), _meant(mode, profile)) <= 3


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("profile", PROFILES)
def test_export_of_an_export_is_a_copy(tmp_path: Path, mode: str, orientation: int, profile: str) -> None:
    path = _file(tmp_path, mode, orientation, profile)
    header = probe(path, LIMITS)
    opaque = decode_and_thumbnail(path, header).opaque
    first = pictures.store(tmp_path, exports.rendered(path, render.plan(path, header, opaque)), "first")

    header = probe(first, LIMITS)
    plan = render.plan(first, header, decode_and_thumbnail(first, header).opaque)

    assert plan.action == "copy"
    assert exports.rendered(first, plan) == first.read_bytes()


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("mode", MODES)
def test_screen_shows_the_meant_colours(tmp_path: Path, mode: str, orientation: int) -> None:
    path = _file(tmp_path, mode, orientation, "none")

    made = screen(path, probe(path, LIMITS))

    shown = pictures.opened(made.data)
    assert shown.size == (made.width, made.height) == (pictures.WIDTH, pictures.HEIGHT)
    assert pictures.distance(pictures.centres(shown), _meant(mode, "none")) <= 5


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("JPEG", {}),
        ("JPEG", {"progressive": True}),
        ("WEBP", {"quality": 95}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("TIFF", {"compression": "tiff_adobe_deflate"}),
        ("AVIF", {"quality": 95}),
    ],
)
def test_thumbnail_is_upright_in_every_format(
    tmp_path: Path, kind: str, options: dict[str, Any], orientation: int
) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, orientation, **options))
    header = probe(path, LIMITS)

    shown = pictures.opened(decode_and_thumbnail(path, header).thumb)

    assert (header.width, header.height) == shown.size == (pictures.WIDTH, pictures.HEIGHT)
    assert header.orientation == orientation
    assert pictures.distance(pictures.centres(shown), SAMPLES["RGB"].seen) <= 8


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["TIFF", "AVIF", "WEBP"])
def test_export_is_upright_in_every_format(tmp_path: Path, kind: str, orientation: int) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, orientation))

    shown = pictures.opened(exports.rendered(path, render.plan(path, probe(path, LIMITS), True)))

    assert shown.size == (pictures.WIDTH, pictures.HEIGHT)
    assert pictures.distance(pictures.centres(shown), SAMPLES["RGB"].seen) <= 8


def test_sixteen_bit_ramp_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    levels = list(range(0, 65_536, 64))
    ramp = Image.frombytes("I;16", (1024, 16), struct.pack("<1024H", *levels) * 16)
    path = pictures.store(tmp_path, pictures.encode(ramp))

    shown = pictures.opened(exports.rendered(path, render.plan(path, probe(path, LIMITS), True)))

    assert [shown.getpixel((x, 8)) for x in range(1024)] == [int(level / 257 + 0.5) for level in levels]


def test_thumbnail_lets_no_hidden_colour_bleed(tmp_path: Path) -> None:
    neon = pictures.quarters("RGBA", ((9, 9, 9, 255), (0, 255, 0, 0), (0, 255, 0, 0), (0, 255, 0, 0)), (1400, 1000))
    path = pictures.store(tmp_path, pictures.encode(neon))

    shown = pictures.opened(decode_and_thumbnail(path, probe(path, LIMITS)).thumb).convert("RGB")

    row = [shown.getpixel((x, 60)) for x in range(shown.width)]
    assert max(abs(green - red) for red, green, _ in row) <= 4  # type: ignore[misc]


@pytest.mark.parametrize(("key", "depth", "pixel"), [(1, 2, b"\x55"), (5, 4, b"\x55"), (1, 1, b"\xff")])
def test_transparent_level_of_shallow_grey_is_laid_on_white(tmp_path: Path, key: int, depth: int, pixel: bytes) -> None:
    row = b"\0" + pixel * (16 * depth // 8)
    header = pictures.png_chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, depth, 0, 0, 0, 0))
    parts = [header, pictures.png_chunk(b"tRNS", struct.pack(">H", key))]
    parts += [pictures.png_chunk(b"IDAT", zlib.compress(row * 16)), pictures.png_chunk(b"IEND", b"")]
    path = pictures.store(tmp_path, b"\x89PNG\r\n\x1a\n" + b"".join(parts))

    made = decode_and_thumbnail(path, probe(path, LIMITS))

    assert made.opaque is False
    assert pictures.opened(made.thumb).convert("RGB").getpixel((8, 8)) == pictures.WHITE


def test_transparent_level_of_deep_grey_is_laid_on_white(tmp_path: Path) -> None:
    deep = pictures.deep_grey((1000, 2000, 1000, 30_000))
    path = pictures.store(tmp_path, pictures.encode(deep, transparency=2000))

    made = decode_and_thumbnail(path, probe(path, LIMITS))

    assert made.opaque is False
    assert pictures.centres(pictures.opened(made.thumb))[1] == pictures.WHITE


def test_alpha_that_is_opaque_everywhere_counts_as_opaque(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb().convert("RGBA")))
    header = probe(path, LIMITS)

    opaque = decode_and_thumbnail(path, header).opaque

    assert (header.has_alpha, opaque, render.plan(path, header, opaque).action) == (True, True, "copy")
