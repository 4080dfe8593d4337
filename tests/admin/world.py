"""One dataset with a bit of everything, the people around it, and what each act of the admin site does to it."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.test import Client
from django.urls import reverse

from tagging.admin.acts import AdminAct
from tagging.admin.pages import ActsAdmin
from tagging.models import Category, Dataset, Image, ImageTag, Kind, Membership, Person, Tag
from tagging.services.records import COUNTER
from tests import factories


def make() -> Dataset:
    """Ada's cats, in which Bob tags; Sam is staff, Sue a superuser, and neither is a member."""
    cats = factories.dataset("cats", owner=factories.person("ada", staff=True))
    factories.member(cats, factories.person("bob"), "tagger")
    factories.person("sam", staff=True)
    factories.person("sue", superuser=True)
    factories.person("eve")
    animals = Category.objects.create(dataset=cats, name="animals", hue=3)
    factories.image(cats, 1, tags=["cat", "sofa"], description="A cat.")
    factories.image(cats, 2, tags=["cat", "kitten"], state="done")
    factories.image(cats, 3, tags=["dog"], state="reviewed")
    factories.image(cats, 4, state="rejected")
    Tag.objects.filter(name="cat").update(category=animals)
    return cats


def image(number: int) -> Image:
    return Image.objects.get(number=number)


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def member(username: str) -> Membership:
    return Membership.objects.get(person__username=username)


Key = tuple[str, str, str]  # model, "one" or "many" or "new", name of the act


@dataclass(frozen=True)
class Case:
    """One act: about what, what its form sends, the kind it is recorded as (None: no act of a dataset)."""

    about: Callable[[], Any]
    data: dict[str, Any] = field(default_factory=dict)
    kind: Kind | None = None
    by: str = "sam"
    entries: int = 0


def _images(*numbers: int) -> Callable[[], list[Image]]:
    return lambda: [image(number) for number in numbers]


def _tags(*names: str) -> Callable[[], list[Tag]]:
    return lambda: [tag(name) for name in names]


PASSWORD = {"password": "a quiet green kettle", "again": "a quiet green kettle"}
CASES: dict[Key, Case] = {
    ("image", "one", "tags"): Case(lambda: image(1), {"names": "sofa, lamp", "revision": 0}, Kind.SET_TAGS, entries=1),
    ("image", "one", "description"): Case(
        lambda: image(1), {"description": "Two.", "revision": 0}, Kind.DESCRIBE, entries=1
    ),
    ("image", "one", "finish"): Case(lambda: image(1), kind=Kind.FINISH, entries=1),
    ("image", "one", "review"): Case(lambda: image(2), kind=Kind.REVIEW, entries=1),
    ("image", "one", "reopen"): Case(lambda: image(4), kind=Kind.REOPEN, entries=1),
    ("image", "one", "reject"): Case(lambda: image(3), kind=Kind.REJECT, entries=1),
    ("image", "many", "add-tags"): Case(_images(1, 2, 3), {"names": "cat, fur"}, Kind.ADD_TAGS, entries=3),
    ("image", "many", "remove-tags"): Case(_images(1, 2, 3), {"names": "cat, dog"}, Kind.REMOVE_TAG, entries=3),
    ("image", "many", "finish"): Case(_images(1, 2, 4), kind=Kind.FINISH, entries=2),
    ("image", "many", "review"): Case(_images(1, 2, 3), kind=Kind.REVIEW, entries=1),
    ("image", "many", "reopen"): Case(_images(1, 2, 3, 4), kind=Kind.REOPEN, entries=3),
    ("image", "many", "reject"): Case(_images(1, 2), kind=Kind.REJECT, entries=2),
    ("tag", "one", "rename"): Case(lambda: tag("cat"), {"name": "house cat", "before": "cat"}, Kind.RENAME_TAG),
    ("tag", "one", "categorise"): Case(lambda: tag("dog"), {"category": "animals"}, Kind.CATEGORISE_TAG),
    ("tag", "one", "note"): Case(lambda: tag("dog"), {"note": "Any breed.", "before": ""}, Kind.NOTE_TAG),
    ("tag", "many", "rename"): Case(_tags("cat"), {"name": "Cat", "before": "cat"}, Kind.RENAME_TAG),
    ("tag", "many", "merge"): Case(_tags("cat", "kitten", "dog"), {"into": "cat"}, Kind.MERGE_TAGS, entries=2),
    ("tag", "many", "categorise"): Case(_tags("dog", "sofa"), {"category": "things"}, Kind.CATEGORISE_TAG),
    ("tag", "many", "delete"): Case(_tags("cat", "dog"), kind=Kind.DELETE_TAG, entries=3),
    ("category", "one", "look"): Case(
        lambda: Category.objects.get(name="animals"),
        {"name": "beasts", "hue": 5, "name_before": "animals", "hue_before": 3},
        Kind.CHANGE_CATEGORY,
    ),
    ("dataset", "one", "settings"): Case(
        Dataset.objects.get,
        {"name": "Cats", "prefix": "cat", "trigger": "ohwx", "profile": "tags", "revision": 0},
        Kind.CHANGE_SETTINGS,
        by="ada",
    ),
    ("person", "new", "add"): Case(lambda: None, {"username": "nina", **PASSWORD}, by="sue"),
    ("person", "one", "password"): Case(lambda: person("bob"), PASSWORD, by="sue"),
    ("person", "one", "deactivate"): Case(lambda: person("bob"), by="sue"),
    ("person", "one", "activate"): Case(lambda: person("bob"), by="sue"),
    ("person", "one", "make-staff"): Case(lambda: person("bob"), by="sue"),
    ("person", "one", "unmake-staff"): Case(lambda: person("sam"), by="sue"),
    ("person", "one", "make-superuser"): Case(lambda: person("bob"), by="sue"),
    ("person", "one", "unmake-superuser"): Case(lambda: person("bob"), by="sue"),
    ("membership", "new", "add"): Case(lambda: None, {"dataset": "cats", "person": "eve", "role": "viewer"}, by="sue"),
    ("membership", "one", "role"): Case(lambda: member("bob"), {"role": "reviewer"}, by="sue"),
    ("membership", "one", "remove"): Case(lambda: member("bob"), by="sue"),
}


