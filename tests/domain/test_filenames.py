import re
from pathlib import PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import filenames

SPLIT_WORDS = ["train", "training", "validation", "valid", "dev", "val", "test", "testing", "eval", "evaluation"]


@pytest.mark.parametrize("prefix", ["img", "a", "0", "2024", "x" * 32, "testament", "mytest", "trains", "devil", "tag"])
def test_check_prefix_takes(prefix: str) -> None:
    assert filenames.check_prefix(f" {prefix}\n") == prefix


@pytest.mark.parametrize("prefix", ["", " ", "x" * 33, "Img", "a_b", "a-b", "é", "a b", "../a", "٣", "a\ud800"])
def test_check_prefix_refuses_other_signs(prefix: str) -> None:
    with pytest.raises(ValueError, match="small letters a–z and digits"):
        filenames.check_prefix(prefix)


@pytest.mark.parametrize("prefix", [*SPLIT_WORDS, "1test", "test1", "10val20", "2dev2x"])
def test_check_prefix_refuses_words_that_split_a_dataset(prefix: str) -> None:
    with pytest.raises(ValueError, match="trainers split a dataset"):
        filenames.check_prefix(prefix)


@pytest.mark.parametrize("prefix", ["tags", "default", "metadata", "captions"])
def test_check_prefix_refuses_names_of_other_files(prefix: str) -> None:
    with pytest.raises(ValueError, match="for their own files"):
        filenames.check_prefix(prefix)


@pytest.mark.parametrize(
    ("number", "largest", "stem"),
    [(1, 1, "img_001"), (17, 999, "img_017"), (17, 1000, "img_0017"), (100_000, 100_000, "img_100000")],
)
def test_export_stem_pads_to_the_largest(number: int, largest: int, stem: str) -> None:
    assert filenames.export_stem("img", number, largest) == stem


@given(st.sets(st.integers(1, 20_000), min_size=1))
def test_export_stems_sort_as_their_numbers(numbers: set[int]) -> None:
    stems = [filenames.export_stem("img", number, max(numbers)) for number in sorted(numbers)]

    assert stems == sorted(set(stems))
    assert len({len(stem) for stem in stems}) == 1


@pytest.mark.parametrize(
    ("folder", "slug"),
    [
        ("imgs", "imgs"),
        ("My Cats (2024)", "my-cats-2024"),
        ("10_ohwx woman", "10-ohwx-woman"),
        ("Café Müller", "cafe-muller"),
        ("Straße", "strasse"),
        ("Smørrebrød, Łódź", "smorrebrod-lodz"),
        ("ＡＢＣ１", "abc1"),
        ("画像", "dataset"),
        ("", "dataset"),
        ("../..", "dataset"),
        ("a" * 79 + " b", "a" * 79),
        ("a\udcffb", "ab"),
    ],
)
def test_slug_of_gives(folder: str, slug: str) -> None:
    assert filenames.slug_of(folder) == slug


@given(st.text(max_size=120))
def test_slug_of_any_folder_is_a_slug(folder: str) -> None:
    slug = filenames.slug_of(folder)

    assert re.fullmatch("[a-z0-9-]{1,80}", slug)
    assert filenames.slug_of(slug) == slug


@pytest.mark.parametrize(
    ("folder", "title"),
    [
        ("my cats", "my cats"),
        (" a\tb\x00 ", "a b"),
        ("画像", "画像"),
        ("", "Dataset"),
        ("\u200b", "Dataset"),
        ("a\udcff", "a\ufffd"),
        ("x" * 250, "x" * 200),
    ],
)
def test_title_of_gives(folder: str, title: str) -> None:
    assert filenames.title_of(folder) == title


@given(st.text(max_size=250))
def test_title_of_a_title_changes_nothing(folder: str) -> None:
    title = filenames.title_of(folder)

    assert filenames.title_of(title) == title


@pytest.mark.parametrize(
    ("folder", "expected"),
    [
        ("10_ohwx woman", (10, "ohwx woman")),
        ("1_a_b", (1, "a_b")),
        ("007_x", (7, "x")),
        ("0_x", None),
        ("ohwx", None),
        ("10_", None),
        ("10_ ", None),
        ("_x", None),
        ("x_10", None),
        ("٣_x", None),
        ("1234567_x", None),
    ],
)
def test_kohya_folder_gives(folder: str, expected: tuple[int, str] | None) -> None:
    assert filenames.kohya_folder(folder) == expected


