"""How acts on an image are done and answered: what stands in the page's boxes first, then what was pressed."""

import uuid
from collections.abc import Callable, Sequence
from typing import TypeVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from tagging import typed
from tagging.errors import Refused, Stale
from tagging.forms import ActForm, DescribeForm
from tagging.htmx import parts_answer, person, wants_part
from tagging.live import parts
from tagging.models import Dataset, Image
from tagging.services import image_tags, images
from tagging.services.acts import Outcome
from tagging.typed import Typed
from tagging.views.pages import image_named
from tagging.views.walks import after_going_on, asked
from tagging.views.workbench import workbench

# What changes along with a part. The tags part counts the caption's tokens.
BESIDE = {"tags": ("caption",), "description": ("caption", "tags"), "state": ()}

Act = Callable[[], Outcome]
Done = TypeVar("Done")


def answer(request: HttpRequest, image: Image, part: str, act: Act) -> HttpResponseBase:
    """Do the act and answer: the part that changed for a script, the page again (or the next one) for a person."""
    outcome = press(request, image, act)
    if isinstance(outcome, HttpResponse):
        return outcome
    if "next" in outcome.answer:
        return going_on(request, image.dataset, outcome, _changed(image, part, outcome) if wants_part(request) else ())
    if wants_part(request):
        return parts_answer(_changed(image, part, outcome), message=outcome.message, quiet=not outcome.notes)
    if outcome.message:
        messages.success(request, outcome.message)
    here = reverse("tagging:image_detail", args=[image.dataset.slug, image.number])
    return redirect(here + asked(request, image.dataset).suffix)


def going_on(request: HttpRequest, dataset: Dataset, outcome: Outcome, changed: Sequence[str] = ()) -> HttpResponseBase:
    """Lead to the image that the act found next: a script is told its address, unless it is there already."""
    stays = bool(outcome.answer.get("stay"))
    if wants_part(request) and stays:
        return parts_answer(changed, message=outcome.message, quiet=not outcome.notes)
    onward = after_going_on(dataset, outcome.answer, asked(request, dataset), person(request))
    if wants_part(request) and outcome.answer.get("next") is not None:
        return parts_answer(
            changed, message=outcome.message, quiet=not outcome.notes, onward=onward
        )  # the page lives on, and says it there
    if outcome.message:
        messages.success(request, outcome.message)
    return parts_answer(changed, onward=onward) if wants_part(request) else redirect(onward)


def _changed(image: Image, part: str, outcome: Outcome) -> list[str]:
    """The part that an act is about, and those of the state when it changed that too."""
    shown = parts.ImageParts(_fresh(image))
    # A repeat finds the image as the act left it, so it cannot see a change: its answer may be the first that arrives.
    of_state = part == "state" or shown.image.state != image.state or outcome.again
    names = [part, *BESIDE[part], *(name for name in ("state", "decision") if of_state and name != part)]
    progress = [parts.render_dataset_part(shown.dataset, "progress")] if of_state else []
    return [*(shown.render(name) for name in names), *progress]


def pressed_on(request: HttpRequest, dataset: Dataset) -> Image | None:
    """The image on whose page an act of the whole dataset was pressed, if it was on one."""
    return image_named(request, dataset.slug, request.POST.get("image", ""))


def press(request: HttpRequest, image: Image | None, act: Callable[[], Done]) -> Done | HttpResponse:
    """Do the act, behind what stands in the boxes of the image's page. If either is refused to a person's browser: that
    page again, with all that is not saved still in its box. A script sends each text as an act of its own."""
    if image is None or wants_part(request):
        return act()
    boxes = typed.read(request)
    saved = False
    try:
        _save(request, image, boxes)
        saved = True
        return act()
    except (Refused, Stale) as problem:
        return workbench(request, _fresh(image), problem, boxes, undone=not saved)


def _save(request: HttpRequest, image: Image, boxes: Typed) -> None:
    """Save the texts that came along with another act, each as an act of its own.

    Raises Refused or Stale; what was saved before that is out of its box and said.
    """
    op = ActForm.posted(request)["op"]
    if boxes.names_beside and image_tags.parsed(boxes.names):
        added = image_tags.add(image, boxes.names, by=person(request), op=_beside(op, "names"))
        messages.success(request, added.message)
    if boxes.names_beside:
        boxes.names = ""
    if boxes.is_description_beside:
        form = DescribeForm.posted(request)
        text, revision = form["description"], form["revision"]
        if images.was_typed(image, text, revision):
            op = _beside(op, "description")
            saved = images.describe(image, text, revision=revision, by=person(request), op=op)
            messages.success(request, saved.message)
        boxes.description = boxes.revision = None


def _beside(op: uuid.UUID | None, text: str) -> uuid.UUID | None:
    """The name of an act that came along with `op`: a form that is sent again has the same."""
    return uuid.uuid5(op, text) if op else None


def _fresh(image: Image) -> Image:
    """The image as it is now: the seq of its dataset is read with it, before what the parts show."""
    return Image.objects.select_related("dataset").get(pk=image.pk)
