import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import caption_files
from tagging.domain.caption_files import CaptionFile, Captions, Separator

from .strategies import tag_lists, typed

LONG = "a very long thing that somebody wrote without any sign at its end and beyond eighty characters"
BOTH_NOTES = "The 2 lines after the first were not read as tags."


def read(text: str, captions: Captions = "auto", separator: Separator = "auto", trigger: str = "") -> CaptionFile:
    return caption_files.read(text, captions=captions, separator=separator, trigger=trigger)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", ""),
        ("café, 猫".encode(), "café, 猫"),
        ("café".encode("utf-8-sig"), "café"),
        ("café, 猫".encode("utf-16"), "café, 猫"),
        (b"\xfe\xff" + "café, 猫".encode("utf-16-be"), "café, 猫"),
        (b"so\0lo", "solo"),
        ("solo".encode("utf-16-le"), "solo"),
        ("solo".encode("utf-32"), "solo"),
        (b"\xef\xbb\xbf", ""),
        (b"\xff\xfe", ""),
    ],
)
def test_decode_reads_without_a_note(raw: bytes, expected: str) -> None:
    assert caption_files.decode(raw) == (expected, "")


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"caf\xe9 \x93x\x94", "café “x”"),
        (b"a\x81\x8d\x8f\x90\x9d", "a" + "\ufffd" * 5),
        (b"\xef\xbb\xbfcaf\xe9", "café"),
    ],
)
def test_decode_falls_back_to_windows_letters_with_a_note(raw: bytes, expected: str) -> None:
    text, note = caption_files.decode(raw)

    assert text == expected
    assert "Windows-1252" in note


def test_decode_of_damaged_utf16_says_so() -> None:
    text, note = caption_files.decode("ab".encode("utf-16") + b"\x00\xd8c")

    assert text.startswith("ab")
    assert "damaged" in note


@given(st.binary(max_size=60))
def test_decode_takes_any_bytes(raw: bytes) -> None:
    text, _ = caption_files.decode(raw)

    assert text.encode() is not None
    assert "\0" not in text


@pytest.mark.parametrize("text", ["", "\ufeff", " \n\t\r\n", "\u200b", ",", ",\n,"])
def test_read_finds_nothing_in_an_empty_file(text: str) -> None:
    assert read(text) == CaptionFile("empty")


@pytest.mark.parametrize(
    ("text", "tags"),
    [
        ("solo", ("solo",)),
        ("1girl,solo, Solo, long hair\n", ("1girl", "solo", "long hair")),
        ("\r\n\r\na, b\r\n", ("a", "b")),
        ("cat\ndog\n\nbird", ("cat", "dog", "bird")),
        (r"miku \(vocaloid\), a\b", ("miku (vocaloid)", r"a\b")),
        ("a, b, c.", ("a", "b", "c.")),
        ("猫、犬", ("猫", "犬")),
    ],
)
def test_read_takes_tags(text: str, tags: tuple[str, ...]) -> None:
    assert read(text) == CaptionFile("tags", tags)


@pytest.mark.parametrize(
    ("text", "description"),
    [
        ("A cat.", "A cat."),
        ("What a cat!", "What a cat!"),
        ("A cat?", "A cat?"),
        (LONG, LONG),
        ("A cat sits on a sofa, asleep.\nIt is warm.", "A cat sits on a sofa, asleep. It is warm."),
        ("猫がいる。", "猫がいる。"),
        ("A cat\nsleeps.", "A cat sleeps."),
        (r"A cat \(old\).", r"A cat \(old\)."),
    ],
)
def test_read_takes_a_description(text: str, description: str) -> None:
    assert read(text) == CaptionFile("description", description=description)


@pytest.mark.parametrize(("length", "kind"), [(19, "tags"), (20, "tags"), (21, "description")])
def test_read_auto_wants_commas_under_five_percent(length: int, kind: str) -> None:
    assert read("a," + "b" * (length - 3) + ".").kind == kind


@pytest.mark.parametrize(("length", "kind"), [(80, "tags"), (81, "description")])
def test_read_auto_wants_over_eighty_characters_or_a_sentence(length: int, kind: str) -> None:
    assert read("x" * length).kind == kind


def test_read_auto_knows_a_long_list_of_one_tag_a_line() -> None:
    assert len(read("\n".join(f"tag number {n}" for n in range(20))).tags) == 20


def test_read_reports_lines_after_the_first() -> None:
    assert read("a, b\nc, d\ne, f") == CaptionFile("tags", ("a", "b"), notes=(BOTH_NOTES,))


def test_read_by_comma_takes_only_the_first_line_of_a_list() -> None:
    assert read("cat\ndog\nbird", separator="comma") == CaptionFile("tags", ("cat",), notes=(BOTH_NOTES,))


def test_read_by_newline_takes_each_line_as_a_tag() -> None:
    found = read("cat\na, b\ndog", separator="newline")

    assert found.tags == ("cat", "dog")
    assert len(found.notes) == 1


def test_read_by_newline_still_tells_a_description() -> None:
    assert read("A cat sleeps.", separator="newline").kind == "description"


def test_read_as_tags_makes_a_tag_of_a_sentence() -> None:
    assert read("A cat.", captions="tags").tags == ("A cat.",)


def test_read_as_description_joins_all_lines() -> None:
    assert read("a, b\nc", captions="description") == CaptionFile("description", description="a, b c")


def test_read_drops_and_counts_the_trigger() -> None:
    assert read("OHWX, cat, ohwx", trigger="ohwx") == CaptionFile("tags", ("cat",), trigger_dropped=1)


def test_read_of_only_the_trigger_is_tags_without_tags() -> None:
    assert read("ohwx", trigger="ohwx") == CaptionFile("tags", trigger_dropped=1)


def test_read_reports_a_tag_it_cannot_take() -> None:
    found = read("cat, " + "x" * 201, captions="tags")

    assert found.tags == ("cat",)
    assert "over 200" in found.notes[0]


def test_read_reports_a_description_it_cannot_take() -> None:
    found = read("x" * 5001, captions="description")

    assert found.kind == "empty"
    assert "over 5,000" in found.notes[0]


@given(tag_lists.filter(bool))
def test_read_as_tags_gives_back_a_caption_of_tags(tags: tuple[str, ...]) -> None:
    unescaped = tuple(tag for tag in tags if "\\" not in tag)

    assert read(", ".join(unescaped), captions="tags", separator="comma").tags == unescaped


@given(
    st.one_of(typed, st.text(max_size=30)),
    st.sampled_from(["auto", "tags", "description"]),
    st.sampled_from(["auto", "comma", "newline"]),
)
def test_read_takes_any_text(text: str, captions: Captions, separator: Separator) -> None:
    found = read(text, captions, separator)

    assert bool(found.tags) == (found.kind == "tags")
    assert bool(found.description) == (found.kind == "description")
