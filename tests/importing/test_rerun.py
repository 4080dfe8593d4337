"""A folder that is imported again: what is new comes in, and nobody's work is touched."""

import os
import shutil
from pathlib import Path
from typing import Literal

import pytest
from django.utils import timezone

from tagging.models import Change, Entry, Image, Import, Person, State
from tagging.services import image_tags, images
from tagging.services.importing import recorder
from tagging.services.importing.journal import KILLED, Journal, stop_dead_imports
from tests import factories
from tests.importing.pictures import caption, png, put
from tests.importing.runs import image, numbers, outcomes, reason, take, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def test_rerun_finds_everything_unchanged_and_writes_no_change(folder: Path, owner: Person) -> None:
    caption(put(folder, "a.png", "b.png")[0], "cat")
    dataset = take(folder).dataset
    changes = Change.objects.count()

    again = take(folder)

    assert outcomes(again) == {"a.png": "unchanged", "a.txt": "unchanged", "b.png": "unchanged"}
    assert (again.dataset, Change.objects.count()) == (dataset, changes)


def test_rerun_adds_new_files_behind_the_others(folder: Path, owner: Person) -> None:
    put(folder, "b.png")
    take(folder)
    put(folder, "a.png")

    again = take(folder)

    assert numbers(again.dataset) == {"b.png": 1, "a.png": 2}


