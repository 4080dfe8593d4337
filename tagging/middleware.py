"""What wraps every request: its id, what is kept from caches, who must sign in first, and problems as pages."""

import logging
import re
import secrets
from collections.abc import Callable, Mapping

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.shortcuts import render

from tagging import request_id, typed
from tagging.errors import Forbidden, Gone, Problem, Refused, Stale

PAGE_OF_AN_ACT = re.compile(r"/datasets/[^/]+/(images/\d+/)?")

Handler = Callable[[HttpRequest], HttpResponse]

log = logging.getLogger(__name__)

# Views that somebody who is not signed in may open.
public = login_not_required


def asks_for_part(request: HttpRequest) -> bool:
    """Whether a script wants a part of a page, as told by its headers; going back in the history wants it whole."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


class RequestId:
    """Names each request, in its answer and in the log, so that a person can tell us which one went wrong."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        name = secrets.token_hex(6)
        token = request_id.current.set(name)
        try:
            response = self.get_response(request)
        finally:
            request_id.current.reset(token)
        response.headers["X-Request-ID"] = name
        if "Cache-Control" not in response.headers:
            # Back and reload show the present, and a shared computer keeps no page.
            response.headers["Cache-Control"] = "no-store"
        return response


class PackedPages(GZipMiddleware):
    """Pages and parts are sent compressed, with a random length added so that it tells nothing of a page's secrets.
    Pictures and zips are compressed already."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            return response
        return super().process_response(request, response)


class BodyLimit:
    """Refuses bodies that no form of ours could have, by their announced length; one must be announced."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if "HTTP_TRANSFER_ENCODING" in request.META or not length.isdecimal() or int(length) > settings.TAGGER_MAX_BODY:
            return HttpResponse(
                "This is too much for one request, or it does not say how much it is. Nothing was changed.",
                status=413,
                content_type="text/plain; charset=utf-8",
            )
        return self.get_response(request)


class SignedIn(LoginRequiredMiddleware):
    """Everything but `public` views is for people who are signed in: a script is told so (401), a person led there."""

    def process_view(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],
        args: tuple[object, ...],
        kwargs: dict[str, object],
    ) -> HttpResponseBase | None:
        answer = super().process_view(request, view_func, args, kwargs)
        if answer is not None and asks_for_part(request):
            return HttpResponse("You are signed out. Sign in again; what you typed is kept.", status=401)
        if answer is not None and request.headers.get("HX-History-Restore-Request") == "true":
            return HttpResponse(status=401)  # a script that goes back would put the sign-in page into this one
        if answer is None and asks_for_part(request) and not _is_by_its_person(request):
            return HttpResponse("Somebody else is signed in here now. What you did is kept in this page.", status=401)
        page = _page_of_act(request)
        if answer is not None and page:
            said = typed.keep(request, page)
            if said:
                messages.warning(request, said)
            return redirect_to_login(page, self.get_login_url(view_func))  # an act has no page to come back to
        return answer


def _is_by_its_person(request: HttpRequest) -> bool:
    """Whether an act comes from whom its page was drawn for: a page that lives on must not act as another person."""
    by = request.POST.get("by", "") if request.method == "POST" else ""
    return by in ("", str(request.user.pk))


def _page_of_act(request: HttpRequest) -> str:
    """The page that this form came from, if it is of a dataset or an image; "" otherwise."""
    found = PAGE_OF_AN_ACT.match(request.path) if request.method == "POST" else None
    if found is None:
        return ""
    number = request.POST.get("image", "")
    named = number.isascii() and number.isdecimal() and not found[1]
    return f"{found[0]}images/{number[:10]}/" if named else found[0]


class Problems:
    """Turns what services raise into answers: a sentence for a script, a page for a person."""

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            return _method_response(request, response)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        return problem_response(request, exception) if isinstance(exception, Problem) else None


def _method_response(request: HttpRequest, refused: HttpResponse) -> HttpResponse:
    """An address that was asked in a way it does not answer to: Django says so with nothing but a header."""
    context = {"sentence": "This address cannot be opened like that. Nothing was changed."}
    response = _page(request, 405, context)
    response.headers["Allow"] = refused.headers["Allow"]
    return response


def problem_response(request: HttpRequest, problem: Problem) -> HttpResponse:
    """The answer that tells a person (or a script) about `problem`."""
    log.info("%s %s: %s %s", request.method, request.path, problem.status, type(problem).__name__)
    context: dict[str, object] = {"sentence": problem.sentence}
    if isinstance(problem, Stale):
        context |= {"mine": problem.mine or "", "theirs": problem.theirs or ""}
        context |= {"revision": problem.revision} if problem.field else {}
    if isinstance(problem, Refused):
        context |= {"mine": problem.typed}
    if isinstance(problem, Forbidden | Gone) and request.method == "POST":
        context |= {"kept": typed.read(request).texts}
    return _page(request, problem.status, context)


def _page(request: HttpRequest, status: int, context: Mapping[str, object]) -> HttpResponse:
    template = "tagging/_problem.html" if asks_for_part(request) else f"{status}.html"
    response = render(request, template, {"request_id": request_id.request_id(), **context}, status=status)
    response.headers["Vary"] = "HX-Request"
    return response
