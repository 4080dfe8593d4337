"""Coming in and going out: signing in, one-time addresses, joining, the account, the theme."""

from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.forms import AuthenticationForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from tagging import access
from tagging.errors import Refused
from tagging.htmx import person
from tagging.middleware import public
from tagging.models import Dataset, Invitation, Person, Theme
from tagging.services import members

BACKEND = "django.contrib.auth.backends.ModelBackend"
WRONG = "User name and password do not belong together. Try again."
THEME_COOKIE = "tagger_theme"
YEAR = 60 * 60 * 24 * 365


@public
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    onward = _local(request, request.POST.get("next"), request.GET.get("next"))
    if request.method != "POST":
        # A page drawn for somebody else (`by`) leads here for them to sign in, not for whoever is signed in now.
        if request.user.is_authenticated and request.GET.get("by", "") in ("", str(request.user.pk)):
            return redirect(onward)
        return render(request, "registration/login.html", {"next": onward})
    form = AuthenticationForm(request, request.POST)
    if form.is_valid():
        _sign_in(request, form.get_user())
        return redirect(onward)
    # The same words whatever was wrong: they must not tell which names exist.
    context = {"next": onward, "username": request.POST.get("username", ""), "problem": WRONG}
    return render(request, "registration/login.html", context, status=Refused.status)


@public
@require_POST
def logout(request: HttpRequest) -> HttpResponseBase:
    auth.logout(request)
    return redirect("tagging:login")


@public
@require_GET
def enter(request: HttpRequest, token: str) -> HttpResponseBase:
    """Signs in by a one-time address. A browser that only looks ahead must not use it up."""
    if "prefetch" in request.headers.get("Sec-Purpose", request.headers.get("Purpose", "")):
        return HttpResponse(status=503)
    _sign_in(request, members.spend_entry(token))
    response = redirect("tagging:dataset_list")
    # Not on a page: without a referrer browsers send its forms from the origin “null”, which is refused.
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@public
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponseBase:
    invitation = members.open_invitation(token)
    if request.method != "POST":
        return _joining(request, token, invitation)
    try:
        dataset = _join(request, token)
    except Refused as problem:
        return _joining(request, token, invitation, problem)
    messages.success(request, f"You are in “{dataset.name}” now.")
    return redirect("tagging:dataset_detail", dataset.slug)


def _join(request: HttpRequest, token: str) -> Dataset:
    if request.user.is_authenticated:
        return members.join(token, person(request))
    newcomer, dataset = members.join_as_new(
        token, username=request.POST.get("username", ""), password=_password_twice(request)
    )
    _sign_in(request, newcomer)
    return dataset


def _joining(
    request: HttpRequest, token: str, invitation: Invitation, problem: Refused | None = None
) -> HttpResponseBase:
    role_now = access.role_of(person(request), invitation.dataset) if request.user.is_authenticated else None
    context = {
        "invitation": invitation,
        "role_now": role_now,
        "role": members.role_after_joining(invitation, role_now),
        "token": token,
        "username": request.POST.get("username", ""),
        "problem": problem,
    }
    return render(request, "registration/join.html", context, status=problem.status if problem else 200)


@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponseBase:
    if request.method != "POST":
        return render(request, "registration/account.html")
    someone = person(request)
    try:
        members.set_password(someone, _password_twice(request))
    except Refused as problem:
        return render(request, "registration/account.html", {"problem": problem}, status=problem.status)
    # Keeps this sign-in under a new key; all others carry the old password's hash and end.
    auth.update_session_auth_hash(request, someone)
    messages.success(request, "Your password is set. Wherever else you were signed in, you are signed out.")
    return redirect("tagging:account")


@public
@require_POST
def theme(request: HttpRequest) -> HttpResponseBase:
    """Sets the theme that is asked for, or the one after the present one."""
    response = redirect(_local(request, request.POST.get("next"), _path_here(request, request.headers.get("Referer"))))
    if request.user.is_authenticated:
        someone = person(request)
        members.set_theme(someone, request.POST.get("theme") or _after(someone.theme))
        return response
    chosen = request.POST.get("theme") or _after(request.COOKIES.get(THEME_COOKIE, ""))
    if chosen not in Theme.values:
        raise Refused("A theme is system, light or dark.", field="theme", typed=chosen)
    secure = settings.SESSION_COOKIE_SECURE
    response.set_cookie(THEME_COOKIE, chosen, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")
    return response


@public
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    return HttpResponse("ok", content_type="text/plain; charset=utf-8")


def _sign_in(request: HttpRequest, someone: Person) -> None:
    before = request.session.session_key
    auth.login(request, someone, backend=BACKEND)
    request.session.set_expiry(None)  # one that kept what was typed would end earlier
    if before and request.session.session_key == before:
        # Django keeps the key of whoever signs in a second time.
        request.session.cycle_key()


def _password_twice(request: HttpRequest) -> str:
    password = request.POST.get("password", "")
    if password != request.POST.get("again", ""):
        raise Refused("The two passwords are not the same. Type both once more.", field="again")
    return password


def _after(chosen: str) -> str:
    themes = list(Theme.values)
    return themes[(themes.index(chosen) + 1) % len(themes)] if chosen in themes else Theme.LIGHT.value


def _local(request: HttpRequest, *candidates: str | None) -> str:
    """The first of these that is a path on this site, else the list of datasets."""
    for path in candidates:
        if path and path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None):
            return path
    return reverse("tagging:dataset_list")


def _path_here(request: HttpRequest, address: str | None) -> str | None:
    """The path of an address on this very site."""
    try:
        parts = urlsplit(address or "")
    except ValueError:
        return None
    if (parts.scheme, parts.netloc) != (request.scheme, request.get_host()):
        return None
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
