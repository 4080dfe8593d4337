"""The one thread of a server that follows the log of changes and serves open pages (docs/architecture.md, “Hearing”).

It waits for the bell (at most half a second), asks for the newest seq of the datasets that have open pages, and hands
each page the parts it shows that are newer. The log is the broadcast: nothing arrives twice, in another order, or not.
"""

import logging
import threading
import time
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db import connection

from tagging import events
from tagging.live import presence, rights
from tagging.live.open_pages import OpenPage, OpenPages, end, tell
from tagging.live.turn import Turn
from tagging.models import Dataset

log = logging.getLogger(__name__)

# Seconds
LOOK_EVERY = 0.5  # when no bell rings: changes of other processes
PEOPLE_EVERY = 1.0  # people here, imports
BEATS_EVERY = 10.0  # signs of life are written down
RIGHTS_EVERY = 3.0
PROGRESS_EVERY = 0.2  # at most five a second and dataset
RENDERING_MAY_TAKE = 0.015  # a turn and dataset; what is left comes with the next
BREATH = 0.05  # between such turns: requests want the processor too
SILENCE = 90.0  # a page that says nothing for so long, or leaves a frame unanswered, is gone
LONGEST_REST = 10.0  # after stumbles

GONE_SILENT = 4408

COUNTERS = ("todo_count", "done_count", "reviewed_count", "rejected_count")


@dataclass
class Every:
    """Says whether it is time again."""

    seconds: float
    last: float = field(default_factory=time.monotonic)

    def is_due(self, now: float) -> bool:
        if now - self.last < self.seconds:
            return False
        self.last = now
        return True


@dataclass
class Stumbles:
    """What went wrong in a row. After each it rests twice as long, and pages that may have missed something read again
    once it goes well: while the database is down, they would only add to the trouble."""

    row: int = 0
    until: float = 0.0

    def add(self, what: str) -> None:
        """Called in an except clause: logs the exception, with an id."""
        log.exception("%s stumbled (%s): open pages read again", what, uuid.uuid4().hex[:8])
        connection.close()
        self.until = time.monotonic() + self.rest
        self.row = min(self.row + 1, 10)

    @property
    def rest(self) -> float:
        """Seconds until the next try."""
        return float(min(LOOK_EVERY * 2**self.row, LONGEST_REST))

    def make_up(self, pages: Sequence[OpenPage]) -> None:
        """It went well."""
        if self.row:
            self.row = 0
            tell(pages, {"reread": 1})


@dataclass(frozen=True)
class State:
    """A dataset as it is: its newest change, and how many images are in each state."""

    seq: int
    counts: tuple[int, ...]


@dataclass
class Followed:
    """How far a dataset has been followed, and what of it was told when."""

    seq: int
    counts: tuple[int, ...]
    beside: object = None  # people and imports as last told
    progress: Every = field(default_factory=lambda: Every(PROGRESS_EVERY, 0.0))
    owes_progress: bool = False
    owes_parts: bool = False
    stumbles: Stumbles = field(default_factory=Stumbles)


