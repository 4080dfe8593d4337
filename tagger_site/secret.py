"""The secret key: made once in the data folder, readable by its owner alone."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.core.management.utils import get_random_secret_key

KNOWN = ("django-insecure", "changeme", "secret", "insecure")


def read_or_make_key(data_dir: Path, *, strict: bool) -> str:
    """TAGGER_SECRET_KEY, or the key kept in the data folder; `strict` (production) refuses a short or known one."""
    key = os.environ.get("TAGGER_SECRET_KEY", "")
    if not key:
        return _kept(data_dir)
    if strict and (len(key) < 50 or len(set(key)) < 5 or key.lower().startswith(KNOWN)):
        raise ImproperlyConfigured(
            "TAGGER_SECRET_KEY is short or known. Leave it out (one is made in the data folder), "
            "or give 50 random characters."
        )
    return key


def _kept(data_dir: Path) -> str:
    file = data_dir / "secret_key"
    try:
        return file.read_text(encoding="ascii").strip() or _make(data_dir, file)
    except FileNotFoundError:
        return _make(data_dir, file)
    except OSError as problem:
        raise ImproperlyConfigured(f"The key file {file} cannot be read: {problem.strerror}.") from problem


def _make(data_dir: Path, file: Path) -> str:
    """Two processes may start at once: whoever links the name first has made the key."""
    key = get_random_secret_key() + get_random_secret_key()
    beside = file.with_name(f"secret_key.{os.getpid()}")
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        beside.touch(mode=0o600)
        beside.write_text(key, encoding="ascii")
        if file.exists() and not file.read_text(encoding="ascii").strip():
            file.unlink()
        os.link(beside, file)
    except FileExistsError:
        return file.read_text(encoding="ascii").strip()
    except OSError as problem:
        raise ImproperlyConfigured(
            f"The data folder {data_dir} cannot be written by user {os.getuid()}: {problem.strerror}. "
            "Set TAGGER_DATA_DIR to a folder that can."
        ) from problem
    finally:
        beside.unlink(missing_ok=True)
    return key
