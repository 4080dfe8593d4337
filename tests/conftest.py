import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tagger_site.static_files import StaticFiles
from tagging.models import Dataset, Person
from tests import factories

# A shell that runs the tests in the background has their Ctrl+C ignored, and whatever they start would inherit that.
signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(autouse=True)
def _quick_passwords(settings: object) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # type: ignore[attr-defined]


@pytest.fixture(autouse=True, scope="session")
def _static_files_found_once() -> Iterator[None]:
    """Each test client makes the middleware anew; what lies in the static folders stays the same."""
    find = StaticFiles.add_files_from_finders
    found: dict[str, object] = {}

    def find_once(self: StaticFiles) -> None:
        if not found:
            find(self)
            found.update(self.files)
        self.files.update(found)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(StaticFiles, "add_files_from_finders", find_once)
        yield


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
