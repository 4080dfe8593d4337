import pytest

from tagging.domain.counting import counted, number


@pytest.mark.parametrize(
    ("value", "said"),
    [(0, "0"), (999, "999"), (2100, "2\u202f100"), (1_234_567, "1\u202f234\u202f567"), (-1000, "-1\u202f000")],
)
def test_number_has_thin_separators(value: int, said: str) -> None:
    assert number(value) == said


@pytest.mark.parametrize(
    ("value", "words", "said"),
    [
        (0, ("image",), "0 images"),
        (1, ("image",), "1 image"),
        (2100, ("image",), "2\u202f100 images"),
        (1, ("entry", "entries"), "1 entry"),
        (2, ("entry", "entries"), "2 entries"),
    ],
)
def test_counted_fits_the_noun_to_the_number(value: int, words: tuple[str, ...], said: str) -> None:
    assert counted(value, *words) == said
