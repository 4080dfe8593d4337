from pathlib import Path

import pytest

from tagging.models import Person
from tests import factories
from tests.importing import runs


@pytest.fixture(autouse=True)
def _own_data(data_dir: Path) -> None:
    """Every test here writes originals: into a data folder of its own."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "cats"
    made.mkdir()
    return made


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Imports read in this process, without workers, and write when a batch is full, however long that takes."""
    monkeypatch.setattr("tagging.services.importing.run.Pool", runs.Here)
    monkeypatch.setattr("tagging.services.importing.run.SOON", 1e9)


@pytest.fixture
def owner(db: None) -> Person:
    """Whom imports act as."""
    return factories.person("ada", superuser=True)
