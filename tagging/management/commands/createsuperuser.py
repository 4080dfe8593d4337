from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from tagging.management.command import PlainCommand
from tagging.management.database import make_ready
from tagging.services import members


class Command(PlainCommand, createsuperuser.Command):
    def _execute(self, *args: Any, **options: Any) -> str | None:
        make_ready()
        return super()._execute(*args, **options)

    def _validate_username(self, username: str, verbose_field_name: str, database: str) -> str | None:
        """Django's question, asked without regard to capitals."""
        if username and members.is_taken(username):
            return "Error: That user name is already taken."
        message: str | None = super()._validate_username(username, verbose_field_name, database)  # type: ignore[misc]  # not in the stubs
        return message
