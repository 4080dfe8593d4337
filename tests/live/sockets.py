"""An open page's end of its socket, against the whole application of the site."""

import asyncio
import json
import re
from collections.abc import Callable
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
SEQ = re.compile(r'data-seq="(\d+)"')


@sync_to_async
def cookie_of(person: Person) -> str:
    """A signed-in browser's cookie."""
    client = Client()
    client.force_login(person, "django.contrib.auth.backends.ModelBackend")
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def handshake(
    path: str, cookie: str = "", *, origin: bytes = ORIGIN[1], host: bytes = HOST[1]
) -> WebsocketCommunicator:
    """A socket that is about to connect, as a browser on our own page would."""
    headers = [(b"host", host), (b"origin", origin), (b"cookie", f"{settings.SESSION_COOKIE_NAME}={cookie}".encode())]
    return WebsocketCommunicator(application, path, headers=headers)


def seq_of(html: str) -> int:
    """The change that a part was drawn at; 0 for none."""
    found = SEQ.search(html)
    return int(found[1]) if found else 0


async def until(true: Callable[[], bool]) -> None:
    """Wait until something is true, in the event loop."""
    async with asyncio.timeout(2 * PATIENCE):
        while not true():
            await asyncio.sleep(0.02)


class Page:
    """`async with Page(bob, "cats") as page`: connected, with its frames acknowledged as they are read.

    It keeps what static/js/live.js keeps: the newest of each part, and the change up to which it knows all it shows.
    """

    def __init__(self, person: Person | None, slug: str, *, page: str = "", cookie: str = "") -> None:
        self.person = person
        self.path = f"/ws/datasets/{slug}/" + (f"?page={page}" if page else "")
        self.cookie = cookie
        self.parts: dict[str, str] = {}
        self.at = self.newest = self.crossing = 0

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.leave()

    async def connect(self) -> None:
        self.cookie = self.cookie or (await cookie_of(self.person) if self.person else "")
        self.socket = handshake(self.path, self.cookie)
        connected, _ = await self.socket.connect(timeout=PATIENCE)
        assert connected
        self.newest = self.crossing = 0

    async def leave(self) -> None:
        if not self.socket.future.done():
            await self.socket.disconnect(timeout=PATIENCE)

    async def say(self, message: Any) -> None:
        await self.socket.send_to(json.dumps(message))

    async def show(self, *numbers: int, at: int | None = None) -> None:
        """Say what is shown, and since when."""
        self.at = self.at if at is None else at
        await self.say({"at": self.at, "shows": list(numbers)})
        self.crossing = self.newest + 1 if self.newest else 0

    async def hear(self) -> dict[str, Any]:
        """The next message, unacknowledged."""
        message: dict[str, Any] = json.loads(await self.socket.receive_from(timeout=PATIENCE))
        return message

    async def hear_until(self, key: str) -> dict[str, Any]:
        """The next message of this kind; frames before it are shown and acknowledged."""
        while key not in (message := await self.hear()):
            if "n" in message:
                await self.put(message)
        return message

    async def put(self, frame: dict[str, Any]) -> None:
        """Show a frame and acknowledge it."""
        for part_id, html in frame["parts"].items():
            if seq_of(html) >= seq_of(self.parts.get(part_id, "")):
                self.parts[part_id] = html
        self.newest = frame["n"]
        if self.newest > self.crossing:
            self.at = max(self.at, frame["seq"])
        await self.say({"ack": frame["n"]})

    async def take(self) -> dict[str, Any]:
        """The next frame, shown and acknowledged."""
        frame = await self.hear_until("n")
        await self.put(frame)
        return frame

    async def take_until(self, part: str, text: str = "") -> str:
        """Take frames until one brings this part, with this text in it; its html."""
        async with asyncio.timeout(2 * PATIENCE):
            while True:
                html = (await self.take())["parts"].get(part)
                if html is not None and text in html:
                    return str(html)

    async def settle(self, quiet: float = 0.7) -> None:
        """Take whatever comes until nothing does for a moment (the feed looks every half second)."""
        for _ in range(50):
            if await self.socket.receive_nothing(timeout=quiet):
                return
            message = await self.hear()
            if "n" in message:
                await self.put(message)
        raise AssertionError("the server does not stop talking")

    async def is_open(self) -> bool:
        """Whether the server answers a beat."""
        await self.say({"beat": 1})
        while True:
            message = await self.socket.receive_output(timeout=PATIENCE)
            if message["type"] == "websocket.close":
                return False
            if set(json.loads(message["text"])) == {"seq"}:
                return True

    async def closed_with(self) -> int:
        """The code the server closes the socket with."""
        async with asyncio.timeout(5):
            while True:
                message = await self.socket.receive_output(timeout=5)
                if message["type"] == "websocket.close":
                    return int(message["code"])
