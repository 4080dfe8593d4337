import json
import os
from pathlib import Path

import pytest
from django.conf import settings

from tagging.errors import Gone, Refused
from tagging.models import Dataset, Export, Person, Tag
from tagging.services import image_tags
from tagging.services.exporting import Reason, export_folder
from tagging.services.exporting.rendered import original_of
from tests import factories
from tests.exporting import pictures
from tests.exporting.pictures import contents, names

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


def test_export_replaces_an_earlier_one_whole(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    image = pictures.store(cats, tags=["cat"])
    pictures.store(cats, tags=["dog"], state="done")
    export_folder(cats, tmp_path / "out", by=ada)
    image_tags.set_all(image, "tabby", revision=0, by=ada)

    export_folder(cats, tmp_path / "out", by=ada, states=("todo",))

    assert (
        names(tmp_path),
        (tmp_path / "out/img_001.txt").read_text(),
        len(contents(tmp_path / "out")),
    ) == (
        ["data", "out"],
        "tabby",
        7,
    )


def test_export_makes_missing_folders_above_it(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])

    export_folder(cats, tmp_path / "a/b/out", by=ada)

    assert (tmp_path / "a/b/out/img_001.png").exists()


def test_export_goes_where_a_link_points(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")

    export_folder(cats, tmp_path / "out", by=ada)

    assert ((tmp_path / "out").is_symlink(), (tmp_path / "elsewhere/img_001.png").exists()) == (True, True)


def test_export_keeps_the_mode_of_the_folder_it_replaces(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "out").mkdir()
    (tmp_path / "out").chmod(0o2770)

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / "out").stat().st_mode & 0o7777 == 0o2770


@pytest.mark.parametrize(
    ("prepare", "words"),
    [
        (lambda of: None, "import a folder first"),
        (pictures.store, "Tag the images or set a trigger word"),
        (lambda of: pictures.store(of, tags=["cat"], state="rejected"), "Reopen"),
        (lambda of: factories.image(of, tags=["cat"]), "restore the data folder"),
    ],
)
def test_export_of_nothing_says_what_to_do(
    cats: Dataset, ada: Person, tmp_path: Path, prepare: object, words: str
) -> None:
    prepare(cats)  # type: ignore[operator]

    with pytest.raises(Refused, match=words):
        export_folder(cats, tmp_path / "out", by=ada)

    assert not (tmp_path / "out").exists()


def test_export_of_nothing_leaves_the_earlier_one(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada)
    before = contents(tmp_path / "out")

    with pytest.raises(Refused, match="Let more states in"):
        export_folder(cats, tmp_path / "out", by=ada, states=("reviewed",))

    assert contents(tmp_path / "out") == before


def test_damaged_original_is_left_out_and_names_close_up(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, number=7, tags=["cat"])
    damaged = pictures.store(cats, number=1000, tags=["dog"])
    path = original_of(damaged)
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(path.read_bytes()[:-20] + b"\0" * 20)

    result = export_folder(cats, tmp_path / "out", by=ada)

    assert (
        result.plan.reasons,
        (tmp_path / "out/tags.txt").read_text(),
        (tmp_path / "out/img_007.txt").read_text(),
    ) == (
        {Reason.DAMAGED: 1},
        "cat\n",
        "cat",
    )


def test_original_that_vanishes_while_exporting_is_left_out(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    second = original_of(pictures.store(cats, tags=["dog"]))
    assert second is not None

    result = export_folder(cats, tmp_path / "out", by=ada, progress=lambda *_: second.unlink(missing_ok=True))

    assert (result.plan.reasons, sorted(result.names)) == ({Reason.MISSING: 1}, [1])


def test_link_shares_originals_whose_bytes_stay(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    plain = pictures.store(cats, tags=["cat"])
    pictures.store(cats, pictures.transparent(), tags=["dog"])

    result = export_folder(cats, tmp_path / "out", by=ada, link=True)

    linked = [(tmp_path / "out" / name).samefile(original_of(plain) or "") for name in result.names.values()]
    assert (result.linked, linked) == (1, [True, False])


def test_link_gives_the_same_bytes_as_copying(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "copied", by=ada)

    export_folder(cats, tmp_path / "linked", by=ada, link=True)

    assert contents(tmp_path / "linked") == contents(tmp_path / "copied")


def test_replacing_a_linked_export_keeps_the_originals(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    image = pictures.store(cats, tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada, link=True)

    export_folder(cats, tmp_path / "out", by=ada)

    path = original_of(image)
    assert path is not None
    assert (path.stat().st_nlink, path.stat().st_mode & 0o777) == (1, 0o444)


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
