"""W6: whatever gets lost on the way, a page ends equal to what the server would draw anew."""

import asyncio
import contextlib
import json
import random
import re
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from itertools import cycle

import pytest
from asgiref.sync import sync_to_async

from tagging.live import mailbox
from tagging.live.feed import feed
from tagging.live.renderer import Renderer
from tagging.live.turn import DATASET_PARTS
from tagging.models import Dataset, Person
from tagging.services import image_tags, images
from tests import factories
from tests.live.random_acts import RandomActs
from tests.live.sockets import Page, until

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

IMAGES = 12

CARD = frozenset({"card"})
ALL_PARTS = CARD | {"tags", "state", "description", "caption", "decision"}

Numbers = tuple[int, ...]


@sync_to_async
def drawn(dataset_id: int, kind: str, numbers: Numbers) -> tuple[dict[str, str], int]:
    """All parts of a page as the server draws it now, and the change it is drawn at."""
    at = Dataset.objects.get(pk=dataset_id).change_seq
    renderer = Renderer(dataset_id)
    first = {"workbench": numbers[0], "grid": 0}.get(kind)
    wanted = {number: ALL_PARTS if first is None or number == first else CARD for number in numbers}
    renderer.images(wanted)
    ids = [f"image-{number}-{name}" for number, names in wanted.items() for name in names]
    parts = {part_id: renderer.part(part_id) or "" for part_id in ids}
    for name in DATASET_PARTS:
        parts |= renderer.of_dataset(name)
    return {part_id: json.loads(html) for part_id, html in parts.items()}, at


def without_seq(parts: dict[str, str]) -> dict[str, str]:
    """A part that no change touched keeps the change it was drawn at; all other bytes count."""
    return {part_id: re.sub(r'data-seq="\d+"', "", html) for part_id, html in parts.items()}


@dataclass
class Network:
    """Loses what it carries now and then."""

    chance: random.Random
    loses: float = 0.0

    def is_lost(self) -> bool:
        return self.chance.random() < self.loses


class Browser:
    """A page that is drawn once, and from then on lives by its socket, over a bad network."""

    def __init__(self, page: Page, dataset: Dataset, kind: str, numbers: Numbers, network: Network) -> None:
        self.page, self.dataset, self.kind, self.numbers, self.network = page, dataset, kind, numbers, network

    async def draw(self) -> None:
        self.page.parts, self.page.at = await drawn(self.dataset.pk, self.kind, self.numbers)
        await self.page.connect()
        await self.page.show(*self.numbers)
        self.reading = asyncio.create_task(self.read())

    async def read(self) -> None:
        while True:
            message = await self.page.socket.output_queue.get()
            if message["type"] != "websocket.send":
                return
            said = json.loads(message["text"])
            if "n" in said and not self.network.is_lost():
                await self.page.put(said)

    async def lose_socket(self) -> None:
        """The connection breaks, with whatever is on its way, and is made anew."""
        await self.stop()
        await self.page.connect()
        await self.page.show(*self.numbers)
        self.reading = asyncio.create_task(self.read())

    async def walk(self, numbers: Numbers) -> None:
        """Another image is fetched and shown; the socket stays."""
        parts, at = await drawn(self.dataset.pk, self.kind, numbers)
        kept = {part: html for part, html in self.page.parts.items() if part.startswith("dataset")}
        self.page.parts = parts | kept
        self.page.at = min(self.page.at, at)
        self.numbers = numbers
        await self.page.show(*numbers)

    async def stop(self) -> None:
        self.reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.reading
        await self.page.leave()

    async def is_equal(self) -> bool:
        """Whether it shows what the server would draw."""
        fresh, _ = await drawn(self.dataset.pk, self.kind, self.numbers)
        shown = {part: html for part, html in self.page.parts.items() if part in fresh}
        return without_seq(shown) == without_seq(fresh)


def numbers_of(kind: str, chance: random.Random) -> Numbers:
    if kind == "workbench":
        here = chance.randint(1, IMAGES)
        return tuple(number for number in (here, here - 1, here + 1) if 1 <= number <= IMAGES)
    return tuple(sorted(chance.sample(range(1, IMAGES + 1), chance.randint(1, IMAGES))))


@contextlib.asynccontextmanager
async def opened(dataset: Dataset, people: Iterable[Person], network: Network) -> AsyncIterator[list[Browser]]:
    browsers = []
    cookies: dict[int, str] = {}
    for person, kind in zip(people, cycle(("", "workbench", "grid")), strict=False):
        page = Page(person, dataset.slug, page=kind, cookie=cookies.get(person.pk, ""))
        browsers.append(Browser(page, dataset, kind, numbers_of(kind, network.chance), network))
        await browsers[-1].draw()
        cookies[person.pk] = page.cookie
    yield browsers
    for browser in browsers:
        await browser.stop()


async def live_through(acts: RandomActs, browsers: list[Browser], network: Network, *, steps: int) -> None:
    """Acts, lost frames, lost sockets and walks to other images, as chance has it."""
    chance = network.chance
    for _ in range(steps):
        await sync_to_async(acts.act)()
        browser = chance.choice(browsers)
        match chance.random():
            case luck if luck < 0.15:
                await browser.lose_socket()
            case luck if luck < 0.35 and browser.kind:
                await browser.walk(numbers_of(browser.kind, chance))
            case luck if luck < 0.5:
                await asyncio.sleep(chance.random() / 20)


