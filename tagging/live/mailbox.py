"""What one open page has not been sent yet: the newest html of each part, and one frame under way.

A page that stops reading costs this and no more: each part is kept once, and nothing is sent before the last frame was
acknowledged. Everything here runs in the event loop.
"""

import asyncio
import json
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

RESEND_AFTER = 5.0  # seconds without an acknowledgement; once

Send = Callable[[str], Coroutine[Any, Any, None]]


class Mailbox:
    """Frames of CONTRACT “The page's socket”: `{"n": frame, "seq": newest, "parts": {id: html}}`."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: dict[str, str] = {}
        self._seq = 0
        self._has_news = False
        self._frame = ""
        self._number = 0
        self._under_way = False
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    def put(self, seq: int, parts: Mapping[str, str]) -> None:
        """Take parts (id → html as JSON text) read at `seq`; they go out as soon as the last frame has arrived."""
        self._waiting.update(parts)
        self._seq = max(self._seq, seq)
        self._has_news = True
        if not self._under_way:
            self._send_news()

    def say(self, message: Mapping[str, object]) -> None:
        """Send something that is no frame."""
        self._start(json.dumps(message))

    def acknowledge(self, number: int) -> None:
        """The page has shown frame `number`. Older numbers, from a frame sent twice, mean nothing."""
        if not self._under_way or number != self._number:
            return
        self._rest()
        if self._has_news:
            self._send_news()

    def begin_again(self) -> None:
        """The page says anew what it shows and since when: what waits for it will be asked for again."""
        self._rest()
        self._waiting = {}
        self._has_news = False

    def close(self) -> None:
        self.closed = True
        self._rest()
        self._waiting.clear()

    @property
    def size(self) -> int:
        """How many parts wait."""
        return len(self._waiting)

    def _send_news(self) -> None:
        self._number += 1
        parts = ",".join(f"{json.dumps(part)}:{html}" for part, html in self._waiting.items())
        self._frame = f'{{"n":{self._number},"seq":{self._seq},"parts":{{{parts}}}}}'
        self._waiting = {}
        self._has_news = False
        self._under_way = True
        self._timer = asyncio.get_running_loop().call_later(RESEND_AFTER, self._again)
        self._start(self._frame)

    def _again(self) -> None:
        self._start(self._frame)

    def _rest(self) -> None:
        self._under_way = False
        self._frame = ""
        if self._timer is not None:
            self._timer.cancel()

    def _start(self, text: str) -> None:
        if self.closed:
            return
        task = asyncio.get_running_loop().create_task(self._send(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
