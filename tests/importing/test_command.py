"""`import_dir` as a person runs it: its lines, its exit codes, its report."""

import json
import os
import signal
import sys
import time
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tagging.models import Dataset, Person
from tests.importing import commands
from tests.importing.commands import import_dir
from tests.importing.pictures import caption, put


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data of a command"


@pytest.fixture
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tagging.management.commands.import_dir.make_ready", lambda: None)
    monkeypatch.setattr("tagging.management.commands.export_dir.make_ready", lambda: None)


inside = pytest.mark.usefixtures("here", "quiet")


@pytest.mark.slow
def test_command_on_a_fresh_data_folder_does_the_whole_job(folder: Path, data: Path, tmp_path: Path) -> None:
    for picture in put(folder, "a.png", "b.jpg"):
        caption(picture, "cat, dog")

    ran = import_dir(folder, data, "--report", str(tmp_path / "r.json"), "--export", str(tmp_path / "out"))

    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith("“cats”: 4 entries: 2 imported, 0 duplicates, 0 skipped, 2 captions, 0 unchanged.\n")
    assert sorted(path.name for path in (tmp_path / "out").glob("img_*")) == [
        *("img_001.png", "img_001.txt", "img_002.jpg", "img_002.txt")
    ]
    assert {path: line["outcome"] for path, line in commands.report(tmp_path / "r.json").items()} == {
        b"a.png": "imported",
        b"a.txt": "caption",
        b"b.jpg": "imported",
        b"b.txt": "caption",
    }


@pytest.mark.django_db
@inside
def test_command_names_the_next_steps(folder: Path, owner: Person, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "a.png")

    call_command("import_dir", str(folder))

    said = capsys.readouterr().out.splitlines()
    assert said[-2:] == [
        "Next: tag in the browser:  python manage.py start",
        "      or write it out:     python manage.py export_dir OUT --dataset cats",
    ]


@pytest.mark.django_db
@inside
def test_quiet_command_says_one_line(folder: Path, owner: Person, capsys: pytest.CaptureFixture[str]) -> None:
    put(folder, "a.png", "notes.md/b.png")

    call_command("import_dir", str(folder), "--quiet")

    assert capsys.readouterr().out == (
        "“cats”: 2 entries: 2 imported, 0 duplicates, 0 skipped, 0 captions, 0 unchanged.\n"
    )


@pytest.mark.django_db
@inside
def test_talkative_command_says_each_file(folder: Path, owner: Person, capsys: pytest.CaptureFixture[str]) -> None:
    caption(put(folder, "a.png")[0], "cat")
    (folder / "b.md").write_text("notes")

    call_command("import_dir", str(folder), verbosity=2)

    assert {
        "imported 1: a.png",
        "caption 1: a.txt Read as tags.",
        "skipped: b.md It is a text file, not a picture.",
    } <= set(capsys.readouterr().out.splitlines())


