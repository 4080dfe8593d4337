import random
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image, ImageChops, ImageColor, ImageDraw, ImageFilter

# Drawn at twice the size and reduced at the end, which smooths every edge.
SCALE = 2
Point = tuple[float, float]


class Canvas:
    """A picture in the making. Lengths are in pixels of the finished picture; (0, 0) is its upper left corner."""

    def __init__(self, width: int, height: int, *ground: str) -> None:
        self.width, self.height = width, height
        self.image = gradient((width * SCALE, height * SCALE), ground)
        self.draw = ImageDraw.Draw(self.image)

    def polygon(self, points: Sequence[Point], colour: str) -> None:
        self.draw.polygon([(x * SCALE, y * SCALE) for x, y in points], fill=colour)

    def box(self, x: float, y: float, width: float, height: float, colour: str, *, radius: float = 0) -> None:
        corners = (x * SCALE, y * SCALE, (x + width) * SCALE - 1, (y + height) * SCALE - 1)
        self.draw.rounded_rectangle(corners, radius * SCALE, fill=colour)

    def disc(self, x: float, y: float, radius: float, colour: str, flat: float = 1) -> None:
        corners = ((x - radius) * SCALE, (y - radius * flat) * SCALE, (x + radius) * SCALE, (y + radius * flat) * SCALE)
        self.draw.ellipse(corners, fill=colour)

    def slice(self, x: float, y: float, radius: float, turn: tuple[float, float], colour: str) -> None:
        corners = ((x - radius) * SCALE, (y - radius) * SCALE, (x + radius) * SCALE, (y + radius) * SCALE)
        self.draw.pieslice(corners, *turn, fill=colour)

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        scaled = [(x * SCALE, y * SCALE) for x, y in points]
        self.draw.line(scaled, fill=colour, width=round(width * SCALE), joint="curve")

    def glow(self, x: float, y: float, radius: float, colour: str) -> None:
        """Lightens what is there, less and less towards the radius."""
        light = Image.new("RGB", self.image.size)
        half = radius * SCALE / 2
        ImageDraw.Draw(light).ellipse((x * SCALE - half, y * SCALE - half, x * SCALE + half, y * SCALE + half), colour)
        self.image.paste(ImageChops.screen(self.image, light.filter(ImageFilter.BoxBlur(half / 2))))

    def ridge(self, base: float, height: float, colour: str, seed: int, rough: float = 0.5) -> list[Point]:
        """Fills all below a mountain line; returns the line."""
        chance = random.Random(seed)
        heights = [0.0, 0.0]
        spread = height
        while len(heights) < 128:
            between = [(a + b) / 2 + chance.uniform(-spread, spread) for a, b in pairwise(heights)]
            heights = [value for pair in zip(heights, between, strict=False) for value in pair] + heights[-1:]
            spread *= rough
        step = self.width / (len(heights) - 1)
        line = [(number * step, base - value) for number, value in enumerate(heights)]
        self.polygon([(0, self.height), *line, (self.width, self.height)], colour)
        return line

    def finished(self) -> Image.Image:
        return self.image.reduce(SCALE)


def gradient(size: tuple[int, int], colours: Sequence[str]) -> Image.Image:
    """Colours from top to bottom, evenly spread."""
    stops = [ImageColor.getrgb(colour)[:3] for colour in colours]
    column = Image.new("RGB", (1, size[1]))
    for y in range(size[1]):
        place = y / (size[1] - 1) * (len(stops) - 1)
        first = min(int(place), len(stops) - 2) if len(stops) > 1 else 0
        above, below = stops[first], stops[min(first + 1, len(stops) - 1)]
        mixed = [round(a + (b - a) * (place - first)) for a, b in zip(above, below, strict=True)]
        column.putpixel((0, y), (mixed[0], mixed[1], mixed[2]))
    return column.resize(size, Image.Resampling.NEAREST)
