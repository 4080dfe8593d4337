"""A folder written by an export comes back without loss, and what people changed in it counts."""

import json
import shutil
from pathlib import Path

import pytest
from django.core.management import call_command

from tagging.models import Dataset, Image, ImageTag, Person, State, Tag
from tagging.services import image_tags, images
from tests import factories
from tests.importing.pictures import png, put
from tests.importing.runs import image, numbers, outcomes, reason, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def export(folder: Path, owner: Person, tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export of images 1 (tags and description), 2 (a description) and 4 (tags); its dataset is forgotten then."""
    monkeypatch.setattr("tagging.management.commands.export_dir.make_ready", lambda: None)
    put(folder, "one.png", "two.jpg", "three.png", "four.png")
    taken = take(folder, trigger="ohwx", prefix="pic", name="Ada's cats")
    assert taken.dataset is not None
    by_name = {made.name: made for made in Image.objects.filter(dataset=taken.dataset)}
    image_tags.add(by_name["four.png"], "zebra, cat", by=owner)
    images.describe(by_name["four.png"], "A zebra, and a cat.", revision=0, by=owner)
    images.describe(by_name["two.jpg"], "Nothing to see.", revision=0, by=owner)
    image_tags.add(by_name["one.png"], "cat", by=owner)
    images.finish(by_name["one.png"], by=owner)
    images.reject(by_name["three.png"], by=owner)
    cat = Tag.objects.get(name="cat")
    cat.category = taken.dataset.categories.create(name="animals", hue=3)
    cat.note = "with fur"
    cat.save()
    factories.tag(taken.dataset, "kitty", alias_of=cat)
    factories.tag(taken.dataset, "unused")
    call_command("export_dir", str(tmp_path / "out"), dataset="cats", verbosity=0)
    ImageTag.objects.all().delete()
    Dataset.objects.all().delete()
    shutil.rmtree(data_dir)
    return tmp_path / "out"


def caption_of(export: Path, first_name: str) -> Path:
    found = json.loads((export / "manifest.json").read_text())["images"]
    return export / next(Path(each["name"]).stem for each in found if each["first_name"] == first_name)


def test_export_comes_back_with_settings_numbers_and_states(export: Path) -> None:
    result = take(export)

    dataset = result.dataset
    assert dataset is not None
    assert (dataset.slug, dataset.name, dataset.prefix, dataset.trigger) == ("cats", "Ada's cats", "pic", "ohwx")
    found = Image.objects.filter(dataset=dataset).by_number().values_list("number", "name", "state")
    assert list(found) == [
        (1, "four.png", State.TODO),
        (2, "one.png", State.DONE),
        (4, "two.jpg", State.TODO),
    ]


def test_export_comes_back_with_tags_and_descriptions(export: Path) -> None:
    result = take(export)

    assert words(result.dataset) == {1: ["zebra", "cat"], 2: ["cat"], 4: []}
    assert (image(result, 1).description, image(result, 4).description) == ("A zebra, and a cat.", "Nothing to see.")


def test_export_comes_back_with_its_whole_vocabulary(export: Path) -> None:
    take(export)

    rows = Tag.objects.order_by("name").values_list("name", "category__name", "category__hue", "note", "alias_of__name")
    assert list(rows) == [
        ("cat", "animals", 3, "with fur", None),
        ("kitty", None, None, "", "cat"),
        ("unused", None, None, "", None),
        ("zebra", None, None, "", None),
    ]


def test_export_keeps_the_first_name_and_bytes_of_each_picture(export: Path) -> None:
    said = json.loads((export / "manifest.json").read_text())["images"]

    result = take(export)

    kept = Image.objects.filter(dataset=result.dataset).by_number().values_list("first_name", "first_sha256")
    assert list(kept) == [(each["first_name"], each["first_sha256"]) for each in said]


def test_export_read_again_is_unchanged(export: Path) -> None:
    take(export)

    again = take(export)

    assert set(outcomes(again).values()) == {"unchanged", "skipped"}
    assert Image.objects.count() == 3


def test_export_beside_its_dataset_makes_one_after_the_folder(export: Path, tmp_path: Path) -> None:
    take(export)
    shutil.copytree(export, tmp_path / "copy")

    result = take(tmp_path / "copy")

    assert result.slug == "copy"


def test_export_read_into_its_own_dataset_brings_nothing_twice(export: Path, tmp_path: Path) -> None:
    take(export)
    shutil.copytree(export, tmp_path / "copy")
    for path in list((tmp_path / "copy").glob("pic_001.*")):
        path.unlink()

    result = take(tmp_path / "copy", dataset="cats")

    assert (Image.objects.count(), result.report.counts["imported"]) == (3, 0)


def test_caption_edited_after_the_export_counts_and_is_said(export: Path) -> None:
    edited = caption_of(export, "one.png").with_suffix(".txt")
    edited.write_text("ohwx, tom cat, cat")

    result = take(export)

    assert words(result.dataset)[2] == ["tom cat", "cat"]
    assert "changed after the export" in reason(result, edited.name)


@pytest.mark.parametrize(
    ("text", "tags", "description"),
    [
        ("ohwx, zebra, dog, A zebra, and a cat.", ["zebra", "dog"], "A zebra, and a cat."),
        ("ohwx, zebra, cat, A zebra alone.", ["zebra", "cat"], "A zebra alone."),
        ("A zebra, and a cat.", [], "A zebra, and a cat."),
        ("ohwx, dog, fish", ["dog", "fish"], ""),
    ],
    ids=["other tags", "another description", "no tags", "all anew"],
)
def test_edited_caption_tells_which_half_was_changed(
    export: Path, text: str, tags: list[str], description: str
) -> None:
    caption_of(export, "four.png").with_suffix(".txt").write_text(text)

    result = take(export)

    assert (words(result.dataset)[1], image(result, 1).description) == (tags, description)


def test_caption_edited_after_the_import_is_read_by_the_next(export: Path) -> None:
    take(export)
    caption_of(export, "one.png").with_suffix(".txt").write_text("ohwx, dog")

    again = take(export)

    assert words(again.dataset)[2] == ["dog"]


def test_picture_changed_after_the_export_is_its_own_first_file(export: Path) -> None:
    picture = caption_of(export, "one.png").with_suffix(".png")
    picture.write_bytes(png())

    result = take(export)

    made = image(result, 2)
    assert (made.first_sha256, words(result.dataset)[2]) == (made.sha256, ["cat"])
    assert "not the one that was exported" in reason(result, picture.name)


def test_pictures_added_to_an_export_come_behind(export: Path) -> None:
    put(export, "a new one.png")

    result = take(export)

    assert numbers(result.dataset)["a new one.png"] == 5


def test_manifest_written_by_hand_brings_what_a_dataset_can_hold(export: Path) -> None:
    manifest = json.loads((export / "manifest.json").read_text())
    manifest["vocabulary"][0] |= {"category": "x" * 99, "hue": 99}
    (export / "manifest.json").write_text(json.dumps(manifest))

    take(export)

    assert Tag.objects.get(name="cat").category_id is not None
    assert list(Dataset.objects.get().categories.values_list("name", "hue")) == [("x" * 60, 1)]


def test_manifest_written_by_hand_brings_texts_as_a_person_could_type_them(export: Path) -> None:
    manifest = json.loads((export / "manifest.json").read_text())
    manifest["vocabulary"][0] |= {"category": " pets\n\u202eand ", "note": "two\nlines" + "x" * 9000}
    (export / "manifest.json").write_text(json.dumps(manifest))

    take(export)

    cat = Tag.objects.select_related("category").get(name="cat")
    assert cat.category is not None
    assert (cat.category.name, cat.note[:12], len(cat.note)) == ("pets and", "two linesxxx", 5000)


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("a\n\u202eb.png", r"a\x0a\u202eb.png"),
        (r"two  blanks \xff\u202e.png", r"two  blanks \xff\u202e.png"),
        ("e\u0301.png", "e\u0301.png"),
        ("x" * 5000, "x" * 1020),
    ],
    ids=["hidden", "escaped", "letters apart", "long"],
)
def test_first_name_is_kept_safe_to_show(export: Path, said: str, kept: str) -> None:
    manifest = json.loads((export / "manifest.json").read_text())
    manifest["images"][0]["first_name"] = said
    (export / "manifest.json").write_text(json.dumps(manifest))

    result = take(export)

    assert image(result, 1).first_name == kept


def test_damaged_manifest_is_said_and_the_rest_is_read(export: Path) -> None:
    whole = (export / "manifest.json").read_text()
    (export / "manifest.json").write_text(whole[: len(whole) // 2])

    result = take(export)

    assert "manifest.json is damaged" in result.notes[0]
    assert result.report.counts["imported"] == 3


def test_export_inside_a_folder_is_not_read(export: Path, folder: Path) -> None:
    shutil.move(export, folder / "out")

    result = take(folder)

    assert outcomes(result)["out"] == "skipped"
    assert (result.report.counts["imported"], len(result.report.entries)) == (4, 5)


def test_damaged_export_inside_a_folder_is_not_read_either(export: Path, folder: Path) -> None:
    whole = (export / "manifest.json").read_text()
    (export / "manifest.json").write_text(whole[:200])
    shutil.move(export, folder / "out")

    result = take(folder)

    assert outcomes(result)["out"] == "skipped"


def test_manifest_of_another_program_is_any_file(folder: Path, owner: Person) -> None:
    put(folder, "site/a.png")
    (folder / "site/manifest.json").write_text('{"name": "a web page"}')

    result = take(folder)

    assert outcomes(result) == {"site/a.png": "imported", "site/manifest.json": "skipped"}
