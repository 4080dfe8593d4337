import math
import random
from collections.abc import Sequence
from itertools import pairwise

from PIL import Image

from tests.samples.canvas import SCALE, Canvas, gradient


def mountain_lake() -> Image.Image:
    canvas = Canvas(640, 426, "#2b2d5b", "#6a4c7d", "#e08a7b", "#ffd9a0")
    canvas.disc(470, 92, 26, "#fff3d6")
    canvas.glow(470, 92, 130, "#6b5a48")
    draw_peaks(canvas, 276, ((60, 120, 150), (330, 176, 200), (540, 110, 150)), ("#a98aa3", "#8d6f93"))
    draw_peaks(canvas, 276, ((170, 132, 190), (450, 92, 150), (640, 128, 170)), ("#6d6390", "#524c7c"))
    canvas.ridge(262, 16, "#343c66", seed=3)
    shore = 276 * SCALE
    mirrored = canvas.image.crop((0, 0, canvas.image.width, shore)).transpose(Image.Transpose.FLIP_TOP_BOTTOM)
    water = gradient((canvas.image.width, canvas.image.height - shore), ("#31406e", "#1d2950"))
    canvas.image.paste(Image.blend(mirrored.crop((0, 0, *water.size)), water, 0.45), (0, shore))
    for x, y, length in (
        (430, 300, 90),
        (455, 318, 60),
        (440, 340, 80),
        (462, 366, 44),
        (60, 390, 120),
        (180, 330, 70),
    ):
        canvas.line([(x, y), (x + length, y)], "#8a83a6", 1.2)
    return canvas.finished()


def draw_peaks(
    canvas: Canvas, foot: float, peaks: Sequence[tuple[float, float, float]], colours: tuple[str, str]
) -> None:
    for x, height, half in peaks:
        top = foot - height
        canvas.polygon([(x - half, foot), (x, top), (x + half, foot)], colours[0])
        canvas.polygon(
            [(x, top), (x + half * 0.12, top + height * 0.4), (x - half * 0.1, foot), (x + half, foot)], colours[1]
        )


def sailing_boat() -> Image.Image:
    canvas = Canvas(640, 480, "#7fc4e8", "#cfeaf2", "#f7f3e3")
    canvas.disc(120, 100, 40, "#fff6c9")
    canvas.glow(120, 100, 170, "#3a3420")
    for number, colour in enumerate(("#5fb0c9", "#3f97b8", "#2a7ba3", "#1f628c", "#184d75")):
        top = 270 + number * 44
        crest = [(x, top + 7 * math.sin(x / (34 + 9 * number) + number * 2)) for x in range(0, 641, 4)]
        if number == 2:
            draw_boat(canvas, 360, top)
        canvas.polygon([(0, 480), *crest, (640, 480)], colour)
    for x, y in ((470, 90), (510, 112), (446, 128)):
        canvas.line([(x - 16, y - 6), (x - 7, y - 8), (x, y), (x + 7, y - 8), (x + 16, y - 6)], "#4b6a78", 2)
    return canvas.finished()


def draw_boat(canvas: Canvas, x: float, y: float) -> None:
    canvas.line([(x, y), (x, y - 190)], "#5b4636", 4)
    canvas.polygon([(x + 6, y - 186), (x + 96, y - 42), (x + 6, y - 36)], "#fffdf5")
    canvas.polygon([(x - 6, y - 168), (x - 70, y - 38), (x - 6, y - 34)], "#e4572e")
    canvas.polygon([(x - 92, y - 26), (x + 104, y - 26), (x + 74, y + 14), (x - 66, y + 14)], "#8c3b2a")
    canvas.line([(x - 90, y - 23), (x + 102, y - 23)], "#f2d7a0", 5)


def dunes() -> Image.Image:
    canvas = Canvas(640, 400, "#f6b26b", "#fbd79b", "#fdebc8")
    canvas.disc(480, 120, 46, "#fffbe8")
    canvas.glow(480, 120, 220, "#403018")
    layers = (
        ("#e0a15e", "#c98646", 230, 28, 210),
        ("#d08a45", "#ab6830", 280, 36, 150),
        ("#b9702f", "#8e4f1f", 345, 30, 190),
    )
    for number, (light, shade, base, swing, length) in enumerate(layers):
        line = [(x, base + swing * math.sin(x / length * math.pi + number * 1.9)) for x in range(0, 641, 4)]
        canvas.polygon([(0, 400), *line, (640, 400)], light)
        hollow = [(x, y + 16 + 70 * (1 + math.sin(x / length * math.pi + number * 1.9 - 1)) / 2) for x, y in line]
        canvas.polygon([(0, 400), *hollow, (640, 400)], shade)
    return canvas.finished()


