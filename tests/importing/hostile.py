"""A folder of several hundred entries as nobody would wish for: each is to be accounted for, and nothing else read."""

import gzip
import io
import os
import random
import socket
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Final

from PIL import Image as Pillow

from tests.importing.pictures import drawn, encoded, png, put

FORMATS: Final = ("JPEG", "PNG", "WEBP", "BMP", "GIF", "TIFF", "AVIF")
NAMES: Final = (
    b"new\nline.png",
    b"carriage\rreturn.png",
    b"tab\there.png",
    b"<script>alert(1)<-script>.png",
    b"\xff\xfe not text.png",
    b"caf\xe9.png",
    "caf\N{LATIN SMALL LETTER E WITH ACUTE}.png".encode(),
    "cafe\N{COMBINING ACUTE ACCENT}.png".encode(),
    "\N{RIGHT-TO-LEFT OVERRIDE}gnp.exe.png".encode(),
    "\N{CAT FACE}\N{ZERO WIDTH JOINER}.png".encode(),
    b"-rf.png",
    b"--help.png",
    b" blank first.png",
    b"blank last .png",
    b"'quoted' \"twice\".png",
    b"100%s {0} $HOME `id`.png",
    b"back\\slash.png",
    b"..png",
    b"...hidden.png",
    b"CON.png",
    b"tags.png",
    b"metadata.png",
    b"UPPER.PNG",
    b"no extension",
    b"l" * 250 + b".png",
)
# Folders that an import passes over, beside those whose names begin with a sign.
NOT_ENTERED: Final = (b"lost+found", b"an installation", b"an export")
# Heads of files that are no pictures.
HEADS: Final = {
    "vector.svg": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>",
    "post.eps": b"%!PS-Adobe-3.0 EPSF-3.0\n(%pipe%touch /tmp/owned) (w) file",
    "letter.pdf": b"%PDF-1.7\n",
    "phone.heic": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "film.mp4": b"\0\0\0\x18ftypisom\0\0\0\0isommp42",
    "program.png": b"\x7fELF\x02\x01\x01",
    "page.html": b"<!doctype html><img src=x onerror=alert(1)>",
    "pickle.png": b"\x80\x04\x95cos\nsystem\n",
    "notes.md": b"# notes",
    "nothing.png": b"",
    "zeros.jpg": bytes(5000),
    "pointer.png": b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
    "._double.jpg": b"\x00\x05\x16\x07\x00\x02\x00\x00",
}


def build(root: Path, outside: Path) -> None:
    """Fill `root`; links in it lead to `outside`, which must stay unread."""
    root.mkdir()
    outside.mkdir()
    (outside / "secret.png").write_bytes(png((50, 50)))
    os.mkfifo(outside / "pipe.png")
    _good(root)
    _damaged(root)
    _bombs(root)
    _strange_names(root)
    _captions(root)
    _twins(root)
    _no_files(root, outside)
    _not_entered(root)


def _good(root: Path) -> None:
    put(root, *(f"good/{n} {'x' * n}.{end}" for n in range(6) for end in ("jpg", "png", "webp", "gif", "bmp", "tif")))
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        _write(root, f"modes/{mode.replace(';', '')}.png", encoded(drawn().convert("L").convert(mode), "PNG"))
    _write(root, "modes/cmyk.jpg", encoded(drawn(mode="CMYK"), "JPEG"))
    for turn in range(1, 9):
        exif = Pillow.Exif()
        exif[0x0112] = turn
        _write(root, f"turned/{turn}.jpg", encoded(drawn((60, 40)), "JPEG", exif=exif.tobytes()))
    _write(root, "moving.gif", encoded(drawn(), "GIF", save_all=True, append_images=[drawn() for _ in range(30)]))


def _damaged(root: Path) -> None:
    chance = random.Random(1)
    for kind in FORMATS:
        whole = encoded(drawn((300, 200)), kind)
        for share in (0.02, 0.3, 0.6, 0.95):
            _write(root, f"cut/{kind} {share}.{kind.lower()}", whole[: int(len(whole) * share)])
        for number in range(6):
            bad = bytearray(whole)
            for _ in range(8):
                bad[chance.randrange(len(bad))] = chance.randrange(256)
            _write(root, f"flipped/{kind} {number}.{kind.lower()}", bytes(bad))
        _write(root, f"renamed/{kind}.{'png' if kind != 'PNG' else 'jpg'}", whole)
    for name, head in HEADS.items():
        _write(root, f"heads/{name}", head)
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("a.png", png())
    _write(root, "heads/archive.zip", zipped.getvalue())
    _write(root, "heads/archive.png", zipped.getvalue())
    _write(root, "heads/archive.gz", gzip.compress(png()))


def _bombs(root: Path) -> None:
    """Small files that ask for much: memory, time, or both."""
    _write(root, "bombs/130 megapixels.png", _png_of_zeros(13_000, 10_000))
    _write(root, "bombs/enormous header.png", _png_of_zeros(2**31 - 1, 2**31 - 1, rows=0))
    _write(root, "bombs/one row.png", _png_of_zeros(1_000_000, 1))
    _write(root, "bombs/text.png", _png_of_zeros(64, 64, text=zlib.compress(bytes(200 * 2**20))))
    _write(
        root,
        "bombs/header.bmp",
        b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 60000, 60000, 1, 24, *[0] * 6),
    )
    gif = bytearray(encoded(drawn(), "GIF"))
    gif[6:10] = struct.pack("<HH", 65535, 65535)
    _write(root, "bombs/canvas.gif", bytes(gif))
    with (root / "bombs/huge.jpg").open("wb") as file:
        file.write(encoded(drawn(), "JPEG"))
        file.truncate(600 * 2**20)  # sparse: takes no room


