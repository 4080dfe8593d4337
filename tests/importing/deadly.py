"""Workers that misbehave as pictures can make them. Processes that a pool starts import this."""

import os
import time
from multiprocessing.connection import Connection
from pathlib import Path

from tagging.services.importing.reading import Answer, Brief, Task
from tagging.services.importing.worker import Line


def ready(pipe: "Connection[object, object]") -> Line:
    line = Line(pipe)
    line.say(Answer(0, "ready"))
    return line


def is_stillborn(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Ends before it has begun."""
    os._exit(78)


def is_stillborn_once(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Ends before it has begun, but for its successors."""
    mark = Path(brief.incoming) / "was here"
    if not mark.exists():
        mark.touch()
        os._exit(78)
    dies(pipe, brief)


def dies(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Answers each task but one, which ends it."""
    line = ready(pipe)
    while True:
        task = line.next_task()
        if b"deadly" in task.path:
            os._exit(77)
        line.say(Answer(task.place, "unusable", reason=str(os.getpid())))


def hangs(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Answers each task but one, which never ends."""
    line = ready(pipe)
    while True:
        task = line.next_task()
        if b"deadly" in task.path:
            time.sleep(3600)
        line.say(Answer(task.place, "unusable", reason="alive"))


def takes_memory(pipe: "Connection[object, object]", brief: Brief) -> None:
    """Notes in `brief.incoming` how much each decode holds while it runs, and answers what all held together."""
    line = ready(pipe)
    while True:
        line.say(_hold(line, line.next_task(), brief))


def _hold(line: Line, task: Task, brief: Brief) -> Answer:
    if task.size > brief.allowance:
        line.ask(task.place, task.size)
    own = Path(brief.incoming) / f"{task.place}-{task.size}.holds"
    own.touch()
    time.sleep(0.01)
    held = [int(path.stem.split("-")[1]) for path in Path(brief.incoming).glob("*.holds")]
    own.unlink()
    return Answer(task.place, "taken", memory=sum(held))
