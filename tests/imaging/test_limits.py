"""Limits and bombs: each refused from the header, before anything is decoded."""

import dataclasses
import struct
import zlib
from pathlib import Path

import pytest

from tagging.imaging import png
from tagging.imaging.limits import Limits, Unusable
from tagging.imaging.probe import probe
from tagging.imaging.thumbnails import decode_and_thumbnail
from tests.imaging import pictures
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


def test_png_of_absurdly_much_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(png, "_MOST_BESIDE", 5000)
    data = pictures.with_chunk(pictures.encode(pictures.rgb()), b"tEXt", b"Comment\0" + b"a" * 5000, before=b"IEND")

    assert _reason(pictures.store(tmp_path, data)) == "It holds absurdly much text."


def test_jpeg_of_an_absurdly_large_exif_block_is_refused(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "JPEG")
    for _ in range(70):
        data = pictures.with_segment(data, 0xE1, b"Exif\0\0" + bytes(65_000))

    assert _reason(pictures.store(tmp_path, data)) == "Its EXIF block is absurdly large."


def test_memory_of_compressed_tiff_counts_what_libtiff_maps(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "TIFF", compression="tiff_lzw")

    memory = probe(pictures.store(tmp_path, data), LIMITS).memory

    pixels = pictures.WIDTH * pictures.HEIGHT
    assert memory == pixels * 4 + pixels * 3 + len(data)
