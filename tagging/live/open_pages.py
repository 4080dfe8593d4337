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

JUST_NOW = 0.25  # seconds
DELIVERED_AT_ONCE = 20  # pages in one callback of an event loop, which must not stand still


class Shows(enum.StrEnum):
    """Which parts of the images it names a page has."""

    CARDS = "grid"  # the card of each
    IMAGE = "workbench"  # all of the first, the card of its neighbours
    ALL = ""  # a program that does not say: all of each


@dataclass(frozen=True, eq=False)
class View:
    """What a page says it shows, and the change it was drawn at. Saying it again makes another view, and what was
    found for the one before does not reach the page: it would claim to bring images up to date that it knows nothing
    of."""

    kind: Shows
    era: int  # the mailbox's word for this view
    at: int
    shows: frozenset[int]
    image: int  # the one that a workbench is open at

    def parts_of(self, number: int) -> frozenset[str]:
        """The parts of an image that the page has."""
        if number not in self.shows:
            return frozenset()
        if self.kind is Shows.ALL or number == self.image:
            return EVERY
        return frozenset({CARD})


@dataclass(eq=False)
class OpenPage:
    """One open page. `mailbox` and `end` belong to its event loop, what is owed to the feed's thread."""

    dataset_id: int
    person_id: int
    session_key: str
    password: str  # hashed, as it was when the page opened: another one ends every session
    role: str
    kind: Shows
    loop: asyncio.AbstractEventLoop
    mailbox: Mailbox
    end: Callable[[int], None]
    view: View | None = None  # none until the page has said: till then it gets nothing
    heard_at: float = field(default_factory=time.monotonic)
    has_beaten: bool = False
    shown_at: float = 0.0
    served: View | None = None  # the view that the feed knows …
    welcome_again_at: float = 0.0  # … and when it may have another
    owed: dict[int, frozenset[str]] = field(default_factory=dict)  # parts by image that it still has to be sent

    def show(self, at: int, numbers: Sequence[int]) -> bool:
        """It shows these images, drawn at the change `at`; a workbench names its own image first. Whether it did not
        say so just now, too: if it did, the feed need not be woken for it."""
        image = numbers[0] if numbers and self.kind is Shows.IMAGE else 0
        self.view = View(self.kind, self.mailbox.begin_again(at), at, frozenset(numbers), image)
        now = time.monotonic()
        before, self.shown_at = self.shown_at, now
        return now - before > JUST_NOW


@dataclass(frozen=True)
class News:
    """Parts for a page as it was in one era; `seq`: the change they bring all it shows up to, None when more is to
    come."""

    page: OpenPage
    era: int
    seq: int | None
    parts: Mapping[str, str]


class OpenPages:
    """Register of the open pages; safe to use from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pages: defaultdict[int, set[OpenPage]] = defaultdict(set)
        self._of_person: Counter[int] = Counter()

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
            pages = self._pages.get(page.dataset_id, set())
            if page not in pages:
                return False
            pages.discard(page)
            if not pages:
                del self._pages[page.dataset_id]
            self._of_person -= Counter([page.person_id])
            return not any(other.person_id == page.person_id for other in pages)

    def by_dataset(self) -> dict[int, list[OpenPage]]:
        with self._lock:
            return {dataset: list(pages) for dataset, pages in self._pages.items()}

    def all(self) -> list[OpenPage]:
        return [page for pages in self.by_dataset().values() for page in pages]


def hand_over(news: Iterable[News]) -> None:
    """Put parts into the mailboxes of pages, in their event loops: a few calls a loop, whatever the number of pages."""
    by_loop: defaultdict[asyncio.AbstractEventLoop, list[News]] = defaultdict(list)
    for item in news:
        by_loop[item.page.loop].append(item)
    for loop, items in by_loop.items():
        for start in range(0, len(items), DELIVERED_AT_ONCE):
            _call(loop, _deliver, items[start : start + DELIVERED_AT_ONCE])


def tell(pages: Iterable[OpenPage], message: Mapping[str, object]) -> None:
    """Say something to pages beside their frames, from any thread."""
    for page in pages:
        _call(page.loop, page.mailbox.say, message)


def end(pages: Iterable[OpenPage], code: int) -> None:
    """Close the sockets of pages, from any thread."""
    for page in pages:
        _call(page.loop, page.end, code)


def _deliver(news: list[News]) -> None:
    for item in news:
        item.page.mailbox.put(item.parts, era=item.era, seq=item.seq)


def _call(loop: asyncio.AbstractEventLoop, what: Callable[..., None], *arguments: object) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(what, *arguments)
