"""People and how they come in: the first owner, one-time addresses, invitations, passwords."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tagging import access
from tagging.access import Right
from tagging.domain import plain_text
from tagging.errors import Gone, Refused
from tagging.models import Dataset, EntryToken, Invitation, Membership, Person, Role, Theme, hash_token, new_token

ENTRY_LASTS = timedelta(minutes=15)
LONGEST_INVITATION = 365  # days


def first_owner() -> Person:
    """Whom commands act as when nobody is named: the first superuser, else the first person, else a new `owner` who has
    no usable password and comes in by a one-time address."""
    with transaction.atomic():
        people = Person.objects.filter(is_active=True).order_by("-is_superuser", "pk")
        known = people.first()
        if known is not None:
            return known
        owner = Person(username="owner", is_staff=True, is_superuser=True)
        owner.set_unusable_password()
        owner.save()
    return owner


def owner_of(dataset: Dataset) -> Person | None:
    """Whom commands act as in a dataset when nobody is named: its first owner; None when all have left."""
    owners = Membership.objects.filter(dataset=dataset, role=Role.OWNER, person__is_active=True)
    first = owners.select_related("person").order_by("pk").first()
    return first.person if first else None


def person_named(username: str) -> Person:
    """Raises Refused when nobody (active) has this name."""
    person = Person.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise Refused(f"There is nobody called “{username}” here.")
    return person


def make_entry(person: Person) -> str:
    """A token that signs this person in once, within 15 minutes. Earlier unused ones stay good until they end."""
    token = new_token()
    EntryToken.objects.filter(expires_at__lt=timezone.now() - timedelta(days=1)).delete()
    EntryToken.objects.create(person=person, token_hash=hash_token(token), expires_at=timezone.now() + ENTRY_LASTS)
    return token


def spend_entry(token: str) -> Person:
    """The person whom this token signs in; it is used up by that. Raises Gone for used, old and unknown ones."""
    entries = EntryToken.objects.filter(token_hash=hash_token(token), used_at=None, expires_at__gt=timezone.now())
    spent = entries.update(used_at=timezone.now())
    entry = EntryToken.objects.filter(token_hash=hash_token(token)).select_related("person").first()
    if not spent or entry is None or not entry.person.is_active:
        raise Gone("This address was used already, or is too old. Run `python manage.py enter` for a fresh one.")
    return entry.person


def invite(dataset: Dataset, *, role: str, days: int, by: Person) -> str:
    """A token that lets one person join the dataset within `days`.

    Raises Forbidden unless `by` may invite, and Refused for an unknown role or number of days.
    """
    access.require(by, dataset, Right.MEMBERS)
    if role not in Role.values:
        raise Refused(f"A role is one of {', '.join(Role.values)}.", field="role", typed=role)
    if not 1 <= days <= LONGEST_INVITATION:
        raise Refused(f"An invitation lasts 1 to {LONGEST_INVITATION} days.", field="days", typed=str(days))
    token = new_token()
    Invitation.objects.create(
        dataset=dataset,
        role=role,
        made_by=by,
        token_hash=hash_token(token),
        expires_at=timezone.now() + timedelta(days=days),
    )
    return token


def open_invitation(token: str) -> Invitation:
    """The invitation that this token opens. Raises Gone for used, old and unknown ones."""
    invitation = Invitation.objects.open().filter(token_hash=hash_token(token)).select_related("dataset").first()
    if invitation is None:
        raise Gone("This invitation was used already, or is too old. Ask whoever sent it for a fresh one.")
    return invitation


def role_after_joining(invitation: Invitation, role: str | None) -> str:
    """The role of somebody who has this one (or none) once they have joined: a member keeps the higher of both."""
    return max(role, invitation.role, key=_rank) if role else invitation.role


def join(token: str, person: Person) -> Dataset:
    """Make the person a member by an invitation, which is used up by that. A member keeps the higher of both roles.

    Raises Gone when the invitation is not open (any more).
    """
    with transaction.atomic():
        invitation = open_invitation(token)
        taken = Invitation.objects.open().filter(pk=invitation.pk).update(used_at=timezone.now(), used_by=person)
        if not taken:
            raise Gone("This invitation was used already. Ask whoever sent it for a fresh one.")
        membership, new = Membership.objects.get_or_create(
            dataset=invitation.dataset, person=person, defaults={"role": invitation.role}
        )
        role = role_after_joining(invitation, membership.role)
        if not new and role != membership.role:
            membership.role = role
            membership.save(update_fields=["role"])
    return invitation.dataset


def join_as_new(token: str, *, username: str, password: str) -> tuple[Person, Dataset]:
    """Make an account and join with it, both or neither.

    Raises Refused for a name that is taken or a weak password, Gone when the invitation is not open.
    """
    open_invitation(token)
    person = newcomer(username=username, password=password)
    with transaction.atomic():
        save_newcomer(person)
        return person, join(token, person)


def newcomer(*, username: str, password: str) -> Person:
    """A new account that is not saved yet: the hash of a password takes half a second, which nobody else who writes
    should wait for. Raises Refused for a name that is taken or a weak password."""
    person = Person(username=_user_name(username))
    give_password(person, password)
    return person


def save_newcomer(person: Person) -> None:
    """Raises Refused when somebody else has taken the name meanwhile."""
    try:
        with transaction.atomic():
            _refuse_taken(person.username)
            person.save(force_insert=True)
    except IntegrityError as taken:
        raise _taken(person.username) from taken


def is_taken(username: str) -> bool:
    """Whether somebody has this name, be it with other capitals. Databases know of those in ASCII only, or by their
    language, so names are compared here: there are as many as people in a room."""
    key = _name_key(username)
    return any(_name_key(name) == key for name in Person.objects.values_list("username", flat=True))


def give_password(person: Person, password: str) -> None:
    """Set the password without saving it. Raises Refused with what is wrong with it."""
    try:
        validate_password(password, person)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages), field="password") from problem
    if not plain_text.is_visible(plain_text.clean(password)):
        raise Refused("A password needs characters that can be seen, not blanks alone.", field="password")
    person.set_password(password)


def set_password(person: Person, password: str) -> None:
    """Raises Refused with what is wrong with the password."""
    give_password(person, password)
    person.save(update_fields=["password"])


def set_theme(person: Person, theme: str) -> None:
    """Remember light, dark or the system's. Raises Refused for anything else."""
    if theme not in Theme.values:
        raise Refused("A theme is system, light or dark.", field="theme", typed=theme)
    person.theme = theme
    person.save(update_fields=["theme"])


def _rank(role: str) -> int:
    return list(Role.values).index(role)


def _user_name(text: str) -> str:
    name = Person.normalize_username(text.strip())
    field: Any = Person._meta.get_field("username")
    try:
        field.run_validators(name)
    except ValidationError as problem:
        raise Refused(" ".join(problem.messages), field="username", typed=text) from problem
    if not name:
        raise Refused("Choose a user name.", field="username", typed=text)
    _refuse_taken(name)
    return name


def _refuse_taken(username: str) -> None:
    if is_taken(username):
        raise _taken(username)


def _taken(username: str) -> Refused:
    return Refused("This user name is taken. Choose another.", field="username", typed=username)


def _name_key(username: str) -> str:
    return Person.normalize_username(username.casefold())
