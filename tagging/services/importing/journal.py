"""The row of an import that its page shows: that it runs, how far it is, how it ended."""

import contextlib
import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from tagging.models import Dataset, Import, ImportState, Person
from tagging.services.importing.report import Report
from tagging.storage import OriginalStorage

#: How often the row is written while the import runs, in seconds, and how long it may be silent.
BEAT = 0.5
SILENCE = timedelta(seconds=30)
KILLED = "Its process ended without a word. Run the same command again: it goes on where it stopped."


class Journal:
    """Keeps one import's row up to date. Its process is known by a mark in the folder that it alone holds."""

    def __init__(self, dataset: Dataset, *, by: Person, folder: str, total: int) -> None:
        self._next_beat = 0.0
        self._mark: Path | None = None
        try:
            with transaction.atomic():
                self.row = Import.objects.create(dataset=dataset, person=by, folder=folder, total=total)
                # Inside the transaction: whoever sees the row finds the mark, or knows that the process is gone.
                self._mark = Path(OriginalStorage().incoming_dir()) / _mark(self.row.pk)
                self._mark.touch()
        except BaseException:  # a full disk lets the commit fail
            self.close()
            raise

    def beat(self, report: Report, read: int) -> None:
        """Say how far it is (`read` entries are accounted for), unless that was said a moment ago."""
        now = time.monotonic()
        if now < self._next_beat:
            return
        self._next_beat = now + BEAT
        Import.objects.filter(pk=self.row.pk).update(read=read, counts=dict(report.counts), seen_at=timezone.now())

    def end(self, state: ImportState, message: str, report: Report, counts: Mapping[str, int]) -> None:
        """Say how it ended."""
        row = self.row
        row.state, row.message = state, message
        row.read, row.counts, row.report = len(report.entries), dict(counts), report.kept()
        row.seen_at = row.finished_at = timezone.now()
        row.save(update_fields=["state", "message", "read", "counts", "report", "seen_at", "finished_at"])
        self.close()

    def close(self) -> None:
        """Take the mark away, and the folder that it was in when nothing else is."""
        if self._mark is not None:
            self._mark.unlink(missing_ok=True)
            with contextlib.suppress(OSError):
                self._mark.parent.rmdir()


def stop_dead_imports() -> int:
    """Mark imports whose process is gone as stopped, and remove what it left unfinished. Returns how many it were."""
    OriginalStorage().sweep_incoming()
    incoming = Path(settings.TAGGER_DATA_DIR) / "incoming"
    silent = timezone.now() - SILENCE
    dead = [
        row.pk
        for row in Import.objects.filter(state=ImportState.RUNNING).only("pk", "seen_at")
        if row.seen_at < silent or not any(incoming.glob(f"*/{_mark(row.pk)}"))
    ]
    return Import.objects.filter(pk__in=dead, state=ImportState.RUNNING).update(
        state=ImportState.STOPPED, message=KILLED, finished_at=timezone.now()
    )


def _mark(pk: int) -> str:
    return f"import-{pk}.running"
