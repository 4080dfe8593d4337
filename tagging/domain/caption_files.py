"""What a caption file beside a picture says: its letters, and whether it holds tags or a description."""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tagging.domain import captions as caption_rules
from tagging.domain import plain_text, tag_names

Captions = Literal["auto", "tags", "description"]
Separator = Literal["auto", "comma", "newline"]

_LINE_BREAK = re.compile(f"[{plain_text.LINE_BREAKS}]")
_SENTENCE_ENDS: Final = tuple(".!?。．！？؟।")
_SENTENCE_LENGTH: Final = 80
_COMMA_SHARE: Final = 0.05
_DAMAGED_NOTE: Final = "The file is damaged UTF-16: what could not be read is marked “�”."
_WINDOWS_NOTE: Final = "The file is not UTF-8 and was read as Windows-1252: check its accented letters."
_CONTROLS: Final = bytes(code for code in (*range(32), 127) if chr(code) not in "\t\n\v\f\r")
_CONTROL_SHARE: Final = 0.02
_UTF16_MARKS: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class CaptionFile:
    """What was read: of `tags` and `description` only the one that `kind` names holds anything.

    `kind` "empty" means there is nothing to take over; a file that held only the trigger is "tags" without tags.
    Each note is one sentence about what was left out. `trigger_dropped` counts tags equal to the trigger.
    """

    kind: Literal["tags", "description", "empty"]
    tags: tuple[str, ...] = ()
    description: str = ""
    notes: tuple[str, ...] = ()
    trigger_dropped: int = 0


def decode(raw: bytes) -> tuple[str, str]:
    """Return the text of a caption file and a note ("" when all is well); no bytes make it raise.

    UTF-8 with or without BOM, UTF-16 with BOM, else Windows-1252. NUL characters are dropped.
    """
    text, note = _decode_letters(raw)
    return text.replace("\0", ""), note


def is_binary(raw: bytes) -> bool:
    """Tell whether a file is no text: it has a NUL, or control characters are more than one and over 2 % of it.

    Noise has them in every ninth place, and a text perhaps the mark that old systems put at its end.
    """
    if raw.startswith(_UTF16_MARKS):
        raw = raw.decode("utf-16", "replace").encode()
    controls = len(raw) - len(raw.translate(None, _CONTROLS))
    return b"\0" in raw or controls > max(1, len(raw) * _CONTROL_SHARE)


def read(text: str, *, captions: Captions, separator: Separator, trigger: str) -> CaptionFile:
    """Tell what a caption file's text says.

    `captions` "auto" calls a text a description when commas are under 5 % of its characters and it either ends as a
    sentence or has over 80 characters. Of tags the first line decides; several lines none of which has a comma and
    none of which is a sentence (Hydrus) are one tag each, as are all lines with `separator` "newline". `\\(` and
    `\\)` in tags become brackets. `trigger` is the dataset's own, normalised, or "".
    """
    text = plain_text.replace_surrogates(text)
    lines = [line for line in map(plain_text.clean, _LINE_BREAK.split(text)) if line]
    if not lines:
        return CaptionFile("empty")
    by_line = separator == "newline" or (separator == "auto" and _is_tag_list(lines))
    if captions == "description" or (captions == "auto" and _is_description(lines, separator)):
        return _read_description(" ".join(lines))
    return _read_tags(lines, by_line=by_line, trigger=trigger)


def _decode_letters(raw: bytes) -> tuple[str, str]:
    if raw.startswith(_UTF16_MARKS):
        try:
            return raw.decode("utf-16"), ""
        except UnicodeDecodeError:
            return raw.decode("utf-16", "replace"), _DAMAGED_NOTE
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError:
        text = raw.removeprefix(codecs.BOM_UTF8).decode("cp1252", "replace")
        return text, _WINDOWS_NOTE


def _count_commas(text: str) -> int:
    return sum(text.count(comma) for comma in tag_names.COMMAS)


def _is_sentence(line: str) -> bool:
    return line.endswith(_SENTENCE_ENDS) or len(line) > _SENTENCE_LENGTH


def _is_tag_list(lines: Sequence[str], *, may_have_commas: bool = False) -> bool:
    if len(lines) == 1 or any(map(_is_sentence, lines)):
        return False
    return may_have_commas or not any(map(_count_commas, lines))


def _is_description(lines: Sequence[str], separator: Separator) -> bool:
    """Apply the rule of "auto"; a list of one tag a line may be long and without commas too, but has no sentence."""
    if _is_tag_list(lines, may_have_commas=separator == "newline"):
        return False
    text = " ".join(lines)
    return _is_sentence(text) and _count_commas(text) < _COMMA_SHARE * len(text)


def _read_description(text: str) -> CaptionFile:
    try:
        return CaptionFile("description", description=caption_rules.normalise_description(text))
    except ValueError as problem:
        return CaptionFile("empty", notes=(str(problem),))


def _read_tags(lines: Sequence[str], *, by_line: bool, trigger: str) -> CaptionFile:
    lines = [line for line in lines if line.strip(f" {tag_names.COMMAS}")]
    wanted = lines if by_line else lines[:1]
    text = "\n".join(wanted).replace("\\(", "(").replace("\\)", ")")
    found, notes = tag_names.parse_leniently(text, "newline" if by_line else "comma")
    if further := len(lines) - len(wanted):
        notes.append(
            "The line after the first was not read as tags."
            if further == 1
            else f"The {further} lines after the first were not read as tags."
        )
    trigger_key = tag_names.key(trigger)
    tags = tuple(tag for tag in found if not trigger or tag_names.key(tag) != trigger_key)
    return CaptionFile(
        "tags" if found else "empty", tags=tags, notes=tuple(notes), trigger_dropped=len(found) - len(tags)
    )
