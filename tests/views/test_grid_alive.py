"""What a grid that is open asks for: its counts, and as many pages as it had."""

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tagging.models import Dataset, Image, Person, TaggingSession
from tests import factories

pytestmark = pytest.mark.django_db

GRID = "/datasets/cats/"
SCRIPT = {"HX-Request": "true"}


@pytest.fixture
def client(bob: Person) -> Client:
    made = Client()
    made.force_login(bob)
    return made


@pytest.fixture
def many(cats: Dataset) -> Dataset:
    """Four pages and a bit."""
    factories.images(cats, 125)
    factories.images(cats, 125, tags=["cat"])
    return cats


def _numbers(page: str) -> list[int]:
    return [int(number) for number in re.findall(r'id="image-(\d+)-card"', page)]


def _get(client: Client, address: str, **headers: str) -> str:
    return client.get(address, headers=headers).content.decode()


def _key(page: str) -> str:
    return page.partition('data-key="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ("pages=3", 180),
        ("pages=0", 60),
        ("pages=x", 60),
        ("pages=99", 250),
        ("holding=61", 120),
        ("holding=60", 60),
        ("pages=3&holding=61", 180),
        ("holding=999", 60),
        ("q=cat&holding=186", 120),
        ("q=cat&holding=185", 60),
        ("order=name&holding=200", 240),
    ],
)
def test_a_script_gets_as_many_pages_as_it_asks_for(asked: str, count: int, many: Dataset, client: Client) -> None:
    page = _get(client, f"{GRID}?{asked}")

    numbers = _numbers(page)

    assert len(numbers) == count
    assert numbers == sorted(set(numbers))


def test_one_who_comes_back_gets_the_pages_that_were_there(many: Dataset, client: Client) -> None:
    key = _key(_get(client, GRID))
    client.cookies["tagger_grid"] = f"00000000.9-{key}.3"

    page = _get(client, GRID)

    assert _numbers(page) == list(range(1, 181))
    assert 'rel="expect"' in page


def test_one_who_comes_back_gets_the_image_they_were_on(many: Dataset, bob: Person, client: Client) -> None:
    key = _key(_get(client, GRID))
    image = Image.objects.get(dataset=many, number=130)
    TaggingSession.objects.update_or_create(dataset=many, person=bob, defaults={"image": image})
    client.cookies["tagger_grid"] = f"{key}.1"

    page = _get(client, GRID)

    assert _numbers(page) == list(range(1, 181))
    assert 'class="card todo here" id="image-130-card"' in page


@pytest.mark.parametrize(
    "value", ["", "x", "{key}", "{key}.", "{key}.x", "{key}.-1", "{other}.3", "{key}.9999", "{key}.²"]
)
def test_a_cookie_that_says_nothing_of_this_grid_changes_nothing(value: str, many: Dataset, client: Client) -> None:
    key, other = _key(_get(client, GRID)), _key(_get(client, f"{GRID}?q=cat"))
    client.cookies["tagger_grid"] = value.format(key=key, other=other)

    page = _get(client, GRID)

    assert key != other
    assert len(_numbers(page)) == 60
    assert 'rel="expect"' not in page


def test_a_grid_that_is_open_reads_its_counts_alone(cats: Dataset, client: Client) -> None:
    factories.image(cats, 1, tags=["cat"], state="done")
    factories.image(cats, 2, tags=["cat"])
    factories.image(cats, 3)
    factories.image(cats, 4, tags=["cat"], state="rejected")

    answer = client.get(f"{GRID}?q=cat&since=1", headers=SCRIPT)
    page = answer.content.decode()

    assert 'data-new="1" data-newest="4"' in page
    assert "1 to do, 1 done." in page
    assert ("<html" in page, "-card" in page) == (False, False)
    assert "HX-Request" in answer.headers["Vary"]


def test_back_to_an_address_with_counts_in_it_is_a_whole_page(cats: Dataset, client: Client) -> None:
    factories.image(cats)

    pages = [
        _get(client, f"{GRID}?since=0"),
        _get(client, f"{GRID}?since=0", **SCRIPT, **{"HX-History-Restore-Request": "true"}),
    ]

    assert ["<html" in page for page in pages] == [True, True]


@pytest.mark.parametrize("address", [f"{GRID}?q=cat&since=0", f"{GRID}?since=0"])
def test_counts_are_asked_for_as_often_with_three_images_as_with_one(
    address: str, cats: Dataset, client: Client
) -> None:
    factories.image(cats, tags=["cat"])
    client.get(address, headers=SCRIPT)

    with CaptureQueriesContext(connection) as one:
        client.get(address, headers=SCRIPT)
    for _ in range(2):
        factories.image(cats, tags=["cat", "sofa"])
    with CaptureQueriesContext(connection) as three:
        client.get(address, headers=SCRIPT)

    assert len(three) == len(one)
    assert len(one) <= 8


def test_coming_back_asks_as_often_for_four_pages_as_for_one(many: Dataset, client: Client) -> None:
    key = _key(_get(client, GRID))
    counts = []

    for pages in (1, 4):
        client.cookies["tagger_grid"] = f"{key}.{pages}"
        with CaptureQueriesContext(connection) as queries:
            client.get(GRID)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_a_running_import_is_told_above_the_images(cats: Dataset, client: Client) -> None:
    factories.image(cats)

    page = _get(client, GRID)

    assert f'id="dataset-{cats.pk}-import"' in page
