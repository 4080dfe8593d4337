import os
import tempfile
from pathlib import Path

# Tests write into a data folder of their own, whatever the environment of the person who runs them says.
_folder = tempfile.TemporaryDirectory(prefix="tagger-tests-")
for _name in [name for name in os.environ if name.startswith("TAGGER_")]:
    del os.environ[_name]
os.environ["TAGGER_DATA_DIR"] = _folder.name
os.environ.setdefault("TAGGER_SECRET_KEY", "only-for-tests-" + "0123456789abcdefghijklmnopqrstuvwxyz" * 2)

import pytest  # noqa: E402 - the environment comes first

from tagging.models import Dataset, Person  # noqa: E402
from tests import factories  # noqa: E402


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
