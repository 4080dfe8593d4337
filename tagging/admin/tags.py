"""The vocabulary: renaming, merging, deleting, grouping and explaining tags."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tagging.admin.acts import AdminAct, AskForm, hidden
from tagging.admin.filters import Standing
from tagging.admin.pages import ActsAdmin
from tagging.errors import Refused
from tagging.models import Dataset, ImageTag, Person, Tag
from tagging.services import vocabulary
from tagging.services.acts import Outcome

Values = dict[str, Any]


class RenameForm(AskForm):
    seen = ("before",)

    name = forms.CharField(strip=False, max_length=1000, widget=forms.TextInput(attrs={"size": 60}))
    before = forms.CharField(strip=False, max_length=1000, widget=hidden())

    def drawn_from(self, objects: Sequence[Tag]) -> Values:
        return {"name": objects[0].name, "before": objects[0].name} if objects else {}


class CategoriseForm(AskForm):
    category = forms.CharField(
        required=False, max_length=1000, help_text="A new name makes a new category; nothing takes the tags out of any."
    )

    def drawn_from(self, objects: Sequence[Tag]) -> Values:
        names = {tag.category.name if tag.category else "" for tag in objects}
        return {"category": names.pop() if len(names) == 1 else ""}


class NoteForm(AskForm):
    seen = ("before",)

    note = forms.CharField(
        required=False, strip=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 3, "cols": 80})
    )
    before = forms.CharField(required=False, strip=False, max_length=10_000, widget=hidden())

    def drawn_from(self, objects: Sequence[Tag]) -> Values:
        return {"note": objects[0].note, "before": objects[0].note} if objects else {}


class MergeForm(AskForm):
    into = forms.TypedChoiceField(label="The one that stays", coerce=int, widget=forms.RadioSelect)

    def choose_from(self, objects: Sequence[Tag]) -> None:
        choices = [(tag.pk, f"{tag.name} ({tag.use_count})") for tag in objects]
        self.fields["into"].choices = choices  # type: ignore[attr-defined]  # a field of choices


def _rename(by: Person, tag: Tag, values: Values) -> Outcome:
    return vocabulary.rename(
        tag.dataset, tag.pk, name=values["name"], seen=values["before"], by=by, op=values["op"], in_admin=True
    )


def _rename_chosen(by: Person, chosen: Sequence[Tag], values: Values) -> Outcome:
    if len(chosen) != 1:
        raise Refused("Choose one tag to rename. Several become one by merging them.", field="name")
    return _rename(by, chosen[0], values)


def _note(by: Person, tag: Tag, values: Values) -> Outcome:
    return vocabulary.note(
        tag.dataset, tag.pk, values["note"], seen=values["before"], by=by, op=values["op"], in_admin=True
    )


def _categorise(by: Person, chosen: Sequence[Tag], values: Values) -> Outcome:
    dataset, ids = _of(chosen)
    return vocabulary.categorise(dataset, ids, category=values["category"], by=by, op=values["op"], in_admin=True)


def _merge(by: Person, chosen: Sequence[Tag], values: Values) -> Outcome:
    dataset, ids = _of(chosen)
    others = [tag for tag in ids if tag != values["into"]]
    if not others:
        raise Refused("Choose two tags or more to merge.", field="into")
    return vocabulary.merge(dataset, others, into=values["into"], by=by, op=values["op"], in_admin=True)


def _delete(by: Person, chosen: Sequence[Tag], values: Values) -> Outcome:
    dataset, ids = _of(chosen)
    return vocabulary.delete(dataset, ids, by=by, op=values["op"], in_admin=True)


def _of(chosen: Sequence[Tag]) -> tuple[Dataset, list[int]]:
    return chosen[0].dataset, [tag.pk for tag in chosen]


def _on_images(chosen: Sequence[Tag]) -> str:
    images = ImageTag.objects.filter(tag__in=[tag.pk for tag in chosen]).values("image").distinct().count()
    return f"Images that have {'it' if len(chosen) == 1 else 'one of them'}: {images}."


def _is_word(by: Person, tag: Tag | None) -> bool:
    """Aliases and deleted tags are shown, but there is nothing to do to them."""
    return tag is None or not (tag.hidden or tag.alias_of_id)


@admin.register(Tag)
class TagAdmin(ActsAdmin[Tag]):
    one = (
        AdminAct("rename", "Rename", _rename, RenameForm, offered=_is_word),
        AdminAct(
            "categorise",
            "Save category",
            lambda by, tag, values: _categorise(by, [tag], values),
            CategoriseForm,
            offered=_is_word,
        ),
        AdminAct("note", "Save note", _note, NoteForm, offered=_is_word),
    )
    many = (
        AdminAct("rename", "Rename a tag", _rename_chosen, RenameForm, foretell=_on_images),
        AdminAct("merge", "Merge tags into one", _merge, MergeForm, foretell=_on_images),
        AdminAct("categorise", "Change the category of tags", _categorise, CategoriseForm),
        AdminAct("delete", "Delete tags from the vocabulary", _delete, foretell=_on_images),
    )
    list_display = ["name", "dataset", "category", "use_count", "standing", "made_at"]
    list_filter = ["dataset", Standing, "category"]
    list_select_related = ["dataset", "category", "alias_of"]
    ordering = ["dataset", "-use_count", "name"]
    search_fields = ["name", "note"]
    fields = ["dataset", "name", "category", "note", "use_count", "standing", "aliases", "made_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        return super().get_queryset(request).select_related("dataset", "category", "alias_of")

    def history_filter(self, shown: Tag) -> dict[str, object]:
        return {"detail__tags__has_key": shown.pk}

    @admin.display
    def standing(self, tag: Tag) -> str:
        if tag.alias_of is not None:
            return f"becomes {tag.alias_of.name}"
        return "deleted" if tag.hidden else "in the vocabulary"

    @admin.display(description="other spellings")
    def aliases(self, tag: Tag) -> SafeString:
        return format_html_join(", ", "{}", tag.aliases.order_by("name").values_list("name"))
