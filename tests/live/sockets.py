"""An open page's end of its socket, against the whole application of the site."""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from asgiref.sync import sync_to_async
from channels.testing import WebsocketCommunicator
from django.conf import settings
from django.test import Client

from tagger_site.asgi import application
from tagging.models import Person

ORIGIN = (b"origin", b"http://localhost:8000")
HOST = (b"host", b"localhost:8000")
PATIENCE = 3.0


@sync_to_async
def cookie_of(person: Person) -> str:
    """A signed-in browser's cookie."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


class Page:
    """`async with Page(bob, "cats") as page`: connected, with its frames acknowledged as they are read."""

    def __init__(self, person: Person | None, slug: str, *, page: str = "", cookie: str = "") -> None:
        self.person = person
        self.path = f"/ws/datasets/{slug}/" + (f"?page={page}" if page else "")
        self.cookie = cookie
        self.parts: dict[str, str] = {}
        self.seq = 0

    async def __aenter__(self) -> Self:
        cookie = self.cookie or (await cookie_of(self.person) if self.person else "")
        headers = [HOST, ORIGIN, (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())]
        self.socket = WebsocketCommunicator(application, self.path, headers=headers)
        connected, _ = await self.socket.connect(timeout=PATIENCE)
        assert connected
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self.socket.future.done():
            await self.socket.disconnect(timeout=PATIENCE)

    async def say(self, message: Any) -> None:
        await self.socket.send_to(json.dumps(message))

    async def hear(self) -> dict[str, Any]:
        """The next message, unacknowledged."""
        message: dict[str, Any] = json.loads(await self.socket.receive_from(timeout=PATIENCE))
        return message

    async def take(self) -> dict[str, Any]:
        """The next frame, shown and acknowledged."""
        frame = await self.hear()
        while "n" not in frame:
            frame = await self.hear()
        self.parts |= frame["parts"]
        self.seq = frame["seq"]
        await self.say({"ack": frame["n"]})
        return frame

    async def take_until(self, part: str) -> str:
        """Take frames until one brings this part; its html."""
        while True:
            frame = await self.take()
            if part in frame["parts"]:
                return str(frame["parts"][part])

    async def settle(self) -> None:
        """Take whatever comes until nothing does for a moment."""
        for _ in range(20):
            if await self.socket.receive_nothing(timeout=0.8):
                return
            message = await self.hear()
            if "n" in message:
                self.parts |= message["parts"]
                self.seq = message["seq"]
                await self.say({"ack": message["n"]})
        raise AssertionError("the server does not stop talking")

    async def closed_with(self) -> int:
        """The code the server closes the socket with."""
        async with asyncio.timeout(6):
            while True:
                message = await self.socket.receive_output(timeout=6)
                if message["type"] == "websocket.close":
                    return int(message["code"])
