from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from tagging.management.command import PlainCommand
from tagging.management.database import make_ready


class Command(PlainCommand, createsuperuser.Command):
    def _execute(self, *args: Any, **options: Any) -> str | None:
        make_ready()
        return super()._execute(*args, **options)
