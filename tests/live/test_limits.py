"""W4 and W5: a page that talks too much, or does not read, harms nobody but itself."""

import asyncio
import json
import time

import pytest
from asgiref.sync import sync_to_async

from tagging.live import mailbox as mailboxes
from tagging.live.feed import feed
from tagging.live.open_pages import OpenPage
from tagging.models import Dataset, Image, Person
from tagging.services import image_tags
from tests import factories
from tests.live.sockets import Page, until

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

add = sync_to_async(image_tags.add)


@pytest.fixture
def image(cats: Dataset) -> Image:
    return factories.image(cats, tags=["cat"])


def open_page() -> OpenPage:
    """The one page that is open, as the server knows it."""
    (page,) = feed.pages.all()
    return page


async def test_a_message_of_16_kib_is_read(image: Image, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.socket.send_to('{"beat": 1}'.ljust(16 * 1024))

        assert set(await page.hear_until("seq")) == {"seq"}


@pytest.mark.parametrize("text", ['{"beat": 1}'.ljust(16 * 1024 + 1), json.dumps("é" * 8193, ensure_ascii=False)])
async def test_a_longer_message_closes(image: Image, bob: Person, text: str) -> None:
    async with Page(bob, "cats") as page:
        await page.socket.send_to(text)

        assert await page.closed_with() == 4400


async def test_20_messages_a_second_are_answered(image: Image, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        for _ in range(20):
            await page.say({"beat": 1})

        answers = [await page.hear_until("seq") for _ in range(20)]

    assert len(answers) == 20


async def test_the_21st_message_within_a_second_closes_and_others_go_on(
    image: Image, ada: Person, bob: Person, vera: Person
) -> None:
    async with Page(bob, "cats") as page, Page(vera, "cats") as other:
        await other.show(1)
        await other.settle()

        for _ in range(21):
            await page.say({"beat": 1})

        assert await page.closed_with() == 4429
        await add(image, "tabby", by=ada)
        assert await other.take_until("image-1-tags", "tabby")


async def test_acknowledging_frames_as_quickly_as_they_come_is_not_too_much(
    image: Image, ada: Person, bob: Person
) -> None:
    async with Page(bob, "cats", page="workbench") as page:
        await page.show(1)
        await page.take()
        mailbox = open_page().mailbox
        for number in range(100):
            mailbox.put({"x": f'"{number}"'}, era=1, seq=number)
            await page.take()

        assert await page.is_open()


async def test_a_person_has_ten_pages_open_and_no_more(image: Image, bob: Person, vera: Person) -> None:
    pages = [Page(bob, "cats") for _ in range(10)]
    for page in pages:
        await page.connect()
    assert all([await page.is_open() for page in pages])

    async with Page(bob, "cats") as eleventh, Page(vera, "cats") as other:
        assert await eleventh.closed_with() == 4429
        assert await other.is_open()

    await pages.pop().leave()
    async with Page(bob, "cats") as another:
        assert await another.is_open()
    for page in pages:
        await page.leave()


async def test_a_page_that_does_not_read_costs_each_part_once_and_catches_up(
    cats: Dataset, image: Image, ada: Person, bob: Person
) -> None:
    async with Page(bob, "cats", page="workbench") as page:
        await page.show(1)
        first = await page.hear_until("n")
        mailbox = open_page().mailbox
        for number in range(30):
            await add(image, f"tag {number}", by=ada)
        seq = (await Dataset.objects.aget()).change_seq
        await until(lambda: feed.newest(cats.pk) == seq)
        waiting = mailbox.size

        await page.put(first)
        await page.settle()

        assert 0 < waiting <= 8
        assert "tag 29" in page.parts["image-1-tags"]


async def test_a_page_that_asks_again_and_again_without_reading_gets_one_frame(image: Image, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        for _ in range(5):
            await page.show(1, at=0)
            await asyncio.sleep(0.3)  # longer than the feed lets a page wait

        frames = [await page.hear()]
        assert await page.socket.receive_nothing(timeout=0.5)

    assert [frame["n"] for frame in frames] == [1]


async def test_a_frame_that_is_not_acknowledged_is_sent_once_more(
    image: Image, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailboxes, "RESEND_AFTER", 0.2)
    async with Page(bob, "cats") as page:
        await page.show(1)

        first, second = await page.hear(), await page.hear()

        assert first == second
        assert await page.socket.receive_nothing(timeout=0.6)


async def test_a_silent_page_is_closed(image: Image, bob: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feed._rights, "seconds", 0.1)
    async with Page(bob, "cats") as page:
        await page.show(1)
        await page.take()
        assert await page.is_open()
        open_page().heard_at = time.monotonic() - 91

        assert await page.closed_with() == 4408


async def test_a_page_that_beats_but_leaves_a_frame_unanswered_is_closed(
    image: Image, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feed._rights, "seconds", 0.1)
    async with Page(bob, "cats") as page:
        await page.show(1)
        await page.hear()
        await page.say({"beat": 1})
        open_page().mailbox._unanswered_since = time.monotonic() - 91

        assert await page.closed_with() == 4408
