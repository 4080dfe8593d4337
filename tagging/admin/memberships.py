"""Who is a member of which dataset. Staff look; only superusers change it here (owners do on the pages)."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from tagging.admin.acts import AdminAct, AskForm
from tagging.admin.pages import ActsAdmin
from tagging.models import Dataset, Membership, Person, Role
from tagging.services import people

Values = dict[str, Any]


class RoleForm(AskForm):
    role = forms.ChoiceField(choices=Role.choices)

    def drawn_from(self, objects: Sequence[Membership]) -> Values:
        return {"role": objects[0].role} if objects else {}


class NewMemberForm(RoleForm):
    dataset = forms.ModelChoiceField(Dataset.objects.order_by("name", "pk"))
    person = forms.ModelChoiceField(Person.objects.filter(is_active=True).order_by("username"))
    field_order = ["dataset", "person", "role"]


def _add(by: Person, nothing: None, values: Values) -> str:
    made = people.add_member(values["dataset"], values["person"], values["role"], by=by)
    return f"{made}."


def _role(by: Person, membership: Membership, values: Values) -> str:
    return people.change_role(membership, values["role"], by=by)


def _remove(by: Person, membership: Membership, values: Values) -> str:
    return people.remove_member(membership, by=by)


def _superuser(by: Person, about: object) -> bool:
    return by.is_superuser


@admin.register(Membership)
class MembershipAdmin(ActsAdmin[Membership]):
    new = AdminAct("add", "Add a member", _add, NewMemberForm, offered=_superuser)
    one = (
        AdminAct("role", "Save role", _role, RoleForm, offered=_superuser),
        AdminAct("remove", "Remove from the dataset", _remove, offered=_superuser),
    )
    list_display = ["person", "dataset", "role", "joined_at"]
    list_filter = ["dataset", "role"]
    list_select_related = ["person", "dataset"]
    ordering = ["dataset", "person__username"]
    search_fields = ["person__username", "dataset__name"]
    fields = ["person", "dataset", "role", "joined_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Membership]:
        return super().get_queryset(request).select_related("person", "dataset")
