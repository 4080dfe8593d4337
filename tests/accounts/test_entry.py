import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db.models import F
from django.test import Client

from tagging.models import EntryToken, Person
from tagging.services import members
from tests.accounts.signing_in import sign_in, signed_in_as


def test_entry_signs_in_and_goes_to_the_datasets(client: Client, ada: Person) -> None:
    answer = client.get(f"/enter/{members.make_entry(ada)}/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert (answer.headers["Cache-Control"], answer.headers["Referrer-Policy"]) == ("no-store", "no-referrer")
    assert signed_in_as(client) == "ada"


def test_entry_works_once_and_then_says_how_to_get_another(client: Client, ada: Person) -> None:
    address = f"/enter/{members.make_entry(ada)}/"
    client.get(address)

    answer = Client().get(address)

    assert answer.status_code == 404
    assert "python manage.py enter" in answer.content.decode()


def test_entry_is_good_for_a_quarter_of_an_hour(client: Client, ada: Person) -> None:
    address = f"/enter/{members.make_entry(ada)}/"
    EntryToken.objects.update(expires_at=F("expires_at") - timedelta(minutes=15))

    answer = client.get(address)

    assert answer.status_code == 404
    assert signed_in_as(client) is None


def test_entry_of_somebody_deactivated_is_none(client: Client, ada: Person) -> None:
    address = f"/enter/{members.make_entry(ada)}/"
    Person.objects.update(is_active=False)

    assert client.get(address).status_code == 404


@pytest.mark.parametrize("token", ["nonsense", "a" * 500, "%00", "é", "..%2f..", "' or 1=1"])
def test_entry_that_was_never_given_is_not_here(token: str, client: Client, ada: Person) -> None:
    assert client.get(f"/enter/{token}/").status_code == 404


@pytest.mark.parametrize("method", ["head", "post", "options"])
def test_entry_is_spent_by_opening_it_alone(method: str, client: Client, ada: Person) -> None:
    address = f"/enter/{members.make_entry(ada)}/"

    getattr(client, method)(address)

    assert client.get(address).status_code == 302


def test_entry_is_not_spent_by_a_browser_that_looks_ahead(client: Client, ada: Person) -> None:
    address = f"/enter/{members.make_entry(ada)}/"

    client.get(address, headers={"Sec-Purpose": "prefetch;prerender"})

    assert client.get(address).status_code == 302


def test_entry_gives_a_new_session_key(client: Client, ada: Person) -> None:
    sign_in(client, "ada")
    before = client.session.session_key

    client.get(f"/enter/{members.make_entry(ada)}/")

    assert client.session.session_key != before


def test_entry_is_stored_hashed(ada: Person) -> None:
    token = members.make_entry(ada)

    stored = EntryToken.objects.get().token_hash

    assert token not in stored
    assert re.fullmatch(r"[0-9a-f]{64}", stored)


@pytest.mark.django_db
def test_enter_command_makes_the_owner_and_an_address(client: Client, data_dir: object) -> None:
    out = StringIO()

    call_command("enter", stdout=out, stderr=StringIO())

    address = out.getvalue().strip()
    assert re.fullmatch(r"http://127\.0\.0\.1:8000/enter/[\w-]{40,}/", address)
    assert client.get(address.removeprefix("http://127.0.0.1:8000")).status_code == 302
    assert signed_in_as(client) == "owner"


@pytest.mark.django_db
def test_enter_command_names_whom_it_does_not_know(data_dir: object) -> None:
    with pytest.raises(CommandError, match="There is nobody called “eve” here"):
        call_command("enter", "eve", stdout=StringIO(), stderr=StringIO())


@pytest.mark.parametrize(
    ("said", "address"),
    [
        ({"TAGGER_ORIGINS": ["https://tags.example:8443"]}, "https://tags.example:8443"),
        (
            {"TAGGER_PRODUCTION": True, "TAGGER_TLS": True, "ALLOWED_HOSTS": ["localhost", "tags.example"]},
            "https://tags.example",
        ),
        ({"TAGGER_PRODUCTION": True, "ALLOWED_HOSTS": ["tags.example"]}, "http://tags.example:8000"),
    ],
)
def test_enter_command_prints_the_address_that_people_use(
    said: dict[str, object], address: str, settings: object, ada: Person, data_dir: object
) -> None:
    for name, value in said.items():
        setattr(settings, name, value)
    out = StringIO()

    call_command("enter", "ada", stdout=out, stderr=StringIO())

    assert out.getvalue().startswith(f"{address}/enter/")
