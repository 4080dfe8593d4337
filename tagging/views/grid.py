"""The grid of a dataset: the images that a search finds, page after page, found again as they were left."""

import math
import re
import zlib
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from tagging.access import Right, may
from tagging.htmx import person, wants_part
from tagging.live import parts
from tagging.models import Dataset, Image, State
from tagging.services import sessions
from tagging.views.pages import dataset_page, render_page
from tagging.views.walks import Asked, asked

PAGE = 60
MOST_PAGES = 16  # shown at once to one who comes back
# Set by the page when it is left: `key.pages-key.pages`, of the grids of this dataset that were left last.
LEFT = "tagger_grid"
# Searches that the grid offers as links: what is searched for, an icon, the words
BY_STATE = (
    ("", "", "All"),
    ("tags:0", "", "No tags yet"),
    ("state:todo", "todo", "To do"),
    ("state:done", "done", "Done"),
    ("state:reviewed", "reviewed", "Reviewed"),
    ("state:rejected", "rejected", "Rejected"),
)


@require_safe
def dataset_detail(request: HttpRequest, slug: str) -> HttpResponse:
    dataset, role = dataset_page(request, slug)
    ask = asked(request, dataset)
    if wants_part(request) and "since" in request.GET and not ask.problem:
        return _counts(request, dataset, ask)
    session = sessions.place(dataset, person(request))
    place = session.image if session else None
    key, after = _key(request, ask), request.GET.get("after", "")
    left = _pages_left(request, key)
    images, more = ask.walk.page(after, _length(request, ask, left, place)) if not ask.problem else ([], "")
    claims = sessions.claims(dataset)
    context = _what_is_found(dataset, ask) | {
        "page": "grid",
        "page_size": PAGE,
        "cards": parts.cards(dataset, images),
        "more": more,
        "more_address": _behind(ask, more),
        "claims": {pk: holder for pk, holder in claims.items() if holder != person(request)},
        "place": place.number if place else None,
        "key": key,
        "comes_back": left > 0,
        "all_suffix": replace(ask, text="").suffix,
        "may_tag": may(role, Right.TAG),
        "import": parts.newest_import(dataset.pk),
    }
    return render_page(
        request, "tagging/dataset_detail.html", dataset, role, context, status=422 if ask.problem else 200
    )


def _counts(request: HttpRequest, dataset: Dataset, ask: Asked) -> HttpResponse:
    """For a grid that is open: its counts as they are now, and how many images came after the number it names."""
    new = ask.walk.images().filter(number__gt=_whole(request.GET["since"])).count()
    response = render(request, "tagging/_grid_counts.html", _what_is_found(dataset, ask) | {"new": new})
    patch_vary_headers(response, ["HX-Request"])
    return response


def _key(request: HttpRequest, ask: Asked) -> str:
    """What this grid is kept under when it is left: one key for each search, order and beginning."""
    said = [request.path, ask.suffix, request.GET.get("after", "")]
    return f"{zlib.crc32(repr(said).encode('ascii', 'backslashreplace')):08x}"


def _pages_left(request: HttpRequest, key: str) -> int:
    """How many pages this grid had when it was left, 0 when it is not known to have been open."""
    found = re.search(rf"\b{key}\.(\d{{1,3}})\b", request.COOKIES.get(LEFT, ""), re.ASCII)
    return int(found[1]) if found else 0


def _length(request: HttpRequest, ask: Asked, left: int, place: Image | None) -> int:
    """How many images to show: a page of them; to one who comes back as many pages as there were, and as it takes to
    have among them the image they were on. A script may ask for both (`pages`, `holding`)."""
    pages = max(1, left, _whole(request.GET.get("pages", "")))
    holding = _whole(request.GET.get("holding", ""))
    image = place if left else None
    if holding and (image is None or image.number != holding):
        image = Image.objects.filter(dataset=ask.walk.dataset, number=holding).first()
    position = ask.walk.position(image) if image else None
    needed = math.ceil((position or 0) / PAGE)
    return PAGE * min(max(pages, needed if needed <= MOST_PAGES else 0), MOST_PAGES)


def _behind(ask: Asked, key: str) -> str:
    """The address of the images that follow this key."""
    return f"{ask.suffix}{'&' if ask.suffix else '?'}{urlencode({'after': key})}"


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


def _what_is_found(dataset: Dataset, ask: Asked) -> dict[str, Any]:
    """What both the page and its counts alone show of a search."""
    return {
        "dataset": dataset,
        "ask": ask,
        "found": _found(dataset, ask),
        "by_state": _by_state(dataset, ask),
        "rejected_suffix": replace(ask, text=f"state:rejected {ask.text}".strip()).suffix,
    }


def _found(dataset: Dataset, ask: Asked) -> dict[str, int]:
    """How many images of each state the search shows, of how many it could, and how many rejected ones it hides."""
    found = dict(ask.walk.by_state())
    asks = ask.walk.query.asks_for_rejected
    hidden = 0 if asks else found.pop(State.REJECTED.value)
    of = dataset.image_count if asks else dataset.wanted_count
    return found | {"all": sum(found.values()), "of": of, "hidden": hidden}


def _by_state(dataset: Dataset, ask: Asked) -> list[dict[str, Any]]:
    """The searches that are a click away, as they are shown; each keeps the order."""
    return [
        {
            "words": words,
            "icon": icon,
            "suffix": replace(ask, text=text).suffix,
            "current": ask.text == text,
        }
        for text, icon, words in BY_STATE
    ]
