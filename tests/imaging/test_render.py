"""What an export writes: copied where nothing is to be done, cut where only metadata stand in the way, else new."""

import io
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops

from tagging.imaging import render
from tagging.imaging.probe import probe
from tests.imaging import pictures, profiles
from tests.imaging.pictures import LIMITS

SECRET = b"SECRET-4711"
XMP = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><a note="SECRET-4711"/></x:xmpmeta>'
EXIF = pictures.exif(make="SECRET-4711", gps="SECRET-4711")
PHOTOSHOP = b"Photoshop 3.0\x008BIM\x04\x04\0\0" + struct.pack(">I", 16) + b"\x1c\x02\x50\0\x0bSECRET-4711"
SRGB = profiles.srgb()


def _plan(path: Path, *, opaque: bool = True, keep_metadata: bool = False) -> render.ExportPlan:
    return render.plan(path, probe(path, LIMITS), opaque, keep_metadata=keep_metadata)


def _exported(path: Path, *, opaque: bool = True, keep_metadata: bool = False) -> bytes:
    return render.rendered(path, _plan(path, opaque=opaque, keep_metadata=keep_metadata))


def _same_pixels(one: bytes, other: bytes) -> bool:
    first, second = pictures.opened(one), pictures.opened(other)
    return first.mode == second.mode and ImageChops.difference(first, second).getbbox() is None


def _jpegs() -> dict[str, bytes]:
    plain = pictures.encode(pictures.rgb(), "JPEG", icc_profile=SRGB)
    progressive = pictures.encode(pictures.rgb(), "JPEG", progressive=True)
    last_scan = progressive.rindex(b"\xff\xda")
    return {
        "JPEG EXIF": pictures.with_segment(plain, 0xE1, EXIF),
        "JPEG XMP": pictures.with_segment(plain, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + XMP),
        "JPEG IPTC": pictures.with_segment(plain, 0xED, PHOTOSHOP),
        "JPEG comment": pictures.with_segment(plain, 0xFE, SECRET),
        "JPEG maker's segment": pictures.with_segment(plain, 0xEB, b"JP" + SECRET),
        "JPEG little picture": pictures.with_segment(plain, 0xE0, b"JFXX\0\x10" + SECRET),
        "JPEG comment between scans": (
            progressive[:last_scan] + pictures.jpeg_segment(0xFE, SECRET) + progressive[last_scan:]
        ),
    }


def _pngs() -> dict[str, bytes]:
    plain = pictures.encode(pictures.rgb(), icc_profile=SRGB)
    return {
        "PNG text": pictures.with_chunk(plain, b"tEXt", b"parameters\0" + SECRET),
        "PNG packed text": pictures.with_chunk(plain, b"zTXt", b"prompt\0\0" + zlib.compress(SECRET, 0)),
        "PNG international text": pictures.with_chunk(plain, b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + XMP),
        "PNG text behind the pixels": pictures.with_chunk(plain, b"tEXt", b"workflow\0" + SECRET, before=b"IEND"),
        "PNG EXIF": pictures.with_chunk(plain, b"eXIf", EXIF[6:]),
    }


def _webps() -> dict[str, bytes]:
    options: dict[str, Any] = {"lossless": True, "icc_profile": SRGB, "exif": EXIF, "xmp": XMP}
    return {"WebP EXIF and XMP": pictures.encode(pictures.rgb(), "WEBP", **options)}


def _stowaways() -> dict[str, bytes]:
    """What belongs to no block that a format knows: never kept, not even on request."""
    jpeg = pictures.encode(pictures.rgb(), "JPEG")
    png = pictures.encode(pictures.rgb())
    tables = jpeg.index(b"\xff\xdb")
    return {
        "JPEG behind its end": jpeg + SECRET,
        "JPEG between segments": jpeg[:tables] + SECRET + jpeg[tables:],
        "JPEG second picture": pictures.encode(
            pictures.rgb(), "MPO", save_all=True, append_images=[pictures.rgb()], exif=EXIF
        ),
        "PNG private chunk": pictures.with_chunk(png, b"prVt", SECRET),
        "PNG behind its end": png + SECRET,
        "WebP behind its end": pictures.encode(pictures.rgb(), "WEBP", lossless=True) + SECRET,
    }


