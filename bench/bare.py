"""The least that Channels can do: a consumer in a group on the in-memory layer, fed from the server's own loop.

`bench.live` serves this with a daphne of its own and compares. GET /send/<number>/ sends the bytes of the file that
BENCH_FRAME names to the group, with that number in them.
"""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from channels.routing import ProtocolTypeRouter
from django.conf import settings

settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})
FRAME = Path(os.environ["BENCH_FRAME"]).read_text(encoding="utf-8")


Send = Callable[[dict[str, Any]], Awaitable[None]]


class Bare(AsyncWebsocketConsumer):
    groups: list[str] = ["pages"]  # noqa: RUF012 - as Channels wants it

    async def frame(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])


async def http(scope: dict[str, Any], receive: object, send: Send) -> None:
    layer = get_channel_layer()
    assert layer is not None
    number = scope["path"].strip("/").rpartition("/")[2]
    asyncio.get_running_loop().create_task(
        layer.group_send("pages", {"type": "frame", "text": FRAME.replace("NUMBER", number)})
    )
    await send({"type": "http.response.start", "status": 204, "headers": []})
    await send({"type": "http.response.body", "body": b""})


application = ProtocolTypeRouter({"http": http, "websocket": Bare.as_asgi()})
