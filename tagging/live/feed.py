"""The one thread of a server that follows the log of changes and serves open pages (docs/architecture.md, “Hearing”).

It waits for the bell (at most half a second), asks for the newest seq of the datasets that have open pages, and hands
each page the parts it shows that are newer. The log is the broadcast: nothing arrives twice, in another order, or not.
"""

import logging
import threading
import time
import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection

from tagging import events
from tagging.live import presence, rights
from tagging.live.open_pages import Catching, OpenPage, OpenPages, end, tell
from tagging.live.turn import Turn
from tagging.models import Dataset

log = logging.getLogger(__name__)

# Seconds
LOOK_EVERY = 0.5  # when no bell rings: changes of other processes
PEOPLE_EVERY = 1.0  # people here, imports
BEATS_EVERY = 10.0  # signs of life are written down
RIGHTS_EVERY = 3.0
PROGRESS_EVERY = 0.2  # at most five a second and dataset
SILENCE = 90.0  # a page that says nothing for so long is gone
GONE_SILENT = 4408


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
class Followed:
    """How far a dataset has been followed, and what of it was told when."""

    seq: int
    beside: object = None  # people and imports as last told
    progress: Every = field(default_factory=lambda: Every(PROGRESS_EVERY, 0.0))
    owes_progress: bool = False


class Feed:
    """Follows the datasets that have open pages. Started by the first page, asleep while there is none."""

    def __init__(self) -> None:
        self.pages = OpenPages()
        self._followed: dict[int, Followed] = {}
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._ending = threading.Event()
        self._people, self._beats, self._rights = Every(PEOPLE_EVERY), Every(BEATS_EVERY), Every(RIGHTS_EVERY)

    def open(self, page: OpenPage, most: int) -> bool:
        """Begin to serve a page; False when its person has `most` open already."""
        if not self.pages.add(page, most):
            return False
        with self._lock:
            if self._thread is None or not self._thread.is_alive():
                self._ending.clear()
                self._thread = threading.Thread(target=self._run, name="feed", daemon=True)
                self._thread.start()
        events.bell.set()
        return True

    def show(self, page: OpenPage, at: int, numbers: Sequence[int]) -> None:
        """The page shows these images, drawn at the change `at`; a workbench names its own image first."""
        self.pages.show(page, at, numbers)
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

    def _run(self) -> None:
        while not self._ending.is_set():
            events.bell.wait(LOOK_EVERY if self.pages.all() else None)
            events.bell.clear()
            try:
                self._turn()
            except Exception:  # a boundary: whatever is wrong here, thread and pages live on
                log.exception("the feed stumbled (%s): open pages read again", uuid.uuid4().hex[:8])
                connection.close()
                tell(self.pages.all(), {"reread": 1})
                self._ending.wait(LOOK_EVERY)
        connection.close()

    def _turn(self) -> None:
        by_dataset = self.pages.by_dataset()
        self._followed = {pk: followed for pk, followed in self._followed.items() if pk in by_dataset}
        catching = self._catching_by_dataset()
        pages = [page for of_dataset in by_dataset.values() for page in of_dataset]
        now = time.monotonic()
        if self._rights.is_due(now):
            self._see_off(pages, now)
        if self._beats.is_due(now):
            presence.keep(pages)
        look_beside = self._people.is_due(now)
        seqs = dict(Dataset.objects.filter(pk__in=by_dataset).values_list("pk", "change_seq"))
        for dataset_id, seq in seqs.items():
            followed = self._followed.setdefault(dataset_id, Followed(seq))
            turn = Turn(dataset_id, by_dataset[dataset_id])
            self._follow(turn, followed, seq)
            if look_beside or catching[dataset_id]:
                self._look_beside(turn, followed)
            self._catch_up(turn, catching[dataset_id])
            turn.hand_over(seq)

    def _follow(self, turn: Turn, followed: Followed, seq: int) -> None:
        """What changed since the last turn, and at times the progress."""
        if seq > followed.seq:
            turn.add_images(followed.seq, turn.pages)
            followed.seq, followed.owes_progress = seq, True
        if followed.owes_progress and followed.progress.is_due(time.monotonic()):
            followed.owes_progress = False
            turn.add_dataset("progress")
        elif followed.owes_progress:
            late = threading.Timer(PROGRESS_EVERY, events.bell.set)
            late.daemon = True
            late.start()

    def _look_beside(self, turn: Turn, followed: Followed) -> None:
        """Who is here and how far an import is: neither is a change in the log."""
        seen = presence.picture(turn.dataset_id)
        if seen != followed.beside:
            followed.beside = seen
            turn.add_dataset("people")
            turn.add_dataset("import")

    def _catch_up(self, turn: Turn, catching: Iterable[Catching]) -> None:
        """Pages that were drawn, or were away, get what they miss; those drawn at the same change at once."""
        behind: defaultdict[int, list[OpenPage]] = defaultdict(list)
        for waiting in catching:
            behind[waiting.at].append(waiting.page)
        for at, pages in behind.items():
            turn.add_images(at, pages)
            for name in ("progress", "people", "import"):
                turn.add_dataset(name, pages)

    def _catching_by_dataset(self) -> defaultdict[int, list[Catching]]:
        catching: defaultdict[int, list[Catching]] = defaultdict(list)
        for waiting in self.pages.take_catching():
            catching[waiting.page.dataset_id].append(waiting)
        return catching

    def _see_off(self, pages: Sequence[OpenPage], now: float) -> None:
        """Close the sockets of those who lost their right, and of pages that fell silent."""
        for page, code in rights.lost(pages):
            end([page], code)
        end([page for page in pages if now - page.heard_at > SILENCE], GONE_SILENT)


feed = Feed()
