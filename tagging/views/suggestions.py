"""What the tag box and the list of all tags ask for while one types."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tagging.live import parts
from tagging.services import suggestions
from tagging.views.pages import dataset_page, image_page
from tagging.views.workbench import most_used


@require_safe
def tag_suggest(request: HttpRequest, slug: str) -> HttpResponse:
    """The options for what stands in the tag box."""
    dataset, _ = dataset_page(request, slug)
    found = suggestions.suggest(dataset, request.GET.get("q", ""))
    return render(request, "tagging/_tag_suggestions.html", {"suggestions": found})


@require_safe
def tag_toggles(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """The items of “All tags” for one image: the most used, or those that the filter finds."""
    image = image_page(request, slug, number)
    find = request.GET.get("find", "").replace("\x00", "").strip()
    shown = parts.ImageParts(image)
    context = {
        "parts": shown,
        "on_image": {tag.pk for tag in shown.tags},
        "most_used": most_used(image, find),
        "find": find,
    }
    return render(request, "tagging/_all_tags.html", context)
