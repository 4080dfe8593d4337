"""Rejected images are kept and shown on request: where they are left out, and where they are found."""

import re
from html import unescape

import pytest
from django.test import Client

from tagging.models import Dataset, Image, Person
from tests import factories

GRID = "/datasets/cats/"


@pytest.fixture
def client(bob: Person) -> Client:
    made = Client()
    made.force_login(bob)
    return made


def _page(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def _words(page: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]*>", "", page)))


def _beside(page: str) -> list[tuple[str, str]]:
    return re.findall(r'href="([^"]+)" aria-label="(Previous|Next)"', page)


@pytest.fixture
def some(cats: Dataset) -> Dataset:
    """Five images with a tag, of which the second and the last are rejected."""
    for number in range(1, 6):
        factories.image(cats, number, tags=["cat"], state="rejected" if number in (2, 5) else "todo")
    return cats


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("query", "sentence", "address"),
    [
        ("", "3 images: 3 to do, 0 done. 2 rejected are hidden: show them.", "?q=state%3Arejected"),
        (
            "cat number:1..4",
            "3 of 3 images match: 3 to do, 0 done. 1 rejected is hidden: show it.",
            "?q=state%3Arejected+cat+number%3A1..4",
        ),
    ],
)
def test_grid_says_how_many_rejected_it_hides_and_leads_there(
    query: str, sentence: str, address: str, some: Dataset, client: Client
) -> None:
    page = _page(client, f"{GRID}?q={query}")

    assert (sentence in _words(page), f'href="{GRID}{address}">show' in page) == (True, True)


@pytest.mark.django_db
def test_grid_hides_nothing_where_rejected_are_asked_for(some: Dataset, client: Client) -> None:
    page = _words(_page(client, f"{GRID}?q=-state:done"))

    assert ("5 of 5 images match: 3 to do, 0 done, 2 rejected." in page, "hidden" in page) == (True, False)


@pytest.mark.django_db
def test_grid_of_rejected_images_alone_says_so(cats: Dataset, client: Client) -> None:
    factories.image(cats, state="rejected")

    page = _words(_page(client, GRID))

    assert ("Every image is rejected" in page, "No images yet" in page) == (True, False)


@pytest.mark.django_db
def test_link_to_rejected_images_says_how_many(some: Dataset, client: Client) -> None:
    page = _words(_page(client, GRID))

    assert "Rejected 2" in page


@pytest.mark.django_db
def test_links_to_states_keep_the_order(cats: Dataset, client: Client) -> None:
    page = _page(client, f"{GRID}?q=state:todo&order=name")

    links = page[page.index('aria-label="By state"') :].split("</nav>")[0]
    assert re.findall('<a href="[^"?]*(.*?)"', unescape(links)) == [
        "?order=name",
        *(
            f"?q={query}&order=name"
            for query in ("tags%3A0", "state%3Atodo", "state%3Adone", "state%3Areviewed", "state%3Arejected")
        ),
    ]


@pytest.mark.django_db
def test_going_on_from_the_grid_keeps_the_order(cats: Dataset, client: Client) -> None:
    factories.image(cats)

    page = _page(client, f"{GRID}?order=name")

    form = page[page.index(f'action="{GRID}next/"') :].split("</form>")[0]
    assert '<input type="hidden" name="order" value="name">' in form


@pytest.mark.django_db
@pytest.mark.parametrize("order", ["number", "name"])
def test_workbench_walks_past_rejected_images(order: str, some: Dataset, client: Client) -> None:
    more = "" if order == "number" else "?order=name"

    page = _page(client, f"{GRID}images/3/{more}")

    assert (_beside(page), "2 / 3" in _words(page)) == (
        [(f"{GRID}images/1/{more}", "Previous"), (f"{GRID}images/4/{more}", "Next")],
        True,
    )


@pytest.mark.django_db
def test_rejected_image_opened_by_its_address_has_neighbours_and_no_place(some: Dataset, client: Client) -> None:
    page = _page(client, f"{GRID}images/2/")

    assert (_beside(page), "–none / 3" in _words(page)) == (
        [(f"{GRID}images/1/", "Previous"), (f"{GRID}images/3/", "Next")],
        True,
    )


@pytest.mark.django_db
def test_last_image_that_is_rejected_leads_back_and_no_further(some: Dataset, client: Client) -> None:
    page = _page(client, f"{GRID}images/5/")

    assert _beside(page) == [(f"{GRID}images/4/", "Previous")]


@pytest.mark.django_db
def test_walk_through_rejected_images_stays_among_them(some: Dataset, client: Client) -> None:
    page = _page(client, f"{GRID}images/2/?q=state:rejected")

    assert (_beside(page), "1 / 2" in _words(page)) == ([(f"{GRID}images/5/?q=state%3Arejected", "Next")], True)


@pytest.mark.django_db
def test_reject_goes_on_to_the_next_image_to_do(some: Dataset, client: Client) -> None:
    answer = client.post(f"{GRID}images/1/reject/", {"next": "1"})

    assert (answer.headers["Location"], Image.objects.get(number=1).state) == (f"{GRID}images/3/", "rejected")
