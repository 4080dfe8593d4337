import signal
from pathlib import Path

import pytest

from tagging.models import Dataset, Person
from tests import factories

# A shell that runs the tests in the background has their Ctrl+C ignored, and whatever they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture
def data_dir(tmp_path: Path, settings: object) -> Path:
    """A data folder for one test."""
    settings.TAGGER_DATA_DIR = tmp_path / "data"  # type: ignore[attr-defined]
    return tmp_path / "data"


@pytest.fixture
def ada(db: None) -> Person:
    return factories.person("ada")


@pytest.fixture
def bob(db: None) -> Person:
    return factories.person("bob")


@pytest.fixture
def vera(db: None) -> Person:
    return factories.person("vera")


@pytest.fixture
def eve(db: None) -> Person:
    return factories.person("eve")


@pytest.fixture
def cats(ada: Person, bob: Person, vera: Person) -> Dataset:
    """Ada's dataset, in which Bob tags and Vera views."""
    made = factories.dataset("cats", owner=ada)
    factories.member(made, bob, "tagger")
    factories.member(made, vera, "viewer")
    return made
