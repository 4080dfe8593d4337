import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import plain_text

from .strategies import NASTY, typed

MARKS = "\u0301\u0323\u0338\u0345\u094d\u0f71\u0f73\u0f75\u0f81\u0344"


@given(typed)
def test_clean_of_clean_text_changes_nothing(text: str) -> None:
    once = plain_text.clean(text)

    assert plain_text.clean(once) == once


@given(typed)
def test_clean_gives_one_line_in_nfc_without_controls(text: str) -> None:
    cleaned = plain_text.clean(text)

    assert unicodedata.is_normalized("NFC", cleaned)
    assert not {unicodedata.category(c) for c in cleaned} & {"Cc", "Zl", "Zp", "Cs"}
    assert "  " not in cleaned
    assert cleaned == cleaned.strip()


@given(st.text(st.sampled_from("a\u0301\u0323\u0345\u094d\u093c\u0915\u0628\u200c\u200d\ufe0f👩1\u20e3"), max_size=30))
def test_clean_settles_joiners_among_marks(text: str) -> None:
    once = plain_text.clean(text)

    assert plain_text.clean(once) == once


@given(st.text(st.sampled_from("aé" + MARKS), max_size=200))
def test_nfc_equals_that_of_unicodedata(text: str) -> None:
    assert plain_text.nfc(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧",
        "👩🏽‍🚀",
        "❤️‍🔥",
        "👁️‍🗨️",
        "🏴‍☠️",
        "🙂‍↔️",
        "1️⃣",
        "☎️",
        "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        "می‌خواهم",
        "क्‍ष",
        "क्‌ष",
        "ന്‍",
        "র‍্য",
        "ක්‍ෂ",
        "\u1820\u180e\u1820",
        "\u1820\u180b",
    ],
)
def test_clean_keeps_joiners_where_writing_needs_them(text: str) -> None:
    assert plain_text.clean(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("so\u200dlo", "solo"),
        ("so \u200d lo \ufe0f ", "so lo"),
        ("so\u200clo", "solo"),
        ("\u200dsolo\u200d", "solo"),
        ("a\ufe0f", "a"),
        ("1\ufe0f", "1"),
        ("👩\u200d", "👩"),
        ("👩\u200d\u200d👧", "👩\u200d👧"),
        ("☎\ufe0f\ufe0f", "☎\ufe0f"),
        ("ب\u200c", "ب"),
        ("ب\u200c\u200cب", "ب\u200cب"),
        ("a\u180eb", "ab"),
        ("a\U000e0067\U000e007f", "a"),
        ("🏴" + "\U000e0067" * 9 + "\U000e007f", "🏴"),
        ("猫\U000e0100", "猫"),
        ("a\xadb\u2060c\ufeffd\u034fe\u061cf", "abcdef"),
        ("a\ufffcb\uffffc\U0001ffffd", "abcd"),
        ("a\u3164b\u2800c\u3000d\u202fe", "a b c d e"),
        ("a\x1cb\x1fc", "abc"),
    ],
)
def test_clean_drops_what_hides(text: str, expected: str) -> None:
    assert plain_text.clean(text) == expected


@pytest.mark.parametrize("text", ["", "\u0301", "\u093e", "\u20e3", "\u180b"])
def test_is_visible_refuses_marks_without_a_letter(text: str) -> None:
    assert not plain_text.is_visible(text)


@pytest.mark.parametrize("text", ["a", "\u06dd", "🏽", "_", "\ue000", "e\u0301"])
def test_is_visible_takes_any_sign(text: str) -> None:
    assert plain_text.is_visible(text)


@pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
def test_is_text_refuses_half_characters(text: str) -> None:
    assert not plain_text.is_text(text)


def test_replace_surrogates_marks_each() -> None:
    assert plain_text.replace_surrogates("a\ud800\udc80b") == "a\ufffd\ufffdb"


def test_shorten_marks_what_is_cut() -> None:
    assert [plain_text.shorten("abcd", 4), plain_text.shorten("abcde", 4)] == ["abcd", "abc…"]


@pytest.mark.parametrize("pattern", ["\u0301\u0323", "\u0301\u0323\u200d", "é\u0323", "👩\u200d", "क\u200d", *NASTY])
def test_clean_takes_100_000_characters_of_one_kind(pattern: str) -> None:
    once = plain_text.clean(pattern * (100_000 // len(pattern)))

    assert plain_text.clean(once) == once


def test_clean_puts_a_long_run_of_marks_in_order() -> None:
    assert plain_text.clean("a" + "\u0301\u0323" * 50_000) == "ạ" + "\u0323" * 49_999 + "\u0301" * 50_000
