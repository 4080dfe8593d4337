"""What becomes of the pictures of an ordinary folder."""

from pathlib import Path

import pytest

from tagging.models import Membership, Person
from tagging.storage import OriginalStorage
from tests.importing import pictures
from tests.importing.pictures import drawn, encoded, put
from tests.importing.runs import image, numbers, outcomes, reason, take

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
