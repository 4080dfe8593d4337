"""Taking a file in: one reading, one copy, one decode of that copy; nothing left behind when it fails."""

import errno
import hashlib
import os
import pickle
import stat
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

import pytest

from tagging.imaging import intake
from tagging.imaging.files import open_regular
from tagging.imaging.limits import Limits, Unusable
from tests.imaging import pictures
from tests.imaging.pictures import LIMITS


@pytest.fixture
def incoming(tmp_path: Path) -> Path:
    folder = tmp_path / "incoming"
    folder.mkdir()
    return folder


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return pictures.store(tmp_path, pictures.encode(pictures.rgb((640, 480)), "JPEG", 6), "source.jpg")


def _failing(real: Callable[..., object], times: int, number: int) -> Callable[..., object]:
    """The function, but its first calls fail with an error of the system."""
    left = [times]

    def act(*args: object) -> object:
        if left[0]:
            left[0] -= 1
            raise OSError(number, os.strerror(number))
        return real(*args)

    return act


@pytest.fixture
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "_PAUSES", (0, 0))


def test_intake_describes_the_source(source: Path, incoming: Path) -> None:
    data = source.read_bytes()

    taken = intake.take_in(str(source), str(incoming), LIMITS)

    assert (taken.sha256, taken.byte_size) == (hashlib.sha256(data).hexdigest(), len(data))
    assert (taken.probe.format, taken.probe.width, taken.probe.height, taken.opaque) == ("jpeg", 640, 480, True)
    assert (taken.thumb_width, taken.thumb_height) == (320, 240)


def test_intake_leaves_a_copy_and_a_thumbnail_read_only(source: Path, incoming: Path) -> None:
    taken = intake.take_in(os.fsencode(source), str(incoming), LIMITS)

    assert Path(taken.temp_path).read_bytes() == source.read_bytes()
    assert pictures.opened(Path(taken.thumb_temp).read_bytes()).size == (320, 240)
    modes = {stat.S_IMODE(path.stat().st_mode) for path in incoming.iterdir()}
    assert (len(list(incoming.iterdir())), modes) == (2, {0o444})


def test_source_is_only_read(source: Path, incoming: Path) -> None:
    source.chmod(0o400)
    before = source.stat()

    intake.take_in(str(source), str(incoming), LIMITS)

    after = source.stat()
    assert (after.st_mode, after.st_size, after.st_mtime_ns, after.st_nlink) == (
        before.st_mode,
        before.st_size,
        before.st_mtime_ns,
        1,
    )


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"just text",
        b"\xff\xd8\xff\xe0 no picture",
        pictures.encode(pictures.rgb())[:150],
        pictures.encode(pictures.rgb((10, 10))),
    ],
)
def test_unusable_file_leaves_nothing(tmp_path: Path, incoming: Path, data: bytes) -> None:
    path = pictures.store(tmp_path, data)

    with pytest.raises(Unusable):
        intake.take_in(str(path), str(incoming), LIMITS)

    assert list(incoming.iterdir()) == []


def test_pipe_is_refused_at_once(tmp_path: Path, incoming: Path) -> None:
    os.mkfifo(tmp_path / "pipe")

    with pytest.raises(Unusable, match="pipe"):
        intake.take_in(str(tmp_path / "pipe"), str(incoming), LIMITS)


def test_vanished_file_is_told(tmp_path: Path, incoming: Path) -> None:
    with pytest.raises(Unusable, match="no longer there"):
        intake.take_in(str(tmp_path / "gone"), str(incoming), LIMITS)


def test_limits_are_asked_before_anything_is_copied(source: Path, incoming: Path) -> None:
    with pytest.raises(Unusable, match="the limit is 1,000 bytes"):
        intake.take_in(str(source), str(incoming), Limits(max_bytes=1000))


@pytest.mark.parametrize("change", [b"more", b""])
def test_file_changed_while_it_is_read_is_refused(
    source: Path, incoming: Path, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    read = intake._block

    def _meanwhile(file: BinaryIO) -> bytes:
        block = read(file)
        with source.open("ab") as other:
            other.write(change)
        os.utime(source, ns=(1, 1))
        return block

    monkeypatch.setattr(intake, "_block", _meanwhile)

    with pytest.raises(Unusable, match="changed while it was read"):
        intake.take_in(str(source), str(incoming), LIMITS)

    assert list(incoming.iterdir()) == []


@pytest.mark.usefixtures("_no_pauses")
@pytest.mark.parametrize("number", [errno.EIO, errno.ESTALE, errno.EAGAIN])
def test_passing_error_of_the_source_is_waited_out(
    source: Path, incoming: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr(intake, "open_regular", _failing(open_regular, 2, number))

    assert intake.take_in(str(source), str(incoming), LIMITS).byte_size == source.stat().st_size


@pytest.mark.usefixtures("_no_pauses")
def test_lasting_error_of_the_source_is_told(source: Path, incoming: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "open_regular", _failing(open_regular, 3, errno.EIO))

    with pytest.raises(Unusable, match=r"could not be read: Input/output error\."):
        intake.take_in(str(source), str(incoming), LIMITS)


@pytest.mark.usefixtures("_no_pauses")
@pytest.mark.parametrize("calls", [0, 1])
def test_full_disk_is_raised_and_leaves_nothing(
    source: Path, incoming: Path, monkeypatch: pytest.MonkeyPatch, calls: int
) -> None:
    real, done = intake._make_last, [0]

    def _full(file: BinaryIO, path: str) -> None:
        if done[0] == calls:
            raise OSError(errno.ENOSPC, "No space left on device")
        done[0] += 1
        real(file, path)

    monkeypatch.setattr(intake, "_make_last", _full)

    with pytest.raises(OSError, match="No space left"):
        intake.take_in(str(source), str(incoming), LIMITS)

    assert list(incoming.iterdir()) == []


def test_missing_incoming_folder_is_a_matter_of_the_run(source: Path, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        intake.take_in(str(source), str(tmp_path / "nowhere"), LIMITS)


def test_intake_and_refusal_cross_processes(source: Path, tmp_path: Path, incoming: Path) -> None:
    bad = pictures.store(tmp_path, b"text", "bad.png")

    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        good = pool.submit(intake.take_in, str(source), str(incoming), LIMITS)
        refused = pool.submit(intake.take_in, str(bad), str(incoming), LIMITS)

        assert good.result().probe.format == "jpeg"
        assert str(refused.exception()) == "It is a text file, not a picture."


def test_refusal_survives_pickling() -> None:
    again = pickle.loads(pickle.dumps(Unusable("It is empty.")))

    assert str(again) == "It is empty."
