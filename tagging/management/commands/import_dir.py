import argparse
import json
import os
import signal
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError, CommandParser
from django.db import DatabaseError, connection
from tqdm import tqdm

from tagging.domain import filenames
from tagging.management.command import TaggerCommand
from tagging.management.database import make_ready
from tagging.services.exporting.target import Kept, check_folder
from tagging.services.importing import run_import
from tagging.services.importing.folder import folder_to_read
from tagging.services.importing.options import Options
from tagging.services.importing.report import Entry
from tagging.services.importing.run import Listener
from tagging.services.importing.summary import Result
from tagging.storage import atomic_write


class Stops:
    """Ctrl+C and SIGTERM, remembered until the import comes to a place where it can stop. The second one does not
    wait."""

    def __init__(self) -> None:
        self.signal = 0

    def __call__(self) -> bool:
        return bool(self.signal)

    @contextmanager
    def listening(self) -> Iterator[None]:
        # Beside a server Ctrl+C is ignored, since the server passes it on in its own way.
        heard = [sign for sign in (signal.SIGINT, signal.SIGTERM) if signal.getsignal(sign) is not signal.SIG_IGN]
        before = {sign: signal.signal(sign, self._hear) for sign in heard}
        try:
            yield
        finally:
            for sign, handler in before.items():
                signal.signal(sign, handler)

    def _hear(self, number: int, _frame: object) -> None:
        if self.signal:
            raise KeyboardInterrupt
        self.signal = number


