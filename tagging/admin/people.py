"""People: who has an account and what it may. Staff look; only superusers change anything."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tagging.admin.acts import AdminAct, AskForm
from tagging.admin.pages import ActsAdmin
from tagging.models import Person
from tagging.services import people
from tagging.services.people import Flag

Values = dict[str, Any]


class PasswordForm(AskForm):
    password = forms.CharField(
        label="New password",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="The same again",
        strip=False,
        max_length=1000,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> Values:
        values = super().clean() or {}
        if {"password", "again"} <= values.keys() and values["password"] != values["again"]:
            self.add_error("again", "The two passwords differ.")
        return values


class NewPersonForm(PasswordForm):
    username = forms.CharField(label="User name", max_length=1000)
    field_order = ["username", "password", "again"]


def _make(by: Person, nobody: None, values: Values) -> str:
    made = people.make_person(username=values["username"], password=values["password"], by=by)
    return f"There is an account for {made.username} now."


def _password(by: Person, person: Person, values: Values) -> str:
    return people.give_password(person, values["password"], by=by)


def _switch(name: str, label: str, flag: Flag, *, on: bool) -> AdminAct:
    def do(by: Person, person: Person, values: Values) -> str:
        return people.switch(person, flag, on=on, by=by)

    def offered(by: Person, person: Person) -> bool:
        return _superuser(by) and person.pk != by.pk and getattr(person, flag.value) is not on

    return AdminAct(name, label, do, offered=offered)


def _superuser(by: Person, about: object = None) -> bool:
    return by.is_superuser


def _not_oneself(by: Person, person: Person) -> bool:
    return _superuser(by) and person.pk != by.pk


@admin.register(Person)
class PersonAdmin(ActsAdmin[Person]):
    new = AdminAct("add", "Add a person", _make, NewPersonForm, offered=_superuser)
    one = (
        AdminAct("password", "Set a new password", _password, PasswordForm, offered=_not_oneself),
        _switch("deactivate", "May no longer sign in", Flag.ACTIVE, on=False),
        _switch("activate", "May sign in again", Flag.ACTIVE, on=True),
        _switch("make-staff", "Make staff", Flag.STAFF, on=True),
        _switch("unmake-staff", "No longer staff", Flag.STAFF, on=False),
        _switch("make-superuser", "Make superuser", Flag.SUPERUSER, on=True),
        _switch("unmake-superuser", "No longer superuser", Flag.SUPERUSER, on=False),
    )
    list_display = ["username", "is_active", "is_staff", "is_superuser", "last_login", "date_joined"]
    list_filter = ["is_active", "is_staff", "is_superuser"]
    ordering = ["username"]
    search_fields = ["username", "email"]
    fields = [
        *("username", "email", "is_active", "is_staff", "is_superuser"),
        *("datasets", "last_login", "date_joined"),
    ]

    @admin.display(description="member of")
    def datasets(self, person: Person) -> SafeString:
        members = person.memberships.order_by("dataset__name").values_list("dataset__name", "role")
        return format_html_join(", ", "{} ({})", members)

    def has_history(self, shown: Person) -> bool:
        return True

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Rights are no act of a dataset: the log of the admin site keeps who changed them."""
        return admin.ModelAdmin.history_view(self, request, object_id, extra_context)
