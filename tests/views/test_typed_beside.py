"""Without script: whatever is pressed in the workbench first saves what stands in its boxes."""

import uuid

import pytest
from django.test import Client

from tagging.models import Act, Dataset, Image, Person
from tagging.services import images
from tests import factories
from tests.views.browsing import Tab

PAGE = "/datasets/cats/images/2/"
TOO_LONG = "x" * 201
BUTTONS = (
    "Finish",
    "Reject",
    "Next to do",
    "Leave",
    "Remove sofa",
    "Move window left",
    "Copy the previous image’s tags",
    "lamp 1",
    "Save description",
)


def _client(person: Person) -> Client:
    made = Client()
    made.force_login(person)
    return made


@pytest.fixture
def tab(picture: Image, bob: Person) -> Tab:
    """Image 2 in front of Bob."""
    return Tab(_client(bob), PAGE)


@pytest.mark.django_db
@pytest.mark.parametrize("button", BUTTONS)
def test_a_button_first_adds_what_stands_in_the_tag_box(button: str, tab: Tab, picture: Image) -> None:
    answer = tab.type("Add tags", "dog, bird").press(button)

    assert answer.status_code == 302
    assert {"dog", "bird"} <= set(factories.tags_of(picture))


@pytest.mark.django_db
@pytest.mark.parametrize("button", [*BUTTONS, "Add"])
def test_a_button_first_saves_a_description_that_was_typed(button: str, tab: Tab, picture: Image) -> None:
    tab.type("Description", "A cat.").press(button)

    picture.refresh_from_db()
    assert picture.description == "A cat."


@pytest.mark.django_db
def test_the_act_itself_is_done_behind_what_was_typed(tab: Tab, picture: Image) -> None:
    tab.type("Add tags", "dog").type("Description", "A cat.")

    answer = tab.press("Finish")

    picture.refresh_from_db()
    page = tab.client.get(answer.url).content.decode()
    assert picture.state == "done"
    assert page.index("Added dog.") < page.index("The description is saved.") < page.index("Image 2 is done.")


@pytest.mark.django_db
def test_enter_in_the_tag_box_adds_and_nothing_else(tab: Tab, picture: Image) -> None:
    tab.type("Add tags", "dog").enter("Add tags")

    picture.refresh_from_db()
    assert factories.tags_of(picture) == ["cat", "sofa", "window", "dog"]
    assert picture.state == "todo"


@pytest.mark.django_db
def test_a_toggle_adds_its_own_tag_behind_the_typed_ones(tab: Tab, picture: Image) -> None:
    tab.type("Add tags", "dog").press("lamp 1")

    assert factories.tags_of(picture) == ["cat", "sofa", "window", "dog", "lamp"]


@pytest.mark.django_db
@pytest.mark.parametrize("button", BUTTONS)
def test_empty_boxes_are_no_acts(button: str, tab: Tab, picture: Image) -> None:
    tab.press(button)

    assert not Act.objects.filter(kind="add tags").exclude(answer__message="Added lamp.").exists()
    assert Act.objects.filter(kind="describe").exists() is (button == "Save description")


@pytest.mark.django_db
@pytest.mark.parametrize("button", BUTTONS)
def test_a_tag_that_cannot_be_one_stops_the_act_and_keeps_all_that_was_typed(
    button: str, tab: Tab, picture: Image
) -> None:
    tab.type("Add tags", f"dog, {TOO_LONG}").type("Description", "A cat.")

    answer = tab.press(button)

    page = answer.content.decode()
    picture.refresh_from_db()
    assert answer.status_code == 422
    assert f'value="dog, {TOO_LONG}"' in page
    assert "A cat.</textarea>" in page
    assert "What you pressed is not done" in page
    assert (factories.tags_of(picture), picture.state, picture.description) == (["cat", "sofa", "window"], "todo", "")


@pytest.mark.django_db
def test_a_description_of_somebody_else_is_not_taken_for_a_typed_one(tab: Tab, picture: Image, ada: Person) -> None:
    images.describe(picture, "From Ada.", revision=0, by=ada)

    answer = tab.press("Finish")

    picture.refresh_from_db()
    assert answer.status_code == 302
    assert (picture.description, picture.state) == ("From Ada.", "done")


