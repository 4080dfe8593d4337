"""Every act that the admin site offers, found by walking it: one act each, counters right, no way round."""

import uuid
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.urls import URLPattern

from tagging.models import Act, Change, Dataset, Entry, Image, Membership, Person, Tag
from tests import factories
from tests.admin import world
from tests.admin.world import CASES, Key

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
OF_DATASETS = {key: case for key, case in CASES.items() if case.kind}
OF_PEOPLE = {key: case for key, case in CASES.items() if not case.kind}
MANY = [key for key in CASES if key[1] == "many"]


@pytest.fixture
def cats(db: None) -> Dataset:
    return world.make()


def test_every_act_of_the_admin_site_has_a_case_here() -> None:
    assert set(world.registered()) == set(CASES)


def test_every_address_that_the_admin_site_adds_is_an_act_or_a_thumbnail() -> None:
    stock = {"changelist", "add", "history", "delete", "change", None}
    for model_admin in admin.site._registry.values():
        own = {
            str(pattern.name).split("_", 2)[2] if pattern.name else None
            for pattern in model_admin.get_urls()
            if isinstance(pattern, URLPattern)
        } - stock
        model = str(model_admin.model._meta.model_name)
        acts = {
            {"one": name, "many": f"all_{name}"}.get(scope, "add").replace("-", "_")
            for of, scope, name in CASES
            if of == model
        } - {"add"}
        assert own == acts | ({"thumb"} if model == "image" else set())


@pytest.mark.parametrize("key", OF_DATASETS, ids="/".join)
def test_an_act_is_recorded_once_with_its_change(cats: Dataset, key: Key) -> None:
    before = _counts(cats)

    response = world.post(key)

    assert response.status_code == 302
    assert _counts(cats) == (before[0] + 1, before[1] + 1)
    change = Change.objects.latest("pk")
    assert (change.act.kind, change.act.person, change.seq) == (
        CASES[key].kind,
        world.person(CASES[key].by),
        Dataset.objects.get().change_seq,
    )
    assert Entry.objects.filter(change=change).count() == CASES[key].entries


@pytest.mark.parametrize("key", OF_DATASETS, ids="/".join)
def test_an_act_sent_three_times_is_one_and_counters_are_as_a_recount_gives_them(cats: Dataset, key: Key) -> None:
    before = _counts(cats)
    case = CASES[key]
    about = case.about()
    data = world.sent(key, case, about) | {"op": str(uuid.uuid4())}
    client = world.as_person(case.by)

    statuses = {client.post(world.address(key, about), data).status_code for _ in range(3)}

    assert statuses == {302}
    assert _counts(cats) == (before[0] + 1, before[1] + 1)
    assert world.counted(cats) == world.recounted(cats)


@pytest.mark.parametrize("key", OF_PEOPLE, ids="/".join)
def test_what_is_done_to_people_is_no_act_but_logged(cats: Dataset, key: Key) -> None:
    before = _counts(cats)

    response = world.post(key)

    assert response.status_code == 302
    assert _counts(cats) == before
    assert LogEntry.objects.values_list("user__username", flat=True).get() == "sue"


@pytest.mark.parametrize("by", ["sam", "ada"])
def test_staff_change_no_person_and_no_membership(cats: Dataset, by: str) -> None:
    before = _people()

    statuses = {key: world.post(key, by).status_code for key in OF_PEOPLE}

    assert statuses == dict.fromkeys(OF_PEOPLE, 403)
    assert _people() == before


@pytest.mark.parametrize("by", ["bob", "eve"])
def test_who_is_not_staff_is_sent_to_sign_in(cats: Dataset, by: str) -> None:
    before = (_people(), _counts(cats))

    sent_to = {key: world.post(key, by).headers["Location"].partition("?")[0] for key in CASES}

    assert sent_to == dict.fromkeys(CASES, "/admin/login/")
    assert (_people(), _counts(cats)) == before


def test_an_act_is_sent_by_post_only(cats: Dataset) -> None:
    client = world.as_person("sue")
    acts = {key: case for key, case in CASES.items() if key[1] != "new"}

    statuses = {key: client.get(world.address(key, case.about())).status_code for key, case in acts.items()}

    assert statuses == dict.fromkeys(acts, 405)


