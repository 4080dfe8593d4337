"""Acts and changes, to look things up in: who did what, when, and what each image was before and after."""

from collections.abc import Iterable

from django.contrib import admin
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from tagging.admin.pages import ActsAdmin
from tagging.models import Act, Change, Entry, Tag

SHOWN = 200  # entries on one page


@admin.register(Act)
class ActAdmin(ActsAdmin[Act]):
    list_display = ["started_at", "person", "kind", "dataset", "message"]
    list_filter = ["dataset", "kind", "started_at"]
    list_select_related = ["person", "dataset"]
    ordering = ["-id"]
    search_fields = ["person__username", "op"]
    fields = ["dataset", "person", "kind", "message", "its_changes", "undoes", "started_at", "op"]

    @admin.display(description="what they were told")
    def message(self, act: Act) -> str:
        return str(act.answer.get("message", ""))

    @admin.display(description="changes")
    def its_changes(self, act: Act) -> SafeString:
        changes = act.changes.order_by("seq").values_list("pk", "seq")[:SHOWN]
        return format_html_join(", ", '<a href="../../../change/{}/change/">change {}</a>', changes)


@admin.register(Change)
class ChangeAdmin(ActsAdmin[Change]):
    list_display = ["seq", "dataset", "at", "person", "kind", "images"]
    list_filter = ["dataset", "act__kind", "at"]
    list_select_related = ["dataset", "act__person"]
    ordering = ["-id"]
    search_fields = ["act__person__username", "=seq"]
    fields = ["dataset", "seq", "at", "act", "person", "kind", "detail", "images", "its_entries"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Change]:
        entries = Entry.objects.filter(change=OuterRef("pk")).values("change").annotate(count=Count("pk"))
        changes = super().get_queryset(request).select_related("dataset", "act__person")
        return changes.annotate(entry_count=Coalesce(Subquery(entries.values("count")), 0))

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        return lookup == "entries__image__id__exact" or super().lookup_allowed(lookup, value, request)

    @admin.display(ordering="act__person__username")
    def person(self, change: Change) -> str:
        return str(change.act.person or "")

    @admin.display(ordering="act__kind")
    def kind(self, change: Change) -> str:
        return change.act.kind

    @admin.display(description="images", ordering="entry_count")
    def images(self, change: Change) -> int:
        return int(getattr(change, "entry_count", 0))

    @admin.display(description="what changed")
    def its_entries(self, change: Change) -> SafeString:
        entries = list(change.entries.select_related("image").order_by("image__number")[:SHOWN])
        names = _tag_names(entries)
        rows = format_html_join(
            "",
            '<tr><th scope="row"><a href="../../../image/{}/change/">Image {}</a></th><td>{}</td></tr>',
            [(entry.image_id, entry.image.number, "; ".join(_said(entry, names))) for entry in entries],
        )
        return format_html("<table>{}</table>", rows) if rows else SafeString("")


def _tag_names(entries: Iterable[Entry]) -> dict[int, str]:
    lists = [tags for entry in entries for tags in (entry.tags_before, entry.tags_after) if tags]
    ids = {tag for tags in lists for tag in tags}
    return dict(Tag.objects.filter(pk__in=ids).values_list("pk", "name"))


def _said(entry: Entry, names: dict[int, str]) -> list[str]:
    """What became of one image, in words."""
    said: list[str] = []
    before, after = entry.tags_before or [], entry.tags_after or []
    said += [f"+ {names.get(tag, tag)}" for tag in after if tag not in before]
    said += [f"− {names.get(tag, tag)}" for tag in before if tag not in after]
    if before != after and not said:
        said.append("another order: " + ", ".join(str(names.get(tag, tag)) for tag in after))
    if entry.state_after:
        said.append(f"{entry.state_before} → {entry.state_after}")
    if entry.description_after is not None:
        said.append(f"description “{entry.description_before}” → “{entry.description_after}”")
    return said
