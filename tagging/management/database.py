"""A data folder and a database that can be used: made when they are new, copied before they are changed."""

import contextlib
import os
import shutil
import sqlite3
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.executor import MigrationExecutor

from tagging.management.file_lock import Taken, hold
from tagging.services import exporting

LEAST_ROOM = 128 * 1024  # bytes; less is a full disk
LONGEST_MIGRATION = 600  # seconds to wait for another process that migrates


def make_ready() -> None:
    """Make the database, or bring it up to date, when a command finds it otherwise; a copy of an existing one is kept.
    An export that was killed between its two renames is finished.

    Raises CommandError with one sentence when the folder or the database cannot be used.
    """
    check_folder()
    str(settings.SECRET_KEY)  # made, or found to be unreadable, now and not amid the first request
    try:
        # Two commands on a fresh folder: one migrates, the other waits and finds it done.
        with hold(Path(settings.TAGGER_DATA_DIR) / "migrate.lock", seconds=LONGEST_MIGRATION):
            _migrate()
        exporting.finish_interrupted(Path(settings.TAGGER_DATA_DIR))
    except Taken as problem:
        raise CommandError(
            "Another process has been migrating the database for ten minutes: see what it does."
        ) from problem
    except sqlite3.Error as problem:
        raise CommandError(
            f"The database could not be copied before its migration: {problem}. Nothing was changed."
        ) from problem
    except OperationalError as problem:
        if _is_full():
            raise CommandError(
                f"The disk of the data folder {settings.TAGGER_DATA_DIR} is full: "
                "make room and run the same command again."
            ) from problem
        reason = " ".join(str(problem).split())
        raise CommandError(f"The database cannot be used: {reason} ({_place()}).") from problem
    except DatabaseError as problem:
        raise CommandError(f"The database {_place()} is damaged or not one of Tagger's: {problem}.") from problem


def check_folder() -> None:
    """Raises CommandError unless this user can write the data folder and what lies in it."""
    folder = Path(settings.TAGGER_DATA_DIR)
    try:
        _make_private(folder)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as problem:
        raise CommandError(_unwritable(folder, problem.strerror or str(problem))) from problem
    file = _sqlite_file()
    if file is not None and file.exists() and not os.access(file, os.R_OK | os.W_OK):
        raise CommandError(_unwritable(folder, f"{file.name} belongs to somebody else"))


def _make_private(folder: Path) -> None:
    """A new data folder is its owner's alone: the database in it holds sessions and password hashes."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.mkdir(mode=0o700, exist_ok=True)


def _is_full() -> bool:
    """SQLite says “disk I/O error” where it cannot make the small files it needs beside the database."""
    return shutil.disk_usage(settings.TAGGER_DATA_DIR).free < LEAST_ROOM


def _unwritable(folder: Path, reason: str) -> str:
    user = f"user {os.getuid()}" if sys.platform != "win32" else "this user"
    return (
        f"The data folder {folder} cannot be written by {user}: {reason}. "
        "Give it to that user, or set TAGGER_DATA_DIR to another folder."
    )


def _place() -> str:
    return str(_sqlite_file() or settings.DATABASES["default"]["HOST"] or "DATABASE_URL")


def _sqlite_file() -> Path | None:
    return Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None


def _migrate() -> None:
    file = _sqlite_file()
    if file is not None:
        file.touch(mode=0o600)  # SQLite would let everybody on this machine read a new one
    executor = MigrationExecutor(connection)
    if not executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    if file is not None and executor.loader.applied_migrations:
        _copy(file, Path(settings.TAGGER_DATA_DIR) / "backups")
    call_command("migrate", interactive=False, verbosity=0)


def _copy(file: Path, folder: Path) -> Path:
    """A consistent copy, also while others write. It holds password hashes, so it is its owner's alone."""
    folder.mkdir(exist_ok=True)
    target = folder / f"before-{settings.VERSION}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.sqlite3"
    unfinished = target.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    unfinished.touch(mode=0o600)
    with contextlib.closing(sqlite3.connect(file)) as source, contextlib.closing(sqlite3.connect(unfinished)) as copy:
        source.backup(copy)
    unfinished.replace(target)
    return target