def registered() -> dict[Key, tuple[ActsAdmin[Any], AdminAct]]:
    """Every act that the admin site offers, found by walking it."""
    found: dict[Key, tuple[ActsAdmin[Any], AdminAct]] = {}
    for model, model_admin in admin.site._registry.items():
        assert isinstance(model_admin, ActsAdmin), f"{model.__name__} is not behind the services"
        name = str(model._meta.model_name)
        acts = [("one", act) for act in model_admin.one] + [("many", act) for act in model_admin.many]
        acts += [("new", model_admin.new)] if model_admin.new else []
        found |= {(name, scope, act.name): (model_admin, act) for scope, act in acts}
    return found


def as_person(username: str) -> Client:
    client = Client()
    client.force_login(person(username))
    return client


def address(key: Key, about: Any) -> str:
    model, scope, name = key
    page = {"one": name, "many": f"all_{name}", "new": "add"}[scope].replace("-", "_")
    return reverse(f"admin:tagging_{model}_{page}", args=[about.pk] if scope == "one" else [])


def sent(key: Key, case: Case, about: Any) -> dict[str, Any]:
    """What the act's form sends, with ids in the place of names."""
    data = dict(case.data)
    if isinstance(about, Sequence):
        data["ids"] = ",".join(str(each.pk) for each in about)
    if "into" in data:
        data["into"] = tag(data["into"]).pk
    if key[0] == "membership" and "dataset" in data:
        data |= {"dataset": Dataset.objects.get().pk, "person": person(data["person"]).pk}
    return data


def post(key: Key, by: str | None = None, **data: Any) -> Any:
    """Send an act as the person of its case (or as `by`), with some of its data replaced."""
    case = CASES[key]
    about = case.about()
    return as_person(by or case.by).post(address(key, about), sent(key, case, about) | data)


def counted(dataset: Dataset) -> dict[str, Any]:
    """The counters as they are stored."""
    dataset.refresh_from_db()
    return {
        "states": {name: getattr(dataset, name) for name in COUNTER.values()},
        "tags": dict(Tag.objects.values_list("pk", "use_count")),
        "images": dict(Image.objects.values_list("pk", "tag_count")),
    }


def recounted(dataset: Dataset) -> dict[str, Any]:
    """The same, counted from the rows."""
    states = Counter(Image.objects.filter(dataset=dataset).values_list("state", flat=True))
    uses = Counter(ImageTag.objects.values_list("tag", flat=True))
    lengths = Counter(ImageTag.objects.values_list("image", flat=True))
    return {
        "states": {name: states[state] for state, name in COUNTER.items()},
        "tags": {pk: uses[pk] for pk in Tag.objects.values_list("pk", flat=True)},
        "images": {pk: lengths[pk] for pk in Image.objects.values_list("pk", flat=True)},
    }
