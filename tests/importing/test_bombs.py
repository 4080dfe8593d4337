"""Files that take thirty times their size once they are parsed: passed over, or read some lines at a time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tagging.domain.captions import Profile
from tagging.domain.exported import ExportedImage, ManifestDataset, VocabularyTag
from tagging.domain.manifests import manifest, read_manifest
from tagging.models import Person
from tagging.services.importing import manifest_file, own_export
from tests.importing.pictures import put
from tests.importing.runs import outcomes, reason, take

HEAD = '{\n "made_by": "Tagger",\n "format": 1,\n'
SHA = "0" * 64


def exported(images: int = 40, tags: int = 30) -> str:
    """The text of a manifest."""
    dataset = ManifestDataset("Cats", "cats", "img", "", Profile.TAGS)
    vocabulary = [VocabularyTag(f"tag {number}", "animals", 3, (f"alias {number}",)) for number in range(tags)]
    rows = [
        ExportedImage(number, f"{number}.png", SHA, f"img_{number}.png", SHA, "todo", ("tag 1",), "é", "tag 1")
        for number in range(1, images + 1)
    ]
    return manifest(dataset, {"profile": "tags"}, {"images": images}, vocabulary, rows)


def write(folder: Path, text: str) -> bytes:
    (folder / "manifest.json").write_text(text, encoding="utf-8")
    return str(folder).encode()


@pytest.fixture
def _long(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every manifest counts as long, and is read a few lines at a time."""
    monkeypatch.setattr(manifest_file, "WHOLE", 0)
    monkeypatch.setattr(manifest_file, "PART", 1000)


@pytest.mark.usefixtures("_long")
@pytest.mark.parametrize(("images", "tags"), [(40, 30), (0, 30), (40, 0), (0, 0)])
def test_long_manifest_says_what_it_says_whole(tmp_path: Path, images: int, tags: int) -> None:
    text = exported(images, tags)

    assert manifest_file.read(write(tmp_path, text)) == read_manifest(text)


@pytest.mark.usefixtures("_long")
def test_long_manifest_that_names_two_pictures_alike_is_damaged(tmp_path: Path) -> None:
    text = exported().replace('"img_40.png"', '"img_1.png"')

    with pytest.raises(ValueError, match="in two entries"):
        manifest_file.read(write(tmp_path, text))


@pytest.mark.usefixtures("_long")
@pytest.mark.parametrize(
    "text",
    [
        HEAD + ' "dataset": [' + "{}," * 1000,
        HEAD + ' "dataset": [' + "{},\n" * 1000,
        json.dumps(json.loads(exported())),
        exported()[:-3],
    ],
    ids=["one line", "a long head", "other lines", "no end"],
)
def test_long_manifest_with_other_lines_is_refused(tmp_path: Path, text: str) -> None:
    folder = write(tmp_path, text)

    with pytest.raises(ValueError, match="has not the lines of an export"):
        manifest_file.read(folder)


@pytest.mark.usefixtures("_long")
def test_manifest_over_the_limit_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_file, "LIMIT", 2**20)
    folder = write(tmp_path, exported() + " " * 2**20)

    with pytest.raises(ValueError, match="was not read: it is longer than 1 MiB"):
        manifest_file.read(folder)


@pytest.mark.usefixtures("_long")
def test_manifest_that_would_take_too_much_memory_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest_file, "MOST_HELD", 2**20)
    folder = write(tmp_path, exported(images=2000))

    with pytest.raises(ValueError, match="was not read: it would take more than 1 MiB of memory"):
        manifest_file.read(folder)


@pytest.mark.slow
def test_manifest_of_over_64_mib_is_read(tmp_path: Path) -> None:
    text = exported(images=7000).replace('"é"', f'"{"é" * 5000}"')
    folder = write(tmp_path, text)

    read = manifest_file.read(folder)

    assert (len(text.encode()) > 64 * 2**20, len(read.images), len(read.images[-1].description)) == (True, 7000, 5000)


@pytest.mark.soak
def test_manifest_of_100_000_images_is_read_in_little_memory(tmp_path: Path) -> None:
    tags = tuple(f"a tag of the series {number}" for number in range(20))
    rows = [
        ExportedImage(number, f"{number}.png", SHA, f"img_{number}.png", SHA, "todo", tags, "é" * 80, ", ".join(tags))
        for number in range(1, 100_001)
    ]
    dataset = ManifestDataset("Cats", "cats", "img", "", Profile.TAGS)
    write(tmp_path, manifest(dataset, {}, {}, [VocabularyTag(tag) for tag in tags], rows))
    code = (
        "import resource, sys; from tagging.services.importing import own_export\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "found = own_export.read_folder(sys.argv[1].encode(), [])\n"
        "print(len(found.images), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)

    images, kibibytes = map(int, said.stdout.split())
    assert (images, kibibytes < 300 * 1024) == (100_000, True)


@pytest.mark.parametrize(
    ("text", "ours"),
    [
        (HEAD, True),
        ('{"made_by":"Tagger"', True),
        ("\ufeff" + HEAD, True),
        ('{"name": "a web page"}', False),
        ('{"rest": [' + "{}," * 2000 + '{}], "made_by": "Tagger"}', False),
    ],
    ids=["ours", "compact", "with a mark", "a web page", "too late"],
)
def test_beginning_tells_a_manifest_of_ours(tmp_path: Path, text: str, ours: bool) -> None:
    assert own_export.is_export(write(tmp_path, text)) is ours


def test_manifest_full_of_objects_takes_little_memory(tmp_path: Path) -> None:
    write(tmp_path, "[" + "{}," * (8 * 2**20) + "{}]")
    code = (
        "import resource, sys; from tagging.services.importing import manifest_file\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "manifest_file.is_ours(sys.argv[1].encode())\n"
        "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)"
    )

    said = subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, capture_output=True, text=True)

    assert int(said.stdout) < 10_000


@pytest.mark.django_db
@pytest.mark.usefixtures("here")
def test_session_over_the_limit_is_said_and_the_rest_is_read(folder: Path, owner: Person) -> None:
    put(folder, "img_001.png")
    (folder / "session.json").write_text('{"processed_images": {}, "x": [' + "{}," * (3 * 2**20) + "{}]}")

    result = take(folder)

    assert outcomes(result) == {"img_001.png": "imported", "session.json": "skipped"}
    assert "longer than 8 MiB" in reason(result, "session.json")
