import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tagging.domain import search_query
from tagging.models import Dataset, Person
from tagging.services import sessions
from tests import factories


@pytest.fixture
def client(bob: Person) -> Client:
    made = Client()
    made.force_login(bob)
    return made


def _strip(client: Client, address: str) -> str:
    page = client.get(f"/datasets/cats/images/{address}").content.decode()
    found = re.search(r'<nav class="strip".*?</nav>', page, re.DOTALL)
    assert found
    return found[0]


def _links(strip: str) -> list[str]:
    return re.findall(r'<a href="([^"]+)"', strip)


@pytest.mark.django_db
def test_filmstrip_links_to_the_neighbours_and_keeps_search_and_order(cats: Dataset, client: Client) -> None:
    for number in range(1, 6):
        factories.image(cats, number, tags=["cat"] if number % 2 else [])

    strip = _strip(client, "3/?q=cat&order=name")

    assert _links(strip) == [f"/datasets/cats/images/{number}/?q=cat&amp;order=name" for number in (1, 3, 5)]


@pytest.mark.django_db
def test_filmstrip_marks_the_current_image_alone(cats: Dataset, client: Client) -> None:
    for _ in range(3):
        factories.image(cats)

    strip = _strip(client, "2/")

    assert re.findall(r'<a href="([^"]+)" aria-current="page"', strip) == ["/datasets/cats/images/2/"]
    assert re.findall(r'class="card todo here" id="([^"]+)"', strip) == ["image-2-card"]


@pytest.mark.django_db
def test_filmstrip_says_state_and_tags(cats: Dataset, client: Client) -> None:
    factories.image(cats, tags=["cat", "sofa"], state="done")

    assert "Image 1, done, 2 tags" in _strip(client, "1/")


@pytest.mark.django_db
def test_the_next_two_pictures_are_fetched_ahead_at_their_own_address(cats: Dataset, client: Client) -> None:
    for _ in range(5):
        factories.image(cats)

    ahead = re.findall(r'data-ahead="([^"]+)"', _strip(client, "2/"))

    pages = [client.get(f"/datasets/cats/images/{number}/").content.decode() for number in (3, 4)]
    assert len(ahead) == 2
    assert all(f'<img src="{address}"' in page for address, page in zip(ahead, pages, strict=True))


@pytest.mark.django_db
def test_previous_and_next_are_those_of_the_filmstrip(cats: Dataset, client: Client) -> None:
    for number in range(1, 41):
        factories.image(cats, number, name=f"picture {50 - number}.png")

    page = client.get("/datasets/cats/images/20/?order=name").content.decode()

    assert re.findall(r'href="([^"]+)" aria-label="(Previous|Next)"', page) == [
        ("/datasets/cats/images/21/?order=name", "Previous"),
        ("/datasets/cats/images/19/?order=name", "Next"),
    ]


@pytest.mark.django_db
def test_a_claim_of_somebody_else_is_a_face_in_the_filmstrip(cats: Dataset, ada: Person, client: Client) -> None:
    factories.image(cats)
    factories.image(cats)
    sessions.next_image(cats, walk=sessions.Walk(search_query.parse("")), by=ada)

    strip = _strip(client, "2/")

    assert strip.count("ada has this image</span>") == 1


@pytest.mark.django_db
@pytest.mark.parametrize("own", [True, False])
def test_the_page_says_who_else_is_at_its_image(own: bool, cats: Dataset, ada: Person, bob: Person) -> None:
    image = factories.image(cats)
    sessions.visit(image, bob if own else ada)
    browser = Client()
    browser.force_login(bob)

    page = browser.get("/datasets/cats/images/1/").content.decode()

    company = re.search(r'<p class="company".*?</p>', page, re.DOTALL)
    assert company
    assert ("<bdi>ada</bdi> is here" in company[0], "bob" in company[0]) == (not own, False)


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["1/", "1/?q=cat", "1/?order=name"])
def test_an_image_asks_as_often_among_three_as_alone(address: str, cats: Dataset, client: Client) -> None:
    factories.image(cats, tags=["cat"])
    client.get(f"/datasets/cats/images/{address}")

    with CaptureQueriesContext(connection) as one:
        client.get(f"/datasets/cats/images/{address}")
    for _ in range(2):
        factories.image(cats, tags=["cat", "sofa"])
    with CaptureQueriesContext(connection) as three:
        client.get(f"/datasets/cats/images/{address}")

    assert len(three) == len(one)
