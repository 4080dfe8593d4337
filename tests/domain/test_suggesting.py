import pytest

from tagging.domain import suggesting


@pytest.mark.parametrize(
    ("typed", "keys"),
    [
        ("Blu", ["blu"]),
        ("a, b, blu", ["blu"]),
        ("a，b、blu", ["blu"]),
        ("long_h", ["long h"]),
        ("long ", ["long"]),
        ("girl’s", ["girl’s", "girl's"]),
        ("“solo", ["“solo", '"solo']),
        ("^_", ["^"]),
        ("^_^", ["^_^"]),
        ("cafe\u0301", ["café"]),
    ],
)
def test_what_is_sought_is_the_key_of_the_last_piece(typed: str, keys: list[str]) -> None:
    assert suggesting.sought(typed) == keys


@pytest.mark.parametrize("typed", ["", "  ", "cat,", "cat, ", "\u200b", "a\ud800", "x" * 201, ","])
def test_nothing_is_sought_for_what_is_no_tag(typed: str) -> None:
    assert suggesting.sought(typed) == []


@pytest.mark.parametrize(
    ("name", "typed", "pieces"),
    [
        ("white whiskers", "whi", ("", "whi", "te whiskers")),
        ("Solo", "so", ("", "So", "lo")),
        ("long_hair", "hai", ("long_", "hai", "r")),
        ("long_hair", "long h", ("", "long_h", "air")),
        ("saber (fate)", "fat", ("saber (", "fat", "e)")),
        ("close-up", "up", ("close-", "up", "")),
        ("Straße", "strass", ("", "Straß", "e")),
        ("^_^", "^_^", ("", "^_^", "")),
        ("100%_wool", "100%", ("", "100%", "_wool")),
        ("a (café)", "cafe\u0301", ("a (", "café", ")")),
        ("ab b", "b", ("ab ", "b", "")),
    ],
)
def test_the_match_is_marked_where_a_word_begins(name: str, typed: str, pieces: tuple[str, str, str]) -> None:
    assert suggesting.marked(name, suggesting.sought(typed)) == pieces


@pytest.mark.parametrize(("name", "typed"), [("whiskers", "kers"), ("Straße", "asse"), ("cat", "dog")])
def test_the_inside_of_a_word_is_no_match(name: str, typed: str) -> None:
    assert suggesting.marked(name, suggesting.sought(typed)) is None