@pytest.mark.django_db
def test_a_box_that_shows_any_earlier_description_was_not_typed_in(picture: Image, ada: Person, bob: Person) -> None:
    images.describe(picture, "First.", revision=0, by=ada)
    tab = Tab(_client(bob), PAGE)
    images.describe(picture, "Second.", revision=1, by=ada)
    images.describe(picture, "Third.", revision=2, by=ada)

    answer = tab.press("Finish")

    picture.refresh_from_db()
    assert (answer.status_code, picture.description) == (302, "Third.")


@pytest.mark.django_db
def test_a_typed_description_meets_another_with_both_shown_and_the_act_waits(
    tab: Tab, picture: Image, ada: Person
) -> None:
    images.describe(picture, "From Ada.", revision=0, by=ada)
    tab.type("Add tags", "dog").type("Description", "From Bob.")

    answer = tab.press("Finish")

    page = answer.content.decode()
    picture.refresh_from_db()
    assert answer.status_code == 409
    assert "<dd>From Bob.</dd>" in page
    assert "<dd>From Ada.</dd>" in page
    assert "From Bob.</textarea>" in page
    assert "What you pressed is not done" in page
    assert (picture.description, picture.state) == ("From Ada.", "todo")
    assert "Added dog." in page  # its box is empty again


@pytest.mark.django_db
def test_typed_tags_wait_in_their_box_for_a_description_that_meets_another(
    tab: Tab, picture: Image, ada: Person
) -> None:
    images.describe(picture, "From Ada.", revision=0, by=ada)

    answer = tab.type("Add tags", "dog").type("Description", "From Bob.").press("Add")

    assert answer.status_code == 409
    assert 'name="names" value="dog"' in answer.content.decode()
    assert "dog" not in factories.tags_of(picture)


@pytest.mark.django_db
def test_a_box_kept_for_another_reason_still_finds_what_somebody_else_saved(
    tab: Tab, picture: Image, ada: Person
) -> None:
    images.describe(picture, "From Ada.", revision=0, by=ada)

    page = tab.type("Add tags", TOO_LONG).type("Description", "From Bob.").press("Finish").content.decode()

    assert 'name="revision" value="0"' in page
    assert "From Bob.</textarea>" in page


@pytest.mark.django_db
def test_a_form_sent_again_has_one_effect(tab: Tab, picture: Image) -> None:
    op = str(uuid.uuid4())
    tab.type("Add tags", "dog").type("Description", "A cat.")

    answers = [tab.press("Finish", op=op).status_code for _ in range(3)]

    assert answers == [302, 302, 302]
    assert sorted(Act.objects.filter(person__username="bob").values_list("kind", flat=True)) == [
        "add tags",
        "describe",
        "finish",
    ]


@pytest.mark.django_db
def test_a_script_sends_each_text_as_an_act_of_its_own(picture: Image, bob: Person) -> None:
    data = {"names": "dog", "description": "A cat.", "revision": "0"}

    _client(bob).post(f"{PAGE}finish/", data, headers={"HX-Request": "true"})

    picture.refresh_from_db()
    assert (factories.tags_of(picture), picture.description) == (["cat", "sofa", "window"], "")


@pytest.mark.django_db
def test_a_viewer_leaves_and_saves_nothing(picture: Image, vera: Person) -> None:
    answer = Tab(_client(vera), PAGE).press("Leave")

    assert (answer.status_code, answer.url) == (302, "/")


@pytest.mark.django_db
def test_next_from_a_page_of_an_image_that_is_not_there_is_404(cats: Dataset, picture: Image, bob: Person) -> None:
    answers = [
        _client(bob).post("/datasets/cats/next/", {"image": named, "names": "dog"}).status_code
        for named in ("99", "x", "1" * 40)
    ]

    assert answers == [404, 404, 404]


@pytest.mark.django_db
def test_the_forms_of_list_and_description_carry_their_revision(tab: Tab) -> None:
    found = {
        name: [one.value for one in tab.forms.controls if one.owner == name and one.name == "revision"]
        for name in ("act", "set-list")
    }

    assert found == {"act": ["0"], "set-list": ["0"]}
    assert tab.forms.actions["act"] == f"{PAGE}description/"
    assert tab.forms.actions["set-list"] == f"{PAGE}tags/set/"
