"""Imports as tests run them: quick ones inside this process, and what a report says, briefly."""

from collections import deque
from pathlib import Path
from typing import Any, Self

from tagging.models import Dataset, Image
from tagging.services.importing import run_import
from tagging.services.importing.options import Options
from tagging.services.importing.reading import Answer, Brief, Task, read
from tagging.services.importing.run import Listener
from tagging.services.importing.summary import Result


class Here:
    """Reads in this process what workers would read; last come, first served, so that answers come out of order."""

    def __init__(self, _workers: int, brief: Brief) -> None:
        self._brief = brief
        self._tasks: deque[Task] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._tasks.clear()

    @property
    def is_room(self) -> bool:
        return len(self._tasks) < 3

    def give(self, task: Task) -> None:
        self._tasks.append(task)

    def take(self, _timeout: float) -> list[Answer]:
        return [read(self._tasks.pop(), self._brief, lambda _memory: None)] if self._tasks else []


def take(folder: Path, listener: Listener | None = None, **options: Any) -> Result:
    """Import a folder; see `Options`."""
    return run_import(Options(str(folder), **options), listener)


def outcomes(result: Result) -> dict[str, str]:
    """Path → outcome."""
    return {entry.path.decode("utf-8", "surrogateescape"): str(entry.outcome) for entry in result.report.in_order()}


def reason(result: Result, path: str) -> str:
    return next(entry.sentence for entry in result.report.entries if entry.path == path.encode())


def numbers(dataset: Dataset | None) -> dict[str, int]:
    """Path below the folder → number."""
    return dict(Image.objects.filter(dataset=dataset).by_number().values_list("source_path", "number"))


def words(dataset: Dataset | None) -> dict[int, list[str]]:
    """Number → tags in order."""
    images = Image.objects.filter(dataset=dataset).by_number()
    return {image.number: [tag.name for tag in image.ordered_tags()] for image in images}


def image(result: Result, number: int) -> Image:
    return Image.objects.get(dataset=result.dataset, number=number)
