"""A folder of several hundred bad entries: each accounted for, nothing outside read, the source unchanged."""

import ctypes
import hashlib
import os
import stat
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow

from tests.importing import commands, hostile, processes
from tests.importing.pictures import drawn, put

pytestmark = [
    pytest.mark.slow,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="kinds of files that only Linux has all of"),
]

Manifest = dict[str, tuple[int, int, int, int, str]]


@dataclass(frozen=True)
class Run:
    """One import of the hostile folder."""

    root: Path
    data: Path
    code: int
    said: str
    report: dict[bytes, dict[str, Any]]
    peak: int
    before: Manifest
    after: Manifest
    secret: str


def manifest(root: Path) -> Manifest:
    """Mode, size, time, links and content of every entry; what is no regular file is not opened."""
    found = {}
    for path in sorted([root, *root.rglob("*")]):
        about = path.lstat()
        content = _sha256(path) if stat.S_ISREG(about.st_mode) else ""
        found[str(path)] = (about.st_mode, about.st_size, about.st_mtime_ns, about.st_nlink, content)
    return found


def _sha256(path: Path) -> str:
    if path.stat().st_size > 100 * 2**20:
        return "too big to hash here"
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    place = tmp_path_factory.mktemp("hostile")
    root, data = place / "hostile", place / "data"
    hostile.build(root, place / "outside")
    before = manifest(root)
    secret = _sha256(place / "outside/secret.png")
    report = place / "report.json"
    with commands.started(root, data, "--workers", "2", "--report", str(report)) as running:
        peak = processes.peak_of(running, seconds=300)
        said, _ = running.communicate(timeout=30)
    return Run(root, data, running.returncode, said, commands.report(report), peak, before, manifest(root), secret)


def entries(root: bytes, below: bytes = b"") -> set[bytes]:
    """Every directory entry by its own reckoning; folders count when they are not entered."""
    found = set()
    with os.scandir(os.path.join(root, below)) as listing:  # noqa: PTH118 - bytes paths
        there = list(listing)
    for entry in there:
        path = below + b"/" + entry.name if below else entry.name
        not_entered = entry.name.startswith((b".", b"@", b"#", b"$")) or entry.name in hostile.NOT_ENTERED
        if entry.is_dir(follow_symlinks=False) and not not_entered:
            found |= entries(root, path)
        else:
            found.add(path)
    return found


def test_hostile_folder_is_accounted_for_entry_by_entry(run: Run) -> None:
    expected = entries(bytes(run.root))

    assert (run.code, set(run.report)) == (0, expected)
    assert len(expected) > 300


def test_hostile_folder_shows_no_traceback(run: Run) -> None:
    assert "Traceback" not in run.said


def test_hostile_folder_gives_each_skipped_entry_a_reason(run: Run) -> None:
    assert [path for path, line in run.report.items() if line["outcome"] == "skipped" and not line["reason"]] == []


def test_hostile_folder_gives_all_good_pictures(run: Run) -> None:
    good = [path for path in run.report if path.startswith((b"good/", b"modes/", b"turned/", b"names/", b"deep/"))]
    pictures = [path for path in good if b"/." not in path and b"/@" not in path and b"/#" not in path]

    lost = [path for path in pictures if run.report[path]["outcome"] != "imported" and b"$" not in path[:6]]

    assert [path for path in lost if not path.endswith((b"$RECYCLE.BIN", b"lost+found"))] == []


def test_hostile_folder_imports_only_what_decodes(run: Run) -> None:
    Pillow.MAX_IMAGE_PIXELS = None
    bad = []
    for path in (run.data / "originals").rglob("*.*"):
        try:
            with Pillow.open(path) as picture:
                picture.load()
        except (OSError, SyntaxError, ValueError) as problem:
            bad.append((path, problem))

    assert bad == []


def test_hostile_folder_is_left_as_it_was(run: Run) -> None:
    assert run.after == run.before


def test_hostile_folder_takes_less_than_a_gibibyte(run: Run) -> None:
    assert run.peak < 2**30


def test_hostile_folder_leads_nowhere_outside(run: Run) -> None:
    outcomes = {
        line["outcome"] for path, line in run.report.items() if path.startswith(b"no files/") and b"out" in path
    }

    assert outcomes == {"skipped"}
    assert [path for path in (run.data / "originals").rglob("*") if run.secret in path.name] == []


def test_hostile_folder_numbers_are_dense(run: Run) -> None:
    numbers = sorted(line["number"] for line in run.report.values() if line["outcome"] == "imported")

    assert numbers == list(range(1, len(numbers) + 1))


