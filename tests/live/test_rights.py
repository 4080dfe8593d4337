"""W3: whoever loses the right to see a dataset hears nothing more of it, wherever that was done."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tagging.live.feed import feed
from tagging.models import Dataset, Membership, Person
from tagging.services import image_tags, members
from tests import factories
from tests.live.sockets import Page

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

SIGNED_OUT, NO_RIGHT, ANOTHER_ROLE = 4401, 4403, 4003
PASSWORD = "another horse battery"


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rights are asked for more often than they are: the long form waits as long as it takes."""
    monkeypatch.setattr(feed._rights, "seconds", 0.1)


def browser(person: Person) -> Client:
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client


def admin(path: str, about: object, **data: str) -> None:
    superuser = factories.person("sue", superuser=True)
    sent = browser(superuser).post(reverse(f"admin:tagging_{path}", args=[about]), data)
    assert sent.status_code == 302


def sign_out(bob: Person, client: Client) -> None:
    client.post("/logout/")


def set_own_password(bob: Person, client: Client) -> None:
    client.post("/account/", {"password": PASSWORD, "again": PASSWORD})


def membership(bob: Person) -> Membership:
    return Membership.objects.get(person=bob)


Way = Callable[[Person, Client], object]
WAYS: dict[str, tuple[int, Way]] = {
    "signs out": (SIGNED_OUT, sign_out),
    "session deleted in a shell": (SIGNED_OUT, lambda bob, client: Session.objects.all().delete()),
    "session expires": (
        SIGNED_OUT,
        lambda bob, client: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
    ),
    "deactivated in a shell": (
        SIGNED_OUT,
        lambda bob, client: Person.objects.filter(pk=bob.pk).update(is_active=False),
    ),
    "deactivated in the admin": (SIGNED_OUT, lambda bob, client: admin("person_deactivate", bob.pk)),
    "sets a password": (SIGNED_OUT, set_own_password),
    "given a password in the admin": (
        SIGNED_OUT,
        lambda bob, client: admin("person_password", bob.pk, password=PASSWORD, again=PASSWORD),
    ),
    "given a password in a shell": (SIGNED_OUT, lambda bob, client: members.set_password(bob, PASSWORD)),
    "removed in a shell": (NO_RIGHT, lambda bob, client: membership(bob).delete()),
    "removed in the admin": (NO_RIGHT, lambda bob, client: admin("membership_remove", membership(bob).pk)),
    "dataset deleted": (NO_RIGHT, lambda bob, client: Dataset.objects.all().delete()),
    "another role in a shell": (ANOTHER_ROLE, lambda bob, client: Membership.objects.update(role="viewer")),
    "another role in the admin": (
        ANOTHER_ROLE,
        lambda bob, client: admin("membership_role", membership(bob).pk, role="viewer"),
    ),
    "account deleted": (SIGNED_OUT, lambda bob, client: Person.objects.filter(pk=bob.pk).delete()),
}


async def lose(bob: Person, way: Way) -> int:
    """The code that Bob's open page is closed with when he loses his right this way."""
    client = await sync_to_async(browser)(bob)
    async with Page(bob, "cats", cookie=client.cookies["tagger_session"].value) as page:
        await page.show(1)
        await page.take()

        await sync_to_async(way)(bob, client)

        return await page.closed_with()


@pytest.mark.parametrize(("code", "way"), WAYS.values(), ids=WAYS)
async def test_a_lost_right_closes_the_socket(cats: Dataset, bob: Person, often: None, code: int, way: Way) -> None:
    assert await lose(bob, way) == code


async def test_a_session_that_is_gone_closes_the_socket_within_five_seconds(cats: Dataset, bob: Person) -> None:
    code, way = WAYS["session deleted in a shell"]

    assert await lose(bob, way) == code  # `closed_with` waits no longer


@pytest.mark.soak
@pytest.mark.parametrize(("code", "way"), WAYS.values(), ids=WAYS)
async def test_a_lost_right_closes_the_socket_within_five_seconds(
    cats: Dataset, bob: Person, code: int, way: Way
) -> None:
    assert await lose(bob, way) == code  # `closed_with` waits no longer


async def test_a_closed_page_hears_nothing_while_others_do(
    cats: Dataset, ada: Person, bob: Person, vera: Person, often: None
) -> None:
    image = await sync_to_async(factories.image)(cats)
    async with Page(bob, "cats") as page, Page(vera, "cats") as other:
        await page.show(1)
        await other.show(1)
        await other.settle()
        await page.settle()

        await Membership.objects.filter(person=bob).adelete()
        assert await page.closed_with() == NO_RIGHT
        await sync_to_async(image_tags.add)(image, "tabby", by=ada)
        await other.take_until("image-1-tags", "tabby")

        assert await page.socket.receive_nothing(timeout=0.3)


async def test_a_kept_right_keeps_the_socket(cats: Dataset, bob: Person, often: None) -> None:
    async with Page(bob, "cats") as page:
        await page.show(1)
        await page.settle()

        assert await page.is_open()
