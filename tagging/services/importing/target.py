"""Which dataset a folder goes into, and what a new one is called."""

import os
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from tagging.domain import filenames
from tagging.errors import Refused
from tagging.models import Dataset, Person
from tagging.services import datasets, members
from tagging.services.importing.given import GivenFolder
from tagging.services.importing.options import Options

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,80}")


@dataclass(frozen=True)
class Target:
    """A dataset that is there, or (`dataset` None) the values of the one that will be made."""

    dataset: Dataset | None
    slug: str
    values: dict[str, str]

    @property
    def trigger(self) -> str:
        """The trigger word that captions are read with."""
        return self.dataset.trigger if self.dataset else self.values["trigger"]

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return self.dataset.name if self.dataset else self.values["name"]


def choose(options: Options, folder: bytes, given: Sequence[GivenFolder]) -> Target:
    """The dataset for a folder (an absolute path), by the options and by what the folder says of itself.

    Raises Refused when the name is taken by a dataset from another folder, or a value breaks its rule.
    """
    values = _values(options, folder, given)
    if options.dataset:
        return Target(_named(options), options.dataset, values)
    own = filenames.slug_of(_folder_name(folder))
    said = next((each.slug for each in given if each.slug), own)
    taken_by = ""
    for slug in dict.fromkeys((said, own)):
        dataset = None if options.fresh else Dataset.objects.filter(slug=slug).first()
        if dataset is None or _same_folder(dataset.source_folder, filenames.display_path(folder)):
            return Target(dataset, slug, values)
        taken_by = dataset.source_folder or "elsewhere"
    raise Refused(
        f"There is a dataset “{own}” already, read from {taken_by}. "
        f"To import into it: --dataset {own}. To make another one: --dataset with a new name."
    )


def make(target: Target, folder: bytes, by: Person) -> Dataset:
    """The target's dataset, made when it is not there yet."""
    if target.dataset is not None:
        return target.dataset
    return datasets.create(slug=target.slug, by=by, source_folder=filenames.display_path(folder), **target.values)


def importer(target: Target, username: str) -> Person:
    """Who imports: the person named, else the dataset's first owner, else the first owner of all.

    Raises Refused when nobody has that name.
    """
    if username:
        return members.person_named(username)
    owner = members.owner_of(target.dataset) if target.dataset is not None else None
    return owner or members.first_owner()


def _named(options: Options) -> Dataset | None:
    if not _SLUG.fullmatch(options.dataset):
        raise Refused(f"“{options.dataset}” cannot be a dataset's address: use letters, digits, “-” and “_”.")
    return None if options.fresh else Dataset.objects.filter(slug=options.dataset).first()


def _values(options: Options, folder: bytes, given: Sequence[GivenFolder]) -> dict[str, str]:
    """The settings of a new dataset: what was asked for, else what the folder says, else what is usual."""
    said = {
        name: next((getattr(each, name) for each in given if getattr(each, name)), "") for name in datasets.SETTINGS
    }
    return datasets.checked(
        name=options.name or said["name"] or filenames.title_of(_folder_name(folder)),
        prefix=options.prefix or said["prefix"] or "img",
        trigger=options.trigger or said["trigger"],
        profile=said["profile"] or "tags+description",
    )


def _folder_name(folder: bytes) -> str:
    return folder.rstrip(b"/").rpartition(b"/")[2].decode("utf-8", "surrogateescape")


def _same_folder(one: str, other: str) -> bool:
    """A folder renamed in its capitals, or on a disk that spells its letters otherwise, is the same one."""
    return one == other or (_folded(one) == _folded(other) and not os.path.lexists(one))


def _folded(path: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())
