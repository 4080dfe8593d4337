"""File names as macOS and others store them, found by the same patterns."""

import unicodedata

import pytest

from tagging.domain import search_query
from tagging.models import Dataset
from tagging.models.search import matching
from tests import factories


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        ("*é*", True),
        ("*É*", True),
        ("café*", True),
        ("*が*", True),
        ("*한*", True),
        ("café が한 1.jpg", True),
        ("caf? ?? 1.jpg", True),
        ("caf?? ?? 1.jpg", False),
        ("*cafe*", False),
        ("cafe*", False),
        ("cafe?が한 1.jpg", False),
        ("*か*", False),
        ("*하*", False),
    ],
)
def test_a_name_is_found_however_its_letters_are_stored(form: str, pattern: str, matches: bool, cats: Dataset) -> None:
    factories.image(cats, name=unicodedata.normalize(form, "Café が한 1.jpg"))  # type: ignore[arg-type]

    found = matching(cats, search_query.parse(f'name:"{pattern}"'))

    assert found.count() == (1 if matches else 0)


@pytest.mark.django_db
@pytest.mark.parametrize("pattern", ["?" * 200 + "!", "*?" * 60 + "!", "*é" * 60 + "!", "*?é" * 60 + "!"])
def test_a_pattern_made_to_hang_on_marks_is_answered(pattern: str, cats: Dataset) -> None:
    factories.image(cats, name="e\u0301" * 120 + "\u0301" * 120)

    found = matching(cats, search_query.parse(f"name:{pattern}"))

    assert found.count() == 0