class Feed:
    """Follows the datasets that have open pages. Started by the first page, asleep while there is none."""

    def __init__(self) -> None:
        self.pages = OpenPages()
        self._followed: dict[int, Followed] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._stumbles = Stumbles()
        self._people, self._beats, self._rights = Every(PEOPLE_EVERY), Every(BEATS_EVERY), Every(RIGHTS_EVERY)

    def open(self, page: OpenPage, most: int) -> bool:
        """Begin to serve a page; False when its person has `most` open already."""
        if not self.pages.add(page, most):
            return False
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._ending = threading.Event()
                self._thread = threading.Thread(target=self._run, args=[self._ending], name="feed", daemon=True)
                self._thread.start()
        return True

    def wake(self) -> None:
        """A page shows something else."""
        events.bell.set()

    def leave(self, page: OpenPage) -> bool:
        """The page is gone; whether it was the last one of its person in this dataset."""
        return self.pages.remove(page)

    def newest(self, dataset_id: int) -> int:
        """The newest change that the feed knows of."""
        followed = self._followed.get(dataset_id)
        return followed.seq if followed else 0

    def say_goodbye(self, sentence: str) -> int:
        """Tell every page that the server stops; how many there are."""
        pages = self.pages.all()
        tell(pages, {"bye": sentence})
        return len(pages)

    def stop(self) -> None:
        """End the thread. A page that opens afterwards starts another."""
        with self._lock:
            thread, self._thread = self._thread, None
            self._ending.set()
        events.bell.set()
        if thread is not None:
            thread.join()

    def _run(self, ending: threading.Event) -> None:
        while not ending.is_set():
            events.bell.wait(self._patience())
            events.bell.clear()
            try:
                self._turn()
            except Exception:  # noqa: BLE001 - a boundary: thread and pages live on, `add` logs it
                self._stumbles.add("the feed")
                ending.wait(self._stumbles.until - time.monotonic())
        connection.close()

    def _patience(self) -> float | None:
        """How long to wait for the bell; None: until it rings."""
        followed = self._followed.values()
        if any(one.owes_parts for one in followed):
            return BREATH
        if any(one.owes_progress for one in followed):
            return PROGRESS_EVERY
        return LOOK_EVERY if self.pages.all() else None

    def _turn(self) -> None:
        by_dataset = self.pages.by_dataset()
        pages = [page for of_dataset in by_dataset.values() for page in of_dataset]
        self._followed = {pk: followed for pk, followed in self._followed.items() if pk in by_dataset}
        if not pages:
            connection.close()
            return
        now = time.monotonic()
        if self._rights.is_due(now):
            self._see_off(pages, now)
        if self._beats.is_due(now):
            presence.keep(pages)
        rows = Dataset.objects.filter(pk__in=by_dataset).values_list("pk", "change_seq", *COUNTERS)
        states = {pk: State(seq, tuple(counts)) for pk, seq, *counts in rows}
        self._serve(by_dataset, states, look_beside=self._people.is_due(now))
        self._stumbles.make_up(pages)

    def _serve(
        self, by_dataset: Mapping[int, list[OpenPage]], states: Mapping[int, State], *, look_beside: bool
    ) -> None:
        for dataset_id, now in states.items():
            pages = by_dataset[dataset_id]
            followed = self._followed.setdefault(dataset_id, Followed(now.seq, now.counts))
            if followed.stumbles.until > time.monotonic():
                continue
            try:
                self._serve_dataset(Turn(dataset_id, pages), followed, now, look_beside=look_beside)
            except Exception:  # noqa: BLE001 - a boundary: the other datasets go on, `add` logs it
                followed.stumbles.add(f"the feed of dataset {dataset_id}")
            else:
                followed.stumbles.make_up(pages)

    def _serve_dataset(self, turn: Turn, followed: Followed, now: State, *, look_beside: bool) -> None:
        if now.seq > followed.seq:
            turn.follow(followed.seq)
            followed.seq = now.seq
        if now.counts != followed.counts:
            followed.counts, followed.owes_progress = now.counts, True
        if any(page.served is None for page in turn.new):
            presence.keep([page for page in turn.new if page.served is None])
        turn.welcome()
        if followed.owes_progress and followed.progress.is_due(time.monotonic()):
            followed.owes_progress = False
            turn.add_dataset("progress")
        if look_beside or turn.new:
            self._look_beside(turn, followed)
        turn.render_news()
        turn.hand_over(now.seq)
        turn.render_rest(RENDERING_MAY_TAKE)
        followed.owes_parts = turn.hand_over(now.seq)

    def _look_beside(self, turn: Turn, followed: Followed) -> None:
        """Who is here and how far an import is: neither is a change in the log."""
        seen = presence.picture(turn.dataset_id)
        if seen != followed.beside:
            followed.beside = seen
            turn.add_dataset("people")
            turn.add_dataset("import")

    def _see_off(self, pages: Sequence[OpenPage], now: float) -> None:
        """Close the sockets of those who lost their right, and of pages that fell silent."""
        for page, code in rights.lost(pages):
            end([page], code)
        gone = [page for page in pages if now - page.heard_at > SILENCE or page.mailbox.is_deaf(SILENCE)]
        end(gone, GONE_SILENT)


feed = Feed()
