import uuid

import pytest

from tagging.errors import Forbidden, Gone, Refused, Stale
from tagging.models import Act, Change, Dataset, Entry, Image, ImageTag, Person, Tag
from tagging.services import image_tags, images, vocabulary
from tests import factories


def test_adding_tags_records_one_act_with_its_change_and_entry(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)

    outcome = image_tags.add(picture, "cat, tabby", by=bob)

    change = Change.objects.get(act=outcome.act)
    entry = Entry.objects.get(change=change)
    assert factories.tags_of(picture) == ["cat", "tabby"]
    assert change.seq == outcome.seq == 2
    assert [entry.tags_before, len(entry.tags_after or [])] == [[], 2]


def test_adding_behind_a_neighbour_keeps_the_others_in_order(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats, tags=["a", "b", "c"])

    image_tags.add(picture, "x, y", by=bob, after=Tag.objects.get(name="a").pk)

    assert factories.tags_of(picture) == ["a", "x", "y", "b", "c"]
    assert list(picture.image_tags.order_by("position").values_list("position", flat=True)) == [0, 1, 2, 3, 4]


def test_the_same_op_has_one_effect(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)
    op = uuid.uuid4()

    first = image_tags.add(picture, "cat", by=bob, op=op)
    image_tags.remove(picture, Tag.objects.get(name="cat").pk, by=bob)
    again = image_tags.add(picture, "cat", by=bob, op=op)

    assert factories.tags_of(picture) == []
    assert (again.again, again.message, again.seq) == (True, first.message, first.seq)


def test_another_payload_under_a_used_op_is_stale(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)
    op = uuid.uuid4()
    image_tags.add(picture, "cat", by=bob, op=op)

    with pytest.raises(Stale):
        image_tags.add(picture, "dog", by=bob, op=op)

    assert factories.tags_of(picture) == ["cat"]


def test_an_act_that_changes_nothing_is_kept_without_a_change(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats, tags=["cat"])
    before = factories.changes(cats)

    outcome = image_tags.add(picture, "Cat", by=bob)

    assert factories.changes(cats) == before
    assert Act.objects.filter(pk=outcome.act.pk).exists()
    assert outcome.message == "Already there: cat."


def test_a_viewer_may_not_tag_and_a_stranger_sees_nothing(cats: Dataset, vera: Person, eve: Person) -> None:
    picture = factories.image(cats)

    with pytest.raises(Forbidden):
        image_tags.add(picture, "cat", by=vera)
    with pytest.raises(Gone):
        image_tags.add(picture, "cat", by=eve)

    assert factories.tags_of(picture) == []


def test_a_bad_tag_refuses_the_whole_line_and_keeps_it(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)
    line = "cat, " + "x" * 201

    with pytest.raises(Refused) as refused:
        image_tags.add(picture, line, by=bob)

    assert refused.value.typed == line
    assert Tag.objects.count() == 0


def test_the_trigger_is_not_stored_as_a_tag(cats: Dataset, bob: Person) -> None:
    cats.trigger = "ohwx"
    cats.save()
    picture = factories.image(cats)

    outcome = image_tags.add(picture, "Ohwx, cat", by=bob)

    assert factories.tags_of(picture) == ["cat"]
    assert "trigger word" in outcome.message


def test_an_edit_of_a_reviewed_image_makes_it_done_again(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats, state="reviewed")

    outcome = image_tags.add(picture, "cat", by=bob)

    cats.refresh_from_db()
    assert Image.objects.get(pk=picture.pk).state == "done"
    assert (cats.done_count, cats.reviewed_count) == (1, 0)
    assert "done again" in outcome.message


def test_a_stale_list_is_refused_with_both_versions(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats, tags=["a"])
    image_tags.add(picture, "b", by=bob)

    with pytest.raises(Stale) as stale:
        image_tags.set_all(picture, "c", revision=0, by=bob)

    assert (stale.value.mine, stale.value.theirs) == ("c", "a, b")
    assert factories.tags_of(picture) == ["a", "b"]


