"""The process that decodes. It may die of a picture: then it takes nobody with it."""

import contextlib
import dataclasses
import json
import os
import signal
import traceback
from collections import deque
from multiprocessing.connection import Connection
from pathlib import Path

from tagging.services.importing.reading import Answer, Brief, Task, read

_FIRST_TO_GO = b"700"


def serve(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Answer tasks until the other end closes."""
    _prepare()
    line = Line(pipe)
    with contextlib.suppress(EOFError, OSError):
        line.say(Answer(0, "ready"))
        while True:
            answer = _answer(line, line.next_task(), brief)
            try:
                line.say(answer)
            except OSError:
                _forget(answer)
                raise


class Line:
    """A worker's end of its pipe.

    What comes in is a Task, or True as leave for the memory that was asked for; tasks may come before the leave does.
    What goes out is JSON and not a pickle: a decoder that was taken over by a picture shall not reach the process that
    writes to the database.
    """

    def __init__(self, pipe: "Connection[object, object]") -> None:
        self._pipe = pipe
        self._tasks: deque[Task] = deque()

    def next_task(self) -> Task:
        """Wait for something to do. Raises EOFError when nothing will come any more."""
        while not self._tasks:
            self._hear()
        return self._tasks.popleft()

    def ask(self, place: int, memory: int) -> None:
        """Wait until a decode may take so many bytes."""
        self.say(Answer(place, "ask", memory=memory))
        while not self._hear():
            pass

    def say(self, answer: Answer) -> None:
        """Send an answer. Raises OSError when nobody is there to hear it."""
        self._pipe.send_bytes(json.dumps(dataclasses.asdict(answer)).encode("ascii"))

    def _hear(self) -> bool:
        """Take in what comes next; True for a leave."""
        heard = self._pipe.recv()
        if isinstance(heard, Task):
            self._tasks.append(heard)
        return heard is True


def _prepare() -> None:
    """Leave Ctrl+C to the process that gives the tasks, and be the first that a system out of memory ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError), Path(f"/proc/{os.getpid()}/oom_score_adj").open("wb") as file:
        file.write(_FIRST_TO_GO)


def _answer(line: Line, task: Task, brief: Brief) -> Answer:
    try:
        return read(task, brief, lambda memory: line.ask(task.place, memory))
    except EOFError:
        raise
    except Exception:  # noqa: BLE001 - the boundary of a worker: a fault of ours costs one file and is told
        return Answer(task.place, "fault", reason=traceback.format_exc())


def _forget(answer: Answer) -> None:
    """Nobody waits for this any more."""
    for path in (answer.temp, answer.thumb_temp):
        if path:
            Path(path).unlink(missing_ok=True)
