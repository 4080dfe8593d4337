"""What only superusers do, and only in the admin: people's accounts and rights, and who is a member of what.

None of it belongs to a dataset's history, so none of it is an act. The log of the admin site keeps who did what to
whom, written in the same transaction.
"""

import enum

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.db import IntegrityError, transaction

from tagging import access
from tagging.errors import Gone, Refused
from tagging.models import Dataset, Membership, Person, Role, TaggingSession
from tagging.services import members


class Flag(enum.StrEnum):
    """What a person's account may or may not do, by the name of its column."""

    ACTIVE = "is_active"
    STAFF = "is_staff"
    SUPERUSER = "is_superuser"


SWITCHED = {
    (Flag.ACTIVE, True): "may sign in again",
    (Flag.ACTIVE, False): "may no longer sign in",
    (Flag.STAFF, True): "is staff now",
    (Flag.STAFF, False): "is no longer staff",
    (Flag.SUPERUSER, True): "is a superuser now",
    (Flag.SUPERUSER, False): "is no longer a superuser",
}


def make_person(*, username: str, password: str, by: Person) -> Person:
    """A new account without any rights.

    Raises Forbidden unless `by` is a superuser, and Refused for a name that is taken or a weak password.
    """
    access.require_superuser(by)
    person = members.newcomer(username=username, password=password)
    with transaction.atomic():
        _superuser(by)
        members.save_newcomer(person)
        _log(by, person, "There is an account for them now.", ADDITION)
    return person


def switch(person: Person, flag: Flag, *, on: bool, by: Person) -> str:
    """Give or take one right; the sentence that says so. A superuser is staff as well, or could not come in here.

    Raises Forbidden unless `by` is a superuser, and Refused when it is about themselves: so one superuser always stays.
    """
    with transaction.atomic():
        _superuser(by)
        if person.pk == by.pk:
            raise Refused("These are your own rights: ask another superuser to change them.")
        now = _locked(person)
        setattr(now, flag.value, on)
        if flag is Flag.SUPERUSER and on:
            now.is_staff = True
        if flag is Flag.STAFF and not on:
            now.is_superuser = False
        now.save(update_fields=[each.value for each in Flag])
        return _log(by, person, f"{person.username} {SWITCHED[flag, on]}.")


def give_password(person: Person, password: str, *, by: Person) -> str:
    """Set another person's password, which signs them out everywhere.

    Raises Forbidden unless `by` is a superuser, and Refused for a weak password or one's own.
    """
    access.require_superuser(by)
    if person.pk == by.pk:
        raise Refused("This is your own account: change your password on your account page.", field="password")
    members.give_password(person, password)  # before the transaction: hashing takes half a second
    with transaction.atomic():
        _superuser(by)
        now = _locked(person)
        now.password = person.password
        now.save(update_fields=["password"])
        return _log(by, person, f"{person.username} has a new password and is signed out everywhere.")


def add_member(dataset: Dataset, person: Person, role: str, *, by: Person) -> Membership:
    """Raises Forbidden unless `by` is a superuser, and Refused for an unknown role or somebody who is in already."""
    _refuse_unknown(role)
    try:
        with transaction.atomic():
            _dataset(dataset)
            _superuser(by)
            membership = Membership.objects.create(dataset=dataset, person=person, role=role)
            _log(by, person, f"{membership}.")
    except IntegrityError as there:
        raise Refused(f"{person.username} is a member of “{dataset.name}” already.", field="person") from there
    return membership


def change_role(membership: Membership, role: str, *, by: Person) -> str:
    """Raises Forbidden unless `by` is a superuser, and Refused for an unknown role or when no owner would be left."""
    _refuse_unknown(role)
    with transaction.atomic():
        now = _membership(membership, by)
        if role != Role.OWNER:
            _refuse_last_owner(now)
        now.role = role
        now.save(update_fields=["role"])
        return _log(by, now.person, f"{now.person.username} is {role} of “{now.dataset.name}” now.")


def remove_member(membership: Membership, *, by: Person) -> str:
    """End a membership; what the person did stays, and what they had claimed is free.

    Raises Forbidden unless `by` is a superuser, and Refused when no owner would be left.
    """
    with transaction.atomic():
        now = _membership(membership, by)
        _refuse_last_owner(now)
        sessions = TaggingSession.objects.filter(dataset=now.dataset, person=now.person)
        sessions.update(claimed_image=None, claimed_until=None)
        now.delete()
        return _log(by, now.person, f"{now.person.username} is no longer a member of “{now.dataset.name}”.")


def _superuser(by: Person) -> None:
    """Asked inside the transaction and with the superusers' rows locked: two who demote each other do it in turn."""
    superusers = {
        person.pk: person for person in Person.objects.select_for_update().filter(is_superuser=True).order_by("pk")
    }
    access.require_superuser(superusers.get(by.pk) or Person(is_superuser=False))


def _locked(person: Person) -> Person:
    now = Person.objects.select_for_update().filter(pk=person.pk).first()
    if now is None:
        raise Gone("This person is no longer there.")
    return now


def _dataset(dataset: Dataset) -> None:
    if not Dataset.objects.select_for_update().filter(pk=dataset.pk).exists():
        raise Gone("There is no such dataset here.")


def _membership(membership: Membership, by: Person) -> Membership:
    _dataset(membership.dataset)
    _superuser(by)
    now = Membership.objects.select_related("dataset", "person").filter(pk=membership.pk).first()
    if now is None:
        raise Gone("This membership is no longer there.")
    return now


def _refuse_unknown(role: str) -> None:
    if role not in Role.values:
        raise Refused(f"A role is one of {', '.join(Role.values)}.", field="role", typed=role)


def _refuse_last_owner(membership: Membership) -> None:
    others = Membership.objects.filter(dataset=membership.dataset, role=Role.OWNER).exclude(pk=membership.pk)
    if membership.role == Role.OWNER and not others.exists():
        raise Refused(
            f"“{membership.dataset.name}” would have no owner. Make somebody else its owner first.", field="role"
        )


def _log(by: Person, person: Person, sentence: str, flag: int = CHANGE) -> str:
    LogEntry.objects.log_actions(by.pk, [person], flag, sentence, single_object=True)
    return sentence
