from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.start.site import Site


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server on a data folder that was not there before, for all tests of a file."""
    folder: Path = tmp_path_factory.mktemp("start")
    with Site(folder / "data") as started:
        yield started
