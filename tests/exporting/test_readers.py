"""An export read the way each trainer reads it, by small readers with the rules of the real ones' source."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
import tomli
from PIL import Image as Pillow

from tagging.models import Dataset, Person
from tagging.services.exporting import export_folder
from tests.exporting import pictures

pytestmark = pytest.mark.django_db

WORDS = {
    1: (["cat", "(o)_(o)", "long hair", "a|b"], ""),
    2: (["猫", "👩‍👩‍👧", "[x:1.2]"], "A cat, asleep."),
    3: ([], "The ohwx sleeps."),
    4: ([], ""),
    10: (["1girl", "{a|b}", "\\(x\\)"], ""),
    11: (["null"], "1990"),
}


_made: dict[str, Path] = {}


@pytest.fixture(params=["tags", "description", "tags+description"])
def out(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export in each profile, made by the first test that reads it."""
    if request.param not in _made:
        cats, ada = request.getfixturevalue("cats"), request.getfixturevalue("ada")
        _made[request.param] = export(cats, ada, request.param, tmp_path_factory.mktemp("readers"))
    return _made[request.param]


def export(cats: Dataset, ada: Person, profile: str, folder: Path) -> Path:
    """Pictures of every kind, with a trigger word."""
    Dataset.objects.update(trigger="ohwx", profile=profile)
    kinds: list[Callable[[], bytes]] = [pictures.png, pictures.jpeg, pictures.webp, pictures.transparent, pictures.deep]
    kinds.append(lambda: pictures.jpeg(exif=pictures.exif(orientation=6)))
    for (number, (tags, description)), data in zip(WORDS.items(), kinds, strict=True):
        pictures.store(cats, data(), number, tags=tags, description=description)
    export_folder(cats, folder / "out", by=ada)
    return folder / "out"