TALKATIVE = _jpegs() | _pngs() | _webps()
STOWAWAYS = _stowaways()
ALL = TALKATIVE | STOWAWAYS


@pytest.mark.parametrize("where", ALL)
def test_metadata_are_cut_out_without_touching_pixels(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, ALL[where])

    plan = _plan(path)
    written = render.rendered(path, plan)

    assert (plan.action, plan.reasons) == ("strip", ("metadata cut out",))
    assert SECRET not in written
    assert _same_pixels(written, ALL[where])


@pytest.mark.parametrize("where", ALL)
def test_cut_file_needs_no_second_cut(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, _exported(pictures.store(tmp_path, ALL[where], "first")))

    assert _plan(path).action == "copy"


@pytest.mark.parametrize("where", TALKATIVE)
def test_metadata_stay_when_asked_for(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, TALKATIVE[where])

    plan = _plan(path, keep_metadata=True)

    assert plan.action == "copy"
    assert render.rendered(path, plan) == TALKATIVE[where]


@pytest.mark.parametrize("where", STOWAWAYS)
def test_stowaway_is_cut_out_even_when_metadata_stay(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, STOWAWAYS[where])

    plan = _plan(path, keep_metadata=True)

    assert plan.action == "strip"
    assert len(render.rendered(path, plan)) < len(STOWAWAYS[where])


def test_second_picture_of_an_mpo_never_leaves(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, STOWAWAYS["JPEG second picture"])

    written = _exported(path, keep_metadata=True)

    assert pictures.opened(written).format == "JPEG"
    assert written.count(b"\xff\xd9") == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_srgb_profile_stays(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, icc_profile=SRGB))

    assert _exported(path) == path.read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_unusable_profile_is_cut_out(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, icc_profile=b"nonsense" * 40))

    plan = _plan(path)
    written = render.rendered(path, plan)

    assert plan.action == "strip"
    assert "icc_profile" not in pictures.opened(written).info
    assert _same_pixels(written, path.read_bytes())


@pytest.mark.parametrize(
    ("chunk", "value", "action"),
    [
        (b"gAMA", struct.pack(">I", 45_455), "copy"),
        (b"gAMA", struct.pack(">I", 100_000), "strip"),
        (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000), "copy"),
        (b"cHRM", struct.pack(">8I", 31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000), "strip"),
        (b"cICP", b"\x01\x0d\x00\x01", "copy"),
        (b"cICP", b"\x09\x10\x00\x01", "strip"),
        (b"pHYs", struct.pack(">IIB", 2835, 2835, 1), "copy"),
        (b"tIME", b"\x07\xe8\x01\x01\x00\x00\x00", "strip"),
    ],
)
def test_png_notes_on_colour_stay_only_when_they_say_srgb(
    tmp_path: Path, chunk: bytes, value: bytes, action: str
) -> None:
    data = pictures.with_chunk(pictures.encode(pictures.rgb()), chunk, value)

    assert _plan(pictures.store(tmp_path, data)).action == action


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

    plan = _plan(path)

    assert (plan.action, plan.reasons) == ("copy", ())
    assert render.rendered(path, plan) == path.read_bytes()


BLACK = Image.new("RGB", (pictures.WIDTH, pictures.HEIGHT))


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

    plan = _plan(path)

    extension = "jpg" if kind == "JPEG" else "png"
    assert (plan.action, plan.extension, plan.reasons) == ("convert", extension, (reason,))


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_picture_with_holes_is_converted(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()["RGBA"], kind))

    plan = _plan(path, opaque=False)

    assert (plan.action, plan.extension, plan.reasons) == ("convert", "png", ("transparency laid on white",))


@pytest.mark.parametrize(("mode", "reason"), [("I;16", "16 bits made 8"), ("CMYK", "CMYK made RGB")])
def test_deep_and_ink_pictures_are_converted(tmp_path: Path, mode: str, reason: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()[mode]))

    assert _plan(path).reasons == (reason,)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF", "AVIF", "TIFF"])
