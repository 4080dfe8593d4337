from typing import Any

from daphne.management.commands import runserver

from tagging.management.database import make_ready


class Command(runserver.Command):  # type: ignore[misc]  # daphne has no types
    def inner_run(self, *args: Any, **options: Any) -> None:
        make_ready()
        super().inner_run(*args, **options)
