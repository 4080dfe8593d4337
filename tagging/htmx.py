"""What a script asks for, told apart from what a person's browser asks for."""

from typing import cast

from django.http import HttpRequest
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
