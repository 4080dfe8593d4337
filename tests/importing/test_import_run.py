"""What an import records, and how it bears what happens meanwhile."""

import logging
import os
import stat
from pathlib import Path

import pytest

from tagging.models import Act, Change, ImageTag, Import, Kind, Origin, Person, State, Tag
from tagging.services.importing import recorder
from tagging.services.importing.options import Options
from tagging.services.importing.reading import Answer
from tagging.services.importing.run import Listener
from tests.importing import pictures, runs
from tests.importing.pictures import caption, put
from tests.importing.runs import image, numbers, outcomes, reason, take

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


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
