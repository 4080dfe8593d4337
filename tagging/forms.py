"""What a form sent, as typed values. Rules about text stay in the services; here is only what a field can hold."""

import uuid
from typing import Any

from django import forms

from tagging.errors import Refused

LONGEST_LINE = 100_000


class ActForm(forms.Form):
    """Every act may carry the id that makes it one, however often it is sent."""

    op = forms.UUIDField(required=False)

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
    after = forms.IntegerField(required=False, min_value=0, max_value=2**62)
    position = forms.IntegerField(required=False)


class AddTagsForm(PlacedForm):
    names = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)


class SetTagsForm(ActForm):
    names = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)
    revision = forms.IntegerField(min_value=0)


class DescribeForm(ActForm):
    description = forms.CharField(required=False, strip=False, max_length=LONGEST_LINE)
    revision = forms.IntegerField(min_value=0)


class StateForm(ActForm):
    next = forms.BooleanField(required=False)


class SettingsForm(ActForm):
    name = forms.CharField(required=False, max_length=1000)
    trigger = forms.CharField(required=False, max_length=1000)
    prefix = forms.CharField(required=False, max_length=1000)  # type: ignore[assignment]  # a field of this name
    profile = forms.CharField(required=False, max_length=100)
    revision = forms.IntegerField(min_value=0)
