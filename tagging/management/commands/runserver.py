import os
from typing import Any

from daphne.management.commands import runserver
from django.db import connections
from django.utils.autoreload import DJANGO_AUTORELOAD_ENV

from tagging.management.addresses import place
from tagging.management.command import PlainCommand
from tagging.management.database import check_folder, make_ready
from tagging.management.server_lock import Running, alone_on_database, serving


class Command(PlainCommand, runserver.Command):  # type: ignore[misc]  # daphne has no types
    def run(self, **options: Any) -> None:
        """Two processes run under the autoreloader: the one that stays holds the locks for the one that serves."""
        if os.environ.get(DJANGO_AUTORELOAD_ENV) == "true":
            super().run(**options)
            return
        where = place(self.addr, int(self.port))
        check_folder()
        with serving(Running(where.local, where.for_colleagues), inherited=True):
            make_ready()
            with alone_on_database():
                connections.close_all()
                super().run(**options)

    def inner_run(self, *args: Any, **options: Any) -> None:
        make_ready()
        super().inner_run(*args, **options)
