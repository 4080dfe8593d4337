"""What every export has in common, whatever it is written to: its choices, its checks, its refusals and its record."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypedDict

from django.conf import settings
from django.db import DatabaseError

from tagging.errors import Refused
from tagging.models import Dataset, Export, Import, Person
from tagging.services.exporting.plan import STATES, Plan, Untagged
from tagging.services.exporting.remarks import Reason
from tagging.services.exporting.target import Kept, path_shown, show
from tagging.storage import OriginalStorage

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT})
_BLOCK: Final = 4096


class Options(TypedDict, total=False):
    """The choices of an export: the arguments of `plan_export`."""

    profile: str | None
    query: str | None
    states: tuple[str, ...]
    untagged: Untagged
    keep_metadata: bool


@dataclass(frozen=True)
class Result:
    """An export that was written. `names` are those of the pictures by number; `notes` are sentences for a person."""

    plan: Plan
    targets: tuple[Path, ...]
    names: Mapping[int, str]
    linked: int = 0
    notes: tuple[str, ...] = ()


def kept_folders() -> list[Kept]:
    """The folders that no export may touch: all that datasets were read from, and our own."""
    found = dict(Import.objects.values_list("folder", "dataset__name").distinct())
    found |= dict(Dataset.objects.values_list("source_folder", "name"))
    kept = [
        Kept(path_shown(folder), f"the folder that “{name}” was read from")
        for folder, name in sorted(found.items())
        if folder
    ]
    return [Kept(Path(settings.TAGGER_DATA_DIR), "Tagger's own data folder"), *kept]


def check_something(plan: Plan) -> None:
    """Refuse an export of nothing, saying what to do."""
    if plan.images:
        return
    if not plan.left_out:
        raise Refused(f"“{plan.dataset.name}” has no images yet: import a folder first (import_dir DIR).")
    reasons = ", ".join(f"{count} {reason}" for reason, count in plan.reasons.items())
    raise Refused(f"Nothing was exported: {reasons}. {_advice(plan)}")


def check_room(target: Path, plan: Plan) -> None:
    """Refuse before any work what the disk has no room for. What conversions take is only known when they are done."""
    needed = plan.byte_size + 2 * _BLOCK * len(plan.images)
    beside = next(path for path in target.parents if path.exists())
    free = shutil.disk_usage(beside).free
    if needed > free:
        raise Refused(
            f"The export takes about {needed / 1e6:,.1f} MB and the disk of {show(beside)} has {free / 1e6:,.1f} MB "
            "left: make room, or choose another disk."
        )


def sweep_unfinished() -> None:
    """Remove the conversions that killed processes left unfinished in the data folder."""
    OriginalStorage().sweep_incoming()


@contextlib.contextmanager
def as_refusals(out: Path) -> Iterator[None]:
    """Tell in one sentence what the system would not do."""
    try:
        yield
    except OSError as problem:
        if problem.errno in _FULL:
            raise Refused("The disk is full. Nothing was changed: make room and export again.") from problem
        where = Path(os.fsdecode(out if problem.filename is None else problem.filename))
        raise Refused(f"{show(where)}: {problem.strerror or problem}. Nothing was changed in {show(out)}.") from problem


def record(plan: Plan, by: Person, target: str) -> tuple[str, ...]:
    """Note in the database that the export was made; what to tell a person when that does not work."""
    counts = {"images": len(plan.images), "left_out": len(plan.left_out)}
    try:
        Export.objects.create(
            dataset=plan.dataset,
            person=by,
            target=target,
            profile=plan.profile.value,
            options=dict(plan.options),
            counts=counts,
            at_seq=plan.at_seq,
        )
    except DatabaseError as problem:
        return (f"The export is complete but could not be noted in the database ({problem}).",)
    return ()


def _advice(plan: Plan) -> str:
    if Reason.NO_CAPTION in plan.reasons:
        return "Tag the images or set a trigger word, or export without captions (--untagged image)."
    if Reason.NO_MATCH in plan.reasons:
        return "Search for something else (--only)."
    if plan.reasons.keys() <= {Reason.REJECTED}:
        return "Reopen the images that should go in."
    if plan.reasons.keys() & {Reason.MISSING, Reason.DAMAGED}:
        return "Import their folder again, or restore the data folder."
    return f"Let more states in (--state {','.join(STATES)})."
