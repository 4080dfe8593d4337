"""Categories: their names and hues."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest

from tagging.admin.acts import AdminAct, AskForm, hidden
from tagging.admin.pages import ActsAdmin
from tagging.models import Category, Person
from tagging.models.person import HUES
from tagging.services import categories
from tagging.services.acts import Outcome

Values = dict[str, Any]


class LookForm(AskForm):
    seen = ("name_before", "hue_before")

    name = forms.CharField(strip=False, max_length=1000)
    hue = forms.IntegerField(min_value=1, max_value=HUES, help_text=f"One of the palette's colours, 1 to {HUES}.")
    name_before = forms.CharField(strip=False, max_length=1000, widget=hidden())
    hue_before = forms.IntegerField(widget=hidden())

    def drawn_from(self, objects: Sequence[Category]) -> Values:
        if not objects:
            return {}
        name, hue = objects[0].name, objects[0].hue
        return {"name": name, "name_before": name, "hue": hue, "hue_before": hue}


def _change(by: Person, category: Category, values: Values) -> Outcome:
    return categories.change(
        category.dataset,
        category.pk,
        name=values["name"],
        hue=values["hue"],
        seen=(values["name_before"], values["hue_before"]),
        by=by,
        op=values["op"],
        in_admin=True,
    )


@admin.register(Category)
class CategoryAdmin(ActsAdmin[Category]):
    one = (AdminAct("look", "Save category", _change, LookForm),)
    list_display = ["name", "dataset", "hue", "tags"]
    list_filter = ["dataset"]
    list_select_related = ["dataset"]
    ordering = ["dataset", "name"]
    search_fields = ["name"]
    fields = ["dataset", "name", "hue", "tags"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Category]:
        return super().get_queryset(request).select_related("dataset").annotate(tags_in_it=Count("tags"))

    def history_filter(self, shown: Category) -> dict[str, object]:
        return {"detail__categories__has_key": shown.pk}

    @admin.display(description="tags in it", ordering="tags_in_it")
    def tags(self, category: Category) -> int:
        return int(getattr(category, "tags_in_it", 0))
