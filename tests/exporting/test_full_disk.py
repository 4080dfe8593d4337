"""A disk that fills up while an export is written: said in one sentence, nothing harmed, and the next run is whole."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tagging.errors import Refused
from tagging.models import Dataset, Person
from tagging.services import exporting
from tagging.services.exporting import export_folder, export_zip
from tests.exporting import pictures
from tests.exporting.pictures import contents, names

pytestmark = [
    pytest.mark.slow,
    pytest.mark.django_db,
    pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="only root can mount a small disk"),
]

DISK = 4 * 2**20
POINTS = 20
SHORT = (0, 9, 17)
points = pytest.mark.parametrize(
    "point", [*SHORT, *(pytest.param(n, marks=pytest.mark.soak) for n in range(POINTS) if n not in SHORT)]
)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 4 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", str(folder)], check=True)
    yield folder
    # The storage keeps a folder of a data folder open for as long as its process lives, hence "lazy".
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture(autouse=True)
def _no_estimate(monkeypatch: pytest.MonkeyPatch) -> None:
    """The room that is there is not asked for before, so that the disk is full in the midst of it."""
    monkeypatch.setattr(exporting.folder, "check_room", lambda target, plan: None)
    monkeypatch.setattr(exporting.zip_files, "check_room", lambda target, plan: None)


def fill(disk: Path, leaving: int) -> Path:
    """Take what is free on the disk, but for so many bytes."""
    filler = disk / "filler"
    with filler.open("wb") as file:
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        file.write(bytes(max(0, free - leaving)))
    return filler


def dataset_of(cats: Dataset) -> None:
    for _ in range(10):
        pictures.store(cats, pictures.noise(), tags=["cat"])


@points
def test_full_disk_leaves_the_earlier_export_alone(
    cats: Dataset, ada: Person, tmp_path: Path, disk: Path, point: int
) -> None:
    dataset_of(cats)
    export_folder(cats, disk / "out", by=ada, profile="tags")
    before = contents(disk / "out")
    size = sum(map(len, before.values()))
    filler = fill(disk, leaving=size * point // POINTS)

    with pytest.raises(Refused, match="full"):
        export_folder(cats, disk / "out", by=ada)
    after, left = contents(disk / "out"), names(disk)
    filler.unlink()
    export_folder(cats, disk / "out", by=ada)
    export_folder(cats, tmp_path / "whole", by=ada)

    assert (after == before, left, contents(disk / "out") == contents(tmp_path / "whole")) == (
        True,
        ["filler", "out"],
        True,
    )


@points
def test_full_disk_leaves_the_earlier_zip_alone(cats: Dataset, ada: Person, disk: Path, point: int) -> None:
    dataset_of(cats)
    export_zip(cats, disk / "out.zip", by=ada)
    before = (disk / "out.zip").read_bytes()
    fill(disk, leaving=len(before) * point // POINTS)

    with pytest.raises(Refused, match="full"):
        export_zip(cats, disk / "out.zip", by=ada, profile="tags")

    assert ((disk / "out.zip").read_bytes() == before, names(disk)) == (True, ["filler", "out.zip"])


@points
def test_full_data_folder_stops_an_export_that_converts(  # noqa: PLR0917 - fixtures
    cats: Dataset, ada: Person, tmp_path: Path, disk: Path, settings: Any, point: int
) -> None:
    settings.TAGGER_DATA_DIR = disk
    for _ in range(4):
        pictures.store(cats, pictures.noise(kind="BMP"), tags=["cat"])
    filler = fill(disk, leaving=pictures.NOISE * 4 * point // POINTS)

    with pytest.raises(Refused, match="full"):
        export_folder(cats, tmp_path / "out", by=ada)
    left = [path.name for path in disk.rglob("*.part")]
    filler.unlink()
    result = export_folder(cats, tmp_path / "out", by=ada)

    assert (left, len(result.plan.images)) == ([], 4)


def test_export_that_cannot_fit_is_refused_before_any_work(
    cats: Dataset, ada: Person, disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    dataset_of(cats)
    fill(disk, leaving=8192)

    with pytest.raises(Refused, match="make room"):
        export_folder(cats, disk / "out", by=ada)

    assert names(disk) == ["filler"]
