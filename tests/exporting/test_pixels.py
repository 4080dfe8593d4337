import io
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tagging.models import Dataset, Person
from tagging.services.exporting import export_folder, exported_file
from tests.exporting import pictures
from tests.exporting.pictures import contents

pytestmark = pytest.mark.django_db

CORNERS = {"top left": (255, 0, 0), "top right": (0, 255, 0), "bottom left": (0, 0, 255), "bottom right": (255, 255, 0)}
# For each orientation, how Pillow turns an upright picture into the one that is stored
STORED = {
    1: None,
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_90,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_270,
}


def corners(path: Path) -> dict[str, tuple[int, int, int]]:
    with Pillow.open(path) as picture:
        seen = picture.convert("RGB")
    right, bottom = seen.width - 4, seen.height - 4
    places = {"top left": (4, 4), "top right": (right, 4), "bottom left": (4, bottom), "bottom right": (right, bottom)}
    return {name: nearest(seen.getpixel(place)) for name, place in places.items()}


def nearest(pixel: object) -> tuple[int, int, int]:
    """JPEG is not exact: the corner's colour that this one was."""
    assert isinstance(pixel, tuple)
    return min(CORNERS.values(), key=lambda corner: sum(abs(a - b) for a, b in zip(corner, pixel, strict=True)))


@pytest.mark.parametrize("orientation", STORED)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_picture_is_written_upright(cats: Dataset, ada: Person, tmp_path: Path, kind: str, orientation: int) -> None:
    turn = STORED[orientation]
    stored = pictures.drawn() if turn is None else pictures.drawn().transpose(turn)
    data = pictures.encoded(stored, kind, exif=pictures.exif(orientation=orientation), quality=95)
    pictures.store(cats, data, tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada)

    path = tmp_path / "out" / result.names[1]
    with Pillow.open(path) as written:
        size, turned = written.size, written.getexif().get(0x0112, 1)
    assert (corners(path), size, turned) == (CORNERS, pictures.SIZE, 1)


