"""What a header tells, and what is told of files that are no picture or go beyond a limit."""

import dataclasses
import io
import os
import socket
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tagging.imaging.limits import Limits, Unusable
from tagging.imaging.probe import extension_matches, probe
from tagging.imaging.thumbnails import decode_and_thumbnail
from tests.imaging import pictures, profiles
from tests.imaging.pictures import LIMITS


def _reason(path: Path, limits: Limits = LIMITS) -> str:
    with pytest.raises(Unusable) as raised:
        probe(path, limits)
    return str(raised.value)


def _jpeg_of(width: int, height: int, *, progressive: bool) -> bytes:
    """A small JPEG whose header claims another size."""
    data = pictures.encode(pictures.rgb(), "JPEG", progressive=progressive)
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def _png_of(width: int, height: int) -> bytes:
    header = pictures.png_chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    pixels = pictures.png_chunk(b"IDAT", zlib.compress(b"\0" * 1000))
    return b"\x89PNG\r\n\x1a\n" + header + pixels + pictures.png_chunk(b"IEND", b"")


def _webp_of(width: int, height: int) -> bytes:
    canvas = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    body = b"WEBPVP8X" + struct.pack("<I", 10) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


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


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "empty"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\xef\xbb\xbf<svg/>", "SVG"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 50, "HEIC"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heic" + b"\0" * 50, "HEIC"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp41avc1" + b"\0" * 50, "video"),
        (b"%PDF-1.7\n", "PDF"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n", "PostScript"),
        (b"PK\x03\x04" + b"\0" * 50, "zip"),
        (b"Rar!\x1a\x07\0", "RAR"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\0" * 257 + b"ustar\0" + b"\0" * 300, "tar"),
        (b"8BPS\0\1", "Photoshop"),
        (b"II*\0\x10\0\0\0CR\x02\0", "raw"),
        (b"\0" * 5000, "zero bytes"),
        (b"\x00\x05\x16\x07\x00\x02", "macOS"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:1", "LFS"),
        (b"BMW is a car maker", "text file"),
        (b"solo, long hair", "text file"),
        ("привет".encode() * 900, "text file"),
        (b"\x93\x01\x02\xfe\xff\x00\x01", "no kind of picture"),
        (b"\xff\xd8\xff", "header is damaged"),
        (b"\x89PNG\r\n\x1a\n", "header is damaged"),
        (b"RIFF\x04\0\0\0WEBP", "header is damaged"),
        (b"GIF89a", "header is damaged"),
        (b"II*\0\x08\0\0\0", "header is damaged"),
    ],
)
def test_file_that_is_no_picture_is_told_by_its_kind(tmp_path: Path, data: bytes, words: str) -> None:
    reason = _reason(pictures.store(tmp_path, data, "picture.png"))

    assert words in reason
    assert reason.endswith(".")


def test_real_zip_is_told_as_archive(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.png", pictures.encode(pictures.rgb()))

    assert "zip" in _reason(pictures.store(tmp_path, out.getvalue(), "a.jpg"))


def test_folder_is_no_file(tmp_path: Path) -> None:
    assert _reason(tmp_path) == "It is a folder, not a file."


def test_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")

    assert _reason(tmp_path / "pipe.png") == "It is a pipe, not a file."


def test_socket_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with socket.socket(socket.AF_UNIX) as door:
        door.bind("s.png")

        assert _reason(Path("s.png")) == "It is a socket, not a file."


def test_device_is_refused() -> None:
    assert _reason(Path("/dev/zero")) == "It is a device, not a file."


def test_vanished_file_is_told(tmp_path: Path) -> None:
    assert _reason(tmp_path / "gone.png") == "It is no longer there."


def test_circle_of_links_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to("b")
    (tmp_path / "b").symlink_to("a")

    assert _reason(tmp_path / "a") == "Its symbolic links lead in a circle."


def test_too_many_pixels_are_refused_before_decoding(tmp_path: Path) -> None:
    reason = _reason(pictures.store(tmp_path, _png_of(60_000, 60_000)))

    assert reason == "It has 60,000 × 60,000 pixels, 3,600.0 megapixels; the limit is 120.0 megapixels."


@pytest.mark.parametrize("data", [_webp_of(16_383, 16_383), _jpeg_of(65_500, 65_500, progressive=False)])
def test_bomb_of_any_format_is_refused_for_its_pixels(tmp_path: Path, data: bytes) -> None:
    assert "megapixels; the limit is" in _reason(pictures.store(tmp_path, data))


@pytest.mark.parametrize(
    ("data", "needed"),
    [
        (_webp_of(8000, 5000), "610.4 MiB"),
        (_jpeg_of(10_000, 9000, progressive=True), "600.8 MiB"),
    ],
)
def test_single_picture_above_the_memory_is_refused(tmp_path: Path, data: bytes, needed: str) -> None:
    reason = _reason(pictures.store(tmp_path, data))

    assert reason == f"Decoding it would take {needed} of memory; the limit is 600.0 MiB."


def test_picture_within_all_limits_passes(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, _jpeg_of(10_909, 11_000, progressive=False))

    assert probe(path, LIMITS).memory == 10_909 * 11_000 * 4


def test_too_many_bytes_are_refused_unread(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, b"")
    with path.open("r+b") as file:
        file.truncate(LIMITS.max_bytes + 2**20)

    assert _reason(path) == "It has 513.0 MiB; the limit is 512.0 MiB."


@pytest.mark.parametrize(("size", "refused"), [((15, 90), True), ((90, 15), True), ((16, 16), False)])
def test_shorter_side_needs_16_pixels(tmp_path: Path, size: tuple[int, int], refused: bool) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(size)))

    if refused:
        assert _reason(path) == f"It has {size[0]} × {size[1]} pixels; each side needs at least 16."
    else:
        assert probe(path, LIMITS).width == 16


