"""Real exports ended by SIGKILL: what is there is the old whole or the new whole, and nothing stays beside it."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from tagging.models import Dataset, Person
from tagging.services import image_tags
from tests.exporting import pictures
from tests.exporting.pictures import contents, names

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

# Sends itself a signal at the nth call of a step.
KILLED_AT = """
import os, signal, sys
step, count, number, *command = sys.argv[1:]
import django
django.setup()
from pathlib import Path
from django.core.management import execute_from_command_line
from tagging.management.commands import export_dir
from tagging.services.exporting import folder, pictures, staging
export_dir.make_ready = lambda: None
left = int(count)
def killing(of, name):
    real = getattr(of, name)
    def wrapped(*args, **options):
        global left
        left -= 1
        if left == 0:
            os.kill(os.getpid(), int(number))
        return real(*args, **options)
    setattr(of, name, wrapped)
places = {"mkdtemp": staging.tempfile, "_copy": pictures, "write_bytes": Path, "exchange": staging, "_remove": staging,
    "rmtree": staging.shutil, "unlink": Path, "record": folder, "flush": staging, "fsync": os}
if step == "two renames":
    staging.exchange = lambda one, other: False
    step = "rename"
    places["rename"] = Path
killing(places[step], step)
execute_from_command_line(["manage.py", "export_dir", *command])
"""
EXPORT = [sys.executable, "-c", KILLED_AT, "mkdtemp", "1000000", "9"]  # a kill that never comes
STEPS = [
    *(("mkdtemp", 1), ("_copy", 1), ("_copy", 4), ("write_bytes", 2), ("write_bytes", 9)),
    *(("flush", 1), ("exchange", 1), ("_remove", 1), ("rmtree", 1), ("record", 1)),
]
SOAKED = [
    *(("_copy", count) for count in (2, 3, 5, 6)),
    *(("write_bytes", count) for count in range(1, 12)),
    ("unlink", 1),
    *(("two renames", count) for count in range(1, 9)),
]


@pytest.fixture
def export(cats: Dataset, ada: Person, tmp_path: Path) -> dict[str, dict[str, bytes]]:
    """An earlier export in `out`; the two wholes that may be there: `old` and `new`."""
    images = [pictures.store(cats, tags=["cat"]) for _ in range(6)]
    call_command("export_dir", str(tmp_path / "out"))
    old = contents(tmp_path / "out")
    for image in images:
        image_tags.set_all(image, "a new caption, of more letters", revision=0, by=ada)
    call_command("export_dir", str(tmp_path / "new"))
    return {"old": old, "new": contents(tmp_path / "new")}


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagging.management.commands.export_dir.make_ready", lambda: None)


def environment(data: Path) -> dict[str, str]:
    """That of a command on this test's database and data folder."""
    return {**os.environ, "TAGGER_DATA_DIR": str(data), "DATABASE_URL": f"sqlite://{connection.settings_dict['NAME']}"}


def which(folder: Path, wholes: dict[str, dict[str, bytes]]) -> str:
    if not folder.exists():
        return "nothing"
    found = contents(folder)
    return next((name for name, whole in wholes.items() if whole == found), f"half: {sorted(found)}")


def kill_at(step: str, count: int, out: Path, data: Path, number: int = signal.SIGKILL) -> int:
    command = [sys.executable, "-c", KILLED_AT, step, str(count), str(int(number)), str(out), "--dataset", "cats"]
    return subprocess.run(command, env=environment(data), check=False, capture_output=True).returncode


@pytest.mark.parametrize(
    ("step", "count"), [*STEPS[::2], *(pytest.param(*each, marks=pytest.mark.soak) for each in [*STEPS[1::2], *SOAKED])]
)
def test_killed_export_leaves_the_old_or_the_new_whole(
    export: dict[str, dict[str, bytes]], tmp_path: Path, step: str, count: int
) -> None:
    code = kill_at(step, count, tmp_path / "out", tmp_path / "data")

    after = which(tmp_path / "out", export)
    call_command("export_dir", str(tmp_path / "out"))
    assert (code, after in ("old", "new") or (step == "two renames" and after == "nothing")) == (-9, True)
    assert (which(tmp_path / "out", export), names(tmp_path)) == ("new", ["data", "new", "out"])


@pytest.mark.parametrize(("number", "code"), [(signal.SIGTERM, 1), (signal.SIGINT, 130)])
def test_stopped_export_cleans_up_by_itself(
    export: dict[str, dict[str, bytes]], tmp_path: Path, number: int, code: int
) -> None:
    found = kill_at("_copy", 4, tmp_path / "out", tmp_path / "data", number)

    assert (found, which(tmp_path / "out", export), names(tmp_path)) == (code, "old", ["data", "new", "out"])


@pytest.mark.soak
def test_exports_killed_at_any_moment_are_never_half(
    export: dict[str, dict[str, bytes]], cats: Dataset, tmp_path: Path
) -> None:
    moments = random.Random(5)  # the same moments each time
    commands = [[*EXPORT, str(tmp_path / "out"), "--profile", profile] for profile in ("tags", "tags+description")]
    wholes = {}
    began = time.monotonic()
    for command in commands:
        subprocess.run(command, env=environment(tmp_path / "data"), check=True, capture_output=True)
        wholes[command[-1]] = contents(tmp_path / "out")
    one_run = (time.monotonic() - began) / 2

    found = set()
    for _ in range(60):
        command = moments.choice(commands)
        process = subprocess.Popen(command, env=environment(tmp_path / "data"), stdout=subprocess.DEVNULL)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(moments.uniform(0.4, 1.05) * one_run)
        process.send_signal(signal.SIGKILL)
        process.wait()
        found.add(which(tmp_path / "out", wholes))

    call_command("export_dir", str(tmp_path / "out"))
    assert (found, names(tmp_path)) == ({"tags", "tags+description"}, ["data", "new", "out"])


def test_export_killed_while_it_converts_leaves_nothing_in_the_data_folder(cats: Dataset, tmp_path: Path) -> None:
    pictures.store(cats, pictures.transparent(), tags=["cat"])

    code = kill_at("fsync", 1, tmp_path / "out", tmp_path / "data")
    call_command("export_dir", str(tmp_path / "out"))

    assert (code, [path.name for path in (tmp_path / "data").rglob("*.part")]) == (-9, [])
