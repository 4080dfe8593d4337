"""What a form sent, as typed values. Rules about text stay in the services; here is only what a field can hold."""

import uuid
from typing import Any
from urllib.parse import unquote_to_bytes

from django import forms
from django.http import HttpRequest

from tagging.errors import Refused

LONGEST_LINE = 100_000
LARGEST = 2**62  # what every database can hold
NOT_TEXT = "This is not text, since it holds half a character: type or paste it again."


class ActForm(forms.Form):
    """Every act may carry the id that makes it one, however often it is sent."""

    op = forms.UUIDField(required=False)

    @classmethod
    def posted(cls, request: HttpRequest, **instead: str) -> "dict[str, Any]":
        """The cleaned values of what was posted, with some replaced. Raises Refused as `read`, and for no text."""
        _refuse_what_is_not_text(request)
        return cls.read({**request.POST.dict(), **instead})

    @classmethod
    def read(cls, data: Any) -> "dict[str, Any]":  # noqa: ANN401 - a QueryDict or a dict
        """The cleaned values. Raises Refused with the first thing that is wrong."""
        # Django refuses a NUL by its own words; our rules of text drop it as any other control character.
        form = cls({name: value.replace("\x00", "") for name, value in data.items()})
        if not form.is_valid():
            field, errors = next(iter(form.errors.items()))
            raise Refused(f"{field}: {errors[0]}", field=str(field), typed=str(data.get(field, "")))
        return form.cleaned_data

    def clean_op(self) -> uuid.UUID | None:
        value = self.cleaned_data["op"]
        return value if isinstance(value, uuid.UUID) else None


class PlacedForm(ActForm):
    after = forms.IntegerField(required=False, min_value=0, max_value=LARGEST)
    position = forms.IntegerField(required=False, min_value=-LARGEST, max_value=LARGEST)


class AddTagsForm(PlacedForm):
    names = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)


class SetTagsForm(ActForm):
    names = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)
    revision = forms.IntegerField(min_value=0, max_value=LARGEST)


class DescribeForm(ActForm):
    description = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)
    revision = forms.IntegerField(min_value=0, max_value=LARGEST)


class StateForm(ActForm):
    next = forms.BooleanField(required=False)


class SettingsForm(ActForm):
    name = forms.CharField(required=False, max_length=1000)
    trigger = forms.CharField(required=False, max_length=1000)
    prefix = forms.CharField(required=False, max_length=1000)  # type: ignore[assignment]  # a field of this name
    profile = forms.CharField(required=False, max_length=100)
    revision = forms.IntegerField(min_value=0, max_value=LARGEST)


def is_text(encoded: bytes) -> bool:
    """Whether a query or a form, as it was sent, is text. Django puts a mark where it is not, as if that were typed."""
    try:
        unquote_to_bytes(encoded).decode()
    except UnicodeDecodeError:
        return False
    return True


def _refuse_what_is_not_text(request: HttpRequest) -> None:
    if request.content_type != "application/x-www-form-urlencoded" or is_text(request.body):
        return
    for pair in request.body.replace(b"+", b" ").split(b"&"):
        name, _, value = pair.partition(b"=")
        if not is_text(value):
            typed = unquote_to_bytes(value).decode(errors="replace")
            raise Refused(NOT_TEXT, field=name.decode(errors="replace"), typed=typed)
    raise Refused(NOT_TEXT)
