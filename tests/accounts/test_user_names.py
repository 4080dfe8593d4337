"""One name is one person, whatever the capitals; and who waits while an account is made."""

from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tagging.models import Dataset, Person
from tagging.services import members, people
from tests import factories

PASSWORD = "a long enough secret"


def join(cats: Dataset, ada: Person, username: str) -> Any:
    token = members.invite(cats, role="tagger", days=7, by=ada)
    return Client().post(f"/join/{token}/", {"username": username, "password": PASSWORD, "again": PASSWORD})


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each password that is hashed, whether a transaction was open meanwhile."""
    found: list[bool] = []
    hash_it = Person.set_password

    def watched(person: Person, password: str | None) -> None:
        found.append(connection.in_atomic_block)
        hash_it(person, password)

    monkeypatch.setattr(Person, "set_password", watched)
    return found


@pytest.mark.parametrize(("taken", "asked"), [("Zoë", "ZOË"), ("ÉCOLE", "école"), ("straße", "STRASSE")])
def test_a_name_is_taken_with_other_capitals_too(taken: str, asked: str, cats: Dataset, ada: Person) -> None:
    factories.person(taken)

    answer = join(cats, ada, asked)

    assert answer.status_code == 422
    assert "This user name is taken. Choose another." in answer.content.decode()


def test_a_name_taken_at_the_same_moment_is_said(
    cats: Dataset, ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(members, "is_taken", lambda username: False)

    answer = join(cats, ada, "BOB")

    assert answer.status_code == 422
    assert "This user name is taken. Choose another." in answer.content.decode()


def test_the_database_refuses_a_name_that_differs_only_in_case(bob: Person) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        factories.person("Bob")

    assert list(Person.objects.values_list("username", flat=True)) == ["bob"]


def test_createsuperuser_says_that_a_name_is_taken(bob: Person, data_dir: object) -> None:
    with pytest.raises(CommandError, match="already taken"):
        call_command("createsuperuser", "--noinput", "--username", "BOB", "--email", "", stderr=StringIO())


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_the_hash_of_who_joins(transactions: list[bool]) -> None:
    ada = factories.person("ada")
    cats = factories.dataset("cats", owner=ada)
    transactions.clear()

    answer = join(cats, ada, "nina")

    assert (answer.status_code, transactions) == (302, [False])


@pytest.mark.django_db(transaction=True)
def test_nobody_waits_for_a_hash_in_the_admin_site(transactions: list[bool]) -> None:
    sue = factories.person("sue", superuser=True)
    transactions.clear()

    nina = people.make_person(username="nina", password=PASSWORD, by=sue)
    people.give_password(nina, f"{PASSWORD} too", by=sue)

    assert transactions == [False, False]


@pytest.mark.django_db
def test_the_migration_tells_apart_names_that_differ_only_in_case() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP INDEX person_name_unique")
    for name in ("Bob", "bob", "bob2", "BOB"):
        factories.person(name)

    import_module("tagging.migrations.0002_names_alike_in_every_database").tell_apart(apps, None)

    assert list(Person.objects.order_by("pk").values_list("username", flat=True)) == ["Bob", "bob3", "bob2", "BOB4"]
