"""Who may open what: every address of ours, by every method, for everybody. A new address fails until it is listed."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from django.core import serializers
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tagging import models
from tagging.models import Dataset, Person, Tag, TaggingSession
from tests import factories

pytestmark = pytest.mark.slow

# Per view: what a GET answers to (nobody, a stranger, a viewer, a tagger, a reviewer, an owner).
# 405: sent by POST only. A page for everybody is 200 to everybody.
PAGE = (302, 404, 200, 200, 200, 200)
POST = (302, 405, 405, 405, 405, 405)
GET = {
    "dataset_list": (302, 200, 200, 200, 200, 200),
    "healthz": (200,) * 6,
    "login": (200, 302, 302, 302, 302, 302),
    "logout": (405,) * 6,
    "account": (302, 200, 200, 200, 200, 200),
    "theme": (405,) * 6,
    "enter": (404,) * 6,
    "join": (404,) * 6,
    "dataset_detail": PAGE,
    "dataset_resume": (302, 404, 302, 302, 302, 302),
    "image_next": POST,
    "dataset_finished": PAGE,
    "dataset_leave": POST,
    "dataset_settings": PAGE,
    "dataset_imports": PAGE,
    "dataset_import": PAGE,
    "dataset_export": PAGE,
    "dataset_export_zip": POST,
    "image_detail": PAGE,
    "image_file": PAGE,
    "image_screen": PAGE,
    "image_thumb": PAGE,
    "tag_suggest": PAGE,
    "tag_toggles": PAGE,
    "tag_add": POST,
    "tag_set": POST,
    "tag_copy": POST,
    "tag_remove": POST,
    "tag_move": POST,
    "image_description": POST,
    "image_finish": POST,
    "image_reopen": POST,
    "image_review": POST,
    "image_reject": POST,
}
PEOPLE = ("", "eve", "vera", "bob", "rita", "ada")


def _patterns(found: Iterable[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    for pattern in found:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            if not path.startswith("admin/"):
                yield from _patterns(pattern.url_patterns, path)
        else:
            yield str(pattern.name), path


ADDRESSES = dict(_patterns(get_resolver().url_patterns))


@pytest.fixture
def everybody(cats: Dataset, eve: Person, data_dir: object) -> dict[str, str]:
    """Everybody, one image with its file, and what stands for the changing pieces of an address."""
    rita = factories.person("rita")
    factories.member(cats, rita, "reviewer")
    factories.dataset("dogs", owner=eve)
    picture = factories.stored_image(cats, tags=["cat"])
    read = models.Import.objects.create(dataset=cats, folder="/pictures", person=rita)
    return {
        "<slug:slug>": "cats",
        "<int:number>": str(picture.number),
        "<int:tag_id>": str(Tag.objects.get().pk),
        "<int:import_id>": str(read.pk),
        "<str:token>": "x" * 43,
    }


def _address(name: str, values: dict[str, str]) -> str:
    path = ADDRESSES[name]
    for piece, value in values.items():
        path = path.replace(piece, value)
    return f"/{path}"


def _client(username: str) -> Client:
    client = Client(raise_request_exception=False)
    if username:
        client.force_login(Person.objects.get(username=username))
    return client


def _dump() -> str:
    kinds: list[type[Model]] = [
        getattr(models, name)
        for name in models.__all__
        if isinstance(getattr(models, name), type) and issubclass(getattr(models, name), Model)
    ]
    rows = [row for kind in kinds if kind is not TaggingSession for row in kind._default_manager.order_by("pk")]
    for row in rows:
        if isinstance(row, Person):
            row.last_login = None
    return str(serializers.serialize("json", rows))


def test_every_address_is_listed() -> None:
    assert set(ADDRESSES) == set(GET)


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_a_get_shows_members_their_dataset_and_strangers_nothing(name: str, everybody: dict[str, str]) -> None:
    address = _address(name, everybody)

    answers = tuple(_client(username).get(address).status_code for username in PEOPLE)

    assert answers == GET[name]


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_a_get_writes_nothing_but_ones_own_place(name: str, everybody: dict[str, str]) -> None:
    address = _address(name, everybody)
    before = _dump()

    for username in PEOPLE:
        _client(username).get(address)

    assert _dump() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_other_methods_are_refused(name: str, everybody: dict[str, str]) -> None:
    client, address = _client("ada"), _address(name, everybody)

    answers = [client.generic(method, address).status_code for method in ("PUT", "PATCH", "DELETE")]

    assert answers == [405, 405, 405]


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_a_post_without_its_token_is_refused(name: str, everybody: dict[str, str]) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.force_login(Person.objects.get(username="ada"))
    before = _dump()

    answer = client.post(_address(name, everybody), {"names": "dog", "name": "x"})

    assert answer.status_code in (403, 405)
    assert _dump() == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", GET)
def test_every_answer_has_its_headers(name: str, everybody: dict[str, str]) -> None:
    address = _address(name, everybody)

    for answer in (_client("").get(address), _client("bob").get(address)):
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] in ("same-origin", "no-referrer")
        assert answer.headers["X-Frame-Options"] == "DENY"
        assert answer.headers["Cache-Control"].startswith(("no-store", "private"))
        assert len(answer.headers["X-Request-ID"]) == 12


@pytest.mark.django_db
def test_a_page_of_another_dataset_looks_like_none(everybody: dict[str, str]) -> None:
    client = _client("bob")

    foreign, absent = client.get("/datasets/dogs/"), client.get("/datasets/nowhere/")

    def bare(answer: Any) -> str:
        return str(answer.content.decode().replace(answer.headers["X-Request-ID"], "").replace("dogs", "nowhere"))

    assert (foreign.status_code, absent.status_code) == (404, 404)
    assert _without_tokens(bare(foreign)) == _without_tokens(bare(absent))


def _without_tokens(page: str) -> str:
    return "\n".join(line for line in page.splitlines() if "csrfmiddlewaretoken" not in line)


@pytest.mark.django_db
def test_a_removed_member_gets_no_picture(everybody: dict[str, str]) -> None:
    client = _client("bob")
    address = _address("image_thumb", everybody)
    before = client.get(address)
    models.Membership.objects.filter(person__username="bob").delete()

    after = client.get(address, headers={"If-None-Match": before.headers["ETag"]})

    assert (before.status_code, after.status_code) == (200, 404)


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ["thumb", "screen", "file"])
def test_a_picture_is_private_typed_and_sandboxed(kind: str, everybody: dict[str, str]) -> None:
    answer = _client("vera").get(_address(f"image_{kind}", everybody))

    assert answer.headers["Content-Type"] == ("image/webp" if kind == "thumb" else "image/png")
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert "sandbox" in answer.headers["Content-Security-Policy"]


@pytest.mark.django_db
def test_a_known_picture_is_not_sent_again(everybody: dict[str, str]) -> None:
    client = _client("vera")
    address = _address("image_thumb", everybody)
    etag = client.get(address).headers["ETag"]

    again = client.get(address, headers={"If-None-Match": etag})

    assert (again.status_code, again.content) == (304, b"")
