"""One import, from its first look at the folder to its last line."""

import contextlib
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError, IntegrityError

from tagging import access
from tagging.access import Right
from tagging.domain import filenames
from tagging.domain.counting import counted
from tagging.errors import Problem, Refused
from tagging.imaging.limits import Limits
from tagging.models import Dataset, ImportState, Person
from tagging.services.importing.captions import CaptionRules
from tagging.services.importing.flow import in_order
from tagging.services.importing.folder import folder_to_read
from tagging.services.importing.journal import Journal, stop_dead_imports
from tagging.services.importing.ledger import Ledger
from tagging.services.importing.options import Options
from tagging.services.importing.pool import Pool
from tagging.services.importing.reading import NO_ROOM, Answer, Brief, Task
from tagging.services.importing.recorder import MOST_ROWS, Batch, Recorder, give_numbers
from tagging.services.importing.report import STOPPED, Entry, Outcome, Report
from tagging.services.importing.shelf import Shelf
from tagging.services.importing.sorting import Sorter
from tagging.services.importing.summary import Result
from tagging.services.importing.survey import Candidate, Survey, survey
from tagging.services.importing.target import Target, choose, importer, make
from tagging.storage import OriginalStorage

logger = logging.getLogger(__name__)

#: A batch that is not full is written after so many seconds, so that pages show what there is.
SOON = 0.5


@dataclass(frozen=True)
class Listener:
    """Who follows an import. All are called often and must be quick."""

    begun: Callable[[int], None] = lambda _total: None
    read: Callable[[int], None] = lambda _entries: None
    settled: Callable[[Entry], None] = lambda _entry: None
    stopped: Callable[[], bool] = lambda: False


def run(options: Options, listener: Listener) -> Result:
    """See `run_import`."""
    data_folder = os.path.realpath(os.fsencode(settings.TAGGER_DATA_DIR))
    root = folder_to_read(options.folder, data_folder)
    try:
        look = survey(root, options, data_folder=data_folder, stopped=listener.stopped)
    except OSError as problem:
        raise Refused(f"The folder cannot be read: {problem.strerror or problem}.") from problem
    target = choose(options, root, look.given)
    rules = CaptionRules(options.caption_ext, options.captions, options.separator, target.trigger)
    shelf = Shelf(look, rules)
    shelf.read_all(listener.stopped)
    return _Run(options, listener, look, target, shelf).go()


class _Run:
    def __init__(self, options: Options, listener: Listener, look: Survey, target: Target, shelf: Shelf) -> None:
        self._options = options
        self._listener = listener
        self._look = look
        self._target = target
        self._shelf = shelf
        self._report = Report()
        self._ledger = Ledger(target.dataset)
        self._sorter = Sorter(self._ledger, shelf)
        self._journal: Journal | None = None
        self._recorder: Recorder | None = None
        self._next_write = time.monotonic() + SOON
        self._result = Result(
            target.slug,
            target.name,
            self._report,
            target.dataset,
            dry=options.dry_run,
            images_before=target.dataset.image_count if target.dataset else 0,
            concepts=look.concepts,
            notes=[*_notes(options, target), *(note for folder in look.given for note in folder.notes)],
        )

    def go(self) -> Result:
        for entry in self._look.skipped:
            self._account(entry)
        self._listener.begun(self._look.seen)
        if self._options.dry_run:
            self._ask()
        elif (self._look.candidates or self._target.dataset) and not self._listener.stopped():
            self._begin()
        try:
            self._read()
        except Problem as problem:
            self._fail(problem.sentence)
            raise
        except (OSError, DatabaseError) as problem:
            sentence = _why_not(problem, self._report)
            self._fail(sentence)
            raise Refused(sentence) from problem
        return self._conclude()

    def _ask(self) -> None:
        """What a real run would be refused for; without making the first owner, as that would."""
        if self._target.dataset is not None or (self._options.by and not self._options.fresh):
            self._importer()

    def _importer(self) -> Person:
        by = importer(self._target, self._options.by)
        if self._target.dataset is not None:
            access.require(by, self._target.dataset, Right.IMPORT)
        return by

    def _begin(self) -> None:
        by = self._importer()
        try:
            stop_dead_imports()
            dataset = make(self._target, self._look.root, by)
            self._keep_record(dataset, by)
        except (OSError, DatabaseError) as problem:
            raise Refused(_why_not(problem, self._report)) from problem

    def _keep_record(self, dataset: Dataset, by: Person) -> None:
        folder = filenames.display_path(self._look.root)
        self._result.dataset = dataset
        self._journal = Journal(dataset, by=by, folder=folder, total=self._look.seen)
        self._recorder = Recorder(dataset, by, highest_wanted=self._look.highest_wanted)

    def _read(self) -> None:
        if self._recorder is not None:
            self._recorder.write_vocabulary(self._shelf.vocabulary(), self._tick)
        reached = 0
        with _folder_for_copies(self._options) as incoming, Pool(self._workers, self._brief(incoming)) as pool:
            tasks = [self._task(place, candidate) for place, candidate in enumerate(self._look.candidates)]
            for place, answer in in_order(tasks, pool, stopped=self._listener.stopped, tick=self._tick):
                self._check(answer)
                self._sorter.sort(self._look.candidates[place], answer)
                reached = place + 1
                if len(self._sorter.waiting.batch) >= MOST_ROWS:
                    self._write()
                self._tick()
            self._write()
        self._result.stopped = self._listener.stopped()
        for candidate in self._look.candidates[reached:]:
            self._account(Entry(candidate.path, Outcome.SKIPPED, STOPPED))
        for entry in self._shelf.entries():
            self._account(entry)

    def _tick(self) -> None:
        """Whatever is due now and then."""
        if time.monotonic() >= self._next_write:
            self._write()
        read = len(self._report.entries) + self._shelf.told
        self._listener.read(read)
        if self._journal is not None:
            self._journal.beat(self._report, read)

    def _write(self) -> None:
        batch = self._sorter.waiting.batch
        if self._recorder is not None:
            self._recorder.write(batch)
        else:
            _pretend(batch, self._ledger, self._look.highest_wanted)
        for entry in self._sorter.settle():
            self._account(entry)
        self._next_write = time.monotonic() + SOON

    def _account(self, entry: Entry) -> None:
        self._report.add(entry)
        self._listener.settled(entry)

    def _check(self, answer: Answer) -> None:
        """Stop at what concerns the whole run; tell the log of a fault of ours."""
        if answer.kind == "fault":
            logger.error("an import's worker failed: %s", answer.reason)
        elif answer.kind in ("no room", "no writing"):
            self._write()
            raise Refused(_cannot_write(answer.reason, self._report, full=answer.kind == "no room"))

    def _conclude(self) -> Result:
        result, shelf = self._result, self._shelf
        result.totals = shelf.totals
        if self._report.counts[Outcome.IMPORTED] or self._report.counts[Outcome.CAPTION]:
            result.spellings = shelf.spellings.merged
        if self._recorder is not None:
            result.notes.extend(self._recorder.messages)
        if self._journal is not None and self._recorder is not None:
            state = ImportState.STOPPED if result.stopped else ImportState.FINISHED
            self._recorder.conclude(result.line)
            # The page has the numbers; what they do not say is told in words.
            told = [] if result.report.entries and not result.stopped else [result.line]
            self._journal.end(state, " ".join([*told, *result.notes]), self._report, result.counts)
        return result

    def _fail(self, sentence: str) -> None:
        """Say so on the page too, as far as the disk still allows."""
        if self._journal is not None:
            with contextlib.suppress(DatabaseError, OSError):
                self._journal.end(ImportState.FAILED, sentence, self._report, self._result.counts)
            self._journal.close()

    @property
    def _workers(self) -> int:
        return self._options.workers or min(_cores(), 4)

    def _brief(self, incoming: str) -> Brief:
        limits = Limits(max_pixels=settings.TAGGER_MAX_PIXELS, max_bytes=settings.TAGGER_MAX_BYTES)
        return Brief(
            root=self._look.root,
            incoming=incoming,
            limits=limits,
            allowance=limits.memory_bytes // (2 * self._workers),
            known=self._ledger.digests,
        )

    def _task(self, place: int, candidate: Candidate) -> Callable[[], Task]:
        path = os.path.join(self._look.root, candidate.path)  # noqa: PTH118 - bytes paths
        given = candidate.given
        first = given.first_sha256 if given else ""
        # Of what a manifest names, its first file decides whether it is new, and not its bytes.
        return lambda: Task(place, path, candidate.size, not first or self._ledger.first_was(first) is not None)