@pytest.mark.parametrize(
    ("data", "extension"),
    [
        (pictures.png, "png"),
        (pictures.jpeg, "jpg"),
        (pictures.webp, "webp"),
        (lambda: pictures.encoded(pictures.drawn().convert("L"), "PNG"), "png"),
        (lambda: pictures.encoded(pictures.drawn().convert("P"), "PNG"), "png"),
        (lambda: pictures.encoded(pictures.drawn().convert("1"), "PNG"), "png"),
        (lambda: pictures.encoded(pictures.drawn().convert("RGBA"), "PNG"), "png"),
    ],
)
def test_bytes_every_trainer_reads_alike_are_unchanged(
    cats: Dataset, ada: Person, tmp_path: Path, data: object, extension: str
) -> None:
    original = data()  # type: ignore[operator]
    pictures.store(cats, original, tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    assert (tmp_path / f"out/img_001.{extension}").read_bytes() == original


@pytest.mark.parametrize(
    "data",
    [
        pictures.transparent,
        pictures.deep,
        lambda: pictures.encoded(pictures.drawn(), "GIF"),
        lambda: pictures.encoded(pictures.drawn(), "BMP"),
        lambda: pictures.encoded(pictures.drawn(), "TIFF"),
        lambda: pictures.encoded(pictures.drawn(), "AVIF"),
        lambda: pictures.encoded(
            pictures.drawn(), "PNG", save_all=True, append_images=[Pillow.new("RGB", pictures.SIZE)]
        ),
        lambda: pictures.encoded(
            pictures.drawn(), "WEBP", save_all=True, append_images=[Pillow.new("RGB", pictures.SIZE)]
        ),
    ],
)
def test_anything_else_becomes_a_png_of_eight_bit_rgb(cats: Dataset, ada: Person, tmp_path: Path, data: object) -> None:
    pictures.store(cats, data(), tags=["cat"])  # type: ignore[operator]

    export_folder(cats, tmp_path / "out", by=ada)

    with Pillow.open(tmp_path / "out/img_001.png") as written:
        assert (written.format, written.mode in ("RGB", "L"), getattr(written, "n_frames", 1)) == ("PNG", True, 1)


def test_cmyk_jpeg_stays_a_jpeg_in_rgb(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.encoded(pictures.drawn().convert("CMYK"), "JPEG"), tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    with Pillow.open(tmp_path / "out/img_001.jpg") as written:
        assert (written.mode, corners(tmp_path / "out/img_001.jpg")) == ("RGB", CORNERS)


def test_hidden_colour_under_transparency_becomes_white(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.transparent(), tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    with Pillow.open(tmp_path / "out/img_001.png") as written:
        assert written.convert("RGB").getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bit_ramp_stays_a_ramp(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.deep(), tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    with Pillow.open(tmp_path / "out/img_001.png") as written:
        row = [written.convert("L").getpixel((x, 0)) for x in (0, 64, 128, 255)]
    assert row == [0, 64, 128, 255]


SECRETS = {
    "jpeg exif": lambda: pictures.jpeg(exif=pictures.exif(secret="KAFKA-17")),
    "jpeg comment": lambda: pictures.jpeg(comment=b"KAFKA-17"),
    "jpeg xmp": lambda: pictures.jpeg(xmp=b"<x:xmpmeta>KAFKA-17</x:xmpmeta>"),
    "png texts": lambda: pictures.png(pnginfo=pictures.prompt("KAFKA-17")),
    "png exif": lambda: pictures.png(exif=pictures.exif(secret="KAFKA-17")),
    "webp exif": lambda: pictures.webp(exif=pictures.exif(secret="KAFKA-17")),
    "webp xmp": lambda: pictures.webp(xmp=b"<x:xmpmeta>KAFKA-17</x:xmpmeta>"),
    "turned jpeg": lambda: pictures.jpeg(exif=pictures.exif(orientation=6, secret="KAFKA-17")),
}


@pytest.mark.parametrize("where", SECRETS)
def test_nothing_private_leaves(cats: Dataset, ada: Person, tmp_path: Path, where: str) -> None:
    data = SECRETS[where]()
    assert b"KAFKA-17" in data
    pictures.store(cats, data, tags=["cat"])

    export_folder(cats, tmp_path / "out", by=ada)

    assert not [name for name, content in contents(tmp_path / "out").items() if b"KAFKA-17" in content]


@pytest.mark.parametrize("where", [name for name in SECRETS if "turned" not in name])
def test_metadata_is_cut_without_touching_pixels(cats: Dataset, ada: Person, tmp_path: Path, where: str) -> None:
    data = SECRETS[where]()
    pictures.store(cats, data, tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada)

    with Pillow.open(io.BytesIO(data)) as before, Pillow.open(tmp_path / "out" / result.names[1]) as after:
        assert after.tobytes() == before.tobytes()


@pytest.mark.parametrize("where", SECRETS)
def test_metadata_stays_when_asked(cats: Dataset, ada: Person, tmp_path: Path, where: str) -> None:
    pictures.store(cats, SECRETS[where](), tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada, keep_metadata=True)

    assert b"KAFKA-17" in (tmp_path / "out" / result.names[1]).read_bytes()


def test_export_after_one_that_kept_metadata_holds_none(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, SECRETS["turned jpeg"](), tags=["cat"])
    export_folder(cats, tmp_path / "out", by=ada, keep_metadata=True)

    export_folder(cats, tmp_path / "out", by=ada)

    assert b"KAFKA-17" not in (tmp_path / "out/img_001.jpg").read_bytes()


@pytest.mark.parametrize("data", [pictures.png, pictures.transparent, SECRETS["png texts"], SECRETS["turned jpeg"]])
def test_exported_file_is_what_the_export_holds(cats: Dataset, ada: Person, tmp_path: Path, data: object) -> None:
    image = pictures.store(cats, data(), tags=["cat"])  # type: ignore[operator]
    path, content_type, extension = exported_file(image)
    served = path.read_bytes()

    export_folder(cats, tmp_path / "out", by=ada)

    written = (tmp_path / f"out/img_001.{extension}").read_bytes()
    assert (written == served, content_type) == (True, {"png": "image/png", "jpg": "image/jpeg"}[extension])


def test_exported_file_is_made_once(cats: Dataset) -> None:
    image = pictures.store(cats, pictures.transparent())
    first, _, _ = exported_file(image)
    made_at = first.stat().st_mtime_ns

    second, _, _ = exported_file(image)

    assert (second, second.stat().st_mtime_ns) == (first, made_at)


def test_exported_file_of_a_missing_original_is_missing(cats: Dataset) -> None:
    image = pictures.store(cats)
    exported_file(image)[0].unlink()

    with pytest.raises(FileNotFoundError):
        exported_file(image)


def test_two_originals_that_differ_in_metadata_only_are_two_images(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    picture = pictures.drawn()
    for secret in ("one", "other"):
        data = pictures.encoded(picture, "JPEG", exif=pictures.exif(secret=secret))
        pictures.store(cats, data, tags=[secret])

    export_folder(cats, tmp_path / "out", by=ada)

    files = contents(tmp_path / "out")
    assert (files["img_001.jpg"] == files["img_002.jpg"], files["img_001.txt"], files["img_002.txt"]) == (
        True,
        b"one",
        b"other",
    )
