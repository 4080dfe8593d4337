"""What a script asks for, told apart from what a person's browser asks for, and how it is answered."""

import re
from collections.abc import Sequence
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.html import format_html
from django_htmx.middleware import HtmxDetails

from tagging.models import Person


class TaggerRequest(HttpRequest):
    """A request of somebody signed in, behind django-htmx's middleware."""

    htmx: HtmxDetails
    user: Person


def wants_part(request: HttpRequest) -> bool:
    """Whether to answer with a part of a page. Going back in the history wants the whole page."""
    details = cast(TaggerRequest, request).htmx
    return bool(details) and not details.history_restore_request


def person(request: HttpRequest) -> Person:
    """Who asks. Only for views behind `SignedIn`."""
    return cast(TaggerRequest, request).user


def parts_answer(parts: Sequence[str], *, message: str = "", quiet: bool = False, onward: str = "") -> HttpResponse:
    """For a script: the part it asked for, others that changed with it and what to tell the person, both to be swapped
    out of band by their ids, and in `HX-Location` the address of the page to go on to. 204 when only that is said.
    `quiet`: the page shows it, so it is to be heard and not seen."""
    first, *others = parts or [""]
    said = format_html(
        '<div id="messages" hx-swap-oob="innerHTML"><p class="success{}">{}</p></div>',
        " hidden-text" if quiet else "",
        message,
    )
    body = first + "".join(_ROOT.sub(r'\1 hx-swap-oob="true"', part, count=1) for part in others)
    body += said if message else ""
    response = HttpResponse(body, status=200 if body else 204)
    if onward:
        response.headers["HX-Location"] = onward
    patch_vary_headers(response, ["HX-Request"])
    return response


_ROOT = re.compile(r"(<\w+)")
