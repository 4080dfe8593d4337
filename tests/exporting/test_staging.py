import os
import subprocess
import sys
from pathlib import Path

import pytest

from tagging.services.exporting import finish_interrupted
from tagging.services.exporting import staging as module
from tagging.services.exporting.exchange import exchange
from tagging.services.exporting.staging import MARKER, staging
from tests.exporting.pictures import names

pytestmark = pytest.mark.slow


@pytest.fixture
def old(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "whole").write_text("old")
    return folder


@pytest.fixture(params=["exchange", "two renames"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "two renames":
        monkeypatch.setattr(module, "exchange", lambda one, other: False)
    return str(request.param)


SET_UP = """
import sys
from pathlib import Path
import django
django.setup()
from tagging.services.exporting import staging as module
"""
ALIVE = """
with module.staging(Path(sys.argv[1])):
    print("begun", flush=True)
    sys.stdin.readline()
"""


def python(code: str, *args: str) -> list[str]:
    """A command that runs `code` in a process of its own."""
    return [sys.executable, "-c", SET_UP + code, *args]


def dead(target: Path, **files: str) -> Path:
    """What an export that was killed has left beside its target."""
    folder = target.parent / f".{target.name}.tagger-999999999-dead"
    folder.mkdir()
    (folder / MARKER).write_bytes(os.fsencode(target.name))
    for name, text in files.items():
        (folder / name).mkdir()
        (folder / name / "whole").write_text(text)
    return folder


def test_new_folder_takes_the_place_of_the_old(old: Path, way: str, tmp_path: Path) -> None:
    with staging(old) as stage:
        (stage.new / "whole").write_text("new")
        stage.publish(tmp_path / "data")

    assert ((old / "whole").read_text(), [name for name in names(tmp_path) if name != "data"]) == ("new", ["out"])


def test_error_leaves_the_old_and_nothing_beside_it(old: Path, tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), staging(old):
        raise ZeroDivisionError

    assert ((old / "whole").read_text(), names(tmp_path)) == ("old", ["out"])


def test_error_leaves_no_folder_that_was_made_for_it(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), staging(tmp_path / "a/b/out"):
        raise ZeroDivisionError

    assert names(tmp_path) == []


def test_second_rename_that_fails_brings_the_old_back(
    old: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "exchange", lambda one, other: False)
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda self, to: _fail() if self.name == "new" else rename(self, to))

    with pytest.raises(PermissionError), staging(old) as stage:
        stage.publish(tmp_path / "data")

    assert (old / "whole").read_text() == "old"


def _fail() -> None:
    raise PermissionError


def test_old_folder_that_cannot_be_removed_does_not_undo_the_new(
    old: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.rmtree", lambda path: _fail())

    with staging(old) as stage:
        (stage.new / "whole").write_text("new")
        stage.publish(tmp_path / "data")

    assert ((old / "whole").read_text(), stage.folder.exists()) == ("new", True)


def test_next_export_removes_what_killed_ones_left(old: Path, tmp_path: Path) -> None:
    dead(old, new="half")
    dead(tmp_path / "another", new="half")
    (tmp_path / ".out.tagger-999999999-empty").mkdir()

    with staging(old):
        pass

    assert names(tmp_path) == ["out"]


def test_next_export_leaves_a_strangers_folder_of_such_a_name(old: Path, tmp_path: Path) -> None:
    folder = tmp_path / ".out.tagger-1-mine"
    folder.mkdir()
    (folder / "thesis").write_text("ten years of work")

    with staging(old):
        pass

    assert (folder / "thesis").exists()


def test_next_export_leaves_one_that_is_alive(old: Path, tmp_path: Path) -> None:
    other = subprocess.Popen(python(ALIVE, str(old)), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert other.stdout is not None
    assert other.stdout.readline() == b"begun\n"

    with staging(old):
        pass
    left = [name for name in names(tmp_path) if ".tagger-" in name]
    other.communicate(b"over\n")

    assert (len(left), other.returncode, names(tmp_path)) == (1, 0, ["out"])


@pytest.mark.parametrize(
    ("left", "found"),
    [
        ({"old": "old", "new": "new"}, "new"),
        ({"old": "old"}, "old"),
    ],
)
def test_next_export_finishes_an_exchange_of_two_renames(tmp_path: Path, left: dict[str, str], found: str) -> None:
    dead(tmp_path / "out", **left)

    with staging(tmp_path / "beside"):
        pass

    assert ((tmp_path / "out/whole").read_text(), names(tmp_path)) == (found, ["out"])


def test_leftover_never_comes_back_over_what_is_there(old: Path, tmp_path: Path) -> None:
    dead(old, old="older", new="newer")

    with staging(old):
        pass

    assert ((old / "whole").read_text(), names(tmp_path)) == ("old", ["out"])


def test_marker_cannot_lead_out_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "beside").mkdir()
    folder = dead(tmp_path / "beside/out", old="old", new="new")
    (folder / MARKER).write_text("../escaped")

    with staging(tmp_path / "beside/other"):
        pass

    assert not (tmp_path / "escaped").exists()


KILL_BETWEEN = """
import os, signal
module.exchange = lambda one, other: False
rename = Path.rename
def killing(self, target):
    if self.name == "new":
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)
Path.rename = killing
with module.staging(Path(sys.argv[1])) as stage:
    (stage.new / "whole").write_text("new")
    stage.publish(Path(sys.argv[2]))
"""


@pytest.fixture
def killed_between(old: Path, tmp_path: Path) -> Path:
    """A data folder that notes an export which was killed between its two renames."""
    done = subprocess.run(python(KILL_BETWEEN, str(old), str(tmp_path / "data")), check=False)
    assert (done.returncode, old.exists()) == (-9, False)
    return tmp_path / "data"


def test_any_command_finishes_an_exchange_wherever_it_was(killed_between: Path, old: Path) -> None:
    finish_interrupted(killed_between)

    assert ((old / "whole").read_text(), list((killed_between / "exchanges").iterdir())) == ("new", [])


def test_finishing_twice_is_as_good_as_once(killed_between: Path, old: Path) -> None:
    finish_interrupted(killed_between)

    finish_interrupted(killed_between)

    assert (old / "whole").read_text() == "new"


def test_note_that_was_cut_short_is_dropped(tmp_path: Path) -> None:
    (tmp_path / "exchanges").mkdir()
    (tmp_path / "exchanges/1.json").write_text('{"stag')

    finish_interrupted(tmp_path)

    assert list((tmp_path / "exchanges").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="an exchange in one step is Linux's")
def test_exchange_swaps_two_folders(old: Path, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()

    done = exchange(tmp_path / "new", old)

    assert (done, names(old), names(tmp_path / "new")) == (True, [], ["whole"])
