"""A disk that fills up while an import runs: said in one line, nothing harmed, done by the next run."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tests.importing import commands
from tests.importing.commands import files_without_rows, images, import_dir, unfinished
from tests.importing.pictures import encoded

pytestmark = [
    pytest.mark.slow,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk"),
]

DISK = 24 * 2**20
PICTURES = 30
POINTS = 20
SHORT = (1, 8, 17)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 24 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """Pictures that no coding makes smaller, each with a caption."""
    folder = tmp_path / "cats"
    folder.mkdir()
    for number in range(PICTURES):
        noise = Pillow.frombytes("RGB", (100, 100), secrets.token_bytes(30_000))
        (folder / f"{number}.png").write_bytes(encoded(noise, "PNG"))
        (folder / f"{number}.txt").write_text(f"tag {number % 5}, cat")
    return folder


def fill(disk: Path, leaving: int) -> Path:
    """Take what is free on the disk, but for so many bytes."""
    filler = disk / "filler"
    about = os.statvfs(disk)
    with filler.open("wb") as file:
        file.write(bytes(max(0, about.f_bavail * about.f_frsize - leaving)))
    return filler


@pytest.mark.parametrize(
    "point", [*SHORT, *(pytest.param(n, marks=pytest.mark.soak) for n in range(POINTS) if n not in SHORT)]
)
def test_full_disk_is_one_line_and_the_next_run_does_the_rest(disk: Path, source: Path, point: int) -> None:
    data = disk / "data"
    (disk / "nothing").mkdir()
    import_dir(disk / "nothing", data)  # makes the database
    needed = PICTURES * 45_000
    filler = fill(disk, leaving=needed * point // POINTS)

    full = import_dir(source, data, "--quiet", "--workers", "2")
    left = unfinished(data)
    filler.unlink()
    again = import_dir(source, data, "--quiet", "--workers", "2")

    assert (full.returncode, full.stdout, full.stderr.count("\n")) == (1, "", 1)
    assert "is full: make room and run the same command again" in full.stderr
    assert (again.returncode, [row[0] for row in images(data)]) == (0, list(range(1, PICTURES + 1)))
    assert (left, files_without_rows(data), commands.query(data, "PRAGMA integrity_check")) == ([], [], [("ok",)])


def test_disk_without_any_room_is_one_line_before_any_work(disk: Path, source: Path) -> None:
    fill(disk, leaving=0)

    ran = import_dir(source, disk / "data")

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n"), "Traceback" in ran.stderr) == (1, "", 1, False)
