import os
from typing import Any, cast

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tagger_site.settings")

from channels.routing import ProtocolTypeRouter
from django.conf import settings
from django.core.asgi import get_asgi_application

from tagger_site.body import Receive, Scope, Send, limit_body

http = limit_body(cast(Any, get_asgi_application()), settings.TAGGER_MAX_BODY)


async def no_socket(scope: Scope, receive: Receive, send: Send) -> None:
    """Nothing here speaks over sockets: who knocks is turned away, without a fault in the log."""
    await receive()
    await send({"type": "websocket.close"})


application = ProtocolTypeRouter({"http": cast(Any, http), "websocket": cast(Any, no_socket)})
