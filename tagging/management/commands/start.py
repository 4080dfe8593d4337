import argparse
import os
import signal
import sys
import threading
import webbrowser
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser
from django.db import connections

from tagging.management.addresses import Place, own_hosts, place, site_address
from tagging.management.beside import Beside
from tagging.management.command import TaggerCommand
from tagging.management.commands.import_dir import add_import_arguments, check_import
from tagging.management.database import check_folder, make_ready
from tagging.management.server import Server, wait_until_answering
from tagging.management.server_lock import Running, alone_on_database, serving
from tagging.services import members


class Command(TaggerCommand):
    help = "Serve Tagger, print an address that signs the owner in, and import a folder beside that."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", nargs="?", metavar="DIR", help="a folder of pictures to import beside serving")
        parser.add_argument("--host", default="127.0.0.1", help="0.0.0.0 or an address of this machine, for a team")
        parser.add_argument("--port", type=_port, default=8000)
        parser.add_argument("--no-browser", action="store_true", help="open no browser")
        add_import_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the server takes its own way of stopping: nothing is half done, since migrations are transactions.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        where = place(options["host"], options["port"])
        if options["dir"]:
            check_import(options)
        check_folder()
        _adapt_settings(where)
        here = Running(where.local, where.for_colleagues)
        with serving(here):
            make_ready()
            with alone_on_database():
                self._serve(where, here, options)
        self.stdout.write("Stopped.")

    def _serve(self, where: Place, here: Running, options: Mapping[str, Any]) -> None:
        owner = members.first_owner()
        entry = f"{_front_door(here)}/enter/{members.make_entry(owner)}/"
        connections.close_all()
        beside = Beside(_import_command(options)) if options["dir"] else None

        def when_ready() -> None:
            if wait_until_answering(where, settings.ALLOWED_HOSTS[0]):
                self._announce(where, here, owner.username, entry)
                if not options["no_browser"]:
                    _open_browser(entry)
                if beside is not None:
                    self._import(beside)

        announcing = threading.Thread(target=when_ready, daemon=True)
        server = Server(where, on_ready=announcing.start, on_stop=beside.stop if beside else lambda: None)
        server.serve()
        if beside is not None:
            beside.end(server.seconds_left)

    def _announce(self, where: Place, here: Running, owner: str, entry: str) -> None:
        lines = [f"Serving on {here.local} (Ctrl+C stops it)", f"This signs {owner} in once, within 15 minutes:", entry]
        if not where.is_local:
            lines += _for_a_team(where, here)
        self.stdout.write("\n".join(lines))
        self.stdout.flush()

    def _import(self, beside: Beside) -> None:
        code = beside.run()
        if code < 0 and not beside.stopped:
            self.stderr.write(
                f"The import was ended by signal {-code}. Tagger serves on; the next start imports the rest."
            )


def _adapt_settings(where: Place) -> None:
    """What can only be said once it is known where the site is served. The application reads it when it is made."""
    if not settings.TAGGER_PRODUCTION:
        settings.ALLOWED_HOSTS = list(dict.fromkeys([*settings.ALLOWED_HOSTS, *own_hosts(where)]))


def _port(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 65535:
        raise argparse.ArgumentTypeError("a port is a number from 1 to 65535")
    return int(text)


def _front_door(here: Running) -> str:
    """Where the owner comes in: at this machine itself, unless the site answers to other names alone."""
    return site_address(here) if settings.TAGGER_PRODUCTION else here.local


def _for_a_team(where: Place, here: Running) -> list[str]:
    if settings.TAGGER_PRODUCTION:
        return [f"Colleagues open {site_address(here)}; it answers to TAGGER_ALLOWED_HOSTS alone."]
    lines = [f"Colleagues open {site_address(here)} (invite them: python manage.py invite SLUG)"]
    if not settings.TAGGER_TLS:
        lines.append(
            "On this network passwords travel readable: for TLS put a proxy such as Caddy or nginx before Tagger, "
            "with TAGGER_ALLOWED_HOSTS and TAGGER_TRUST_PROXY=1."
        )
    return lines


def _open_browser(address: str) -> None:
    """Where there is no display, Python's choice would be a text browser in the middle of our own lines."""
    if sys.platform in ("win32", "darwin") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    ):
        webbrowser.open(address)


def _import_command(options: Mapping[str, Any]) -> list[str]:
    """The import that was asked for, as a command line says it."""
    parser = argparse.ArgumentParser(add_help=False)
    add_import_arguments(parser)
    words = ["import_dir", f"--verbosity={options['verbosity']}"]
    for action in parser._actions:  # what it was given has no public name
        value = options[action.dest]
        if action.option_strings and value != action.default:
            name = action.option_strings[-1]
            words.append(name if action.nargs == 0 else f"{name}={value}")
    return [*words, "--", options["dir"]]
