import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image as Pillow

from tagging.models import Dataset, Person
from tagging.services.exporting import export_folder, exported_file
from tests.exporting import pictures
from tests.exporting.pictures import contents

pytestmark = pytest.mark.django_db

BLACK = Pillow.new("RGB", pictures.SIZE)
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


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_pictures_are_written_upright(cats: Dataset, ada: Person, tmp_path: Path, kind: str) -> None:
    for orientation, turn in STORED.items():
        stored = pictures.drawn() if turn is None else pictures.drawn().transpose(turn)
        exif = pictures.exif(orientation=orientation)
        pictures.store(cats, pictures.encoded(stored, kind, exif=exif, quality=95), orientation, tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada)

    written = {number: seen(tmp_path / "out" / name) for number, name in result.names.items()}
    assert written == dict.fromkeys(STORED, (CORNERS, pictures.SIZE, 1))


def seen(path: Path) -> tuple[dict[str, tuple[int, int, int]], tuple[int, int], int]:
    """A picture to somebody who does not know orientations, and the orientation that it says it has."""
    with Pillow.open(path) as written:
        return corners(path), written.size, written.getexif().get(0x0112, 1)


UNCHANGED: dict[str, Callable[[], bytes]] = {
    "rgb png": pictures.png,
    "jpeg": pictures.jpeg,
    "webp": pictures.webp,
    "grey png": lambda: pictures.encoded(pictures.drawn().convert("L"), "PNG"),
    "palette png": lambda: pictures.encoded(pictures.drawn().convert("P"), "PNG"),
    "1-bit png": lambda: pictures.encoded(pictures.drawn().convert("1"), "PNG"),
    "opaque rgba png": lambda: pictures.encoded(pictures.drawn().convert("RGBA"), "PNG"),
}


def test_bytes_every_trainer_reads_alike_are_unchanged(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    originals = {name: make() for name, make in UNCHANGED.items()}
    for data in originals.values():
        pictures.store(cats, data, tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada)

    written = [(tmp_path / "out" / name).read_bytes() for name in result.names.values()]
    assert [name for name, data in zip(originals, written, strict=True) if originals[name] != data] == []


CONVERTED: dict[str, Callable[[], bytes]] = {
    "transparent": pictures.transparent,
    "16 bits": pictures.deep,
    "gif": lambda: pictures.encoded(pictures.drawn(), "GIF"),
    "bmp": lambda: pictures.encoded(pictures.drawn(), "BMP"),
    "tiff": lambda: pictures.encoded(pictures.drawn(), "TIFF"),
    "avif": lambda: pictures.encoded(pictures.drawn(), "AVIF"),
    "animated png": lambda: pictures.encoded(pictures.drawn(), "PNG", save_all=True, append_images=[BLACK]),
    "animated webp": lambda: pictures.encoded(pictures.drawn(), "WEBP", save_all=True, append_images=[BLACK]),
}


def test_anything_else_becomes_a_png_of_eight_bit_rgb(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    for make in CONVERTED.values():
        pictures.store(cats, make(), tags=["cat"])

    result = export_folder(cats, tmp_path / "out", by=ada)

    found = {}
    for kind, name in zip(CONVERTED, result.names.values(), strict=True):
        with Pillow.open(tmp_path / "out" / name) as written:
            found[kind] = (Path(name).suffix, written.mode in ("RGB", "L"), getattr(written, "n_frames", 1))
    assert found == dict.fromkeys(CONVERTED, (".png", True, 1))


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


SECRETS: dict[str, Callable[[], bytes]] = {
    "jpeg exif": lambda: pictures.jpeg(exif=pictures.exif(secret="KAFKA-17")),
    "jpeg comment": lambda: pictures.jpeg(comment=b"KAFKA-17"),
    "jpeg xmp": lambda: pictures.jpeg(xmp=b"<x:xmpmeta>KAFKA-17</x:xmpmeta>"),
    "png texts": lambda: pictures.png(pnginfo=pictures.prompt("KAFKA-17")),
    "png exif": lambda: pictures.png(exif=pictures.exif(secret="KAFKA-17")),
    "webp exif": lambda: pictures.webp(exif=pictures.exif(secret="KAFKA-17")),
    "webp xmp": lambda: pictures.webp(xmp=b"<x:xmpmeta>KAFKA-17</x:xmpmeta>"),
    "turned jpeg": lambda: pictures.jpeg(exif=pictures.exif(orientation=6, secret="KAFKA-17")),
}


@pytest.fixture
def secrets(cats: Dataset) -> dict[str, bytes]:
    """Images with a secret in every place that metadata has."""
    made = {where: make() for where, make in SECRETS.items()}
    assert [where for where, data in made.items() if b"KAFKA-17" not in data] == []
    for data in made.values():
        pictures.store(cats, data, tags=["cat"])
    return made


def test_nothing_private_leaves(cats: Dataset, ada: Person, tmp_path: Path, secrets: dict[str, bytes]) -> None:
    export_folder(cats, tmp_path / "out", by=ada)

    files = contents(tmp_path / "out")
    assert [name for name, content in files.items() if b"KAFKA-17" in content or b"GPS" in content] == []


def test_metadata_is_cut_without_touching_pixels(
    cats: Dataset, ada: Person, tmp_path: Path, secrets: dict[str, bytes]
) -> None:
    result = export_folder(cats, tmp_path / "out", by=ada)

    touched = []
    for (where, data), name in zip(secrets.items(), result.names.values(), strict=True):
        with Pillow.open(io.BytesIO(data)) as before, Pillow.open(tmp_path / "out" / name) as after:
            if after.tobytes() != before.tobytes():
                touched.append(where)
    assert touched == ["turned jpeg"]


def test_metadata_stays_when_asked(cats: Dataset, ada: Person, tmp_path: Path, secrets: dict[str, bytes]) -> None:
    result = export_folder(cats, tmp_path / "out", by=ada, keep_metadata=True)

    kept = [b"KAFKA-17" in (tmp_path / "out" / name).read_bytes() for name in result.names.values()]
    assert kept == [True] * len(secrets)


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
