import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tagging.domain import plain_text, tag_names

from .strategies import lines, tags, typed


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  long \t hair ", "long hair"),
        (",solo,", "solo"),
        ("\ufeffsolo", "solo"),
        ("so\u200blo", "solo"),
        ("solo\u200e", "solo"),
        ("a\x00b", "ab"),
        ("abc\u202edef", "abcdef"),
        ("long\nhair", "long hair"),
        ("cafe\u0301", "café"),
        ("👩‍👩‍👧", "👩‍👩‍👧"),
        ("می‌خواهم", "می‌خواهم"),
        ("Solo", "Solo"),
        (" ، 、，solo,, ", "solo"),
        ("x" * 200, "x" * 200),
        ("e\u0301" * 200, "é" * 200),
        (" " * 500 + "x", "x"),
    ],
)
def test_normalise_gives(text: str, expected: str) -> None:
    assert tag_names.normalise(text) == expected


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("a,b", "cannot hold a comma"),
        ("a，b", "cannot hold a comma"),
        ("a、b", "cannot hold a comma"),
        ("a،b", "cannot hold a comma"),
        ("", "cannot be empty"),
        (" ", "cannot be empty"),
        (",", "cannot be empty"),
        ("\u200b", "cannot be empty"),
        ("\u200d", "cannot be empty"),
        ("\u3164", "cannot be empty"),
        ("\u115f", "cannot be empty"),
        ("\u2800", "cannot be empty"),
        ("\u180e", "cannot be empty"),
        ("\u0301", "cannot be empty"),
        ("\U000e0041", "cannot be empty"),
        ("a\ud800b", "not text"),
        ("x" * 201, "over 200"),
    ],
)
def test_normalise_refuses(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        tag_names.normalise(text)


@pytest.mark.parametrize(
    "tag",
    [
        "building (traditional)",
        "a:b",
        "it's",
        "w/o",
        "d&d",
        "!",
        "^_^",
        "<a>",
        "|",
        "\\",
        "-",
        "1",
        "None",
        ">_<",
        "猫",
    ],
)
def test_normalise_leaves_legal_signs_alone(tag: str) -> None:
    assert tag_names.normalise(tag) == tag


@given(tags)
def test_normalise_of_a_tag_changes_nothing(tag: str) -> None:
    assert tag_names.normalise(tag) == tag


@given(tags)
def test_normalise_keeps_a_tag_within_its_limit_on_one_line(tag: str) -> None:
    assert 1 <= len(tag) <= tag_names.LIMIT
    assert not set(tag) & set(",，、،\n\r\v\f\x85\u2028\u2029")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a,,b\nc; d", ["a", "b", "c; d"]),
        ("solo, Solo, cat", ["solo", "cat"]),
        (",", []),
        ("", []),
        (" \u200b , \ufeff", []),
        ("a，b、c،d", ["a", "b", "c", "d"]),
        ("a\rb\vc\fd\x85e\u2028f\u2029g", list("abcdefg")),
        ("long_hair, long hair", ["long_hair"]),
    ],
)
def test_parse_gives(text: str, expected: list[str]) -> None:
    assert tag_names.parse(text) == expected


@pytest.mark.parametrize("text", ["good, " + "x" * 201, "good, \u0301", "good, \ud800"])
def test_parse_refuses_the_line_with_one_bad_tag(text: str) -> None:
    with pytest.raises(ValueError, match="tag"):
        tag_names.parse(text)


@given(lines | st.lists(tags).map(", ".join))
def test_parse_reads_back_what_it_gave(text: str) -> None:
    once = tag_names.parse_leniently(text)[0]

    assert tag_names.parse(", ".join(once)) == once


@given(st.lists(tags))
def test_parse_keeps_the_first_of_equal_tags(found: list[str]) -> None:
    first: dict[str, str] = {}
    for tag in found:
        first.setdefault(tag_names.key(tag), tag)

    assert tag_names.parse("\n".join(found)) == list(first.values())


def test_parse_leniently_tells_each_tag_it_drops() -> None:
    good, dropped = tag_names.parse_leniently("b, " + "x" * 201 + ", a, \ud800, B")

    assert good == ["b", "a"]
    assert [sentence.split(" ")[0] for sentence in dropped] == ["The", "This"]


def test_parse_leniently_by_line_refuses_a_comma_inside() -> None:
    good, dropped = tag_names.parse_leniently("a,\nb, c\n\nd", "newline")

    assert good == ["a", "d"]
    assert dropped == ["A tag cannot hold a comma: make “b, c” several tags."]


@given(typed)
def test_parse_leniently_agrees_with_parse(text: str) -> None:
    good, dropped = tag_names.parse_leniently(text)

    assert dropped or tag_names.parse(text) == good


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Solo", "solo"),
        ("long_hair", "long hair"),
        ("_long__hair_", "long hair"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("É", "é"),
        ("E\u0301", "é"),
        ("_", "_"),
        ("__", "__"),
        ("O_O", "o_o"),
        ("^_^ face", "^ ^ face"),
        ("ΟΔΟΣ", "οδοσ"),
    ],
)
def test_key_gives(text: str, expected: str) -> None:
    assert tag_names.key(text) == expected


@pytest.mark.parametrize("face", sorted(tag_names.FACES))
def test_key_leaves_faces_whole(face: str) -> None:
    assert tag_names.key(face) == face


def test_faces_are_those_of_the_contract() -> None:
    faces = "0_0 (o)_(o) +_+ +_- ._. <o>_<o> <|>_<|> =_= >_< 3_3 6_9 >_o @_@ ^_^ o_o u_u x_x |_| ||_||"

    assert frozenset(faces.split()) == tag_names.FACES


@given(tags)
def test_key_of_a_key_changes_nothing(tag: str) -> None:
    key = tag_names.key(tag)
    # `ß` may make a key too long for a tag, and `_` under a mark leaves the mark alone.
    assume(len(key) <= tag_names.LIMIT and plain_text.is_visible(key))

    assert tag_names.key(tag_names.normalise(key)) == key


@given(tags)
def test_key_holds_for_capitals_and_underscores(tag: str) -> None:
    assert tag_names.key(tag) == tag_names.key(tag.casefold())
    assert 1 <= len(tag_names.key(tag)) <= 600


@pytest.mark.parametrize("pattern", ["a,", "A_ ,", "\u0301\u0323a,", "\u0345,", "👩\u200d👩,", "\u200b,"])
def test_parse_takes_100_000_characters(pattern: str) -> None:
    good, dropped = tag_names.parse_leniently(pattern * (100_000 // len(pattern)))

    assert len(good) <= 1
    assert len(good) or len(dropped) in (0, 100_000 // len(pattern))


def test_key_takes_100_000_marks_in_any_order() -> None:
    assert tag_names.key("\u0301\u0323" * 50_000) == tag_names.key("\u0323\u0301" * 50_000)
