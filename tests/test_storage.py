"""The store: a name is its content, a file is whole or not there, and what a dead process left is swept."""

import hashlib
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import SuspiciousFileOperation
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from tagging import storage as module
from tagging.storage import OriginalStorage, atomic_write, original_name, rendition_name

HASH = hashlib.sha256(b"picture").hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> OriginalStorage:
    return OriginalStorage(location=tmp_path / "data")


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def _temporary(store: OriginalStorage, data: bytes) -> Path:
    path = Path(store.incoming_dir()) / "one.part"
    path.write_bytes(data)
    return path


def test_names_are_made_of_the_hash() -> None:
    assert original_name(HASH, "jpg") == f"originals/{HASH[:2]}/{HASH}.jpg"
    assert rendition_name(HASH, "thumb", "webp") == f"renditions/{HASH[:2]}/{HASH}.thumb.webp"


@pytest.mark.parametrize("sha256", ["", "../../etc", HASH[:-1], HASH.upper(), HASH + "\n"])
def test_name_needs_a_hash(sha256: str) -> None:
    with pytest.raises(ValueError, match="SHA-256"):
        original_name(sha256, "jpg")


@pytest.mark.parametrize("ext", ["", "a/b", "..", "JPG", "a.b"])
def test_name_needs_a_plain_extension(ext: str) -> None:
    with pytest.raises(ValueError, match="extension"):
        rendition_name(HASH, "thumb", ext)


def test_storage_of_the_settings_lies_in_the_data_folder(data_dir: Path) -> None:
    assert OriginalStorage().path("a") == str(data_dir / "a")
    assert isinstance(storages["default"], OriginalStorage)


def test_written_file_is_read_only(store: OriginalStorage) -> None:
    store.write("renditions/ab/x.bin", b"bytes")

    path = Path(store.path("renditions/ab/x.bin"))
    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"bytes", 0o444)


def test_write_leaves_no_temporary_file(store: OriginalStorage) -> None:
    store.write("a/x.bin", b"bytes")

    assert _files(Path(store.location)) == ["a/x.bin"]


def test_existing_name_counts_as_done(store: OriginalStorage) -> None:
    store.write("a/x.bin", b"bytes")
    before = Path(store.path("a/x.bin")).stat().st_ino

    assert store.write("a/x.bin", b"bytes") == "a/x.bin"
    assert Path(store.path("a/x.bin")).stat().st_ino == before


def test_short_file_under_the_name_is_replaced(store: OriginalStorage) -> None:
    store.write("a/x.bin", b"by")

    store.write("a/x.bin", b"bytes")

    assert Path(store.path("a/x.bin")).read_bytes() == b"bytes"


def test_save_of_django_invents_no_other_name(store: OriginalStorage) -> None:
    names = [store.save("a/x.bin", ContentFile(b"bytes")) for _ in range(2)]

    assert names == ["a/x.bin", "a/x.bin"]
    assert _files(Path(store.location)) == ["a/x.bin"]


def test_save_leaves_the_data_folder_for_nobody(store: OriginalStorage) -> None:
    with pytest.raises(SuspiciousFileOperation):
        store.save("../x.bin", ContentFile(b"bytes"))


def test_files_have_no_public_address(store: OriginalStorage) -> None:
    with pytest.raises(ValueError, match="no public address"):
        store.url("a")


def test_adopted_file_is_moved(store: OriginalStorage) -> None:
    temporary = _temporary(store, b"picture")
    name = original_name(HASH, "jpg")

    store.adopt(str(temporary), name)

    assert Path(store.path(name)).read_bytes() == b"picture"
    assert not temporary.exists()


def test_adopting_what_is_there_removes_the_temporary_file(store: OriginalStorage) -> None:
    store.write("a/x.bin", b"picture")
    temporary = _temporary(store, b"picture")

    store.adopt(temporary, "a/x.bin")

    assert _files(Path(store.location)) == ["a/x.bin"]


def test_folder_is_synced_once_for_many_names(store: OriginalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a/1", "a/2", "b/1"):
        store.adopt(_temporary(store, b"x"), name, settle=False)
    synced: list[Path] = []
    monkeypatch.setattr(module, "_sync_folder", synced.append)

    store.settle(["a/1", "a/2", "b/1"])

    assert sorted(path.name for path in synced) == ["a", "b"]


def test_failed_write_leaves_nothing(store: OriginalStorage, monkeypatch: pytest.MonkeyPatch) -> None:
    def _full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", _full)

    with pytest.raises(OSError, match="No space left"):
        store.write("a/x.bin", b"bytes")

    assert _files(Path(store.location)) == []


def test_incoming_folder_is_the_same_for_one_process(store: OriginalStorage) -> None:
    assert store.incoming_dir() == OriginalStorage(location=store.location).incoming_dir()


def test_incoming_folder_that_somebody_removed_is_made_again(store: OriginalStorage) -> None:
    Path(store.incoming_dir()).rmdir()

    assert Path(store.incoming_dir()).is_dir()


def test_sweep_spares_the_living(store: OriginalStorage) -> None:
    temporary = _temporary(store, b"half")

    assert store.sweep_incoming() == 0
    assert temporary.exists()


_CHILD = """
import sys, time
import django
from django.conf import settings
settings.configure()
from tagging.storage import OriginalStorage
from pathlib import Path
folder = OriginalStorage(location=sys.argv[1]).incoming_dir()
Path(folder, "half.part").write_bytes(b"half")
print("ready", flush=True)
time.sleep(60)
"""


@pytest.fixture
def other(store: OriginalStorage) -> "Callable[[], subprocess.Popen[str]]":
    """Start another process that holds an incoming folder with a file in it."""

    def _start() -> subprocess.Popen[str]:
        command = [sys.executable, "-c", _CHILD, store.location]
        started = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        return started

    return _start


def test_sweep_spares_another_process_until_it_is_killed(
    store: OriginalStorage, other: "Callable[[], subprocess.Popen[str]]"
) -> None:
    with other() as process:
        spared = store.sweep_incoming()
        process.kill()
        process.wait()

    assert (spared, store.sweep_incoming()) == (0, 1)
    assert _files(Path(store.location)) == []


def test_sweep_can_spare_the_young(store: OriginalStorage) -> None:
    left = Path(store.location) / "incoming" / "1-old"
    left.mkdir(parents=True)

    assert store.sweep_incoming(older_than_seconds=3600) == 0
    os.utime(left, (time.time() - 7200,) * 2)
    assert store.sweep_incoming(older_than_seconds=3600) == 1


def test_sweep_removes_a_link_and_not_what_it_names(store: OriginalStorage, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_bytes(b"")
    incoming = Path(store.location) / "incoming"
    incoming.mkdir(parents=True)
    (incoming / "link").symlink_to(outside)

    assert store.sweep_incoming() == 1
    assert (outside / "kept").exists()


def test_sweep_of_a_fresh_data_folder_finds_nothing(store: OriginalStorage) -> None:
    assert store.sweep_incoming() == 0


def test_atomic_write_replaces_the_file(tmp_path: Path) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"old")

    atomic_write(path, b"new", 0o600)

    assert (path.read_bytes(), stat.S_IMODE(path.stat().st_mode)) == (b"new", 0o600)
    assert _files(tmp_path) == ["report.json"]


def test_failed_atomic_write_keeps_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "report.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))

    with pytest.raises(OSError, match="full"):
        atomic_write(path, b"new")

    assert (path.read_bytes(), _files(tmp_path)) == (b"old", ["report.json"])
