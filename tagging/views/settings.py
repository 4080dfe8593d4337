"""What a dataset says of itself: name, trigger word, prefix, caption."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from tagging.access import Right, may
from tagging.domain.captions import Profile
from tagging.errors import Refused, Stale
from tagging.forms import SettingsForm
from tagging.htmx import person
from tagging.models import Dataset
from tagging.services import datasets
from tagging.views.pages import dataset_page, render_page

PROFILES = (
    (Profile.TAGS_DESCRIPTION.value, "Tags, then description"),
    (Profile.TAGS.value, "Tags"),
    (Profile.DESCRIPTION.value, "Description"),
)


@require_http_methods(["GET", "HEAD", "POST"])
def dataset_settings(request: HttpRequest, slug: str) -> HttpResponseBase:
    dataset, role = dataset_page(request, slug)
    if request.method != "POST":
        return _page(request, dataset, role)
    try:
        form = SettingsForm.posted(request)
        outcome = datasets.change_settings(
            dataset,
            name=form["name"],
            prefix=form["prefix"],
            trigger=form["trigger"],
            profile=form["profile"],
            revision=form["revision"],
            by=person(request),
            op=form["op"],
        )
    except (Refused, Stale) as problem:
        return _page(request, Dataset.objects.get(pk=dataset.pk), role, problem)
    if outcome.message:
        messages.success(request, outcome.message)
    return redirect("tagging:dataset_settings", slug)


def _page(
    request: HttpRequest, dataset: Dataset, role: str, problem: Refused | Stale | None = None
) -> HttpResponseBase:
    typed = {field: request.POST.get(field, getattr(dataset, field)) for field in datasets.SETTINGS}
    context = {
        "page": "settings",
        "typed": typed if problem else {field: getattr(dataset, field) for field in datasets.SETTINGS},
        "problem": problem,
        "profiles": PROFILES,
        "may_change": may(role, Right.SETTINGS),
    }
    status = problem.status if problem else 200
    return render_page(request, "tagging/dataset_settings.html", dataset, role, context, status=status)
