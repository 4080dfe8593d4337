"""What is in a folder: every directory entry once, in natural order, and nothing outside it.

Paths are bytes below the root, with `/` between their parts: a name need not be text.
"""

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

from tagging.domain import filenames, names_order
from tagging.imaging import files

OUR_DATA = "It is a folder of this program's own data."
LINK = "It is a symbolic link, which is not followed (--follow-links)."
OUTSIDE = "It leads out of the folder, and nothing out there is read."
READ_ALREADY = "It leads to a folder that is read already."
SHADOW = "It is a folder that a system keeps for itself or hides (--all-folders)."
FLAT = "It is a folder, and only the top one is read (--no-recurse)."
EXPORT = "It is an export of this program (it holds its manifest.json)."
KINDS = {
    stat.S_IFIFO: "It is a pipe, not a file.",
    stat.S_IFSOCK: "It is a socket, not a file.",
    stat.S_IFCHR: "It is a device, not a file.",
    stat.S_IFBLK: "It is a device, not a file.",
}
MARK_OF_DATA = b"tagger.sqlite3"

FolderId = tuple[int, int]
Listing = AbstractContextManager[Iterator[os.DirEntry[bytes]]]


@dataclass(frozen=True, slots=True)
class Found:
    """A directory entry: a file to read, or (with a `reason`) something that is passed over."""

    path: bytes
    size: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Rules:
    """How far to go. `is_export` tells a folder of our own by its manifest; `stopped` ends the walk between folders."""

    recurse: bool = True
    all_folders: bool = False
    follow_links: bool = False
    data_folder: bytes = b""
    is_export: Callable[[bytes], bool] = lambda _path: False
    stopped: Callable[[], bool] = lambda: False


def path_text(path: bytes) -> str:
    """A path for the rules about text, each byte that is no UTF-8 kept as half a character."""
    return path.decode("utf-8", "surrogateescape")


def order(path: bytes) -> tuple[tuple[str, ...], str]:
    """What a path is sorted by: natural order, folder by folder."""
    return names_order.natural_key(path_text(path))


def is_inside(path: bytes, root: bytes) -> bool:
    """Whether a path, all links resolved, is `root` (resolved already) or lies below it."""
    real = os.path.realpath(path)
    return real == root or real.startswith(root.rstrip(b"/") + b"/")


def folder_id(path: bytes) -> FolderId:
    """What a folder is, by whatever path one comes to it. Raises OSError."""
    found = os.stat(path)  # noqa: PTH116 - bytes paths
    return found.st_dev, found.st_ino


def walk(root: bytes, rules: Rules) -> list[Found]:
    """All entries below `root` (an absolute path without links), in natural order of their paths.

    Raises OSError when the root itself cannot be listed.
    """
    walker = _Walker(root, rules)
    walker.enter(b"", os.scandir(root))
    walker.follow_folders()
    return sorted(walker.found, key=lambda entry: order(entry.path))


@dataclass
class _Walker:
    root: bytes
    rules: Rules
    found: list[Found] = field(default_factory=list)
    entered: set[FolderId] = field(default_factory=set)
    linked_folders: list[bytes] = field(default_factory=list)

    def enter(self, path: bytes, listing: Listing) -> None:
        """List a folder and all that are in it, without recursion: folders nest deeper than Python may call."""
        waiting = self._list(path, listing)
        while waiting and not self.rules.stopped():
            folder = waiting.pop()
            try:
                waiting.extend(self._list(folder, os.scandir(self._full(folder))))
            except OSError as problem:
                self._pass_over(folder, files.why_unreadable(problem))

    def follow_folders(self) -> None:
        """Links to folders come last, so that a folder is read under its own name where it has one."""
        while self.linked_folders and not self.rules.stopped():
            self.linked_folders.sort(key=order, reverse=True)
            path = self.linked_folders.pop()
            try:
                reason = self._follow_folder(path)
            except OSError as problem:
                reason = files.why_unreadable(problem)
            if reason:
                self._pass_over(path, reason)

    def _follow_folder(self, path: bytes) -> str:
        """Enter a linked folder, or say why not."""
        full = self._full(path)
        if folder_id(full) in self.entered:
            return READ_ALREADY
        reason = self._why_not_entered(path, full)
        if not reason:
            self.enter(path, os.scandir(full))
        return reason

    def _list(self, folder: bytes, listing: Listing) -> list[bytes]:
        """Note a folder's entries and return the folders among them that are to be entered.

        Raises OSError when it cannot be listed to its end; what came until then stays noted.
        """
        inner = []
        with listing as entries:
            self.entered.add(folder_id(self._full(folder)))
            for entry in entries:
                path = folder + b"/" + entry.name if folder else entry.name
                try:
                    if self._is_folder_to_enter(path, entry):
                        inner.append(path)
                except OSError as problem:
                    self._pass_over(path, files.why_unreadable(problem))
        return inner

    def _is_folder_to_enter(self, path: bytes, entry: "os.DirEntry[bytes]") -> bool:
        found = entry.stat(follow_symlinks=False)
        if stat.S_ISLNK(found.st_mode):
            self._note_link(path)
            return False
        if not stat.S_ISDIR(found.st_mode):
            self._note_file(path, found)
            return False
        if reason := self._why_not_entered(path, self._full(path)):
            self._pass_over(path, reason)
        return not reason

    def _note_link(self, path: bytes) -> None:
        full = self._full(path)
        if not self.rules.follow_links:
            self._pass_over(path, LINK)
        elif not is_inside(full, self.root):
            self._pass_over(path, OUTSIDE)
        elif self._is_our_data(full):
            self._pass_over(path, OUR_DATA)
        elif stat.S_ISDIR((found := os.stat(full)).st_mode):  # noqa: PTH116 - bytes paths
            self.linked_folders.append(path)
        else:
            self._note_file(path, found)

    def _note_file(self, path: bytes, found: os.stat_result) -> None:
        reason = "" if stat.S_ISREG(found.st_mode) else KINDS.get(stat.S_IFMT(found.st_mode), "It is no regular file.")
        self.found.append(Found(path, found.st_size, reason))

    def _why_not_entered(self, path: bytes, full: bytes) -> str:
        """The reason to pass a folder over, "" for one that is to be read."""
        if self._is_our_data(full):
            return OUR_DATA
        if not self.rules.recurse:
            return FLAT
        if not self.rules.all_folders and filenames.is_shadow_folder(path_text(path.rpartition(b"/")[2])):
            return SHADOW
        return EXPORT if self.rules.is_export(full) else ""

    def _is_our_data(self, full: bytes) -> bool:
        """Our data folder, what is in it, and that of another installation: known by its database."""
        if os.path.lexists(os.path.join(full, MARK_OF_DATA)):  # noqa: PTH118 - bytes paths
            return True
        return bool(self.rules.data_folder) and is_inside(full, self.rules.data_folder)

    def _pass_over(self, path: bytes, reason: str) -> None:
        self.found.append(Found(path, reason=reason))

    def _full(self, path: bytes) -> bytes:
        return os.path.join(self.root, path) if path else self.root  # noqa: PTH118 - bytes paths
