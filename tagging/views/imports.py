"""What was imported into a dataset: when, by whom, and what became of every file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from tagging.errors import Gone
from tagging.live import parts
from tagging.models import Dataset, Import, ImportState, Role
from tagging.views.pages import dataset_page, render_page

PAGE = 30
LINES = 200
MOST_KEPT = 10_000

# What a report calls an entry, in the order in which a person wants to know, and the words for many of them.
OUTCOMES = (
    ("skipped", "Skipped"),
    ("duplicate", "Duplicates"),
    ("imported", "Imported, with a remark"),
    ("caption", "Captions, with a remark"),
    ("unchanged", "Unchanged"),
)
COUNTED = (
    ("imported", "imported", "imported"),
    ("duplicate", "duplicate", "duplicates"),
    ("skipped", "skipped", "skipped"),
    ("caption", "caption", "captions"),
    ("unchanged", "unchanged", "unchanged"),
)


@dataclass(frozen=True)
class Row:
    """An import as a line, with its entries by outcome."""

    run: Import
    counts: Sequence[tuple[int, str]]


@dataclass(frozen=True)
class Group:
    """Lines of a report with one outcome."""

    title: str
    total: int
    lines: Sequence[Mapping[str, Any]]


@require_safe
def dataset_imports(request: HttpRequest, slug: str) -> HttpResponse:
    dataset, role = dataset_page(request, slug)
    imports = Import.objects.filter(dataset=dataset).select_related("person").defer("report").order_by("-pk")
    before = request.GET.get("before", "")
    older = imports.filter(pk__lt=int(before)) if before.isdecimal() and len(before) < 19 else imports
    found = list(older[: PAGE + 1])
    context = {
        "page": "imports",
        "import": parts.newest_import(dataset.pk),
        "rows": [_row(run) for run in found[:PAGE]],
        "more": found[PAGE - 1].pk if len(found) > PAGE else None,
        "shows_folder": role == Role.OWNER,
    }
    return render_page(request, "tagging/dataset_imports.html", dataset, role, context)


@require_safe
def dataset_import(request: HttpRequest, slug: str, import_id: int) -> HttpResponse:
    dataset, role = dataset_page(request, slug)
    run = _run(dataset, import_id)
    lines = sorted(run.report, key=lambda line: _rank(line["outcome"]))
    after = request.GET.get("after", "")
    start = min(int(after), len(lines)) if after.isdecimal() and len(after) < 9 else 0
    context = {
        "page": "imports",
        "row": _row(run),
        # What a failed one says names a folder of this machine.
        "message": run.message if role == Role.OWNER or run.state != ImportState.FAILED else "",
        "captions": _captions(run.counts),
        "groups": _groups(lines, start),
        "more": start + LINES if start + LINES < len(lines) else None,
        "is_cut": len(lines) >= MOST_KEPT,
        "shows_folder": role == Role.OWNER,
    }
    return render_page(request, "tagging/dataset_import.html", dataset, role, context)


def _run(dataset: Dataset, import_id: int) -> Import:
    run = Import.objects.filter(dataset=dataset, pk=import_id).select_related("person", "dataset").first()
    if run is None:
        raise Gone("There is no such import here.")
    return run


def _row(run: Import) -> Row:
    counts = [_counted(run.counts, *line) for line in COUNTED]
    return Row(run, [(count, words) for count, words in counts if count])


def _captions(counts: Mapping[str, int]) -> list[tuple[int, str]]:
    words = (
        ("captions_as_tags", "caption was read as tags", "captions were read as tags"),
        ("captions_as_description", "caption was read as a description", "captions were read as descriptions"),
        ("triggers_dropped", "time the trigger word was left out", "times the trigger word was left out"),
        ("spellings_merged", "spelling became the most frequent one", "spellings became the most frequent one"),
    )
    return [_counted(counts, *line) for line in words if counts.get(line[0])]


def _counted(counts: Mapping[str, int], name: str, one: str, many: str) -> tuple[int, str]:
    count = counts.get(name, 0)
    return count, one if count == 1 else many


def _groups(lines: Sequence[Mapping[str, Any]], start: int) -> list[Group]:
    """One page of a report's lines, by outcome."""
    titles = dict(OUTCOMES)
    totals = {outcome: len(list(same)) for outcome, same in groupby(lines, key=lambda line: line["outcome"])}
    shown = groupby(lines[start : start + LINES], key=lambda line: line["outcome"])
    return [Group(titles.get(outcome, outcome), totals[outcome], list(same)) for outcome, same in shown]


def _rank(outcome: str) -> int:
    return next((rank for rank, (name, _) in enumerate(OUTCOMES) if name == outcome), len(OUTCOMES))
