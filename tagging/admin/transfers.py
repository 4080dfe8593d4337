"""Imports and exports, to look things up in."""

import json
from collections.abc import Mapping

from django.contrib import admin
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tagging.admin.pages import ActsAdmin
from tagging.models import Export, Import

SHOWN = 200  # lines of a report on one page


def _counted(counts: Mapping[str, object]) -> str:
    return ", ".join(f"{outcome}: {count}" for outcome, count in counts.items())


@admin.register(Import)
class ImportAdmin(ActsAdmin[Import]):
    list_display = ["started_at", "dataset", "person", "state", "outcomes", "folder"]
    list_filter = ["dataset", "state", "started_at"]
    list_select_related = ["dataset", "person"]
    ordering = ["-id"]
    search_fields = ["folder", "person__username"]
    fields = [
        *("dataset", "person", "folder", "state", "message", "started_at", "seen_at", "finished_at"),
        *("total", "read", "outcomes", "lines"),
    ]

    @admin.display(description="entries by outcome")
    def outcomes(self, run: Import) -> str:
        return _counted(run.counts)

    @admin.display(description="report")
    def lines(self, run: Import) -> SafeString:
        lines = [json.dumps(line, ensure_ascii=False) for line in run.report[:SHOWN]]
        if len(run.report) > SHOWN:
            lines.append(f"… and {len(run.report) - SHOWN} more")
        return format_html("<pre>{}</pre>", "\n".join(lines))


@admin.register(Export)
class ExportAdmin(ActsAdmin[Export]):
    list_display = ["made_at", "dataset", "person", "profile", "what", "target"]
    list_filter = ["dataset", "profile", "made_at"]
    list_select_related = ["dataset", "person"]
    ordering = ["-id"]
    search_fields = ["target", "person__username"]
    fields = ["dataset", "person", "target", "profile", "options", "what", "at_seq", "made_at"]

    @admin.display(description="what it held")
    def what(self, export: Export) -> str:
        return _counted(export.counts)
