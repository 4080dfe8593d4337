"""`runserver`, as people who work on the program serve it: alone on its data folder too, and reloading as ever."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from tests.start.site import ROOT, Site, environment, free_port, manage, one_line, until_said

pytestmark = pytest.mark.slow

WATCHED = "import watched_file\n"


class Development:
    """A `manage.py runserver`, whose settings module imports a file of the test's own, to be changed."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.data, self.port, self.log = folder / "data", free_port(), folder / "log"
        self.watched = folder / "watched_file.py"
        self.watched.touch()
        (folder / "own_settings.py").write_text(f"{WATCHED}from tagger_site.settings import *\n")
        more = {"PYTHONPATH": str(folder), "DJANGO_SETTINGS_MODULE": "own_settings", "PYTHONUNBUFFERED": "1"}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "manage.py"), "runserver", str(self.port), *arguments],
                env=environment(self.data, more), stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip

    @property
    def starts(self) -> int:
        """How often it has begun to serve."""
        return len(re.findall("Starting ASGI/Daphne", self.log.read_text()))

    def changed_and_served_again(self) -> bool:
        """To be asked until it is so: what changes before the reloader first looks is no change to it."""
        self.watched.touch()
        return self.starts > 1


@contextmanager
def developing(folder: Path, *arguments: str) -> Iterator[Development]:
    running = Development(folder, *arguments)
    try:
        assert until_said(lambda: running.starts > 0), running.log.read_text()
        yield running
    finally:
        with suppress(ProcessLookupError):
            os.killpg(running.process.pid, signal.SIGKILL)
        running.process.wait()


@pytest.fixture(scope="module")
def development(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Development]:
    with developing(tmp_path_factory.mktemp("development")) as running:
        yield running


@pytest.mark.parametrize(
    "command", [("start", "--no-browser"), ("runserver",), ("runserver", "--noreload")], ids=" ".join
)
def test_server_beside_runserver_says_where_that_one_runs(command: tuple[str, ...], development: Development) -> None:
    refused = manage(*command, data=development.data)

    assert refused.returncode == 1
    assert f"already at http://127.0.0.1:{development.port} (process {development.process.pid})" in one_line(refused)


@pytest.mark.parametrize("arguments", [(), ("--noreload",)], ids=["reloading", "not reloading"])
def test_runserver_beside_start_says_where_that_one_runs(arguments: tuple[str, ...], site: Site) -> None:
    refused = manage("runserver", str(free_port()), *arguments, data=site.data)

    assert refused.returncode == 1
    assert f"already at http://127.0.0.1:{site.port} (process {site.process.pid})" in one_line(refused)


def test_start_beside_runserver_without_reloader_is_refused(tmp_path: Path) -> None:
    with developing(tmp_path, "--noreload") as running:
        refused = manage("start", "--no-browser", data=running.data)

    assert (refused.returncode, f"http://127.0.0.1:{running.port}" in one_line(refused)) == (1, True)


def test_other_commands_work_beside_runserver(development: Development, tmp_path: Path) -> None:
    commands = [
        ("import_dir", str(ROOT / "samples"), "--dataset", "samples"),
        ("export_dir", str(tmp_path / "out")),
        ("migrate",),
        ("shell", "-c", "print(1)"),
        ("enter",),
    ]

    done = [manage(*command, data=development.data) for command in commands]

    assert [each.returncode for each in done] == [0, 0, 0, 0, 0], [each.stderr for each in done]
    assert done[-1].stdout.startswith(f"http://127.0.0.1:{development.port}/enter/")


def test_runserver_reloads_and_stays_alone(tmp_path: Path) -> None:
    with developing(tmp_path) as running:
        reloaded = until_said(running.changed_and_served_again)
        refused = manage("start", "--no-browser", data=running.data)

    assert (reloaded, refused.returncode) == (True, 1)


def test_runserver_that_lost_its_parent_is_still_alone(tmp_path: Path) -> None:
    with developing(tmp_path) as running:
        running.process.kill()
        running.process.wait()
        refused = manage("start", "--no-browser", data=running.data)

    assert refused.returncode == 1


def test_data_folder_is_free_once_runserver_has_ended(tmp_path: Path) -> None:
    with developing(tmp_path) as running:
        running.process.terminate()
        running.process.wait()

    with Site(running.data) as site:
        assert site.stop() == 0
