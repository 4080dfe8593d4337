"""Several workers: what one that dies costs, and how much memory all may take together."""

import os
import subprocess
import sys
from multiprocessing import spawn
from pathlib import Path

import pytest

from tagging.errors import Refused
from tagging.imaging.limits import Limits
from tagging.services.importing import pool
from tagging.services.importing.flow import in_order
from tagging.services.importing.pool import Pool
from tagging.services.importing.reading import Answer, Brief, Task
from tests.importing import deadly
from tests.importing.commands import ROOT
from tests.importing.pictures import put

pytestmark = pytest.mark.slow


def brief(folder: Path, *, allowance: int = 100, budget: int = 600) -> Brief:
    limits = Limits(memory_bytes=budget)
    return Brief(bytes(folder), str(folder), limits, allowance, frozenset())


def all_answers(workers: int, told: Brief, tasks: list[Task]) -> list[Answer]:
    """Give all tasks and wait for all answers, by place."""
    with Pool(workers, told) as made:
        flow = in_order([lambda task=task: task for task in tasks], made, stopped=lambda: False, tick=lambda: None)  # type: ignore[misc]
        return [answer for _, answer in flow]


def tasks(folder: Path, *names: str, size: int = 1) -> list[Task]:
    return [Task(place, bytes(folder / name), size, may_skip=True) for place, name in enumerate(names)]


def test_worker_that_dies_costs_its_own_file_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", deadly.dies)

    answers = all_answers(1, brief(tmp_path), tasks(tmp_path, "a", "b", "deadly", "c", "d"))

    assert [answer.kind for answer in answers] == ["unusable"] * 5
    assert [answer.reason.isdigit() for answer in answers] == [True, True, False, True, True]
    assert answers[2].reason == "It made the process that decoded it fail (exit code 77)."


def test_workers_that_never_begin_are_no_pictures_doing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", deadly.is_stillborn)

    with pytest.raises(Refused, match=r"The process that reads pictures cannot be started .* exit code 78"):
        all_answers(2, brief(tmp_path), tasks(tmp_path, "a", "b", "c"))


def test_worker_that_dies_before_it_begins_costs_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", deadly.is_stillborn_once)

    answers = all_answers(1, brief(tmp_path), tasks(tmp_path, "a", "b", "c"))

    assert [answer.reason.isdigit() for answer in answers] == [True, True, True]


@pytest.mark.parametrize("missing", [True, False], ids=["missing", "not executable"])
def test_python_that_cannot_be_run_is_named(tmp_path: Path, missing: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python"
    if not missing:
        python.write_bytes(b"no program")
        python.chmod(0o755)
    monkeypatch.setattr(spawn, "_python_exe", os.fsencode(python))

    with pytest.raises(Refused, match="The process that reads pictures cannot be started") as refused:
        all_answers(1, brief(tmp_path), tasks(tmp_path, "a", "b", "c"))

    assert str(python) in str(refused.value)


def test_worker_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", deadly.hangs)
    monkeypatch.setattr(pool, "PATIENCE", 0.5)

    answers = all_answers(1, brief(tmp_path), tasks(tmp_path, "deadly", "b"))

    assert [answer.reason for answer in answers] == ["Reading it did not end within 0 seconds.", "alive"]


def test_decodes_together_stay_within_the_budget(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "serve", deadly.takes_memory)
    sizes = [10, 550, 100, 90, 300, 300, 600, 20, 600, 350, 250, 50, 590]
    wanted = [Task(place, b"/", size, may_skip=True) for place, size in enumerate(sizes)]

    answers = all_answers(3, brief(tmp_path), wanted)

    assert [answer.kind for answer in answers] == ["taken"] * len(sizes)
    assert max(answer.memory for answer in answers) <= 600


def test_workers_really_read_pictures(tmp_path: Path) -> None:
    put(tmp_path, "a.png", "b.jpg")
    (tmp_path / "c.png").write_bytes(b"nothing")
    told = brief(tmp_path, allowance=10**8, budget=6 * 10**8)

    answers = all_answers(2, told, tasks(tmp_path, "a.png", "b.jpg", "c.png"))

    assert [(answer.kind, answer.format) for answer in answers] == [
        ("taken", "png"),
        ("taken", "jpeg"),
        ("unusable", ""),
    ]
    assert all(Path(answer.temp).read_bytes() for answer in answers[:2])


def test_workers_need_no_django() -> None:
    code = "import sys, tagging.services.importing.worker; print([m for m in sys.modules if m.startswith('django')])"

    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)

    assert ran.stdout == "[]\n"
