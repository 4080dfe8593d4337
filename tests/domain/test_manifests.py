import json
import random
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tagging.domain import captions, filenames, tag_names
from tagging.domain.exported import ExportedImage, Manifest, ManifestDataset, VocabularyTag
from tagging.domain.manifests import is_manifest, manifest, read_manifest
from tagging.domain.states import State

from .strategies import tag_lists, tags, typed

sha256s = st.integers(0, 2**256 - 1).map(lambda number: f"{number:064x}")
stored = typed.map(lambda text: text.replace("\0", ""))
datasets = st.builds(
    ManifestDataset,
    name=typed.map(filenames.title_of),
    slug=typed.map(filenames.slug_of),
    prefix=st.sampled_from(["img", "cat2"]),
    trigger=st.sampled_from(["", "ohwx", "ねこ \"'"]),
    profile=st.sampled_from(captions.Profile),
)
vocabulary_tags = st.builds(
    VocabularyTag,
    name=tags,
    category=stored,
    hue=st.integers(0, 359),
    implications=tag_lists.map(sorted).map(tuple),
    note=stored,
)
images = st.builds(
    ExportedImage,
    number=st.integers(1, 2**31 - 1),
    first_name=stored,
    first_sha256=sha256s,
    name=st.integers(1, 10**6).map(lambda number: f"img_{number}.png"),
    sha256=sha256s,
    state=st.sampled_from([state.value for state in State]),
    tags=tag_lists,
    description=typed.map(captions.normalise_description),
    caption=stored,
)
manifests = st.builds(
    Manifest,
    dataset=datasets,
    options=st.dictionaries(
        typed, st.none() | st.booleans() | st.integers(-9, 9) | typed | st.lists(typed), max_size=3
    ),
    counts=st.dictionaries(typed, st.integers(0, 10**6), max_size=3),
    vocabulary=st.lists(vocabulary_tags, max_size=3, unique_by=lambda tag: tag_names.key(tag.name)).map(
        lambda found: tuple(sorted(found, key=lambda tag: tag.name))
    ),
    images=st.lists(images, max_size=3, unique_by=(lambda image: image.number, lambda image: image.name)).map(
        lambda found: tuple(sorted(found, key=lambda image: image.number))
    ),
)


def written(whole: Manifest) -> str:
    return manifest(whole.dataset, whole.options, whole.counts, whole.vocabulary, whole.images)


def example() -> Manifest:
    return Manifest(
        dataset=ManifestDataset("My cats", "my-cats", "img", "ohwx", captions.Profile.TAGS),
        options={"states": ["done"], "keep_metadata": False},
        counts={"images": 2, "captions": 1},
        vocabulary=(
            VocabularyTag("cat", "animal", 120, ("kitty", "pussy cat"), ("pet",), "Any cat."),
            VocabularyTag("pet"),
        ),
        images=(
            ExportedImage(
                1, "a/é.png", "a" * 64, "img_001.png", "b" * 64, "done", ("pet", "cat"), "A cat.", "ohwx, cat"
            ),
            ExportedImage(2, "b.png", "c" * 64, "img_002.png", "c" * 64, "todo", (), "", ""),
        ),
    )


@given(manifests)
def test_read_manifest_gives_back_what_was_written(whole: Manifest) -> None:
    assert read_manifest(written(whole)) == whole


def test_manifest_is_the_same_text_whatever_order_things_come_in() -> None:
    whole = example()
    text = manifest(
        whole.dataset,
        dict(reversed(list(whole.options.items()))),
        dict(reversed(list(whole.counts.items()))),
        [VocabularyTag("pet"), VocabularyTag("cat", "animal", 120, ("pussy cat", "kitty"), ("pet",), "Any cat.")],
        random.Random(1).sample(whole.images, 2),
    )

    assert text == written(whole)


def test_manifest_has_one_line_for_each_tag_and_image() -> None:
    lines = written(example()).splitlines()

    assert lines[:6] == [
        "{",
        ' "made_by": "Tagger",',
        ' "format": 1,',
        ' "dataset": {"name": "My cats", "slug": "my-cats", "prefix": "img", "trigger": "ohwx", "profile": "tags"},',
        ' "options": {"keep_metadata": false, "states": ["done"]},',
        ' "counts": {"captions": 1, "images": 2},',
    ]
    assert lines[6:8] == [
        ' "vocabulary": [',
        '  {"name": "cat", "category": "animal", "hue": 120, "aliases": ["kitty", "pussy cat"], '
        '"implications": ["pet"], "note": "Any cat."},',
    ]
    assert lines[9:12] == [
        " ],",
        ' "images": [',
        f'  {{"number": 1, "first_name": "a/é.png", "first_sha256": "{"a" * 64}", "name": "img_001.png", '
        f'"sha256": "{"b" * 64}", "state": "done", "tags": ["pet", "cat"], "description": "A cat.", '
        '"caption": "ohwx, cat"},',
    ]
    assert lines[13:] == [" ]", "}"]


