"""The process that decodes. It may die of a picture: then it takes nobody with it."""

import contextlib
import dataclasses
import json
import os
import signal
import traceback
from multiprocessing.connection import Connection
from pathlib import Path

from tagging.services.importing.reading import Answer, Brief, Task, read

_FIRST_TO_GO = b"700"


def serve(connection: "Connection[object, object]", brief: Brief) -> None:
    """Answer tasks until the other end closes.

    What comes in is a Task, or True as leave for the memory that was asked for. What goes out is JSON and not a pickle:
    a decoder that was taken over by a picture shall not reach the process that writes to the database.
    """
    _prepare()
    with contextlib.suppress(EOFError, OSError):
        while isinstance(task := connection.recv(), Task):
            answer = _answer(connection, task, brief)
            try:
                _send(connection, answer)
            except OSError:
                _forget(answer)
                raise


def _prepare() -> None:
    """Leave Ctrl+C to the process that gives the tasks, and be the first that a system out of memory ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError), Path(f"/proc/{os.getpid()}/oom_score_adj").open("wb") as file:
        file.write(_FIRST_TO_GO)


def _answer(connection: "Connection[object, object]", task: Task, brief: Brief) -> Answer:
    def ask(memory: int) -> None:
        _send(connection, Answer(task.place, "ask", memory=memory))
        if connection.recv() is not True:
            raise EOFError

    try:
        return read(task, brief, ask)
    except EOFError:
        raise
    except Exception:  # noqa: BLE001 - the boundary of a worker: a fault of ours costs one file and is told
        return Answer(task.place, "fault", reason=traceback.format_exc())


def _send(connection: "Connection[object, object]", answer: Answer) -> None:
    connection.send_bytes(json.dumps(dataclasses.asdict(answer)).encode("ascii"))


def _forget(answer: Answer) -> None:
    """Nobody waits for this any more."""
    for path in (answer.temp, answer.thumb_temp):
        if path:
            Path(path).unlink(missing_ok=True)
