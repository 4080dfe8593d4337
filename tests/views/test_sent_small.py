"""What goes over the wire: compressed where that helps, kept by browsers where that is right."""

import gzip
import re
from typing import Any

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from tagging.models import Dataset, Person
from tests import factories

PACKED = {"Accept-Encoding": "gzip, br"}


@pytest.fixture
def bob_at(bob: Person, cats: Dataset) -> Client:
    factories.stored_image(cats, tags=["cat", "tabby"])
    client = Client()
    client.force_login(bob)
    return client


def body(answer: Any) -> bytes:
    return b"".join(answer) if answer.streaming else bytes(answer.content)


@pytest.mark.django_db
def test_a_page_is_packed_for_who_takes_that(bob_at: Client) -> None:
    plain = bob_at.get("/datasets/cats/images/1/")

    packed = bob_at.get("/datasets/cats/images/1/", headers=PACKED)

    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert len(packed.content) < len(plain.content) / 2
    assert b"tabby" in gzip.decompress(packed.content)


@pytest.mark.django_db
def test_a_picture_is_sent_as_it_is(bob_at: Client) -> None:
    answer = bob_at.get("/datasets/cats/images/1/thumb/", headers=PACKED)

    assert "Content-Encoding" not in answer.headers


def test_a_script_under_its_version_is_packed_and_kept_for_ever(client: Client) -> None:
    address = staticfiles_storage.url("js/page.js")

    answer = client.get(address, headers=PACKED)

    assert re.fullmatch(r"/static/v-[0-9a-f]{12}/js/page\.js", address)
    assert b"import" in gzip.decompress(body(answer))
    assert "immutable" in answer.headers["Cache-Control"]
    assert int(answer.headers["Content-Length"]) == len(body(answer))


def test_a_script_of_an_earlier_version_is_the_present_one_and_not_kept(client: Client) -> None:
    answer = client.get("/static/v-000000000000/js/page.js")

    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "no-cache")
    assert b"import" in body(answer)


def test_a_script_imports_files_of_its_own_version(client: Client) -> None:
    address = staticfiles_storage.url("js/page.js")

    imported = re.findall(r'import .*?"(\./[\w.]+)"', body(client.get(address)).decode())

    assert imported
    for name in imported:
        assert body(client.get(address.replace("page.js", name.removeprefix("./"))))


def test_who_has_the_present_script_gets_no_second_copy(client: Client) -> None:
    address = staticfiles_storage.url("js/page.js")
    first = client.get(address, headers=PACKED)

    again = client.get(address, headers=PACKED | {"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


def test_nothing_outside_the_static_files_is_served(client: Client) -> None:
    for name in ("../manage.py", "%2e%2e/manage.py", "js/../../manage.py"):
        assert client.get(f"/static/v-000000000000/{name}").status_code == 404


@pytest.mark.django_db
def test_a_page_fetches_all_its_scripts_at_once(bob_at: Client) -> None:
    page = bob_at.get("/datasets/cats/images/1/").content.decode()

    ahead = re.findall(r'<link rel="modulepreload" href="[^"]*/(\w+)\.js">', page)
    assert {"acts", "live", "parts", "zoom"} <= set(ahead)
    assert len(ahead) == len(set(ahead))
