"""What a folder says of itself when a program wrote it: our own export's manifest, or the first tagger's session."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagging.domain import filenames
from tagging.domain.exported import VocabularyTag

#: A file's name has 255 bytes at most, each of which may be shown as four characters.
LONGEST_NAME = 1020


@dataclass(frozen=True, slots=True)
class GivenImage:
    """What is known of a picture beside its file. `caption` is the caption text that went with `tags` and
    `description` when they were written; None when the caption file alone decides, and then `state` is that of a
    picture with tags."""

    number: int | None = None
    first_name: str = ""
    first_sha256: str = ""
    sha256: str = ""
    state: str = ""
    tags: tuple[str, ...] = ()
    description: str = ""
    caption: str | None = None


@dataclass(frozen=True)
class GivenFolder:
    """A folder that a program wrote. `images` and `files` (those that are neither picture nor caption, each with what
    became of it) are by path below the import's root; what the folder does not say of the dataset is "". `spelled`: its
    vocabulary is that of a dataset, spelling included."""

    program: str
    images: Mapping[bytes, GivenImage]
    files: Mapping[bytes, str]
    vocabulary: tuple[VocabularyTag, ...] = ()
    spelled: bool = False
    name: str = ""
    slug: str = ""
    prefix: str = ""
    trigger: str = ""
    profile: str = ""
    notes: tuple[str, ...] = ()


def name_to_keep(text: str) -> str:
    """A file's name that was written down somewhere, safe to show; one that we wrote ourselves stays as it is."""
    # Its backslashes may be ours, of bytes that were escaped before.
    shown = "\\".join(filenames.display_path(part.encode()) for part in text[:LONGEST_NAME].split("\\"))
    return shown[:LONGEST_NAME]
