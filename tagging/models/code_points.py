from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class CodePointsField(models.CharField[str, str]):
    """Text that sorts and compares by code point in every database. SQLite does so by itself; PostgreSQL would go by
    the language that its server was set up with."""

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        collation = "C" if connection.vendor == "postgresql" else None
        return {**super().db_parameters(connection), "collation": collation}
