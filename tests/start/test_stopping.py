import asyncio
import subprocess
import sys
import threading
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from django.conf import settings

from tagging.management.beside import Beside
from tagging.management.server import Gate

pytestmark = pytest.mark.slow

# What a test waits for at most; nothing here takes that long
LONG = 30


async def answer(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"done"})


async def fail(
    scope: dict[str, Any], receive: Callable[[], Awaitable[Any]], send: Callable[[Any], Awaitable[None]]
) -> None:
    raise ValueError("planted")


def through(gate: Gate, method: str = "POST", kind: str = "http") -> list[dict[str, Any]]:
    """What the gate sends for one request."""
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message | {"reading": gate.reading, "writing": gate.writing})

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b""}

    asyncio.run(gate({"type": kind, "method": method}, receive, send))
    return sent


@pytest.mark.parametrize(("method", "counted"), [("GET", (1, 0)), ("POST", (0, 1)), ("DELETE", (0, 1))])
def test_gate_counts_what_is_being_answered(method: str, counted: tuple[int, int]) -> None:
    gate = Gate(answer)

    first = through(gate, method)[0]

    assert (first["reading"], first["writing"]) == counted
    assert (gate.reading, gate.writing) == (0, 0)


def test_gate_counts_a_request_that_failed_as_answered() -> None:
    gate = Gate(fail)

    with pytest.raises(ValueError, match="planted"):
        through(gate)

    assert gate.writing == 0


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_gate_turns_requests_away_once_it_is_closed(method: str) -> None:
    gate = Gate(fail)
    gate.closed = True

    start, body = through(gate, method)

    headers = dict(start["headers"])
    assert (start["status"], headers[b"retry-after"]) == (503, b"2")
    assert b"frame-ancestors 'none'" in headers[b"content-security-policy"]
    assert body["body"] == b"Tagger is stopping. Try again in a moment."


def test_gate_lets_sockets_through_to_hear_that_it_stops() -> None:
    gate = Gate(answer)
    gate.closed = True

    assert through(gate, kind="websocket")[0]["status"] == 200


def test_a_command_beside_the_server_is_told_to_stop() -> None:
    beside = Beside(["shell", "-c", "import time; time.sleep(600)"])
    codes: list[int] = []
    running = threading.Thread(target=lambda: codes.append(beside.run()))
    running.start()

    beside.stop()
    running.join(LONG)

    assert codes in ([130], [0])


def test_a_command_beside_the_server_does_not_begin_once_that_stops() -> None:
    beside = Beside(["shell", "-c", "raise SystemExit(7)"])
    beside.stop()

    assert beside.run() == 0


def test_a_command_beside_the_server_says_how_it_ended() -> None:
    beside = Beside(["shell", "-c", "raise SystemExit(7)"])

    assert beside.run() == 7


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
def test_a_command_beside_the_server_ends_when_that_is_killed() -> None:
    script = "import sys, time; sys.stderr.write('on\\n'); sys.stderr.flush(); time.sleep(600)"
    command = [sys.executable, str(settings.BASE_DIR / "manage.py"), "--beside", "shell", "-c", script]
    server = f"""
import os, signal, subprocess
process = subprocess.Popen({command!r}, stdin=subprocess.PIPE, stderr=subprocess.PIPE)
process.stderr.readline()
os.kill(os.getpid(), signal.SIGKILL)
"""

    # The output ends when the last process that holds it has ended.
    killed = subprocess.run([sys.executable, "-c", server], stdout=subprocess.PIPE, check=False, timeout=LONG)

    assert killed.returncode == -9
