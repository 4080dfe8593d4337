"""Writing beside the target, and taking its place when complete: the old whole or the new whole at any moment.

An export is written to `.<name>.tagger-<pid>-…/new` beside its target. The folder holds a marker file that its process
keeps locked, so that the next export knows a dead one's leftovers from a living one's work, and both from a stranger's.
"""

import contextlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from tagging.services.exporting import journal
from tagging.services.exporting.exchange import exchange, flush, sync

try:
    import fcntl
except ImportError:  # Windows: there an open file cannot be removed, which says the same
    fcntl = None  # type: ignore[assignment]

MARKER: Final = ".tagger-export"
_NAME = re.compile(r"\..*\.tagger-[0-9]+-\w+", re.DOTALL)
_NAME_BYTES: Final = 100


@dataclass(frozen=True)
class Staging:
    """A folder beside `target`; what is written into `new` can take the target's place."""

    folder: Path
    target: Path

    @property
    def new(self) -> Path:
        return self.folder / "new"

    @property
    def old(self) -> Path:
        return self.folder / "old"

    def publish(self, data_dir: Path) -> None:
        """Let the finished `new` take the target's place. What was there is removed with this folder.

        Raises:
            OSError: and the target is as it was.
        """
        flush(self.new)
        if not self.target.exists():
            self.new.rename(self.target)
        elif not exchange(self.new, self.target):
            with journal.noted(data_dir, self.folder):
                self._rename_both()
        sync(self.target.parent)

    def finish(self) -> None:
        """Do the second of two renames that something came between: the new whole, or else the old one."""
        if self.old.exists() and not self.target.exists():
            (self.new if self.new.exists() else self.old).rename(self.target)
            sync(self.target.parent)

    def _rename_both(self) -> None:
        self.target.rename(self.old)
        try:
            self.new.rename(self.target)
        except OSError:
            self.old.rename(self.target)
            raise


@contextlib.contextmanager
def staging(target: Path) -> Iterator[Staging]:
    """A staging folder for `target`, gone at the end whatever happens; leftovers of killed exports go first."""
    made = _make_parents(target.parent)
    try:
        with _alone_in(target.parent):
            _sweep(target.parent)
            stage, marker = _make(target)
        try:
            yield stage
        finally:
            # What was there may hold files of others that we cannot remove: what was written is no worse for it
            with contextlib.closing(marker), contextlib.suppress(OSError):
                _remove(stage, marker)
    finally:
        for folder in made:
            with contextlib.suppress(OSError):
                folder.rmdir()  # only while it is empty: the export did not come about


def finish_interrupted(data_dir: Path) -> None:
    """Finish the exchanges that a kill interrupted, wherever they are; every command does so when it begins."""
    for note, folder in journal.notes(data_dir):
        if folder is not None:
            with contextlib.suppress(OSError):  # not mounted now, or another user's
                _sweep_one(folder)
        if folder is None or not folder.exists():
            note.unlink(missing_ok=True)


def _sweep(parent: Path) -> None:
    """Remove what killed exports left in `parent`, finishing the exchange of one that had begun it."""
    with os.scandir(parent) as entries:
        found = [Path(e.path) for e in entries if _NAME.fullmatch(e.name) and e.is_dir(follow_symlinks=False)]
    for folder in sorted(found):
        with contextlib.suppress(OSError):  # another user's: theirs to remove
            _sweep_one(folder)


def _sweep_one(folder: Path) -> None:
    if hasattr(os, "geteuid") and folder.lstat().st_uid != os.geteuid():
        return
    if not any(folder.iterdir()):
        folder.rmdir()  # killed before it had its marker; `_alone_in` tells it from one that begins just now
    elif dead := _reopen(folder):
        _remove(*dead)


def _reopen(folder: Path) -> tuple[Staging, IO[bytes]] | None:
    """A dead export's staging folder with its marker locked by us; None when it is alive, or none of ours."""
    try:
        marker = (folder / MARKER).open("r+b")
    except OSError:
        return None
    if not _lock(marker):
        marker.close()
        return None
    # Without a name it was killed before anything was written, and its target may as well be the folder it is in.
    name = os.fsdecode(marker.read())
    return Staging(folder, folder.parent / Path(name).name), marker


def _remove(stage: Staging, marker: IO[bytes]) -> None:
    """Remove a staging folder; the marker goes last, so that a kill in between leaves what the next one recognises."""
    stage.finish()
    for entry in list(stage.folder.iterdir()):
        if entry.name != MARKER:
            _remove_entry(entry)
    if os.name == "nt":
        marker.close()
    (stage.folder / MARKER).unlink(missing_ok=True)
    marker.close()
    with contextlib.suppress(FileNotFoundError):  # another export swept it, empty as it was
        stage.folder.rmdir()


def _remove_entry(entry: Path) -> None:
    if entry.is_dir() and not entry.is_symlink():
        shutil.rmtree(entry)
    else:
        entry.unlink()


def _make(target: Path) -> tuple[Staging, IO[bytes]]:
    name = os.fsdecode(os.fsencode(target.name)[:_NAME_BYTES])
    folder = Path(tempfile.mkdtemp(prefix=f".{name}.tagger-{os.getpid()}-", dir=target.parent))
    # Unbuffered: on a full disk the write fails at once, and not again when the file is closed.
    marker: IO[bytes] = (folder / MARKER).open("xb", buffering=0)
    stage = Staging(folder, target)
    try:
        _lock(marker)
        marker.write(os.fsencode(target.name))
        stage.new.mkdir()
        if target.is_dir():
            stage.new.chmod(target.stat().st_mode & 0o7777)  # a team's folder stays the team's
    except OSError:  # a full disk
        _remove(stage, marker)
        raise
    return stage, marker


def _make_parents(folder: Path) -> list[Path]:
    """Make `folder` and what is missing above it; returns what was made, the lowest first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


@contextlib.contextmanager
def _alone_in(parent: Path) -> Iterator[None]:
    """Between making a folder and locking its marker no other export may look at it, nor we at another's."""
    if fcntl is None:
        yield
        return
    handle = os.open(parent, os.O_RDONLY)
    try:
        with contextlib.suppress(OSError):  # a file system without locks: the moment is short
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _lock(file: IO[Any]) -> bool:
    if fcntl is None:
        return True
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:
        return True  # no locks on this file system
    return True
