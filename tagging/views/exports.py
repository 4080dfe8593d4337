"""The export page: what goes in, what stays out and why; and the zip itself."""

from dataclasses import dataclass
from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tagging.domain.captions import Profile
from tagging.errors import Refused
from tagging.htmx import person
from tagging.imaging.limits import Unusable
from tagging.models import Dataset, State
from tagging.services import exporting
from tagging.services.exporting import Plan, Reason, Remark
from tagging.views.pages import dataset_page, render_page

SHOWN = 12  # numbers of images behind a remark
PROFILES = (
    (Profile.TAGS, "Tags"),
    (Profile.DESCRIPTION, "Description"),
    (Profile.TAGS_DESCRIPTION, "Tags, then description"),
)


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


@require_safe
def dataset_export(request: HttpRequest, slug: str) -> HttpResponse:
    dataset, role = dataset_page(request, slug)
    plan = exporting.plan_export(dataset, **_choices(request.GET))
    context = {
        "page": "export",
        "plan": plan,
        "left_out": [_left_out(reason, count, plan) for reason, count in plan.reasons.items()],
        "remarked": len(plan.images) - plan.plain_count,
        "remarks": [_remark(remark, numbers, plan) for remark, numbers in plan.remarks.items()],
        "first": plan.images[0] if plan.images else None,
        "extension": _extension(plan),
        "states": _states(dataset, plan),
        "profiles": PROFILES,
        "most": exporting.PART,
        "parts": range(1, plan.part_count + 1),
        "total": len(plan.images) + len(plan.left_out),
    }
    return render_page(request, "tagging/dataset_export.html", dataset, role, context)


@require_POST
def dataset_export_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    dataset, _ = dataset_page(request, slug)
    plan = exporting.plan_export(dataset, **_choices(request.POST))
    part = _part(request.POST)
    length = exporting.known_length(plan, part)
    name = f"{dataset.slug}.zip" if plan.part_count == 1 else f"{dataset.slug}-{part}.zip"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    if length is not None:
        headers["Content-Length"] = str(length)
    exporting.record(plan, person(request), "zip")
    return StreamingHttpResponse(exporting.stream_zip(plan, part), content_type="application/zip", headers=headers)


def _choices(data: QueryDict) -> exporting.Options:
    """What the form says. Unticked boxes are not sent, so the form says that it was there at all."""
    states = tuple(data.getlist("state")) if "state" in data or "chosen" in data else exporting.STATES
    return {"states": states, "profile": data.get("profile") or None}


def _part(data: QueryDict) -> int:
    text = data.get("part", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise Refused("There is no such part: count again.")
    return int(text)


def _states(dataset: Dataset, plan: Plan) -> list[dict[str, Any]]:
    chosen = cast("list[str]", plan.options["states"])
    counts = {"reviewed": dataset.reviewed_count, "done": dataset.done_count, "todo": dataset.todo_count}
    return [
        {"value": state, "words": State(state).label.capitalize(), "count": count, "chosen": state in chosen}
        for state, count in counts.items()
    ]


def _extension(plan: Plan) -> str:
    """That of the first picture, as an example."""
    try:
        return exporting.exported_extension(plan.images[0].row) if plan.images else ""
    except (OSError, Unusable):
        return "png"


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
            return Check(
                "warn", "unsaved", "Nothing to say", count, does, search="tags:0 -state:rejected", do="Tag them"
            )
        case _:
            numbers = tuple(image.number for image in plan.left_out if image.reason is reason)
            does = "The data folder lacks their files. Whoever runs this Tagger can restore it."
            return Check("warn", "unsaved", "File missing", count, does, numbers=numbers)


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
        does = "They have no tags and no description. The caption file says this alone:"
        what, search = "Only the trigger as caption", "tags:0 -state:rejected"
        return Check("warn", "unsaved", what, len(numbers), does, plan.dataset.trigger, search, "Mend them")
    kind, what, does = _REMARKS[remark]
    icon = "unsaved" if kind == "warn" else "info"
    return Check(kind, icon, what, len(numbers), does, numbers=tuple(numbers))
