"""An export over an earlier one, by links, or of what is missing."""

from pathlib import Path

import pytest

from tagging.errors import Refused
from tagging.models import Dataset, Person
from tagging.services import image_tags
from tagging.services.exporting import Reason, export_folder
from tagging.services.exporting.rendered import original_of
from tests import factories
from tests.exporting import pictures
from tests.exporting.pictures import contents, names

pytestmark = pytest.mark.django_db


def test_export_replaces_an_earlier_one_whole(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    image = pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["dog"], state="done")
    export_folder(cats, tmp_path / "out", by=ada)
    image_tags.set_all(image, "tabby", revision=0, by=ada)

    export_folder(cats, tmp_path / "out", by=ada, states=("todo",))

    assert (
        names(tmp_path),
        (tmp_path / "out/img_001.txt").read_text(),
        len(contents(tmp_path / "out")),
    ) == (
        ["data", "out"],
        "tabby",
        7,
    )


def test_export_makes_missing_folders_above_it(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])

    export_folder(cats, tmp_path / "a/b/out", by=ada)

    assert (tmp_path / "a/b/out/img_001.png").exists()


def test_export_goes_where_a_link_points(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")

    export_folder(cats, tmp_path / "out", by=ada)

    assert ((tmp_path / "out").is_symlink(), (tmp_path / "elsewhere/img_001.png").exists()) == (True, True)


def test_export_keeps_the_mode_of_the_folder_it_replaces(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o2770)

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / "out").stat().st_mode & 0o7777 == 0o2770


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda of: None, "import a folder first"),
        (pictures.store, "Tag the images or set a trigger word"),
        (lambda of: pictures.store(of, tags=["cat"], state="rejected"), "Reopen"),
        (lambda of: factories.image(of, tags=["cat"]), "restore the data folder"),
    ],
)
def test_export_of_nothing_says_what_to_do(
    cats: Dataset, ada: Person, tmp_path: Path, prepare: object, words: str
) -> None:
    prepare(cats)  # type: ignore[operator]

    with pytest.raises(Refused, match=words):
        export_folder(cats, tmp_path / "out", by=ada)

    assert not (tmp_path / "out").exists()


def test_export_of_nothing_leaves_the_earlier_one(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada)
    before = contents(tmp_path / "out")

    with pytest.raises(Refused, match="Let more states in"):
        export_folder(cats, tmp_path / "out", by=ada, states=("reviewed",))

    assert contents(tmp_path / "out") == before


def test_damaged_original_is_left_out_and_names_close_up(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, number=7, tags=["cat"])
    damaged = pictures.store(cats, number=1000, tags=["dog"])
    path = original_of(damaged)
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20] + b"\0" * 20)

    result = export_folder(cats, tmp_path / "out", by=ada)

    assert (
        result.plan.reasons,
        (tmp_path / "out/tags.txt").read_text(),
        (tmp_path / "out/img_007.txt").read_text(),
    ) == (
        {Reason.DAMAGED: 1},
        "cat\n",
        "cat",
    )


def test_original_that_vanishes_while_exporting_is_left_out(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    second = original_of(pictures.store(cats, tags=["dog"]))
    assert second is not None

    result = export_folder(cats, tmp_path / "out", by=ada, progress=lambda *_: second.unlink(missing_ok=True))

    assert (result.plan.reasons, sorted(result.names)) == ({Reason.MISSING: 1}, [1])


def test_link_shares_originals_whose_bytes_stay(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    plain = pictures.store(cats, tags=["cat"])
    pictures.store(cats, pictures.transparent(), tags=["dog"])

    result = export_folder(cats, tmp_path / "out", by=ada, link=True)

    linked = [(tmp_path / "out" / name).samefile(original_of(plain) or "") for name in result.names.values()]
    assert (result.linked, linked) == (1, [True, False])


def test_link_gives_the_same_bytes_as_copying(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "copied", by=ada)

    export_folder(cats, tmp_path / "linked", by=ada, link=True)

    assert contents(tmp_path / "linked") == contents(tmp_path / "copied")


def test_replacing_a_linked_export_keeps_the_originals(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    image = pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada, link=True)

    export_folder(cats, tmp_path / "out", by=ada)

    path = original_of(image)
    assert path is not None
    assert (path.stat().st_nlink, path.stat().st_mode & 0o777) == (1, 0o444)
