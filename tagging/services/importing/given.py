"""What a folder says of itself when a program wrote it: our own export's manifest, or the first tagger's session."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagging.domain.exported import VocabularyTag


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
