"""What our commands have in common: a person's mistake is one line and exit 1."""

import sys
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, run_checks
from django.core.management.base import BaseCommand, CommandError, SystemCheckError

from tagging.errors import Problem


class PlainCommand(BaseCommand):
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
        except SystemCheckError as problem:
            raise CommandError(_first_of(run_checks()) or str(problem)) from problem


class TaggerCommand(PlainCommand):
    """A command that Django does not have."""

    def get_version(self) -> str:
        return f"Tagger {settings.VERSION}"


def _first_of(messages: list[CheckMessage]) -> str:
    """What to mend first, in our own words where there are some: Django may complain of the same thing in its own."""
    serious = [message for message in messages if message.is_serious() and not message.is_silenced()]
    first = min(serious, key=lambda message: not (message.id or "").startswith("tagger."), default=None)
    return " ".join(f"{first.msg} {first.hint or ''}".split()) if first else ""
