"""What one turn of the feed finds for the pages of one dataset."""

import itertools
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tagging.live.changes import touched_parts
from tagging.live.open_pages import News, OpenPage, View, hand_over, tell
from tagging.live.renderer import Renderer

IMAGES_AT_ONCE = 5  # rendered before a look at the clock
LITTLE = 10  # images
WELCOME_EVERY = 0.25  # seconds, of one page …
WELCOME_EVERY_IF_DEAR = 2.0  # … and of one that had to be sent many images
DATASET_PARTS = ("progress", "people", "import")


class Turn:
    """Collects parts for pages as they are when it begins, each rendered once, and hands them over in one go."""

    def __init__(self, dataset_id: int, pages: Sequence[OpenPage]) -> None:
        self.dataset_id = dataset_id
        self.began = time.monotonic()
        views = [(page, page.view) for page in pages]
        self.views: dict[OpenPage, View] = {page: view for page, view in views if view and self._has_a_turn(page, view)}
        self.new = [page for page, view in self.views.items() if page.served is not view]
        self._renderer = Renderer(dataset_id)
        self._news: defaultdict[OpenPage, dict[str, str]] = defaultdict(dict)
        self._at_fault: set[OpenPage] = set()

    def follow(self, since: int) -> None:
        """Owe all pages what changes after `since` touched of the images they show."""
        self._owe(since, self.views)

    def welcome(self) -> None:
        """Owe pages that were drawn, or were away, what they miss; those drawn at the same change are asked about
        together."""
        behind: defaultdict[int, list[OpenPage]] = defaultdict(list)
        for page in self.new:
            page.served, page.owed = self.views[page], {}
            behind[page.served.at].append(page)
        for at, pages in behind.items():
            self._owe(at, pages)
        for page in self.new:
            dear = len(page.owed) > LITTLE
            page.welcome_again_at = self.began + (WELCOME_EVERY_IF_DEAR if dear else WELCOME_EVERY)
        if self.new:
            for name in DATASET_PARTS:
                self.add_dataset(name, self.new)

    def add_dataset(self, name: str, pages: Iterable[OpenPage] | None = None) -> None:
        """A part of the dataset itself, for these pages (all of them unless said otherwise)."""
        part = self._renderer.of_dataset(name)
        for page in self.views if pages is None else pages:
            if part:
                self._news[page].update(part)
            else:
                self._at_fault.add(page)

    def render_news(self) -> None:
        """Render what is owed to pages that are owed little, which is how news looks."""
        for numbers in _chunks(number for number, least in self._owed() if least <= LITTLE):
            self._render(numbers)

    def render_rest(self, seconds: float) -> None:
        """Render what else is owed, for about so long. The rest stays owed: one page that is far behind, or an act on
        many images, must not keep the others waiting."""
        ends = time.monotonic() + seconds
        for numbers in _chunks(number for number, _ in self._owed()):
            self._render(numbers)
            if time.monotonic() > ends:
                return

    def hand_over(self, seq: int) -> bool:
        """Pages get their parts; those that miss one that cannot be rendered are told to read again. Whether anything
        is still owed."""
        hand_over(
            News(page, self.views[page].era, None if page.owed else seq, parts) for page, parts in self._news.items()
        )
        tell(self._at_fault, {"reread": 1})
        self._news.clear()
        self._at_fault.clear()
        return any(page.owed for page in self.views)

    def _has_a_turn(self, page: OpenPage, view: View) -> bool:
        """A page that says something else all the time has to wait now and then: catching up is the dearest work."""
        return page.served is view or self.began >= page.welcome_again_at

    def _owe(self, since: int, pages: Iterable[OpenPage]) -> None:
        views = {page: self.views[page] for page in pages}
        touched = touched_parts(self.dataset_id, since, frozenset().union(*(view.shows for view in views.values())))
        for page, view in views.items():
            for number in view.shows & touched.keys():
                page.owed[number] = page.owed.get(number, frozenset()) | view.parts_of(number) & touched[number]

    def _owed(self) -> list[tuple[int, int]]:
        """The images that parts are owed of, with how many are owed to the page that is owed least, and those first."""
        least: dict[int, int] = {}
        for page in self.views:
            for number in page.owed:
                least[number] = min(least.get(number, len(page.owed)), len(page.owed))
        return sorted(least.items(), key=lambda item: (item[1], item[0]))

    def _render(self, numbers: Sequence[int]) -> None:
        wanted: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
        for page in self.views:
            for number in page.owed.keys() & numbers:
                wanted[number] |= page.owed[number]
        self._renderer.images(wanted)
        for page in self.views:
            for number in page.owed.keys() & numbers:
                self._give(page, [f"image-{number}-{name}" for name in page.owed.pop(number)])

    def _give(self, page: OpenPage, part_ids: Iterable[str]) -> None:
        for part_id in part_ids:
            html = self._renderer.part(part_id)
            if html is not None:
                self._news[page][part_id] = html
            elif part_id in self._renderer.broken:
                self._at_fault.add(page)


def _chunks(numbers: Iterable[int]) -> Iterator[Sequence[int]]:
    rest = iter(numbers)
    while chunk := list(itertools.islice(rest, IMAGES_AT_ONCE)):
        yield chunk