def test_moving_picture_becomes_its_first_frame(tmp_path: Path, kind: str) -> None:
    options: dict[str, Any] = {"save_all": True, "append_images": [BLACK, BLACK.copy()]}
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    shown = pictures.opened(_exported(path))

    assert getattr(shown, "n_frames", 1) == 1
    assert pictures.distance(pictures.centres(shown), pictures.samples()["RGB"].seen) <= 8


def test_animation_of_a_single_frame_becomes_a_still_png(tmp_path: Path) -> None:
    plain = pictures.encode(pictures.rgb())
    control = struct.pack(">IIIIIHHBB", 0, pictures.WIDTH, pictures.HEIGHT, 0, 0, 1, 10, 0, 0)
    moving = pictures.with_chunk(pictures.with_chunk(plain, b"acTL", struct.pack(">II", 1, 0)), b"fcTL", control)

    written = _exported(pictures.store(tmp_path, moving))

    assert b"acTL" not in written
    assert _same_pixels(written, plain)


@pytest.mark.parametrize("lost", [12, 16])
def test_png_without_its_end_is_written_whole(tmp_path: Path, lost: int) -> None:
    whole = pictures.encode(pictures.rgb())
    path = pictures.store(tmp_path, whole[:-lost])

    plan = _plan(path)
    written = render.rendered(path, plan)

    assert plan.action == "convert"
    assert written.endswith(b"IEND\xaeB`\x82")
    assert _same_pixels(written, whole)


def test_converted_jpeg_keeps_full_colour_resolution(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), "JPEG", 6))

    picture = Image.open(io.BytesIO(_exported(path)))

    assert [layer[1:3] for layer in picture.layer] == [(1, 1)] * 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_grey_stays_grey(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.samples()["L"], kind, 6))

    assert pictures.opened(_exported(path)).mode == "L"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_converted_picture_carries_no_metadata(tmp_path: Path, kind: str) -> None:
    options: dict[str, Any] = {"exif": _turned_exif(), "xmp": XMP}
    if kind == "PNG":
        del options["xmp"]
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, **options))

    written = _exported(path)

    assert SECRET not in written
    assert not pictures.opened(written).getexif()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_kept_exif_says_upright_when_the_pixels_are(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, exif=_turned_exif()))

    written = pictures.opened(_exported(path, keep_metadata=True))

    exif = written.getexif()
    assert (exif.get(0x0112, 1), exif[0x010F]) == (1, "SECRET-4711")
    assert written.size == (pictures.HEIGHT, pictures.WIDTH)


def test_kept_xmp_says_upright_when_the_pixels_are(tmp_path: Path) -> None:
    xmp = b'<x tiff:Orientation="6" note="SECRET-4711"/>'
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), "JPEG", xmp=xmp))

    written = _exported(path, keep_metadata=True)

    assert b'<x tiff:Orientation="1" note="SECRET-4711"/>' in written


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "TIFF", "AVIF"])
def test_export_with_kept_metadata_exports_to_itself(tmp_path: Path, kind: str) -> None:
    first = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, exif=_turned_exif()))
    again = pictures.store(tmp_path, _exported(first, keep_metadata=True), "again")

    assert _exported(again, keep_metadata=True) == again.read_bytes()


def test_kept_png_texts_come_along_when_it_is_converted(tmp_path: Path) -> None:
    data = pictures.with_chunk(pictures.encode(pictures.rgb(), orientation=6), b"tEXt", b"parameters\0" + SECRET)

    written = _exported(pictures.store(tmp_path, data), keep_metadata=True)

    assert pictures.opened(written).info["parameters"] == SECRET.decode()


@pytest.mark.parametrize("where", ["JPEG EXIF", "PNG text", "WebP EXIF and XMP"])
def test_same_file_gives_the_same_bytes_each_time(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, TALKATIVE[where])

    assert _exported(path) == _exported(path)


def test_write_streams_to_a_file(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, TALKATIVE["JPEG EXIF"])
    plan = _plan(path)

    with (tmp_path / "out.jpg").open("wb") as out:
        render.write(path, plan, out)

    assert (tmp_path / "out.jpg").read_bytes() == render.rendered(path, plan)


def _turned_exif() -> bytes:
    block = Image.Exif()
    block[0x0112] = 6
    block[0x010F] = "SECRET-4711"
    return block.tobytes()
