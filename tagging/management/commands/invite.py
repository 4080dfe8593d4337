from typing import Any

from django.core.management.base import CommandError, CommandParser

from tagging.domain.counting import counted
from tagging.management.addresses import site_address
from tagging.management.command import TaggerCommand
from tagging.management.database import make_ready
from tagging.management.server_lock import running
from tagging.models import Dataset, Person, Role
from tagging.services import members


class Command(TaggerCommand):
    help = "Print an address at which one person joins a dataset."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("slug", metavar="SLUG", help="the dataset, as its address says it")
        parser.add_argument("--role", default=Role.TAGGER.value, help="viewer, tagger, reviewer or owner")
        parser.add_argument("--days", type=int, default=7, help="how long the address is good for")

    def handle(self, *args: Any, **options: Any) -> None:
        make_ready()
        dataset = Dataset.objects.filter(slug=options["slug"]).first()
        if dataset is None:
            raise CommandError(_absent(options["slug"]))
        token = members.invite(dataset, role=options["role"], days=options["days"], by=_owner(dataset))
        server = running()
        days = counted(options["days"], "day")
        words = f"Lets one person join “{dataset.name}” as {options['role']}, within {days}:"
        self.stderr.write(words, self.style.NOTICE)
        self.stdout.write(f"{site_address(server)}/join/{token}/")
        if server is None:
            self.stderr.write("Tagger does not run on this data folder now: python manage.py start", self.style.NOTICE)


def _owner(dataset: Dataset) -> Person:
    """Whoever sits at the machine speaks for the dataset's first owner."""
    owner = members.owner_of(dataset)
    if owner is None:
        raise CommandError(f"“{dataset.name}” has no owner who could invite.")
    return owner


def _absent(slug: str) -> str:
    known = ", ".join(Dataset.objects.by_name().values_list("slug", flat=True)[:10])
    return f"There is no dataset “{slug}” here: {f'there is {known}' if known else 'import one first'}."