def test_manifest_of_nothing_is_readable() -> None:
    empty = Manifest(example().dataset, {}, {}, (), ())

    assert read_manifest(written(empty)) == empty


def test_read_manifest_ignores_unknown_keys_and_a_bom() -> None:
    content = json.loads(written(example()))
    content["later"] = content["dataset"]["later"] = content["images"][0]["later"] = {"x": 1}

    assert read_manifest("\ufeff" + json.dumps(content)) == example()


def spoil(change: Callable[[Any], None]) -> str:
    content = json.loads(written(example()))
    change(content)
    return json.dumps(content)


def put(*path: str | int) -> Callable[[object], str]:
    """Return a function that puts a value at a place of the example."""

    def change(content: Any, value: object) -> None:
        for step in path[:-1]:
            content = content[step]
        content[path[-1]] = value

    return lambda value: spoil(lambda content: change(content, value))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "not JSON"),
        ("{", "not JSON"),
        ("[" * 100_000, "not JSON"),
        ('{"made_by": "Tagger", "format": NaN}', "not JSON"),
        ('{"format": ' + "9" * 5000 + "}", "not JSON"),
        ("[]", "not written by Tagger"),
        ('{"name": "a web app"}', "not written by Tagger"),
        ('{"made_by": "Tagger"}', "“format” in manifest.json is no whole number"),
        (put("format")(2), "format 2 .* update Tagger"),
        (put("format")(True), "“format” in manifest.json is no whole number"),
        (put("dataset")([]), "“dataset” is no object"),
        (put("dataset", "name")(1), "“name” in “dataset” is no text"),
        (put("dataset", "prefix")("Test"), "“prefix” in “dataset” is refused"),
        (put("dataset", "trigger")("a, b"), "“trigger” in “dataset” is refused"),
        (put("dataset", "profile")("all"), "“profile” in “dataset” is refused"),
        (put("options")(None), "“options” is no object"),
        (put("options", "x")({"y": "\ud800"}), "holds half a character"),
        (put("counts", "images")(-1), "“images” in “counts” is no whole number"),
        (put("counts", "images")("2"), "“images” in “counts” is no whole number"),
        (put("vocabulary")({}), "“vocabulary” in manifest.json is no list"),
        (put("vocabulary", 1)("pet"), "entry 2 of “vocabulary” is no object"),
        (put("vocabulary", 1, "name")("a,b"), "“name” in entry 2 of “vocabulary” is refused"),
        (put("vocabulary", 1, "name")("Kitty"), "“name” is kitty in two entries"),
        (put("vocabulary", 0, "aliases")("kitty"), "“aliases” in entry 1 of “vocabulary” is no list"),
        (put("vocabulary", 0, "hue")(1.5), "“hue” in entry 1 of “vocabulary” is no whole number"),
        (put("images", 0, "number")(0), "“number” in entry 1 of “images” is no whole number"),
        (put("images", 0, "number")(2**31), "“number” in entry 1 of “images” is no whole number"),
        (put("images", 0, "number")(2), "“number” is 2 in two entries"),
        (put("images", 0, "name")("img_002.png"), "“name” is img_002.png in two entries"),
        (put("images", 0, "name")("../a.png"), "“name” in entry 1 of “images” is refused"),
        (put("images", 0, "name")("/a.png"), "“name” in entry 1 of “images” is refused"),
        (put("images", 0, "name")("a\\b.png"), "“name” in entry 1 of “images” is refused"),
        (put("images", 0, "sha256")("B" * 64), "“sha256” in entry 1 of “images” is refused"),
        (put("images", 0, "first_sha256")(None), "“first_sha256” in entry 1 of “images” is no text"),
        (put("images", 0, "state")("lost"), "“state” in entry 1 of “images” is refused"),
        (put("images", 0, "tags")(["a", 1]), "“tags” in entry 1 of “images” is no text"),
        (put("images", 0, "tags")(["a", "A"]), "“tags” in entry 1 of “images” names one thing twice"),
        (put("images", 0, "tags")(["\ud800"]), "“tags” in entry 1 of “images” is no text"),
        (put("images", 0, "description")("x" * 5001), "“description” in entry 1 of “images” is refused"),
        (put("images", 0, "caption")("a\0"), "“caption” in entry 1 of “images” is no text"),
    ],
)
def test_read_manifest_refuses_with_the_place(text: str, sentence: str) -> None:
    with pytest.raises(ValueError, match=sentence):
        read_manifest(text)


def test_is_manifest_knows_ours_of_any_format() -> None:
    assert is_manifest('{"made_by": "Tagger", "format": 99}')


@pytest.mark.parametrize("text", ["", "[]", "null", '{"name": "a web app"}', '{"made_by": "other"}', "[" * 100_000])
def test_is_manifest_leaves_others(text: str) -> None:
    assert not is_manifest(text)