def test_a_merge_keeps_place_author_and_count(cats: Dataset, ada: Person, bob: Person) -> None:
    picture = factories.image(cats)
    image_tags.add(picture, "kitty, sofa", by=bob)
    other = factories.image(cats, tags=["kitty", "cat"])
    kitty, cat = Tag.objects.get(name="kitty"), Tag.objects.get(name="cat")

    vocabulary.merge(cats, [kitty.pk], into=cat.pk, by=ada)

    cat.refresh_from_db()
    assert factories.tags_of(picture) == ["cat", "sofa"]
    assert factories.tags_of(other) == ["cat"]
    assert cat.use_count == 2
    assert ImageTag.objects.get(image=picture, tag=cat).added_by == bob


def test_an_alias_typed_becomes_its_tag(cats: Dataset, ada: Person, bob: Person) -> None:
    picture = factories.image(cats, tags=["kitty"])
    cat = factories.tag(cats, "cat")
    vocabulary.merge(cats, [Tag.objects.get(name="kitty").pk], into=cat.pk, by=ada)
    other = factories.image(cats)

    image_tags.add(other, "Kitty", by=bob)

    assert factories.tags_of(other) == ["cat"]
    assert factories.tags_of(picture) == ["cat"]


def test_renaming_by_case_alone_keeps_the_tag(cats: Dataset, ada: Person) -> None:
    picture = factories.image(cats, tags=["miku hatsune"])
    tag = Tag.objects.get()

    vocabulary.rename(cats, tag.pk, name="Miku Hatsune", by=ada)

    assert factories.tags_of(picture) == ["Miku Hatsune"]
    assert Tag.objects.get().pk == tag.pk


def test_a_deleted_tag_comes_back_as_the_same_one(cats: Dataset, ada: Person, bob: Person) -> None:
    picture = factories.image(cats, tags=["cat"])
    tag = Tag.objects.get()
    vocabulary.delete(cats, [tag.pk], by=ada)

    image_tags.add(picture, "CAT", by=bob)

    assert list(picture.image_tags.values_list("tag", flat=True)) == [tag.pk]
    assert factories.tags_of(picture) == ["cat"]


def test_only_done_images_are_reviewed(cats: Dataset, ada: Person) -> None:
    picture = factories.image(cats)

    with pytest.raises(Stale):
        images.review(picture, by=ada)

    assert Image.objects.get(pk=picture.pk).state == "todo"


def test_a_description_carries_its_own_revision(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)
    images.describe(picture, "A cat.", revision=0, by=bob)

    with pytest.raises(Stale) as stale:
        images.describe(picture, "A dog.", revision=0, by=bob)

    assert stale.value.theirs == "A cat."


def test_a_new_category_is_recorded_with_its_change(cats: Dataset, ada: Person) -> None:
    tag = factories.tag(cats, "cat")

    outcome = vocabulary.categorise(cats, [tag.pk], category="subject", by=ada)

    tag.refresh_from_db()
    assert tag.category is not None
    change = Change.objects.get(act=outcome.act)
    assert change.detail["categories"] == {str(tag.category.pk): [None, {"name": "subject", "hue": 1}]}


def test_a_decision_is_no_edit_of_the_words(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)

    images.finish(picture, by=bob)

    picture.refresh_from_db()
    assert picture.edited_at is None


def test_a_rename_onto_a_taken_name_says_what_can_be_done(cats: Dataset, ada: Person) -> None:
    cat, kitty, gone = (factories.tag(cats, name) for name in ("cat", "kitty", "gone"))
    vocabulary.merge(cats, [kitty.pk], into=cat.pk, by=ada)
    vocabulary.delete(cats, [gone.pk], by=ada)
    sofa = factories.tag(cats, "sofa")
    said = {}

    for name in ("Kitty", "gone", "sofa"):
        with pytest.raises(Refused) as refused:
            vocabulary.rename(cats, cat.pk, name=name, by=ada)
        said[name] = refused.value.sentence

    assert "another spelling of this tag" in said["Kitty"]
    assert "was deleted" in said["gone"]
    assert "Merge the two" in said["sofa"]
    assert Tag.objects.get(pk=sofa.pk).name == "sofa"


def test_a_line_of_very_many_tags_is_refused(cats: Dataset, bob: Person) -> None:
    picture = factories.image(cats)

    with pytest.raises(Refused):
        image_tags.add(picture, ", ".join(f"tag {number}" for number in range(501)), by=bob)

    assert factories.tags_of(picture) == []
