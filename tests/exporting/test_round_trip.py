"""Export, import into an empty data folder, export: the same bytes."""

import itertools
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis
from hypothesis import strategies as st
from PIL import Image as Pillow

from tagging.domain import captions, tag_names
from tagging.models import Dataset, ImageTag, Person, Tag
from tests import factories
from tests.exporting import pictures
from tests.exporting.pictures import contents

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.slow]

WORDS = [
    "cat",
    "Long Hair",
    "(o)_(o)",
    "猫",
    "é",
    "a|b {c}",
    "\\(x\\)",
    "null",
    "ohwx",
    "1990",
    "👩‍👩‍👧",
    ">_<",
    "test",
    "A cat.",
]
SENTENCES = ["", "A cat.", "ohwx sleeps, and snores", "«Ça», dit-il. 猫!", "1990", "cat", 'He said "no"', "long " * 60]
NAMES = ["Cats", "Ada's cats, and 'dogs'", "猫 & <b>", '"quoted" \\ cats']

images = st.fixed_dictionaries(
    {
        "kind": st.sampled_from(["png", "jpeg", "webp", "turned", "transparent", "twin", "prompt"]),
        "tags": st.lists(st.sampled_from(WORDS), max_size=5, unique_by=tag_names.key),
        "description": st.sampled_from(SENTENCES).map(captions.normalise_description),
        "state": st.sampled_from(["todo", "done", "reviewed", "rejected"]),
        "gap": st.sampled_from([0, 0, 0, 1, 7, 1000]),
    }
)
datasets = st.fixed_dictionaries(
    {
        "name": st.sampled_from(NAMES),
        "prefix": st.sampled_from(["img", "cat2"]),
        "trigger": st.sampled_from(["", "ohwx", "ohwx woman", "猫"]),
        "profile": st.sampled_from(["tags", "description", "tags+description"]),
        "images": st.lists(images, min_size=1, max_size=5),
        "aliases": st.lists(st.sampled_from(["kitty", "Tom Cat", "κατ"]), max_size=2, unique=True),
        "category": st.sampled_from(["", "colour", "Ort, Zeit"]),
        "hue": st.integers(1, 8),
        "note": st.sampled_from(["", "seen from behind"]),
        "hidden": st.booleans(),
    }
)
_examples = itertools.count()


def picture(kind: str, number: int, twin: Pillow.Image) -> bytes:
    match kind:
        case "jpeg":
            return pictures.jpeg()
        case "webp":
            return pictures.webp()
        case "turned":
            return pictures.jpeg(exif=pictures.exif(orientation=6))
        case "transparent":
            return pictures.transparent()
        case "twin":  # pixels that several images share, behind metadata of their own
            return pictures.encoded(twin, "JPEG", exif=pictures.exif(secret=str(number)))
        case "prompt":
            return pictures.png(pnginfo=pictures.prompt("a prompt"))
        case _:
            return pictures.png()


def build(told: dict[str, Any]) -> None:
    """A dataset as people may have left it."""
    owner, _ = Person.objects.get_or_create(username="ada", defaults={"is_superuser": True})
    settings = {name: told[name] for name in ("name", "prefix", "trigger", "profile")}
    made = factories.dataset("round", owner=owner, **settings)
    twin, number = pictures.drawn(), 0
    for each in told["images"]:
        number += 1 + each["gap"]
        data = picture(each["kind"], number, twin)
        words = {name: each[name] for name in ("tags", "description", "state")}
        pictures.store(made, data, number, name=f"Bild {number} (1).heic", **words)
    kept = factories.tag(made, "whiskers", note=told["note"])
    for alias in told["aliases"]:
        factories.tag(made, alias, alias_of=kept)
    if told["category"]:
        Tag.objects.filter(pk=kept.pk).update(category=made.categories.create(name=told["category"], hue=told["hue"]))
    factories.tag(made, "deleted", hidden=told["hidden"])


def forget() -> None:
    ImageTag.objects.all().delete()
    Dataset.objects.all().delete()


def check(told: dict[str, Any], folder: Path, settings: Any) -> None:
    forget()
    settings.TAGGER_DATA_DIR = folder / "first data"
    build(told)
    call_command("export_dir", str(folder / "first"), untagged="image", state="todo,done,reviewed")
    forget()
    settings.TAGGER_DATA_DIR = folder / "second data"

    call_command("import_dir", str(folder / "first"), "--quiet", "--workers", "1")
    call_command("export_dir", str(folder / "second"), untagged="image", state="todo,done,reviewed")

    assert contents(folder / "second") == contents(folder / "first")


def one_going(told: dict[str, Any]) -> bool:
    return any(each["state"] != "rejected" for each in told["images"])


@hypothesis(max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(told=datasets.filter(one_going))
def test_round_trip_gives_the_same_bytes(told: dict[str, Any], tmp_path: Path, settings: Any) -> None:
    check(told, tmp_path / str(next(_examples)), settings)


@pytest.mark.soak
@hypothesis(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck), database=None)
@given(told=datasets.filter(one_going))
def test_round_trips_of_many_datasets_give_the_same_bytes(told: dict[str, Any], tmp_path: Path, settings: Any) -> None:
    check(told, tmp_path / str(next(_examples)), settings)


def test_round_trip_of_all_at_once(tmp_path: Path, settings: Any) -> None:
    kinds = ["png", "jpeg", "webp", "turned", "transparent", "twin", "twin", "prompt"]
    told = {
        "name": NAMES[1],
        "prefix": "cat2",
        "trigger": "ohwx",
        "profile": "tags+description",
        "images": [
            {"kind": kind, "tags": WORDS[n:], "description": SENTENCES[n % 7], "state": state, "gap": n}
            for n, (kind, state) in enumerate(zip(kinds, ["todo", "done", "reviewed", "rejected"] * 2, strict=True))
        ],
        "aliases": ["kitty", "κατ"],
        "category": "Ort, Zeit",
        "hue": 5,
        "note": "seen from behind",
        "hidden": True,
    }

    check(told, tmp_path, settings)
