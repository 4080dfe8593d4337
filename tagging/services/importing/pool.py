"""Several workers, one budget of memory: who gets which file, who may decode when, and what a dead worker costs."""

import contextlib
import json
import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing import connection, resource_tracker, spawn
from multiprocessing.context import SpawnProcess
from typing import Any, Self

from tagging.domain import filenames
from tagging.errors import Refused
from tagging.services.importing.reading import Answer, Brief, Task
from tagging.services.importing.worker import serve

#: What a worker has waiting while the main process writes: enough not to idle, little enough to share out evenly.
MOST_TASKS = 6
MOST_BYTES = 24 * 2**20
#: Longer than any picture within the limits takes.
PATIENCE = 120.0
#: So many workers may die in a row before they have begun: then it is no picture's doing, and no accident.
MOST_STILLBORN = 3
#: A process that waits for a dead network disk does not even die.
_GRACE = 5.0


@dataclass
class _Worker:
    process: SpawnProcess
    pipe: Any
    tasks: deque[Task] = field(default_factory=deque)
    asking: int = 0
    granted: int = 0
    since: float = 0.0
    ready: bool = False

    @property
    def has_room(self) -> bool:
        if not self.tasks:
            return True
        return len(self.tasks) < MOST_TASKS and sum(task.size for task in self.tasks) < MOST_BYTES

    def holds(self, allowance: int) -> int:
        """What its current decode may take of the budget."""
        if not self.tasks or self.asking:
            return 0
        return max(self.granted, allowance)


class Pool:
    """Workers that read files; `give` tasks while there `is_room`, and `take` the answers as they come.

    All decodes together stay within the memory of `brief.limits`: small ones need no leave, a bigger one waits until
    the others leave it enough room, and meanwhile no new task is given. `give` and `take` raise Refused when no worker
    can be started.
    """

    def __init__(self, workers: int, brief: Brief) -> None:
        self._brief = brief
        self._most = workers
        self._workers: list[_Worker] = []
        self._asking: deque[_Worker] = deque()
        self._stillborn = 0
        self._context = multiprocessing.get_context("spawn")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.process.kill()
            worker.pipe.close()
        for worker in self._workers:
            worker.process.join(_GRACE)
        self._workers.clear()

    @property
    def is_room(self) -> bool:
        """Whether another task can be given now."""
        if self._asking:
            return False
        return len(self._workers) < self._most or any(worker.has_room for worker in self._workers)

    def give(self, task: Task) -> None:
        """Give a task to whoever has least to do. Only while there `is_room`."""
        free = [worker for worker in self._workers if worker.has_room]
        idle = min(free, key=lambda worker: len(worker.tasks), default=None)
        if (idle is None or idle.tasks) and len(self._workers) < self._most:
            idle = self._start()
        assert idle is not None, "give() without room"
        if not idle.tasks:
            idle.since = time.monotonic()
        idle.tasks.append(task)
        # One that died meanwhile is found by `take`.
        with contextlib.suppress(OSError):
            idle.pipe.send(task)

    def take(self, timeout: float) -> list[Answer]:
        """The answers that came, after waiting for the first at most `timeout` seconds. They come in any order."""
        pipes = {worker.pipe: worker for worker in self._workers}
        ready = connection.wait(list(pipes), timeout)
        answers = [answer for pipe in ready for answer in self._hear(pipes[pipe])]
        if not ready:
            answers = list(self._give_up_on_the_slow())
        self._grant()
        return answers

    def _hear(self, worker: _Worker) -> Iterator[Answer]:
        """All that a worker has said by now."""
        try:
            while worker.pipe.poll():
                answer = Answer(**json.loads(worker.pipe.recv_bytes()))
                if answer.kind == "ready":
                    worker.ready, self._stillborn = True, 0
                elif answer.kind == "ask":
                    worker.asking = answer.memory
                    self._asking.append(worker)
                else:
                    worker.tasks.popleft()
                    worker.granted, worker.since = 0, time.monotonic()
                    yield answer
        except (EOFError, OSError):
            yield from self._bury(worker, "")

    def _bury(self, worker: _Worker, reason: str) -> Iterator[Answer]:
        """A worker died of its first task, unless before it; the others it had go to its successor."""
        self._end(worker)
        if not worker.ready:
            self._mourn(worker)
        elif worker.tasks:
            guilty = worker.tasks.popleft()
            yield Answer(guilty.place, "unusable", reason=reason or _cause_of_death(worker.process.exitcode))
        if worker.tasks:
            successor = self._start()
            successor.tasks.extend(worker.tasks)
            successor.since = time.monotonic()
            # One that died meanwhile is found by `take`.
            with contextlib.suppress(OSError):
                for task in worker.tasks:
                    successor.pipe.send(task)

    def _mourn(self, worker: _Worker) -> None:
        self._stillborn += 1
        if self._stillborn >= MOST_STILLBORN:
            raise Refused(_cannot_start(f"it ended at once with exit code {worker.process.exitcode}"))

    def _give_up_on_the_slow(self) -> Iterator[Answer]:
        now = time.monotonic()
        for worker in list(self._workers):
            if worker.tasks and not worker.asking and now - worker.since > PATIENCE:
                yield from self._bury(worker, f"Reading it did not end within {PATIENCE:.0f} seconds.")

    def _grant(self) -> None:
        """Let the first who asks begin as soon as the others leave it room."""
        while self._asking:
            worker = self._asking[0]
            taken = sum(other.holds(self._brief.allowance) for other in self._workers if other is not worker)
            if worker in self._workers and taken + worker.asking > self._brief.limits.memory_bytes:
                return
            self._asking.popleft()
            worker.granted, worker.asking, worker.since = worker.asking, 0, time.monotonic()
            with contextlib.suppress(OSError):
                worker.pipe.send(True)  # noqa: FBT003 - a message

    def _start(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=serve, args=(theirs, self._brief), daemon=True)
        try:
            with _signals_held():
                process.start()
        except OSError as problem:
            ours.close()
            raise Refused(_cannot_start(problem.strerror or str(problem))) from problem
        finally:
            theirs.close()
        worker = _Worker(process, ours)
        self._workers.append(worker)
        return worker

    def _end(self, worker: _Worker) -> None:
        self._workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()  # it may hang instead of being dead
        worker.process.join(_GRACE)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """What is started here never sees a Ctrl+C, not even before it can say so itself."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    # Starting its tracker, multiprocessing lets these signals through again: so that comes first.
    resource_tracker.ensure_running()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _cannot_start(reason: str) -> str:
    python = filenames.display_path(os.fsencode(spawn.get_executable()))
    return f"The process that reads pictures cannot be started ({python}): {reason}."


def _cause_of_death(exit_code: int | None) -> str:
    if exit_code == -9:
        return "The process that decoded it was ended by the system, most likely for want of memory."
    return f"It made the process that decoded it fail (exit code {exit_code})."
