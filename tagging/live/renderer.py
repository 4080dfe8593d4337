"""Rendering for the feed: each part once a turn, whatever the number of pages that show it."""

import json
import logging
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import partial

from tagging.live import parts
from tagging.live.changes import AT_ONCE, CARD
from tagging.models import Dataset, Image

log = logging.getLogger(__name__)

LONGEST = 900_000  # bytes of a part: daphne closes a socket that is sent more than 1 MiB


class Renderer:
    """The parts of one dataset as they are now, as JSON text by id. Those that cannot be rendered or sent are in
    `broken`."""

    def __init__(self, dataset_id: int) -> None:
        self._dataset_id = dataset_id
        self._dataset: Dataset | None = None
        self._made: dict[str, str] = {}
        self.broken: set[str] = set()

    def images(self, wanted: Mapping[int, Iterable[str]]) -> None:
        """Render the wanted parts of the images of these numbers, so that `part` finds them."""
        missing = {
            number: [name for name in names if not self._is_known(f"image-{number}-{name}")]
            for number, names in wanted.items()
        }
        numbers = sorted(number for number, names in missing.items() if names)
        for start in range(0, len(numbers), AT_ONCE):
            chunk = numbers[start : start + AT_ONCE]
            found = Image.objects.filter(dataset=self._dataset_id, number__in=chunk).select_related("dataset")
            self._render(list(found), missing)

    def part(self, part_id: str) -> str | None:
        return self._made.get(part_id)

    def of_dataset(self, name: str) -> dict[str, str]:
        """A part of the dataset itself, by its id; nothing when it cannot be rendered or the dataset is gone."""
        part_id = f"dataset-{self._dataset_id}-{name}"
        if not self._is_known(part_id):
            self._dataset = self._dataset or Dataset.objects.filter(pk=self._dataset_id).first()
            if (dataset := self._dataset) is not None:
                self._keep(part_id, lambda: parts.render_dataset_part(dataset, name))
        made = self._made.get(part_id)
        return {} if made is None else {part_id: made}

    def _render(self, images: list[Image], wanted: Mapping[int, Iterable[str]]) -> None:
        with_cards = [image for image in images if CARD in wanted[image.number]]
        for card in parts.cards(with_cards[0].dataset, with_cards) if with_cards else []:
            self._keep(f"image-{card.image.number}-card", partial(parts.render_card, card))
        for image in images:
            names = [name for name in wanted[image.number] if name != CARD]
            if names:
                self._render_image(parts.ImageParts(image), names)

    def _render_image(self, of_image: parts.ImageParts, names: Iterable[str]) -> None:
        for name in names:
            self._keep(f"image-{of_image.image.number}-{name}", partial(of_image.render, name))

    def _keep(self, part_id: str, render: Callable[[], str]) -> None:
        try:
            html = json.dumps(render(), ensure_ascii=False)
        except Exception:  # a boundary: one broken template never stops the others
            log.exception("the part %s cannot be rendered (%s)", part_id, uuid.uuid4().hex[:8])
            self.broken.add(part_id)
            return
        if len(html) * 4 > LONGEST and len(html.encode()) > LONGEST:
            self.broken.add(part_id)  # pages read it with the whole page
        else:
            self._made[part_id] = html

    def _is_known(self, part_id: str) -> bool:
        return part_id in self._made or part_id in self.broken
