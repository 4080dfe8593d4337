"""How a request is answered: all of it, middleware included, in one of a few threads that keep their connection.

Django's own handler makes a thread and a database connection for every request, and goes to and fro between loop and
thread for its middleware: a quarter of an act's processor time (docs/decisions/0045-requests-in-a-few-threads.md).
"""

import asyncio
import contextlib
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from asgiref.sync import ThreadSensitiveContext
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler, ASGIRequest, get_script_prefix
from django.db import connections
from django.http.response import HttpResponseBase
from django.urls import set_script_prefix

from tagger_site.body import Receive

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper

# Made as they are needed. Somebody who waits for a lock sits in one, so there are more than processors.
MOST_THREADS = 24


class Handler(ASGIHandler):
    """Answers like Django's, from threads that live on."""

    def __init__(self) -> None:
        super().__init__()
        self._threads = ThreadPoolExecutor(MOST_THREADS, thread_name_prefix="request")

    def load_middleware(self, is_async: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        super().load_middleware(is_async=False)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ANN401 - as Django types it
        try:
            body = await self.read_body(receive)
        except RequestAborted:
            return
        with contextlib.closing(body):
            request, refused = self.create_request(scope, body)
            response: Any = refused
            if request is not None:
                response = await self._answered(request)
            with contextlib.closing(response):
                await self._send(response, receive, send)

    async def _send(self, response: Any, receive: Receive, send: Any) -> None:  # noqa: ANN401 - as Django types it
        """What is made while it is sent has a thread of its own for that, and ends when nobody wants it any more."""
        response._handler_class = self.__class__
        if not response.streaming:
            await self.send_response(response, send)
            return
        async with ThreadSensitiveContext():
            sending = asyncio.ensure_future(self.send_response(response, send))
            watching = asyncio.ensure_future(receive())
            try:
                await asyncio.wait({sending, watching}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for task in (sending, watching):
                    task.cancel()
                sent, _ = await asyncio.gather(sending, watching, return_exceptions=True)
            if isinstance(sent, Exception):
                raise sent

    async def _answered(self, request: ASGIRequest) -> HttpResponseBase:
        """The answer from one of the threads, which cannot be stopped: one that nobody waits for any more is closed."""
        # Not sync_to_async: it would carry a context along, and with it a connection of this request's own.
        answer = asyncio.get_running_loop().run_in_executor(self._threads, self._answer, request)
        try:
            return await asyncio.shield(answer)
        except asyncio.CancelledError:
            answer.add_done_callback(_close)
            raise

    def _answer(self, request: ASGIRequest) -> HttpResponseBase:
        set_script_prefix(get_script_prefix(request.scope))
        for connection in connections.all(initialized_only=True):
            _look_at(connection)
        return self.get_response(request)


def _close(answer: "asyncio.Future[HttpResponseBase]") -> None:
    if not answer.cancelled() and answer.exception() is None:
        answer.result().close()


def _look_at(connection: "BaseDatabaseWrapper") -> None:
    """A kept connection that went wrong, or that the database server may have dropped meanwhile, is made anew."""
    connection.queries_log.clear()  # of the request before; kept with DEBUG alone
    if connection.connection is None:
        return
    if connection.errors_occurred or (connection.vendor != "sqlite" and not connection.is_usable()):
        connection.close()
        connection.errors_occurred = False
