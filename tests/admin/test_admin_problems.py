"""What goes wrong in the admin site is said in its pages, and nothing is half done."""

import pytest

from tagging.errors import Forbidden, Gone, Refused
from tagging.models import Act, Category, Dataset, Image, Membership, Person, State, Tag
from tagging.services import bulk, categories, image_tags, images, people, vocabulary
from tests import factories
from tests.admin import world

pytestmark = pytest.mark.django_db


@pytest.fixture
def cats(db: None) -> Dataset:
    return world.make()


def test_a_stale_list_shows_both_versions_and_a_fresh_revision(cats: Dataset) -> None:
    image_tags.add(world.image(1), "lamp", by=world.person("ada"))

    response = world.post(("image", "one", "tags"), names="my list", revision="0")

    page = response.content.decode()
    assert response.status_code == 409
    assert "changed by somebody else" in page
    assert ">\nmy list</textarea>" in page
    assert "<blockquote>cat, sofa, lamp</blockquote>" in page
    assert 'name="revision" value="1"' in page
    assert factories.tags_of(world.image(1)) == ["cat", "sofa", "lamp"]


def test_a_stale_list_sent_again_as_shown_is_saved(cats: Dataset) -> None:
    image_tags.add(world.image(1), "lamp", by=world.person("ada"))
    world.post(("image", "one", "tags"), names="my list", revision="0")

    response = world.post(("image", "one", "tags"), names="my list", revision="1")

    assert response.status_code == 302
    assert factories.tags_of(world.image(1)) == ["my list"]


def test_a_stale_description_shows_both_versions(cats: Dataset) -> None:
    images.describe(world.image(1), "Hers.", revision=0, by=world.person("ada"))

    response = world.post(("image", "one", "description"), description="Mine.", revision="0")

    page = response.content.decode()
    assert response.status_code == 409
    assert "Mine.</textarea>" in page
    assert "<blockquote>Hers.</blockquote>" in page
    assert world.image(1).description == "Hers."


@pytest.mark.parametrize(
    ("key", "data", "theirs"),
    [
        (("tag", "one", "rename"), {"name": "house cat", "before": "kitty"}, "cat"),
        (("tag", "one", "note"), {"note": "Mine.", "before": "Older."}, "(nothing)"),
        (("category", "one", "look"), {"name_before": "birds"}, "“animals” with hue 3"),
    ],
    ids=["rename", "note", "category"],
)
def test_a_value_that_somebody_else_changed_is_not_overwritten(
    cats: Dataset, key: world.Key, data: dict[str, str], theirs: str
) -> None:
    response = world.post(key, **data)

    assert response.status_code == 409
    assert f"<blockquote>{theirs}</blockquote>" in response.content.decode()
    assert Tag.objects.filter(name="cat", note="").exists()
    assert Category.objects.filter(name="animals", hue=3).exists()


def test_stale_settings_show_both_versions(cats: Dataset) -> None:
    Dataset.objects.update(settings_revision=4, trigger="sks")

    response = world.post(("dataset", "one", "settings"))

    page = response.content.decode()
    assert response.status_code == 409
    assert "<blockquote>trigger: sks</blockquote>" in page
    assert 'value="ohwx"' in page
    assert 'name="revision" value="4"' in page


def test_a_bad_tag_is_refused_with_the_line_kept(cats: Dataset) -> None:
    line = "lamp, " + "x" * 201

    response = world.post(("image", "many", "add-tags"), names=line)

    page = response.content.decode()
    assert response.status_code == 422
    assert f"{line}</textarea>" in page
    assert "over 200" in page
    assert not Tag.objects.filter(name="lamp").exists()


def test_an_image_that_is_not_done_cannot_be_reviewed(cats: Dataset) -> None:
    Image.objects.filter(number=2).update(state="todo")

    response = world.post(("image", "one", "review"))

    assert response.status_code == 409
    assert "only images that are done can be reviewed" in response.content.decode()


def test_a_rename_to_another_tags_name_is_refused(cats: Dataset) -> None:
    response = world.post(("tag", "one", "rename"), name="Dog")

    assert response.status_code == 422
    assert "is another tag already" in response.content.decode()


def test_renaming_needs_one_tag_and_merging_two(cats: Dataset) -> None:
    both = f"{world.tag('cat').pk},{world.tag('dog').pk}"

    renamed = world.post(("tag", "many", "rename"), ids=both)
    merged = world.post(("tag", "many", "merge"), ids=str(world.tag("cat").pk))

    assert (renamed.status_code, merged.status_code) == (422, 422)


def test_a_deleted_tag_cannot_be_changed(cats: Dataset) -> None:
    vocabulary.delete(cats, [world.tag("cat").pk], by=world.person("ada"))

    response = world.post(("tag", "one", "rename"))

    assert response.status_code == 404
    assert "no longer in the vocabulary" in response.content.decode()


def test_staff_who_are_no_owner_may_not_change_settings(cats: Dataset) -> None:
    response = world.post(("dataset", "one", "settings"), by="sam")

    assert response.status_code == 404
    assert Dataset.objects.get().trigger == ""


def test_a_superuser_who_is_no_owner_sees_no_settings_form(cats: Dataset) -> None:
    response = world.as_person("sue").get(f"/admin/tagging/dataset/{cats.pk}/change/")

    assert "Save settings" not in response.content.decode()


