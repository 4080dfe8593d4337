from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def _own_data(data_dir: Path) -> None:
    """Every test here writes originals: into a data folder of its own."""
