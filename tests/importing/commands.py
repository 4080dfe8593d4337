"""The command in a process of its own, on a data folder of its own, and what it left there."""

import base64
import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
MANAGE = [sys.executable, str(ROOT / "manage.py")]


def environment(data: Path) -> dict[str, str]:
    """Of a person who has set nothing but the data folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TAGGER_")}
    kept.pop("DATABASE_URL", None)
    return {**kept, "TAGGER_DATA_DIR": str(data)}


def import_dir(folder: Path, data: Path, *options: str, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Run the command to its end."""
    return run([*MANAGE, "import_dir", str(folder), *options], data, **how)


def run(command: list[str], data: Path, **how: Any) -> "subprocess.CompletedProcess[str]":
    """Run a command on this data folder to its end."""
    return subprocess.run(command, env=environment(data), cwd=ROOT, capture_output=True, text=True, check=False, **how)


def until(true: Callable[[], bool], seconds: float) -> bool:
    """Wait until something is true, at most so long. Returns whether it came to be."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


@contextlib.contextmanager
def started(folder: Path, data: Path, *options: str) -> Iterator["subprocess.Popen[str]"]:
    """The command while it runs, in a session of its own, so that its whole group can be told to end."""
    with subprocess.Popen(
        [*MANAGE, "import_dir", str(folder), *options],
        env=environment(data),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    ) as running:
        try:
            yield running
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(running.pid, signal.SIGKILL)


def query(data: Path, sql: str) -> list[tuple[Any, ...]]:
    """Ask the database that a command left; nothing when it is not there yet."""
    try:
        with contextlib.closing(sqlite3.connect(f"file:{data / 'tagger.sqlite3'}?mode=ro", uri=True)) as database:
            return database.execute(sql).fetchall()
    except sqlite3.OperationalError:
        return []


def images(data: Path) -> list[tuple[Any, ...]]:
    """Number, path, bytes and tags of every image."""
    return query(
        data,
        "SELECT number, source_path, sha256, (SELECT group_concat(tag.name, '|') FROM (SELECT tag_id FROM"
        " tagging_imagetag WHERE image_id = image.id ORDER BY position) AS place JOIN tagging_tag AS tag"
        " ON tag.id = place.tag_id) FROM tagging_image AS image ORDER BY number",
    )


def files_without_rows(data: Path) -> list[str]:
    """Originals and thumbnails that no image names."""
    known = {sha256 for (sha256,) in query(data, "SELECT sha256 FROM tagging_image")}
    stored = [path for kind in ("originals", "renditions") for path in (data / kind).rglob("*") if path.is_file()]
    return [str(path) for path in stored if path.name.split(".")[0] not in known]


def unfinished(data: Path) -> list[str]:
    """Temporary files."""
    return [
        str(path) for path in data.rglob("*") if path.is_file() and (path.suffix == ".part" or "incoming" in path.parts)
    ]


def report(path: Path) -> dict[bytes, dict[str, Any]]:
    """A report by the exact path of each entry; refuses one that names an entry twice."""
    lines = json.loads(path.read_text())
    found = {base64.b64decode(line["path_b64"]): line for line in lines}
    if len(found) != len(lines):
        pytest.fail("the report names an entry twice")
    return found
