"""The secret key: made once in the data folder when it is first needed, readable by its owner alone."""

import errno
import os
import sys
from pathlib import Path
from typing import cast

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key
from django.utils.functional import SimpleLazyObject

KNOWN = ("django-insecure", "changeme", "secret", "insecure")


def read_or_make_key(data_dir: Path, *, strict: bool) -> str:
    """TAGGER_SECRET_KEY, or the key kept in the data folder; `strict` (production) refuses a short or known one.

    The folder is not touched before somebody asks what the key is: a dry run or `--help` leaves nothing there.
    """
    key = os.environ.get("TAGGER_SECRET_KEY", "")
    if not key:
        return cast(str, SimpleLazyObject(lambda: _kept(data_dir)))
    if strict and (len(key) < 50 or len(set(key)) < 5 or key.lower().startswith(KNOWN)):
        raise ImproperlyConfigured(
            "TAGGER_SECRET_KEY is short or known. Leave it out (one is made in the data folder), "
            "or give 50 random characters."
        )
    return key


def _kept(data_dir: Path) -> str:
    file = data_dir / "secret_key"
    try:
        return _read(file) or _make(data_dir, file)
    except OSError as problem:
        user = f"user {os.getuid()}" if sys.platform != "win32" else "this user"
        raise ImproperlyConfigured(
            f"The data folder {data_dir} cannot be used by {user}: {problem.strerror} ({problem.filename}). "
            "Give it to that user, or set TAGGER_DATA_DIR to another folder."
        ) from problem


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def _make(data_dir: Path, file: Path) -> str:
    """Two processes may start at once: whoever links the name first has made the key."""
    key = get_random_secret_key() + get_random_secret_key()
    beside = file.with_name(f"secret_key.{os.getpid()}")
    data_dir.parent.mkdir(parents=True, exist_ok=True)
    data_dir.mkdir(mode=0o700, exist_ok=True)
    beside.touch(mode=0o600)
    try:
        beside.write_text(key, encoding="ascii")
        if file.exists() and not _read(file):
            file.unlink()
        return key if _link(beside, file) else _read(file)
    finally:
        beside.unlink(missing_ok=True)


def _link(beside: Path, file: Path) -> bool:
    """Whether the key is now the one in `beside`; False when another process was quicker."""
    try:
        os.link(beside, file)
    except FileExistsError:
        return False
    except OSError as problem:
        if problem.errno not in (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS):
            raise
        # A file system without links, such as that of a memory stick
        beside.replace(file)
    return True