def test_an_op_that_is_none_is_refused_and_said(cats: Dataset) -> None:
    before = (_people(), _counts(cats))

    responses = {key: world.post(key, op="again") for key in CASES}

    said = {key: (response.status_code, "UUID" in response.content.decode()) for key, response in responses.items()}
    assert said == dict.fromkeys(CASES, (422, True))
    assert (_people(), _counts(cats)) == before


@pytest.mark.parametrize("key", MANY, ids="/".join)
def test_an_action_asks_first_and_says_how_many(cats: Dataset, key: Key) -> None:
    chosen = CASES[key].about()
    before = _counts(cats)

    response = _choose(key, chosen)

    page = response.content.decode()
    noun = key[0] if len(chosen) == 1 else f"{key[0]}s"
    assert response.status_code == 200
    assert f"<strong>{len(chosen)} {noun}</strong> chosen" in page
    assert f'value="{_ids(sorted(chosen, key=lambda each: each.pk))}"' in page
    assert _counts(cats) == before


@pytest.mark.parametrize("ids", ["", "1,x", "999999999999999999", "1" * 30, "1,,2"])
def test_chosen_things_that_are_not_there_change_nothing(cats: Dataset, ids: str) -> None:
    before = _counts(cats)

    statuses = {key: world.post(key, ids=ids).status_code for key in MANY}

    assert statuses == dict.fromkeys(MANY, 302)
    assert _counts(cats) == before


def test_things_of_two_datasets_are_not_changed_together(cats: Dataset) -> None:
    dogs = factories.dataset("dogs", owner=world.person("ada"))
    other: dict[str, Any] = {"image": factories.image(dogs, 9, tags=["bone"]), "tag": Tag.objects.get(name="bone")}
    chosen = {key: [other[key[0]], *CASES[key].about()] for key in MANY}
    acts = Act.objects.count()

    asked = {key: _choose(key, chosen[key]).status_code for key in MANY}
    done = {key: world.post(key, ids=_ids(chosen[key]), into=other["tag"].pk).status_code for key in MANY}

    assert (asked, done) == (dict.fromkeys(MANY, 302), dict.fromkeys(MANY, 422))
    assert Act.objects.count() == acts


def test_nothing_deletes_selected_rows(cats: Dataset) -> None:
    client = world.as_person("sue")

    for model, model_admin in admin.site._registry.items():
        response = client.get(model_admin.address("changelist"))  # type: ignore[attr-defined]
        assert "delete_selected" not in response.content.decode(), model
        assert "delete_selected" not in model_admin.get_actions(response.wsgi_request)


@pytest.mark.parametrize("by", ["sam", "ada", "sue"])
def test_djangos_own_ways_to_save_and_delete_are_shut(cats: Dataset, by: str) -> None:
    client = world.as_person(by)
    before = _rows()

    for model, model_admin in admin.site._registry.items():
        row = model._default_manager.first()
        if row is not None:
            address = model_admin.address  # type: ignore[attr-defined]
            assert client.post(address("change", row.pk), {"name": "x"}).status_code == 405
            assert client.post(address("delete", row.pk), {"post": "yes"}).status_code == 403
        data = {"action": "delete_selected", "_selected_action": "1", "index": "0", "post": "yes"}
        assert client.post(model_admin.address("changelist"), data).status_code in (200, 302)  # type: ignore[attr-defined]

    assert _rows() == before


def _choose(key: Key, chosen: list[Any]) -> Any:
    data = {"action": key[2], "index": "0", "_selected_action": [each.pk for each in chosen]}
    model_admin, _ = world.registered()[key]
    return world.as_person(CASES[key].by).post(model_admin.address("changelist"), data)


def _ids(chosen: list[Any]) -> str:
    return ",".join(str(each.pk) for each in chosen)


def _counts(cats: Dataset) -> tuple[int, int]:
    return factories.acts(cats), factories.changes(cats)


def _people() -> list[Any]:
    people = Person.objects.order_by("pk").values_list(
        "username", "password", "is_active", "is_staff", "is_superuser", "email"
    )
    return [*people, *Membership.objects.order_by("pk").values_list("person", "dataset", "role")]


def _rows() -> tuple[list[Any], list[Any], list[Any]]:
    return (
        _people(),
        list(Image.objects.order_by("pk").values()),
        list(Tag.objects.order_by("pk").values()),
    )