def captions(out: Path) -> dict[str, str]:
    """What the export says itself, by picture name."""
    lines = (out / "metadata.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["file_name"]: row["text"] for row in map(json.loads, lines)}


def stems(out: Path) -> dict[str, str]:
    return {Path(name).stem: text for name, text in captions(out).items()}


def images(out: Path, extensions: set[str]) -> list[Path]:
    return sorted(path for path in out.iterdir() if path.suffix in extensions)


def test_kohya_takes_the_first_line_of_each_caption(out: Path) -> None:
    config = tomli.loads((out / "dataset.toml").read_text(encoding="utf-8"))
    extension = config["general"]["caption_extension"]

    read = {}
    for image in images(out, {".png", ".jpg", ".jpeg", ".webp", ".bmp"}):
        lines = image.with_suffix(extension).read_text(encoding="utf-8").split("\n")
        assert lines  # it stops training at a file of no bytes
        read[image.stem] = lines[0].strip()

    assert read == stems(out)


def test_kohya_knows_every_key_of_the_toml(out: Path) -> None:
    config = tomli.loads((out / "dataset.toml").read_text(encoding="utf-8"))

    subset = config["datasets"][0].pop("subsets")[0]
    assert (config, sorted(subset)) == (
        {
            "general": {
                "enable_bucket": True,
                "caption_extension": ".txt",
                "shuffle_caption": False,
                "keep_tokens": 1,
            },
            "datasets": [{"resolution": 1024, "batch_size": 1}],
        },
        ["class_tokens", "image_dir", "num_repeats"],
    )


def test_kohya_finds_no_other_image_by_the_beginning_of_a_name(out: Path) -> None:
    names = sorted(stems(out))

    assert not [(a, b) for a in names for b in names if a != b and b.startswith(a)]


def test_kohya_borrows_no_caption_by_underscores(out: Path) -> None:
    assert not [name for name in stems(out) if name.count("_") >= 4]


def test_kohya_sees_each_picture_as_it_is_shown(out: Path) -> None:
    # It knows no orientation and drops alpha.
    turned = {}
    for image in images(out, {".png", ".jpg", ".webp"}):
        with Pillow.open(image) as picture:
            turned[image.name] = (picture.getexif().get(0x0112, 1), "A" in picture.getbands())

    assert set(turned.values()) == {(1, False)}


def test_ai_toolkit_takes_the_whole_file_and_adds_no_trigger(out: Path) -> None:
    read = {}
    for image in images(out, {".png", ".jpg", ".jpeg", ".webp"}):
        prompt = image.with_suffix(".txt").read_bytes().decode("utf-8").replace("[trigger]", "ohwx")
        read[image.stem] = prompt if "ohwx" in prompt else f"ohwx {prompt}"

    assert read == stems(out)


def test_ai_toolkit_finds_no_caption_for_the_whole_folder(out: Path) -> None:
    assert not (out / "default.txt").exists()


def test_onetrainer_draws_from_one_line(out: Path) -> None:
    extensions = {".bmp", ".jpg", ".jpeg", ".png", ".tif", ".tiff", ".webp", ".avif"}
    read = {}
    for image in images(out, extensions):
        if not image.stem.endswith(("-masklabel", "-condlabel")):
            text = image.with_suffix(".txt").read_text(encoding="utf-8")
            read[image.stem] = [line.strip() for line in text.splitlines() if line.strip()]

    assert read == {stem: [text] for stem, text in stems(out).items()}


def test_hugging_face_pairs_each_row_with_a_picture(out: Path) -> None:
    rows = [json.loads(line) for line in (out / "metadata.jsonl").read_text(encoding="utf-8").splitlines()]

    assert [(next(iter(row)), (out / row["file_name"]).is_file()) for row in rows] == [("file_name", True)] * len(WORDS)


def test_hugging_face_takes_the_files_that_the_card_names(out: Path) -> None:
    card = (out / "README.md").read_text(encoding="utf-8").split("---\n")[1]
    patterns = re.findall(r"^ +- \"?([^\"\s]+)\"?$", card, re.MULTILINE)

    named = {path.name for pattern in patterns for path in out.glob(pattern)}

    assert named == {*captions(out), "metadata.jsonl"}


def test_hugging_face_finds_no_split_in_a_name(out: Path) -> None:
    word = r"(?:train|training|validation|valid|dev|val|test|testing|eval|evaluation)"

    assert not [path.name for path in out.iterdir() if re.search(rf"(?:^|[-._ 0-9]){word}(?:[-._ 0-9]|$)", path.name)]


def test_simpletuner_finds_a_caption_with_words_for_each_picture(out: Path) -> None:
    read = {}
    for image in images(out, {".png", ".jpg", ".jpeg", ".webp", ".gif", ".tif"}):
        text = image.with_suffix(".txt").read_text(encoding="utf-8")
        read[image.stem] = [line.strip() for line in text.split("\n") if line.strip()]

    assert read == {stem: [text] for stem, text in stems(out).items()}


def test_diffusion_pipe_finds_captions_of_pictures_alone(out: Path) -> None:
    # All that is no .txt .npz .json .parquet .bak .db is taken for a picture, and skipped without a caption.
    taken = [path for path in out.iterdir() if path.suffix not in {".txt", ".npz", ".json", ".parquet", ".bak", ".db"}]

    read = {p.stem: p.with_suffix(".txt").read_text("utf-8").strip() for p in taken if p.with_suffix(".txt").exists()}

    assert read == stems(out)


def test_civitai_finds_the_trigger_in_front(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    by_tags = manifest["dataset"]["profile"] != "description"
    described = {
        image["name"] for image in manifest["images"] if image["description"] and not (by_tags and image["tags"])
    }

    matched = {}
    for name, text in captions(out).items():
        matched[name] = bool(re.search(r"(^| )ohwx( |$)" if name in described else r"^ohwx(,|$)", text))

    assert set(matched.values()) == {True}


def test_taggui_saves_the_same_bytes(out: Path) -> None:
    changed = []
    for caption in out.glob("img_*.txt"):
        tags = [tag.strip() for tag in caption.read_text(encoding="utf-8", errors="replace").split(", ") if tag.strip()]
        if ", ".join(tags).encode() != caption.read_bytes():
            changed.append(caption.name)

    assert changed == []


def test_every_client_reads_bytes_without_mark_or_line_break(out: Path) -> None:
    odd = [
        path.name
        for path in out.glob("img_*.txt")
        if not path.read_bytes()
        or path.read_bytes().startswith(b"\xef\xbb\xbf")
        or re.search(rb"[\r\n]", path.read_bytes())
    ]

    assert odd == []


def test_names_reach_every_client(out: Path) -> None:
    assert not [name for name in captions(out) if not re.fullmatch(r"[a-z0-9]+_[0-9]{3,}\.(png|jpg|webp)", name)]