async def come_to_rest(browsers: list[Browser], network: Network) -> list[bool]:
    """The network is well again: whether each page is equal, once a beat has told those that are behind."""
    network.loses = 0
    newest = (await Dataset.objects.aget()).change_seq
    await until(lambda: feed.newest(browsers[0].dataset.pk) == newest)
    await asyncio.sleep(mailbox.RESEND_AFTER)
    for browser in browsers:
        if browser.page.at < newest:
            await browser.page.show(*browser.numbers)
    await asyncio.sleep(1.5)
    return [await browser.is_equal() for browser in browsers]


@sync_to_async
def pictures(cats: Dataset) -> None:
    for number in range(IMAGES):
        factories.image(cats, tags=["cat", "tabby"] if number % 2 else ["dog"])


@pytest.mark.parametrize("seed", range(2))
async def test_pages_end_equal_to_the_server_whatever_is_lost(
    cats: Dataset, ada: Person, bob: Person, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "RESEND_AFTER", 0.3)
    await pictures(cats)
    network = Network(random.Random(seed), loses=0.3)
    acts = RandomActs(cats, ada, network.chance)
    async with opened(cats, [ada, bob] * 3, network) as browsers:
        await live_through(acts, browsers, network, steps=50)

        equal = await come_to_rest(browsers, network)

    assert acts.made > 25
    assert equal == [True] * 6


EACH_KIND = "add remove move set_all describe decide categorise recolour rename merge delete configure add_many".split()


async def test_an_act_of_each_kind_reaches_a_page(cats: Dataset, ada: Person, bob: Person) -> None:
    await pictures(cats)
    network = Network(random.Random(0))
    acts = RandomActs(cats, ada, network.chance)
    unequal = []
    async with opened(cats, [bob], network) as (browser,):
        await browser.walk(tuple(range(1, IMAGES + 1)))
        for kind in EACH_KIND:
            await sync_to_async(acts.do)(kind)
            if not await comes_to_be_equal(browser):
                unequal.append(kind)

    assert unequal == []


async def comes_to_be_equal(browser: Browser) -> bool:
    for _ in range(40):
        if await browser.is_equal():
            return True
        await asyncio.sleep(0.05)
    return False


@pytest.mark.soak
async def test_a_hundred_pages_end_equal_after_losses_and_restarts(
    cats: Dataset, ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "RESEND_AFTER", 1.0)
    people = await sync_to_async(lambda: [factories.person(f"person {number}") for number in range(20)])()
    for person in people:
        await sync_to_async(factories.member)(cats, person)
    await pictures(cats)
    network = Network(random.Random(1), loses=0.3)
    acts = RandomActs(cats, ada, network.chance)
    async with opened(cats, people * 5, network) as browsers:
        for _ in range(20):
            await live_through(acts, browsers, network, steps=15)
            await sync_to_async(feed.stop)()
            for browser in browsers:
                await browser.lose_socket()
        await asyncio.sleep(3)

        equal = await come_to_rest(browsers, network)

    assert equal == [True] * 100


async def test_what_changed_between_drawing_and_connecting_arrives(cats: Dataset, ada: Person, bob: Person) -> None:
    image = await sync_to_async(factories.image)(cats, tags=["cat"])
    parts, at = await drawn(cats.pk, "workbench", (1,))
    await sync_to_async(image_tags.add)(image, "tabby", by=ada)
    await sync_to_async(images.finish)(image, by=ada)
    async with Page(bob, "cats", page="workbench") as page:
        page.parts = parts
        await page.show(1, at=at)

        await page.settle()

    fresh, newest = await drawn(cats.pk, "workbench", (1,))
    assert page.at == newest
    assert without_seq(page.parts) | {f"dataset-{cats.pk}-people": ""} == without_seq(fresh) | {
        f"dataset-{cats.pk}-people": ""
    }


async def test_a_page_that_misses_nothing_gets_no_image(cats: Dataset, ada: Person, bob: Person) -> None:
    await sync_to_async(factories.image)(cats, tags=["cat"])
    _, at = await drawn(cats.pk, "workbench", (1,))
    async with Page(bob, "cats", page="workbench") as page:
        await page.show(1, at=at)

        await page.settle()

    assert {part.split("-")[0] for part in page.parts} == {"dataset"}


async def test_a_page_that_is_far_behind_catches_up_in_several_frames(
    cats: Dataset, ada: Person, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "LONGEST_FRAME", 5000)
    await pictures(cats)
    async with Page(bob, "cats", page="grid") as page:
        await page.show(*range(1, IMAGES + 1), at=0)
        first = await page.take()
        await page.settle()

    assert first["seq"] == 0
    assert page.at == (await Dataset.objects.aget()).change_seq
    assert len([part for part in page.parts if part.endswith("-card")]) == IMAGES


async def test_what_a_turn_has_no_time_for_comes_with_the_next(
    cats: Dataset, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagging.live.feed.RENDERING_MAY_TAKE", 0.0)
    monkeypatch.setattr("tagging.live.turn.LITTLE", 0)
    await pictures(cats)
    async with Page(bob, "cats", page="grid") as page:
        await page.show(*range(1, IMAGES + 1), at=0)

        frames = [await page.take()]
        while frames[-1]["seq"] == 0:
            frames.append(await page.take())

    with_cards = [frame for frame in frames if any(part.endswith("-card") for part in frame["parts"])]
    assert len(with_cards) > 1
    assert len([part for part in page.parts if part.endswith("-card")]) == IMAGES
