"""Why an image stays out of an export, and what is remarked on one that goes in."""

import enum
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from tagging.domain import tag_names
from tagging.domain.captions import estimate_clip_tokens
from tagging.services.exporting.rows import Row

CLIP_TOKENS: Final = 77
_MARKS: Final = estimate_clip_tokens("")
REFUSED_UNDER: Final = 64  # pixels a side: Civitai does not take smaller ones
SMALL_UNDER: Final = 256
KEPT_FORMATS: Final = frozenset({"jpeg", "png", "webp"})


class Reason(enum.StrEnum):
    """Why images are left out, in words that follow their number."""

    TODO = "to do"
    DONE = "done"
    REVIEWED = "reviewed"
    REJECTED = "rejected"
    NO_MATCH = "not in the search"
    NO_CAPTION = "without tags, description and trigger word"
    MISSING = "whose file is missing"
    DAMAGED = "whose file is damaged"


class Remark(enum.StrEnum):
    """What a person may want to know of an image that goes in; most pressing first."""

    NO_CAPTION = "without a caption file"
    ONLY_TRIGGER = "only the trigger as caption"
    CLIP = "caption over 77 CLIP tokens, estimated"
    UNDER_64 = "smaller than 64 pixels"
    UNDER_256 = "smaller than 256 pixels"
    TURNED = "turned by the camera"
    TRANSPARENT = "transparent"
    CONVERTED = "another type"


def remarks_on(row: Row, caption: str, trigger: str) -> tuple[Remark, ...]:
    """What stored columns and the caption tell, without opening the file."""
    return (*_on_caption(caption, trigger), *_on_picture(row))


def _on_caption(caption: str, trigger: str) -> Iterator[Remark]:
    if not caption:
        yield Remark.NO_CAPTION
    elif caption == trigger:
        yield Remark.ONLY_TRIGGER
    elif most_tokens(caption) > CLIP_TOKENS and estimate_clip_tokens(caption) > CLIP_TOKENS:
        yield Remark.CLIP


def most_tokens(caption: str) -> int:
    """What `estimate_clip_tokens` never exceeds, told much quicker of tags that were met before.

    What runs together over a comma (the comma and a sign before it) counts for no more than its two parts do.
    """
    parts = caption.split(", ")
    return len(parts) - 1 + _MARKS + sum(_tokens_of(part) - _MARKS for part in parts)


def _tokens_of(part: str) -> int:
    return _tokens_of_tag(part) if len(part) <= tag_names.LIMIT else estimate_clip_tokens(part)


_tokens_of_tag = lru_cache(maxsize=2**15)(estimate_clip_tokens)


def _on_picture(row: Row) -> Iterator[Remark]:
    if min(row.width, row.height) < REFUSED_UNDER:
        yield Remark.UNDER_64
    elif min(row.width, row.height) < SMALL_UNDER:
        yield Remark.UNDER_256
    if row.orientation != 1:
        yield Remark.TURNED
    if not row.opaque:
        yield Remark.TRANSPARENT
    if row.format not in KEPT_FORMATS:
        yield Remark.CONVERTED
