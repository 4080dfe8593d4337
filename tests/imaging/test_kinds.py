"""Files that are no picture: each told for what it is, and none waited for."""

import io
import os
import socket
import zipfile
from pathlib import Path

import pytest

from tagging.imaging.limits import Unusable
from tagging.imaging.probe import probe
from tests.imaging import pictures
from tests.imaging.pictures import LIMITS


def _reason(path: Path) -> str:
    with pytest.raises(Unusable) as raised:
        probe(path, LIMITS)
    return str(raised.value)


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


def test_camera_raw_in_tiff_clothes_is_refused(tmp_path: Path) -> None:
    data = pictures.encode(pictures.rgb(), "TIFF", tiffinfo={50_706: b"\1\4\0\0"})

    assert "camera raw" in _reason(pictures.store(tmp_path, data))
