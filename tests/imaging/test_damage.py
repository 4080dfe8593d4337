"""Imported means fully decodable: what is cut, zeroed or lies about itself is refused with a reason."""

import random
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from tagging.imaging.limits import BAD_FILE, Unusable
from tagging.imaging.probe import probe
from tagging.imaging.thumbnails import decode_and_thumbnail
from tests.imaging import pictures
from tests.imaging.pictures import LIMITS

KINDS: list[tuple[str, dict[str, Any]]] = [
    ("JPEG", {}),
    ("JPEG", {"progressive": True}),
    ("JPEG", {"subsampling": 2}),
    ("PNG", {}),
    ("WEBP", {}),
    ("WEBP", {"lossless": True}),
    ("GIF", {}),
    ("BMP", {}),
    ("TIFF", {}),
    ("TIFF", {"compression": "tiff_lzw"}),
    ("AVIF", {}),
]


def _noise() -> Image.Image:
    return Image.frombytes("RGB", (128, 96), random.Random(7).randbytes(128 * 96 * 3))


def _verdict(path: Path) -> str:
    """Empty when the picture was decoded, else the reason."""
    try:
        decode_and_thumbnail(path, probe(path, LIMITS))
    except Unusable as refused:
        return str(refused)
    return ""


def _pillow_decodes(data: bytes) -> bool:
    try:
        pictures.opened(data)
    except BAD_FILE:
        return False
    return True


@pytest.mark.parametrize("share", [0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_cut_file_is_refused(tmp_path: Path, kind: str, options: dict[str, Any], share: float) -> None:
    data = pictures.encode(_noise(), kind, **options)

    reason = _verdict(pictures.store(tmp_path, data[: int(len(data) * share)]))

    assert reason.endswith(".")


@pytest.mark.parametrize(("kind", "options"), KINDS)
def test_whole_file_is_not_refused(tmp_path: Path, kind: str, options: dict[str, Any]) -> None:
    assert _verdict(pictures.store(tmp_path, pictures.encode(_noise(), kind, **options))) == ""


def test_png_whose_second_half_is_zeros_is_refused(tmp_path: Path) -> None:
    data = pictures.encode(_noise())
    half = len(data) // 2

    reason = _verdict(pictures.store(tmp_path, data[:half] + bytes(len(data) - half)))

    assert reason.endswith(".")


def test_jpeg_whose_second_half_is_zeros_is_taken_with_a_note(tmp_path: Path) -> None:
    data = pictures.encode(_noise(), "JPEG")
    half = len(data) // 2
    path = pictures.store(tmp_path, data[:half] + bytes(len(data) - half))

    header = probe(path, LIMITS)

    # A trainer's decoder takes it too, and shows half of it grey.
    assert (_verdict(path), _pillow_decodes(path.read_bytes())) == ("", True)
    assert header.notes == ("ends in zero bytes: perhaps a copy that was never finished",)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(24))
def test_jpeg_of_changed_bytes_has_the_verdict_of_a_full_decode(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    picture = _noise().resize((400, 352))
    data = bytearray(pictures.encode(picture, "JPEG", progressive=seed % 2 == 0, subsampling=seed % 3))
    for _ in range(chance.choice((1, 5, 50))):
        data[chance.randrange(20, len(data))] = chance.randrange(256)

    verdict = _verdict(pictures.store(tmp_path, bytes(data)))

    assert (verdict == "") is _pillow_decodes(bytes(data))


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", range(16))
@pytest.mark.parametrize("kind", ["PNG", "GIF", "TIFF", "WEBP", "BMP", "AVIF"])
def test_changed_bytes_never_raise_anything_else(tmp_path: Path, kind: str, seed: int) -> None:
    chance = random.Random(seed)
    data = bytearray(pictures.encode(pictures.rgb(), kind))
    for _ in range(chance.choice((1, 3, 10))):
        data[chance.randrange(len(data) if seed % 2 else min(len(data), 200))] = chance.randrange(256)

    verdict = _verdict(pictures.store(tmp_path, bytes(data)))

    assert verdict == "" or verdict.endswith(".")


def test_cut_file_is_told_to_break_off(tmp_path: Path) -> None:
    data = pictures.encode(_noise(), "JPEG")

    reason = _verdict(pictures.store(tmp_path, data[: len(data) // 2]))

    assert reason == "It is a JPEG file that breaks off too early."


def test_damage_behind_a_good_start_is_told(tmp_path: Path) -> None:
    data = pictures.encode(_noise())

    reason = _verdict(pictures.store(tmp_path, data[:5000] + b"\xff" * 2000 + data[7000:]))

    assert reason == "It is a damaged PNG file that cannot be decoded."


def test_header_that_contradicts_the_decoder_is_refused(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb()))
    header = probe(path, LIMITS)
    pictures.store(tmp_path, pictures.encode(pictures.rgb((640, 480))))

    with pytest.raises(Unusable, match="contradicts itself"):
        decode_and_thumbnail(path, header)
