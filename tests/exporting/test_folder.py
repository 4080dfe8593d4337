"""What is in an exported folder, byte by byte."""

import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from tagging.errors import Gone
from tagging.models import Dataset, Export, Person, Tag
from tagging.services.exporting import export_folder
from tagging.services.exporting.rendered import original_of
from tests import factories
from tests.exporting import pictures
from tests.exporting.pictures import contents

pytestmark = pytest.mark.django_db


def manifest_in(folder: Path) -> dict[str, object]:
    content: dict[str, object] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return content


def test_export_holds_pictures_captions_and_five_files(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.png(), tags=["cat"])
    pictures.store(cats, pictures.jpeg(), tags=["dog"])

    export_folder(cats, tmp_path / "out", by=ada)

    assert sorted(contents(tmp_path / "out")) == [
        "README.md",
        "dataset.toml",
        "img_001.png",
        "img_001.txt",
        "img_002.jpg",
        "img_002.txt",
        "manifest.json",
        "metadata.jsonl",
        "tags.txt",
    ]


def test_captions_are_one_line_of_utf8_without_end(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["長い髪", "(o)_(o)", "a|b <c> \\(d\\)", "👩‍👩‍👧"])

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / "out/img_001.txt").read_bytes() == "長い髪, (o)_(o), a|b <c> \\(d\\), 👩‍👩‍👧".encode()


def test_tags_txt_lists_tags_in_use_most_used_first(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["zebra", "ant", "bee"])
    pictures.store(cats, tags=["zebra", "bee"])
    pictures.store(cats, tags=["ant", "only on a rejected one"], state="rejected")
    factories.tag(cats, "unused")

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / "out/tags.txt").read_text(encoding="utf-8") == "bee\nzebra\nant\n"


def test_metadata_names_the_file_first_then_its_caption(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    Dataset.objects.update(trigger="ohwx")
    pictures.store(cats, tags=["cat", "ü"], description="A cat.")
    pictures.store(cats)

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / "out/metadata.jsonl").read_text(encoding="utf-8") == (
        '{"file_name": "img_001.png", "text": "ohwx, cat, ü, A cat.", "tags": ["cat", "ü"]}\n'
        '{"file_name": "img_002.png", "text": "ohwx", "tags": []}\n'
    )


def test_image_without_caption_goes_out_without_caption_file(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats)

    export_folder(cats, tmp_path / "out", by=ada, untagged="image")

    assert [name for name in contents(tmp_path / "out") if name.startswith("img_")] == ["img_001.png"]


def test_manifest_holds_the_whole_vocabulary_people_see(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    colour = cats.categories.create(name="colour", hue=3)
    factories.tag(cats, "red", category=colour, note="not pink")
    factories.tag(cats, "crimson", alias_of=Tag.objects.get(name="red"))
    factories.tag(cats, "deleted", hidden=True)

    export_folder(cats, tmp_path / "out", by=ada)

    assert manifest_in(tmp_path / "out")["vocabulary"] == [
        {"name": "cat", "category": "", "hue": 0, "aliases": [], "implications": [], "note": ""},
        {"name": "red", "category": "colour", "hue": 3, "aliases": ["crimson"], "implications": [], "note": "not pink"},
    ]


def test_manifest_keeps_the_name_and_hash_an_image_first_had(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"], first_name="IMG 1234.HEIC", first_sha256="f" * 64, number=7, state="done")

    export_folder(cats, tmp_path / "out", by=ada)

    image = manifest_in(tmp_path / "out")["images"][0]  # type: ignore[index]
    assert {name: image[name] for name in ("number", "first_name", "first_sha256", "name", "state")} == {
        "number": 7,
        "first_name": "IMG 1234.HEIC",
        "first_sha256": "f" * 64,
        "name": "img_007.png",
        "state": "done",
    }


def test_nothing_in_an_export_names_a_place_of_this_machine(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    Dataset.objects.update(source_folder=str(tmp_path / "secret source"))
    pictures.store(cats, tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    assert not [name for name, content in contents(tmp_path / "out").items() if os.fsencode(tmp_path) in content]


def test_two_exports_are_the_same_bytes(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.jpeg(exif=pictures.exif(orientation=6)), tags=["cat"])
    pictures.store(cats, pictures.transparent(), description="A cat.")
    first = export_folder(cats, tmp_path / "one", by=ada)
    for image in first.plan.images:
        os.utime(original_of(image.row) or "", (0, 0))

    export_folder(cats, tmp_path / "other", by=ada)

    assert contents(tmp_path / "other") == contents(tmp_path / "one")


def test_export_made_anew_from_originals_is_the_same_bytes(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.jpeg(exif=pictures.exif(orientation=3)), tags=["cat"])
    export_folder(cats, tmp_path / "one", by=ada)
    for kept in (Path(settings.TAGGER_DATA_DIR) / "renditions").rglob("*.file.*"):
        kept.unlink()

    export_folder(cats, tmp_path / "other", by=ada)

    assert contents(tmp_path / "other") == contents(tmp_path / "one")


def test_export_is_recorded_with_who_and_what(cats: Dataset, vera: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats)

    export_folder(cats, tmp_path / "out", by=vera, profile="tags")

    made = Export.objects.get()
    assert (made.person, made.target, made.profile, made.counts, made.at_seq) == (
        vera,
        str(tmp_path / "out"),
        "tags",
        {"images": 1, "left_out": 1},
        cats.change_seq,
    )


def test_stranger_cannot_export(cats: Dataset, eve: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])

    with pytest.raises(Gone):
        export_folder(cats, tmp_path / "out", by=eve)


def test_hidden_tag_is_in_no_file(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    factories.tag(cats, "unspeakable", hidden=True)

    export_folder(cats, tmp_path / "out", by=ada)

    assert not [name for name, content in contents(tmp_path / "out").items() if b"unspeakable" in content]


def test_any_tag_reaches_its_caption_as_it_is(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    tags = ["null", "1990", "none", "..", "con", 'a"b', "a\\b", "{a|b}", "'", "🐈", "0.5", "True", "- a", "#"]
    for tag in tags:
        pictures.store(cats, tags=[tag])

    result = export_folder(cats, tmp_path / "out", by=ada)

    lines = (tmp_path / "out/metadata.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [(tmp_path / f"out/{Path(name).stem}.txt").read_text(encoding="utf-8") for name in result.names.values()]
    assert (texts, [json.loads(line)["text"] for line in lines]) == (tags, tags)