def _png_of_zeros(width: int, height: int, *, rows: int | None = None, text: bytes = b"") -> bytes:
    packed = zlib.compressobj(9)
    line = bytes(1 + -(-width // 8)) if width < 2**24 else b""
    data = b"".join(packed.compress(line) for _ in range(height if rows is None else rows)) + packed.flush()
    chunks = [(b"IHDR", struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0))]
    if text:
        chunks.append((b"zTXt", b"prompt\0\0" + text))
    chunks += [(b"IDAT", data), (b"IEND", b"")]
    body = (struct.pack(">I", len(d)) + kind + d + struct.pack(">I", zlib.crc32(kind + d)) for kind, d in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def _strange_names(root: Path) -> None:
    for folder in (b"names", b"names/\xff\xfe folder", b"names/new\nline", b"names/a [b] {c} * ?"):
        path = root / os.fsdecode(folder)
        path.mkdir()
        for name in NAMES:
            (path / os.fsdecode(name)).write_bytes(png())
    put(root, *(f"deep/{'/'.join('abcdefghijklmnopqrst'[:n])}/{n}.png" for n in range(1, 20)))


def _captions(root: Path) -> None:
    words = {
        "utf8": "cat, café".encode(),
        "mark": b"\xef\xbb\xbfcat, caf\xc3\xa9",
        "utf16le": "cat, café".encode("utf-16"),
        "utf16be": b"\xfe\xff" + "cat, café".encode("utf-16-be"),
        "utf16cut": "cat, café".encode("utf-16")[:-1],
        "latin": b"cat, caf\xe9",
        "empty": b"",
        "blank": b" \n\t ",
        "nul": b"cat\0, dog\0",
        "lines": b"cat\r\ndog\r\nfish",
        "sentence": b"A cat sits in the sun. It sleeps.",
        "script": b"<script>alert(1)</script>, cat",
        "long tag": b"x" * 300,
        "many": ", ".join(f"tag {n}" for n in range(3000)).encode(),
        "commas": b"," * 100_000,
        "marks": ("a" + "\N{COMBINING ACUTE ACCENT}" * 20_000).encode(),
        "too long": b"cat, " * 400_000,
        "random": random.Random(2).randbytes(4000),
        "override": "cat\N{RIGHT-TO-LEFT OVERRIDE}, dog".encode(),
    }
    for name, raw in words.items():
        (picture,) = put(root, f"captions/{name}.png")
        picture.with_suffix(".txt").write_bytes(raw)
    _write(root, "captions/of nothing.txt", b"cat")
    _write(root, "captions/UPPER.TXT", b"cat")
    put(root, "captions/upper.png")
    put(root, "captions/folder.png")
    (root / "captions/folder.txt").mkdir()


def _twins(root: Path) -> None:
    put(root, "stems/a.jpg", "stems/a.jpeg", "stems/a.png", "stems/A.png", "stems/a.png.png")
    _write(root, "stems/a.txt", b"cat")
    _write(root, "stems/a.png.txt", b"dog")
    first = (root / "stems/a.png").read_bytes()
    for number in range(5):
        _write(root, f"twins/{number}.png", first)
    os.link(root / "stems/a.jpg", root / "twins/hard link.jpg")


def _no_files(root: Path, outside: Path) -> None:
    folder = root / "no files"
    folder.mkdir()
    os.mkfifo(folder / "pipe.png")
    os.mkfifo(folder / "pipe.txt")
    put(folder, "pipe.jpg")
    place = Path.cwd()
    os.chdir(folder)  # the path of a socket is short
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind("socket.png")
    os.chdir(place)
    links: dict[str, str | Path] = {
        "out.png": outside / "secret.png",
        "out.txt": outside / "secret.png",
        "out": outside,
        "pipe outside.png": outside / "pipe.png",
        "up": root,
        "self": "self",
        "nowhere.png": "gone.png",
        "zero.png": "/dev/zero",
        "memory.png": "/proc/self/mem",
        "passwd.txt": "/etc/passwd",
    }
    for name, target in links.items():
        (folder / name).symlink_to(target)


def _not_entered(root: Path) -> None:
    for name in (".git", ".thumbnails", "@eaDir", "#recycle", "$RECYCLE.BIN", "lost+found", ".ipynb_checkpoints"):
        put(root, f"{name}/shadow.png", f"good/{name}/shadow.png")
    put(root, "an installation/originals/a.png")
    _write(root, "an installation/tagger.sqlite3", b"SQLite format 3\0")
    put(root, "an export/img_001.png")
    _write(root, "an export/manifest.json", b'{\n "made_by": "Tagger",\n "format": 1, damaged')
    put(root, "a web page/a.png")
    _write(root, "a web page/manifest.json", b'{"name": "a web page"}')


def _write(root: Path, name: str, data: bytes) -> None:
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
