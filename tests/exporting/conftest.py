from pathlib import Path

import pytest
from django.test import Client

from tagging.models import Person


@pytest.fixture(autouse=True)
def _own_data(data_dir: Path) -> None:
    """Every test here writes originals: into a data folder of its own."""


@pytest.fixture
def as_vera(vera: Person) -> Client:
    client = Client()
    client.force_login(vera)
    return client
