"""A folder written by our own export, read back by its manifest.json."""

import os
from collections.abc import Iterable

from tagging.domain import caption_files
from tagging.domain.manifests import is_manifest, read_manifest
from tagging.imaging.limits import Unusable
from tagging.services.importing.given import GivenFolder, GivenImage
from tagging.services.importing.small_files import read_small

MANIFEST = b"manifest.json"
LIMIT = 512 * 2**20
PROGRAM = "an export"
READ = "It was read as the manifest of an export."
COMPANION = "It belongs to the export; its content was read from manifest.json."
COMPANIONS = (b"tags.txt", b"metadata.jsonl", b"dataset.toml", b"README.md")
_MADE_BY = b'"made_by": "Tagger"'


def is_export(folder: bytes) -> bool:
    """Whether a folder (an absolute path) holds a manifest of ours, be it damaged."""
    return _manifest_of(os.path.realpath(folder)) is not None


def read_folder(root: bytes, names: Iterable[bytes]) -> GivenFolder | None:
    """What the manifest in the import's folder says; None without one of ours. `names` are those of its files."""
    text = _manifest_of(root)
    if text is None:
        return None
    companions = {name: COMPANION for name in COMPANIONS if name in set(names)}
    try:
        read = read_manifest(text)
    except ValueError as problem:
        note = f"{problem} The rest was read like any other folder."
        return GivenFolder(program=PROGRAM, images={}, files={MANIFEST: note}, notes=(note,))
    images = {
        image.name.encode(): GivenImage(
            number=image.number,
            first_name=image.first_name,
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
        vocabulary=read.vocabulary,
        spelled=True,
        name=dataset.name,
        slug=dataset.slug,
        prefix=dataset.prefix,
        trigger=dataset.trigger,
        profile=dataset.profile,
    )


def _manifest_of(folder: bytes) -> str | None:
    """The text of a folder's manifest.json, if we wrote it."""
    path = os.path.join(folder, MANIFEST)  # noqa: PTH118 - bytes paths
    if not os.path.lexists(path):
        return None
    try:
        raw = read_small(path, root=folder, limit=LIMIT)
    except Unusable:
        return None
    text, _ = caption_files.decode(raw)
    return text if _MADE_BY in raw[:1000] or is_manifest(text) else None
