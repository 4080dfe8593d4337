"""What a search asks for: terms that must all hold, read from words such as `cat -dog state:todo tags:3..9`."""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tagging.domain import plain_text, search_words, tag_names
from tagging.domain.search_words import Word
from tagging.domain.states import State

LENGTH_LIMIT: Final = 1000
TERM_LIMIT: Final = 40
NUMBER_LIMIT: Final = 2**31 - 1

_RANGE = re.compile(r"(?P<only>[0-9]+)|(?P<low>[0-9]*)(?:\.\.|…)(?P<high>[0-9]*)")


@dataclass(frozen=True)
class TagTerm:
    """The image has this tag; `name_key` is its `tag_names.key`."""

    name_key: str
    text: str
    negated: bool = False


@dataclass(frozen=True)
class StateTerm:
    """The image is in one of these states, which stand in the order of the work."""

    states: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class TagCountTerm:
    """The image has so many tags, both ends included; None is open."""

    low: int | None
    high: int | None
    negated: bool = False


@dataclass(frozen=True)
class NameTerm:
    """The name of the file it came from matches as a whole: `*` any characters, `?` one. The pattern is NFC."""

    pattern: str
    negated: bool = False


@dataclass(frozen=True)
class NumberTerm:
    """The image's number lies between the two, both included; None is open."""

    low: int | None
    high: int | None
    negated: bool = False


@dataclass(frozen=True)
class DescriptionTerm:
    """The image has a description."""

    negated: bool = False


Term = TagTerm | StateTerm | TagCountTerm | NameTerm | NumberTerm | DescriptionTerm


@dataclass(frozen=True)
class Query:
    """Terms that must all hold; `text` is what was typed, without white space around it."""

    terms: tuple[Term, ...] = ()
    text: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether there is no term, so that every image matches (`asks_for_rejected` aside)."""
        return not self.terms

    @property
    def asks_for_rejected(self) -> bool:
        """Tell whether rejected images are asked for: by a state, or by a number or file name that names one image.

        Every other search leaves them out, since they are kept but shown on request only.
        """
        return any(isinstance(term, StateTerm) or _names_one(term) for term in self.terms)


def parse(text: str) -> Query:
    """Read a search; without terms it matches everything.

    Raises:
        ValueError: with a sentence for a person that says what is possible.
    """
    if not plain_text.is_text(text):
        raise ValueError("The search is not text, since it holds half a character: type it again.")
    text = text.strip()
    if len(text) > LENGTH_LIMIT:
        raise ValueError(f"The search has {len(text):,} characters, which is over {LENGTH_LIMIT:,}: shorten it.")
    terms = tuple(term for word in search_words.split(text) if (term := _term(word)) is not None)
    if len(terms) > TERM_LIMIT:
        raise ValueError(f"The search has {len(terms)} terms, which is over {TERM_LIMIT}: leave some out.")
    return Query(terms, text)


def quote(tag: str) -> str:
    """Write a tag so that `parse` reads it as just this tag, whatever it holds."""
    return search_words.quote(tag)


def _names_one(term: Term) -> bool:
    match term:
        case NumberTerm(low, high, negated=False):
            return low is not None and low == high
        case NameTerm(pattern, negated=False):
            return not {"*", "?"} & set(pattern)
    return False


def _term(word: Word) -> Term | None:
    if build := _FIELDS.get(word.field.lower()):
        return build(word)
    text = f"{word.field}:{word.value}" if word.field else word.value
    if tag_names.parse_leniently(text) == ([], []):
        return None  # no tag at all, such as a lone comma or empty quotes
    tag = tag_names.normalise(text)
    return TagTerm(tag_names.key(tag), tag, word.negated)


def _state_term(word: Word) -> StateTerm:
    asked = {state.strip().lower() for state in word.value.split(",")}
    if unknown := asked - set(State):
        raise ValueError(
            f"“state:{plain_text.shorten(min(unknown))}” is no state: choose from {', '.join(State)} "
            "(several with commas between)."
        )
    return StateTerm(tuple(state.value for state in State if state in asked), word.negated)


def _name_term(word: Word) -> NameTerm:
    pattern = "".join(c for c in plain_text.nfc(word.value) if unicodedata.category(c) != "Cc")
    if not pattern:
        raise ValueError("“name:” needs part of a file name after it, such as name:*beach*.")
    return NameTerm(pattern, word.negated)


def _tag_count_term(word: Word) -> TagCountTerm:
    return TagCountTerm(*_range("tags", word.value), word.negated)


def _number_term(word: Word) -> NumberTerm:
    return NumberTerm(*_range("number", word.value), word.negated)


def _description_term(word: Word) -> DescriptionTerm:
    if word.value.strip().lower() != "description":
        raise ValueError(
            f"“has:{plain_text.shorten(word.value)}” finds nothing: write has:description, or -has:description for "
            "images without one."
        )
    return DescriptionTerm(word.negated)


def _range(field: str, value: str) -> tuple[int | None, int | None]:
    match = _RANGE.fullmatch(value.strip())
    if not match or value.strip() in ("..", "…"):
        raise ValueError(
            f"“{field}:{plain_text.shorten(value)}” is no number: write {field}:3, {field}:3..9, {field}:3.. or "
            f"{field}:..9."
        )
    low, high = (_bound(match[name] or match["only"] or "") for name in ("low", "high"))
    if low is not None and high is not None and low > high:
        raise ValueError(f"“{field}:{value.strip()}” begins after it ends: write {field}:{high}..{low}.")
    return low, high


def _bound(digits: str) -> int | None:
    if not digits:
        return None
    if len(digits.lstrip("0")) > len(str(NUMBER_LIMIT)) or int(digits) > NUMBER_LIMIT:
        raise ValueError(f"“{plain_text.shorten(digits)}” is too large: numbers go up to {NUMBER_LIMIT:,}.")
    return int(digits)


_FIELDS: Final[dict[str, Callable[[Word], Term]]] = {
    "state": _state_term,
    "tags": _tag_count_term,
    "name": _name_term,
    "number": _number_term,
    "has": _description_term,
}
