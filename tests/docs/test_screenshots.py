from pathlib import Path

import pytest
from PIL import Image

from docs.screenshots import COMMITTED, KEPT, LIMIT, SHOTS, SIZES, THEMES
from tests.docs.reading import documents, text

PICTURES = sorted(KEPT.glob("*.png"))


def test_committed_pictures_are_those_that_are_kept() -> None:
    assert [path.stem for path in PICTURES] == sorted(COMMITTED)


def test_kept_pictures_are_among_those_that_are_taken() -> None:
    taken = {f"{shot.name}-{size}-{theme}" for shot in SHOTS for size in SIZES for theme in THEMES}

    assert set(COMMITTED) - taken == set()


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_committed_picture_is_small(path: Path) -> None:
    assert path.stat().st_size <= LIMIT


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_committed_picture_has_no_metadata(path: Path) -> None:
    with Image.open(path) as picture:
        assert picture.info.keys() <= {"transparency", "dpi", "gamma", "srgb"}


@pytest.mark.parametrize("path", PICTURES, ids=lambda path: path.stem)
def test_committed_picture_is_shown_in_a_document(path: Path) -> None:
    assert any(f"screenshots/{path.name})" in text(document) for document in documents())
