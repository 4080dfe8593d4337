"""Draws the pictures of samples/: `python -m tests.samples.draw`. Drawn, so that anybody may do anything with them."""

from collections.abc import Callable
from pathlib import Path

from PIL import Image

from tests.samples import landscapes, things

SAMPLES = Path(__file__).resolve().parents[2] / "samples"
PICTURES: dict[str, Callable[[], Image.Image]] = {
    "black-cat.png": things.black_cat,
    "city-at-night.png": landscapes.city_at_night,
    "coral-fish.jpg": things.coral_fish,
    "dunes.jpg": landscapes.dunes,
    "hot-air-balloons.jpg": things.hot_air_balloons,
    "lighthouse.png": landscapes.lighthouse,
    "mountain-lake.jpg": landscapes.mountain_lake,
    "oranges.png": things.oranges,
    "quarter-circles.png": things.quarter_circles,
    "sailing-boat.jpg": landscapes.sailing_boat,
    "sunflower.png": things.sunflower,
    "winter-forest.jpg": landscapes.winter_forest,
}


def draw_all(folder: Path) -> None:
    for name, draw in PICTURES.items():
        draw().save(folder / name, quality=82, optimize=True)


if __name__ == "__main__":
    draw_all(SAMPLES)
