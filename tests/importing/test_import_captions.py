"""What an import reads from the captions beside pictures."""

from pathlib import Path
from typing import Any

import pytest

from tagging.models import Person, Tag
from tests.importing.pictures import caption, put
from tests.importing.runs import image, outcomes, reason, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_import_takes_the_caption_of_a_duplicate_whose_twin_has_none(folder: Path, owner: Person) -> None:
    (first,) = put(folder, "a.png")
    (folder / "b.png").write_bytes(first.read_bytes())
    caption(folder / "b.png", "cat, dog")

    result = take(folder)

    assert (outcomes(result)["b.txt"], words(result.dataset)) == ("caption", {1: ["cat", "dog"]})


def test_import_of_a_second_caption_for_one_picture_is_told(folder: Path, owner: Person) -> None:
    (first,) = put(folder, "a.png")
    (folder / "b.png").write_bytes(first.read_bytes())
    caption(first, "cat")
    caption(folder / "b.png", "dog")

    result = take(folder)

    assert (outcomes(result)["b.txt"], words(result.dataset)) == ("skipped", {1: ["cat"]})


@pytest.mark.parametrize("dry", [True, False], ids=["dry run", "real run"])
def test_second_caption_for_one_picture_names_the_image_by_its_number(folder: Path, owner: Person, dry: bool) -> None:
    (_, first) = put(folder, "a.png", "b.png")
    (folder / "c.png").write_bytes(first.read_bytes())
    caption(first, "cat")
    caption(folder / "c.png", "dog")

    result = take(folder, dry_run=dry)

    assert reason(result, "c.txt") == (
        "Its picture is the same as image 2, which has another file's caption already: it was not read."
    )
    assert {line["path"]: line["number"] for line in result.report.plain()}["c.txt"] == 2


@pytest.mark.parametrize(
    "raw",
    [b"cat, \0dog", bytes(range(128, 160)) + b"\x01\x02, cat", b"\x7fELF\x02\x01\x01 and more", b"\0" * 40],
    ids=["a NUL", "noise", "a program", "nothing but NULs"],
)
def test_import_of_a_caption_that_is_no_text_is_told(folder: Path, owner: Person, raw: bytes) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, raw)

    result = take(folder)

    assert (outcomes(result), words(result.dataset)) == ({"a.png": "imported", "a.txt": "skipped"}, {1: []})
    assert reason(result, "a.txt") == "It is not text, or text of a kind that is not read: save it as UTF-8."


@pytest.mark.parametrize(
    "raw",
    [b"cat, dog\x1a", "cat, dog".encode("utf-16"), b"\xef\xbb\xbfcat,\tdog\r\n"],
    ids=["an old end of file", "utf-16", "tabs and line breaks"],
)
def test_import_of_a_caption_with_marks_that_texts_have_is_read(folder: Path, owner: Person, raw: bytes) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, raw)

    result = take(folder)

    assert words(result.dataset) == {1: ["cat", "dog"]}


def test_import_reads_captions_in_their_order(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "zebra, cat, Zebra, ant")

    result = take(folder)

    assert words(result.dataset) == {1: ["zebra", "cat", "ant"]}
    assert outcomes(result) == {"a.png": "imported", "a.txt": "caption"}


def test_import_reads_descriptions(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "A cat sits in the sun.\nIt sleeps.\n")

    result = take(folder)

    made = image(result, 1)
    assert (made.description, made.tag_count) == ("A cat sits in the sun. It sleeps.", 0)


@pytest.mark.parametrize(
    "raw",
    [
        b"\xef\xbb\xbfcaf\xc3\xa9, cat",
        "café, cat".encode("utf-16"),
        b"caf\xe9, cat",
    ],
    ids=["utf-8 with mark", "utf-16", "windows-1252"],
)
def test_import_reads_captions_in_any_letters(folder: Path, owner: Person, raw: bytes) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, raw)

    result = take(folder)

    assert words(result.dataset) == {1: ["café", "cat"]}


