"""The typed reading of TAGGER_* variables: the one place that looks at the environment."""

import importlib
import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


def flag(name: str, default: bool) -> bool:  # noqa: FBT001 - the default of a flag is a flag
    text = os.environ.get(name, "").strip().lower()
    if text in ("", None):
        return default
    if text in ("1", "true", "yes", "on"):
        return True
    if text in ("0", "false", "no", "off"):
        return False
    raise ImproperlyConfigured(f"{name} is 1 or 0, not “{text}”.")


def words(name: str, default: tuple[str, ...] = ()) -> list[str]:
    text = os.environ.get(name, "")
    return [word.strip() for word in text.split(",") if word.strip()] or list(default)


def whole(name: str, default: int) -> int:
    text = os.environ.get(name, "").strip().replace("_", "")
    if not text:
        return default
    if not text.isdecimal() or int(text) < 1:
        raise ImproperlyConfigured(f"{name} is a whole number from 1, not “{text}”.")
    return int(text)


def choice(name: str, among: tuple[str, ...]) -> str:
    """The value of `name`, one of `among`; the first is the default."""
    text = os.environ.get(name, "").strip() or among[0]
    for known in among:
        if text.lower() == known.lower():
            return known
    raise ImproperlyConfigured(f"{name} is one of {', '.join(among)}, not “{text}”.")


def folder(name: str, default: Path) -> Path:
    text = os.environ.get(name, "").strip()
    return Path(text).expanduser().resolve() if text else default


@dataclass(frozen=True)
class Database:
    engine: str
    name: str
    user: str = ""
    password: str = ""
    host: str = ""
    port: str = ""


def database(data_dir: Path) -> Database:
    """DATABASE_URL as Django wants it: SQLite in the data folder, or `postgres://user:password@host:port/name`."""
    url = os.environ.get("DATABASE_URL", "").strip()
    if not url:
        return Database("django.db.backends.sqlite3", str(data_dir / "tagger.sqlite3"))
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return Database("django.db.backends.sqlite3", unquote(parts.path))
    if parts.scheme not in ("postgres", "postgresql"):
        raise ImproperlyConfigured("DATABASE_URL begins with postgres:// or sqlite://, or is left out.")
    _need_driver()
    return Database(
        "django.db.backends.postgresql",
        unquote(parts.path.lstrip("/")),
        unquote(parts.username or ""),
        unquote(parts.password or ""),
        unquote(parts.hostname or ""),
        str(parts.port or ""),
    )


def _need_driver() -> None:
    """Django would say as much, but not where it is to be had."""
    try:
        importlib.import_module("psycopg")
    except ImportError as problem:
        raise ImproperlyConfigured(
            "DATABASE_URL names PostgreSQL, whose driver is not installed here: pip install -r requirements-server.txt"
        ) from problem
