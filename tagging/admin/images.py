"""Images: what they are, and the acts on one or on many of them."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from tagging.admin.acts import LONGEST_LINE, AdminAct, AskForm, hidden
from tagging.admin.filters import Tagged
from tagging.admin.pages import ActsAdmin
from tagging.admin.thumbs import thumb
from tagging.domain import tag_names
from tagging.models import Image, ImageTag, Person, State
from tagging.services import bulk, image_tags, images
from tagging.services.acts import Outcome

Values = dict[str, Any]
VERBS = {State.DONE: "Finish", State.REVIEWED: "Review", State.TODO: "Reopen", State.REJECTED: "Reject"}


class LineForm(AskForm):
    names = forms.CharField(
        label="Tags",
        strip=False,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 3, "cols": 80}),
        help_text="A line of tags with commas between them.",
    )


class TagsForm(AskForm):
    """The whole list, in order."""

    seen = ("revision",)

    names = forms.CharField(
        label="Tags in order",
        strip=False,
        required=False,
        max_length=LONGEST_LINE,
        widget=forms.Textarea(attrs={"rows": 4, "cols": 80}),
        help_text="Commas between them; the order is kept.",
    )
    revision = forms.IntegerField(min_value=0, widget=hidden())

    def drawn_from(self, objects: Sequence[Image]) -> Values:
        if not objects:
            return {}
        names = ", ".join(tag.name for tag in objects[0].ordered_tags())
        return {"names": names, "revision": objects[0].revision}


class DescriptionForm(AskForm):
    seen = ("revision",)

    description = forms.CharField(
        strip=False, required=False, max_length=LONGEST_LINE, widget=forms.Textarea(attrs={"rows": 4, "cols": 80})
    )
    revision = forms.IntegerField(min_value=0, widget=hidden())

    def drawn_from(self, objects: Sequence[Image]) -> Values:
        if not objects:
            return {}
        return {"description": objects[0].description, "revision": objects[0].description_revision}


def _set_tags(by: Person, image: Image, values: Values) -> Outcome:
    return image_tags.set_all(
        image, values["names"], revision=values["revision"], by=by, op=values["op"], in_admin=True
    )


def _describe(by: Person, image: Image, values: Values) -> Outcome:
    return images.describe(
        image, values["description"], revision=values["revision"], by=by, op=values["op"], in_admin=True
    )


def _decide_one(state: State) -> AdminAct:
    def do(by: Person, image: Image, values: Values) -> Outcome:
        return images.decide(image, state, by=by, op=values["op"], in_admin=True)

    verb = VERBS[state]
    return AdminAct(verb.lower(), verb, do, offered=lambda by, image: bulk.may_become(image.state, state))


def _decide_many(state: State) -> AdminAct:
    def do(by: Person, chosen: Sequence[Image], values: Values) -> Outcome:
        return bulk.set_state(*_of(chosen), state, by=by, op=values["op"], in_admin=True)

    def foretell(chosen: Sequence[Image]) -> str:
        changed = sum(bulk.may_become(image.state, state) for image in chosen)
        return f"{changed} of {len(chosen)} will become {state.label}; the others stay as they are."

    verb = VERBS[state]
    return AdminAct(verb.lower(), f"{verb} images", do, foretell=foretell)


def _line(name: str, label: str, service: Callable[..., Outcome]) -> AdminAct:
    def do(by: Person, chosen: Sequence[Image], values: Values) -> Outcome:
        return service(*_of(chosen), values["names"], by=by, op=values["op"], in_admin=True)

    return AdminAct(name, label, do, LineForm)


def _of(chosen: Sequence[Image]) -> tuple[Any, list[int]]:
    return chosen[0].dataset, [image.number for image in chosen]


@admin.register(Image)
class ImageAdmin(ActsAdmin[Image]):
    one = (
        AdminAct("tags", "Save tags", _set_tags, TagsForm),
        AdminAct("description", "Save description", _describe, DescriptionForm),
        *(_decide_one(state) for state in VERBS),
    )
    many = (
        _line("add-tags", "Add tags", bulk.add_tags),
        _line("remove-tags", "Remove tags", bulk.remove_tags),
        *(_decide_many(state) for state in VERBS),
    )
    list_display = ["picture", "number", "dataset", "state", "tag_count", "name", "edited_at"]
    list_display_links = ["picture", "number"]
    list_filter = ["dataset", "state", Tagged]
    list_select_related = ["dataset"]
    ordering = ["dataset", "number"]
    search_fields = ["name", "description"]
    search_help_text = "A number, a whole tag, or part of the file's name or of the description."
    fields = [
        *("picture", "dataset", "number", "state", "state_by", "state_at", "tag_count", "revision", "seq", "edited_at"),
        *("name", "source_path", "format", "width", "height", "byte_size", "sha256", "first_sha256", "added_at"),
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(thumb, cacheable=True)
        return [path("<int:object_id>/thumb/", view, name=self._name("thumb")), *super().get_urls()]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Image]:
        return super().get_queryset(request).select_related("dataset", "state_by")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Image], search_term: str
    ) -> tuple[QuerySet[Image], bool]:
        """Tags are looked up by their key, which an index answers; part of a word is looked for in the texts only."""
        text = search_term.strip()
        if not text:
            return queryset, False
        tagged = ImageTag.objects.filter(image=OuterRef("pk"), tag__key=tag_names.key(text))
        condition = Q(Exists(tagged)) | Q(name__icontains=text) | Q(description__icontains=text)
        if text.isascii() and text.isdecimal() and len(text) < 10:
            condition |= Q(number=int(text))
        return queryset.filter(condition), False

    def history_filter(self, shown: Image) -> dict[str, object]:
        return {"entries__image__id__exact": shown.pk}

    @admin.display(description="picture")
    def picture(self, image: Image) -> SafeString:
        source = f"{self.address('thumb', image.pk)}?v={image.version}"
        return format_html(
            '<img class="thumb" src="{}" width="{}" height="{}" alt="Image {}" loading="lazy">',
            source,
            image.thumb_width // 3,
            image.thumb_height // 3,
            image.number,
        )
