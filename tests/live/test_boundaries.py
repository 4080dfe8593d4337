"""W9: what is broken for one page, image or dataset leaves the others live, and nobody is shown why."""

import logging
import re
from typing import Any

import pytest
from asgiref.sync import sync_to_async

from tagging.live import parts, renderer
from tagging.live.feed import Stumbles, feed
from tagging.live.turn import Turn
from tagging.models import Dataset, Image, Person
from tagging.services import image_tags
from tests import factories
from tests.live.sockets import Page, cookie_of, handshake, until

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

add = sync_to_async(image_tags.add)

LOGGED_ID = re.compile(r"\([0-9a-f]{8}\)")


class Planted(Exception):  # noqa: N818 - an error's name would say that something is wrong
    """What a test puts where nothing of the kind is expected."""


def once(what: Any) -> Any:
    """A function that raises the first time it is called, and then does what it did."""
    broken = iter([True])

    def either(*arguments: Any, **named: Any) -> Any:
        if next(broken, False):
            raise Planted("secret")
        return what(*arguments, **named)

    return either


@pytest.fixture
def two(cats: Dataset) -> tuple[Image, Image]:
    return factories.image(cats, tags=["cat"]), factories.image(cats, tags=["dog"])


@pytest.fixture
def broken_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """No part of image 1 can be rendered."""
    whole = parts.ImageParts.render

    def render(self: parts.ImageParts, part: str) -> str:
        if self.image.number == 1:
            raise Planted("secret")
        return whole(self, part)

    monkeypatch.setattr(parts.ImageParts, "render", render)


def logged(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name.startswith("tagging") and record.levelname == "ERROR"]


async def test_a_broken_template_makes_its_pages_read_again_and_no_others(
    two: tuple[Image, Image], ada: Person, bob: Person, broken_first: None, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = two
    async with Page(ada, "cats", page="workbench") as page, Page(bob, "cats", page="workbench") as other:
        await page.show(1, at=1)
        await other.show(2, at=1)
        await page.settle()
        await other.settle()

        await add(first, "tabby", by=ada)
        reread = await page.hear_until("reread")
        await add(second, "puppy", by=ada)
        html = await other.take_until("image-2-tags")

    assert reread == {"reread": 1}
    assert ">puppy<" in html
    assert all(LOGGED_ID.search(record.getMessage()) for record in logged(caplog))
    assert {record.getMessage().split(" cannot")[0] for record in logged(caplog)} == {
        "the part image-1-tags",
        "the part image-1-caption",
    }


async def test_a_part_that_is_too_long_for_a_socket_is_read_with_the_page(
    two: tuple[Image, Image], ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(renderer, "LONGEST", 3000)
    first, _ = two
    async with Page(bob, "cats", page="workbench") as page:
        await page.show(1, at=1)
        await page.settle()

        await add(first, ", ".join(f"tag {number}" for number in range(20)), by=ada)

        assert await page.hear_until("reread") == {"reread": 1}


async def test_a_feed_that_stumbles_goes_on_and_pages_read_again(
    two: tuple[Image, Image],
    ada: Person,
    bob: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    first, _ = two
    async with Page(bob, "cats") as page:
        await page.show(1, at=1)
        await page.settle()
        monkeypatch.setattr(feed, "_see_off", once(feed._see_off))
        monkeypatch.setattr(feed._rights, "seconds", 0.0)

        await page.hear_until("reread")
        await add(first, "tabby", by=ada)
        html = await page.take_until("image-1-tags")

    assert ">tabby<" in html
    (record,) = logged(caplog)
    assert LOGGED_ID.search(record.getMessage())


async def test_a_dataset_that_cannot_be_followed_does_not_stop_another(
    two: tuple[Image, Image], ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = await sync_to_async(factories.dataset)("dogs", owner=ada)
    image = await sync_to_async(factories.image)(other)
    whole = Turn.follow

    def follow(self: Turn, since: int) -> None:
        if self.dataset_id != other.pk:
            raise Planted("secret")
        whole(self, since)

    async with Page(ada, "cats") as page, Page(ada, "dogs") as well:
        await page.show(1, at=1)
        await well.show(1, at=1)
        await page.settle()
        await well.settle()
        monkeypatch.setattr(Turn, "follow", follow)

        await add(two[0], "tabby", by=ada)
        await add(image, "puppy", by=ada)
        html = await well.take_until("image-1-tags")
        monkeypatch.setattr(Turn, "follow", whole)
        reread = await page.hear_until("reread")

    assert ">puppy<" in html
    assert reread == {"reread": 1}


async def test_a_message_that_makes_the_consumer_stumble_makes_its_page_read_again(
    two: tuple[Image, Image],
    ada: Person,
    bob: Person,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    async with Page(bob, "cats") as page, Page(ada, "cats") as other:
        monkeypatch.setattr("tagging.consumers.feed.newest", once(feed.newest))

        await page.say({"beat": 1})

        assert await page.hear_until("reread") == {"reread": 1}
        assert await page.is_open()
        assert await other.is_open()
    (record,) = logged(caplog)
    assert LOGGED_ID.search(record.getMessage())


async def test_a_page_that_cannot_be_admitted_is_closed_without_a_word(
    two: tuple[Image, Image], bob: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("tagging.access.role_of", once(None))
    async with Page(bob, "cats") as page:
        assert await page.closed_with() == 1011

    assert LOGGED_ID.search(logged(caplog)[0].getMessage())


async def test_a_consumer_that_is_cancelled_leaves_no_page_behind(two: tuple[Image, Image], bob: Person) -> None:
    socket = handshake("/ws/datasets/cats/", await cookie_of(bob))
    await socket.connect(timeout=3)
    await until(lambda: len(feed.pages.all()) == 1)

    socket.future.cancel()

    await until(lambda: feed.pages.all() == [])


async def test_stumbles_in_a_row_rest_longer_each_time_and_not_for_ever() -> None:
    assert [Stumbles(row).rest for row in range(7)] == [0.5, 1, 2, 4, 8, 10, 10]


async def test_a_feed_that_was_stopped_starts_again_with_the_next_page(two: tuple[Image, Image], bob: Person) -> None:
    async with Page(bob, "cats") as page:
        assert await page.is_open()
        await sync_to_async(feed.stop)()

    async with Page(bob, "cats") as page:
        await page.show(1)
        frame = await page.take()

    assert frame["parts"]
