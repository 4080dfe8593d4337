"""Which caption belongs to which picture where names differ in their capitals alone."""

from pathlib import Path

import pytest

from tagging.models import Person
from tagging.services.importing.pairing import NO_PICTURE, NOT_ITS_OWN, UNCLEAR, pair
from tests.importing.pictures import caption, put
from tests.importing.runs import outcomes, reason, take, words


def paired(pictures: str, captions: str) -> dict[str, str]:
    """Picture → caption, by names with blanks between."""
    made = pair(pictures.encode().split(), captions.encode().split(), ".txt").captions
    return {picture.decode(): found.decode() for picture, found in made.items()}


@pytest.mark.parametrize(
    ("pictures", "captions", "expected"),
    [
        ("IMG1.png img1.png", "img1.txt", {"img1.png": "img1.txt"}),
        ("IMG1.PNG img1.png", "IMG1.txt", {"IMG1.PNG": "IMG1.txt"}),
        ("IMG1.png img1.png", "IMG1.txt img1.txt", {"IMG1.png": "IMG1.txt", "img1.png": "img1.txt"}),
        ("IMG1.png img1.png", "IMG1.txt iMG1.txt", {"IMG1.png": "IMG1.txt", "img1.png": "iMG1.txt"}),
        ("IMG1.png img1.png", "Img1.txt", {}),
        ("IMG1.PNG", "img1.txt", {"IMG1.PNG": "img1.txt"}),
        ("IMG1.PNG", "IMG1.TXT", {"IMG1.PNG": "IMG1.TXT"}),
        ("img1.png", "IMG1.txt Img1.txt", {}),
        ("a.jpg a.png", "A.TXT", {"a.jpg": "A.TXT", "a.png": "A.TXT"}),
        ("a.jpg a.png", "a.txt A.png.txt", {"a.jpg": "a.txt", "a.png": "a.txt"}),
        ("a/IMG1.png b/img1.png", "b/IMG1.txt", {"b/img1.png": "b/IMG1.txt"}),
        ("cafe\u0301.png", "caf\u00e9.txt", {"cafe\u0301.png": "caf\u00e9.txt"}),
    ],
)
def test_caption_goes_to_the_name_as_it_is_then_to_the_only_one_alike(
    pictures: str, captions: str, expected: dict[str, str]
) -> None:
    assert paired(pictures, captions) == expected


def test_captions_and_pictures_that_are_not_paired_are_explained() -> None:
    made = pair([b"IMG1.png", b"img1.png", b"A.png", b"a.png"], [b"Img1.txt", b"a.txt", b"c.txt"], ".txt")

    assert made.left == {b"Img1.txt": UNCLEAR.format(picture="img1.png"), b"c.txt": NO_PICTURE}
    assert made.remarks == {
        b"IMG1.png": NOT_ITS_OWN.format(caption="Img1.txt"),
        b"img1.png": NOT_ITS_OWN.format(caption="Img1.txt"),
        b"A.png": NOT_ITS_OWN.format(caption="a.txt"),
    }


@pytest.mark.django_db
@pytest.mark.usefixtures("here")
def test_import_gives_no_picture_the_caption_of_its_namesake(folder: Path, owner: Person) -> None:
    pictures = put(folder, "IMG1.png", "img1.png")
    if len(list(folder.iterdir())) < 2:
        pytest.skip("names that differ in their capitals are the same here")
    caption(pictures[1], "cat")

    result = take(folder)

    number = {"IMG1.png": 0, "img1.png": 0} | {
        entry.path.decode(): entry.image.number for entry in result.report.entries if entry.image
    }
    assert (outcomes(result)["img1.txt"], words(result.dataset)[number["img1.png"]]) == ("caption", ["cat"])
    assert words(result.dataset)[number["IMG1.png"]] == []
    assert reason(result, "IMG1.png") == NOT_ITS_OWN.format(caption="img1.txt")