def test_limits_are_the_callers(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb()))

    reason = _reason(path, dataclasses.replace(LIMITS, max_pixels=1000))

    assert reason.endswith("the limit is 0.0 megapixels.")


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        (b"zTXt", b"Comment\0\0" + zlib.compress(b"a" * 5_000_000)),
        (b"iTXt", b"Comment\0\1\0\0\0" + zlib.compress(b"a" * 5_000_000)),
        (b"iCCP", b"p\0\0" + zlib.compress(b"a" * 5_000_000)),
    ],
)
def test_packed_bomb_in_a_png_chunk_is_refused(tmp_path: Path, kind: bytes, data: bytes) -> None:
    png = pictures.with_chunk(pictures.encode(pictures.rgb()), kind, data)

    assert "PNG" in _reason(pictures.store(tmp_path, png))


def test_tiff_whose_directories_run_in_a_circle_is_read(tmp_path: Path) -> None:
    data = bytearray(pictures.encode(pictures.rgb(), "TIFF"))
    at = struct.unpack_from("<I", data, 4)[0]
    count = struct.unpack_from("<H", data, at)[0]
    struct.pack_into("<I", data, at + 2 + 12 * count, at)

    path = pictures.store(tmp_path, bytes(data))

    assert decode_and_thumbnail(path, probe(path, LIMITS)).thumb_width == pictures.WIDTH


def test_tiff_tag_of_absurdly_many_values_is_refused(tmp_path: Path) -> None:
    entry = struct.pack("<HHII", 273, 4, 1_500_000, 8)
    data = b"II*\0" + struct.pack("<IH", 8, 1) + entry + b"\0" * 4 + b"\0" * 6_000_100

    assert _reason(pictures.store(tmp_path, data)) == "Its header holds an absurd number of values."


def test_camera_raw_in_tiff_clothes_is_refused(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "TIFF", tiffinfo={50_706: b"\1\4\0\0"})

    assert "camera raw" in _reason(pictures.store(tmp_path, data))


def test_jpeg_of_absurdly_many_scans_is_refused(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "JPEG", progressive=True)
    at = data.rindex(b"\xff\xda")

    path = pictures.store(tmp_path, data[:-2] + data[at:-2] * 300 + b"\xff\xd9")

    assert "scans" in _reason(path)


def test_gif_of_absurdly_many_comments_is_refused(tmp_path: Path) -> None:
    plain = pictures.encode(pictures.rgb(), "GIF")
    start = 13 + (3 << (plain[10] & 7) + 1)
    path = pictures.store(tmp_path, plain[:start] + b"!\xfe" + b"\x01a" * 30_000 + b"\0" + plain[start:])

    assert _reason(path) == "It is made of absurdly many little blocks."
