import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")

from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from tagger_site.body import Receive, Scope, Send, limit_body
from tagger_site.sockets import own_origin_only

http = limit_body(cast(Any, get_asgi_application()), settings.TAGGER_MAX_BODY)

from tagging.routing import websocket_urlpatterns  # noqa: E402 - models are there once Django is set up

pages = cast(Any, AuthMiddlewareStack(URLRouter(websocket_urlpatterns)))


async def sockets(scope: Scope, receive: Receive, send: Send) -> None:
    """An address that no page has is turned away, without a fault in the log."""
    try:
        await pages(scope, receive, send)
    except ValueError as problem:
        if "No route found" not in str(problem):
            raise
        await receive()
        await send({"type": "websocket.close"})


application = ProtocolTypeRouter({"http": cast(Any, http), "websocket": cast(Any, own_origin_only(sockets))})
