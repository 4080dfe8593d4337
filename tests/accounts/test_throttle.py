import itertools
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.db import connections
from django.db.models import F
from django.test import Client, RequestFactory

from tagging.models import Person
from tagging.throttle import client_address
from tests.accounts.signing_in import CountingHasher, sign_in
from tests.factories import PASSWORD

pytestmark = pytest.mark.slow


@pytest.fixture
def counting(ada: Person, settings: object) -> type[CountingHasher]:
    settings.PASSWORD_HASHERS = [f"{CountingHasher.__module__}.CountingHasher"]  # type: ignore[attr-defined]
    ada.set_password(PASSWORD)
    ada.save()
    CountingHasher.calls = 0
    return CountingHasher


def names(how: str) -> Iterator[str]:
    return itertools.repeat("ada") if how == "one name" else (f"name {number}" for number in itertools.count())


@pytest.mark.parametrize(("how", "looked_at"), [("one name", 10), ("many names", 20)])
@pytest.mark.parametrize("tries", [100, pytest.param(1000, marks=pytest.mark.soak)])
def test_tries_from_one_address_stop_early(
    tries: int, how: str, looked_at: int, client: Client, counting: type[CountingHasher]
) -> None:
    answers = [sign_in(client, name, "wrong").status_code for name in itertools.islice(names(how), tries)]

    assert counting.calls == looked_at
    assert answers == [422] * looked_at + [429] * (tries - looked_at)


@pytest.mark.django_db(transaction=True)
def test_tries_at_the_same_moment_are_counted_too(counting: type[CountingHasher]) -> None:
    def attack() -> None:
        mine = Client()
        for _ in range(10):
            sign_in(mine, "ada", "wrong")
        connections.close_all()

    attackers = [threading.Thread(target=attack) for _ in range(8)]
    for attacker in attackers:
        attacker.start()
    for attacker in attackers:
        attacker.join()

    assert counting.calls == 10


def test_the_right_password_does_not_help_who_is_locked(client: Client, counting: type[CountingHasher]) -> None:
    for _ in range(10):
        sign_in(client, "ada", "wrong")

    answer = sign_in(client, "ada")

    assert (answer.status_code, counting.calls) == (429, 10)
    assert answer.headers["Retry-After"] == "900"
    assert "Too many tries" in answer.content.decode()


def test_another_address_may_still_sign_in(client: Client, counting: type[CountingHasher]) -> None:
    for _ in range(20):
        sign_in(client, "ada", "wrong")

    answer = Client(REMOTE_ADDR="192.0.2.7").post("/login/", {"username": "ada", "password": PASSWORD})

    assert answer.status_code == 302


def test_nobody_is_locked_out_for_good(client: Client, counting: type[CountingHasher]) -> None:
    for _ in range(30):
        sign_in(client, "ada", "wrong")

    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))

    assert sign_in(client, "ada").status_code == 302


def test_tries_while_locked_do_not_make_it_longer(client: Client, counting: type[CountingHasher]) -> None:
    for _ in range(10):
        sign_in(client, "ada", "wrong")
    before = AccessAttempt.objects.get()

    sign_in(client, "ada", "wrong")

    after = AccessAttempt.objects.get()
    assert (after.attempt_time, after.failures_since_start) == (before.attempt_time, before.failures_since_start)


def test_signing_in_forgets_ones_own_mistakes(client: Client, counting: type[CountingHasher]) -> None:
    for _ in range(9):
        sign_in(client, "ada", "wrong")

    sign_in(client, "ada")

    assert AccessAttempt.objects.count() == 0


def test_signing_in_does_not_forget_tries_at_others(
    client: Client, bob: Person, counting: type[CountingHasher]
) -> None:
    for _ in range(9):
        sign_in(client, "ada", "wrong")
        sign_in(client, "bob")

    statuses = [sign_in(client, "ada", "wrong").status_code for _ in range(2)]

    assert statuses == [422, 429]


@pytest.mark.parametrize("first", [None, "bob"])
def test_tries_at_the_admin_site_are_counted_alike(
    first: str | None, client: Client, bob: Person, counting: type[CountingHasher]
) -> None:
    if first:
        client.force_login(bob)

    for _ in range(15):
        client.post("/admin/login/", {"username": "ada", "password": "wrong"})

    assert counting.calls == 10
    assert sign_in(client, "ada").status_code == 429


def test_nothing_that_was_typed_is_kept_but_the_name(client: Client, counting: type[CountingHasher]) -> None:
    sign_in(client, "ada", "wrong password", next="/account/")

    attempt = AccessAttempt.objects.get()
    assert (attempt.username, attempt.post_data, attempt.get_data, attempt.user_agent) == ("ada", "", "", "")


@pytest.mark.parametrize(
    ("trusted", "forwarded", "address"),
    [
        (False, "198.51.100.1", "192.0.2.1"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "203.0.113.9, 198.51.100.1", "198.51.100.1"),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (True, "::ffff:198.51.100.1", "198.51.100.1"),
        (True, "unknown", "192.0.2.1"),
        (True, "", "192.0.2.1"),
    ],
)
def test_tries_belong_to_the_address_that_a_trusted_proxy_saw(
    trusted: bool, forwarded: str, address: str, settings: object, rf: RequestFactory
) -> None:
    settings.TAGGER_TRUST_PROXY = trusted  # type: ignore[attr-defined]

    request = rf.post("/login/", REMOTE_ADDR="192.0.2.1", headers={"X-Forwarded-For": forwarded})

    assert client_address(request) == address
