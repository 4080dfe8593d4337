"""Who may open a socket: pages of our own origin, and nobody else's."""

from collections.abc import Sequence
from typing import cast

from channels.security.websocket import WebsocketDenier
from django.conf import settings
from django.http.request import split_domain_port, validate_host

from tagger_site.body import Application, Receive, Scope, Send


def own_origin_only(application: Application) -> Application:
    """An application that only pages of this very site reach: scheme, host and port of their origin are those of the
    request itself, or stand in TAGGER_ORIGINS. A missing origin and `null` are nobody's."""

    async def guarded(scope: Scope, receive: Receive, send: Send) -> None:
        if is_own_origin(scope, settings.ALLOWED_HOSTS, settings.TAGGER_ORIGINS):
            await application(scope, receive, send)
        else:
            await cast(Application, WebsocketDenier())(scope, receive, send)

    return guarded


def is_own_origin(scope: Scope, hosts: Sequence[str], origins: Sequence[str]) -> bool:
    origin = _header(scope, b"origin")
    host = _host(scope)
    if origin is None or host is None or not validate_host(split_domain_port(host)[0], hosts):
        return False
    # Browsers write an origin in one way only; hosts and settings come as people type them.
    return origin in {f"{_scheme(scope)}://{host}".lower(), *(own.lower().rstrip("/") for own in origins)}


def _header(scope: Scope, name: bytes) -> str | None:
    """The header's one value; none when it is missing or there are several."""
    values = [value for key, value in scope.get("headers", []) if key.lower() == name]
    return values[0].decode("latin-1").strip() if len(values) == 1 else None


def _host(scope: Scope) -> str | None:
    forwarded = _header(scope, b"x-forwarded-host") if settings.TAGGER_TRUST_PROXY else None
    return forwarded or _header(scope, b"host")


def _scheme(scope: Scope) -> str:
    forwarded = _header(scope, b"x-forwarded-proto") if settings.TAGGER_TRUST_PROXY else None
    return "https" if (forwarded or scope.get("scheme", "ws")).lower() in ("https", "wss") else "http"
