"""Metadata are cut out without touching the pixels, and stay when somebody asks for them."""

import struct
from pathlib import Path

import pytest

from tagging.imaging import render
from tests.imaging import exports, pictures
from tests.imaging.talkative import ALL, SECRET, SRGB, STOWAWAYS, TALKATIVE


@pytest.mark.parametrize("where", ALL)
def test_metadata_are_cut_out_without_touching_pixels(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, ALL[where])

    plan = exports.plan(path)
    written = exports.rendered(path, plan)

    assert (plan.action, plan.reasons) == ("strip", ("metadata cut out",))
    assert SECRET not in written
    assert exports.same_pixels(written, ALL[where])


@pytest.mark.parametrize("where", ALL)
def test_cut_file_needs_no_second_cut(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, exports.exported(pictures.store(tmp_path, ALL[where], "first")))

    assert exports.plan(path).action == "copy"


@pytest.mark.parametrize("where", TALKATIVE)
def test_metadata_stay_when_asked_for(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, TALKATIVE[where])

    plan = exports.plan(path, keep_metadata=True)

    assert plan.action == "copy"
    assert exports.rendered(path, plan) == TALKATIVE[where]


@pytest.mark.parametrize("where", STOWAWAYS)
def test_stowaway_is_cut_out_even_when_metadata_stay(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, STOWAWAYS[where])

    plan = exports.plan(path, keep_metadata=True)

    assert plan.action == "strip"
    assert len(exports.rendered(path, plan)) < len(STOWAWAYS[where])


def test_second_picture_of_an_mpo_never_leaves(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, STOWAWAYS["JPEG second picture"])

    written = exports.exported(path, keep_metadata=True)

    assert pictures.opened(written).format == "JPEG"
    assert written.count(b"\xff\xd9") == 1


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_srgb_profile_stays(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, icc_profile=SRGB))

    assert exports.exported(path) == path.read_bytes()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_unusable_profile_is_cut_out(tmp_path: Path, kind: str) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb(), kind, icc_profile=b"nonsense" * 40))

    plan = exports.plan(path)
    written = exports.rendered(path, plan)

    assert plan.action == "strip"
    assert "icc_profile" not in pictures.opened(written).info
    assert exports.same_pixels(written, path.read_bytes())


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

    assert exports.plan(pictures.store(tmp_path, data)).action == action


@pytest.mark.parametrize("where", ["JPEG EXIF", "PNG text", "WebP EXIF and XMP"])
def test_same_file_gives_the_same_bytes_each_time(tmp_path: Path, where: str) -> None:
    path = pictures.store(tmp_path, TALKATIVE[where])

    assert exports.exported(path) == exports.exported(path)


def test_write_streams_to_a_file(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, TALKATIVE["JPEG EXIF"])
    plan = exports.plan(path)

    with (tmp_path / "out.jpg").open("wb") as out:
        render.write(path, plan, out)

    assert (tmp_path / "out.jpg").read_bytes() == exports.rendered(path, plan)
