"""An import that is killed anywhere and run again gives what one run gives, and leaves nothing behind."""

import contextlib
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.importing import commands
from tests.importing.commands import files_without_rows, images, import_dir, query, unfinished
from tests.importing.pictures import caption, put

pytestmark = [
    pytest.mark.slow,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL"),
]

# Ends the command at the nth call of a function, by a signal that cannot be caught.
KILLED_AT = """
import os, runpy, signal, sys
module, name, count, *sys.argv = sys.argv[1:]
import importlib
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")
import django
django.setup()
owner, left = importlib.import_module(module), int(count)
*path, name = name.split(".")
for part in path:
    owner = getattr(owner, part)
real = getattr(owner, name)
def killing(*args, **options):
    global left
    left -= 1
    if left == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(*args, **options)
setattr(owner, name, killing)
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
IMPORTING = "tagging.services.importing"
PICTURES = 45

# Before the dataset is there, with the row, between files and rows, within a transaction, after one, at the end.
SHORT = [
    (f"{IMPORTING}.journal", "Path.touch", 1),
    (f"{IMPORTING}.recorder", "OriginalStorage.adopt", 7),
    (f"{IMPORTING}.recorder", "record", 3),
    (f"{IMPORTING}.recorder", "time.sleep", 2),
    (f"{IMPORTING}.journal", "Journal.end", 1),
]
LONG = [
    *((f"{IMPORTING}.recorder", "OriginalStorage.adopt", count) for count in range(1, 2 * PICTURES, 3)),
    *((f"{IMPORTING}.recorder", "OriginalStorage.settle", count) for count in (1, 2, 3, 4)),
    *((f"{IMPORTING}.recorder", name, count) for name in ("record", "time.sleep") for count in (1, 2, 3, 4)),
    *((f"{IMPORTING}.recorder", "records.count_uses", count) for count in (1, 2, 3, 4)),
    *((f"{IMPORTING}.pool", "Pool.give", count) for count in range(1, PICTURES, 4)),
    *((f"{IMPORTING}.pool", "Pool.take", count) for count in range(1, 40, 4)),
    *((f"{IMPORTING}.run", name, 1) for name in ("survey", "stop_dead_imports", "make")),
    *((f"{IMPORTING}.run", "_Run._write", count) for count in (1, 2, 3, 4)),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Pictures with captions, a duplicate, and a bad one."""
    folder = tmp_path_factory.mktemp("source") / "cats"
    for number, picture in enumerate(put(folder, *(f"sub {n % 3}/{n}.png" for n in range(PICTURES))), 1):
        caption(picture, f"tag {number % 7}, {'Tag' if number > 3 else 'tag'} all, cat_{number}")
    (folder / "sub 0/bad.png").write_bytes(b"no picture")
    (folder / "sub 1/twin.png").write_bytes((folder / "sub 0/0.png").read_bytes())
    return folder


@pytest.fixture(scope="module")
def whole(source: Path, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Any, ...]]:
    """What one run gives."""
    data = tmp_path_factory.mktemp("whole")
    import_dir(source, data, "--quiet")
    return images(data)


def killed_at(point: tuple[str, str, int], source: Path, data: Path) -> int:
    """Import until the point comes. Returns the exit code. Batches are small, so that there are several."""
    module, name, count = point
    code = KILLED_AT.replace("owner, left", f"import {IMPORTING}.run as run\nrun.MOST_ROWS = 12\nowner, left", 1)
    command = [sys.executable, "-c", code, module, name, str(count), "manage.py", "import_dir", str(source), "--quiet"]
    ran = commands.run(command, data)
    return ran.returncode


@pytest.mark.parametrize(
    "point",
    [*SHORT, *(pytest.param(point, marks=pytest.mark.soak) for point in LONG if point not in SHORT)],
    ids=lambda point: f"{point[1]} {point[2]}",
)
def test_import_killed_and_run_again_gives_what_one_run_gives(
    point: tuple[str, str, int], source: Path, whole: list[tuple[Any, ...]], tmp_path: Path
) -> None:
    code = killed_at(point, source, tmp_path)
    after_kill = images(tmp_path)

    again = import_dir(source, tmp_path, "--quiet")

    assert (code, after_kill == whole[: len(after_kill)]) == (-signal.SIGKILL, True)
    assert (again.returncode, images(tmp_path) == whole) == (0, True)
    assert (files_without_rows(tmp_path), unfinished(tmp_path)) == ([], [])
    states = [state for (state,) in query(tmp_path, "SELECT state FROM tagging_import ORDER BY id")]
    assert states in (["finished"], ["stopped", "finished"])
    assert query(tmp_path, "PRAGMA integrity_check") == [("ok",)]


def test_counters_agree_after_a_kill_and_a_second_run(source: Path, tmp_path: Path) -> None:
    killed_at((f"{IMPORTING}.recorder", "record", 3), source, tmp_path)

    import_dir(source, tmp_path, "--quiet")

    wrong = query(
        tmp_path,
        "SELECT name FROM tagging_tag WHERE use_count <>"
        " (SELECT count(*) FROM tagging_imagetag WHERE tag_id = tagging_tag.id)",
    )
    counted = query(tmp_path, "SELECT todo_count, last_number, change_seq FROM tagging_dataset")
    changes = query(tmp_path, "SELECT count(*), max(seq) FROM tagging_change")
    assert (wrong, counted[0][:2], changes[0][0] == changes[0][1] == counted[0][2]) == ([], (PICTURES, PICTURES), True)


def test_workers_end_when_their_import_is_killed(source: Path, tmp_path: Path) -> None:
    with commands.started(source, tmp_path, "--workers", "2") as running:
        begun = commands.until(lambda: bool(children(running.pid)) or running.poll() is not None, 30)
        workers = children(running.pid)
        os.kill(running.pid, signal.SIGKILL)
        running.wait()
        gone = [commands.until(lambda pid=pid: not Path(f"/proc/{pid}").exists(), 30) for pid in workers]  # type: ignore[misc]

    assert (begun, gone) == (True, [True] * len(workers))
    assert workers


def children(pid: int) -> list[int]:
    """The processes that a command started to decode."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            command = (stat.parent / "cmdline").read_bytes()
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid and b"spawn_main" in command:
                found.append(int(stat.parent.name))
    return found
