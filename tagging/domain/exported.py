"""What an export holds, as plain values: the files beside the pictures are written from these and read back to them."""

from collections.abc import Mapping
from dataclasses import dataclass

from tagging.domain.captions import Profile


@dataclass(frozen=True)
class ExportedImage:
    """One picture of an export.

    `name` is relative to the export's folder with `/` between parts; `first_name` and `first_sha256` are of the file
    that came in first, `sha256` of the file written. `caption` is the text of its caption file, "" when it has none.
    """

    number: int
    first_name: str
    first_sha256: str
    name: str
    sha256: str
    state: str
    tags: tuple[str, ...]
    description: str
    caption: str


@dataclass(frozen=True)
class VocabularyTag:
    """One tag of the dataset's vocabulary; `aliases` and `implications` are tag texts, sorted."""

    name: str
    category: str = ""
    hue: int = 0
    aliases: tuple[str, ...] = ()
    implications: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class ManifestDataset:
    """The dataset's own settings; `trigger` is "" without one."""

    name: str
    slug: str
    prefix: str
    trigger: str
    profile: Profile


@dataclass(frozen=True)
class Manifest:
    """All that `manifest.json` says. `options` holds JSON values; vocabulary by name, images by number."""

    dataset: ManifestDataset
    options: Mapping[str, object]
    counts: Mapping[str, int]
    vocabulary: tuple[VocabularyTag, ...]
    images: tuple[ExportedImage, ...]
