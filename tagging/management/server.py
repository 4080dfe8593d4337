"""daphne with our way of stopping: what is being written is finished, nothing new begins, and the end comes in time.

daphne alone cancels every application on SIGTERM, whatever it was doing.
"""

import asyncio
import contextlib
import errno
import http.client
import os
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from types import FrameType
from typing import Any, cast

import daphne.server
from channels.routing import get_default_application
from daphne.endpoints import build_endpoint_description_strings
from django.core.management.base import CommandError
from twisted.internet import defer, reactor

from tagging.live.feed import feed
from tagging.management.addresses import Place
from tagging.management.requests import HEADERS, LimitedFactory

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

# Seconds. All of it stays below the five that `start` promises.
WRITING_MAY_TAKE = 3.0
READING_MAY_TAKE = 0.5
SENDING_MAY_TAKE = 0.3
GOODBYE_MAY_TAKE = 0.05
LAST_WORDS = 0.3
ALL_MAY_TAKE = 4.6
READING = ("GET", "HEAD", "OPTIONS")


class Gate:
    """Counts the requests being answered. Once closed it turns new ones away: a page keeps what it could not save."""

    def __init__(self, application: Application) -> None:
        self.application = application
        self.closed = False
        self.reading = self.writing = 0

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.application(scope, receive, send)
        elif self.closed:
            await _turn_away(send)
        elif scope["method"] in READING:
            self.reading += 1
            try:
                await self.application(scope, receive, send)
            finally:
                self.reading -= 1
        else:
            self.writing += 1
            try:
                await self.application(scope, receive, send)
            finally:
                self.writing -= 1


async def _turn_away(send: Send) -> None:
    await send({"type": "http.response.start", "status": 503, "headers": [*HEADERS, (b"retry-after", b"2")]})
    await send({"type": "http.response.body", "body": b"Tagger is stopping. Try again in a moment."})


class Pace:
    """Told by Twisted when a connection has more to send than it takes: what comes slowly must not pile up here."""

    def __init__(self) -> None:
        self.free = asyncio.Event()
        self.free.set()

    def pauseProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.free.clear()

    def resumeProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.free.set()

    def stopProducing(self) -> None:  # noqa: N802 - Twisted's name
        self.free.set()


class Server(daphne.server.Server):  # type: ignore[misc]  # daphne has no types
    """Serves until SIGTERM or SIGINT; `on_ready` is called when it listens, `on_stop` when it begins to stop."""

    def __init__(self, place: Place, *, on_ready: Callable[[], None], on_stop: Callable[[], None]) -> None:
        self.gate = Gate(cast(Application, get_default_application()))
        self.place = place
        self.on_stop = on_stop
        self.ends_at: float | None = None
        self.failure = ""
        super().__init__(
            self.gate,
            endpoints=build_endpoint_description_strings(host=str(place.listen), port=place.port),
            signal_handlers=False,
            ready_callable=on_ready,
            server_name="Tagger",
        )

    def serve(self) -> None:
        """Returns when the server has stopped. Raises CommandError when it cannot listen."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._signalled)
        self.run()
        feed.stop()
        if self.failure:
            raise CommandError(self.failure)

    @property
    def http_factory(self) -> LimitedFactory:
        return self._http_factory

    @http_factory.setter
    def http_factory(self, plain: object) -> None:
        # daphne's `run` makes one of its own and takes no other.
        self._http_factory = LimitedFactory(self)

    def _signalled(self, number: int, frame: FrameType | None) -> None:
        if self.ends_at is not None:
            return
        self.ends_at = time.monotonic() + ALL_MAY_TAKE
        # A view may sit in a thread that nobody can end. Nothing it does is acknowledged any more.
        last = threading.Timer(ALL_MAY_TAKE, os._exit, (0,))
        last.daemon = True
        last.start()
        self.on_stop()
        reactor.callFromThread(self.stop)

    @property
    def seconds_left(self) -> float:
        """How long what runs beside the server may still take to end, once the server has stopped."""
        return max(0.1, (self.ends_at or 0) - time.monotonic() - LAST_WORDS)

    def listen_error(self, failure: Any) -> None:  # noqa: ANN401 - a Failure of Twisted
        problem = getattr(failure.value, "socketError", failure.value)
        if getattr(problem, "errno", None) == errno.EADDRINUSE:
            self.failure = f"Port {self.place.port} is in use by another program: choose another one with --port."
        elif getattr(problem, "errno", None) == errno.EADDRNOTAVAIL:
            self.failure = f"{self.place.listen} is not an address of this machine: --host 0.0.0.0 takes all it has."
        else:
            self.failure = (
                f"Tagger cannot listen at {self.place.local}: {getattr(problem, 'strerror', None) or problem}."
            )
        self.stop()

    async def handle_reply(self, protocol: Any, message: Message) -> None:  # noqa: ANN401 - daphne has no types
        """As daphne's, but a streamed answer is made no faster than it is read, so that memory stays flat."""
        body = message["type"] == "http.response.body"
        more, pace = body and message.get("more_body", False), getattr(protocol, "pace", None)
        alive = body and not protocol.finished and protocol.channel is not None
        if more and pace is None and alive:
            protocol.pace = pace = Pace()
            protocol.registerProducer(pace, streaming=True)
        if body and not more and pace is not None and alive:
            protocol.unregisterProducer()
        await super().handle_reply(protocol, message)
        if more and pace is not None:
            await pace.free.wait()

    def kill_all_applications(self) -> defer.Deferred[None]:
        """Called by daphne before it ends; it waits for the answer."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._wind_down()))

    async def _wind_down(self) -> None:
        self.gate.closed = True
        if feed.say_goodbye("Tagger is stopping. What you do meanwhile is kept in this page."):
            await asyncio.sleep(GOODBYE_MAY_TAKE)  # on its way before the applications are cancelled
        for listener in self.listeners:
            listener.addCallback(lambda port: port.stopListening())
        await _until(lambda: not self.gate.writing, WRITING_MAY_TAKE)
        await _until(lambda: not self.gate.reading, READING_MAY_TAKE)
        applications = [details.get("application_instance") for details in self.connections.values()]
        unfinished = [task for task in applications if task and not task.done()]
        for task in unfinished:
            task.cancel()
        if unfinished:
            await asyncio.wait(unfinished, timeout=READING_MAY_TAKE)
        # What was answered last must leave the machine: an answer that gets lost is a save that looks failed.
        await _until(lambda: not cast(Any, reactor).getWriters(), SENDING_MAY_TAKE)


async def _until(done: Callable[[], bool], seconds: float) -> None:
    loop = asyncio.get_running_loop()
    deadline = loop.time() + seconds
    while not done() and loop.time() < deadline:
        await asyncio.sleep(0.02)


def wait_until_answering(place: Place, host: str) -> bool:
    """Ask for /healthz under this host until it is answered; whether it was. For a thread beside the server."""
    address = "127.0.0.1" if place.listen.is_unspecified else str(place.listen)
    for _ in range(600):
        asking = http.client.HTTPConnection(address, place.port, timeout=10)
        with contextlib.suppress(OSError, http.client.HTTPException), contextlib.closing(asking):
            asking.request("GET", "/healthz", headers={"Host": host.lstrip(".")})
            return asking.getresponse().status == 200
        time.sleep(0.1)
    return False
