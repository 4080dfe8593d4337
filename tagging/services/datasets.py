"""Making a dataset and changing what it says of itself."""

import uuid
from collections.abc import Callable
from typing import Any

from django.db import IntegrityError, transaction

from tagging.access import Right
from tagging.domain import captions, filenames, plain_text
from tagging.errors import Refused, Stale
from tagging.models import Act, Change, Dataset, Kind, Membership, Person, Role
from tagging.services.acts import Doing, Outcome, perform

SETTINGS = ("name", "prefix", "trigger", "profile")


def create(
    *,
    name: str,
    slug: str,
    by: Person,
    prefix: str = "img",
    trigger: str = "",
    profile: str = "",
    source_folder: str = "",
) -> Dataset:
    """A new dataset, owned by `by` (and by every superuser, so that nobody is locked out of what a command made).

    Raises Refused when the slug is taken, or when a value breaks its rule.
    """
    values = checked(name=name, prefix=prefix, trigger=trigger, profile=profile or captions.Profile.TAGS_DESCRIPTION)
    with transaction.atomic():
        dataset = _insert(slug=slug, source_folder=source_folder, change_seq=1, **values)
        owners = {by.pk, *Person.objects.filter(is_superuser=True, is_active=True).values_list("pk", flat=True)}
        Membership.objects.bulk_create(
            [Membership(dataset=dataset, person_id=owner, role=Role.OWNER) for owner in sorted(owners)]
        )
        act = Act.objects.create(dataset=dataset, person=by, op=uuid.uuid4(), kind=Kind.CREATE_DATASET, payload_hash="")
        Change.objects.create(dataset=dataset, act=act, seq=1, detail={"settings": [None, values]})
    return dataset


def change_settings(
    dataset: Dataset,
    *,
    name: str,
    prefix: str,
    trigger: str,
    profile: str,
    revision: int,
    by: Person,
    op: uuid.UUID | None = None,
) -> Outcome:
    """Save name, prefix, trigger word and caption profile, if nobody changed them since `revision`.

    Raises Refused (with the field) when a value breaks its rule, and Stale when somebody else was quicker.
    """
    values = checked(name=name, prefix=prefix, trigger=trigger, profile=profile)

    def work(doing: Doing) -> None:
        before = {field: getattr(doing.dataset, field) for field in SETTINGS}
        if before == values:
            return
        if doing.dataset.settings_revision != revision:
            raise Stale(
                "The settings were changed by somebody else since you opened them.",
                field="settings",
                mine=values,
                theirs=before,
                revision=doing.dataset.settings_revision,
            )
        for field, value in values.items():
            setattr(doing.dataset, field, value)
        doing.dataset.settings_revision += 1
        doing.dataset.save(update_fields=[*SETTINGS, "settings_revision"])
        doing.detail["settings"] = [before, values]
        doing.say("The settings are saved.")

    payload = {**values, "revision": revision}
    return perform(dataset, by=by, right=Right.SETTINGS, kind=Kind.CHANGE_SETTINGS, payload=payload, work=work, op=op)


def checked(*, name: str, prefix: str, trigger: str, profile: str) -> dict[str, str]:
    """The four settings in their normal form. Raises Refused naming the field that breaks its rule."""
    return {
        "name": _rule("name", name, _name),
        "prefix": _rule("prefix", prefix, filenames.check_prefix),
        "trigger": _rule("trigger", trigger, captions.check_trigger),
        "profile": _rule("profile", profile, lambda text: captions.Profile(text).value),
    }


def _insert(slug: str, **columns: Any) -> Dataset:
    """The database decides whose a slug is, also between two who ask for it at the same moment."""
    try:
        with transaction.atomic():
            return Dataset.objects.create(slug=slug, **columns)
    except IntegrityError as taken:
        raise Refused(f"There is a dataset “{slug}” already.", field="slug", typed=slug) from taken


def _rule(field: str, text: str, rule: Callable[[str], Any]) -> str:
    try:
        return str(rule(text))
    except ValueError as problem:
        sentence = "Choose one of the three captions." if field == "profile" else str(problem)
        raise Refused(sentence, field=field, typed=text) from problem


def _name(text: str) -> str:
    """A name may hold commas, which a tag may not; every other rule of text is the same."""
    if not plain_text.is_text(text):
        raise ValueError("The name is not text, since it holds half a character: type or paste it again.")
    parts = [plain_text.clean(part) for part in text.split(",")]
    name = ", ".join(part for part in parts if plain_text.is_visible(part))
    if not 1 <= len(name) <= 200:
        raise ValueError("Give the dataset a name of 1 to 200 characters.")
    return name
