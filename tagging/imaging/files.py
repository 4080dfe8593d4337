"""Opening a file without ever waiting on it: pipes, devices and sockets are refused, not read."""

import errno
import os
import stat
from typing import BinaryIO, TypeAlias

from tagging.imaging.limits import Unusable

AnyPath: TypeAlias = str | bytes | os.PathLike[str]

#: O_NONBLOCK: opening a pipe that nobody writes to returns at once. O_BINARY is Windows' own.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)

_OTHER_KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a pipe",
    stat.S_IFSOCK: "a socket",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
}

_REASONS = {
    errno.ENOENT: "It is no longer there.",
    errno.EACCES: "It may not be read: permission denied.",
    errno.EPERM: "It may not be read: permission denied.",
    errno.ELOOP: "Its symbolic links lead in a circle.",
}


def why_unreadable(error: OSError) -> str:
    """One sentence for a person about a file that the system does not let us read."""
    return _REASONS.get(error.errno or 0) or f"It could not be read: {error.strerror or 'unknown error'}."


def open_regular(path: AnyPath) -> BinaryIO:
    """Open a regular file for reading, unbuffered behind nothing but a buffered reader.

    Raises:
        Unusable: it is a folder, pipe, device or socket.
        OSError: the system refused to open it.
    """
    # Asked before opening as well: merely opening a device can have effects.
    _refuse_other_kinds(os.stat(path).st_mode)  # noqa: PTH116 - bytes paths
    descriptor = os.open(path, _FLAGS)
    try:
        _refuse_other_kinds(os.fstat(descriptor).st_mode)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def _refuse_other_kinds(mode: int) -> None:
    if not stat.S_ISREG(mode):
        raise Unusable(f"It is {_OTHER_KINDS.get(stat.S_IFMT(mode), 'no regular file')}, not a file.")
