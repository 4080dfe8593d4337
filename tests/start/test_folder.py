import json
import os
import shutil
import sqlite3
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tagging.management.file_lock import Taken, hold
from tests.start.site import manage, one_line

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first command leaves it."""
    data = tmp_path_factory.mktemp("first") / "data"
    manage("enter", data=data)
    return data


@pytest.fixture
def known(first: Path, tmp_path: Path) -> Path:
    """A data folder that is in use already."""
    return Path(shutil.copytree(first, tmp_path / "known"))


def people(data: Path) -> list[str]:
    with sqlite3.connect(data / "tagger.sqlite3") as database:
        return [name for (name,) in database.execute("select username from tagging_person order by id")]


def test_two_commands_at_once_make_one_database(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"

    with ThreadPoolExecutor() as both:
        done = list(both.map(lambda _: manage("enter", data=data), range(2)))

    assert [command.returncode for command in done] == [0, 0]
    assert people(data) == ["owner"]


def test_createsuperuser_makes_the_database_itself(tmp_path: Path) -> None:
    arguments = ("createsuperuser", "--noinput", "--username", "ada", "--email", "ada@example.org")

    done = manage(*arguments, data=tmp_path / "data", env={"DJANGO_SUPERUSER_PASSWORD": "a long enough secret"})

    assert (done.returncode, people(tmp_path / "data")) == (0, ["ada"])


def test_the_database_is_copied_before_it_is_migrated(known: Path) -> None:
    manage("migrate", "axes", "0009", data=known)

    done = manage("enter", data=known)

    (copy,) = (known / "backups").iterdir()
    with sqlite3.connect(copy) as database:
        sound = database.execute("pragma integrity_check").fetchone()
        names = database.execute("select username from tagging_person").fetchall()
    assert done.returncode == 0
    assert copy.name.startswith("before-0.1.0-")
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert (sound, names) == (("ok",), [("owner",)])


def test_a_data_folder_that_is_a_file_is_said_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.touch()

    refused = manage("start", "--no-browser", data=data)

    assert refused.returncode == 1
    assert f"The data folder {data} cannot be written by user" in one_line(refused)


@pytest.mark.skipif(sys.platform != "linux", reason="who is bound by modes is Linux's to say")
@pytest.mark.parametrize("used", [False, True])
def test_a_data_folder_that_is_not_ours_is_said_in_one_line(used: bool, known: Path, tmp_path: Path) -> None:
    data = known if used else tmp_path / "empty"
    data.mkdir(exist_ok=True)
    data.chmod(0o555)

    refused = manage("start", "--no-browser", data=data, bound_by_modes=True)

    data.chmod(0o755)
    line = one_line(refused)
    assert refused.returncode == 1
    assert (f"The data folder {data} cannot be" in line, "by user " in line) == (True, True)


def test_a_database_that_is_damaged_is_said_in_one_line(known: Path) -> None:
    (known / "tagger.sqlite3").write_bytes(b"no database at all" * 100)

    refused = manage("enter", data=known)

    assert refused.returncode == 1
    assert f"{known / 'tagger.sqlite3'} is damaged or not one of Tagger's" in one_line(refused)


def test_a_lock_has_one_holder(tmp_path: Path) -> None:
    with hold(tmp_path / "lock", seconds=0) as file:
        file.write("me")
        file.flush()

        with pytest.raises(Taken) as taken, hold(tmp_path / "lock", seconds=0):
            pass

    assert taken.value.text == "me"


def test_a_lock_is_free_when_its_holder_has_died(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    script = f"""
import os, signal, sys
from pathlib import Path
from tagging.management.file_lock import hold
with hold(Path({json.dumps(str(lock))}), seconds=0):
    os.kill(os.getpid(), signal.SIGKILL)
"""
    died = subprocess.run([sys.executable, "-c", script], check=False)

    with hold(lock, seconds=0):
        held = True

    assert (died.returncode, held) == (-9, True)


def test_version_is_taggers(tmp_path: Path) -> None:
    said = manage("--version", data=tmp_path / "data")

    assert said.stdout.startswith("Tagger 0.1.0 (Django 5.2")
    assert not (tmp_path / "data").exists()


@pytest.mark.skipif(os.name != "posix", reason="modes are of POSIX")
def test_a_new_data_folder_is_its_owners_alone(tmp_path: Path) -> None:
    data = tmp_path / "new" / "data"

    made = manage("enter", data=data)

    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (data, data / "tagger.sqlite3", data / "secret_key")
    }
    assert made.returncode == 0
    assert modes == {"data": 0o700, "tagger.sqlite3": 0o600, "secret_key": 0o600}
