"""Pictures as the pages show them."""

from pathlib import Path

import pytest
from django.test import Client

from tagging.imaging import thumbnails
from tagging.imaging.limits import Limits
from tagging.models import Dataset, Person
from tagging.services import renditions
from tagging.storage import OriginalStorage, rendition_name
from tests.exporting import pictures

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _own_data(data_dir: Path) -> None:
    """Every test here writes originals: into a data folder of its own."""


@pytest.fixture
def _wide_screens_are_small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every picture of these tests is too large to be shown as it is."""
    monkeypatch.setattr(thumbnails, "SCREEN_SIDE", 100)


class Turn:
    """A turn to decode for which a request waited while another one made the rendition."""

    def __init__(self, sha256: str, kind: str) -> None:
        self.name = rendition_name(sha256, kind, "webp")

    def __enter__(self) -> None:
        OriginalStorage().write(self.name, b"made by another")

    def __exit__(self, *_: object) -> None:
        """There is nothing to give back."""


@pytest.mark.parametrize("kind", ["thumb", "screen"])
@pytest.mark.usefixtures("_wide_screens_are_small")
def test_picture_let_in_under_raised_limits_is_shown(
    cats: Dataset, vera: Person, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    image = pictures.store(cats)
    monkeypatch.setattr(Limits.__init__, "__defaults__", (1000, 2**29, 16, 2**29))
    client = Client()
    client.force_login(vera)

    answer = client.get(f"/datasets/cats/images/{image.number}/{kind}/")

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "image/webp")


@pytest.mark.parametrize("kind", ["thumb", "screen"])
@pytest.mark.usefixtures("_wide_screens_are_small")
def test_rendition_that_another_request_made_is_not_made_again(
    cats: Dataset, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    image = pictures.store(cats)
    monkeypatch.setattr(renditions, "_decoding", Turn(image.sha256, kind))
    renditions.original_path(image).unlink()  # so that making it would fail

    found = {"thumb": renditions.thumb, "screen": renditions.screen}[kind](image)

    assert found.path.read_bytes() == b"made by another"


@pytest.mark.parametrize(("limit", "content_type"), [(0, "image/png"), (-1, "image/webp")])
def test_screen_is_the_exported_file_up_to_its_own_size(
    cats: Dataset, monkeypatch: pytest.MonkeyPatch, limit: int, content_type: str
) -> None:
    image = pictures.store(cats, pictures.encoded(pictures.drawn(), "TIFF", compression="tiff_lzw"))
    size = renditions.exported(image).path.stat().st_size
    assert size != image.byte_size
    monkeypatch.setattr(thumbnails, "SCREEN_BYTES", size + limit)

    shown = renditions.screen(image)

    assert shown.content_type == content_type


def test_screen_of_a_wide_picture_is_made(cats: Dataset) -> None:
    image = pictures.store(cats, pictures.png((2049, 40)))

    shown = renditions.screen(image)

    assert shown.content_type == "image/webp"
