"""Where originals and renditions lie: one folder, each file under the SHA-256 of its content, never half written."""

import os
import re
import shutil
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import uuid4

from django.conf import settings
from django.core.files import File
from django.core.files.storage import FileSystemStorage

if sys.platform != "win32":
    import fcntl

_SHA256 = re.compile(r"[0-9a-f]{64}")
_WORD = re.compile(r"[a-z0-9]{1,16}")

#: Files here never change: what is under a name is under it for good.
_READ_ONLY = 0o444


class _Held(NamedTuple):
    """A process's own folder for unfinished files, and the descriptor whose lock says that it lives."""

    pid: int
    folder: str
    descriptor: int


#: By data folder. A forked child finds its parent's entry here, sees the other pid and makes its own.
_held: dict[str, _Held] = {}


def original_name(sha256: str, ext: str) -> str:
    """The name of an original, from the hash of its content and the extension of its type."""
    return f"originals/{_checked(sha256)[:2]}/{sha256}.{_word(ext)}"


def rendition_name(sha256: str, kind: str, ext: str) -> str:
    """The name of something made from an original: `kind` is "thumb", "screen" or "file"."""
    return f"renditions/{_checked(sha256)[:2]}/{sha256}.{_word(kind)}.{_word(ext)}"


def atomic_write(path: Path, data: bytes, mode: int = 0o644) -> None:
    """Write a file so that a reader, a kill or a power loss sees the old one whole or the new one whole."""
    temporary = path.with_name(f".{path.name}.{uuid4().hex}.part")
    try:
        _write_through(temporary, [data], mode)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


class OriginalStorage(FileSystemStorage):
    """Django's file storage, but a save is temporary file + fsync + rename, and an existing name counts as done."""

    original_name = staticmethod(original_name)
    rendition_name = staticmethod(rendition_name)

    def __init__(self, location: str | os.PathLike[str] | None = None) -> None:
        super().__init__()
        self._root = location

    # Cached in Django, asked each time here, so that a test's own data folder counts at once.
    @property
    def base_location(self) -> str:
        return os.fspath(self._root if self._root is not None else settings.TAGGER_DATA_DIR)

    @property
    def location(self) -> str:
        return str(Path(self.base_location).absolute())

    def url(self, name: str | None) -> str:
        """Nothing here has an address of its own: views serve what a person may see."""
        raise ValueError("files of the data folder have no public address")

    def get_available_name(self, name: str, max_length: int | None = None) -> str:
        return str(name)

    def _save(self, name: str, content: "File[Any] | IO[Any]") -> str:
        file = content if isinstance(content, File) else File(content)
        return self._put(name, file.chunks())

    def write(self, name: str, data: bytes) -> str:
        """Store bytes under a name that does not change its content."""
        return self._put(name, [data])

    def adopt(self, temp_path: str | os.PathLike[str], name: str, *, settle: bool = True) -> str:
        """Move a finished file of `incoming_dir()` to its name.

        A file of that name and size counts as done, and the temporary one is removed; one of another size is what a
        failing disk left, and is replaced. With `settle=False` the caller calls `settle()` before it relies on it.
        """
        source, target = Path(temp_path), Path(self.path(name))
        if _size(target) == source.stat().st_size:
            source.unlink()
            return name
        _make_folder(target.parent)
        source.replace(target)
        if settle:
            _sync_folder(target.parent)
        return name

    def settle(self, names: Iterable[str]) -> None:
        """Make the names of adopted files survive a power loss: each folder is synced once."""
        for folder in {Path(self.path(name)).parent for name in names}:
            _sync_folder(folder)

    def incoming_dir(self) -> str:
        """This process's own folder for files that are not finished, on the file system of the originals."""
        held = _held.get(self.location)
        if held is None or held.pid != os.getpid() or not Path(held.folder).is_dir():
            held = _hold_folder(Path(self.location) / "incoming")
            _held[self.location] = held
        return held.folder

    def sweep_incoming(self, older_than_seconds: float = 0) -> int:
        """Remove what processes that live no more left unfinished; the number of folders and files removed."""
        incoming = Path(self.location) / "incoming"
        if not incoming.is_dir():
            return 0
        newest = time.time() - older_than_seconds
        return sum(_removed(entry) for entry in sorted(incoming.iterdir()) if _changed(entry) <= newest)

    def _put(self, name: str, chunks: Iterable[bytes | str]) -> str:
        temporary = Path(self.incoming_dir()) / f"{uuid4().hex}.part"
        try:
            _write_through(temporary, chunks, _READ_ONLY)
            return self.adopt(temporary, name)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def _checked(sha256: str) -> str:
    if not _SHA256.fullmatch(sha256):
        raise ValueError("not the SHA-256 of a file in hexadecimal")
    return sha256


def _word(text: str) -> str:
    if not _WORD.fullmatch(text):
        raise ValueError("not an extension or kind of file")
    return text


def _size(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return None


def _write_through(path: Path, chunks: Iterable[bytes | str], mode: int) -> None:
    with path.open("xb") as file:
        for chunk in chunks:
            file.write(chunk.encode() if isinstance(chunk, str) else chunk)
        file.flush()
        if os.name == "posix":
            path.chmod(mode)
        os.fsync(file.fileno())


def _make_folder(folder: Path) -> None:
    """A new folder is an entry in its parent, which must be on disk as well."""
    if not folder.is_dir():
        _make_folder(folder.parent)
        folder.mkdir(exist_ok=True)
        _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return  # Windows has no such call, and writes its directories through.
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _hold_folder(incoming: Path) -> _Held:
    """A new folder whose lock this process keeps until it ends, however it ends."""
    incoming.mkdir(parents=True, exist_ok=True)
    while True:
        folder = incoming / f"{os.getpid()}-{uuid4().hex[:8]}"
        folder.mkdir()
        descriptor = _lock(folder)
        # Somebody else's sweep may have come between the two lines above.
        if descriptor is not None and folder.is_dir():
            return _Held(os.getpid(), str(folder), descriptor)


def _lock(folder: Path) -> int | None:
    """The folder's descriptor, locked, or None when a living process holds it (or it is gone)."""
    if sys.platform == "win32":
        return -1
    try:
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def _changed(path: Path) -> float:
    try:
        return path.lstat().st_mtime
    except FileNotFoundError:
        return time.time()


def _removed(entry: Path) -> bool:
    if entry.is_symlink() or not entry.is_dir():
        entry.unlink(missing_ok=True)
        return True
    if sys.platform == "win32":
        if time.time() - _changed(entry) < 86_400:
            return False  # No locks on folders there: a day without a change has to do.
        shutil.rmtree(entry, ignore_errors=True)
        return True
    descriptor = _lock(entry)
    if descriptor is None:
        return False
    try:
        shutil.rmtree(entry, ignore_errors=True)
    finally:
        os.close(descriptor)
    return True