class Command(TaggerCommand):
    help = "Read a folder of pictures and their captions into a dataset. The folder itself is never changed."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("dir", metavar="DIR", help="the folder to read")
        add_import_arguments(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        check_import(options)
        report = _report_path(options)
        fresh = bool(options["dry_run"]) and not _has_database()
        if not options["dry_run"]:
            make_ready()
        stops = Stops()
        with stops.listening(), self._bar(options) as bar:
            result = self._import(_options(options, fresh=fresh), self._listener(options, bar, stops))
        if report is not None:
            _write_report(report, result)
        self._say(result, options)
        if stops():
            again = "Run the same command again: it goes on where it stopped."
            raise CommandError(f"Stopped. What is imported stays. {again}", returncode=128 + stops.signal)
        if options["export"] and not result.dry:
            if result.dataset is None:
                raise CommandError("There is nothing to export: no picture was imported.")
            call_command("export_dir", options["export"], dataset=result.slug, verbosity=options["verbosity"])

    def _import(self, wanted: Options, listener: Listener) -> Result:
        try:
            return run_import(wanted, listener)
        except DatabaseError as problem:
            raise CommandError(f"The database cannot be used: {str(problem).strip()}.") from problem

    def _bar(self, options: Mapping[str, Any]) -> "tqdm[NoReturn]":
        hidden = bool(options["quiet"]) or options["verbosity"] > 1 or not sys.stderr.isatty()
        bar: tqdm[NoReturn] = tqdm(total=0, unit=" files", disable=hidden, leave=False, file=sys.stderr)
        return bar

    def _listener(self, options: Mapping[str, Any], bar: "tqdm[NoReturn]", stops: Stops) -> Listener:
        def begun(total: int) -> None:
            bar.reset(total)

        def settled(entry: Entry) -> None:
            if options["verbosity"] > 1:
                self.stdout.write(_line_of(entry))

        return Listener(begun, lambda read: _advance(bar, read), settled, stops)

    def _say(self, result: Result, options: Mapping[str, Any]) -> None:
        self.stdout.write(result.line)
        if options["quiet"]:
            return
        for line in result.details:
            self.stdout.write(line)
        if result.dataset is not None and not result.stopped:
            self.stdout.write("Next: tag in the browser:  python manage.py start")
            self.stdout.write(f"      or write it out:     python manage.py export_dir OUT --dataset {result.slug}")


def add_import_arguments(parser: argparse.ArgumentParser) -> None:
    """The options of an import, which `start` takes too."""
    add = parser.add_argument
    add("--dataset", default="", metavar="SLUG", help="the dataset to import into (default: from the folder's name)")
    add("--name", default="", metavar="TEXT", help="what a new dataset is called")
    add("--prefix", default="", help="of the exported files of a new dataset (default: img)")
    add("--trigger", default="", metavar="TEXT", help="the trigger word of a new dataset")
    add("--caption-ext", default=".txt", metavar="EXT", help="of caption files (default: .txt)")
    add("--captions", choices=["tags", "description", "auto"], default="auto", help="what caption files hold")
    add("--separator", choices=["auto", "comma", "newline"], default="auto", help="what separates tags in them")
    add("--no-recurse", action="store_true", help="read the folder itself and none in it")
    add("--all-folders", action="store_true", help="read hidden and system folders too")
    add("--follow-links", action="store_true", help="follow symbolic links, never out of the folder")
    add("--workers", type=_workers, metavar="N", help="processes that decode (default: one a core, at most 4)")
    add("--by", default="", metavar="USER", help="who imports (default: the first owner)")
    add("--dry-run", action="store_true", help="write nothing and say what an import would do")
    add("--report", default="", metavar="FILE.json", help="write down what became of every entry of the folder")
    add("--export", default="", metavar="OUT", help="export the dataset into this folder afterwards")
    add("--quiet", action="store_true", help="say one line")


def check_import(options: Mapping[str, Any]) -> None:
    """Ask before any work what the import, and an export after it, will ask again.

    Raises Refused or CommandError, with one sentence, for folders and files that cannot be what the options say.
    """
    folder_to_read(options["dir"], os.path.realpath(os.fsencode(settings.TAGGER_DATA_DIR)))
    _extension(options["caption_ext"])
    _report_path(options)
    if options["export"]:
        check_folder(Path(options["export"]), [Kept(Path(options["dir"]), "the folder that is read")])


def _workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        raise argparse.ArgumentTypeError("workers are a number from 1 to 64")
    return int(text)


def _options(options: Mapping[str, Any], *, fresh: bool) -> Options:
    return Options(
        folder=options["dir"],
        dataset=options["dataset"],
        name=options["name"],
        prefix=options["prefix"],
        trigger=options["trigger"],
        caption_ext=_extension(options["caption_ext"]),
        captions=options["captions"],
        separator=options["separator"],
        recurse=not options["no_recurse"],
        all_folders=options["all_folders"],
        follow_links=options["follow_links"],
        workers=options["workers"],
        by=options["by"],
        dry_run=options["dry_run"],
        fresh=fresh,
    )


def _extension(text: str) -> str:
    if not text.strip(". "):
        raise CommandError("--caption-ext names the end of caption files, such as .txt or .caption.")
    return f".{text.strip().removeprefix('.')}"


def _has_database() -> bool:
    """Whether a dry run has something to compare with. It makes nothing, so it must not even connect without one."""
    if connection.vendor == "sqlite" and not Path(settings.DATABASES["default"]["NAME"]).exists():
        return False
    return "tagging_dataset" in connection.introspection.table_names()


def _report_path(options: Mapping[str, Any]) -> Path | None:
    """Where the report goes. Asked before any work: it must not lie in the folder that is read, and be writable."""
    if not options["report"]:
        return None
    path = Path(options["report"])
    folder = Path(os.path.realpath(options["dir"]))
    if Path(os.path.realpath(path)).is_relative_to(folder):
        raise CommandError("The report cannot lie in the folder that is read, which is never changed: name another.")
    try:
        with tempfile.TemporaryFile(dir=path.parent):
            pass
    except OSError as problem:
        raise CommandError(f"The report {path} cannot be written: {problem.strerror or problem}.") from problem
    return path


def _write_report(path: Path, result: Result) -> None:
    try:
        atomic_write(path, json.dumps(result.report.plain(), indent=1).encode("ascii"))
    except OSError as problem:
        raise CommandError(f"The report {path} could not be written: {problem.strerror or problem}.") from problem


def _line_of(entry: Entry) -> str:
    number = f" {entry.image.number}" if entry.image is not None else ""
    return f"{entry.outcome}{number}: {filenames.display_path(entry.path)} {entry.sentence}".rstrip()


def _advance(bar: "tqdm[NoReturn]", read: int) -> None:
    if not bar.disable:
        bar.update(read - bar.n)
