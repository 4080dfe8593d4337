"""Which acts a role may do. Models say which rows a person sees; services ask here before they write."""

import enum

from tagging.errors import Forbidden, Gone
from tagging.models import Dataset, Membership, Person, Role


class Right(enum.StrEnum):
    """What a role allows, in words that complete “you may not …”."""

    SEE = "see this dataset"
    TAG = "tag its images"
    REVIEW = "review its images"
    BULK = "change many of its images at once"
    VOCABULARY = "change its vocabulary"
    IMPORT = "import into it"
    SETTINGS = "change its settings"
    MEMBERS = "invite people to it"


_TAGGER = {Right.SEE, Right.TAG}
_REVIEWER = _TAGGER | {Right.REVIEW, Right.BULK, Right.VOCABULARY}
RIGHTS: dict[str, frozenset[Right]] = {
    Role.VIEWER: frozenset({Right.SEE}),
    Role.TAGGER: frozenset(_TAGGER),
    Role.REVIEWER: frozenset(_REVIEWER),
    Role.OWNER: frozenset(Right),
}


def role_of(person: Person, dataset: Dataset, *, in_admin: bool = False) -> str | None:
    """The person's role here, or None. In the admin site (only) staff are reviewers of every dataset at least."""
    if not person.is_active:
        return None
    role = Membership.objects.filter(dataset=dataset, person=person).values_list("role", flat=True).first()
    if in_admin and person.is_staff and role != Role.OWNER:
        return Role.REVIEWER
    return role


def may(role: str | None, right: Right) -> bool:
    return role is not None and right in RIGHTS[role]


def require_superuser(person: Person) -> None:
    """People and their rights are for superusers alone. Raises Forbidden to everybody else."""
    if not (person.is_active and person.is_superuser):
        raise Forbidden("Only a superuser may change people and who is a member.")


def require(person: Person, dataset: Dataset, right: Right, *, in_admin: bool = False) -> str:
    """The person's role, if it allows `right`. Raises Gone to strangers and Forbidden to members."""
    role = role_of(person, dataset, in_admin=in_admin)
    if role is None:
        raise Gone("There is no such dataset here.")
    if not may(role, right):
        raise Forbidden(f"As {role} of “{dataset.name}” you may not {right}. Ask an owner for another role.")
    return role
