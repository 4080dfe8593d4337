"""manifest.json: what an export says about itself, so that an import reads it back without loss."""

import json
from collections.abc import Iterable, Mapping
from typing import Final

from tagging.domain import captions, filenames, tag_names
from tagging.domain.exported import ExportedImage, Manifest, ManifestDataset, VocabularyTag
from tagging.domain.manifest_fields import Fields, check_relative_path, check_sha256, refuse_repeats
from tagging.domain.states import State

MADE_BY: Final = "Tagger"
FORMAT: Final = 1


def manifest(
    dataset: ManifestDataset,
    options: Mapping[str, object],
    counts: Mapping[str, int],
    vocabulary: Iterable[VocabularyTag],
    images: Iterable[ExportedImage],
) -> str:
    """Return the text of manifest.json: the same data gives the same bytes, with one line for each tag and image.

    `options` holds JSON values and nothing that differs from run to run (no times, no absolute paths).
    """
    head = {
        "made_by": MADE_BY,
        "format": FORMAT,
        "dataset": _plain(dataset),
        "options": dict(sorted(options.items())),
        "counts": dict(sorted(counts.items())),
    }
    rows = {
        "vocabulary": [_plain_tag(tag) for tag in sorted(vocabulary, key=lambda tag: tag.name)],
        "images": [_plain(image) for image in sorted(images, key=lambda image: image.number)],
    }
    parts = [f" {_json(name)}: {_json(value)}" for name, value in head.items()]
    parts += [f" {_json(name)}: {_lines(values)}" for name, values in rows.items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def is_manifest(text: str) -> bool:
    """Tell whether a file called manifest.json is ours, of whatever format, and not another program's."""
    try:
        return _is_ours(_load(text))
    except ValueError:
        return False


def read_manifest(text: str) -> Manifest:
    """Read what `manifest` wrote; unknown keys are ignored.

    Raises:
        ValueError: with a sentence for a person, when it is no manifest of ours, of a later format, or damaged.
    """
    content = _load(text)
    if not _is_ours(content):
        raise ValueError("manifest.json was not written by Tagger: read the folder like any other.")
    top = Fields(content, "manifest.json")
    if (found := top.number("format", low=1)) > FORMAT:
        raise ValueError(f"manifest.json has format {found} and this Tagger reads up to {FORMAT}: update Tagger.")
    vocabulary = tuple(map(_vocabulary_tag, top.parts("vocabulary")))
    images = tuple(map(_image, top.parts("images")))
    refuse_repeats((tag_names.key(text) for tag in vocabulary for text in (tag.name, *tag.aliases)), "name")
    refuse_repeats((image.number for image in images), "number")
    refuse_repeats((image.name for image in images), "name")
    return Manifest(
        dataset=_dataset(top.part("dataset")),
        options=top.mapping("options"),
        counts=top.numbers("counts"),
        vocabulary=vocabulary,
        images=images,
    )


def _dataset(fields: Fields) -> ManifestDataset:
    return ManifestDataset(
        name=fields.text("name", filenames.title_of),
        slug=fields.text("slug", filenames.slug_of),
        prefix=fields.text("prefix", filenames.check_prefix),
        trigger=fields.text("trigger", captions.check_trigger),
        profile=captions.Profile(fields.text("profile", captions.Profile)),
    )


def _vocabulary_tag(fields: Fields) -> VocabularyTag:
    return VocabularyTag(
        name=fields.text("name", tag_names.normalise),
        category=fields.text("category"),
        hue=fields.number("hue"),
        aliases=fields.texts("aliases", tag_names.normalise),
        implications=fields.texts("implications", tag_names.normalise),
        note=fields.text("note"),
    )


def _image(fields: Fields) -> ExportedImage:
    return ExportedImage(
        number=fields.number("number", low=1),
        first_name=fields.text("first_name"),
        first_sha256=fields.text("first_sha256", check_sha256),
        name=fields.text("name", check_relative_path),
        sha256=fields.text("sha256", check_sha256),
        state=fields.text("state", State),
        tags=fields.texts("tags", tag_names.normalise),
        description=fields.text("description", captions.normalise_description),
        caption=fields.text("caption"),
    )


def _load(text: str) -> object:
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as problem:
        raise ValueError("manifest.json is damaged, since it is not JSON: export the folder again.") from problem


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


def _is_ours(content: object) -> bool:
    return isinstance(content, dict) and content.get("made_by") == MADE_BY


def _plain(value: ManifestDataset | ExportedImage) -> dict[str, object]:
    return dict(vars(value))


def _plain_tag(tag: VocabularyTag) -> dict[str, object]:
    return {**vars(tag), "aliases": sorted(tag.aliases), "implications": sorted(tag.implications)}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _lines(values: Iterable[object]) -> str:
    rows = ",\n".join(f"  {_json(value)}" for value in values)
    return f"[\n{rows}\n ]" if rows else "[]"
