import math
import random

from PIL import Image

from tests.samples.canvas import Canvas, gradient


def hot_air_balloons() -> Image.Image:
    canvas = Canvas(640, 480, "#8ecdf0", "#c9e7f2", "#fdf0d5")
    for x, y, size in ((90, 90, 34), (330, 60, 26), (560, 210, 30)):
        for shift, part in ((-1, 0.7), (0, 1.0), (1, 0.75)):
            canvas.disc(x + shift * size, y, size * part, "#f6fbfd", flat=0.55)
    canvas.ridge(380, 40, "#a8c98f", seed=21, rough=0.42)
    canvas.ridge(420, 34, "#7fae6a", seed=4, rough=0.42)
    canvas.ridge(455, 20, "#55893f", seed=9, rough=0.42)
    draw_balloon(canvas, 470, 120, 44, ("#2a9d8f", "#f4f1de"))
    draw_balloon(canvas, 130, 230, 36, ("#5b5f97", "#ffc145"))
    draw_balloon(canvas, 300, 170, 100, ("#e63946", "#ffb703"))
    return canvas.finished()


def draw_balloon(canvas: Canvas, x: float, y: float, radius: float, colours: tuple[str, str]) -> None:
    for side in (-1, 1):
        canvas.line(
            [(x + side * radius * 0.5, y + radius * 0.8), (x + side * radius * 0.14, y + radius * 1.6)], "#6b4f3a", 1.5
        )
    for number, part in enumerate((1, 0.72, 0.42, 0.14)):
        points = []
        for degree in range(0, 360, 4):
            around = math.radians(degree)
            # A circle whose lower half is drawn out to the mouth
            drop = 1 + 0.42 * max(0.0, math.sin(around)) ** 3
            narrow = 1 - 0.35 * max(0.0, math.sin(around)) ** 4
            points.append((x + radius * part * math.cos(around) * narrow, y + radius * math.sin(around) * drop * 0.97))
        canvas.polygon(points, colours[number % 2])
    canvas.box(x - radius * 0.16, y + radius * 1.58, radius * 0.32, radius * 0.26, "#7a5230", radius=radius * 0.05)


def oranges() -> Image.Image:
    canvas = Canvas(640, 480, "#f0e4d0", "#e8d3b4")
    canvas.box(0, 330, 640, 150, "#b9855a")
    canvas.box(0, 330, 640, 8, "#cf9d72")
    canvas.disc(330, 424, 190, "#9a6a43", flat=0.1)
    for x, y in ((240, 232), (330, 205), (420, 234), (285, 262), (376, 262)):
        canvas.disc(x, y, 56, "#e87a1d")
        canvas.disc(x - 6, y - 6, 48, "#f48c2a")
        canvas.disc(x - 18, y - 20, 13, "#fbb765")
        canvas.disc(x + 4, y - 42, 4, "#5a6b2b")
    canvas.polygon([(336, 164), (372, 128), (420, 132), (384, 166)], "#5c8a3a")
    canvas.line([(340, 164), (410, 136)], "#3f6628", 2)
    canvas.slice(330, 262, 172, (0, 180), "#2f6690")
    canvas.slice(330, 262, 172, (90, 180), "#3a7ca5")
    canvas.box(158, 254, 344, 18, "#81a4cd", radius=9)
    canvas.box(270, 416, 120, 18, "#274f70", radius=8)
    return canvas.finished()


def black_cat() -> Image.Image:
    canvas = Canvas(640, 480, "#f9a875", "#fbc99a", "#fde7c5")
    canvas.disc(420, 190, 120, "#ffdf9e")
    canvas.box(0, 392, 640, 88, "#4a2c2a")
    canvas.box(0, 380, 640, 22, "#6b403a")
    fur = "#2a2230"
    for step in range(120):
        around = step / 119 * math.pi * 1.5
        canvas.disc(
            330 + step * 1.1 + 26 * math.sin(around),
            374 - step * 0.75 + 14 * math.sin(around * 1.3),
            10 - step / 40,
            fur,
        )
    canvas.disc(270, 316, 84, fur, flat=0.92)
    canvas.disc(244, 208, 62, fur, flat=0.88)
    canvas.polygon([(190, 190), (184, 108), (238, 156)], fur)
    canvas.polygon([(298, 190), (304, 108), (250, 156)], fur)
    canvas.polygon([(198, 172), (194, 130), (222, 156)], "#7a4a58")
    canvas.polygon([(290, 172), (294, 130), (266, 156)], "#7a4a58")
    for x in (220, 268):
        canvas.disc(x, 204, 14, "#f2d14b", flat=0.85)
        canvas.disc(x, 204, 5, "#17121c", flat=2.2)
        canvas.disc(x + 4, 198, 3, "#fffbe6")
    canvas.polygon([(237, 226), (251, 226), (244, 234)], "#c9798a")
    for side, rise in ((-1, -4), (-1, 6), (1, -4), (1, 6)):
        canvas.line([(244 + side * 22, 234 + rise / 2), (244 + side * 84, 232 + rise * 2)], "#d8c7bd", 1.4)
    for x in (232, 292):
        canvas.box(x - 22, 362, 44, 26, fur, radius=13)
    return canvas.finished()


