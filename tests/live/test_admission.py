"""W2: only members hear a dataset, and a page's socket takes three messages and nothing else."""

import json

import pytest
from asgiref.sync import sync_to_async
from django.contrib.sessions.models import Session

from tagging.models import Act, Dataset, Person
from tests import factories
from tests.live.sockets import Page, cookie_of, handshake

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

NOTHING_A_PAGE_SAYS = [
    " ",
    "{",
    "null",
    "[]",
    "1",
    '"beat"',
    "{}",
    '{"beat": true}',
    '{"beat": 1.0}',
    '{"beat": 2}',
    '{"beat": 1, "ack": 1}',
    '{"ack": true}',
    '{"ack": -1}',
    '{"ack": 1.5}',
    '{"ack": NaN}',
    '{"ack": 1e400}',
    '{"ack": "1"}',
    '{"ack": 9007199254740993}',
    '{"ack": ' + "9" * 5000 + "}",
    '{"at": 0}',
    '{"shows": [1]}',
    '{"at": 0, "shows": 1}',
    '{"at": 0, "shows": "1"}',
    '{"at": true, "shows": [1]}',
    '{"at": 0, "shows": [true]}',
    '{"at": 0, "shows": [0]}',
    '{"at": 0, "shows": [-1]}',
    '{"at": 0, "shows": [1.0]}',
    '{"at": 0, "shows": [4294967296]}',
    '{"at": 0, "shows": [[1]]}',
    '{"at": 0, "shows": [1], "op": "add"}',
    json.dumps({"at": 0, "shows": list(range(1, 502))}),
    "[" * 10_000,
    '{"a":' * 2_000,
    '{"type": "add_tag", "image": 1, "tag": "x"}',
    '{"tags": ["x"]}',
]


async def test_a_stranger_is_closed_with_no_right(cats: Dataset, eve: Person) -> None:
    async with Page(eve, "cats") as page:
        assert await page.closed_with() == 4403


async def test_an_unknown_dataset_is_closed_as_a_foreign_one(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "dogs") as page:
        assert await page.closed_with() == 4403


@pytest.mark.parametrize("cookie", ["", "nosuchsession", "é\x00"])
async def test_somebody_who_is_not_signed_in_is_closed(cats: Dataset, cookie: str) -> None:
    async with Page(None, "cats", cookie=cookie) as page:
        assert await page.closed_with() == 4401


async def test_a_deactivated_person_is_closed(cats: Dataset, bob: Person) -> None:
    cookie = await cookie_of(bob)
    bob.is_active = False
    await bob.asave(update_fields=["is_active"])

    async with Page(bob, "cats", cookie=cookie) as page:
        assert await page.closed_with() == 4401


async def test_an_ended_session_is_closed(cats: Dataset, bob: Person) -> None:
    cookie = await cookie_of(bob)
    await Session.objects.all().adelete()

    async with Page(bob, "cats", cookie=cookie) as page:
        assert await page.closed_with() == 4401


async def test_a_viewer_may_listen(cats: Dataset, vera: Person) -> None:
    async with Page(vera, "cats") as page:
        assert await page.is_open()


@pytest.mark.parametrize("path", ["/ws/", "/ws/datasets/cats", "/ws/datasets/ca ts/", "/datasets/cats/", "/"])
async def test_an_address_without_a_page_is_turned_away(cats: Dataset, bob: Person, path: str) -> None:
    socket = handshake(path, await cookie_of(bob))

    connected, _ = await socket.connect(timeout=3)

    assert not connected


@pytest.mark.parametrize("text", NOTHING_A_PAGE_SAYS, ids=range(len(NOTHING_A_PAGE_SAYS)))
async def test_what_no_page_says_is_ignored(cats: Dataset, bob: Person, text: str) -> None:
    async with Page(bob, "cats") as page:
        await page.socket.send_to(text)

        assert await page.is_open()


async def test_what_no_page_says_is_counted_and_closes_in_the_end(
    cats: Dataset, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagging.consumers.MOST_A_SECOND", 1000)
    async with Page(bob, "cats") as page:
        for _ in range(20):
            await page.socket.send_to("{}")
        assert await page.is_open()

        await page.socket.send_to("{}")

        assert await page.closed_with() == 4400


async def test_a_binary_message_closes(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.socket.send_to(bytes_data=b'{"beat": 1}')

        assert await page.closed_with() == 4400


async def test_500_numbers_may_be_shown(cats: Dataset, bob: Person) -> None:
    async with Page(bob, "cats") as page:
        await page.show(*range(1, 501))

        assert (await page.take())["parts"]


async def test_a_message_writes_nothing(cats: Dataset, bob: Person) -> None:
    await sync_to_async(factories.image)(cats, tags=["cat"])
    before = await Act.objects.acount()
    async with Page(bob, "cats") as page:
        await page.say({"act": "add", "image": 1, "names": "dog"})
        await page.say({"at": 0, "shows": [1]})
        await page.take()

    assert await Act.objects.acount() == before


async def test_a_page_of_one_dataset_hears_nothing_of_another(cats: Dataset, ada: Person, bob: Person) -> None:
    other = await sync_to_async(factories.dataset)("dogs", owner=ada)
    await sync_to_async(factories.image)(other, tags=["dog"])
    async with Page(bob, "cats") as page:
        await page.show(1)
        await page.settle()

    assert set(page.parts) == {f"dataset-{cats.pk}-{name}" for name in ("progress", "people", "import")}
