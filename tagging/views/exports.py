"""The export page: what goes in, what stays out and why; and the zip itself."""

from typing import Any, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from tagging.domain.captions import Profile
from tagging.errors import Refused
from tagging.htmx import person
from tagging.imaging.limits import Unusable
from tagging.models import State
from tagging.services import exporting
from tagging.services.exporting import Plan
from tagging.views import export_checks
from tagging.views.pages import dataset_page, render_page

PROFILES = (
    (Profile.TAGS, "Tags"),
    (Profile.DESCRIPTION, "Description"),
    (Profile.TAGS_DESCRIPTION, "Tags, then description"),
)


@require_safe
def dataset_export(request: HttpRequest, slug: str) -> HttpResponse:
    dataset, role = dataset_page(request, slug)
    return _page(request, role, exporting.plan_export(dataset, **_choices(request.GET)))


@require_POST
def dataset_export_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """The zip of the boxes as they are ticked; the page again when there is none."""
    dataset, role = dataset_page(request, slug)
    plan = exporting.plan_export(dataset, **_choices(request.POST))
    try:
        part = _part(request.GET)
        length = exporting.known_length(plan, part)
    except Refused as problem:
        return _page(request, role, plan, problem)
    name = f"{dataset.slug}.zip" if plan.part_count == 1 else f"{dataset.slug}-{part}.zip"
    headers = {"Content-Disposition": content_disposition_header(as_attachment=True, filename=name)}
    if length is not None:
        headers["Content-Length"] = str(length)
    exporting.record(plan, person(request), "zip")
    return StreamingHttpResponse(exporting.stream_zip(plan, part), content_type="application/zip", headers=headers)


def _page(request: HttpRequest, role: str, plan: Plan, problem: Refused | None = None) -> HttpResponse:
    # What is not ticked now may be ticked before the button is pressed.
    may_hold = plan.images or len(_chosen(plan)) < len(exporting.STATES)
    context = {
        "page": "export",
        "plan": plan,
        "refusal": problem,
        "left_out": export_checks.left_out(plan),
        "remarked": len(plan.images) - plan.plain_count,
        "remarks": export_checks.remarks(plan),
        "first": plan.images[0] if plan.images else None,
        "extension": _extension(plan),
        "states": _states(plan),
        "profiles": PROFILES,
        "most": exporting.PART,
        "parts": range(1, max(1, plan.part_count) + 1) if may_hold else (),
        "total": len(plan.images) + len(plan.left_out),
    }
    status = problem.status if problem else 200
    return render_page(request, "tagging/dataset_export.html", plan.dataset, role, context, status=status)


def _choices(data: QueryDict) -> exporting.Options:
    """What the form says. Unticked boxes are not sent, so the form says that it was there at all."""
    states = tuple(data.getlist("state")) if "state" in data or "chosen" in data else exporting.STATES
    return {"states": states, "profile": data.get("profile") or None}


def _part(data: QueryDict) -> int:
    text = data.get("part", "1")
    if not (text.isascii() and text.isdecimal() and len(text) < 7):
        raise Refused("There is no such part: count again.")
    return int(text)


def _chosen(plan: Plan) -> list[str]:
    return cast("list[str]", plan.options["states"])


def _states(plan: Plan) -> list[dict[str, Any]]:
    dataset, chosen = plan.dataset, _chosen(plan)
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
