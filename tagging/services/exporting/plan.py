"""Which images go into an export, with their captions and names; which stay out, and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import Final, Literal, get_args

from tagging.domain import captions, counting, filenames, search_query
from tagging.domain.captions import Profile
from tagging.domain.exported import VocabularyTag
from tagging.errors import Refused
from tagging.models import Dataset, State
from tagging.services.exporting import rows
from tagging.services.exporting.remarks import Reason, Remark, remarks_on
from tagging.services.exporting.rendered import original_of
from tagging.services.exporting.rows import Moment, Row

Untagged = Literal["skip", "image"]
STATES: Final = (State.TODO.value, State.DONE.value, State.REVIEWED.value)
PART: Final = 1000  # images in one zip: Civitai takes no more


@dataclass(frozen=True, slots=True)
class PlannedImage:
    """An image that goes in, with the name (without extension) and the caption that it gets."""

    row: Row
    stem: str
    tags: tuple[str, ...]
    caption: str
    remarks: tuple[Remark, ...]

    @property
    def number(self) -> int:
        return self.row.number


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An image that stays out."""

    number: int
    name: str
    reason: Reason


@dataclass(frozen=True)
class Plan:
    """An export before it is written, as the dataset stood at its change `at_seq`. Images are in order of number.

    `options` holds the choices that change bytes, as the manifest keeps them.
    """

    dataset: Dataset
    profile: Profile
    options: Mapping[str, object]
    images: tuple[PlannedImage, ...]
    left_out: tuple[LeftOut, ...]
    vocabulary: tuple[VocabularyTag, ...]

    @property
    def at_seq(self) -> int:
        return self.dataset.change_seq

    @cached_property
    def reasons(self) -> Mapping[Reason, int]:
        """How many images stay out for each reason."""
        found = Counter(image.reason for image in self.left_out)
        return {reason: found[reason] for reason in Reason if found[reason]}

    @cached_property
    def remarks(self) -> Mapping[Remark, list[int]]:
        """The numbers of the images that each remark is on."""
        found: defaultdict[Remark, list[int]] = defaultdict(list)
        for image in self.images:
            for remark in image.remarks:
                found[remark].append(image.number)
        return {remark: found[remark] for remark in Remark if found[remark]}

    @cached_property
    def plain_count(self) -> int:
        """How many images go in without any remark."""
        return sum(not image.remarks for image in self.images)

    @cached_property
    def byte_size(self) -> int:
        """What the pictures take as they are stored: about what the export takes."""
        return sum(image.row.byte_size for image in self.images)

    @property
    def part_count(self) -> int:
        """How many zips the images make."""
        return -(-len(self.images) // PART)

    def part(self, number: int) -> tuple[PlannedImage, ...]:
        """The images of one zip, counted from 1.

        Raises:
            Refused: there is no such part.
        """
        if not self.images:
            raise Refused("Nothing goes in: the export page says what is left out and why.")
        if not 1 <= number <= self.part_count:
            parts = counting.counted(self.part_count, "part")
            raise Refused(f"This export has {parts} and no part {number}: count again.")
        return tuple(islice(self.images, (number - 1) * PART, number * PART))

    def without(self, reasons: Mapping[int, Reason]) -> "Plan":
        """The same export without the images of these numbers, which could not be written after all."""
        if not reasons:
            return self
        kept = [image for image in self.images if image.number not in reasons]
        out = [LeftOut(i.number, i.row.name, reasons[i.number]) for i in self.images if i.number in reasons]
        named = tuple(_named(kept, self.dataset.prefix))
        return replace(
            self, images=named, left_out=tuple(sorted((*self.left_out, *out), key=lambda image: image.number))
        )


def plan_export(
    dataset: Dataset,
    *,
    profile: str | None = None,
    query: str | None = None,
    states: Collection[str] = STATES,
    untagged: Untagged = "skip",
    keep_metadata: bool = False,
) -> Plan:
    """Plan an export of the dataset as it stands now; nothing is written.

    Args:
        dataset: whose images, of which somebody may see all.
        profile: what captions hold; the dataset's own by default.
        query: a search that images must match.
        states: the states whose images go in. Rejected ones never do.
        untagged: what becomes of an image with nothing to say in its caption: it is left out, or goes without one.
        keep_metadata: leave EXIF and the like in the pictures.

    Raises:
        Refused: an option makes no sense, with what would.
        Gone: the dataset was deleted.
    """
    _check_states(states)
    if untagged not in get_args(Untagged):
        raise Refused(f"Untagged images are “skip” or “image”, not “{untagged}”.", field="untagged", typed=untagged)
    moment = rows.read(dataset, _parsed(query))
    chosen = _profile(profile or moment.dataset.profile)
    options = {
        "keep_metadata": keep_metadata,
        "only": (query or "").strip(),
        "profile": chosen.value,
        "states": [state for state in STATES if state in states],
        "untagged": untagged,
    }
    left_out: list[LeftOut] = []
    going: list[PlannedImage] = []
    for row in moment.rows:
        made = _consider(row, moment, chosen, states, untagged)
        if isinstance(made, Reason):
            left_out.append(LeftOut(row.number, row.name, made))
        else:
            going.append(made)
    images = tuple(_named(going, moment.dataset.prefix))
    return Plan(moment.dataset, chosen, options, images, tuple(left_out), moment.vocabulary)


def _consider(
    row: Row, moment: Moment, profile: Profile, states: Collection[str], untagged: Untagged
) -> PlannedImage | Reason:
    if row.state == State.REJECTED or row.state not in states:
        return Reason(State(row.state).label)
    if moment.matching is not None and row.pk not in moment.matching:
        return Reason.NO_MATCH
    tags = moment.tags.get(row.pk, ())
    trigger = moment.dataset.trigger
    caption = captions.compose(trigger=trigger, tags=tags, description=row.description, profile=profile)
    if not caption and untagged == "skip":
        return Reason.NO_CAPTION
    if original_of(row) is None:
        return Reason.MISSING
    return PlannedImage(row, "", tags, caption, remarks_on(row, caption, trigger))


def _named(images: Iterable[PlannedImage], prefix: str) -> Iterator[PlannedImage]:
    """Give each image its name, all of one width: no name is the beginning of another."""
    images = list(images)
    largest = max((image.number for image in images), default=0)
    for image in images:
        yield replace(image, stem=filenames.export_stem(prefix, image.number, largest))


def _check_states(states: Collection[str]) -> None:
    if State.REJECTED in states:
        raise Refused("Rejected images never go out: reopen those that should.", field="state", typed=",".join(states))
    if unknown := sorted(set(states) - set(STATES)):
        raise Refused(
            f"“{unknown[0]}” is no state: choose from {', '.join(STATES)}.", field="state", typed=",".join(states)
        )


def _profile(name: str) -> Profile:
    try:
        return Profile(name)
    except ValueError as problem:
        raise Refused(
            f"“{name}” is no profile: choose from {', '.join(Profile)}.", field="profile", typed=name
        ) from problem


def _parsed(query: str | None) -> search_query.Query | None:
    try:
        found = search_query.parse(query or "")
    except ValueError as problem:
        raise Refused(str(problem), field="only", typed=query or "") from problem
    return None if found.is_empty else found
