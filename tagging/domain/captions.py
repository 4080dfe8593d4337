"""The caption a trainer reads: trigger word, tags and description put together by a profile."""

import enum
import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from tagging.domain import plain_text, tag_names

DESCRIPTION_LIMIT: Final = 5000

# Civitai builds a regular expression from the trigger, kohya reads | and {} as wildcards, ai-toolkit fills [trigger].
_PATTERN_CHARACTERS: Final = "\\^$.|?*+()[]{}"
_CLIP_PIECE = re.compile(r"[^\W\d_]+|\d|[^\w\s]+|_+")


class Profile(enum.StrEnum):
    """What of an image goes into its caption."""

    TAGS_DESCRIPTION = "tags+description"
    TAGS = "tags"
    DESCRIPTION = "description"


def compose(*, trigger: str, tags: Sequence[str], description: str, profile: Profile) -> str:
    """Put a caption together from normalised parts; "" when there is nothing to say.

    A tag equal to the trigger (by `tag_names.key`) is the trigger, so it appears once, in front. What an image has
    not is left out in every profile: without tags the caption is as `description`, without a description as `tags`
    (so the profile `description` gives the tags of an image that nobody described), with neither the trigger alone.
    """
    trigger_key = tag_names.key(trigger)
    others = [tag for tag in tags if not trigger or tag_names.key(tag) != trigger_key]
    tag_caption = ", ".join([trigger, *others] if trigger else others)
    if not description or (profile is Profile.TAGS and others):
        return tag_caption
    if not others or profile is Profile.DESCRIPTION:
        return _led_by(trigger, description)
    return f"{tag_caption}, {description}"


def normalise_description(text: str) -> str:
    """Return a description as it is stored: one line (lines joined by a blank), NFC, nothing hidden; "" is none.

    Raises:
        ValueError: with a sentence for a person, when it is not text or has over 5,000 characters.
    """
    if not plain_text.is_text(text):
        raise ValueError("The description is not text, since it holds half a character: type or paste it again.")
    description = plain_text.clean(text)
    if len(description) > DESCRIPTION_LIMIT:
        raise ValueError(
            f"The description has {len(description):,} characters, which is over {DESCRIPTION_LIMIT:,}: shorten it."
        )
    return description


def check_trigger(text: str) -> str:
    """Return a trigger word as it is stored; "" is none.

    Raises:
        ValueError: with a sentence for a person, when a trainer would not read it as one token: a comma, a character
            that means something in a regular expression, a placeholder such as `[trigger]`, over 200 characters.
    """
    if not plain_text.is_text(text):
        raise ValueError("The trigger word is not text, since it holds half a character: type or paste it again.")
    trigger = plain_text.clean(text).strip(f" {tag_names.COMMAS}")
    if not trigger:
        return ""
    if not plain_text.is_visible(trigger):
        raise ValueError("The trigger word needs at least one visible character: type another one.")
    if len(trigger) > tag_names.LIMIT:
        raise ValueError(
            f"The trigger word has {len(trigger)} characters, which is over {tag_names.LIMIT}: shorten it."
        )
    if found := set(trigger) & set(tag_names.COMMAS):
        raise ValueError(f"The trigger word cannot hold a comma ({min(found)}): make it one word or phrase.")
    if found := set(trigger) & set(_PATTERN_CHARACTERS):
        raise ValueError(
            f"The trigger word cannot hold “{min(found, key=trigger.index)}”, which trainers read as a sign of "
            "their own: use letters and digits."
        )
    return trigger


def estimate_clip_tokens(caption: str) -> int:
    """Estimate how many of CLIP's 77 tokens a caption takes, its start and end marks included.

    An estimate, since the vocabulary is not here: words are cut where CLIP cuts them (letters, single digits, runs of
    signs); a Latin word then counts one token for each eight letters begun, other scripts one for each two bytes.
    Tried on 19 captions against the real vocabulary: English within an eighth, rare words and Japanese up to a third
    low, emoji up to a half high.
    """
    return 2 + sum(_tokens(piece) for piece in _CLIP_PIECE.findall(caption))


def _tokens(piece: str) -> int:
    if not piece.isascii():
        return -(-len(piece.encode("utf-8", "replace")) // 2)
    return -(-len(piece) // 8) if piece.isalpha() else 1


def _led_by(trigger: str, description: str) -> str:
    if not trigger or _stands_as_word(trigger, description):
        return description
    return f"{trigger} {description}"


def _stands_as_word(word: str, text: str) -> bool:
    """Tell whether word stands in text, letter for letter, with no letter, digit, mark or `_` on either side."""
    at = text.find(word)
    while at >= 0:
        neighbours = text[max(0, at - 1) : at] + text[at + len(word) : at + len(word) + 1]
        if not any(_continues_word(c) for c in neighbours):
            return True
        at = text.find(word, at + 1)
    return False


def _continues_word(character: str) -> bool:
    return character.isalnum() or character == "_" or unicodedata.category(character).startswith("M")
