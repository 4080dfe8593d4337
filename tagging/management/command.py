"""What our commands have in common: a person's mistake is one line and exit 1."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from tagging.errors import Problem


class TaggerCommand(BaseCommand):
    """A command that says what went wrong in one sentence, and shows a traceback only with `--traceback`."""

    _called_from_command_line: bool  # Django's: False for `call_command`

    def execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return self._execute(*args, **options)
        except CommandError as problem:
            if options["traceback"] or not self._called_from_command_line:
                raise
            self.stderr.write(str(problem))
            sys.exit(problem.returncode)

    def _execute(self, *args: Any, **options: Any) -> str | None:
        try:
            return super().execute(*args, **options)
        except Problem as problem:
            raise CommandError(problem.sentence) from problem

    def get_version(self) -> str:
        return f"Tagger {settings.VERSION}"
