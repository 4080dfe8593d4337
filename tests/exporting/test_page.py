"""The page that says what an export holds and what it leaves out."""

import re
from collections.abc import Callable
from urllib.parse import unquote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tagging.domain.search_query import parse
from tagging.models import Dataset, Export, Person
from tagging.models.search import matching
from tagging.services.exporting.rendered import original_of
from tests import factories
from tests.exporting import pictures
from tests.exporting.pages import PAGE, ZIP, words

pytestmark = pytest.mark.django_db

As = Callable[[Person], Client]


def test_page_says_what_goes_in_and_what_is_left_out(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, pictures.transparent(), tags=["cat"], state="done")
    pictures.store(cats, tags=["cat"], state="rejected")
    pictures.store(cats)

    page = words(as_vera.get(PAGE))

    assert [
        sentence in page
        for sentence in (
            "2 images of 4 go in",
            "Left out 2",
            "Rejected 1",
            "Nothing to say 1",
            "Goes in, with a remark 1",
            "Transparent 1",
            "Goes in as it is 1",
            "img_001.png img_001.txt cat",
        )
    ] == [True] * 8


def test_boxes_that_are_not_ticked_leave_their_images_out(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["cat"], state="done")

    page = words(as_vera.get(PAGE, {"chosen": "1", "state": ["done", "reviewed"]}))

    assert ("1 image of 2 go in" in page, "To do 1 Not finished yet" in page) == (True, True)


