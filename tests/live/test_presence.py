"""Who is here: as long as one of their pages beats, a little longer, and never for a page that is gone."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tagging.live import feed as feeds
from tagging.live import presence
from tagging.live.feed import feed
from tagging.models import Dataset, Person, TaggingSession
from tagging.models.session import HERE, HERE_WHEN_CLOSED
from tagging.services import sessions
from tests import factories
from tests.live.sockets import Page

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

Clock = Callable[[float], None]


@pytest.fixture
def later(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that people are here by, so many seconds on."""
    true = timezone.now

    def set_clock(seconds: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: true() + timedelta(seconds=seconds))

    return set_clock


@pytest.fixture
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed._people, "seconds", 0.05)
    monkeypatch.setattr(feed._beats, "seconds", 0.05)


def faces(html: str) -> list[str]:
    return re.findall(r'data-person="\d+"[^>]*title="(\w+)', html)


async def session_of(person: Person) -> TaggingSession:
    return await TaggingSession.objects.aget(person=person)


async def until_here(person: Person) -> datetime:
    here_until = (await session_of(person)).here_until
    assert here_until is not None
    return here_until


async def test_a_person_with_the_grid_open_is_here_at_once(cats: Dataset, ada: Person, bob: Person) -> None:
    part = f"dataset-{cats.pk}-people"
    async with Page(ada, "cats", page="grid") as page:
        await page.show()
        await page.take_until(part, "ada")
        async with Page(bob, "cats", page="grid") as other:
            await other.show()

            html = await page.take_until(part, "bob")

    assert faces(html) == ["ada", "bob"]


async def test_a_beat_keeps_a_person_here_and_their_claim_theirs(
    cats: Dataset, bob: Person, often: None, later: Clock
) -> None:
    image = await sync_to_async(factories.image)(cats)
    async with Page(bob, "cats") as page:
        await page.show(1)
        await page.settle()
        await TaggingSession.objects.aupdate(claimed_image=image, claimed_until=timezone.now() + timedelta(seconds=60))
        later(25)

        await page.say({"beat": 1})
        await page.settle()
        session = await session_of(bob)

    assert session.here_until is not None
    assert session.claimed_until is not None
    assert session.here_until > timezone.now() + HERE - timedelta(seconds=15)
    assert session.claimed_until > timezone.now() + timedelta(seconds=45)


async def test_the_face_goes_when_the_last_page_closes(
    cats: Dataset, ada: Person, bob: Person, often: None, later: Clock
) -> None:
    part = f"dataset-{cats.pk}-people"
    async with Page(ada, "cats", page="grid") as page:
        await page.show()
        async with Page(bob, "cats", page="grid") as other:
            await other.show()
            await page.take_until(part, "bob")
        later(HERE_WHEN_CLOSED.total_seconds() + 0.5)
        await page.say({"beat": 1})

        while "bob" in (html := await page.take_until(part)):
            pass

    assert faces(html) == ["ada"]
    assert HERE_WHEN_CLOSED.total_seconds() + feeds.PEOPLE_EVERY + feeds.LOOK_EVERY <= 15


async def test_a_reload_does_not_make_the_face_flicker(cats: Dataset, ada: Person, bob: Person, often: None) -> None:
    part = f"dataset-{cats.pk}-people"
    async with Page(ada, "cats", page="grid") as page:
        await page.show()
        async with Page(bob, "cats", page="grid") as other:
            await other.show()
            await page.take_until(part, "bob")
        frames: list[str] = []
        for _ in range(3):
            async with Page(bob, "cats", page="grid") as other:
                await other.show()
                await other.take()
            while not await page.socket.receive_nothing(timeout=0.2):
                message = await page.hear()
                if "n" in message:
                    await page.put(message)
                    frames += [html for name, html in message["parts"].items() if name == part]

    assert all(faces(html) == ["ada", "bob"] for html in frames)


async def test_one_of_two_pages_closing_changes_nothing(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.show()
        await page.take()
        async with Page(bob, "cats") as second:
            await second.show()
            await second.take()
            before = await until_here(bob)

        assert await page.is_open()
        assert await until_here(bob) >= before


async def test_the_last_page_closing_says_until_when(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.show()
        await page.take()
        before = await until_here(bob)

    assert before > timezone.now() + HERE_WHEN_CLOSED
    assert await until_here(bob) <= timezone.now() + HERE_WHEN_CLOSED


async def test_beats_between_two_looks_are_written_together(cats: Dataset, ada: Person, bob: Person) -> None:
    def writes() -> int:
        beating = feed.pages.all()
        for page in beating:
            page.has_beaten = True
        with CaptureQueriesContext(connection) as queries:
            presence.keep(beating)
            presence.keep(beating)
        return len([query for query in queries if query["sql"].startswith(("UPDATE", "INSERT"))])

    async with Page(ada, "cats") as one, Page(bob, "cats") as two, Page(bob, "cats") as three:
        for page in (one, two, three):
            await page.show()
            await page.take()
        await sync_to_async(feed.stop)()

        assert await sync_to_async(writes)() == 2  # signs of life, and claims


async def test_a_page_that_is_gone_is_no_sign_of_life(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.show()
        await page.take()
        (known,) = feed.pages.all()
    known.has_beaten = True

    await sync_to_async(presence.keep)([known])

    assert await until_here(bob) <= timezone.now() + HERE_WHEN_CLOSED


async def test_a_claim_that_ran_out_is_another_picture(cats: Dataset, bob: Person, later: Clock) -> None:
    image = await sync_to_async(factories.image)(cats)
    await sync_to_async(sessions.visit)(image, bob)
    await TaggingSession.objects.aupdate(claimed_image=image, claimed_until=timezone.now() + timedelta(seconds=60))
    before = await sync_to_async(presence.picture)(cats.pk)

    later(61)

    assert await sync_to_async(presence.picture)(cats.pk) != before