def city_at_night() -> Image.Image:
    canvas = Canvas(640, 480, "#0b1030", "#1b2257", "#4a3a78")
    chance = random.Random(11)
    for _ in range(90):
        canvas.disc(chance.uniform(0, 640), chance.uniform(0, 260), chance.uniform(0.5, 1.4), "#dfe3ff")
    canvas.disc(520, 90, 38, "#f4efd2")
    canvas.disc(504, 80, 35, "#11163c")
    for colour, low, high, width in (("#252a5e", 180, 300, 62), ("#171a42", 110, 250, 78), ("#0a0c24", 60, 190, 94)):
        left = -chance.uniform(0, 40)
        while left < 640:
            wide, tall = chance.uniform(0.6, 1) * width, chance.uniform(low, high)
            canvas.box(left, 480 - tall, wide, tall, colour)
            light_windows(canvas, left, 480 - tall, wide, chance)
            left += wide + chance.uniform(0, 8)
    return canvas.finished()


def light_windows(canvas: Canvas, left: float, top: float, wide: float, chance: random.Random) -> None:
    for row in range(int((480 - top) / 16)):
        for column in range(int((wide - 10) / 12)):
            if chance.random() < 0.34:
                colour = chance.choice(("#ffd77a", "#ffc14d", "#fff0bd", "#8fd3ff"))
                canvas.box(left + 8 + column * 12, top + 9 + row * 16, 6, 8, colour)


def winter_forest() -> Image.Image:
    canvas = Canvas(640, 426, "#b9cfe4", "#dfe9f2", "#f7f5f2")
    canvas.ridge(210, 60, "#cbd8e6", seed=14)
    chance = random.Random(7)
    for base, size, green in ((300, 90, "#8fa9b8"), (345, 140, "#4f7480"), (400, 210, "#234a52")):
        canvas.ridge(base - 10, 8, "#eef3f8", seed=round(base), rough=0.4)
        for number in range(round(1500 / size)):
            x = (number + chance.uniform(0.1, 0.9)) * size * 640 / 1500
            draw_fir(canvas, x, base + chance.uniform(-6, 10), size * chance.uniform(0.75, 1.1), green)
    for _ in range(150):
        canvas.disc(chance.uniform(0, 640), chance.uniform(0, 426), chance.uniform(0.8, 2.2), "#ffffff")
    return canvas.finished()


def draw_fir(canvas: Canvas, x: float, y: float, size: float, green: str) -> None:
    canvas.box(x - size * 0.03, y - size * 0.1, size * 0.06, size * 0.12, "#5a4636")
    for tier in range(4):
        top, wide = y - size * (0.42 + tier * 0.19), size * (0.26 - tier * 0.05)
        foot = top + size * 0.34
        canvas.polygon([(x, top), (x + wide, foot), (x - wide, foot)], green)
        canvas.polygon([(x, top), (x + wide * 0.42, top + size * 0.14), (x - wide * 0.3, top + size * 0.1)], "#f4f8fb")


def lighthouse() -> Image.Image:
    canvas = Canvas(426, 640, "#23395b", "#406e8e", "#8ea8c3", "#f3c5a5")
    canvas.polygon([(214, 178), (-40, 90), (-40, 210)], "#5f86a3")
    canvas.polygon([(214, 178), (466, 90), (466, 210)], "#5f86a3")
    canvas.box(0, 500, 426, 140, "#2d5a78")
    for x, y, length in ((20, 520, 90), (300, 534, 110), (60, 560, 60), (330, 584, 70), (20, 610, 120)):
        canvas.line([(x, y), (x + length, y)], "#6f9bb5", 2)
    canvas.polygon([(70, 640), (110, 560), (160, 530), (280, 526), (330, 566), (376, 640)], "#3a3f47")
    sides = [(214 - 34 - 24 * part, 214 + 34 + 24 * part, 210 + 324 * part) for part in (0, 0.2, 0.4, 0.6, 0.8, 1)]
    for number, (above, below) in enumerate(pairwise(sides)):
        colour = ("#f5f1e8", "#d1495b")[number % 2]
        canvas.polygon([(above[0], above[2]), (above[1], above[2]), (below[1], below[2]), (below[0], below[2])], colour)
    canvas.box(172, 198, 84, 14, "#30343b", radius=4)
    canvas.box(188, 158, 52, 42, "#ffe9a8")
    canvas.glow(214, 178, 150, "#5a4a20")
    for x in (188, 213, 238):
        canvas.line([(x, 158), (x, 200)], "#30343b", 3)
    canvas.polygon([(178, 160), (250, 160), (214, 118)], "#a63446")
    for x, y in ((206, 300), (206, 420)):
        canvas.box(x, y, 16, 26, "#30343b", radius=8)
    return canvas.finished()
