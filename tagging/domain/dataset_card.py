"""The README.md of an export: names the data files for Hugging Face, then says how each trainer reads the folder."""

import json
from collections.abc import Sequence
from typing import Final

from tagging.domain.captions import Profile
from tagging.domain.exported import ExportedImage, ManifestDataset

# Without this the loader counts as many .txt files as pictures, takes the folder for texts and shows no image.
_FRONT_MATTER: Final = """\
---
configs:
- config_name: default
  data_files:
  - split: train
    path:
    - metadata.jsonl
    - "**/*.png"
    - "**/*.jpg"
    - "**/*.jpeg"
    - "**/*.webp"
---
"""
_CONTENTS: Final = {
    Profile.TAGS_DESCRIPTION: "the tags in their order, then the description",
    Profile.TAGS: "the tags in their order",
    Profile.DESCRIPTION: "the description",
}


def readme(dataset: ManifestDataset, images: Sequence[ExportedImage], *, image_dir: str = ".") -> str:
    """Return the dataset card of an export whose pictures lie in `image_dir`, "." for the folder itself."""
    sections = (
        _about(dataset, images),
        _sd_scripts(image_dir),
        _ai_toolkit(dataset.trigger),
        _onetrainer(image_dir),
        _diffusers(),
        _simpletuner(),
        _diffusion_pipe(image_dir),
        _civitai(dataset, image_dir),
    )
    return _FRONT_MATTER + "\n" + "\n".join(sections)


def _about(dataset: ManifestDataset, images: Sequence[ExportedImage]) -> str:
    bare = sum(not image.caption for image in images)
    paragraphs = [f"# {dataset.name}", _count(len(images), bare)]
    if dataset.trigger:
        paragraphs.append(
            f"The trigger word is {_code(dataset.trigger)}: enter it exactly so wherever a trainer asks for one."
        )
    paragraphs.append(
        f"A caption holds {_CONTENTS[dataset.profile]}; what an image has not is left out.\nIt is one line of UTF-8 "
        "without a line break at the end."
    )
    if bare:
        paragraphs.append("SimpleTuner stops at an image without a caption file, and diffusion-pipe leaves it out.")
    paragraphs.append(
        "`tags.txt` lists the tags in use, `metadata.jsonl` holds the captions once more for Hugging Face, and\n"
        "`manifest.json` lets Tagger read this folder back without loss.\n"
    )
    return "\n\n".join(paragraphs)


def _count(images: int, bare: int) -> str:
    count = "1 image" if images == 1 else f"{images:,} images"
    if bare == images:
        return f"{count}."
    captions = f"{count}, each with its caption in a `.txt` file of the same name"
    return f"{captions}, except {bare:,} that nobody tagged." if bare else f"{captions}."


def _sd_scripts(image_dir: str) -> str:
    return f"""\
## kohya sd-scripts

Start it in this folder, or write this folder's full path into `image_dir` of `dataset.toml` (now {_code(image_dir)}):

    --dataset_config dataset.toml

The file sets `caption_extension = ".txt"`: without it sd-scripts looks for `.caption` and finds nothing.
"""


def _ai_toolkit(trigger: str) -> str:
    trigger_line = f"\n        trigger_word: {json.dumps(trigger, ensure_ascii=False)}" if trigger else ""
    return f"""\
## ai-toolkit

    config:
      process:
      - type: sd_trainer{trigger_line}
        datasets:
        - folder_path: "/full/path/of/this/folder"
          caption_ext: txt
          shuffle_tokens: false

Leave `shuffle_tokens` off: it moves the trigger word too.
"""


def _onetrainer(image_dir: str) -> str:
    where = "" if image_dir == "." else f"Choose {_code(image_dir)}, or switch on “Include Subdirectories”.\n"
    return f"""\
## OneTrainer

Add this folder as a concept with the prompt source “From text file per sample”.
{where}If you shuffle tags, keep the delimiter `,` and “Keep Tag Count” 1.
"""


def _diffusers() -> str:
    return """\
## diffusers and Hugging Face datasets

    --dataset_name /full/path/of/this/folder --caption_column text

Not `--instance_data_dir`, which opens every file as a picture. `datasets.load_dataset("/full/path/of/this/folder")`
gives the columns `image`, `text` and `tags`.
"""


def _simpletuner() -> str:
    return """\
## SimpleTuner

In the data backend's entry: `"instance_data_dir": "/full/path/of/this/folder"`, `"caption_strategy": "textfile"`.
"""


def _diffusion_pipe(image_dir: str) -> str:
    return f"""\
## diffusion-pipe

In the dataset's TOML give a `[[directory]]` the full path of {_folder(image_dir)} as `path`. “Could not find caption”
for the files that are no pictures does no harm. On Windows set `PYTHONUTF8=1`, since it reads captions in the system's
own encoding.
"""


def _civitai(dataset: ManifestDataset, image_dir: str) -> str:
    box = "Caption" if dataset.profile is Profile.DESCRIPTION else "Tag"
    trigger = f", and enter {_code(dataset.trigger)} as the trigger word" if dataset.trigger else ""
    return f"""\
## Civitai

Zip the pictures and `.txt` files of {_folder(image_dir)} (at most 1,000 pictures a zip, stored or deflated) and upload
it. In the box “Found labels” pick **{box}**{trigger}.
"""


def _folder(image_dir: str) -> str:
    return "this folder" if image_dir == "." else _code(image_dir)


def _code(text: str) -> str:
    """Set text as code, between more backticks than it holds."""
    fence = "`"
    while fence in text:
        fence += "`"
    return f"{fence}{text}{fence}" if fence == "`" else f"{fence} {text} {fence}"