@contextlib.contextmanager
def _folder_for_copies(options: Options) -> Iterator[str]:
    """Where workers write, gone with all that nobody adopted; "" for a dry run, which writes nothing."""
    if options.dry_run:
        yield ""
        return
    own = Path(OriginalStorage().incoming_dir())
    folder = own / uuid4().hex
    folder.mkdir()
    try:
        yield str(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _pretend(batch: Batch, ledger: Ledger, highest_wanted: int) -> None:
    """Give the numbers that a real run would give."""
    ledger.last_number = max(ledger.last_number, highest_wanted)
    ledger.last_number = give_numbers(batch.new, taken=ledger.numbers, last=ledger.last_number)
    for image in batch.new:
        image.known.pk = -image.known.number
    for reread in batch.rereads:
        reread.done = True


def _notes(options: Options, target: Target) -> list[str]:
    """What was asked for and does not apply."""
    if target.dataset is None:
        return []
    asked = {"--name": options.name, "--prefix": options.prefix, "--trigger": options.trigger}
    there = {"--name": target.dataset.name, "--prefix": target.dataset.prefix, "--trigger": target.dataset.trigger}
    ignored = [name for name, value in asked.items() if value and value != there[name]]
    if not ignored:
        return []
    return [f"“{target.name}” is there already, so {', '.join(ignored)} changed nothing: see its settings."]


def _why_not(problem: OSError | DatabaseError, report: Report) -> str:
    if isinstance(problem, OSError):
        full = problem.errno in NO_ROOM
        return _cannot_write(problem.strerror or str(problem), report, full=full)
    if isinstance(problem, IntegrityError):
        logger.error("an import broke a rule of the database", exc_info=problem)
        return f"The database refused a row ({problem}): a fault of Tagger and not of the disk. {_kept(report)}".strip()
    return _cannot_write(str(problem).strip(), report, full="disk is full" in str(problem))


def _cannot_write(reason: str, report: Report, *, full: bool) -> str:
    folder = settings.TAGGER_DATA_DIR
    what = f"The data folder {folder} cannot be written: {reason}."
    if full:
        what = f"The disk of the data folder {folder} is full: make room and run the same command again."
    return f"{what} {_kept(report)}".strip()


def _kept(report: Report) -> str:
    done = report.counts[Outcome.IMPORTED]
    return f"Imported so far: {counted(done, 'picture')}; the same command goes on from there." if done else ""


def _cores() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
