"""The lists and pages of the admin site: whom they are shown to, what they cost, and what they do not give away."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tagging.models import Category, Dataset, Export, Image, Import
from tagging.services import image_tags, renditions, vocabulary
from tests import factories
from tests.admin import world

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
MODELS = sorted(str(model._meta.model_name) for model in admin.site._registry)


@pytest.fixture
def cats(db: None) -> Dataset:
    return world.make()


def _more(cats: Dataset, count: int) -> None:
    """That many more of everything that the lists show."""
    ada = world.person("ada")
    for _ in range(count):
        number = Image.objects.count() + 1
        image_tags.add(factories.image(cats, number), f"tag {number}", by=ada)
        Category.objects.create(dataset=cats, name=f"category {number}")
        factories.member(cats, factories.person(f"person {number}"))
        Import.objects.create(dataset=cats, person=ada, folder="/pictures", counts={"imported": 3}, report=[{"a": 1}])
        Export.objects.create(dataset=cats, person=ada, target="zip", profile="tags", at_seq=1)


def _cost(address: str) -> int:
    client = world.as_person("sue")
    client.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        response = client.get(address)
    assert response.status_code == 200
    return len(queries)


@pytest.mark.parametrize("model", [model for model in MODELS if model != "dataset"])
def test_a_list_costs_the_same_for_more_rows(cats: Dataset, model: str) -> None:
    _more(cats, 1)
    address = f"/admin/tagging/{model}/"
    few = _cost(address)
    _more(cats, 2)

    assert _cost(address) == few


def test_the_list_of_datasets_costs_the_same_for_more_rows(cats: Dataset) -> None:
    few = _cost("/admin/tagging/dataset/")
    for slug in ("dogs", "birds"):
        factories.dataset(slug, owner=world.person("ada"))

    assert _cost("/admin/tagging/dataset/") == few


@pytest.mark.parametrize("by", ["sam", "sue"])
def test_a_page_shows_each_row(cats: Dataset, by: str) -> None:
    _more(cats, 1)
    vocabulary.merge(cats, [world.tag("kitten").pk], into=world.tag("cat").pk, by=world.person("ada"))
    client = world.as_person(by)
    pages = [f"{model}/{row.pk}" for model in MODELS for row in _model(model)._default_manager.all()]

    responses = {page: client.get(f"/admin/tagging/{page}/change/") for page in pages}

    shown = {page: (each.status_code, "<fieldset" in each.content.decode()) for page, each in responses.items()}
    assert shown == dict.fromkeys(pages, (200, True))


@pytest.mark.parametrize(("by", "login"), [("bob", "/admin/login/"), ("", "/login/")])
def test_lists_pages_and_histories_are_for_staff_only(cats: Dataset, by: str, login: str) -> None:
    _more(cats, 1)
    client = world.as_person(by) if by else Client()
    pages = [*_pages(), *(f"/admin/tagging/{model}/add/" for model in MODELS)]

    sent_to = {page: client.get(page).headers["Location"].partition("?")[0] for page in pages}

    assert sent_to == dict.fromkeys(pages, login)


@pytest.mark.parametrize(("by", "status"), [("sam", 403), ("sue", 200)])
def test_only_a_superuser_adds_and_only_people_and_members(cats: Dataset, by: str, status: int) -> None:
    client = world.as_person(by)

    statuses = {model: client.get(f"/admin/tagging/{model}/add/").status_code for model in MODELS}

    assert statuses == {model: status if model in ("person", "membership") else 403 for model in MODELS}


@pytest.mark.parametrize("row", ["999999", "9" * 30, "x", "1/2"])
def test_a_row_that_is_not_there_is_said(cats: Dataset, row: str) -> None:
    client = world.as_person("sue")

    responses = {model: client.get(f"/admin/tagging/{model}/{row}/change/", follow=True) for model in MODELS}

    said = {model: "There is no such" in response.content.decode() for model, response in responses.items()}
    assert said == dict.fromkeys(MODELS, True)


def test_reading_the_admin_site_writes_nothing(cats: Dataset) -> None:
    _more(cats, 1)
    client = world.as_person("sue")
    client.get("/admin/")
    before = _dump()

    for page in _pages():
        client.get(page, follow=True)

    assert _dump() == before


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("/admin/tagging/image/{image}/history/", "finish"),
        ("/admin/tagging/tag/{tag}/history/", "rename tag"),
        ("/admin/tagging/category/{category}/history/", "change category"),
        ("/admin/tagging/dataset/{dataset}/history/", "finish"),
        ("/admin/tagging/person/{person}/history/", "bob is staff now."),
    ],
)
def test_the_history_of_a_thing_is_found_from_its_page(cats: Dataset, address: str, shown: str) -> None:
    for key in (
        ("image", "one", "finish"),
        ("tag", "one", "rename"),
        ("category", "one", "look"),
        ("person", "one", "make-staff"),
    ):
        world.post(key)
    ids = {
        "image": world.image(1).pk,
        "tag": world.tag("house cat").pk,
        "category": Category.objects.get().pk,
        "dataset": cats.pk,
        "person": world.person("bob").pk,
    }

    response = world.as_person("sam").get(address.format(**ids), follow=True)

    rows = response.content.decode().partition("<tbody>")[2]
    assert shown in rows
    assert ("make" in rows) is False


@pytest.mark.parametrize("search", ["1", "cat", "picture 1", "A cat", "9" * 40, "“", "%", "\\"])
def test_images_are_found_by_number_tag_name_and_description(cats: Dataset, search: str) -> None:
    response = world.as_person("sam").get("/admin/tagging/image/", {"q": search})

    found = {image.number for image in response.context["cl"].result_list}
    assert response.status_code == 200
    assert found == {"1": {1}, "cat": {1, 2}, "picture 1": {1}, "A cat": {1}}.get(search, set())


@pytest.mark.parametrize(
    "address",
    [
        "image/?tagged=no",
        "image/?tagged=yes&state__exact=done",
        "image/?dataset__id__exact=x",
        "tag/?standing=shown",
        "tag/?standing=unused",
        "tag/?standing=alias",
        "tag/?standing=deleted",
        "tag/?standing=else",
        "change/?act__kind__exact=finish",
        "change/?entries__image__id__exact=x",
        "change/?detail__tags__has_key=1",
        "person/?is_staff__exact=1",
        "person/?q=bob",
        "act/?q=sam",
        "image/?o=3.-1&p=7",
    ],
)
def test_filters_and_searches_answer(cats: Dataset, address: str) -> None:
    assert world.as_person("sam").get(f"/admin/tagging/{address}", follow=True).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "person/?password__startswith=md5",
        "person/?entry_tokens__token_hash__startswith=a",
        "membership/?person__password__startswith=md5",
        "image/?state_by__password__startswith=md5",
        "dataset/?invitations__token_hash__startswith=a",
        "act/?person__password__startswith=md5",
    ],
)
def test_filters_do_not_find_out_secrets(cats: Dataset, address: str) -> None:
    response = world.as_person("sam").get(f"/admin/tagging/{address}")

    assert response.status_code == 400


def test_no_page_shows_a_password_hash(cats: Dataset) -> None:
    bob = world.person("bob")

    page = world.as_person("sue").get(f"/admin/tagging/person/{bob.pk}/change/").content.decode()

    assert bob.password not in page
    assert bob.password.rpartition("$")[2] not in page


def test_a_thumbnail_is_for_staff_and_private(cats: Dataset, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "thumb.webp").write_bytes(b"RIFF")
    monkeypatch.setattr(renditions, "thumb", lambda image: renditions.Rendition(tmp_path / "thumb.webp", "image/webp"))
    image = world.image(1)
    address = f"/admin/tagging/image/{image.pk}/thumb/"

    response = world.as_person("sam").get(address, {"v": image.version})
    again = world.as_person("sam").get(address, headers={"If-None-Match": response["ETag"]})

    assert (response.status_code, response["Content-Type"], again.status_code) == (200, "image/webp", 304)
    assert response["Cache-Control"] == "private, max-age=31536000, immutable"
    assert again["Cache-Control"] == "private, no-cache"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in response["Content-Security-Policy"]
    assert world.as_person("bob").get(address).status_code == 302
    assert world.as_person("sam").post(address).status_code == 405


def test_a_picture_whose_file_is_gone_is_404(cats: Dataset) -> None:
    client = world.as_person("sam")
    ids = [str(world.image(1).pk), "999", "9" * 30]

    statuses = [client.get(f"/admin/tagging/image/{pk}/thumb/").status_code for pk in ids]

    assert statuses == [404, 404, 404]


def test_pages_hold_no_inline_script_or_style(cats: Dataset) -> None:
    client = world.as_person("sue")
    pages = ["/admin/", "/admin/password_change/", *(f"/admin/tagging/{model}/" for model in MODELS)]
    pages += [f"/admin/tagging/image/{world.image(1).pk}/change/", "/admin/tagging/person/add/"]

    for page in pages:
        response = client.get(page)
        text = response.content.decode()
        assert " style=" not in text, page
        assert "<style" not in text, page
        assert text.count("<script") == text.count('<script src="') + text.count("<script id=") + text.count(
            "<script\n"
        ), page
        assert "'unsafe" not in response["Content-Security-Policy"]


def test_the_admin_site_names_itself_and_shows_no_groups(cats: Dataset) -> None:
    page = world.as_person("sue").get("/admin/").content.decode()

    assert "Tagger administration" in page
    assert "Group" not in page
    assert "Axes" not in page


def _pages() -> list[str]:
    rows = [(model, _model(model)._default_manager.first().pk) for model in MODELS]
    lists = [f"/admin/tagging/{model}/" for model in MODELS]
    return lists + [f"/admin/tagging/{model}/{pk}/{page}/" for model, pk in rows for page in ("change", "history")]


def _model(name: str) -> Any:
    return next(model for model in admin.site._registry if model._meta.model_name == name)


def _dump() -> list[Any]:
    tables: list[Callable[[], Any]] = [
        lambda model=model: list(model._default_manager.order_by("pk").values())  # type: ignore[misc]
        for model in admin.site._registry
    ]
    return [table() for table in tables]
