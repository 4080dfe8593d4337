"""What one open page has not been sent yet: the newest html of each part, and one frame under way.

A page that stops reading costs this and no more: each part is kept once, and nothing is sent before the last frame was
acknowledged. Everything here runs in the event loop.
"""

import asyncio
import json
import time
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

RESEND_AFTER = 5.0  # seconds without an acknowledgement; once
LONGEST_FRAME = 200_000  # characters, of up to four bytes each: daphne closes a socket that is sent more than 1 MiB

Send = Callable[[str], Coroutine[Any, Any, None]]


class Mailbox:
    """Frames of CONTRACT “The page's socket”: `{"n": frame, "seq": newest, "parts": {id: html}}`.

    What is too much for one frame goes out in several, and only the last says the newest change: a page that loses its
    socket in between asks again from the change before.
    """

    def __init__(self, send: Send) -> None:
        self._send = send
        self._waiting: dict[str, str] = {}
        self._era = 0  # counts what the page said it shows
        self._told = 0  # the change up to which the page knows all it shows …
        self._seq = 0  # … and will, once it has what waits
        self._has_news = False
        self._frame = ""
        self._number = 0
        self._under_way = 0  # the number of the frame that waits for its acknowledgement
        self._sent_at = 0.0
        self._unanswered_since: float | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    def put(self, parts: Mapping[str, str], *, era: int, seq: int | None) -> None:
        """Take parts (id → html as JSON text); they go out as soon as the last frame has arrived. `seq`: the change up
        to which they bring all that the page shows, None when more is to come."""
        if era != self._era or self.closed:
            return
        self._waiting.update(parts)
        self._seq = self._seq if seq is None else max(self._seq, seq)
        self._has_news = True
        if not self._under_way:
            self._send_news()

    def say(self, message: Mapping[str, object]) -> None:
        """Send something that is no frame."""
        self._start(json.dumps(message))

    def acknowledge(self, number: int) -> bool:
        """The page has shown frame `number`; whether it was the one under way. Older numbers, from a frame sent twice,
        mean nothing."""
        if not self._under_way or number != self._under_way:
            return False
        self._rest()
        self._unanswered_since = None
        if self._has_news:
            self._send_news()
        return True

    def begin_again(self, at: int) -> int:
        """The page says anew what it shows and since when: what waits for it will be asked for again. The era of what
        is put from now on.

        A frame under way stays so, unless it got lost, by the look of it. Frames skip a number, by which a page can
        tell those found for what it shows now from one that crossed its word on the way (static/js/live.js).
        """
        if self._under_way and time.monotonic() - self._sent_at > RESEND_AFTER:
            self._rest()
        self._era += 1
        self._number += 1 if self._number else 0
        self._told = self._seq = at
        self._waiting = {}
        self._has_news = False
        return self._era

    def close(self) -> None:
        self.closed = True
        self._rest()
        self._waiting.clear()

    @property
    def size(self) -> int:
        """How many parts wait."""
        return len(self._waiting)

    def is_deaf(self, seconds: float) -> bool:
        """Whether the page has left frames unanswered for so long."""
        since = self._unanswered_since
        return since is not None and time.monotonic() - since > seconds

    def _send_news(self) -> None:
        self._number += 1
        parts = ",".join(self._next_parts())
        self._has_news = bool(self._waiting)
        if not self._has_news:
            self._told = self._seq
        self._frame = f'{{"n":{self._number},"seq":{self._told},"parts":{{{parts}}}}}'
        self._under_way, self._sent_at = self._number, time.monotonic()
        self._unanswered_since = self._unanswered_since or self._sent_at
        self._timer = asyncio.get_running_loop().call_later(RESEND_AFTER, self._again)
        self._start(self._frame)

    def _next_parts(self) -> list[str]:
        """Take out of what waits as much as a frame may hold; one part at least."""
        taken: list[str] = []
        length = 0
        for part_id in list(self._waiting):
            length += len(self._waiting[part_id])
            if taken and length > LONGEST_FRAME:
                break
            taken.append(f'"{part_id}":{self._waiting.pop(part_id)}')
        return taken

    def _again(self) -> None:
        self._start(self._frame)

    def _rest(self) -> None:
        self._under_way = 0
        self._frame = ""
        if self._timer is not None:
            self._timer.cancel()

    def _start(self, text: str) -> None:
        if self.closed:
            return
        task = asyncio.get_running_loop().create_task(self._send(text))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
