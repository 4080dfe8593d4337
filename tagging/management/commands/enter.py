from typing import Any

from django.core.management.base import CommandParser

from tagging.management.addresses import site_address
from tagging.management.command import TaggerCommand
from tagging.management.database import make_ready
from tagging.management.server_lock import running
from tagging.services import members


class Command(TaggerCommand):
    help = "Print a fresh one-time sign-in address."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", nargs="?", metavar="USER", help="whom it signs in; the first owner by default")

    def handle(self, *args: Any, **options: Any) -> None:
        make_ready()
        person = members.person_named(options["user"]) if options["user"] else members.first_owner()
        server = running()
        self.stderr.write(f"Signs {person.username} in once, within 15 minutes:", self.style.NOTICE)
        self.stdout.write(f"{site_address(server)}/enter/{members.make_entry(person)}/")
        if server is None:
            self.stderr.write("Tagger does not run on this data folder now: python manage.py start", self.style.NOTICE)
