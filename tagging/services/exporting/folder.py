"""An export into a folder: all of it, or nothing."""

from collections import Counter
from pathlib import Path
from typing import Unpack

from django.conf import settings

from tagging import access
from tagging.access import Right
from tagging.domain import filenames, trainer_files
from tagging.domain.captions import Profile
from tagging.domain.exported import ExportedImage, ManifestDataset
from tagging.models import Dataset, Person
from tagging.services.exporting.pictures import Picture, Progress, Written, write_pictures
from tagging.services.exporting.plan import STATES, Plan, PlannedImage, plan_export
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
from tagging.services.exporting.staging import staging
from tagging.services.exporting.target import check_contents, check_folder, show


def export_folder(
    dataset: Dataset,
    out: Path,
    *,
    by: Person,
    link: bool = False,
    progress: Progress | None = None,
    **options: Unpack[Options],
) -> Result:
    """Write the dataset's export into the folder `out`, which is the old whole until it is the new whole.

    Args:
        dataset: may be seen by `by`.
        out: new, empty, or an earlier export of ours, which is replaced.
        by: who exports.
        link: hard links instead of copies for pictures whose bytes stay as they are (the same disk only).
        progress: told of each picture.
        options: as for `plan_export`.

    Raises:
        Refused: with one sentence; nothing was changed.
        Gone: the dataset is not there for this person.
    """
    access.require(by, dataset, Right.SEE)
    with as_refusals(out):
        target = check_folder(out, kept_folders())
        plan = plan_export(dataset, **options)
        check_something(plan)
        if not link:
            check_room(target, plan)
        sweep_unfinished()
        with staging(target) as stage:
            keep_metadata = bool(plan.options["keep_metadata"])
            written = write_pictures(plan.images, stage.new, keep_metadata=keep_metadata, link=link, progress=progress)
            plan = _settle(plan, written, stage.new)
            images = [_exported(image, written.pictures[image.number]) for image in plan.images]
            _write_texts(plan, images, stage.new)
            if target.exists():
                check_contents(target)
            stage.publish(Path(settings.TAGGER_DATA_DIR))
    notes = [f"{show(target)} {caution}" for caution in filenames.folder_cautions(target)]
    if stage.folder.exists():
        notes.append(f"{show(stage.folder)} could not be removed.")
    names = {image.number: image.name for image in images}
    return Result(plan, (target,), names, written.linked, (*notes, *record(plan, by, str(target))))


def _settle(plan: Plan, written: Written, folder: Path) -> Plan:
    """The plan without what could not be written; the names of the rest may become shorter by that."""
    settled = plan.without(written.failed)
    check_something(settled)
    for image in settled.images:
        picture = written.pictures[image.number]
        name = f"{image.stem}{Path(picture.name).suffix}"
        if name != picture.name:
            (folder / picture.name).rename(folder / name)
            written.pictures[image.number] = Picture(name, picture.sha256)
    return settled


def _exported(image: PlannedImage, picture: Picture) -> ExportedImage:
    return ExportedImage(
        number=image.number,
        first_name=image.row.first_name,
        first_sha256=image.row.first_sha256,
        name=picture.name,
        sha256=picture.sha256,
        state=image.row.state,
        tags=image.tags,
        description=image.row.description,
        caption=image.caption,
    )


def _write_texts(plan: Plan, images: list[ExportedImage], folder: Path) -> None:
    for image in images:
        if image.caption:
            (folder / f"{Path(image.name).stem}.txt").write_bytes(image.caption.encode())
    for name, text in _side_files(plan, images).items():
        (folder / name).write_bytes(text.encode())


def _side_files(plan: Plan, images: list[ExportedImage]) -> dict[str, str]:
    own = _described(plan.dataset, Profile(plan.dataset.profile))
    return {
        "tags.txt": trainer_files.tags_txt(images),
        "metadata.jsonl": trainer_files.metadata_jsonl(images),
        "dataset.toml": trainer_files.dataset_toml(trigger=own.trigger, dataset_name=own.name),
        "README.md": trainer_files.readme(_described(plan.dataset, plan.profile), images),
        "manifest.json": trainer_files.manifest(own, plan.options, _counts(images), plan.vocabulary, images),
    }


def _described(dataset: Dataset, profile: Profile) -> ManifestDataset:
    return ManifestDataset(dataset.name, dataset.slug, dataset.prefix, dataset.trigger, profile)


def _counts(images: list[ExportedImage]) -> dict[str, int]:
    states = Counter(image.state for image in images)
    return {
        "images": len(images),
        "captions": sum(bool(image.caption) for image in images),
        "tags": len({tag for image in images for tag in image.tags}),
        **{state: states[state] for state in STATES},
    }
