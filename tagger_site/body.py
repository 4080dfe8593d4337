"""Request bodies are refused by their announced length, before Django reads a byte of them."""

from collections.abc import Awaitable, Callable
from typing import Any

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


def announced_length(scope: Scope) -> int | None:
    """The body's length in bytes as the request says it, 0 when it has none; None when it does not say."""
    headers = {name.lower(): value for name, value in scope.get("headers", [])}
    if b"transfer-encoding" in headers:
        return None
    length = headers.get(b"content-length", b"0")
    return int(length) if length.isdigit() else None


def limit_body(application: Application, limit: int) -> Application:
    """An application that hands on a request with too long a body as one without any.

    `tagging.middleware.BodyLimit` then answers it (413), with every header that our answers have.
    """

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        length = announced_length(scope)
        if length is not None and length <= limit:
            await application(scope, receive, send)
            return

        messages = iter([{"type": "http.request", "body": b"", "more_body": False}])

        async def nothing() -> dict[str, Any]:
            return next(messages, {"type": "http.disconnect"})

        await application(scope, nothing, send)

    return limited
