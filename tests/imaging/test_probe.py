"""What a header tells."""

import os
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tagging.imaging.probe import extension_matches, probe
from tests.imaging import pictures, profiles
from tests.imaging.pictures import LIMITS


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("JPEG", "jpeg"),
        ("PNG", "png"),
        ("WEBP", "webp"),
        ("BMP", "bmp"),
        ("GIF", "gif"),
        ("TIFF", "tiff"),
        ("AVIF", "avif"),
    ],
)
def test_format_is_told_by_content_whatever_the_name(tmp_path: Path, kind: str, name: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind), "picture.txt")

    header = probe(path, LIMITS)

    assert (header.format, header.width, header.height) == (name, pictures.WIDTH, pictures.HEIGHT)
    assert (header.bits, header.icc, header.animated, header.has_alpha) == (8, "none", False, False)


def test_path_may_be_raw_bytes(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff\xfe.png"
    Path(os.fsdecode(path)).write_bytes(pictures.encode(pictures.rgb()))

    assert probe(path, LIMITS).format == "png"


@pytest.mark.parametrize(
    ("name", "kind", "matches"),
    [
        ("a.jpg", "jpeg", True),
        ("a.JFIF", "jpeg", True),
        ("a.png", "jpeg", False),
        ("a", "png", False),
        ("a.b.tiff", "tiff", True),
        (".png", "png", False),
    ],
)
def test_extension_matches_what_files_of_a_format_are_called(name: str, kind: str, matches: bool) -> None:
    assert extension_matches(name, kind) is matches


@pytest.mark.parametrize(
    ("mode", "factor"),
    [("RGB", 4), ("L", 4), ("P", 4), ("RGBA", 8), ("LA", 8), ("P+transparency", 8)],
)
def test_memory_of_png_is_estimated_by_its_mode(tmp_path: Path, mode: str, factor: int) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()[mode]))

    assert probe(path, LIMITS).memory == pictures.WIDTH * pictures.HEIGHT * factor


@pytest.mark.parametrize(
    ("kind", "options", "factor"),
    [("JPEG", {}, 4), ("JPEG", {"progressive": True}, 7), ("WEBP", {}, 16), ("AVIF", {}, 9), ("BMP", {}, 4)],
)
def test_memory_is_estimated_by_format(tmp_path: Path, kind: str, options: dict[str, Any], factor: int) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    assert probe(path, LIMITS).memory == pictures.WIDTH * pictures.HEIGHT * factor


@pytest.mark.parametrize(
    ("icc", "kind"),
    [(profiles.srgb(), "srgb"), (profiles.red_and_blue_swapped(), "other"), (b"no profile at all" * 20, "none")],
)
@pytest.mark.parametrize("format_", ["PNG", "JPEG", "WEBP", "TIFF", "AVIF"])
def test_profile_is_judged_by_what_it_does(tmp_path: Path, format_: str, icc: bytes, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), format_, icc_profile=icc))

    assert probe(path, LIMITS).icc == kind


def test_unusable_profile_is_noted(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), icc_profile=profiles.linear_grey()))

    assert probe(path, LIMITS).notes == ("its colour profile cannot be used and is ignored",)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF", "TIFF"])
def test_moving_picture_is_noted(tmp_path: Path, kind: str) -> None:
    other = Image.new("RGB", (pictures.WIDTH, pictures.HEIGHT), "black")
    options: dict[str, Any] = {"save_all": True, "append_images": [other]}
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    header = probe(path, LIMITS)

    note = "several pages: first one only" if kind == "TIFF" else "animated: first frame only"
    assert (header.animated, header.notes) == (True, (note,))


def test_mpo_is_a_jpeg_whose_other_pictures_are_noted(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "MPO", save_all=True, append_images=[pictures.rgb()])

    header = probe(pictures.store(tmp_path, data), LIMITS)

    assert (header.format, header.animated) == ("jpeg", False)
    assert header.notes == ("holds several pictures: first one only",)


@pytest.mark.parametrize("place", ["eXIf behind the pixels", "XMP", "text of ImageMagick"])
def test_orientation_of_png_is_found_wherever_pillow_finds_it(tmp_path: Path, place: str) -> None:
    plain = pictures.encode(pictures.rgb())
    block = pictures.exif(6)
    if place == "eXIf behind the pixels":
        data = pictures.with_chunk(plain, b"eXIf", block[6:], before=b"IEND")
    elif place == "XMP":
        data = pictures.with_chunk(plain, b"iTXt", b'XML:com.adobe.xmp\0\0\0\0\0<a tiff:Orientation="6"/>')
    else:
        text = b"\nexif\n      %d\n%s\n" % (len(block), block.hex().encode())
        data = pictures.with_chunk(plain, b"zTXt", b"Raw profile type exif\0\0" + zlib.compress(text))

    header = probe(pictures.store(tmp_path, data), LIMITS)

    assert (header.orientation, header.width, header.height) == (6, pictures.HEIGHT, pictures.WIDTH)


@pytest.mark.parametrize("orientation", [0, 9, 65_535])
def test_senseless_orientation_counts_as_upright(tmp_path: Path, orientation: int) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), "JPEG", orientation))

    assert probe(path, LIMITS).orientation == 1
