"""What makes serving pointless is said before it begins, in one sentence."""

from pathlib import Path

import pytest

from tests.start.site import manage, one_line

pytestmark = pytest.mark.slow


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def test_start_with_a_folder_that_is_not_there_does_not_serve(tmp_path: Path) -> None:
    refused = manage("start", str(tmp_path / "nope"), "--no-browser", data=tmp_path / "data")

    assert (refused.returncode, one_line(refused)) == (1, f"There is no folder “{tmp_path / 'nope'}”.")
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--report", "/nowhere/r.json"], "The report /nowhere/r.json cannot be written"),
        (["--caption-ext", "."], "--caption-ext names the end of caption files"),
        (["--export", "{pictures}/out"], "out"),
    ],
    ids=["report", "caption ending", "export"],
)
def test_start_with_an_import_that_cannot_be_does_not_serve(
    options: list[str], sentence: str, pictures: Path, tmp_path: Path
) -> None:
    told = [option.format(pictures=pictures) for option in options]

    refused = manage("start", str(pictures), "--no-browser", *told, data=tmp_path / "data")

    assert (refused.returncode, sentence in one_line(refused)) == (1, True)


def test_origin_that_is_none_is_said_in_one_line(pictures: Path, tmp_path: Path) -> None:
    refused = manage("start", "--no-browser", data=tmp_path / "data", env={"TAGGER_ORIGINS": "tags.example"})

    assert (refused.returncode, one_line(refused)) == (
        1,
        "TAGGER_ORIGINS names “tags.example”, which is no whole origin. "
        "Write scheme, host and port alone, such as https://tags.example.org:8443",
    )


def test_driver_of_postgresql_that_is_missing_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "psycopg.py").write_text("raise ImportError('not here')")
    env = {"DATABASE_URL": "postgres://ada@127.0.0.1/tagger", "PYTHONPATH": str(tmp_path)}

    refused = manage("start", "--no-browser", data=tmp_path / "data", env=env)

    assert refused.returncode == 1
    assert "pip install -r requirements-server.txt" in one_line(refused)
