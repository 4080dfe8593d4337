"""What somebody typed is never lost, whatever is wrong with it."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tagging.models import Image, Person
from tests import factories


@pytest.mark.django_db
def test_what_was_typed_is_still_in_its_box(picture: Image, send: Callable[..., Any]) -> None:
    line = "good, " + "x" * 201

    page = send("bob", "tags/add/", {"names": line}).content.decode()

    assert f'value="{line}"' in page


@pytest.mark.django_db
def test_a_stale_description_shows_both_versions(picture: Image, send: Callable[..., Any]) -> None:
    send("rita", "description/", {"description": "A tabby cat.", "revision": "0"})

    page = send("bob", "description/", {"description": "A dog.", "revision": "0"}).content.decode()

    assert "A tabby cat." in page
    assert "A dog.</textarea>" in page
    assert 'name="revision" value="1"' in page


@pytest.mark.django_db
def test_an_emptied_description_is_still_empty_after_a_conflict(picture: Image, send: Callable[..., Any]) -> None:
    send("rita", "description/", {"description": "A tabby cat.", "revision": "0"})

    page = send("bob", "description/", {"description": "", "revision": "0"}).content.decode()

    assert 'placeholder="Sentences about the picture" data-refused></textarea>' in page


@pytest.mark.django_db
def test_a_refused_list_is_still_in_its_own_box(picture: Image, send: Callable[..., Any]) -> None:
    line = "cat, " + "x" * 201

    page = send("bob", "tags/set/", {"names": line, "revision": "0"}).content.decode()

    assert f"data-refused>{line}</textarea>" in page
    assert 'id="tag-box" name="names" value=""' in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "data", "box"),
    [
        ("tags/add/", {"names": "dog", "op": "zz"}, 'value="dog"'),
        ("tags/add/", {"names": "dog", "after": "q"}, 'value="dog"'),
        ("tags/set/", {"names": "dog"}, "dog</textarea>"),
        ("description/", {"description": "A dog.", "revision": "x"}, "A dog.</textarea>"),
    ],
)
def test_whatever_is_wrong_what_was_typed_is_kept(
    path: str, data: dict[str, str], box: str, picture: Image, send: Callable[..., Any]
) -> None:
    page = send("bob", path, data).content.decode()

    assert box in page


@pytest.mark.django_db
def test_a_nul_is_dropped_like_any_control_character(picture: Image, send: Callable[..., Any]) -> None:
    send("bob", "tags/add/", {"names": "a\x00b"})

    assert factories.tags_of(picture)[-1] == "ab"


@pytest.mark.django_db
def test_somebody_signed_out_comes_back_to_the_page_of_the_act(picture: Image, send: Callable[..., Any]) -> None:
    answer = send("", "tags/add/", {"names": "dog"})

    assert answer.url == "/login/?next=/datasets/cats/images/2/"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("username", "checks_csrf", "status"), [("bob", True, 403), ("vera", False, 403), ("eve", False, 404)]
)
def test_a_page_that_refuses_everything_shows_what_stood_in_the_boxes(
    username: str, checks_csrf: bool, status: int, picture: Image
) -> None:
    client = Client(enforce_csrf_checks=checks_csrf)
    client.force_login(Person.objects.get(username=username))

    answer = client.post("/datasets/cats/images/2/finish/", {"names": "dog", "description": "A dog.", "revision": "0"})

    assert answer.status_code == status
    assert "dog</textarea>" in answer.text
    assert "A dog.</textarea>" in answer.text
