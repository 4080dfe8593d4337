"""The output folder of the first tagger comes back whole: numbers, names, order, states and vocabulary."""

import json
import shutil
from pathlib import Path

import pytest

from tagging.models import Image, Person, State, Tag
from tests.importing.pictures import png, put
from tests.importing.runs import image, numbers, outcomes, reason, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def output(tmp_path: Path) -> Path:
    """Three of four pictures were tagged in another order than that of their names; the last has no tags yet."""
    source = tmp_path / "imgs"
    put(source, "ant.png", "bee.png", "cow.png", "dog.png")
    made = source / "output"
    made.mkdir()
    processed = {}
    tags = {"cow": "zebra, cow_tag, Ant", "ant": "one\ntwo words\nthree", "bee": ""}
    for number, (name, text) in enumerate(tags.items(), 1):
        copy = made / f"img_{number:03}.png"
        shutil.copy2(source / f"{name}.png", copy)
        copy.with_suffix(".txt").write_text(text)
        processed[str(source / f"{name}.png")] = f"C:\\pics\\output\\{copy.name}"
    (made / "tags.txt").write_text("Ant, cow_tag, three, never used, zebra")
    session = {
        "processed_images": processed,
        "current_position": "2",
        "tags": ["only in the session"],
        "last_updated": "2025-03-01T10:00:00",
        "version": "1.0",
        "stats": {"total_images": 4, "processed_images": 3},
    }
    (made / "session.json").write_text(json.dumps(session))
    (made / "session.bak").write_text("{}")
    return made


def test_output_folder_comes_back_with_its_numbers_and_names(output: Path, owner: Person) -> None:
    result = take(output)

    found = Image.objects.filter(dataset=result.dataset).by_number()
    assert list(found.values_list("number", "name", "first_name", "source_path")) == [
        (1, "cow.png", "cow.png", "img_001.png"),
        (2, "ant.png", "ant.png", "img_002.png"),
        (3, "bee.png", "bee.png", "img_003.png"),
    ]


def test_output_folder_comes_back_with_tags_in_order_and_states(output: Path, owner: Person) -> None:
    result = take(output)

    assert words(result.dataset) == {1: ["zebra", "cow_tag", "Ant"], 2: ["one", "two words", "three"], 3: []}
    states = list(Image.objects.by_number().values_list("state", flat=True))
    assert states == [State.DONE, State.DONE, State.TODO]


def test_output_folder_comes_back_with_its_whole_vocabulary(output: Path, owner: Person) -> None:
    take(output)

    vocabulary = set(Tag.objects.values_list("name", flat=True))
    assert {"never used", "only in the session", "cow_tag", "two words"} <= vocabulary


def test_output_folder_is_accounted_for(output: Path, owner: Person) -> None:
    result = take(output)

    assert outcomes(result) == {
        "img_001.png": "imported",
        "img_001.txt": "caption",
        "img_002.png": "imported",
        "img_002.txt": "caption",
        "img_003.png": "imported",
        "img_003.txt": "caption",
        "session.bak": "skipped",
        "session.json": "skipped",
        "tags.txt": "skipped",
    }


@pytest.mark.parametrize("text", ["Ant, bee", "Ant\nbee", "Ant\nbee\n"])
def test_vocabulary_is_read_in_either_form(output: Path, owner: Person, text: str) -> None:
    (output / "tags.txt").write_text(text)
    (output / "session.json").write_text('{"processed_images": {}}')

    take(output)

    assert set(Tag.objects.values_list("name", flat=True)) >= {"Ant", "bee"}


def test_folder_with_its_output_in_it_brings_each_picture_once(output: Path, owner: Person) -> None:
    result = take(output.parent)

    assert numbers(result.dataset) == {
        "output/img_001.png": 1,
        "output/img_002.png": 2,
        "output/img_003.png": 3,
        "dog.png": 4,
    }
    assert {path for path, outcome in outcomes(result).items() if outcome == "duplicate"} == {
        "ant.png",
        "bee.png",
        "cow.png",
    }


def test_output_folder_read_again_is_unchanged(output: Path, owner: Person) -> None:
    take(output)

    again = take(output)

    assert set(outcomes(again).values()) == {"unchanged", "skipped"}
    assert Image.objects.count() == 3


@pytest.mark.parametrize("text", ["{ broken", "", "\xff\xfe", "[]", '{"processed_images": 3}'])
def test_broken_session_is_said_and_the_rest_is_read(output: Path, owner: Person, text: str) -> None:
    (output / "session.json").write_text(text, encoding="latin-1")

    result = take(output)

    assert any("session.json" in note for note in result.notes)
    assert "session.json" in reason(result, "session.json")
    assert words(result.dataset) == {1: ["zebra", "cow_tag", "Ant"], 2: ["one", "two words", "three"], 3: []}
    assert image(result, 1).state == State.DONE


def test_prefix_of_the_first_tagger_is_kept_where_it_may_be(output: Path, owner: Person) -> None:
    for path in list(output.iterdir()):
        if path.name.startswith("img_"):
            path.rename(output / path.name.replace("img_", "cat2_"))

    result = take(output)

    assert result.dataset is not None
    assert (result.dataset.prefix, sorted(numbers(result.dataset).values())) == ("cat2", [1, 2, 3])


def test_number_that_is_taken_gives_the_next_and_is_said(output: Path, owner: Person) -> None:
    put(output.parent, "other/x.png")
    take(output.parent / "other", dataset="all")

    result = take(output, dataset="all")

    assert numbers(result.dataset) == {"x.png": 1, "img_002.png": 2, "img_003.png": 3, "img_001.png": 4}
    assert reason(result, "img_001.png") == "Number 1 is taken here."


def test_pictures_beside_numbered_ones_come_behind_them(output: Path, owner: Person) -> None:
    (output / "img_007.png").write_bytes(png())
    put(output, "a new one.png")

    result = take(output)

    assert numbers(result.dataset)["a new one.png"] == 8


def test_session_of_another_program_is_any_file(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    (folder / "session.json").write_text('{"cookies": []}')

    result = take(folder)

    assert outcomes(result) == {"a.png": "imported", "session.json": "skipped"}
    assert result.notes == []