@pytest.mark.django_db
@inside
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["nowhere"], "There is no folder “nowhere”."),
        (["a.png"], "“a.png” is not a folder."),
        (["cats", "--by", "nobody"], "There is nobody called “nobody” here."),
        (["cats", "--report", "cats/r.json"], "The report cannot lie in the folder that is read"),
        (["cats", "--report", "nowhere/r.json"], "The report nowhere/r.json cannot be written"),
        (["cats", "--export", "cats/out"], "which is the folder that is read"),
        (["cats", "--caption-ext", "."], "--caption-ext names the end of caption files"),
        (["cats", "--workers", "0"], "workers are a number from 1 to 64"),
    ],
)
def test_command_that_cannot_begin_says_one_line_and_does_nothing(
    folder: Path, owner: Person, options: list[str], sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.png")
    put(folder.parent, "a.png")
    monkeypatch.chdir(folder.parent)

    with pytest.raises(CommandError) as refused:
        call_command("import_dir", *options)

    assert sentence in str(refused.value)
    assert Dataset.objects.count() == 0


@pytest.mark.slow
def test_command_that_cannot_begin_ends_with_one_and_no_traceback(data: Path) -> None:
    ran = import_dir(Path("/nowhere/at all"), data)

    assert (ran.returncode, ran.stdout, ran.stderr) == (1, "", "There is no folder “/nowhere/at all”.\n")


@pytest.mark.django_db
@inside
def test_command_passes_its_options_on(folder: Path, owner: Person) -> None:
    put(folder, "a.png", "sub/b.png", ".hidden/c.png")
    (folder / "a.caption").write_text("A cat. It sits, and sleeps")
    options = ["--dataset=x", "--name=X", "--prefix=px", "--trigger=ohwx", "--caption-ext=caption", "--no-recurse"]

    call_command("import_dir", str(folder), *options, "--captions=tags", "--separator=newline", "--quiet")

    made = Dataset.objects.get()
    assert (made.slug, made.name, made.prefix, made.trigger, made.image_count) == ("x", "X", "px", "ohwx", 1)
    assert made.images.get().tag_count == 0


@pytest.mark.django_db
@inside
def test_command_takes_all_folders_when_asked(folder: Path, owner: Person) -> None:
    put(folder, "a.png", ".hidden/c.png", "@eaDir/d.png")

    call_command("import_dir", str(folder), "--all-folders", "--quiet")

    assert Dataset.objects.get().image_count == 3


@pytest.mark.django_db
@inside
def test_command_that_imports_nothing_exports_nothing(folder: Path, owner: Person, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="nothing to export"):
        call_command("import_dir", str(folder), "--export", str(tmp_path / "out"))

    assert not (tmp_path / "out").exists()


@pytest.mark.django_db
@inside
def test_command_without_a_folder_reads_none(folder: Path, owner: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    put(folder, "a.png")
    monkeypatch.chdir(folder)

    with pytest.raises(CommandError, match="No folder is named"):
        call_command("import_dir", "")

    assert not Dataset.objects.exists()


@pytest.mark.django_db
@inside
def test_dry_run_refuses_what_a_real_run_would(cats: Dataset, folder: Path) -> None:
    put(folder, "a.png")

    with pytest.raises(CommandError, match="tagger"):
        call_command("import_dir", str(folder), "--dry-run", "--dataset=cats", "--by=bob")

    assert cats.imports.count() == 0


@pytest.mark.slow
def test_dry_run_on_a_fresh_data_folder_leaves_nothing(folder: Path, data: Path, tmp_path: Path) -> None:
    caption(put(folder, "a.png")[0], "cat")

    ran = import_dir(folder, data, "--dry-run", "--report", str(tmp_path / "r.json"))

    assert ran.stdout.splitlines()[0] == (
        "Dry run, nothing was written: 2 entries: 1 imported, 0 duplicates, 0 skipped, 1 caption, 0 unchanged."
    )
    assert not data.exists()
    assert json.loads((tmp_path / "r.json").read_text())[0]["number"] == 1


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_command_that_is_told_to_stop_says_so_and_goes_on_when_run_again(
    folder: Path, data: Path, sign: signal.Signals
) -> None:
    put(folder, *(f"{n}.png" for n in range(80)))
    with commands.started(folder, data, "--workers", "1") as running:
        while not commands.images(data) and running.poll() is None:
            time.sleep(0.02)

        os.killpg(running.pid, sign)
        said, _ = running.communicate(timeout=60)
    again = import_dir(folder, data, "--workers", "1")

    assert running.returncode == 128 + sign
    assert said.splitlines()[-1] == (
        "Stopped. What is imported stays. Run the same command again: it goes on where it stopped."
    )
    assert "Traceback" not in said
    assert (again.returncode, [row[0] for row in commands.images(data)]) == (0, list(range(1, 81)))
    states = [state for (state,) in commands.query(data, "SELECT state FROM tagging_import ORDER BY id")]
    assert (states, commands.files_without_rows(data), commands.unfinished(data)) == (["stopped", "finished"], [], [])


@pytest.mark.slow
def test_dry_run_leaves_a_data_folder_as_it_is(folder: Path, data: Path) -> None:
    put(folder, "a.png")
    import_dir(folder, data)
    put(folder, "b.png")
    before = {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()}

    ran = import_dir(folder, data, "--dry-run")

    assert (ran.returncode, "1 imported" in ran.stdout) == (0, True)
    assert {path: path.stat().st_mtime_ns for path in data.rglob("*") if path.is_file()} == before
