"""Sizes of the small pictures, and when a file is its own screen rendition."""

from pathlib import Path

from tagging.imaging.probe import probe
from tagging.imaging.thumbnails import decode_and_thumbnail, screen
from tests.imaging import pictures
from tests.imaging.pictures import LIMITS


def test_thumbnail_of_a_large_picture_is_320_on_its_longer_side(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb((3000, 1999)), "JPEG", 6))

    made = decode_and_thumbnail(path, probe(path, LIMITS))

    assert (made.thumb_width, made.thumb_height) == (320, 213)
    assert pictures.distance(pictures.centres(pictures.opened(made.thumb)), pictures.samples()["RGB"].seen) <= 5


def test_thumbnail_of_a_thin_strip_keeps_a_pixel(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb((6000, 16))))

    made = decode_and_thumbnail(path, probe(path, LIMITS))

    assert (made.thumb_width, made.thumb_height) == (320, 1)


def test_screen_is_at_most_2048_a_side(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb((1200, 2400)), "JPEG"))

    made = screen(path, probe(path, LIMITS))

    assert (made.width, made.height) == (1024, 2048)


def test_same_picture_gives_the_same_thumbnail(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb((800, 600))))
    header = probe(path, LIMITS)

    assert decode_and_thumbnail(path, header) == decode_and_thumbnail(path, header)
