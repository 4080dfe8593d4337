"""What lies in a folder that an export is about to replace: an earlier export, and what others put into it."""

import fnmatch
import os
from pathlib import Path, PurePosixPath
from typing import Final

from tagging.domain import trainer_files
from tagging.domain.exported import Manifest

MANIFEST: Final = "manifest.json"
SIDE_FILES: Final = ("tags.txt", "metadata.jsonl", "dataset.toml", "README.md", MANIFEST)

# Made from the pictures by trainers, or by systems for themselves; wrong or worthless once the pictures are new.
_CACHE_FILES: Final = ("*.npz", ".aitk_size.json", ".DS_Store", "._*", "Thumbs.db", "desktop.ini")
_CACHE_FOLDERS: Final = frozenset({"_latent_cache", "_t_e_cache", "_clip_vision_cache", "@eaDir"})


def strangers(folder: Path) -> list[str] | None:
    """Return the names in `folder` that neither an export nor a trainer's cache put there, sorted.

    None when it is not empty and no export of ours. An empty folder has no strangers.
    """
    with os.scandir(folder) as entries:
        found = {entry.name: entry.is_dir(follow_symlinks=False) for entry in entries}
    if not found:
        return []
    manifest = read_manifest_in(folder)
    if manifest is None:
        return None
    ours = written_names(manifest)
    return sorted(name for name, is_folder in found.items() if not _is_known(name, ours, is_folder=is_folder))


def read_manifest_in(folder: Path) -> Manifest | None:
    """The manifest of an export of ours in `folder`; None for any other folder."""
    try:
        return trainer_files.read_manifest((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None


def written_names(manifest: Manifest) -> set[str]:
    """All names that the export which wrote this manifest put into its folder."""
    pictures = {image.name for image in manifest.images}
    return pictures | {str(PurePosixPath(name).with_suffix(".txt")) for name in pictures} | set(SIDE_FILES)


def _is_known(name: str, ours: set[str], *, is_folder: bool) -> bool:
    if is_folder:
        return name in _CACHE_FOLDERS
    return name in ours or any(fnmatch.fnmatchcase(name, pattern) for pattern in _CACHE_FILES)
