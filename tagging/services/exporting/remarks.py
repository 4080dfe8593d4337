"""Why an image stays out of an export, and what is remarked on one that goes in."""

import enum
from collections.abc import Iterator
from typing import Final

from tagging.domain.captions import estimate_clip_tokens
from tagging.services.exporting.rows import Row

CLIP_TOKENS: Final = 77
REFUSED_UNDER: Final = 64  # pixels a side: Civitai does not take smaller ones
SMALL_UNDER: Final = 256
KEPT_FORMATS: Final = frozenset({"jpeg", "png", "webp"})


class Reason(enum.StrEnum):
    """Why an image is left out, in words that follow its name."""

    TODO = "to do"
    DONE = "done"
    REVIEWED = "reviewed"
    REJECTED = "rejected"
    NO_MATCH = "not in the search"
    NO_CAPTION = "without tags, description and trigger word"
    MISSING = "its file is missing from the data folder"
    DAMAGED = "its file in the data folder is damaged"


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
    # No character takes more than two tokens, and most captions are too short to need the estimate
    elif 2 + 2 * len(caption) > CLIP_TOKENS and estimate_clip_tokens(caption) > CLIP_TOKENS:
        yield Remark.CLIP


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