def test_more_images_than_one_change_takes_are_refused(cats: Dataset, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bulk, "LARGEST", 2)
    acts = Act.objects.count()
    chosen = {"_selected_action": [world.image(number).pk for number in (1, 2, 3)]}

    asked = world.as_person("sam").post(
        "/admin/tagging/image/", {"action": "finish", "index": "0", **chosen}, follow=True
    )
    response = world.post(("image", "many", "finish"))

    assert "more than 2 images at once" in asked.content.decode()
    assert response.status_code in (302, 422)
    assert Act.objects.count() == acts


def test_a_bulk_change_of_absent_images_changes_none(cats: Dataset) -> None:
    with pytest.raises(Gone):
        bulk.add_tags(cats, [1, 99], "lamp", by=world.person("ada"))

    assert not Tag.objects.filter(name="lamp").exists()


def test_a_tagger_may_not_change_many_images(cats: Dataset) -> None:
    with pytest.raises(Forbidden):
        bulk.add_tags(cats, [1], "lamp", by=world.person("bob"))


def test_removing_an_alias_removes_its_tag(cats: Dataset) -> None:
    vocabulary.merge(cats, [world.tag("kitten").pk], into=world.tag("cat").pk, by=world.person("ada"))

    outcome = bulk.remove_tags(cats, [1, 2], "Kitten, moon", by=world.person("ada"))

    assert outcome.message == "Not in the vocabulary: moon. Removed cat from 2 images."
    assert [factories.tags_of(world.image(number)) for number in (1, 2)] == [["sofa"], []]


def test_removing_unknown_tags_only_is_refused(cats: Dataset) -> None:
    with pytest.raises(Refused, match="Not in the vocabulary: moon"):
        bulk.remove_tags(cats, [1, 2], "moon", by=world.person("ada"))


def test_many_reviewed_images_that_are_edited_are_counted_once(cats: Dataset) -> None:
    for number in (5, 6, 7):
        factories.image(cats, number, state="reviewed")

    outcome = bulk.add_tags(cats, [5, 6, 7], "lamp", by=world.person("ada"))

    assert (
        outcome.message == "Added lamp to 3 images. 3 images had been reviewed; with this change they are done again."
    )
    assert set(Image.objects.filter(number__gte=5).values_list("state", flat=True)) == {"done"}


def test_bulk_review_leaves_what_is_not_done_and_says_so(cats: Dataset) -> None:
    outcome = bulk.set_state(cats, [1, 2, 4], State.REVIEWED, by=world.person("ada"))

    assert outcome.message == (
        "1 image became reviewed. 2 images did not change: only images that are done can be reviewed."
    )


@pytest.mark.parametrize(
    ("name", "hue", "sentence"),
    [("x" * 61, 3, "at most 60"), ("a, b", 3, "comma"), ("animals", 9, "1 to 8"), ("things", 3, "another category")],
)
def test_a_category_that_breaks_a_rule_is_refused(cats: Dataset, name: str, hue: int, sentence: str) -> None:
    Category.objects.create(dataset=cats, name="things", hue=1)
    animals = Category.objects.get(name="animals")

    with pytest.raises(Refused, match=sentence):
        categories.change(cats, animals.pk, name=name, hue=hue, by=world.person("ada"))


def test_a_category_keeps_its_tags_and_the_change_says_both_looks(cats: Dataset) -> None:
    animals = Category.objects.get(name="animals")

    outcome = categories.change(cats, animals.pk, name="beasts", hue=5, by=world.person("ada"))

    change = outcome.act.changes.get()
    both = [{"name": "animals", "hue": 3}, {"name": "beasts", "hue": 5}]
    assert change.detail == {"categories": {str(animals.pk): both}}
    assert Tag.objects.get(category__name="beasts").name == "cat"


def test_nobody_takes_their_own_rights(cats: Dataset) -> None:
    sue = world.person("sue")

    for flag in people.Flag:
        with pytest.raises(Refused):
            people.switch(sue, flag, on=False, by=sue)

    sue.refresh_from_db()
    assert (sue.is_active, sue.is_staff, sue.is_superuser) == (True, True, True)


def test_a_superuser_who_was_demoted_meanwhile_changes_nobody(cats: Dataset) -> None:
    sue = world.person("sue")
    Person.objects.filter(pk=sue.pk).update(is_superuser=False)

    with pytest.raises(Forbidden):
        people.switch(world.person("bob"), people.Flag.SUPERUSER, on=True, by=sue)


def test_the_last_owner_stays(cats: Dataset) -> None:
    factories.person("pia", superuser=True)
    Membership.objects.filter(role="owner").exclude(person__username="ada").delete()
    ada = world.member("ada")

    with pytest.raises(Refused):
        people.change_role(ada, "viewer", by=world.person("sue"))
    with pytest.raises(Refused):
        people.remove_member(ada, by=world.person("sue"))

    assert world.member("ada").role == "owner"


def test_a_member_is_added_once(cats: Dataset) -> None:
    response = world.post(("membership", "new", "add"), person=world.person("bob").pk)

    assert response.status_code == 422
    assert "is a member of" in response.content.decode()
