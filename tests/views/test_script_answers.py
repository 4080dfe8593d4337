"""What a script is told beside the part that changed: messages, other parts, and where to go on."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tagging.models import Dataset, Image, Person
from tests import factories

SCRIPT = {"HX-Request": "true"}


def _client(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


def _said(answer: Any) -> str:
    found = re.search(r'<div id="messages" hx-swap-oob="innerHTML"><p class="success[^"]*">(.*?)</p>', answer.text)
    return found[1] if found else ""


def _ids(answer: Any) -> list[str]:
    return re.findall(r'<\w+[^>]* id="(image-2-[a-z]+)"', answer.text)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "data", "sentence"),
    [
        ("tags/add/", {"names": "dog"}, "Added dog."),
        ("tags/add/", {"names": "ohwx"}, "“ohwx” is the trigger word"),
        ("tags/{cat}/move/", {"after": "{lamp}"}, "the tag stays where it is"),
        ("tags/{lamp}/move/", {"after": "0"}, "no longer on the image"),
        ("finish/", {}, "Image 2 is done."),
    ],
)
def test_a_script_is_told_what_a_person_is_told(
    path: str, data: dict[str, str], sentence: str, cats: Dataset, send: Callable[..., Any]
) -> None:
    Dataset.objects.update(trigger="ohwx")

    answer = send("bob", path, data, script=True)

    assert sentence in _said(answer)


@pytest.mark.django_db
def test_a_script_that_changes_nothing_is_told_nothing(send: Callable[..., Any]) -> None:
    answer = send("bob", "tags/{lamp}/remove/", {}, script=True)

    assert "messages" not in answer.text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "data", "part"),
    [("tags/add/", {"names": "dog"}, "tags"), ("description/", {"description": "A.", "revision": "0"}, "description")],
)
def test_an_edit_of_a_reviewed_image_brings_its_new_state_along(
    path: str, data: dict[str, str], part: str, picture: Image, send: Callable[..., Any]
) -> None:
    Image.objects.filter(pk=picture.pk).update(state="reviewed")
    Dataset.objects.update(todo_count=1, reviewed_count=1)

    answer = send("bob", path, data, script=True)

    assert "had been reviewed; with this change it is done again." in _said(answer)
    beside = ["image-2-caption", "image-2-tags"] if part == "description" else ["image-2-caption"]
    assert _ids(answer) == [f"image-2-{part}", *beside, "image-2-state", "image-2-decision"]
    assert re.search(r'<p hx-swap-oob="true" class="state done"', answer.text)


@pytest.mark.django_db
def test_an_edit_brings_no_state_that_it_did_not_change(send: Callable[..., Any]) -> None:
    answer = send("bob", "tags/add/", {"names": "dog"}, script=True)

    assert _ids(answer) == ["image-2-tags", "image-2-caption"]


@pytest.mark.django_db
def test_a_decision_brings_the_buttons_that_are_left(send: Callable[..., Any]) -> None:
    answer = send("bob", "finish/", {}, script=True)

    assert _ids(answer) == ["image-2-state", "image-2-decision"]


@pytest.mark.django_db
def test_finish_and_next_tells_a_script_where_to_go(
    cats: Dataset, picture: Image, bob: Person, send: Callable[..., Any]
) -> None:
    factories.image(cats, 3)

    answer = send("bob", "finish/", {"next": "1", "q": "-lamp"}, script=True)

    assert (answer.status_code, _ids(answer)[0]) == (200, "image-2-state")
    assert answer.headers["HX-Location"] == "/datasets/cats/images/3/?q=-lamp"
    assert _said(answer) == "Image 2 is done."  # the page lives on while the image in it is another


@pytest.mark.django_db
def test_the_message_of_an_act_that_ends_elsewhere_is_on_that_page(cats: Dataset, picture: Image, bob: Person) -> None:
    client = _client(bob)
    data = {"next": "1", "q": "number:2"}

    answer = client.post("/datasets/cats/images/2/finish/", data, headers=SCRIPT)

    assert _said(answer) == ""
    assert "Image 2 is done. Nothing is left to do in this search." in client.get(answer.headers["HX-Location"]).text


@pytest.mark.django_db
@pytest.mark.parametrize(("names", "quiet"), [("dog", True), ("ohwx", False)])
def test_what_the_page_shows_anyway_is_only_heard(
    names: str, quiet: bool, cats: Dataset, send: Callable[..., Any]
) -> None:
    Dataset.objects.update(trigger="ohwx")

    answer = send("bob", "tags/add/", {"names": names}, script=True)

    assert ('class="success hidden-text"' in answer.text) is quiet


@pytest.mark.django_db
def test_next_tells_a_script_where_to_go_and_leads_it_nowhere(cats: Dataset, picture: Image, bob: Person) -> None:
    answer = _client(bob).post("/datasets/cats/next/", headers=SCRIPT)

    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["HX-Location"] == "/datasets/cats/images/1/"
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.django_db
def test_a_script_at_the_last_image_to_do_stays_and_is_told_so(cats: Dataset, bob: Person) -> None:
    factories.image(cats, 1)
    client = _client(bob)
    client.get("/datasets/cats/images/1/")

    answer = client.post("/datasets/cats/next/", headers=SCRIPT)

    assert (answer.status_code, _said(answer)) == (200, "This is the last image to do.")
    assert "HX-Location" not in answer.headers


@pytest.mark.django_db
def test_leaving_tells_a_script_where_to_go(picture: Image, bob: Person) -> None:
    answer = _client(bob).post("/datasets/cats/leave/", headers=SCRIPT)

    assert (answer.status_code, answer.headers["HX-Location"]) == (204, "/")


@pytest.mark.django_db
def test_every_page_has_the_region_that_messages_go_to(picture: Image, bob: Person) -> None:
    page = _client(bob).get("/datasets/cats/images/2/").text

    assert page.count('id="messages" role="status" aria-label="Messages"') == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("by", "status", "added"), [("bob", 200, True), ("ada", 401, False), ("nobody", 401, False)])
def test_a_page_acts_for_nobody_but_whom_it_was_drawn_for(
    by: str, status: int, added: bool, picture: Image, send: Callable[..., Any]
) -> None:
    drawn_for = Person.objects.filter(username=by).values_list("pk", flat=True).first() or by

    answer = send("bob", "tags/add/", {"names": "dog", "by": str(drawn_for)}, script=True)

    assert answer.status_code == status
    assert ("dog" in factories.tags_of(picture)) is added


@pytest.mark.django_db
def test_a_script_that_goes_back_while_signed_out_gets_no_sign_in_page_to_put_into_its_own(picture: Image) -> None:
    page = "/datasets/cats/images/2/"

    plain = Client().get(page)
    restoring = Client().get(page, headers={"HX-History-Restore-Request": "true"})

    assert (plain.status_code, plain.headers["Location"]) == (302, f"/login/?next={page}")
    assert (restoring.status_code, restoring.content) == (401, b"")
