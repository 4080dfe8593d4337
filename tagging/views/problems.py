"""Pages for what goes wrong outside our own views: a bad request, a form without its token, a crash."""

import logging

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.csrf import requires_csrf_token

from tagging import typed
from tagging.middleware import asks_for_part, public
from tagging.request_id import request_id

log = logging.getLogger(__name__)


def _page(request: HttpRequest, status: int, sentence: str = "") -> HttpResponse:
    template = "tagging/_problem.html" if asks_for_part(request) else f"{status}.html"
    context = {"sentence": sentence, "request_id": request_id(), "user": getattr(request, "user", None)}
    return render(request, template, context, status=status)


@public
@requires_csrf_token
def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    why = HOSTS if isinstance(exception, DisallowedHost) else UNREADABLE
    return HttpResponse(BAD_REQUEST.replace("{why}", why).replace("{id}", request_id()), status=400)


@public
@requires_csrf_token
def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 403, "You may not do this here.")


@public
@requires_csrf_token
def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return _page(request, 404, "There is no such page here.")


@public
@requires_csrf_token
def server_error(request: HttpRequest) -> HttpResponse:
    return _page(request, 500, "Something went wrong on our side. What was saved before is safe; try again.")


@public
@requires_csrf_token
def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is missing or of an earlier sign-in, or that came from another site."""
    log.warning("form refused: %s (TAGGER_ORIGINS, TAGGER_TRUST_PROXY, TAGGER_TLS)", reason)
    context = {
        "sentence": "This page is from before you signed in, or came by another address. "
        "Go back, reload it and send it again; nothing was changed.",
        "hint": "Behind a proxy, the address that people type goes into TAGGER_ORIGINS." if "Origin" in reason else "",
        "request_id": request_id(),
        "kept": typed.read(request).texts,
    }
    template = "tagging/_problem.html" if asks_for_part(request) else "403.html"
    response = render(request, template, context, status=403)
    # Tells a script that another token may help, which nothing else that is forbidden does.
    response.headers["X-Form-Token"] = "stale"
    return response


def too_many_tries(request: HttpRequest, answer: HttpResponse | None, credentials: object) -> HttpResponse:
    """For axes, which asks when somebody has typed wrong passwords too often."""
    response = _page(request, 429)
    response.headers["Retry-After"] = str(int(settings.AXES_COOLOFF_TIME * 3600))
    return response


HOSTS = "Tagger answers to the host names it was told only (TAGGER_ALLOWED_HOSTS)."
UNREADABLE = "It has too many fields, or is not what a page of ours sends."
# A request without a host we answer to gets no page of ours, since every address on it would be wrong.
BAD_REQUEST = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Bad request · Tagger</title></head>
<body><main><h1>This request cannot be answered</h1>
<p>{why} Nothing was changed. Request {id}.</p>
</main></body></html>
"""
