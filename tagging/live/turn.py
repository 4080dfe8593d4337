"""What one turn of the feed finds for the pages of one dataset."""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tagging.live.changes import touched_parts
from tagging.live.open_pages import News, OpenPage, View, hand_over, tell
from tagging.live.renderer import Renderer

IMAGES_AT_ONCE = 10  # rendered before a look at the clock
WELCOME_EVERY = 0.25  # seconds, of one page
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
            page.served, page.welcomed_at, page.owed = self.views[page], self.began, {}
            behind[page.served.at].append(page)
        for at, pages in behind.items():
            self._owe(at, pages)
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

    def render(self, seconds: float) -> None:
        """Render what is owed, for about so long. The rest stays owed: one page that is far behind, or an act on many
        images, must not keep the others waiting."""
        ends = time.monotonic() + seconds
        for numbers in self._owed_numbers():
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
        return any(page.owed for page in self.views)

    def _has_a_turn(self, page: OpenPage, view: View) -> bool:
        """A page that says something else all the time has to wait now and then: catching up is the dearest work."""
        return page.served is view or self.began - page.welcomed_at >= WELCOME_EVERY

    def _owe(self, since: int, pages: Iterable[OpenPage]) -> None:
        views = {page: self.views[page] for page in pages}
        touched = touched_parts(self.dataset_id, since, frozenset().union(*(view.shows for view in views.values())))
        for page, view in views.items():
            for number in view.shows & touched.keys():
                page.owed[number] = page.owed.get(number, frozenset()) | view.parts_of(number) & touched[number]

    def _owed_numbers(self) -> Iterator[Sequence[int]]:
        """The images that parts are owed of, those of the page that is owed least first: that is how news looks beside
        the hundreds of images of a page that was away."""
        least: dict[int, int] = {}
        for page in self.views:
            for number in page.owed:
                least[number] = min(least.get(number, len(page.owed)), len(page.owed))
        numbers = sorted(least, key=lambda number: (least[number], number))
        return (numbers[start : start + IMAGES_AT_ONCE] for start in range(0, len(numbers), IMAGES_AT_ONCE))

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