def test_import_reads_one_tag_a_line_and_a_name_with_two_endings(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    (folder / "a.png.txt").write_text("long hair\ncat\nmiku \\(vocaloid\\)\n")

    result = take(folder)

    assert words(result.dataset) == {1: ["long hair", "cat", "miku (vocaloid)"]}


def test_import_reads_captions_of_another_ending(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    (folder / "a.caption").write_text("cat")
    (folder / "a.txt").write_text("dog")

    result = take(folder, caption_ext=".caption")

    assert (words(result.dataset), outcomes(result)["a.txt"]) == ({1: ["cat"]}, "skipped")


@pytest.mark.parametrize(
    ("options", "tags", "description"),
    [
        ({"captions": "tags"}, ["A cat", "a dog."], ""),
        ({"captions": "description"}, [], "A cat, a dog. Two"),
        ({"captions": "tags", "separator": "newline"}, ["Two"], ""),
    ],
    ids=["tags", "description", "newline"],
)
def test_import_reads_captions_as_told(
    folder: Path, owner: Person, options: dict[str, Any], tags: list[str], description: str
) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "A cat, a dog.\nTwo")

    result = take(folder, **options)

    assert (words(result.dataset), image(result, 1).description) == ({1: tags}, description)


def test_import_gives_pictures_of_one_stem_the_same_caption(folder: Path, owner: Person) -> None:
    put(folder, "a.jpg", "a.png", "a.webp")
    (folder / "a.txt").write_text("cat")
    (folder / "a.webp.txt").write_text("dog")

    result = take(folder)

    assert words(result.dataset) == {1: ["cat"], 2: ["cat"], 3: ["dog"]}
    assert sorted(outcomes(result).values()) == ["caption", "caption", "imported", "imported", "imported"]


def test_import_tells_of_captions_without_a_picture(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    (folder / "b.txt").write_text("dog")
    (folder / "c.png").write_bytes(b"no picture")
    (folder / "c.txt").write_text("fish")

    result = take(folder)

    assert outcomes(result) == {"a.png": "imported", "b.txt": "skipped", "c.png": "skipped", "c.txt": "skipped"}
    assert not Tag.objects.filter(name="fish").exists()


def test_import_drops_bad_tags_and_says_so(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat, " + "x" * 201 + ", dog\nfish")

    result = take(folder, captions="tags")

    assert words(result.dataset) == {1: ["cat", "dog"]}
    assert "200" in reason(result, "a.txt")
    assert "line after the first" in reason(result, "a.txt")


def test_import_tells_of_a_caption_that_is_too_long(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "word " * 1200 + ".")

    result = take(folder)

    assert (outcomes(result)["a.txt"], image(result, 1).description) == ("skipped", "")
    assert "5,000" in reason(result, "a.txt")


def test_import_leaves_the_trigger_out_and_counts_it(folder: Path, owner: Person) -> None:
    for picture in put(folder, "a.png", "b.png"):
        caption(picture, "OHWX, cat")

    result = take(folder, trigger="ohwx")

    assert (words(result.dataset), result.totals["trigger"]) == ({1: ["cat"], 2: ["cat"]}, 2)


def test_import_gives_a_new_tag_its_commonest_spelling(folder: Path, owner: Person) -> None:
    for picture, text in zip(
        put(folder, "a.png", "b.png", "c.png"), ["long_hair", "Long Hair", "Long Hair"], strict=True
    ):
        caption(picture, text)

    result = take(folder)

    assert set(map(tuple, words(result.dataset).values())) == {("Long Hair",)}
    assert result.spellings == 1


def test_import_counts_what_captions_were_read_as(folder: Path, owner: Person) -> None:
    for picture, text in zip(put(folder, "a.png", "b.png", "c.png"), ["cat, dog", "A cat sits.", ""], strict=True):
        caption(picture, text)

    result = take(folder)

    assert (result.counts["captions_as_tags"], result.counts["captions_as_description"]) == (1, 1)
    assert outcomes(result)["c.txt"] == "caption"


def test_import_offers_a_kohya_concept_as_trigger(folder: Path, owner: Person) -> None:
    put(folder, "10_ohwx woman/a.png")

    result = take(folder)

    assert result.concepts == [("10_ohwx woman", 10, "ohwx woman")]
    assert any('--trigger "ohwx woman"' in line for line in result.details)
