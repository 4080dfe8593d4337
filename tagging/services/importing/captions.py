"""What a caption file beside a picture says."""

import hashlib
import os
import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from tagging.domain import caption_files, plain_text, tag_names
from tagging.domain import captions as caption_rules
from tagging.services.importing.given import GivenImage
from tagging.services.importing.small_files import read_small, text_of

LIMIT = 2**20
_TAGS = caption_rules.Profile.TAGS
_COMMAS = re.compile(f"[{tag_names.COMMAS}]")


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """How caption files are read. `trigger` is the dataset's own, normalised, or ""."""

    extension: str = ".txt"
    captions: caption_files.Captions = "auto"
    separator: caption_files.Separator = "auto"
    trigger: str = ""


@dataclass(frozen=True, slots=True)
class Caption:
    """What a caption file says of a picture. `edited`: it is not what the program that wrote the folder put there."""

    sha256: str
    kind: str
    tags: tuple[str, ...] = ()
    description: str = ""
    notes: tuple[str, ...] = ()
    trigger_dropped: int = 0
    edited: bool = False

    @property
    def is_refused(self) -> bool:
        """Whether all that the file says was left out, for the reasons in the notes."""
        return self.kind == "empty" and bool(self.notes)


@dataclass
class Spellings:
    """How often an import spells each tag, so that a new one gets the spelling it has most often."""

    counts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, tags: Iterable[str]) -> None:
        """Take note of one picture's tags."""
        for tag in tags:
            self.counts[tag_names.key(tag)][tag] += 1

    def best(self, tag: str) -> str:
        """The commonest spelling of this tag; of equally common ones the first that was read."""
        spellings = self.counts.get(tag_names.key(tag))
        return spellings.most_common(1)[0][0] if spellings else tag

    @property
    def merged(self) -> int:
        """How many spellings became another."""
        return sum(len(spellings) - 1 for spellings in self.counts.values())


def read_caption(path: bytes, *, root: bytes, rules: CaptionRules, given: GivenImage | None) -> Caption:
    """What a caption file below `root` says. Raises Unusable when it cannot be read or is no text."""
    full = os.path.join(root, path)  # noqa: PTH118 - bytes paths
    raw = read_small(full, root=root, limit=LIMIT)
    sha256 = hashlib.sha256(raw).hexdigest()
    text, note = text_of(raw)
    notes = (note,) if note else ()
    if given is None:
        read = caption_files.read(text, captions=rules.captions, separator=rules.separator, trigger=rules.trigger)
        return _caption(sha256, read, notes)
    if given.caption is None:
        # Of the first tagger: tags, joined by commas or one a line.
        lines = _COMMAS.sub("\n", text)
        read = caption_files.read(lines, captions="tags", separator="newline", trigger=rules.trigger)
        return _caption(sha256, read, notes)
    if text.strip() == given.caption:
        return Caption(sha256, "written", given.tags, given.description, notes)
    return _edited(sha256, text, given, rules, notes)


def without_file(given: GivenImage) -> Caption:
    """What a manifest says of a picture that has no caption file."""
    return Caption("", "written", given.tags, given.description)


def _edited(sha256: str, text: str, given: GivenImage, rules: CaptionRules, notes: tuple[str, ...]) -> Caption:
    """A caption that somebody changed after it was written: it wins over what it held, and over no more than that."""
    written = given.caption or ""
    tags = caption_rules.compose(trigger=rules.trigger, tags=given.tags, description="", profile=_TAGS)
    held_tags = bool(given.tags) and written.startswith(tags)
    held_description = bool(given.description) and written.endswith(given.description)
    line = plain_text.clean(plain_text.replace_surrogates(text))
    if held_tags and held_description and line.endswith(given.description):
        before = line.removesuffix(given.description)
        read = caption_files.read(before, captions="tags", separator="comma", trigger=rules.trigger)
        return _caption(sha256, replace(read, kind="tags", description=given.description), notes, edited=True)
    if held_tags and held_description and line.startswith(f"{tags}, "):
        after = line.removeprefix(f"{tags}, ")
        read = caption_files.read(after, captions="description", separator="auto", trigger="")
        return _caption(sha256, replace(read, tags=given.tags), notes, edited=True)
    if held_description and rules.trigger and not given.description.startswith(rules.trigger):
        text = text.removeprefix(f"{rules.trigger} ")
    read = caption_files.read(text, captions=rules.captions, separator=rules.separator, trigger=rules.trigger)
    if read.kind == "tags" and not held_description:
        read = replace(read, description=given.description)
    elif read.kind == "description" and not held_tags:
        read = replace(read, tags=given.tags)
    return _caption(sha256, read, notes, edited=True)


def _caption(sha256: str, read: caption_files.CaptionFile, notes: tuple[str, ...], *, edited: bool = False) -> Caption:
    return Caption(
        sha256, read.kind, read.tags, read.description, (*notes, *read.notes), read.trigger_dropped, edited=edited
    )
