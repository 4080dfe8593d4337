"""What becomes of the files of an ordinary folder."""

import logging
import os
import stat
from pathlib import Path
from typing import Any

import pytest

from tagging.models import Act, Change, ImageTag, Import, Kind, Membership, Origin, Person, State, Tag
from tagging.services.importing import recorder
from tagging.services.importing.options import Options
from tagging.services.importing.reading import Answer
from tagging.services.importing.run import Listener
from tagging.storage import OriginalStorage
from tests.importing import pictures, runs
from tests.importing.pictures import caption, drawn, encoded, put
from tests.importing.runs import image, numbers, outcomes, reason, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_import_numbers_pictures_in_natural_order(folder: Path, owner: Person) -> None:
    put(folder, "img10.png", "img2.png", "a/1.jpg", "Z.webp")

    result = take(folder)

    assert numbers(result.dataset) == {"a/1.jpg": 1, "img2.png": 2, "img10.png": 3, "Z.webp": 4}


def test_import_makes_a_dataset_after_the_folder(tmp_path: Path, owner: Person) -> None:
    put(tmp_path, "My Cats/a.png")

    dataset = take(tmp_path / "My Cats").dataset

    assert dataset is not None
    assert (dataset.slug, dataset.name, dataset.prefix, dataset.trigger) == ("my-cats", "My Cats", "img", "")
    assert list(Membership.objects.filter(dataset=dataset).values_list("person__username", "role")) == [
        ("ada", "owner")
    ]


def test_import_takes_name_prefix_and_trigger_as_asked(folder: Path, owner: Person) -> None:
    put(folder, "a.png")

    dataset = take(folder, dataset="kitties", name="Kitties", prefix="cat", trigger="ohwx").dataset

    assert dataset is not None
    assert (dataset.slug, dataset.name, dataset.prefix, dataset.trigger) == ("kitties", "Kitties", "cat", "ohwx")


