"""Reading one moment of the database while people go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads inside see the same moment, and nobody waits. Hold it while reading rows, not while copying files.

    Django's own `atomic` would begin with SQLite's IMMEDIATE here, which is for writers and lets no other one in.
    """
    if connection.in_atomic_block:
        yield
        return
    begin = "BEGIN" if connection.vendor == "sqlite" else "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")
