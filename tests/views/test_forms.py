"""Every act of the contract as a plain form and as a script sends it: by role, with bad input, twice, and stale."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.test import Client

from tagging.models import Act, Change, Dataset, Image, Person, Tag
from tests import factories


@dataclass(frozen=True)
class Form:
    """An act: where it goes (below the image), what it sends, and what it leaves behind."""

    path: str
    data: dict[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ("cat", "sofa", "window")
    state: str = "todo"
    begins: str = "todo"
    part: str = "image-2-tags"
    role: str = "bob"


FORMS = {
    "add": Form("tags/add/", {"names": "dog, Sofa"}, ("cat", "sofa", "window", "dog")),
    "add behind": Form("tags/add/", {"names": "dog", "after": "{cat}"}, ("cat", "dog", "sofa", "window")),
    "add in front": Form("tags/add/", {"names": "dog, bird", "after": "0"}, ("dog", "bird", "cat", "sofa", "window")),
    "add at a place": Form("tags/add/", {"names": "dog", "position": "2"}, ("cat", "sofa", "dog", "window")),
    "add far behind": Form("tags/add/", {"names": "dog", "position": "99"}, ("cat", "sofa", "window", "dog")),
    "remove": Form("tags/{sofa}/remove/", {}, ("cat", "window")),
    "remove what is gone": Form("tags/{lamp}/remove/", {}),
    "move": Form("tags/{window}/move/", {"after": "0"}, ("window", "cat", "sofa")),
    "move to a place": Form("tags/{cat}/move/", {"position": "1"}, ("sofa", "cat", "window")),
    "move beside what is gone": Form("tags/{cat}/move/", {"after": "{lamp}"}),
    "set": Form("tags/set/", {"names": "window, cat", "revision": "0"}, ("window", "cat")),
    "copy": Form("tags/copy/", {}, ("cat", "sofa", "window", "lamp")),
    "describe": Form("description/", {"description": "A cat.", "revision": "0"}, part="image-2-description"),
    "finish": Form("finish/", {}, state="done", part="image-2-state"),
    "reject": Form("reject/", {}, state="rejected", part="image-2-state"),
    "reopen": Form("reopen/", {}, state="todo", begins="rejected", part="image-2-state"),
    "review": Form("review/", {}, state="reviewed", begins="done", part="image-2-state", role="rita"),
    "finish what is done": Form("finish/", {}, state="done", begins="done", part="image-2-state"),
    "review what is reviewed": Form(
        "review/", {}, state="reviewed", begins="reviewed", part="image-2-state", role="rita"
    ),
}
BAD = {
    "a tag too long": ("tags/add/", {"names": "x" * 201}, 422, "over 200"),
    "no tag": ("tags/add/", {"names": " , "}, 422, "Type a tag"),
    "a place that is none": ("tags/add/", {"names": "dog", "position": "first"}, 422, "position"),
    "a neighbour that is none": ("tags/add/", {"names": "dog", "after": "-1"}, 422, "after"),
    "an op that is none": ("tags/add/", {"names": "dog", "op": "again"}, 422, "op"),
    "nowhere to move": ("tags/{cat}/move/", {}, 422, "Say where"),
    "a list without its revision": ("tags/set/", {"names": "dog"}, 422, "revision"),
    "a stale list": ("tags/set/", {"names": "dog", "revision": "7"}, 409, "somebody else"),
    "a bad tag in a list": ("tags/set/", {"names": "ok, " + "y" * 201, "revision": "0"}, 422, "over 200"),
    "a stale description": ("description/", {"description": "A dog.", "revision": "3"}, 409, "somebody else"),
    "a description too long": ("description/", {"description": "z" * 5001, "revision": "0"}, 422, "5,000"),
    "a review of what is to do": ("review/", {}, 409, "only images that are done"),
}


def _begin(picture: Image, state: str) -> None:
    Image.objects.filter(pk=picture.pk).update(state=state)
    counts = {f"{name}_count": 0 for name in ("todo", "done", "reviewed", "rejected")}
    Dataset.objects.update(**counts | {"todo_count": 1})
    dataset = Dataset.objects.get()
    setattr(dataset, f"{state}_count", getattr(dataset, f"{state}_count") + 1)
    dataset.save()


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_a_plain_form_leads_back_to_the_page(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]
    _begin(picture, form.begins)

    answer = send(form.role, form.path, form.data)

    picture.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/datasets/cats/images/2/")
    assert factories.tags_of(picture) == list(form.tags)
    assert picture.state == form.state


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_a_script_gets_the_part_that_changed(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]
    _begin(picture, form.begins)

    answer = send(form.role, form.path, form.data, script=True)

    assert answer.status_code == 200
    assert answer.content.decode().count(f'id="{form.part}"') == 1
    assert "<html" not in answer.content.decode()
    assert "HX-Request" in answer.headers["Vary"]


@pytest.mark.django_db
@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize("name", FORMS)
def test_a_viewer_changes_nothing(name: str, script: bool, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]

    answer = send("vera", form.path, form.data, script=script)

    assert answer.status_code == 403
    assert not Act.objects.filter(person__username="vera").exists()
    assert factories.tags_of(picture) == ["cat", "sofa", "window"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_a_stranger_sees_no_image(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]

    answer = send("eve", form.path, form.data)

    assert answer.status_code == 404
    assert factories.tags_of(picture) == ["cat", "sofa", "window"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_somebody_signed_out_is_led_to_sign_in(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]

    plain, script = send("", form.path, form.data), send("", form.path, form.data, script=True)

    assert (plain.status_code, script.status_code) == (302, 401)
    assert plain.url.startswith("/login/?next=/datasets/cats/images/2/")
    assert factories.tags_of(picture) == ["cat", "sofa", "window"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_the_same_op_three_times_has_one_effect(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]
    _begin(picture, form.begins)
    data = form.data | {"op": str(uuid.uuid4())}

    answers = [send(form.role, form.path, data).status_code for _ in range(3)]

    picture.refresh_from_db()
    assert answers == [302, 302, 302]
    assert Act.objects.filter(op=data["op"]).count() == 1
    assert factories.tags_of(picture) == list(form.tags)
    assert picture.state == form.state


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_a_form_is_one_act_with_at_most_one_change(name: str, picture: Image, send: Callable[..., Any]) -> None:
    form = FORMS[name]
    _begin(picture, form.begins)
    acts, changes = Act.objects.count(), Change.objects.count()
    changed = (form.tags, form.state) != (("cat", "sofa", "window"), form.begins) or "describe" in name

    send(form.role, form.path, form.data)

    assert Act.objects.count() == acts + 1
    assert Change.objects.count() == changes + changed


@pytest.mark.django_db
@pytest.mark.parametrize("script", [False, True])
@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_one_sentence_and_changes_nothing(
    name: str, script: bool, picture: Image, send: Callable[..., Any]
) -> None:
    path, data, status, sentence = BAD[name]

    answer = send("rita", path, data, script=script)

    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert ("<html" in page) is not script
    assert factories.tags_of(picture) == ["cat", "sofa", "window"]


@pytest.mark.django_db
def test_another_payload_under_a_used_op_is_refused(picture: Image, send: Callable[..., Any]) -> None:
    op = str(uuid.uuid4())
    send("bob", "tags/add/", {"names": "dog", "op": op})

    answer = send("bob", "tags/add/", {"names": "bird", "op": op})

    assert answer.status_code == 409
    assert factories.tags_of(picture)[-1] == "dog"


@pytest.mark.django_db
@pytest.mark.parametrize("name", FORMS)
def test_an_act_is_sent_by_post_only(name: str, picture: Image, bob: Person) -> None:
    client = Client()
    client.force_login(bob)
    path = FORMS[name].path.format(**{tag.name: tag.pk for tag in Tag.objects.all()})

    answers = [
        client.generic(method, f"/datasets/cats/images/2/{path}").status_code for method in ("GET", "PUT", "DELETE")
    ]

    assert answers == [405, 405, 405]


@pytest.mark.django_db
def test_finish_and_next_claims_the_next_image_once(cats: Dataset, picture: Image, send: Callable[..., Any]) -> None:
    factories.image(cats, 3)
    factories.image(cats, 4)
    op = str(uuid.uuid4())

    first = send("bob", "finish/?next=1", {"op": op})
    again = send("bob", "finish/?next=1", {"op": op})

    assert (first.url, again.url) == ("/datasets/cats/images/3/", "/datasets/cats/images/3/")


@pytest.mark.django_db
def test_the_search_is_kept_by_an_act(picture: Image, send: Callable[..., Any]) -> None:
    answer = send("bob", "tags/add/", {"names": "dog", "q": "cat -lamp", "order": "name"})

    assert answer.url == "/datasets/cats/images/2/?q=cat+-lamp&order=name"
