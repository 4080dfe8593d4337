"""What an export writes: copied where nothing is to be done, encoded anew where trainers would see another picture."""

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tests.imaging import exports, pictures, profiles
from tests.imaging.talkative import SECRET, XMP

BLACK = Image.new("RGB", (pictures.WIDTH, pictures.HEIGHT))


def _turned_exif() -> bytes:
    block = Image.Exif()
    block[0x0112] = 6
    block[0x010F] = "SECRET-4711"
    return block.tobytes()


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "JPEG"),
        ("L", "JPEG"),
        ("RGB", "PNG"),
        ("L", "PNG"),
        ("P", "PNG"),
        ("1", "PNG"),
        ("RGB", "WEBP"),
    ],
)
def test_picture_that_trainers_read_alike_is_copied(tmp_path: Path, mode: str, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()[mode], kind))

    plan = exports.plan(path)

    assert (plan.action, plan.reasons) == ("copy", ())
    assert exports.rendered(path, plan) == path.read_bytes()


@pytest.mark.parametrize(
    ("kind", "options", "reason"),
    [
        ("JPEG", {"orientation": 6}, "turned upright"),
        ("PNG", {"orientation": 3}, "turned upright"),
        ("GIF", {}, "GIF is not read by every trainer"),
        ("BMP", {}, "BMP is not read by every trainer"),
        ("TIFF", {}, "TIFF is not read by every trainer"),
        ("AVIF", {}, "AVIF is not read by every trainer"),
        ("JPEG", {"icc_profile": profiles.red_and_blue_swapped()}, "colours brought to sRGB"),
        ("PNG", {"save_all": True, "append_images": [BLACK]}, "first frame only"),
        ("WEBP", {"save_all": True, "append_images": [BLACK]}, "first frame only"),
    ],
)
def test_picture_that_is_converted_says_why(tmp_path: Path, kind: str, options: dict[str, Any], reason: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    plan = exports.plan(path)

    extension = "jpg" if kind == "JPEG" else "png"
    assert (plan.action, plan.extension, plan.reasons) == ("convert", extension, (reason,))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_picture_with_holes_is_converted(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()["RGBA"], kind))

    plan = exports.plan(path, opaque=False)

    assert (plan.action, plan.extension, plan.reasons) == ("convert", "png", ("transparency laid on white",))


@pytest.mark.parametrize(("mode", "reason"), [("I;16", "16 bits made 8"), ("CMYK", "CMYK made RGB")])
def test_deep_and_ink_pictures_are_converted(tmp_path: Path, mode: str, reason: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()[mode]))

    assert exports.plan(path).reasons == (reason,)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF", "TIFF"])
def test_moving_picture_becomes_its_first_frame(tmp_path: Path, kind: str) -> None:
    options: dict[str, Any] = {"save_all": True, "append_images": [BLACK, BLACK.copy()]}
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    shown = pictures.opened(exports.exported(path))

    assert getattr(shown, "n_frames", 1) == 1
    assert pictures.distance(pictures.centres(shown), pictures.samples()["RGB"].seen) <= 8


def test_animation_of_a_single_frame_becomes_a_still_png(tmp_path: Path) -> None:
    plain = pictures.encode(pictures.rgb())
    control = struct.pack(">IIIIIHHBB", 0, pictures.WIDTH, pictures.HEIGHT, 0, 0, 1, 10, 0, 0)
    moving = pictures.with_chunk(pictures.with_chunk(plain, b"acTL", struct.pack(">II", 1, 0)), b"fcTL", control)

    written = exports.exported(pictures.store(tmp_path, moving))

    assert b"acTL" not in written
    assert exports.same_pixels(written, plain)


@pytest.mark.parametrize("lost", [12, 16])
def test_png_without_its_end_is_written_whole(tmp_path: Path, lost: int) -> None:
    whole = pictures.encode(pictures.rgb())
    path = pictures.store(tmp_path, whole[:-lost])

    plan = exports.plan(path)
    written = exports.rendered(path, plan)

    assert plan.action == "convert"
    assert written.endswith(b"IEND\xaeB`\x82")
    assert exports.same_pixels(written, whole)


def test_converted_jpeg_keeps_full_colour_resolution(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), "JPEG", 6))

    picture = Image.open(io.BytesIO(exports.exported(path)))

    assert [layer[1:3] for layer in picture.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_grey_stays_grey(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()["L"], kind, 6))

    assert pictures.opened(exports.exported(path)).mode == "L"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_converted_picture_carries_no_metadata(tmp_path: Path, kind: str) -> None:
    options: dict[str, Any] = {"exif": _turned_exif(), "xmp": XMP}
    if kind == "PNG":
        del options["xmp"]
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    written = exports.exported(path)

    assert SECRET not in written
    assert not pictures.opened(written).getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_kept_exif_says_upright_when_the_pixels_are(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, exif=_turned_exif()))

    written = pictures.opened(exports.exported(path, keep_metadata=True))

    exif = written.getexif()
    assert (exif.get(0x0112, 1), exif[0x010F]) == (1, "SECRET-4711")
    assert written.size == (pictures.HEIGHT, pictures.WIDTH)


def test_kept_xmp_says_upright_when_the_pixels_are(tmp_path: Path) -> None:
    xmp = b'<x tiff:Orientation="6" note="SECRET-4711"/>'
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), "JPEG", xmp=xmp))

    written = exports.exported(path, keep_metadata=True)

    assert b'<x tiff:Orientation="1" note="SECRET-4711"/>' in written


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_export_with_kept_metadata_exports_to_itself(tmp_path: Path, kind: str) -> None:
    first = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, exif=_turned_exif()))
    again = pictures.store(tmp_path, exports.exported(first, keep_metadata=True), "again")

    assert exports.exported(again, keep_metadata=True) == again.read_bytes()


def test_kept_png_texts_come_along_when_it_is_converted(tmp_path: Path) -> None:
    data = pictures.with_chunk(pictures.encode(pictures.rgb(), orientation=6), b"tEXt", b"parameters\0" + SECRET)

    written = exports.exported(pictures.store(tmp_path, data), keep_metadata=True)

    assert pictures.opened(written).info["parameters"] == SECRET.decode()
