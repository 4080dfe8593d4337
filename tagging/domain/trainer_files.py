"""The text of the files beside the pictures of an export, as trainers read them."""

import json
from collections import Counter
from collections.abc import Iterable

from tagging.domain.dataset_card import readme
from tagging.domain.exported import ExportedImage, Manifest, ManifestDataset, VocabularyTag
from tagging.domain.manifests import is_manifest, manifest, read_manifest

__all__ = [
    "ExportedImage",
    "Manifest",
    "ManifestDataset",
    "VocabularyTag",
    "dataset_toml",
    "is_manifest",
    "manifest",
    "metadata_jsonl",
    "read_manifest",
    "readme",
    "tags_txt",
]


def tags_txt(images: Iterable[ExportedImage]) -> str:
    """Return the tags of these images, one a line: the most used first, equally used ones by code point."""
    uses = Counter(tag for image in images for tag in image.tags)
    return "".join(f"{tag}\n" for tag in sorted(uses, key=lambda tag: (-uses[tag], tag)))


def metadata_jsonl(images: Iterable[ExportedImage]) -> str:
    """Return one JSON object a line in the order of names; `file_name` comes first, where diffusers looks for it."""
    return "".join(
        json.dumps({"file_name": image.name, "text": image.caption, "tags": image.tags}, ensure_ascii=False) + "\n"
        for image in sorted(images, key=lambda image: image.name)
    )


def dataset_toml(*, trigger: str, dataset_name: str, image_dir: str = ".", num_repeats: int = 1) -> str:
    """Return the data set configuration of sd-scripts, which knows these keys and stops at any other.

    `image_dir` is the folder of the pictures, "." for that of this file; without a trigger the dataset's name stands
    for what an image without a caption shows.
    """
    return f"""\
# sd-scripts resolves image_dir against the directory you start it in, not against this file.
[general]
enable_bucket = true
caption_extension = ".txt"
shuffle_caption = false      # true forbids the text-encoder cache Flux training uses
keep_tokens = {1 if trigger else 0}              # the trigger (0 without one)

[[datasets]]
resolution = 1024
batch_size = 1

  [[datasets.subsets]]
  image_dir = {_toml_text(image_dir)}
  num_repeats = {num_repeats}
  class_tokens = {_toml_text(trigger or dataset_name)}
"""


def _toml_text(text: str) -> str:
    """Quote for TOML without an escaped quote, over which sd-scripts' parser (toml 0.10.2) stumbles in places.

    A text with both kinds of quotes gets curly apostrophes: it stands for captions only where there is none.
    """
    if "'" in text and '"' not in text:
        escaped = text.replace("\\", "\\\\")
        return f'"{escaped}"'
    return "'" + text.replace("'", "’") + "'"
