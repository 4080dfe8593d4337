"""A sign-in that ends between a page and its form loses nothing that was typed, and shows it to nobody else."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tagging import typed
from tagging.models import Act, Dataset, Image, Person
from tagging.services import images
from tests import factories
from tests.views.browsing import Tab

PAGE = "/datasets/cats/images/2/"
AGAIN = "What you typed before you signed in is in its box again, not saved yet."


@pytest.fixture
def tab(picture: Image, bob: Person) -> Tab:
    """Image 2 in front of Bob, whose sign-in ends as soon as the page is there."""
    client = Client()
    client.force_login(bob)
    made = Tab(client, PAGE)
    Session.objects.all().delete()
    return made


def _sign_in(client: Client, username: str, onward: str = PAGE) -> str:
    values = {"username": username, "password": factories.PASSWORD, "next": onward}
    return client.post("/login/", values, follow=True).text


@pytest.mark.django_db
@pytest.mark.parametrize("button", ["Add", "Finish", "Remove sofa", "Next to do", "Save description", "Leave"])
def test_what_was_typed_is_in_its_box_again(button: str, tab: Tab, picture: Image) -> None:
    answer = tab.type("Add tags", "dog, bird").type("Description", "A cat.").press(button)

    page = _sign_in(tab.client, "bob")
    assert answer.url == f"/login/?next={PAGE}"
    assert 'name="names" value="dog, bird"' in page
    assert "A cat.</textarea>" in page
    assert AGAIN in page
    assert 'data-unsaved="1"' in page


@pytest.mark.django_db
def test_the_sign_in_page_says_that_it_is_kept(tab: Tab) -> None:
    answer = tab.type("Add tags", "dog").press("Add")

    assert "Nothing that you typed is lost" in tab.client.get(answer.url).text


@pytest.mark.django_db
def test_a_list_is_kept_with_its_revision(tab: Tab, picture: Image) -> None:
    tab.type("All tags of this image", "window, cat").press("Save list")
    Image.objects.update(revision=4)

    page = _sign_in(tab.client, "bob")

    assert "window, cat</textarea>" in page
    assert 'name="revision" value="0"' in page


@pytest.mark.django_db
def test_nothing_is_saved_before_it_is_pressed(tab: Tab, picture: Image) -> None:
    tab.type("Add tags", "dog").type("Description", "A cat.").press("Finish")

    _sign_in(tab.client, "bob")

    picture.refresh_from_db()
    assert not Act.objects.filter(person__username="bob").exists()
    assert (picture.state, picture.description) == ("todo", "")


@pytest.mark.django_db
def test_it_is_shown_once(tab: Tab) -> None:
    tab.type("Add tags", "dog").press("Add")
    _sign_in(tab.client, "bob")

    page = tab.client.get(PAGE).text

    assert 'name="names" value=""' in page
    assert AGAIN not in page


@pytest.mark.django_db
@pytest.mark.parametrize("other", ["ada", "vera"])
def test_nobody_else_is_shown_it(other: str, tab: Tab) -> None:
    tab.type("Add tags", "dog").press("Add")

    page = _sign_in(tab.client, other)

    assert AGAIN not in page
    assert "dog" not in page


@pytest.mark.django_db
def test_a_form_without_its_person_is_not_shown_to_a_viewer(picture: Image) -> None:
    client = Client()
    client.post(f"{PAGE}tags/add/", {"names": "dog"})

    page = _sign_in(client, "vera")

    assert AGAIN not in page


@pytest.mark.django_db
def test_an_untouched_page_keeps_nothing(tab: Tab) -> None:
    tab.press("Finish")

    page = _sign_in(tab.client, "bob")

    assert AGAIN not in page
    assert 'data-unsaved="0"' in page


@pytest.mark.django_db
def test_a_kept_description_still_meets_what_somebody_else_saved(tab: Tab, picture: Image, ada: Person) -> None:
    tab.type("Description", "From Bob.").press("Finish")
    images.describe(picture, "From Ada.", revision=0, by=ada)
    _sign_in(tab.client, "bob", onward="/account/")

    answer = Tab(tab.client, PAGE).press("Save description")

    assert answer.status_code == 409
    assert "<dd>From Ada.</dd>" in answer.text


@pytest.mark.django_db
def test_the_sign_in_lasts_as_long_as_any_other(tab: Tab, settings: object) -> None:
    tab.type("Add tags", "dog").press("Add")

    _sign_in(tab.client, "bob")

    assert tab.client.session.get_expiry_age() == settings.SESSION_COOKIE_AGE  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_what_is_kept_has_bounds(cats: Dataset, picture: Image) -> None:
    client = Client()

    for number in range(20):
        client.post(f"/datasets/cats/images/{number}/tags/add/", {"names": "x" * 20_000})
    page = client.post(f"{PAGE}tags/add/", {"names": "y" * (typed.MOST_CHARACTERS + 1)}, follow=True).text

    kept = client.session[typed.KEPT]
    assert list(kept) == ["/datasets/cats/images/18/", "/datasets/cats/images/19/"]
    assert "too long to be kept" in page


@pytest.mark.django_db
def test_a_script_keeps_what_it_sends_itself(picture: Image) -> None:
    answer = Client().post(f"{PAGE}tags/add/", {"names": "dog"}, headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert not Session.objects.exists()
