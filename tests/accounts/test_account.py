import re

import pytest
from django.test import Client

from tagging.models import Person
from tests.accounts.signing_in import sign_in, signed_in_as

NEW = "a new and long secret"


def test_account_page_says_who_one_is_and_asks_for_a_password_twice(client: Client, ada: Person) -> None:
    client.force_login(ada)

    text = client.get("/account/").content.decode()

    assert re.findall("<label.*?>(.*?)</label>", text) == ["New password", "Password again"]
    assert "<b><bdi>ada</bdi></b>" in text


def test_setting_a_password_keeps_this_sign_in_and_ends_the_others(client: Client, ada: Person) -> None:
    elsewhere = Client()
    sign_in(client, "ada")
    sign_in(elsewhere, "ada")
    before = client.session.session_key

    client.post("/account/", {"password": NEW, "again": NEW})

    assert (signed_in_as(client), signed_in_as(elsewhere)) == ("ada", None)
    assert client.session.session_key != before


def test_setting_a_password_makes_it_the_one_to_sign_in_with(client: Client, ada: Person) -> None:
    client.force_login(ada)

    client.post("/account/", {"password": NEW, "again": NEW})

    assert sign_in(Client(), "ada").status_code == 422
    assert sign_in(Client(), "ada", NEW).status_code == 302


def test_the_owner_gives_a_first_password(client: Client, db: None) -> None:
    owner = Person(username="owner")
    owner.set_unusable_password()
    owner.save()
    client.force_login(owner)

    client.post("/account/", {"password": NEW, "again": NEW})

    assert sign_in(Client(), "owner", NEW).status_code == 302


@pytest.mark.parametrize(
    ("password", "again", "words"),
    [(NEW, "another", "The two passwords are not the same"), ("short", "short", "too short"), ("", "", "too short")],
)
def test_a_password_that_is_refused_changes_nothing(
    password: str, again: str, words: str, client: Client, ada: Person
) -> None:
    client.force_login(ada)

    answer = client.post("/account/", {"password": password, "again": again})

    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert sign_in(Client(), "ada").status_code == 302


def test_account_is_for_people_who_are_signed_in(client: Client, db: None) -> None:
    assert client.post("/account/", {"password": NEW, "again": NEW}).headers["Location"] == "/login/?next=/account/"


def theme_of(client: Client) -> str:
    """What the page's root says: nothing is the system's choice."""
    found = re.search(r'<html lang="en"(?: data-theme="(\w+)")?', client.get("/login/", follow=True).content.decode())
    assert found is not None
    return found[1] or "system"


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_theme_goes_round(signed_in: bool, client: Client, ada: Person) -> None:
    if signed_in:
        client.force_login(ada)

    seen = []
    for _ in range(4):
        seen.append(theme_of(client))
        client.post("/account/theme/")

    assert seen == ["system", "light", "dark", "system"]


@pytest.mark.parametrize("signed_in", [False, True])
def test_the_theme_can_be_asked_for_by_name(signed_in: bool, client: Client, ada: Person) -> None:
    if signed_in:
        client.force_login(ada)

    client.post("/account/theme/", {"theme": "dark"})

    assert theme_of(client) == "dark"


@pytest.mark.parametrize("signed_in", [False, True])
def test_a_theme_that_we_do_not_have_is_refused(signed_in: bool, client: Client, ada: Person) -> None:
    if signed_in:
        client.force_login(ada)

    answer = client.post("/account/theme/", {"theme": "pink"})

    assert answer.status_code == 422
    assert theme_of(client) == "system"


def test_the_theme_is_remembered_for_the_person(client: Client, ada: Person) -> None:
    client.force_login(ada)
    client.post("/account/theme/", {"theme": "dark"})

    elsewhere = Client()
    elsewhere.force_login(ada)

    assert theme_of(elsewhere) == "dark"


@pytest.mark.parametrize(
    ("sent", "came_from", "goes_to"),
    [
        ({"next": "/account/?a=1"}, "", "/account/?a=1"),
        ({}, "http://testserver/account/?a=1", "/account/?a=1"),
        ({}, "http://evil.example/account/", "/"),
        ({}, "https://testserver/account/", "/"),
        ({"next": "//evil.example/"}, "", "/"),
        ({}, "", "/"),
    ],
)
def test_the_theme_goes_back_to_the_page_one_was_on(
    sent: dict[str, str], came_from: str, goes_to: str, client: Client, db: None
) -> None:
    answer = client.post("/account/theme/", sent, headers={"Referer": came_from})

    assert answer.headers["Location"] == goes_to


def test_the_theme_is_no_link(client: Client, db: None) -> None:
    assert client.get("/account/theme/").status_code == 405


@pytest.mark.parametrize("password", [" " * 10, "\u3000" * 10, "\u200b" * 10, " \t\u00a0" * 5])
def test_a_password_of_blanks_is_refused(password: str, client: Client, ada: Person) -> None:
    client.force_login(ada)

    answer = client.post("/account/", {"password": password, "again": password})

    assert answer.status_code == 422
    assert "not blanks alone" in answer.text
