"""The pages that are open at this server, each with what it shows and whose it is."""

import asyncio
import enum
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from tagging.live.changes import CARD, EVERY
from tagging.live.mailbox import Mailbox

Parts = Mapping[str, str]


class Shows(enum.StrEnum):
    """Which parts of the images it names a page has."""

    CARDS = "grid"  # the card of each
    IMAGE = "workbench"  # all of the first, the card of its neighbours
    ALL = ""  # a program that does not say: all of each


@dataclass(eq=False)
class OpenPage:
    """One open page. `mailbox` and `end` belong to its event loop, the rest may be read from any thread."""

    dataset_id: int
    person_id: int
    session_key: str
    password: str  # hashed, as it was when the page opened: another one ends every session
    role: str
    kind: Shows
    loop: asyncio.AbstractEventLoop
    mailbox: Mailbox
    end: Callable[[int], None]
    shows: frozenset[int] = frozenset()
    image: int = 0  # the one that a workbench is open at
    heard_at: float = field(default_factory=time.monotonic)
    has_beaten: bool = False

    def parts_of(self, number: int) -> frozenset[str]:
        """The parts of an image that this page has."""
        if number not in self.shows:
            return frozenset()
        if self.kind is Shows.ALL or number == self.image:
            return EVERY
        return frozenset({CARD})


@dataclass(frozen=True)
class Catching:
    """A page that says what it shows and the change it was drawn at: it gets whatever is newer."""

    page: OpenPage
    at: int


class OpenPages:
    """Register of the open pages; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: defaultdict[int, set[OpenPage]] = defaultdict(set)
        self._of_person: Counter[int] = Counter()
        self._catching: list[Catching] = []

    def add(self, page: OpenPage, most: int) -> bool:
        """Whether it could be added: a person has at most `most` pages open."""
        with self._lock:
            if self._of_person[page.person_id] >= most:
                return False
            self._of_person[page.person_id] += 1
            self._pages[page.dataset_id].add(page)
            return True

    def remove(self, page: OpenPage) -> bool:
        """Forget the page; whether it was the last one of this person in this dataset."""
        with self._lock:
            pages = self._pages[page.dataset_id]
            if page not in pages:
                return False
            pages.discard(page)
            if not pages:
                del self._pages[page.dataset_id]
            self._of_person[page.person_id] -= 1
            return not any(other.person_id == page.person_id for other in pages)

    def show(self, page: OpenPage, at: int, numbers: Sequence[int]) -> None:
        with self._lock:
            page.shows = frozenset(numbers)
            page.image = numbers[0] if numbers and page.kind is Shows.IMAGE else 0
            self._catching.append(Catching(page, at))

    def take_catching(self) -> list[Catching]:
        with self._lock:
            catching, self._catching = self._catching, []
            return catching

    def by_dataset(self) -> dict[int, list[OpenPage]]:
        with self._lock:
            return {dataset: list(pages) for dataset, pages in self._pages.items()}

    def all(self) -> list[OpenPage]:
        return [page for pages in self.by_dataset().values() for page in pages]


def hand_over(news: Iterable[tuple[OpenPage, int, Parts]]) -> None:
    """Put parts into the mailboxes of pages, in their event loops: one call a loop, whatever the number of pages."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[tuple[OpenPage, int, Parts]]] = defaultdict(list)
    for page, seq, parts in news:
        by_loop[page.loop].append((page, seq, parts))
    for loop, batch in by_loop.items():
        _call(loop, _deliver, batch)


def tell(pages: Iterable[OpenPage], message: Mapping[str, object]) -> None:
    """Say something to pages beside their frames, from any thread."""
    for page in pages:
        _call(page.loop, page.mailbox.say, message)


def end(pages: Iterable[OpenPage], code: int) -> None:
    """Close the sockets of pages, from any thread."""
    for page in pages:
        _call(page.loop, page.end, code)


def _deliver(batch: list[tuple[OpenPage, int, Parts]]) -> None:
    for page, seq, parts in batch:
        page.mailbox.put(seq, parts)


def _call(loop: asyncio.AbstractEventLoop, what: Callable[..., None], *arguments: object) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(what, *arguments)
