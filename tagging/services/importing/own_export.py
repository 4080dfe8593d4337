"""A folder written by our own export, read back by its manifest.json."""

import os
from collections.abc import Iterable
from dataclasses import replace

from tagging.domain import plain_text
from tagging.domain.captions import DESCRIPTION_LIMIT
from tagging.domain.exported import VocabularyTag
from tagging.services.importing import manifest_file
from tagging.services.importing.given import GivenFolder, GivenImage, name_to_keep

MANIFEST = manifest_file.NAME
PROGRAM = "an export"
LONGEST_CATEGORY = 60
READ = "It was read as the manifest of an export."
COMPANION = "It belongs to the export; its content was read from manifest.json."
COMPANIONS = (b"tags.txt", b"metadata.jsonl", b"dataset.toml", b"README.md")


def is_export(folder: bytes) -> bool:
    """Whether a folder (an absolute path) holds a manifest of ours, be it damaged."""
    return manifest_file.is_ours(os.path.realpath(folder))


def read_folder(root: bytes, names: Iterable[bytes]) -> GivenFolder | None:
    """What the manifest in the import's folder says; None without one of ours. `names` are those of its files."""
    if not manifest_file.is_ours(root):
        return None
    companions = {name: COMPANION for name in COMPANIONS if name in set(names)}
    try:
        read = manifest_file.read(root)
    except ValueError as problem:
        note = f"{problem} The rest was read like any other folder."
        return GivenFolder(program=PROGRAM, images={}, files={MANIFEST: note}, notes=(note,))
    images = {
        image.name.encode(): GivenImage(
            number=image.number,
            first_name=name_to_keep(image.first_name),
            first_sha256=image.first_sha256,
            sha256=image.sha256,
            state=image.state,
            tags=image.tags,
            description=image.description,
            caption=image.caption,
        )
        for image in read.images
    }
    dataset = read.dataset
    return GivenFolder(
        program=PROGRAM,
        images=images,
        files={MANIFEST: READ, **companions},
        vocabulary=tuple(map(_to_keep, read.vocabulary)),
        spelled=True,
        name=dataset.name,
        slug=dataset.slug,
        prefix=dataset.prefix,
        trigger=dataset.trigger,
        profile=dataset.profile,
    )


def _to_keep(word: VocabularyTag) -> VocabularyTag:
    """A word with what the pages would let a person type: a manifest may have been written by hand."""
    category = plain_text.clean(word.category)[:LONGEST_CATEGORY].strip()
    return replace(word, category=category, note=plain_text.clean(word.note)[:DESCRIPTION_LIMIT].strip())
