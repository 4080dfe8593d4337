"""A lock between processes: a file of the data folder that one of them holds. It is free when its holder dies."""

import contextlib
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt

    def _take(file: IO[str]) -> None:
        # Far behind any text in it, which others must be able to read: Windows locks the bytes themselves.
        file.seek(1 << 30)
        msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)

else:
    import fcntl

    def _take(file: IO[str]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Taken(Exception):  # noqa: N818 - not an error: somebody else is at work
    """Another process holds the lock; `text` is what it wrote into the file."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@contextlib.contextmanager
def hold(path: Path, *, seconds: float) -> Iterator[IO[str]]:
    """Hold the lock while the block runs, its file open. Raises Taken when it does not come free within `seconds`."""
    with path.open("a+", encoding="utf-8") as file:
        deadline = time.monotonic() + seconds
        while not _taken(file):
            if time.monotonic() >= deadline:
                file.seek(0)
                raise Taken(file.read())
            time.sleep(0.05)
        yield file


def _taken(file: IO[str]) -> bool:
    try:
        _take(file)
    except OSError:
        return False
    return True
