import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import filenames
from tagging.errors import Refused
from tagging.models import Dataset, Import, Person
from tagging.services.exporting import export_folder
from tagging.services.exporting.target import path_shown
from tests.exporting import pictures
from tests.exporting.pictures import contents, names


@pytest.fixture
def source(cats: Dataset, tmp_path: Path) -> Path:
    """The folder that the dataset was read from, with a picture of which nothing may ever change."""
    folder = tmp_path / "home" / "pictures"
    (folder / "sub").mkdir(parents=True)
    (folder / "a.png").write_bytes(pictures.png())
    Dataset.objects.update(source_folder=filenames.display_path(os.fsencode(folder)))
    pictures.store(cats, tags=["cat"])
    return folder


def tree(folder: Path) -> dict[str, tuple[int, int, int]]:
    """All that an export might have changed."""
    return {
        str(path.relative_to(folder)): (path.lstat().st_mode, path.lstat().st_mtime_ns, path.lstat().st_ino)
        for path in sorted(folder.rglob("*"))
    }


def stranger(folder: Path) -> Path:
    folder.mkdir()
    (folder / "thesis.txt").write_text("ten years of work")
    return folder


LAYOUTS: dict[str, Callable[[Path], Path]] = {
    "is the folder": lambda source: source,
    "lies inside": lambda source: source / "out",
    "lies deep inside": lambda source: source / "sub/deep/out",
    "contains": lambda source: source.parent,
    "is a link to it": lambda source: linked(source.parent.parent / "link", source),
    "lies inside by a link": lambda source: linked(source.parent.parent / "link", source / "sub") / "out",
    "is the data folder": lambda source: Path(settings.TAGGER_DATA_DIR),
    "lies in the data folder": lambda source: Path(settings.TAGGER_DATA_DIR) / "out",
    "contains the data folder": lambda source: Path(settings.TAGGER_DATA_DIR).parent,
    "is a stranger's folder": lambda source: stranger(source.parent / "thesis"),
    "is a file": lambda source: source.parent.parent / "file",
    "is below a file": lambda source: source.parent.parent / "file/out",
    "is a link to itself": lambda source: linked(source.parent / "loop", source.parent / "loop"),
    "is the root": lambda source: Path("/"),
    "is a mount point": lambda source: Path("/proc"),
    "has brackets": lambda source: source.parent / "out [1]",
    "has a star": lambda source: source.parent / "out*",
    "has a question mark": lambda source: source.parent / "out?",
}


def linked(link: Path, to: Path) -> Path:
    link.symlink_to(to)
    return link


@pytest.mark.django_db
@pytest.mark.parametrize("layout", LAYOUTS)
def test_export_refuses_a_target_that(layout: str, cats: Dataset, ada: Person, source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("a file")
    out = LAYOUTS[layout](source)
    before = tree(tmp_path / "home")

    with pytest.raises(Refused) as refused:
        export_folder(cats, out, by=ada)

    assert (len(refused.value.sentence.splitlines()), tree(tmp_path / "home")) == (1, before)


@pytest.mark.django_db
def test_export_refuses_every_folder_that_any_dataset_was_read_from(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "more").mkdir()
    Import.objects.create(dataset=cats, folder=str(tmp_path / "more"))

    with pytest.raises(Refused, match="read from"):
        export_folder(cats, tmp_path / "more", by=ada)

    assert list((tmp_path / "more").iterdir()) == []


@pytest.mark.django_db
def test_export_refuses_a_source_that_is_not_mounted_now(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    Dataset.objects.update(source_folder=str(tmp_path / "stick/pictures"))

    with pytest.raises(Refused, match="read from"):
        export_folder(cats, tmp_path / "stick/pictures/out", by=ada)

    assert not (tmp_path / "stick").exists()


@pytest.mark.django_db
def test_export_knows_a_source_whose_name_is_no_text(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    folder = Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9\\x"))
    folder.mkdir()
    Dataset.objects.update(source_folder=filenames.display_path(os.fsencode(folder)))

    with pytest.raises(Refused, match="read from"):
        export_folder(cats, folder, by=ada)

    assert list(folder.iterdir()) == []


# A backslash before what becomes an escape is shown as that escape's own text would be.
@given(st.binary(min_size=1).filter(lambda raw: b"\0" not in raw and not re.search(rb"\\[^ -~]", raw)))
def test_path_shown_undoes_display_path(raw: bytes) -> None:
    shown = filenames.display_path(raw)

    path = os.fsencode(path_shown(shown))

    assert path == os.fsencode(Path(os.fsdecode(raw)))


@pytest.mark.django_db
def test_export_beside_the_source_is_fine(cats: Dataset, ada: Person, source: Path) -> None:
    before = tree(source)

    export_folder(cats, source.parent / "pictures out", by=ada)

    assert tree(source) == before


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["notes.txt", "img_004.txt", "sample", "img_001.png.txt", ".hidden"])
def test_export_refuses_to_lose_what_others_put_into_an_earlier_one(
    cats: Dataset, ada: Person, tmp_path: Path, name: str
) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada)
    (tmp_path / "out" / name).mkdir() if name == "sample" else (tmp_path / "out" / name).write_text("mine")
    before = tree(tmp_path / "out")

    with pytest.raises(Refused, match=name):
        export_folder(cats, tmp_path / "out", by=ada)

    assert tree(tmp_path / "out") == before


@pytest.mark.django_db
@pytest.mark.parametrize(
    "name",
    ["img_001_0300x0280_flux.npz", "img_001_flux_te.npz", ".aitk_size.json", "_latent_cache/img_001_x.safetensors"],
)
def test_export_drops_caches_of_pictures_it_replaces(cats: Dataset, ada: Person, tmp_path: Path, name: str) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada)
    before = contents(tmp_path / "out")
    (tmp_path / "out" / name).parent.mkdir(exist_ok=True)
    (tmp_path / "out" / name).write_bytes(b"cache")

    export_folder(cats, tmp_path / "out", by=ada)

    assert contents(tmp_path / "out") == before


@pytest.mark.django_db
def test_file_that_comes_while_exporting_is_not_lost(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada)

    with pytest.raises(Refused, match="notes"):
        export_folder(cats, tmp_path / "out", by=ada, progress=lambda *_: (tmp_path / "out/notes").touch())

    assert ((tmp_path / "out/notes").exists(), names(tmp_path)) == (True, ["data", "out"])


@pytest.mark.django_db
def test_manifest_of_another_program_protects_nothing(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out/manifest.json").write_text('{"name": "a web application"}')

    with pytest.raises(Refused, match="no earlier export"):
        export_folder(cats, tmp_path / "out", by=ada)

    assert names(tmp_path / "out") == ["manifest.json"]
