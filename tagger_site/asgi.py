import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")

import django
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from django.conf import settings

from tagger_site.body import Receive, Scope, Send, limit_body
from tagger_site.handler import Handler
from tagger_site.sockets import own_origin_only

django.setup(set_prefix=False)

http = limit_body(Handler(), settings.TAGGER_MAX_BODY)

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
