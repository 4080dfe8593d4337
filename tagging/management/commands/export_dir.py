import json
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from tqdm import tqdm

from tagging.domain import counting, filenames
from tagging.domain.captions import Profile
from tagging.errors import Refused
from tagging.management.command import TaggerCommand
from tagging.management.database import make_ready
from tagging.models import Dataset, Person
from tagging.services import exporting, members
from tagging.storage import atomic_write


class Command(TaggerCommand):
    help = "Write a dataset as trainers read it: renamed pictures, one caption file each, and tags.txt."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "out", metavar="OUT", help="the folder; new, empty, or an earlier export, which is replaced"
        )
        parser.add_argument("--dataset", metavar="SLUG", help="which one; not needed when there is one")
        parser.add_argument("--profile", choices=[profile.value for profile in Profile], help="default: the dataset's")
        parser.add_argument("--only", metavar="QUERY", default="", help="images that this search finds")
        parser.add_argument(
            "--state", metavar="STATES", default=",".join(exporting.STATES), help="with commas between (default: all)"
        )
        parser.add_argument(
            "--untagged",
            choices=["skip", "image"],
            default="skip",
            help="without caption: leave out, or the picture alone",
        )
        parser.add_argument(
            "--keep-metadata", action="store_true", help="leave places, cameras and prompts in the pictures"
        )
        parser.add_argument("--report", metavar="FILE.json", help="what became of each image")
        kind = parser.add_mutually_exclusive_group()
        kind.add_argument("--zip", action="store_true", help="write OUT.zip, or OUT-1.zip … of 1,000 images each")
        kind.add_argument("--link", action="store_true", help="hard links to pictures whose bytes stay as they are")

    def handle(self, *args: Any, **options: Any) -> None:
        if self._called_from_command_line:
            signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # as Ctrl+C: what was begun is removed
        make_ready()
        report = _report_path(options["report"], Path(options["out"]))
        dataset = _dataset(options["dataset"])
        try:
            result = self._export(dataset, options)
        except KeyboardInterrupt as stopped:
            raise CommandError("Stopped. Run it again for a new export.", returncode=130) from stopped
        for line in _lines(result):
            self.stdout.write(line)
        if report:
            _write_report(report, result)

    def _export(self, dataset: Dataset, options: Mapping[str, Any]) -> exporting.Result:
        choices: exporting.Options = {
            "profile": options["profile"],
            "query": options["only"],
            "states": tuple(state.strip() for state in options["state"].split(",") if state.strip()),
            "untagged": options["untagged"],
            "keep_metadata": options["keep_metadata"],
        }
        out, by = Path(options["out"]), _owner(dataset)
        with tqdm(desc="Exporting", unit=" images", disable=None, file=sys.stderr) as bar:

            def progress(image: exporting.PlannedImage, name: str, total: int) -> None:
                bar.total = total
                bar.update()
                if options["verbosity"] > 1:
                    bar.write(f"{image.row.name} → {name}", file=sys.stdout)

            if options["zip"]:
                return exporting.export_zip(dataset, out, by=by, progress=progress, **choices)
            return exporting.export_folder(dataset, out, by=by, link=options["link"], progress=progress, **choices)


def _dataset(slug: str | None) -> Dataset:
    if slug:
        found = Dataset.objects.filter(slug=slug).first()
        if found is None:
            raise CommandError(f"There is no dataset “{slug}”. {_choices()}")
        return found
    few = list(Dataset.objects.all()[:2])
    if len(few) != 1:
        raise CommandError(f"Name the dataset. {_choices()}" if few else _choices())
    return few[0]


def _choices() -> str:
    slugs = list(Dataset.objects.by_name().values_list("slug", flat=True)[:20])
    if not slugs:
        return "There is no dataset yet: import a folder first (python manage.py import_dir DIR)."
    return f"There {'is' if len(slugs) == 1 else 'are'}: {', '.join(f'--dataset {slug}' for slug in slugs)}."


def _owner(dataset: Dataset) -> Person:
    """Whom the command acts as: the dataset's first owner."""
    owner = members.owner_of(dataset)
    if owner is None:
        raise CommandError(f"“{dataset.name}” has no owner who could export it: make one in /admin/, Memberships.")
    return owner


def _lines(result: exporting.Result) -> list[str]:
    """The summary, and a line for each image whose file failed."""
    plan = result.plan
    broken = {exporting.Reason.MISSING: "missing", exporting.Reason.DAMAGED: "damaged"}
    lines = [
        f"Image {image.number} ({image.name}) is left out: its file in the data folder is {broken[image.reason]}."
        for image in plan.left_out
        if image.reason in broken
    ]
    where = ", ".join(filenames.display_path(os.fsencode(target)) for target in result.targets)
    total = counting.counted(len(plan.images) + len(plan.left_out), "image")
    out = ", ".join(f"{counting.number(count)} {reason}" for reason, count in plan.reasons.items())
    lines += result.notes
    went = f"Exported {counting.number(len(plan.images))} of {total} to {where}"
    lines.append(went + (f"; left out: {out}." if out else "."))
    return lines


def _report_path(name: str | None, out: Path) -> Path | None:
    """Refuse before any work a report that could not be written, or that would lie in the export."""
    if not name:
        return None
    path = Path(name).absolute()
    if not path.parent.is_dir() or path.is_dir() or not os.access(path.parent, os.W_OK):
        raise Refused(f"The report cannot be written to “{name}”: name a file in a folder that is there.")
    if Path(os.path.realpath(path)).is_relative_to(os.path.realpath(out)):
        raise Refused("The report would lie in the export: name a file elsewhere.")
    return path


def _write_report(path: Path, result: exporting.Result) -> None:
    """One object an image of the dataset, by number."""
    rows: list[dict[str, Any]] = [
        {
            "number": image.number,
            "name": image.row.name,
            "outcome": "exported",
            "file": result.names[image.number],
            "remarks": [str(remark) for remark in image.remarks],
        }
        for image in result.plan.images
    ]
    rows += [
        {"number": image.number, "name": image.name, "outcome": "left out", "reason": str(image.reason)}
        for image in result.plan.left_out
    ]
    rows.sort(key=lambda row: int(row["number"]))
    atomic_write(path, (json.dumps(rows, ensure_ascii=False, indent=1) + "\n").encode())
