"""What all text that people type goes through: one line, no hidden characters, one spelling of each letter."""

import itertools
import re
import unicodedata
from typing import Final

LINE_BREAKS: Final = "\n\r\v\f\x85\u2028\u2029"

_SURROGATE = re.compile("[\ud800-\udfff]")
# Shows as a blank, so it counts as one: the braille blank and the two wide Hangul fillers too.
_BLANKS = re.compile(f"[\t {LINE_BREAKS}\xa0\u1680\u2000-\u200a\u202f\u205f\u3000\u2800\u3164\uffa0]+")
# Never of use inside text: controls, bidirectional marks and overrides, zero-width padding, fillers, non-characters,
# the variation selectors that no emoji takes, and the place of a picture that was left behind (U+FFFC).
_HIDDEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0d\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff\U0001bca0-\U0001bca3\U0001d159"
    "\U0001d173-\U0001d17a\U000e0000-\U000e001f\U000e0080-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
    + "]"
)
# Of use in some places only: see _keep. Flags such as Scotland's are a black flag, hidden letters and an end mark.
_JOINER_RUN = "[\u200c\u200d]+"
_CONDITIONAL = re.compile("[\u180b-\u180f\u200c\u200d\ufe0e\ufe0f\U000e0020-\U000e007f]")
_CONDITIONAL_RUN = re.compile(
    "(?P<flag>\U0001f3f4[\U000e0020-\U000e007e]{1,8}\U000e007f)"
    f"|{_JOINER_RUN}|[\ufe0e\ufe0f]+|[\u180b-\u180f]+|[\U000e0020-\U000e007f]+"
)
_PICTOGRAPH = re.compile(
    "[\xa9\xae\u203c\u2049\u2122\u2139\u2190-\u21ff\u2300-\u23ff\u24c2\u25a0-\u27bf\u2900-\u297f\u2b00-\u2bff"
    "\u3030\u303d\u3297\u3299\U0001f000-\U0001faff]"
)
# Arabic, Syriac, N'Ko, Mandaic; the scripts of India; Burmese; Khmer, Mongolian; Balinese; Javanese and their kin.
_JOINING_SCRIPT = re.compile(
    "[\u0600-\u08ff\u0900-\u0dff\u1000-\u109f\u1780-\u18af\u1b00-\u1b7f\ua840-\ua8ff\ua980-\ua9ff\uaa60-\uaa7f"
    "\U00010ac0-\U00010aff\U00010d00-\U00010d3f\U00010f00-\U00010fdf\U00011000-\U00011fff\U0001e900-\U0001e95f]"
)
_MONGOLIAN = re.compile("[\u1820-\u18aa]")
_VIRAMA_CLASS = 9
# Format characters that are seen: signs that stand before a number or verse.
_SEEN_FORMATS = re.compile("[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd]")
_UNSEEN_CATEGORIES = frozenset({"Mn", "Me", "Mc", "Zs", "Cf"})
_ROUNDS = 4
_MANY_MARKS = re.compile(r"[^\w\s]{31}")
# The three marks that count as letters until they are taken apart.
_DOUBLE_MARKS = {0x0F73: "\u0f71\u0f72", 0x0F75: "\u0f71\u0f74", 0x0F81: "\u0f71\u0f80"}


def is_text(text: str) -> bool:
    """Tell whether text can be stored and sent: half a character (a lone surrogate) cannot."""
    return not _SURROGATE.search(text)


def replace_surrogates(text: str) -> str:
    """Put U+FFFD for each half character, so that what comes from a file can always be stored and shown."""
    return _SURROGATE.sub("\ufffd", text)


def nfc(text: str) -> str:
    """Return text in Unicode's form NFC, in time that grows with its length.

    `unicodedata` needs the square of it for a long run of marks in the wrong order (45 s for 100,000), so these are
    put in order first: by their class and otherwise as they stand, which is how Unicode defines the order.
    """
    if _MANY_MARKS.search(text):
        runs = itertools.groupby(text.translate(_DOUBLE_MARKS), key=lambda c: unicodedata.combining(c) > 0)
        text = "".join("".join(sorted(run, key=unicodedata.combining) if marks else run) for marks, run in runs)
    return unicodedata.normalize("NFC", text)


def clean(text: str) -> str:
    """Return text as one line in NFC, without control, bidirectional and zero-width characters.

    White space at both ends goes and inner runs become one blank. Joiners and variation selectors stay inside emoji
    and inside scripts that need them. Idempotent and linear; `is_text(text)` is the caller's to ask first.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    text = _settle(nfc(_HIDDEN.sub("", text)))
    return _BLANKS.sub(" ", text).strip(" ")


def is_visible(text: str) -> bool:
    """Tell whether cleaned text shows anything by itself: marks that need a letter to sit on do not."""
    return any(unicodedata.category(c) not in _UNSEEN_CATEGORIES or _SEEN_FORMATS.match(c) for c in text)


def shorten(text: str, limit: int = 40) -> str:
    """Return the beginning of text for a sentence: at most `limit` characters, the last a mark when there is more."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def _settle(text: str) -> str:
    """Drop joiners and selectors that stand where nothing needs them.

    Dropping one can let marks change places and so alter the neighbours of another; if a few rounds do not settle
    it, the text is no writing of any language and loses them all.
    """
    for _ in range(_ROUNDS):
        if not _CONDITIONAL.search(text):
            return text
        settled = nfc(_CONDITIONAL_RUN.sub(_keep, text))
        if settled == text:
            return text
        text = settled
    return nfc(_CONDITIONAL.sub("", text))


def _keep(run: re.Match[str]) -> str:
    """Return what stays of a run of one kind: its first character where its neighbours need it, else nothing."""
    if run["flag"]:
        return run[0]
    text, first = run.string, run[0][0]
    before = text[run.start() - 1] if run.start() else ""
    after = text[run.end()] if run.end() < len(text) else ""
    if first in "\u200c\u200d":
        needed = _joins_emoji(first, before, after) or _joins_letters(first, before, after)
    elif first in "\ufe0e\ufe0f":
        is_keycap = before in frozenset("0123456789#*") and after == "\u20e3"
        needed = is_keycap or bool(_PICTOGRAPH.match(before))
    elif first in "\u180b\u180c\u180d\u180e\u180f":
        needed = bool(_MONGOLIAN.match(before)) and (first != "\u180e" or bool(_MONGOLIAN.match(after)))
    else:
        needed = False
    return first if needed else ""


def _joins_emoji(joiner: str, before: str, after: str) -> bool:
    follows = before in ("\ufe0e", "\ufe0f") or bool(_PICTOGRAPH.match(before))
    return joiner == "\u200d" and follows and bool(_PICTOGRAPH.match(after))


def _joins_letters(joiner: str, before: str, after: str) -> bool:
    """Between two letters of a script that joins; after a virama ZWJ also ends a word (old Malayalam spelling)."""
    if not _is_joining_letter(before):
        return False
    return _is_joining_letter(after) or (joiner == "\u200d" and unicodedata.combining(before) == _VIRAMA_CLASS)


def _is_joining_letter(character: str) -> bool:
    return bool(_JOINING_SCRIPT.match(character)) and unicodedata.category(character)[0] in "LM"