def test_first_visit_ticks_what_the_command_takes(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    page = as_vera.get(PAGE).content.decode()

    assert re.findall(r'name="state" value="(\w+)" checked', page) == ["reviewed", "done", "todo"]


def test_boxes_and_button_are_one_form(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    page = as_vera.get(PAGE).content.decode()

    form = next(form for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if "Download zip" in form)
    assert re.findall(r'name="(state|profile|chosen)" value="([^"]*)"', form) == [
        ("chosen", "1"),
        ("state", "reviewed"),
        ("state", "done"),
        ("state", "todo"),
        ("profile", "tags"),
        ("profile", "description"),
        ("profile", "tags+description"),
    ]


def test_token_comes_with_the_button_that_posts_and_never_counts_again(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    page = as_vera.get(PAGE).content.decode()

    form = next(form for form in re.findall(r"<form\b.*?</form>", page, re.DOTALL) if "Download zip" in form)
    buttons = re.findall(r"<button\b[^>]*>", form)
    assert (
        re.findall(r"<form\b[^>]*>", form),
        ["csrfmiddlewaretoken" in button for button in buttons],
        re.findall(r'formmethod="(.*?)" formaction="(.*?)"', form),
        "csrfmiddlewaretoken" in re.sub(r"<button\b[^>]*>", "", form),
    ) == ([f'<form method="get" action="{PAGE}">'], [True, False], [("post", ZIP)], False)


def test_page_without_anything_to_download_has_no_button_but_advice(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats)

    answer = as_vera.get(PAGE)

    assert ("Download zip" in words(answer), "see on this page what is left out and why" in words(answer)) == (
        False,
        True,
    )


def test_page_of_an_empty_dataset_says_the_first_step(cats: Dataset, as_vera: Client) -> None:
    page = words(as_vera.get(PAGE))

    assert "import_dir ./imgs" in page


def test_no_box_ticked_says_so(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])

    page = words(as_vera.get(PAGE, {"chosen": "1"}))

    assert ("tick at least one state" in page, "Download zip" in page) == (True, True)


def test_page_links_to_the_images_behind_a_remark(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, pictures.png((200, 100)), tags=["cat"], number=7)

    page = as_vera.get(PAGE).content.decode()

    assert '<a href="/datasets/cats/images/7/">7</a>' in page


def test_page_links_to_the_search_that_mends(cats: Dataset, as_vera: Client) -> None:
    Dataset.objects.update(trigger="ohwx")
    pictures.store(cats)

    page = as_vera.get(PAGE).content.decode()

    assert 'href="/datasets/cats/?q=tags%3A0%20-has%3Adescription"' in page


@pytest.mark.parametrize("trigger", ["", "ohwx"])
@pytest.mark.parametrize(("choices", "count"), [({}, 2), ({"chosen": "1", "state": ["done"]}, 1)])
def test_page_counts_what_the_search_that_mends_finds(
    trigger: str, choices: dict[str, str], count: int, cats: Dataset, as_vera: Client
) -> None:
    Dataset.objects.update(trigger=trigger)
    pictures.store(cats)
    pictures.store(cats, state="done")
    pictures.store(cats, state="rejected")
    pictures.store(cats, description="A cat on a sofa.")
    pictures.store(cats, tags=["cat"])

    page = as_vera.get(PAGE, choices)

    found = re.search(r'\?q=([^"]*)">(?:Tag|Mend) them<span class="hidden-text">: (.*?)<', page.content.decode())
    assert found is not None
    assert (f"{found[2]} {count}" in words(page), matching(cats, parse(unquote(found[1]))).count()) == (True, count)


def test_page_names_images_that_no_search_finds_alone(cats: Dataset, as_vera: Client) -> None:
    Dataset.objects.update(trigger="ohwx")
    pictures.store(cats, number=7)
    pictures.store(cats, description="ohwx", number=9)

    page = words(as_vera.get(PAGE))

    assert "ohwx . Images 7 9" in page


def test_page_shows_any_text_as_text(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["<script>alert(1)</script>"])

    page = as_vera.get(PAGE).content.decode()

    assert "<script>alert" not in page


def test_page_of_a_picture_that_is_none_still_opens(cats: Dataset, as_vera: Client) -> None:
    path = original_of(pictures.store(cats, tags=["cat"]))
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(b"not a picture")

    answer = as_vera.get(PAGE)

    assert answer.status_code == 200


@pytest.mark.parametrize("choices", [{"profile": "words"}, {"state": "rejected"}, {"state": "x", "chosen": "1"}])
def test_page_refuses_choices_it_does_not_offer(cats: Dataset, as_vera: Client, choices: dict[str, str]) -> None:
    answer = as_vera.get(PAGE, choices)

    assert answer.status_code == 422


def test_page_costs_the_same_queries_for_one_and_three_images(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, tags=["cat"])
    as_vera.get(PAGE)
    with CaptureQueriesContext(connection) as for_one:
        as_vera.get(PAGE)
    pictures.store(cats, pictures.transparent(), tags=["cat", "dog"])
    pictures.store(cats, tags=["bird"], state="rejected")

    with CaptureQueriesContext(connection) as for_three:
        as_vera.get(PAGE)

    assert len(for_three) == len(for_one)


def test_get_writes_nothing(cats: Dataset, as_vera: Client) -> None:
    pictures.store(cats, pictures.transparent(), tags=["cat"])

    as_vera.get(PAGE)

    assert Export.objects.count() == 0


@pytest.mark.parametrize("address", [PAGE, ZIP])
def test_stranger_finds_no_export(cats: Dataset, eve: Person, address: str) -> None:
    client = Client()
    client.force_login(eve)

    answer = client.get(address) if address == PAGE else client.post(address)

    assert answer.status_code == 404


@pytest.mark.parametrize("address", [PAGE, ZIP])
def test_signed_out_visitor_is_led_to_sign_in(cats: Dataset, address: str) -> None:
    client = Client()

    answer = client.get(address) if address == PAGE else client.post(address)

    assert (answer.status_code, answer["Location"].startswith("/login/")) == (302, True)


@pytest.mark.parametrize(("method", "address"), [("post", PAGE), ("get", ZIP), ("put", ZIP)])
def test_other_methods_are_refused(cats: Dataset, as_vera: Client, method: str, address: str) -> None:
    answer = getattr(as_vera, method)(address)

    assert answer.status_code == 405


def test_factory_image_without_file_is_said_to_miss_it(cats: Dataset, as_vera: Client) -> None:
    factories.image(cats, tags=["cat"], number=3)

    page = words(as_vera.get(PAGE))

    assert "File missing 1" in page
