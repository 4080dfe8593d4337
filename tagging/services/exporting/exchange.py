"""Putting a finished folder in the place of another at once, where the system can."""

import ctypes
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_AT_FDCWD: Final = -100
_RENAME_EXCHANGE: Final = 2
# A file system that does not know the flag, a kernel or a container that does not know the call.
_CANNOT: Final = frozenset({errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EPERM})


def exchange(one: Path, other: Path) -> bool:
    """Swap two entries of one file system in a single step, so that no moment is without either; False if it cannot.

    Raises:
        OSError: the system can, but not with these two.
    """
    rename = _renameat2()
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in _CANNOT:
        return False
    raise OSError(code, os.strerror(code), str(one), None, str(other))


def flush(folder: Path) -> None:
    """Bring all that was written below `folder` to the disk, so that a power cut cannot shorten it."""
    syncfs = _call("syncfs", ctypes.c_int)
    if syncfs is None:
        for path in (folder, *folder.rglob("*")):
            sync(path)
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        if syncfs(handle) != 0:
            code = ctypes.get_errno()
            raise OSError(code, os.strerror(code), str(folder))
    finally:
        os.close(handle)


def sync(path: Path) -> None:
    """Bring one file's bytes, or a folder's names, to the disk; a system that cannot open folders keeps them itself."""
    if os.name == "nt" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _renameat2() -> Callable[..., int] | None:
    return _call("renameat2", ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)


def _call(name: str, *types: type[Any]) -> Callable[..., int] | None:
    """A function of the C library, or None where it has none of that name."""
    if os.name == "nt":
        return None
    found = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if found is None:
        return None
    found.argtypes, found.restype = list(types), ctypes.c_int
    call: Callable[..., int] = found
    return call
