"""What lists say while an import runs, and what people did together."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tagging.models import Dataset, Image, Import, Person
from tagging.services import images
from tests import factories

IMPORTS = 'href="/datasets/cats/imports/"'


@pytest.fixture
def client(bob: Person) -> Client:
    made = Client()
    made.force_login(bob)
    return made


def running(dataset: Dataset, **columns: Any) -> Import:
    return Import.objects.create(dataset=dataset, folder="/imgs", **({"total": 3000, "read": 2100} | columns))


def main_of(client: Client, address: str) -> str:
    return client.get(address).content.decode().partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/", "Import running: 2\u202f100 of 3\u202f000 files read."),
        ("/datasets/cats/", "2\u202f100 of 3\u202f000 files</span>"),
    ],
)
def test_a_running_import_is_said_where_no_image_is_yet(
    address: str, words: str, cats: Dataset, client: Client
) -> None:
    running(cats)

    page = main_of(client, address)

    assert words in page
    assert IMPORTS in page
    assert "import_dir" not in page


@pytest.mark.parametrize(
    ("address", "words"), [("/", "An import gave its last sign of life"), ("/datasets/cats/", "No sign of life since")]
)
def test_an_import_without_a_sign_of_life_is_said(address: str, words: str, cats: Dataset, client: Client) -> None:
    run = running(cats)
    Import.objects.filter(pk=run.pk).update(seen_at=timezone.now() - timedelta(hours=2))

    page = main_of(client, address)

    assert words in page
    assert IMPORTS in page


@pytest.mark.parametrize("state", ["finished", "stopped", "failed"])
def test_an_import_that_ended_is_no_running_one(state: str, cats: Dataset, client: Client) -> None:
    running(cats, state=state)

    pages = main_of(client, "/") + main_of(client, "/datasets/cats/")

    assert "Import running" not in pages
    assert "import_dir ./imgs --dataset cats" in pages


def test_together_counts_each_image_once(cats: Dataset, ada: Person, bob: Person, client: Client) -> None:
    picture = factories.image(cats)
    images.finish(picture, by=ada)
    images.reopen(_now(picture), by=ada)
    images.finish(_now(picture), by=bob)

    page = main_of(client, "/datasets/cats/finished/")

    together = page.partition("<tfoot>")[2].partition("</td>")[0].rpartition(">")[2]
    assert together == "1"
    assert "1 of 1 image is done" in page


def _now(picture: Image) -> Image:
    return Image.objects.select_related("dataset").get(pk=picture.pk)
