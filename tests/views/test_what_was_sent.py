"""What no page of ours sends: another method, half characters, numbers beyond all use, a search that means nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tagging.models import Dataset, Image, Person
from tests import factories

PAGE = "/datasets/cats/images/2/"
FORM = "application/x-www-form-urlencoded"
HALF = "%ED%A0%80"


@pytest.fixture
def client(picture: Image, ada: Person) -> Client:
    """Ada's browser."""
    made = Client()
    made.force_login(ada)
    return made


@pytest.mark.parametrize("address", [f"{PAGE}finish/", "/datasets/cats/next/", "/logout/", "/account/theme/"])
def test_another_method_gets_a_page_of_ours(address: str, client: Client) -> None:
    answer = client.get(address)

    assert (answer.status_code, answer.headers["Allow"]) == (405, "POST")
    assert "cannot be opened like that" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert "<html" in answer.text


def test_another_method_tells_a_script_one_sentence(client: Client) -> None:
    answer = client.get(f"{PAGE}finish/", headers={"HX-Request": "true"})

    assert answer.status_code == 405
    assert "cannot be opened like that" in answer.text
    assert "<html" not in answer.text


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tags/add/", f"names=a{HALF}b"),
        ("tags/set/", f"names=a{HALF}b&revision=0"),
        ("description/", f"description=a{HALF}b&revision=0"),
        ("finish/", f"names=a{HALF}b"),
        ("finish/", f"names=&description=a{HALF}b&revision=0"),
        ("tags/add/", "names=%ff"),
    ],
)
@pytest.mark.parametrize("script", [False, True])
def test_half_a_character_is_no_text(script: bool, path: str, body: str, client: Client, picture: Image) -> None:
    headers = {"HX-Request": "true"} if script else {}

    answer = client.post(f"{PAGE}{path}", body, content_type=FORM, headers=headers)

    picture.refresh_from_db()
    assert answer.status_code == 422
    assert "not text" in answer.text
    assert (factories.tags_of(picture), picture.description) == (["cat", "sofa", "window"], "")
    assert picture.state == "todo"


def test_a_name_with_half_a_character_is_refused(client: Client, cats: Dataset) -> None:
    answer = client.post("/datasets/cats/settings/", f"name=a{HALF}b&revision=0", content_type=FORM)

    cats.refresh_from_db()
    assert (answer.status_code, cats.name) == (422, "Cats")


def test_the_mark_itself_is_text(client: Client, picture: Image) -> None:
    client.post(f"{PAGE}tags/add/", "names=a%EF%BF%BDb", content_type=FORM)

    assert factories.tags_of(picture)[-1] == "a\ufffdb"


def test_a_search_with_half_a_character_is_refused(client: Client) -> None:
    answer = client.get(f"/datasets/cats/?q=a{HALF}b")

    assert answer.status_code == 422
    assert "not text" in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize("number", ["9" * 30, "-" + "9" * 30, "9" * 5000])
@pytest.mark.parametrize(
    ("path", "data", "name"),
    [
        ("tags/add/", {"names": "dog"}, "position"),
        ("tags/add/", {"names": "dog"}, "after"),
        ("tags/{cat}/move/", {}, "position"),
        ("tags/set/", {"names": "dog"}, "revision"),
        ("description/", {"description": "A."}, "revision"),
    ],
)
def test_a_number_beyond_all_use_is_refused(
    path: str, data: dict[str, str], name: str, number: str, send: Callable[..., Any]
) -> None:
    answer = send("bob", path, {**data, name: number}, script=True)

    assert answer.status_code == 422
    assert f"{name}: " in answer.text


@pytest.mark.django_db
def test_a_place_before_the_first_is_the_first(picture: Image, send: Callable[..., Any]) -> None:
    send("bob", "tags/add/", {"names": "dog", "position": "-3"})

    assert factories.tags_of(picture)[0] == "dog"


def test_a_search_that_means_nothing_is_said_and_left_behind_in_the_workbench(client: Client) -> None:
    page = client.get(f"{PAGE}?q=state:never").text

    assert "The search was left out, so these are all images." in page
    assert "never" not in page.split("<main")[1].split('id="messages"')[0]


def test_next_under_a_search_that_means_nothing_says_so(client: Client) -> None:
    page = client.post("/datasets/cats/next/", {"q": "state:never"}, follow=True)

    assert page.redirect_chain == [("/datasets/cats/images/1/", 302)]
    assert page.text.count("The search was left out") == 1
