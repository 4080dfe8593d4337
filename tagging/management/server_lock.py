"""One serving process on a data folder, or without Redis: locks that the server alone holds, and where it runs."""

import contextlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management.base import CommandError
from django.db import DEFAULT_DB_ALIAS, connection, connections

from tagging.management.file_lock import Taken, hold

# Among the numbers by which PostgreSQL's users name their locks
OUR_NUMBER = 0x7A66E5


@dataclass(frozen=True)
class Running:
    """Where a server answers: `local` for whoever sits at this machine, `address` for everybody."""

    local: str
    address: str
    pid: int = field(default_factory=os.getpid)


@contextlib.contextmanager
def serving(here: Running, *, inherited: bool = False) -> Iterator[None]:
    """Hold the server's lock while the block runs. Raises CommandError when another server has it.

    `inherited`: processes started from here hold it too, so that it lasts as long as the last of them.
    """
    try:
        # Looking whether a server runs takes the lock for a moment too, so one refusal is not the last word.
        with hold(_file(), seconds=1) as file:
            os.set_inheritable(file.fileno(), inherited)
            _write(file, json.dumps(asdict(here)))
            try:
                yield
            finally:
                _write(file, "")
    except Taken as other:
        raise CommandError(_refusal(_read(other.text))) from other


@contextlib.contextmanager
def alone_on_database() -> Iterator[None]:
    """Without Redis pages hear of changes within one process alone: refuse a second one from another data folder.

    SQLite lies in the data folder, whose lock is enough. PostgreSQL drops this lock with the connection that has it.
    """
    if connection.vendor != "postgresql" or "InMemory" not in settings.CHANNEL_LAYERS["default"]["BACKEND"]:
        yield
        return
    holder = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with holder.cursor() as cursor:
            cursor.execute("SELECT pg_try_advisory_lock(%s)", [OUR_NUMBER])
            (taken,) = cursor.fetchone() or (False,)
        if not taken:
            raise CommandError("Another Tagger serves this database already: several of them need REDIS_URL.")
        yield
    finally:
        holder.close()


def running() -> Running | None:
    """The server that holds this data folder now, if there is one."""
    if not _file().exists():
        return None
    try:
        with hold(_file(), seconds=0):
            return None
    except Taken as other:
        return _read(other.text)


def _file() -> Path:
    return Path(settings.TAGGER_DATA_DIR) / "server.lock"


def _write(file: IO[str], text: str) -> None:
    file.seek(0)
    file.truncate()
    file.write(text)
    file.flush()


def _read(text: str) -> Running | None:
    try:
        return Running(**json.loads(text))
    except (ValueError, TypeError):
        return None


def _refusal(other: Running | None) -> str:
    where = f" at {other.local} (process {other.pid})" if other else ""
    return f"Tagger serves the data folder {settings.TAGGER_DATA_DIR} already{where}: open that one, or stop it first."
