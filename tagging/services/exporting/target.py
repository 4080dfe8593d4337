"""Where an export may be written: nowhere near a source, our own data or anybody else's files."""

import errno
import os
import re
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tagging.domain import filenames
from tagging.errors import Refused
from tagging.services.exporting.earlier import strangers

# Hugging Face and kohya read a folder's own name as a pattern.
_PATTERN_SIGNS: Final = frozenset("[]*?")
_ESCAPE = re.compile(r"\\(?:(x[0-9a-f]{2}|u[0-9a-f]{4})|\\)")
_MOUNTS = Path("/proc/self/mountinfo")


@dataclass(frozen=True)
class Kept:
    """A folder that no export may touch; `what` completes “… is ”."""

    path: Path
    what: str


def check_folder(out: Path, kept: Iterable[Kept]) -> Path:
    """Return the real path that an export into `out` replaces.

    Raises:
        Refused: with one sentence, when writing there could harm anything but an earlier export of ours.
    """
    target = _real(out)
    _check_name(out, target)
    found = _stat(target)
    if found is not None and not stat.S_ISDIR(found.st_mode):
        raise Refused(f"{show(out)} is a file: name a folder for the export.")
    if found is not None and is_mount_point(target):
        raise Refused(f"{show(out)} is a mount point, which cannot be exchanged: name a folder inside it.")
    _check_overlap(out, target, kept)
    if found is not None:
        check_contents(target)
    _check_writable(target)
    return target


def check_file(out: Path, kept: Iterable[Kept]) -> Path:
    """Return the real path of a file that an export writes, beside or instead of an earlier one.

    Raises:
        Refused: with one sentence, when it is a folder, or lies where an export must not write.
    """
    target = _real(out)
    found = _stat(target)
    if found is not None and not stat.S_ISREG(found.st_mode):
        raise Refused(f"{show(out)} is there and is no file: choose another name.")
    for folder in kept:
        if _within(target.parent, folder.path):
            raise Refused(f"{show(out)} lies inside {show(folder.path)}, which is {folder.what}: choose another place.")
    _check_writable(target)
    return target


def check_contents(target: Path) -> None:
    """Refuse a folder that holds anything but an earlier export of ours; also just before it is exchanged.

    Raises:
        Refused: naming what is in the way.
    """
    found = strangers(target)
    if found is None:
        raise Refused(
            f"{show(target)} is not empty and is no earlier export (it has no manifest.json of ours): "
            "name an empty or new folder."
        )
    if found:
        some = ", ".join(filenames.display_path(os.fsencode(name)) for name in found[:3])
        more = f" and {len(found) - 3} more" if len(found) > 3 else ""
        raise Refused(
            f"{show(target)} is an earlier export with files in it that are not ours and would be lost ({some}{more}): "
            "move them out or name another folder."
        )


def show(path: Path) -> str:
    """A path in quotes, fit to print."""
    return f"“{filenames.display_path(os.fsencode(path))}”"


def path_shown(text: str) -> Path:
    """The path that `filenames.display_path` shows as `text`: the database keeps paths as they are shown."""
    found = _ESCAPE.sub(_unescaped, text)
    return Path(os.fsdecode(found.encode("utf-8", "surrogateescape")))


def _unescaped(match: re.Match[str]) -> str:
    if match[1] is None:
        return "\\"
    code = int(match[1][1:], 16)
    return chr(code + 0xDC00) if match[1][0] == "x" and code >= 0x80 else chr(code)


def is_mount_point(folder: Path) -> bool:
    """Also a folder of the same disk that is mounted there, which only the kernel's own list tells."""
    if folder.is_mount():
        return True
    try:
        lines = _MOUNTS.read_bytes().splitlines()
    except OSError:
        return False
    mounts = (line.split()[4] for line in lines if len(line.split()) > 4)
    return os.fsencode(folder) in {mount.replace(b"\\040", b" ").replace(b"\\134", b"\\") for mount in mounts}


def _real(out: Path) -> Path:
    try:
        out.stat()
    except FileNotFoundError:
        pass
    except (OSError, ValueError) as problem:
        raise Refused(f"{show(out)} cannot be opened ({_why(problem)}): name another folder.") from problem
    return Path(os.path.realpath(out))


def _why(problem: OSError | ValueError) -> str:
    if isinstance(problem, OSError) and problem.errno == errno.ELOOP:
        return "its links lead round in a circle"
    if isinstance(problem, OSError) and problem.errno == errno.ENOTDIR:
        return "part of it is a file"
    return (problem.strerror or "unreadable").lower() if isinstance(problem, OSError) else "it is no path"


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.lstat()
    except FileNotFoundError:
        return None


def _check_name(out: Path, target: Path) -> None:
    if found := _PATTERN_SIGNS & {*out.name, *target.name}:
        raise Refused(
            f"{show(target)} has “{min(found)}” in its name, which trainers read as a pattern: choose another name."
        )


def _check_overlap(out: Path, target: Path, kept: Iterable[Kept]) -> None:
    for folder in kept:
        if _within(target, folder.path):
            relation = "is" if _within(folder.path, target) else "lies inside"
        elif _within(folder.path, target):
            relation = "contains"
        else:
            continue
        where = f"{show(out)} {relation}" + ("" if relation == "is" else f" {show(folder.path)}, which is")
        raise Refused(f"{where} {folder.what}: name a folder elsewhere for the export.")


def _within(child: Path, parent: Path) -> bool:
    """Whether `child` is `parent` or below it, whatever links, mounts or case of letters lead there."""
    child, parent = Path(os.path.realpath(child)), Path(os.path.realpath(parent))
    if child.is_relative_to(parent):
        return True
    identity = _identity(parent)
    return identity is not None and any(_identity(path) == identity for path in (child, *child.parents))


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _check_writable(target: Path) -> None:
    """Ask before any work what the last step will need: a new name beside the target, and to move what is there."""
    beside = next(path for path in target.parents if path.exists())
    if not beside.is_dir():
        raise Refused(f"{show(beside)} is a file, so {show(target)} cannot be made in it: name another folder.")
    for folder in (beside, target):
        if folder.is_dir() and not os.access(folder, os.W_OK | os.X_OK):
            raise Refused(f"{show(folder)} cannot be written to: allow it or name another folder.")