def test_import_keeps_the_original_and_a_thumbnail(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    before = picture.read_bytes()

    made = image(take(folder), 1)

    storage = OriginalStorage()
    with storage.open(storage.original_name(made.sha256, "png")) as original:
        assert original.read() == before
    assert storage.exists(storage.rendition_name(made.sha256, "thumb", "webp"))


def test_import_leaves_no_unfinished_file(folder: Path, owner: Person, data_dir: Path) -> None:
    put(folder, "a.png", "b.png")
    (folder / "c.png").write_bytes((folder / "a.png").read_bytes())

    take(folder)

    assert [path.name for path in (data_dir / "incoming").rglob("*")] == []


@pytest.mark.parametrize("name", ["a.jpg", "a.jfif", "a.png", "a.webp", "a.bmp", "a.gif", "a.tiff", "a.avif"])
def test_import_reads_each_format(folder: Path, owner: Person, name: str) -> None:
    put(folder, name)

    result = take(folder)

    assert outcomes(result) == {name: "imported"}


def test_import_goes_by_content_and_not_by_name(folder: Path, owner: Person) -> None:
    (folder / "a.png").write_bytes(encoded(drawn(), "JPEG"))
    (folder / "b.txt").write_bytes(pictures.png())
    (folder / "c").write_bytes(pictures.png())

    result = take(folder)

    assert outcomes(result) == {"a.png": "imported", "b.txt": "imported", "c": "imported"}
    assert reason(result, "a.png") == "Its content is JPEG, whatever its name says."


def test_import_says_that_an_animation_gave_its_first_frame(folder: Path, owner: Person) -> None:
    (folder / "a.gif").write_bytes(encoded(drawn(), "GIF", save_all=True, append_images=[drawn()]))

    result = take(folder)

    assert outcomes(result) == {"a.gif": "imported"}
    assert "first" in reason(result, "a.gif")


def test_import_skips_what_is_no_usable_picture_and_says_why(folder: Path, owner: Person) -> None:
    good = pictures.png((64, 64))
    (folder / "cut.png").write_bytes(good[: len(good) // 2])
    (folder / "drawing.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    (folder / "empty.jpg").write_bytes(b"")
    (folder / "letter.pdf").write_bytes(b"%PDF-1.7")
    (folder / "tiny.png").write_bytes(pictures.png((15, 40)))
    put(folder, "well.png")

    result = take(folder)

    assert numbers(result.dataset) == {"well.png": 1}
    assert [entry.outcome for entry in result.report.entries if not entry.reason] == ["imported"]


def test_import_applies_the_limit_on_pixels(folder: Path, owner: Person, settings: object) -> None:
    settings.TAGGER_MAX_PIXELS = 1000  # type: ignore[attr-defined]
    (folder / "big.png").write_bytes(pictures.png((100, 100)))
    (folder / "small.png").write_bytes(pictures.png((20, 20)))

    result = take(folder)

    assert outcomes(result) == {"big.png": "skipped", "small.png": "imported"}


def test_import_names_the_image_that_a_duplicate_equals(folder: Path, owner: Person) -> None:
    put(folder, "a.png", "b.png")
    (folder / "sub").mkdir()
    (folder / "sub/copy of b.png").write_bytes((folder / "b.png").read_bytes())

    result = take(folder)

    twin = next(entry for entry in result.report.entries if entry.outcome == "duplicate")
    assert (twin.path, twin.plain()["number"], twin.sentence) == (
        b"sub/copy of b.png",
        2,
        "It is the same picture as image 2.",
    )


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


def test_import_records_one_act_with_its_numbers(folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagging.services.importing.run.MOST_ROWS", 3)
    put(folder, *(f"{n}.png" for n in range(5)))

    dataset = take(folder).dataset

    act = Act.objects.get(dataset=dataset, kind=Kind.IMPORT)
    changes = Change.objects.filter(act=act).order_by("seq")
    assert [change.detail["numbers"] for change in changes] == [[1, 3], [4, 5]]


def test_import_moves_every_counter(folder: Path, owner: Person) -> None:
    for picture in put(folder, "a.png", "b.png"):
        caption(picture, "cat, dog")

    dataset = take(folder).dataset

    assert dataset is not None
    dataset.refresh_from_db()
    assert (dataset.todo_count, dataset.last_number, dataset.image_count) == (2, 2, 2)
    assert dict(Tag.objects.filter(dataset=dataset).values_list("name", "use_count")) == {"cat": 2, "dog": 2}
    assert list(dataset.images.values_list("tag_count", flat=True)) == [2, 2]


def test_import_is_the_origin_of_its_tags(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat")

    take(folder)

    place = ImageTag.objects.get()
    assert (place.origin, place.added_by, place.position) == (Origin.IMPORT, None, 0)


def test_import_writes_nothing_into_the_folder(folder: Path, owner: Person) -> None:
    for picture in put(folder, "a.png", "sub/b.jpg"):
        caption(picture, "cat")
    before = manifest(folder)

    take(folder)

    assert manifest(folder) == before


def manifest(folder: Path) -> list[tuple[str, int, int, int, int, bytes]]:
    """All that could change of each entry."""
    found = []
    for path in sorted([folder, *folder.rglob("*")]):
        about = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(about.st_mode) else b""
        found.append((str(path), about.st_mode, about.st_size, about.st_mtime_ns, about.st_nlink, content))
    return found


def test_import_accounts_for_every_entry_once(folder: Path, owner: Person) -> None:
    put(folder, "a.png", "sub/b.png", ".hidden/c.png")
    caption(folder / "a.png", "cat")
    (folder / "notes.md").write_text("# notes")

    result = take(folder)

    assert list(outcomes(result)) == [".hidden", "a.png", "a.txt", "notes.md", "sub/b.png"]
    assert sum(result.report.counts.values()) == len(result.report.entries) == 5


def test_import_report_says_size_number_and_exact_path(folder: Path, owner: Person) -> None:
    (folder / os.fsdecode(b"\xff.png")).write_bytes(pictures.png((40, 30)))

    (line,) = take(folder).report.plain()

    assert line == {
        "path": "\ufffd.png",
        "path_b64": "/y5wbmc=",
        "outcome": "imported",
        "reason": "",
        "number": 1,
        "width": 40,
        "height": 30,
    }


def test_import_stores_any_name_as_text(folder: Path, owner: Person) -> None:
    names = [b"new\nline.png", b"<script>alert(1)</script>.png".replace(b"/", b"-"), b"\xff\xfe.png"]
    for name in names:
        (folder / os.fsdecode(name)).write_bytes(pictures.png())

    result = take(folder)

    assert list(numbers(result.dataset)) == ["<script>alert(1)<-script>.png", r"new\x0aline.png", r"\xff\xfe.png"]


def test_import_row_tells_what_became_of_it(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    (folder / "notes.md").write_text("# notes")

    result = take(folder)

    row = Import.objects.get(dataset=result.dataset)
    assert (row.state, row.person, row.folder, row.total, row.read) == ("finished", owner, str(folder), 2, 2)
    assert (row.counts["imported"], row.counts["skipped"]) == (1, 1)
    assert row.report == [
        {"path": "notes.md", "outcome": "skipped", "reason": "It is a text file, not a picture.", "number": None}
    ]
    assert row.finished_at is not None


def test_import_report_kept_for_the_page_is_bounded(
    folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagging.services.importing.report.MOST_KEPT", 2)
    put(folder, "well.png")
    for number in range(5):
        (folder / f"{number}.md").write_text("notes")

    result = take(folder)

    assert len(Import.objects.get(dataset=result.dataset).report) == 2


def test_import_of_an_empty_folder_makes_nothing_and_says_so(folder: Path, owner: Person) -> None:
    result = take(folder)

    assert (result.dataset, Import.objects.count()) == (None, 0)
    assert result.line == "The folder is empty: nothing was imported, and nothing is ever removed."


def test_import_that_is_stopped_keeps_what_was_done_and_goes_on_later(
    folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tagging.services.importing.run.MOST_ROWS", 3)
    put(folder, *(f"{n}.png" for n in range(5)))
    settled: list[object] = []

    result = take(folder, Listener(settled=settled.append, stopped=lambda: len(settled) >= 3))
    whole = take(folder)

    assert (result.stopped, result.report.counts["imported"], len(result.report.entries)) == (True, 3, 5)
    assert list(numbers(whole.dataset).values()) == [1, 2, 3, 4, 5]
    assert list(Import.objects.order_by("pk").values_list("state", flat=True)) == ["stopped", "finished"]


def test_import_tells_of_files_that_vanish_and_goes_on(folder: Path, owner: Person) -> None:
    for picture in put(folder, "a.png", "b.png", "c.png"):
        caption(picture, "cat")

    def vanish() -> bool:
        (folder / "a.txt").unlink(missing_ok=True)
        (folder / "b.png").unlink(missing_ok=True)
        return False

    result = take(folder, Listener(stopped=vanish))

    assert outcomes(result) == {
        "a.png": "imported",
        "a.txt": "skipped",
        "b.png": "skipped",
        "b.txt": "skipped",
        "c.png": "imported",
        "c.txt": "caption",
    }
    assert (reason(result, "a.txt"), reason(result, "b.png")) == ("It is no longer there.", "It is no longer there.")


def test_import_does_not_follow_what_became_a_link_meanwhile(folder: Path, owner: Person, tmp_path: Path) -> None:
    put(tmp_path, "secret.png")
    for picture in put(folder, "a.png", "b.png"):
        caption(picture, "cat")
    (tmp_path / "secret.txt").write_text("secret")

    def replace() -> bool:
        for name in ("a.png", "b.txt"):
            (folder / name).unlink()
            (folder / name).symlink_to((tmp_path / "secret.png").with_suffix(Path(name).suffix))
        return False

    result = take(folder, Listener(stopped=replace))

    assert {path for path, outcome in outcomes(result).items() if outcome == "skipped"} == {"a.png", "a.txt", "b.txt"}
    assert reason(result, "a.png") == "It leads out of the folder, and nothing out there is read."


def test_import_that_is_stopped_at_once_makes_nothing(folder: Path, owner: Person) -> None:
    put(folder, "a.png")

    result = take(folder, Listener(stopped=lambda: True))

    assert (result.stopped, result.dataset, Import.objects.count()) == (True, None, 0)


def test_import_logs_a_fault_of_its_own_and_goes_on(
    folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    put(folder, "a.png", "b.png")
    real = runs.Here.take

    def failing(self: runs.Here, timeout: float) -> list[Answer]:
        answers = real(self, timeout)
        return [Answer(a.place, "fault", reason="KeyError") if a.place == 0 else a for a in answers]

    monkeypatch.setattr(runs.Here, "take", failing)
    with caplog.at_level(logging.ERROR):
        result = take(folder)

    assert outcomes(result) == {"a.png": "skipped", "b.png": "imported"}
    assert "KeyError" in caplog.text


def test_dry_run_writes_nothing_and_says_the_same(folder: Path, owner: Person, data_dir: Path) -> None:
    for picture in put(folder, "a.png", "sub/b.png"):
        caption(picture, "cat")
    (folder / "c.png").write_bytes((folder / "a.png").read_bytes())
    (folder / "d.png").write_bytes(b"no picture")

    dry = take(folder, dry_run=True)

    assert (dry.dataset, Import.objects.count(), Tag.objects.count(), data_dir.exists()) == (None, 0, 0, False)
    assert dry.report.plain() == take(folder).report.plain()


def test_import_gives_new_images_the_state_to_do(folder: Path, owner: Person) -> None:
    put(folder, "a.png")

    made = image(take(folder), 1)

    assert (made.state, made.edited_at, made.state_by) == (State.TODO, None, None)


def test_options_have_the_defaults_of_the_command() -> None:
    assert Options("x") == Options("x", caption_ext=".txt", captions="auto", separator="auto", recurse=True)


def test_import_writes_at_most_fifty_rows_in_a_transaction() -> None:
    assert (recorder.MOST_ROWS, recorder.PAUSE) == (50, 0.005)
