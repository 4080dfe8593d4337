"""The lines of the export page: what is left out and why, what is remarked, and the way to those images."""

from dataclasses import dataclass
from typing import cast

from tagging.domain import search_query
from tagging.models.search import Walk
from tagging.services.exporting import STATES, Plan, Reason, Remark

SHOWN = 12  # numbers of images behind a remark


@dataclass(frozen=True)
class Check:
    """A line of the page: what is so with how many images, and what the export does about it."""

    kind: str
    icon: str
    what: str
    count: int
    does: str
    code: str = ""
    search: str = ""
    do: str = "Show them"
    numbers: tuple[int, ...] = ()

    @property
    def few(self) -> tuple[int, ...]:
        return self.numbers[:SHOWN]

    @property
    def more(self) -> int:
        return max(0, len(self.numbers) - SHOWN)


def left_out(plan: Plan) -> list[Check]:
    """A line for each reason why images stay out."""
    return [_left_out(reason, count, plan) for reason, count in plan.reasons.items()]


def remarks(plan: Plan) -> list[Check]:
    """A line for each remark on images that go in."""
    return [_remark(remark, numbers, plan) for remark, numbers in plan.remarks.items()]


def _left_out(reason: Reason, count: int, plan: Plan) -> Check:
    what = reason.capitalize()
    match reason:
        case Reason.TODO:
            return Check(
                "state-todo", "todo", what, count, "Not finished yet, and not ticked beside this.", search="state:todo"
            )
        case Reason.DONE | Reason.REVIEWED:
            search = f"state:{reason.value}"
            return Check(f"state-{reason.value}", reason.value, what, count, "Not ticked beside this.", search=search)
        case Reason.REJECTED:
            return Check("out", "rejected", what, count, "Rejected images never go out.", search="state:rejected")
        case Reason.NO_CAPTION:
            does = "There is nothing to write in their captions: no tags, no description, no trigger word."
            search, numbers = _way_to_bare(plan, _numbers(reason, plan))
            return Check("warn", "unsaved", "Nothing to say", count, does, "", search, "Tag them", numbers)
        case _:
            does = "The data folder lacks their files. Whoever runs this Tagger can restore it."
            return Check("warn", "unsaved", "File missing", count, does, numbers=_numbers(reason, plan))


def _numbers(reason: Reason, plan: Plan) -> tuple[int, ...]:
    return tuple(image.number for image in plan.left_out if image.reason is reason)


def _way_to_bare(plan: Plan, numbers: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """A search for images of the ticked states without tags and description, if it finds these and no others; else
    their numbers (a caption can be the trigger word alone because that is all its description says)."""
    states = cast("list[str]", plan.options["states"])
    search = "tags:0 -has:description"
    if len(states) < len(STATES):
        search = f"state:{','.join(states)} {search}"
    if Walk(plan.dataset, search_query.parse(search)).count() == len(numbers):
        return search, ()
    return "", numbers


_REMARKS = {
    Remark.NO_CAPTION: ("warn", "Without a caption file", "They have nothing to write in it."),
    Remark.CLIP: ("warn", "Caption over 77 CLIP tokens, estimated", "The trainer reads the beginning only."),
    Remark.UNDER_64: ("warn", "Smaller than 64 pixels", "Civitai refuses them. They go in as they are."),
    Remark.UNDER_256: ("warn", "Smaller than 256 pixels", "Trainers enlarge them. They go in as they are."),
    Remark.TURNED: ("info", "Turned by the camera", "Written upright, since two trainers ignore the mark."),
    Remark.TRANSPARENT: ("info", "Transparent", "Laid on white, as the workbench shows it."),
    Remark.CONVERTED: ("info", "Neither PNG, JPEG nor WebP", "Written as PNG, which every trainer reads."),
}


def _remark(remark: Remark, numbers: list[int], plan: Plan) -> Check:
    if remark is Remark.ONLY_TRIGGER:
        does, what = "Nothing else is said of them. The caption file says this alone:", "Only the trigger as caption"
        search, shown = _way_to_bare(plan, tuple(numbers))
        return Check("warn", "unsaved", what, len(numbers), does, plan.dataset.trigger, search, "Mend them", shown)
    kind, what, does = _REMARKS[remark]
    icon = "unsaved" if kind == "warn" else "info"
    return Check(kind, icon, what, len(numbers), does, numbers=tuple(numbers))
