"""What the tag box and the filter of all tags are answered."""

from typing import Any

import pytest
from django.test import Client

from tagging.models import Category, Dataset, Image, Person
from tests import factories

SUGGEST = "/datasets/cats/tags/suggest/"
TOGGLES = "/datasets/cats/images/2/tags/"


def _get(username: str, address: str, **query: str) -> Any:
    client = Client()
    if username:
        client.force_login(Person.objects.get(username=username))
    return client.get(address, query)


def test_an_option_begins_with_its_tag_and_marks_the_match(cats: Dataset) -> None:
    animals = Category.objects.create(dataset=cats, name="animals", hue=3)
    factories.tag(cats, "white cat <b>", use_count=1204, category=animals)

    page = _get("bob", SUGGEST, q="ca").content.decode()

    assert 'role="option"' in page
    assert 'aria-label="white cat &lt;b&gt;, 1\u202f204 images, animals"' in page
    assert 'data-name="white cat &lt;b&gt;"' in page
    assert "<b>" not in page
    assert "hue-3" in page


def test_the_match_is_between_marks(cats: Dataset) -> None:
    factories.tag(cats, "white (cat)")

    page = _get("bob", SUGGEST, q="sofa, CA").content.decode()

    assert "white (<mark>ca</mark>t)" in page


def test_an_alias_is_named_behind_its_tag(cats: Dataset) -> None:
    factories.tag(cats, "Kitty", alias_of=factories.tag(cats, "cat"))

    page = _get("bob", SUGGEST, q="kit").content.decode()

    assert 'data-name="cat" aria-label="cat, for Kitty, 0 images"' in page
    assert "for <bdi><mark>Kit</mark>ty</bdi>" in page


@pytest.mark.parametrize("typed", ["", " ", "cat,", "\x00", "x" * 5000, "\u202e", "nothing like it"])
def test_what_finds_nothing_is_answered_with_nothing(typed: str, cats: Dataset) -> None:
    factories.tag(cats, "cat")

    answer = _get("bob", SUGGEST, q=typed)

    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_bytes_that_are_no_text_find_nothing(cats: Dataset) -> None:
    factories.tag(cats, "cat")
    client = Client()
    client.force_login(Person.objects.get(username="bob"))

    answer = client.get(f"{SUGGEST}?q=%ED%A0%80%FF")

    assert (answer.status_code, answer.content.strip()) == (200, b"")


def test_asking_without_a_question_finds_nothing(cats: Dataset) -> None:
    assert _get("bob", SUGGEST).content.strip() == b""


@pytest.mark.parametrize(("username", "status"), [("", 302), ("eve", 404), ("vera", 200), ("bob", 200), ("ada", 200)])
def test_members_are_answered_and_strangers_are_not(username: str, status: int, cats: Dataset, eve: Person) -> None:
    factories.tag(cats, "cat")

    assert _get(username, SUGGEST, q="cat").status_code == status


def test_a_script_that_is_signed_out_is_told_so_and_gets_no_page(cats: Dataset) -> None:
    answer = Client().get(SUGGEST, {"q": "cat"}, headers={"HX-Request": "true"})

    assert answer.status_code == 401


def test_all_tags_are_drawn_for_the_image(picture: Image) -> None:
    page = _get("bob", TOGGLES).content.decode()

    assert page.count("<li>") == 4
    assert page.count('aria-pressed="true"') == 3
    assert 'value="lamp"' in page


def test_the_filter_finds_in_the_whole_vocabulary(picture: Image) -> None:
    for number in range(120):
        factories.tag(picture.dataset, f"common {number}", use_count=50)
    factories.tag(picture.dataset, "rare_bird")

    page = _get("bob", TOGGLES, find="E B").content.decode()

    assert page.count("<li>") == 1
    assert 'data-name="rare_bird"' in page


def test_the_filter_says_when_it_finds_nothing(picture: Image) -> None:
    assert "No tag holds “<bdi>&lt;x</bdi>”." in _get("bob", TOGGLES, find="<x").content.decode()
