from pathlib import Path

import pytest
from PIL import Image, ImageChops

from tests.samples.draw import PICTURES, SAMPLES, draw_all


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    draw_all(folder)
    return folder


@pytest.mark.parametrize("name", PICTURES)
def test_sample_is_what_drawing_it_again_gives(name: str, drawn: Path) -> None:
    committed, again = (Image.open(folder / name).convert("RGB") for folder in (SAMPLES, drawn))

    shades = ImageChops.difference(committed, again).convert("L").histogram()

    # Mathematical libraries differ in the last digit, which may move the shade of an edge here and there.
    assert (shades[0] >= committed.width * committed.height - 50, sum(shades[8:])) == (True, 0)


def test_samples_hold_only_pictures_and_captions_of_them() -> None:
    captions = {f"{Path(name).stem}.txt" for name in PICTURES}

    strangers = {path.name for path in SAMPLES.iterdir()} - set(PICTURES) - captions

    assert strangers == set()


def test_samples_leave_some_pictures_to_tag() -> None:
    untagged = [name for name in PICTURES if not (SAMPLES / name).with_suffix(".txt").exists()]

    assert untagged == ["coral-fish.jpg", "dunes.jpg", "winter-forest.jpg"]


@pytest.mark.parametrize("name", PICTURES)
def test_sample_is_small_enough_to_commit(name: str) -> None:
    assert (SAMPLES / name).stat().st_size < 40_000
