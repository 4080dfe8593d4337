"""Filters beside the lists that a column alone does not give."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from tagging.models import Image, Tag


class Tagged(admin.SimpleListFilter):
    title = "tags"
    parameter_name = "tagged"

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401 - Django's
        return [("no", "without tags"), ("yes", "with tags")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Image]) -> QuerySet[Image]:
        match self.value():
            case "no":
                return queryset.filter(tag_count=0)
            case "yes":
                return queryset.filter(tag_count__gt=0)
        return queryset


class Standing(admin.SimpleListFilter):
    """What a row of the tag table is: a word people see, one that no image has, another spelling, or a deleted one."""

    title = "standing"
    parameter_name = "standing"
    conditions = {
        "shown": Q(hidden=False, alias_of=None),
        "unused": Q(hidden=False, alias_of=None, use_count=0),
        "alias": Q(alias_of__isnull=False),
        "deleted": Q(hidden=True),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> Sequence[tuple[str, str]]:  # noqa: ANN401 - Django's
        words = {"shown": "in the vocabulary", "unused": "on no image", "alias": "another spelling"}
        return [(name, words.get(name, name)) for name in self.conditions]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Tag]) -> QuerySet[Tag]:
        condition = self.conditions.get(self.value() or "")
        return queryset.filter(condition) if condition is not None else queryset