def test_rerun_takes_other_bytes_at_a_known_path_for_a_new_image(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    take(folder)
    (folder / "a.png").write_bytes(png())

    again = take(folder)

    assert outcomes(again) == {"a.png": "imported"}
    assert "was image 1 before" in reason(again, "a.png")
    assert Image.objects.count() == 2


def test_rerun_believes_bytes_and_not_size_and_time(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.bmp")
    before = picture.stat()
    take(folder)
    put(folder, "a.bmp")
    os.utime(picture, ns=(before.st_atime_ns, before.st_mtime_ns))

    again = take(folder)

    assert (picture.stat().st_size, outcomes(again)) == (before.st_size, {"a.bmp": "imported"})


def test_rerun_lets_a_file_that_is_gone_change_nothing(folder: Path, owner: Person) -> None:
    caption(put(folder, "a.png", "b.png")[0], "cat")
    take(folder)
    (folder / "a.png").unlink()
    (folder / "a.txt").unlink()

    again = take(folder)

    assert words(again.dataset) == {1: ["cat"], 2: []}


def test_rerun_of_an_emptied_folder_removes_nothing_and_says_so(folder: Path, owner: Person) -> None:
    put(folder, "a.png", "b.png")
    take(folder)
    shutil.rmtree(folder)
    folder.mkdir()

    again = take(folder)

    assert (Image.objects.count(), again.line) == (
        2,
        "The folder is empty: nothing was imported, and nothing is ever removed. What “cats” holds stays (2 images).",
    )
    assert Import.objects.latest("pk").message == again.line


def test_rerun_of_a_folder_moved_within_finds_duplicates(folder: Path, owner: Person) -> None:
    put(folder, "Sub/a.png")
    take(folder)
    (folder / "Sub").rename(folder / "other")

    again = take(folder)

    assert (outcomes(again), Image.objects.count()) == ({"other/a.png": "duplicate"}, 1)


def test_rerun_reads_a_changed_caption_of_an_image_that_nobody_edited(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat, dog")
    take(folder)
    caption(picture, "dog, fish")

    again = take(folder)

    assert (outcomes(again)["a.txt"], words(again.dataset)) == ("caption", {1: ["dog", "fish"]})
    entry = Entry.objects.get(image=image(again, 1))
    assert (len(entry.tags_before or []), len(entry.tags_after or [])) == (2, 2)


def test_rerun_reads_a_new_caption_of_an_image_that_nobody_edited(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    take(folder)
    caption(picture, "A cat sits in the sun.")

    again = take(folder)

    assert image(again, 1).description == "A cat sits in the sun."


def test_rerun_never_overwrites_what_people_tagged(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat")
    image_tags.add(image(take(folder), 1), "mine", by=owner)
    caption(picture, "dog")

    again = take(folder)

    assert (outcomes(again)["a.txt"], words(again.dataset)) == ("skipped", {1: ["cat", "mine"]})
    assert reason(again, "a.txt") == "People have edited image 1: their work stays, and this was not read."


def test_rerun_never_overwrites_what_people_described(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    images.describe(image(take(folder), 1), "Mine.", revision=0, by=owner)
    caption(picture, "A cat sits in the sun.")

    again = take(folder)

    assert (outcomes(again)["a.txt"], image(again, 1).description) == ("skipped", "Mine.")


def test_rerun_reads_a_caption_of_an_image_whose_state_alone_was_changed(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    made = image(take(folder), 1)
    Image.objects.filter(pk=made.pk).update(state=State.REVIEWED)
    made.dataset.reviewed_count, made.dataset.todo_count = 1, 0
    made.dataset.save()
    caption(picture, "cat")

    again = take(folder)

    assert (words(again.dataset), image(again, 1).state) == ({1: ["cat"]}, State.DONE)
    assert again.notes == ["Image 1 had been reviewed; with this change it is done again."]


def test_rerun_leaves_an_edit_alone_that_comes_while_it_runs(
    folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat")
    made = image(take(folder), 1)
    caption(picture, "dog")
    real = recorder.Recorder.write

    def late(self: recorder.Recorder, batch: recorder.Batch) -> None:
        Image.objects.filter(pk=made.pk).update(edited_at=timezone.now())
        real(self, batch)

    monkeypatch.setattr(recorder.Recorder, "write", late)
    again = take(folder)

    assert (outcomes(again)["a.txt"], words(again.dataset)) == ("skipped", {1: ["cat"]})


def test_rerun_lets_an_emptied_caption_change_nothing(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat")
    take(folder)
    caption(picture, "")

    again = take(folder)

    assert (outcomes(again)["a.txt"], words(again.dataset)) == ("caption", {1: ["cat"]})


@pytest.mark.parametrize(
    ("text", "kind"), [("word " * 1200 + ".", "description"), ("x" * 201, "tags")], ids=["description", "tag"]
)
def test_rerun_says_again_why_a_caption_was_refused(
    folder: Path, owner: Person, text: str, kind: Literal["tags", "description"]
) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, text)
    first = take(folder, captions=kind)

    again = take(folder, captions=kind)

    assert (outcomes(again)["a.txt"], reason(again, "a.txt")) == ("skipped", reason(first, "a.txt"))


def test_rerun_says_of_a_caption_that_became_too_long_that_it_is(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat")
    take(folder)
    caption(picture, "word " * 1200 + ".")

    again = take(folder)

    assert (outcomes(again)["a.txt"], words(again.dataset)) == ("skipped", {1: ["cat"]})
    assert "5,000" in reason(again, "a.txt")


def test_rerun_says_again_what_was_left_out_of_a_caption(folder: Path, owner: Person) -> None:
    (picture,) = put(folder, "a.png")
    caption(picture, "cat, " + "x" * 201)
    take(folder, captions="tags")

    again = take(folder, captions="tags")

    assert (outcomes(again)["a.txt"], "200" in reason(again, "a.txt")) == ("unchanged", True)


def test_import_gives_way_to_another_that_was_quicker(
    folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.png", "b.png")
    real = recorder.Recorder.write

    def second(self: recorder.Recorder, batch: recorder.Batch) -> None:
        factories.image(self._dataset, first_sha256=batch.new[0].answer.sha256)
        real(self, batch)

    monkeypatch.setattr(recorder.Recorder, "write", second)
    result = take(folder)

    assert outcomes(result) == {"a.png": "duplicate", "b.png": "imported"}
    assert reason(result, "a.png") == "It is the same picture as image 1."
    assert image(result, 2).source_path == "b.png"


def test_import_marks_one_that_was_killed_as_stopped(folder: Path, owner: Person) -> None:
    put(folder, "a.png")
    dataset = factories.dataset("cats", owner=owner, source_folder=str(folder))
    dead = Import.objects.create(dataset=dataset, person=owner, folder=str(folder))

    take(folder)

    dead.refresh_from_db()
    assert (dead.state, dead.message) == ("stopped", KILLED)


def test_import_that_lives_is_not_marked_as_stopped(folder: Path, owner: Person) -> None:
    living = Journal(factories.dataset("dogs", owner=owner), by=owner, folder=str(folder), total=1)

    count = stop_dead_imports()

    living.row.refresh_from_db()
    assert (count, living.row.state) == (0, "running")