@pytest.mark.parametrize(
    "folder",
    [
        ".git",
        ".thumbnails",
        ".ipynb_checkpoints",
        "@eaDir",
        "@EADIR",
        "#recycle",
        "$RECYCLE.BIN",
        "$Recycle.Bin",
        "System Volume Information",
        "lost+found",
        "__MACOSX",
        "Thumbs",
    ],
)
def test_is_shadow_folder_knows(folder: str) -> None:
    assert filenames.is_shadow_folder(folder)


@pytest.mark.parametrize("folder", ["imgs", "@artist", "#1", "lost and found", "recycle", "_x", "thumbs 2", ""])
def test_is_shadow_folder_leaves_others(folder: str) -> None:
    assert not filenames.is_shadow_folder(folder)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a/b.jpg", "a/b.jpg"),
        ("猫 é.jpg".encode(), "猫 é.jpg"),
        ("👩‍👩‍👧.jpg".encode(), "👩‍👩‍👧.jpg"),
        (b"caf\xe9.jpg", r"caf\xe9.jpg"),
        (b"a\nb\x1b[31m.jpg", r"a\x0ab\x1b[31m.jpg"),
        ("a\u202egpj.exe".encode(), r"a\u202egpj.exe"),
        ("a\x85\u2028b".encode(), r"a\u0085\u2028b"),
        (b"\xed\xa0\x80", r"\xed\xa0\x80"),
        (rb"a\b.jpg", r"a\b.jpg"),
        (rb"a\xe9.jpg", r"a\\xe9.jpg"),
    ],
)
def test_display_path_gives(raw: bytes, shown: str) -> None:
    assert filenames.display_path(raw) == shown


awkward_paths = st.lists(
    st.sampled_from([b"\\", b"x", b"u", b"e9", b"\xe9", b"\x0a", b"0a", b"\xc2\x85", b"0085", b"a"])
).map(b"".join)


@given(awkward_paths, awkward_paths)
def test_display_path_tells_two_paths_apart(left: bytes, right: bytes) -> None:
    assert (filenames.display_path(left) == filenames.display_path(right)) == (left == right)


@given(st.binary(max_size=60))
def test_display_path_of_any_bytes_can_be_stored_and_shown(raw: bytes) -> None:
    shown = filenames.display_path(raw)

    assert shown.encode() is not None
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e]", shown)


@pytest.mark.parametrize(
    ("image", "ext", "expected"),
    [
        ("a.jpg", ".txt", ("a.txt", "a.jpg.txt")),
        ("a.b.jpg", "caption", ("a.b.caption", "a.b.jpg.caption")),
        ("a", ".txt", ("a.txt",)),
        (".jpg", ".txt", (".jpg.txt",)),
        ("a.txt", ".txt", ("a.txt.txt",)),
    ],
)
def test_caption_names_for_gives(image: str, ext: str, expected: tuple[str, ...]) -> None:
    assert filenames.caption_names_for(image, ext) == expected


def test_a_backslash_before_what_will_be_escaped_is_told_from_an_escape() -> None:
    shown = {filenames.display_path(raw) for raw in (b"\\\x01", b"\\x01", b"\\\\x01", b"\x01", b"\\\xff", b"\\xff")}

    assert len(shown) == 6


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/out", []),
        ("/test/out", []),
        ("/10_ohwx woman", []),
        ("/10_testament", []),
        ("/mytest", []),
        ("/train", ["train"]),
        ("/10_test", ["test"]),
        ("/my-dev set", ["dev"]),
        ("/val.2", ["val"]),
        ("/.out", ["begins with “.”"]),
        ("/__out", ["begins with “__”"]),
        ("/_controls", ["ai-toolkit"]),
        ("/cats [1]/out", ["“[”"]),
        ("/a::b/test", ["test", "“::”"]),
    ],
)
def test_folder_cautions_name_what_a_trainer_reads_otherwise(path: str, words: list[str]) -> None:
    cautions = filenames.folder_cautions(PurePosixPath(path))

    assert [word in caution for word, caution in zip(words, cautions, strict=True)] == [True] * len(words)
