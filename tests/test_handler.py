"""Requests are answered in a few threads that live on, each with the connection it has."""

import asyncio
import contextlib
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, cast

import pytest
from channels.testing import ApplicationCommunicator
from django.db import connection, connections
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse

from tagger_site.handler import Handler

pytestmark = [pytest.mark.asyncio, pytest.mark.django_db(transaction=True)]

SCOPE = {"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []}

Answers = Callable[[Callable[[], HttpResponseBase]], Handler]


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Answers]:
    """A handler that answers everything with what a function gives."""
    handlers = []

    def handler(view: Callable[[], HttpResponseBase]) -> Handler:
        made = Handler()
        monkeypatch.setattr(made, "get_response", lambda request: view())
        handlers.append(made)
        return made

    yield handler
    for made in handlers:
        made._threads.submit(connections.close_all).result()
        made._threads.shutdown()


def asking_of(handler: Handler) -> Any:
    """A request that is about to be sent."""
    return cast(Any, ApplicationCommunicator)(handler, SCOPE)


async def ask(handler: Handler) -> bytes:
    """The body of the answer."""
    asking = asking_of(handler)
    await asking.send_input({"type": "http.request", "body": b""})
    assert (await asking.receive_output(3))["type"] == "http.response.start"
    body: bytes = (await asking.receive_output(3))["body"]
    await asking.wait(3)
    return body


async def test_requests_one_after_the_other_share_a_thread(answers: Answers) -> None:
    handler = answers(lambda: HttpResponse(threading.current_thread().name))

    names = {await ask(handler) for _ in range(9)}

    assert len(names) <= 2  # one that has just answered may not be waiting again yet


async def test_a_thread_keeps_its_connection(answers: Answers) -> None:
    seen: list[tuple[str, Any]] = []

    def view() -> HttpResponse:
        connection.ensure_connection()
        seen.append((threading.current_thread().name, connection.connection))
        return HttpResponse()

    handler = answers(view)
    for _ in range(4):
        await ask(handler)

    assert len({id(kept) for _, kept in seen}) == len({thread for thread, _ in seen})


async def test_a_connection_that_went_wrong_is_made_anew(answers: Answers) -> None:
    seen: list[Any] = []  # kept, so that no two have the same id

    def view() -> HttpResponse:
        connection.ensure_connection()
        seen.append(connection.connection)
        connection.errors_occurred = True
        return HttpResponse()

    handler = answers(view)
    await ask(handler)
    await ask(handler)

    assert seen[0] is not seen[1]


async def test_requests_are_answered_beside_each_other(answers: Answers) -> None:
    both = threading.Barrier(2)
    handler = answers(lambda: HttpResponse(str(both.wait(3) >= 0)))

    assert list(await asyncio.gather(ask(handler), ask(handler))) == [b"True", b"True"]


async def test_an_answer_is_closed_when_it_is_sent(answers: Answers) -> None:
    response = HttpResponse()
    handler = answers(lambda: response)

    await ask(handler)

    assert response.closed


async def test_an_answer_that_is_made_while_it_is_sent_ends_when_nobody_wants_it(answers: Answers) -> None:
    ended = asyncio.Event()

    async def endless() -> AsyncIterator[bytes]:
        try:
            while True:
                yield b"more"
                await asyncio.sleep(0.01)
        finally:
            ended.set()

    asking = asking_of(answers(lambda: StreamingHttpResponse(endless())))
    await asking.send_input({"type": "http.request", "body": b""})
    await asking.receive_output(3)
    await asking.send_input({"type": "http.disconnect"})
    await asking.wait(3)

    assert ended.is_set()


async def test_somebody_who_goes_before_their_request_is_whole_gets_no_answer(answers: Answers) -> None:
    asked: list[str] = []

    def view() -> HttpResponse:
        asked.append("asked")
        return HttpResponse()

    asking = asking_of(answers(view))
    await asking.send_input({"type": "http.disconnect"})
    await asking.wait(3)

    assert asked == []


async def test_an_answer_nobody_waits_for_any_more_is_closed(answers: Answers) -> None:
    begun, go_on = threading.Event(), threading.Event()
    response = HttpResponse()

    def view() -> HttpResponse:
        begun.set()
        go_on.wait(3)
        return response

    handler = answers(view)
    asking = asyncio.ensure_future(ask(handler))
    await asyncio.to_thread(begun.wait, 3)
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking
    go_on.set()

    async with asyncio.timeout(3):
        while not response.closed:
            await asyncio.sleep(0.01)


async def test_an_answer_that_breaks_while_it_is_made_leaves_nothing_running(answers: Answers) -> None:
    async def broken() -> AsyncIterator[bytes]:
        yield b"more"
        raise ValueError("broken")

    before = asyncio.all_tasks()
    asking = asking_of(answers(lambda: StreamingHttpResponse(broken())))
    await asking.send_input({"type": "http.request", "body": b""})
    with pytest.raises(ValueError, match="broken"):
        await asking.wait(3)

    assert asyncio.all_tasks() == before
