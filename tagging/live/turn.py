"""What one turn of the feed finds for the pages of one dataset."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from tagging.live.changes import EVERY, touched_parts
from tagging.live.open_pages import OpenPage, hand_over, tell
from tagging.live.renderer import Renderer


class Turn:
    """Collects parts for pages, each rendered once, and hands them over in one go."""

    def __init__(self, dataset_id: int, pages: Sequence[OpenPage]) -> None:
        self.dataset_id = dataset_id
        self.pages = pages
        self.renderer = Renderer(dataset_id)
        self._news: defaultdict[OpenPage, dict[str, str]] = defaultdict(dict)
        self._at_fault: set[OpenPage] = set()

    def add_images(self, since: int, pages: Iterable[OpenPage]) -> None:
        """For these pages, the parts of the images they show that changes after `since` touched."""
        pages = list(pages)
        touched = touched_parts(self.dataset_id, since, frozenset().union(*(page.shows for page in pages)))
        wanted = {page: _wanted(page, touched) for page in pages}
        self.renderer.images(_together(wanted.values()))
        for page, numbers in wanted.items():
            for number, names in numbers.items():
                self._give(page, [f"image-{number}-{name}" for name in names])

    def add_dataset(self, name: str, pages: Iterable[OpenPage] | None = None) -> None:
        """A part of the dataset itself, for these pages (all of them unless said otherwise)."""
        part = self.renderer.of_dataset(name)
        for page in self.pages if pages is None else pages:
            self._news[page].update(part)

    def hand_over(self, seq: int) -> None:
        """Pages get their parts; those that miss one that cannot be rendered are told to read again."""
        hand_over((page, seq, parts) for page, parts in self._news.items())
        tell(self._at_fault, {"reread": 1})

    def _give(self, page: OpenPage, part_ids: Iterable[str]) -> None:
        for part_id in part_ids:
            html = self.renderer.part(part_id)
            if html is not None:
                self._news[page][part_id] = html
            elif part_id in self.renderer.broken:
                self._at_fault.add(page)


def _wanted(page: OpenPage, touched: Mapping[int, frozenset[str]]) -> dict[int, frozenset[str]]:
    return {number: page.parts_of(number) & touched.get(number, EVERY) for number in page.shows & touched.keys()}


def _together(wanted: Iterable[Mapping[int, frozenset[str]]]) -> dict[int, frozenset[str]]:
    together: defaultdict[int, frozenset[str]] = defaultdict(frozenset)
    for numbers in wanted:
        for number, names in numbers.items():
            together[number] |= names
    return together
