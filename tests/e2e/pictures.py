import colorsys
import os
import shutil
from collections.abc import Mapping
from pathlib import Path

from PIL import Image, ImageDraw

SIZE = (320, 240)
MANY = 20


def picture(number: int, size: tuple[int, int] = SIZE) -> Image.Image:
    """A picture unlike those of other numbers: a disc on a ground of its own colour, `number` bars along the bottom."""
    width, height = size
    drawn = Image.new("RGB", size, colour(number, value=0.9))
    draw = ImageDraw.Draw(drawn)
    side = min(size) / 2
    left = (width - side) * (number % 5) / 4
    draw.ellipse((left, side / 4, left + side, side * 5 / 4), fill=colour(number + 5, value=0.6))
    for bar in range(number):
        x = 4 + 6 * bar % width
        draw.line((x, height - 12, x, height - 4), fill="white", width=2)
    return drawn


def photographs_of(folder: str) -> list[Path]:
    return sorted(path for path in Path(folder).iterdir() if path.suffix in (".jpg", ".png")) if folder else []


def colour(number: int, value: float) -> tuple[int, int, int]:
    # Steps of the golden angle: neighbours differ, and none comes twice.
    red, green, blue = colorsys.hsv_to_rgb(number * 0.618 % 1, 0.5, value)
    return round(red * 255), round(green * 255), round(blue * 255)


def picture_folder(folder: Path, count: int, captions: Mapping[int, str] | None = None) -> Path:
    """Fills a new folder with `picture-1.png` … and the caption files that `captions` names by number.

    Where TAGGER_TEST_PHOTOS names a folder of as many photographs, they take the place of drawn ones in large folders.
    """
    folder.mkdir(parents=True)
    photographs = photographs_of(os.environ.get("TAGGER_TEST_PHOTOS", ""))
    for number in range(1, count + 1):
        if MANY <= count <= len(photographs):
            photograph = photographs[number - 1]
            shutil.copy(photograph, folder / f"picture-{number}{photograph.suffix}")
        else:
            picture(number).save(folder / f"picture-{number}.png")
    for number, text in (captions or {}).items():
        (folder / f"picture-{number}.txt").write_text(text, encoding="utf-8")
    return folder
