"""Datasets: what they say of themselves. Only an owner changes their settings, here as on the pages."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tagging.access import Right, may, role_of
from tagging.admin.acts import AdminAct, AskForm, hidden
from tagging.admin.pages import ActsAdmin
from tagging.domain.captions import Profile
from tagging.models import Dataset, Person
from tagging.services import datasets
from tagging.services.acts import Outcome

Values = dict[str, Any]


class SettingsForm(AskForm):
    seen = ("revision",)

    name = forms.CharField(required=False, max_length=1000)
    prefix = forms.CharField(required=False, max_length=1000)  # type: ignore[assignment]  # a field of this name
    trigger = forms.CharField(label="Trigger word", required=False, max_length=1000)
    profile = forms.ChoiceField(label="Caption", choices=[(profile.value, profile.value) for profile in Profile])
    revision = forms.IntegerField(min_value=0, widget=hidden())

    def drawn_from(self, objects: Sequence[Dataset]) -> Values:
        if not objects:
            return {}
        values = {field: getattr(objects[0], field) for field in datasets.SETTINGS}
        return values | {"revision": objects[0].settings_revision}


def _settings(by: Person, dataset: Dataset, values: Values) -> Outcome:
    said = {field: values[field] for field in datasets.SETTINGS}
    return datasets.change_settings(dataset, **said, revision=values["revision"], by=by, op=values["op"])


@admin.register(Dataset)
class DatasetAdmin(ActsAdmin[Dataset]):
    one = (
        AdminAct(
            "settings",
            "Save settings",
            _settings,
            SettingsForm,
            offered=lambda by, dataset: may(role_of(by, dataset), Right.SETTINGS),
        ),
    )
    list_display = ["name", "slug", "todo_count", "done_count", "reviewed_count", "rejected_count", "changed_at"]
    list_filter = ["profile", "created_at"]
    ordering = ["name"]
    search_fields = ["name", "slug", "trigger"]
    fields = [
        *("name", "slug", "prefix", "trigger", "profile", "people", "source_folder", "created_at", "changed_at"),
        *("change_seq", "last_number", "todo_count", "done_count", "reviewed_count", "rejected_count"),
    ]

    def history_filter(self, shown: Dataset) -> dict[str, object]:
        return {"dataset__id__exact": shown.pk}

    @admin.display(description="people")
    def people(self, dataset: Dataset) -> SafeString:
        members = dataset.memberships.order_by("joined_at").values_list("person__username", "role")
        return format_html_join(", ", "{} ({})", members)
