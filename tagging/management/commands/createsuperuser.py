from typing import Any

from django.contrib.auth.management.commands import createsuperuser

from tagging.management.database import make_ready


class Command(createsuperuser.Command):
    def execute(self, *args: Any, **options: Any) -> str | None:
        make_ready()
        return super().execute(*args, **options)
