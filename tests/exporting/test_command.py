import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tagging.models import Dataset, Export, Membership, Person
from tagging.services.exporting.rendered import original_of
from tests import factories
from tests.exporting import pictures
from tests.exporting.pictures import contents, names

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """The test's database is made already, and migrating in a transaction is not what happens in life."""
    monkeypatch.setattr("tagging.management.commands.export_dir.make_ready", lambda: None)


def test_command_exports_the_only_dataset(cats: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["cat"], state="rejected")

    call_command("export_dir", str(tmp_path / "out"))

    said = f"Exported 1 of 2 images to {tmp_path / 'out'}; left out: 1 rejected.\n"
    assert (capsys.readouterr().out, (tmp_path / "out/img_001.txt").read_text()) == (said, "cat")


def test_command_asks_which_dataset_of_several(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    factories.dataset("dogs", owner=ada)

    with pytest.raises(CommandError, match="--dataset cats, --dataset dogs"):
        call_command("export_dir", str(tmp_path / "out"))


def test_command_exports_the_dataset_that_is_named(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(factories.dataset("dogs", owner=ada), tags=["dog"])

    call_command("export_dir", str(tmp_path / "out"), dataset="dogs")

    assert (tmp_path / "out/img_001.txt").read_text() == "dog"


def test_command_says_that_there_is_no_such_dataset(cats: Dataset, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"no dataset “dgos”\. There is: --dataset cats"):
        call_command("export_dir", str(tmp_path / "out"), dataset="dgos")


def test_command_without_any_dataset_says_the_first_step(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="import a folder first"):
        call_command("export_dir", str(tmp_path / "out"))


def test_command_acts_as_the_first_owner(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])

    call_command("export_dir", str(tmp_path / "out"))

    assert Export.objects.get().person == ada


def test_command_needs_an_owner(cats: Dataset, tmp_path: Path) -> None:
    Membership.objects.all().delete()

    with pytest.raises(CommandError, match="has no owner who could export it"):
        call_command("export_dir", str(tmp_path / "out"))


@pytest.mark.parametrize(
    ("options", "numbers"),
    [
        ({}, [1, 2, 3]),
        ({"state": "done"}, [2]),
        ({"state": "done, reviewed"}, [2, 3]),
        ({"only": "dog"}, [3]),
        ({"only": "number:1..2", "state": "todo"}, [1]),
        ({"untagged": "image"}, [1, 2, 3, 4]),
    ],
)
def test_options_choose_the_images(cats: Dataset, tmp_path: Path, options: dict[str, str], numbers: list[int]) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["cat"], state="done")
    pictures.store(cats, tags=["dog"], state="reviewed")
    pictures.store(cats)

    call_command("export_dir", str(tmp_path / "out"), **options)

    assert [int(path.stem[4:]) for path in sorted((tmp_path / "out").glob("*.png"))] == numbers


def test_profile_option_wins(cats: Dataset, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"], description="A cat.")

    call_command("export_dir", str(tmp_path / "out"), profile="description")

    assert (tmp_path / "out/img_001.txt").read_text() == "A cat."


@pytest.mark.parametrize("option", ["--layout=flat", "--repeats=10", "--check"])
def test_options_of_later_are_absent(cats: Dataset, tmp_path: Path, option: str) -> None:
    with pytest.raises(CommandError, match="unrecognized arguments"):
        call_command("export_dir", str(tmp_path / "out"), option)


def test_zip_option_writes_a_zip(cats: Dataset, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])

    call_command("export_dir", str(tmp_path / "out.zip"), zip=True)

    assert names(tmp_path) == ["data", "out.zip"]


def test_zip_and_link_exclude_each_other(cats: Dataset, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="not allowed with"):
        call_command("export_dir", str(tmp_path / "out"), "--zip", "--link")


def test_report_accounts_for_every_image(cats: Dataset, tmp_path: Path) -> None:
    pictures.store(cats, pictures.transparent(), tags=["cat"], name="tom.png")
    pictures.store(cats, tags=["cat"], state="rejected", name="cut.png")

    call_command("export_dir", str(tmp_path / "out"), report=str(tmp_path / "report.json"))

    assert json.loads((tmp_path / "report.json").read_text(encoding="utf-8")) == [
        {"number": 1, "name": "tom.png", "outcome": "exported", "file": "img_001.png", "remarks": ["transparent"]},
        {"number": 2, "name": "cut.png", "outcome": "left out", "reason": "rejected"},
    ]


@pytest.mark.parametrize(
    ("report", "words"), [("out/report.json", "lie in the export"), ("no/r.json", "a folder that is")]
)
def test_report_that_cannot_be_is_refused_before_any_work(
    cats: Dataset, tmp_path: Path, report: str, words: str
) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "out").mkdir()

    with pytest.raises(CommandError, match=words):
        call_command("export_dir", str(tmp_path / "out"), report=str(tmp_path / report))

    assert names(tmp_path / "out") == []


def test_refusal_is_a_command_error(cats: Dataset, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no images yet"):
        call_command("export_dir", str(tmp_path / "out"))


def test_damaged_file_has_a_line(cats: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures.store(cats, tags=["cat"])
    path = original_of(pictures.store(cats, tags=["dog"], name="dog.png"))
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(b"not a picture")

    call_command("export_dir", str(tmp_path / "out"))

    assert (
        capsys.readouterr().out.splitlines()[0]
        == "Image 2 (dog.png) is left out: its file in the data folder is damaged."
    )


def test_verbosity_2_names_each_file(cats: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    pictures.store(cats, tags=["cat"], name="tom.png")

    call_command("export_dir", str(tmp_path / "out"), verbosity=2)

    assert capsys.readouterr().out.splitlines()[0] == "tom.png → img_001.png"


def test_keep_metadata_keeps_it(cats: Dataset, tmp_path: Path) -> None:
    pictures.store(cats, pictures.png(pnginfo=pictures.prompt("a prompt")), tags=["cat"])

    call_command("export_dir", str(tmp_path / "out"), keep_metadata=True)

    assert b"a prompt" in contents(tmp_path / "out")["img_001.png"]


def test_command_warns_of_a_folder_name_that_one_trainer_reads_otherwise(
    cats: Dataset, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pictures.store(cats, tags=["cat"])

    call_command("export_dir", str(tmp_path / "10_test"))

    lines = capsys.readouterr().out.splitlines()
    assert ("has the word “test” in its name" in lines[0], lines[-1].startswith("Exported 1 of 1 image to")) == (
        True,
        True,
    )
