"""Zips written to something that can only be read once: a download, chunk by chunk, or a file.

Stored, with one fixed date, sorted: the same entries give the same bytes. No more than a chunk is in memory.
"""

import asyncio
import errno
import hashlib
import stat
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

CHUNK: Final = 256 * 1024
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)  # the first date that a zip can say
_UNIX: Final = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """A file of a zip: its name, its bytes or the file that holds them, and that file's SHA-256 where it is known."""

    name: str
    content: bytes | Path
    sha256: str = ""

    @property
    def size(self) -> int:
        return self.content.stat().st_size if isinstance(self.content, Path) else len(self.content)


@dataclass
class _Sink:
    """What `zipfile` writes into, emptied as it is read. It cannot seek, so sizes follow each file."""

    pieces: list[bytes] = field(default_factory=list)
    size: int = 0

    def write(self, piece: bytes) -> int:
        self.pieces.append(bytes(piece))
        self.size += len(piece)
        return len(piece)

    def flush(self) -> None:
        """There is nothing to do."""

    def close(self) -> None:
        """There is nothing to do."""

    def drain(self) -> bytes:
        content = b"".join(self.pieces)
        self.pieces.clear()
        self.size = 0
        return content


def zip_chunks(entries: Iterable[Entry]) -> Iterator[bytes]:
    """Yield a zip of `entries` in their order, in pieces of about 256 KiB. Each entry is asked for when it is due.

    Raises:
        OSError: an entry's file could not be read, or is not what its SHA-256 says; the zip then lacks its end, so
            nobody takes it for whole.
    """
    sink = _Sink()
    archive = zipfile.ZipFile(sink, "w", zipfile.ZIP_STORED)
    for entry in entries:
        with archive.open(_info(entry), "w") as file:
            for piece in _pieces(entry):
                file.write(piece)
                if sink.size >= CHUNK:
                    yield sink.drain()
    archive.close()
    yield sink.drain()


def zip_length(sizes: Iterable[tuple[str, int]]) -> int:
    """The exact length of `zip_chunks` for entries of these (ASCII) names and sizes, each below 2 GiB."""
    at, directory, count = 0, 0, 0
    for name, size in sizes:
        # Past 2 GiB an entry's place takes eight bytes more, and their mark four
        directory += 46 + len(name) + (12 if at > zipfile.ZIP64_LIMIT else 0)
        at += 30 + len(name) + size + 16
        count += 1
    long = count > zipfile.ZIP_FILECOUNT_LIMIT or max(at, directory) > zipfile.ZIP64_LIMIT
    return at + directory + (56 + 20 if long else 0) + 22


def write_zip(entries: Iterable[Entry], path: Path) -> None:
    """Write a zip file with the bytes of `zip_chunks`."""
    with path.open("xb") as file:
        for chunk in zip_chunks(entries):
            file.write(chunk)


async def in_threads(chunks: Iterator[bytes]) -> AsyncIterator[bytes]:
    """The same chunks for an event loop: each is made in a thread, and not before the one before it was taken."""
    while (chunk := await asyncio.to_thread(next, chunks, None)) is not None:
        yield chunk


def _info(entry: Entry) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(entry.name, _LONG_AGO)
    info.create_system = _UNIX
    info.external_attr = (stat.S_IFREG | 0o644) << 16
    info.file_size = entry.size
    return info


def _pieces(entry: Entry) -> Iterator[bytes]:
    if isinstance(entry.content, bytes):
        yield entry.content
        return
    digest = hashlib.sha256() if entry.sha256 else None
    with entry.content.open("rb") as file:
        while piece := file.read(CHUNK):
            if digest:
                digest.update(piece)
            yield piece
    if digest and digest.hexdigest() != entry.sha256:
        raise OSError(errno.EIO, "this file is damaged", str(entry.content))