def test_hostile_folder_bombs_are_named(run: Run) -> None:
    outcomes = {path.decode(): line["outcome"] for path, line in run.report.items() if path.startswith(b"bombs/")}

    assert outcomes == {
        "bombs/130 megapixels.png": "skipped",
        "bombs/canvas.gif": "skipped",
        "bombs/enormous header.png": "skipped",
        "bombs/header.bmp": "skipped",
        "bombs/huge.jpg": "skipped",
        "bombs/one row.png": "skipped",
        "bombs/text.png": "skipped",
    }


def test_hostile_captions_are_read_or_told(run: Run) -> None:
    outcomes = Counter(line["outcome"] for path, line in run.report.items() if path.lower().endswith(b".txt"))

    assert outcomes["imported"] == 0
    assert run.report[b"captions/too long.txt"]["outcome"] == "skipped"
    rows = {path: tags for _, path, _, tags in commands.images(run.data)}
    for name in ("utf8", "mark", "utf16le", "utf16be", "latin"):
        assert rows[f"captions/{name}.png"] == "cat|café"


def test_hostile_folder_read_again_changes_nothing(run: Run) -> None:
    before = commands.images(run.data)

    again = commands.import_dir(run.root, run.data, "--quiet")

    assert (again.returncode, commands.images(run.data)) == (0, before)
    assert " 0 imported, " in again.stdout


@pytest.mark.soak
@pytest.mark.parametrize("workers", [2, 4])
def test_big_pictures_take_less_than_a_gibibyte_together(tmp_path: Path, workers: int) -> None:
    folder = tmp_path / "big"
    folder.mkdir()
    kinds: dict[str, dict[str, Any]] = {
        "JPEG": {"progressive": True},
        "WEBP": {"method": 0},
        "AVIF": {"speed": 10},
        "PNG": {"compress_level": 1},
    }
    for megapixels in (37, 60, 84, 119):
        width = int((megapixels * 4e6 / 3) ** 0.5)
        picture = drawn((8, 6)).resize((width, width * 3 // 4), Pillow.Resampling.BICUBIC)
        for kind, how in kinds.items():
            picture.save(folder / f"{megapixels}.{kind.lower()}", kind, **how)

    with commands.started(folder, tmp_path / "data", "--workers", str(workers)) as running:
        peak = processes.peak_of(running, seconds=300)
        said, _ = running.communicate(timeout=30)

    assert (running.returncode, peak < 2**30) == (0, True)
    assert "16 entries" in said


def test_unreadable_files_are_told_and_the_rest_is_read(tmp_path: Path) -> None:
    folder, report = tmp_path / "cats", tmp_path / "r.json"
    put(folder, "a.png", "closed.png", "dir/b.png")
    (folder / "closed.txt").write_text("cat")
    (folder / "a.txt").write_text("cat")
    for name in ("closed.png", "a.txt", "dir"):
        (folder / name).chmod(0)

    ran = commands.import_dir(folder, tmp_path / "data", "--report", str(report), preexec_fn=_read_no_more_than_others)

    (folder / "dir").chmod(0o755)
    assert (ran.returncode, {path: line["outcome"] for path, line in commands.report(report).items()}) == (
        0,
        {
            b"a.png": "imported",
            b"a.txt": "skipped",
            b"closed.png": "skipped",
            b"closed.txt": "skipped",
            b"dir": "skipped",
        },
    )


def test_unreadable_folder_is_one_line(tmp_path: Path) -> None:
    folder = tmp_path / "cats"
    folder.mkdir(mode=0)

    ran = commands.import_dir(folder, tmp_path / "data", preexec_fn=_read_no_more_than_others)

    folder.chmod(0o755)
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == f"“{folder}” cannot be read: Permission denied.\n"


def test_data_folder_that_cannot_be_written_is_one_line_before_any_work(tmp_path: Path) -> None:
    put(tmp_path, "cats/a.png")
    data = tmp_path / "data"
    data.mkdir(mode=0o555)

    ran = commands.import_dir(tmp_path / "cats", data, preexec_fn=_read_no_more_than_others)

    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert str(data) in ran.stderr


def _read_no_more_than_others() -> None:
    """Root may read and write everything; without these two capabilities it is held to the permissions of files."""
    if os.geteuid() == 0:
        libc = ctypes.CDLL(None)
        for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
            libc.prctl(24, capability, 0, 0, 0)  # PR_CAPBSET_DROP
