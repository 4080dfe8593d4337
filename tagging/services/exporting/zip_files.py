"""An export as zips: streamed to a browser, or written to files. Pictures and captions only, flat."""

import re
import zipfile
from collections.abc import AsyncIterator, Iterable, Iterator
from pathlib import Path
from typing import Final, Unpack

from tagging import access
from tagging.access import Right
from tagging.errors import Refused
from tagging.imaging.limits import Unusable
from tagging.models import Dataset, Person
from tagging.services.exporting.exchange import sync
from tagging.services.exporting.pictures import Progress, SourceError, check_bytes, known_sha256, picture_of
from tagging.services.exporting.plan import Plan, PlannedImage, plan_export
from tagging.services.exporting.rendered import file_if_made
from tagging.services.exporting.run import (
    Options,
    Result,
    as_refusals,
    check_room,
    check_something,
    kept_folders,
    record,
    sweep_unfinished,
)
from tagging.services.exporting.staging import Staging, staging
from tagging.services.exporting.target import check_file, show
from tagging.services.exporting.zips import Entry, in_threads, write_zip, zip_chunks, zip_length

_OURS = re.compile(r"[a-z0-9]+_[0-9]{3,}\.(jpg|png|webp|txt)")
_DATE: Final = (1980, 1, 1, 0, 0, 0)


def stream_zip(plan: Plan, part: int = 1) -> AsyncIterator[bytes]:
    """The zip of one part of the plan for an event loop, made no faster than it is taken.

    Pictures that must be converted are converted when their turn comes. An image whose file fails or is
    damaged stops the stream (with Refused or an OSError): nobody takes a zip that lacks a picture for whole.

    Raises:
        Refused: the plan has no such part.
    """
    return in_threads(zip_chunks(_entries(plan.part(part), plan)))


def known_length(plan: Plan, part: int = 1) -> int | None:
    """The exact length of `stream_zip`'s zip, if every picture of it was made before; else None.

    Raises:
        Refused: the plan has no such part, or a picture cannot be read, so that there would be no whole zip.
    """
    sizes: list[tuple[str, int]] = []
    complete = True
    for image in plan.part(part):
        found = _size_if_made(image, plan)
        complete = complete and found is not None
        sizes += found or ()
    return zip_length(sizes) if complete else None


def export_zip(
    dataset: Dataset, out: Path, *, by: Person, progress: Progress | None = None, **options: Unpack[Options]
) -> Result:
    """Write the dataset's export as `out`, a zip, or as `out-1.zip`, `out-2.zip` … when it has over 1,000 images.

    Each file is its old whole until it is its new whole. Parts that an earlier export had beyond these are removed.

    Raises:
        Refused: with one sentence; nothing was changed.
        Gone: the dataset is not there for this person.
    """
    access.require(by, dataset, Right.SEE)
    if not out.name:
        raise Refused(f"{show(out)} is no name for a zip: name a file.")
    out = out if out.suffix.lower() == ".zip" else out.with_name(f"{out.name}.zip")
    kept, names = kept_folders(), dict[int, str]()
    with as_refusals(out):
        target = check_file(out, kept)
        sweep_unfinished()
        plan = _readable(plan_export(dataset, **options))
        check_something(plan)
        targets = part_names(target, plan.part_count)
        stale = _stale(target, targets)
        for path in (*targets, *stale):
            _check_ours(check_file(path, kept))
        check_room(target, plan)
        with staging(target) as stage:
            for number, path in enumerate(targets, start=1):
                write_zip(_told(plan.part(number), plan, names, progress), stage.new / path.name)
            _publish(stage, targets, stale)
    return Result(plan, targets, names, notes=record(plan, by, str(target)))


def part_names(target: Path, count: int) -> tuple[Path, ...]:
    """`out.zip` alone, or `out-1.zip`, `out-2.zip` …"""
    if count <= 1:
        return (target,)
    return tuple(target.with_name(f"{target.stem}-{number}{target.suffix}") for number in range(1, count + 1))


def _readable(plan: Plan) -> Plan:
    """The plan without images whose files fail or are damaged, so that a zip once begun comes to its end."""
    failed = {}
    for image in plan.images:
        try:
            path, _ = picture_of(image, keep_metadata=bool(plan.options["keep_metadata"]))
            check_bytes(image, path)
        except SourceError as problem:
            failed[image.number] = problem.reason
    return plan.without(failed)


def _size_if_made(image: PlannedImage, plan: Plan) -> list[tuple[str, int]] | None:
    """Names and sizes of the image's entries; None when its picture must be made first."""
    try:
        found = file_if_made(image.row, keep_metadata=bool(plan.options["keep_metadata"]))
        picture = found and (f"{image.stem}.{found[1]}", found[0].stat().st_size)
    except (OSError, Unusable) as problem:
        raise Refused(
            f"The file of image {image.number} cannot be read, so there would be no whole zip: "
            "reject the image or restore the data folder."
        ) from problem
    if picture is None:
        return None
    return [picture, (f"{image.stem}.txt", len(image.caption.encode()))] if image.caption else [picture]


def _entries(images: Iterable[PlannedImage], plan: Plan) -> Iterator[Entry]:
    keep_metadata = bool(plan.options["keep_metadata"])
    for image in images:
        try:
            path, extension = picture_of(image, keep_metadata=keep_metadata)
        except SourceError as problem:
            raise Refused(f"The file of image {image.number} cannot be read: there is no zip.") from problem
        pair = [Entry(f"{image.stem}.{extension}", path, known_sha256(image, path))]
        if image.caption:
            pair.append(Entry(f"{image.stem}.txt", image.caption.encode()))
        yield from sorted(pair, key=lambda entry: entry.name)


def _told(
    images: Iterable[PlannedImage], plan: Plan, names: dict[int, str], progress: Progress | None
) -> Iterator[Entry]:
    """The entries of these images; each picture's name is kept, and told to `progress`."""
    for image in images:
        for entry in _entries([image], plan):
            if isinstance(entry.content, Path):
                names[image.number] = entry.name
            yield entry
        if progress:
            progress(image, names[image.number], len(plan.images))


def _stale(target: Path, targets: tuple[Path, ...]) -> list[Path]:
    """The files of an earlier export to the same name that had fewer or more parts."""
    found = [target] if target.exists() and target not in targets else []
    number = len(targets) + 1 if len(targets) > 1 else 1
    while (part := target.with_name(f"{target.stem}-{number}{target.suffix}")).exists():
        found.append(part)
        number += 1
    return found


def _check_ours(path: Path) -> None:
    """Refuse to write over, or remove, a file that is no earlier export."""
    if not path.exists():
        return
    try:
        with zipfile.ZipFile(path) as archive:
            ours = all(_OURS.fullmatch(info.filename) and info.date_time == _DATE for info in archive.infolist())
    except (OSError, zipfile.BadZipFile):
        ours = False
    if not ours:
        raise Refused(f"{show(path)} is there already and is no earlier export of ours: choose another name.")


def _publish(stage: Staging, targets: tuple[Path, ...], stale: list[Path]) -> None:
    for path in targets:
        sync(stage.new / path.name)
    for path in targets:
        (stage.new / path.name).replace(path)
    for path in stale:
        path.unlink()
    sync(stage.target.parent)