def sunflower() -> Image.Image:
    canvas = Canvas(480, 480, "#a7d3e8", "#d9edf0")
    canvas.line([(240, 250), (246, 380), (238, 480)], "#4e7d3a", 14)
    canvas.polygon([(244, 404), (330, 340), (400, 352), (336, 410)], "#5f9446")
    canvas.polygon([(242, 438), (160, 370), (90, 384), (150, 440)], "#568a40")
    for ring, (count, length, colour) in enumerate(((21, 172, "#e69a10"), (21, 150, "#f7b718"), (17, 126, "#ffd03b"))):
        for number in range(count):
            around = (number + ring / 2) * 2 * math.pi / count
            near, far, wide = 60, length, 0.13
            petal = [
                (240 + reach * math.cos(around + turn), 220 + reach * math.sin(around + turn))
                for reach, turn in ((near, -wide), (far * 0.72, -wide), (far, 0), (far * 0.72, wide), (near, wide))
            ]
            canvas.polygon(petal, colour)
    canvas.disc(240, 220, 78, "#4a2c17")
    for number in range(1, 190):
        around, reach = number * math.pi * (3 - math.sqrt(5)), 5.3 * math.sqrt(number)
        colour = "#8a5a2b" if number < 90 else "#6b3f1d"
        canvas.disc(240 + reach * math.cos(around), 220 + reach * math.sin(around), 2.6, colour)
    return canvas.finished()


def coral_fish() -> Image.Image:
    canvas = Canvas(640, 480, "#4cc3d9", "#1f86b4", "#0c3f6e")
    for x in (60, 210, 400, 560):
        canvas.polygon([(x, 0), (x + 46, 0), (x - 40, 480), (x - 150, 480)], "#3fb0ce")
    canvas.image.paste(Image.blend(canvas.image, gradient(canvas.image.size, ("#4cc3d9", "#1f86b4", "#0c3f6e")), 0.72))
    canvas.ridge(452, 16, "#d9b77e", seed=2)
    for x, colour, tall in ((70, "#e76f51", 120), (128, "#f4a261", 84), (560, "#c8553d", 140), (606, "#e9c46a", 90)):
        for turn in (-0.5, -0.18, 0.16, 0.48):
            canvas.line(
                [(x, 462), (x + tall * turn * 0.5, 462 - tall * 0.5), (x + tall * turn, 462 - tall)], colour, 11
            )
            canvas.disc(x + tall * turn, 462 - tall, 8, colour)
    for x, y, size, body, stripe in (
        (330, 230, 92, "#ff8c1a", "#fffaf0"),
        (150, 140, 44, "#ffd23f", "#3b3355"),
        (500, 120, 36, "#e05780", "#ffe5ec"),
    ):
        draw_fish(canvas, x, y, size, (body, stripe))
    for x, y, radius in ((446, 196, 9), (462, 166, 6), (452, 140, 4), (212, 108, 5), (218, 88, 3)):
        canvas.disc(x, y, radius, "#bfeaf2")
        canvas.disc(x, y, radius * 0.7, "#6fcbdd")
    return canvas.finished()


def draw_fish(canvas: Canvas, x: float, y: float, size: float, colours: tuple[str, str]) -> None:
    body, stripe = colours
    canvas.polygon(
        [(x - size * 0.8, y), (x - size * 1.5, y - size * 0.5), (x - size * 1.3, y), (x - size * 1.5, y + size * 0.5)],
        body,
    )
    canvas.polygon(
        [(x - size * 0.5, y - size * 0.45), (x + size * 0.1, y - size * 0.95), (x + size * 0.45, y - size * 0.4)], body
    )
    canvas.disc(x, y, size, body, flat=0.58)
    for place in (-0.42, 0.2):
        half = 0.56 * math.sqrt(1 - place**2)
        canvas.polygon(
            [
                (x + size * (place - 0.09), y - size * half),
                (x + size * (place + 0.11), y - size * half * 0.97),
                (x + size * (place + 0.11), y + size * half * 0.97),
                (x + size * (place - 0.09), y + size * half),
            ],
            stripe,
        )
    canvas.disc(x + size * 0.66, y - size * 0.1, size * 0.12, "#ffffff")
    canvas.disc(x + size * 0.69, y - size * 0.1, size * 0.07, "#1b1b2f")


def quarter_circles() -> Image.Image:
    canvas = Canvas(512, 512, "#f4efe6")
    palette = ("#264653", "#2a9d8f", "#e9c46a", "#f4a261", "#e76f51", "#f4efe6")
    chance = random.Random(31)
    for row in range(4):
        for column in range(4):
            ground, outer, inner = chance.sample(palette, 3)
            canvas.box(column * 128, row * 128, 128, 128, ground)
            corner = chance.randrange(4)
            x, y = column * 128 + 128 * (corner in (1, 2)), row * 128 + 128 * (corner in (2, 3))
            for radius, colour in ((128, outer), (84, inner), (40, ground)):
                canvas.slice(x, y, radius, (corner * 90, corner * 90 + 90), colour)
    return canvas.finished()
