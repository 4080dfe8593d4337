"""What a file is, by its first bytes and never by its name."""

from tagging.imaging.limits import Unusable

#: As many first bytes as `kind_of` wants to see.
HEAD = 4096

_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_HEIF_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})

_PICTURES: tuple[tuple[bytes, str], ...] = (
    (b"\xff\xd8\xff", "jpeg"),
    (b"\x89PNG\r\n\x1a\n", "png"),
    (b"GIF87a", "gif"),
    (b"GIF89a", "gif"),
    (b"II*\0", "tiff"),
    (b"MM\0*", "tiff"),
    (b"II+\0", "tiff"),
    (b"MM\0+", "tiff"),
)

_RAW = "It is a camera raw file; develop it to JPEG or PNG first."
_OTHERS: tuple[tuple[bytes, str], ...] = (
    (b"version https://git-lfs", "It is a Git LFS pointer; the picture itself has not been fetched."),
    (b"\x00\x05\x16\x07", "It is a companion file of macOS (AppleDouble), not a picture."),
    (b"%PDF", "It is a PDF document, not a picture."),
    (b"%!PS", "It is a PostScript file (EPS), which is never run here."),
    (b"\xc5\xd0\xd3\xc6", "It is a PostScript file (EPS), which is never run here."),
    (b"PK\x03\x04", "It is a zip archive; unpack it first."),
    (b"PK\x05\x06", "It is an empty zip archive."),
    (b"Rar!\x1a\x07", "It is a RAR archive; unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "It is a 7z archive; unpack it first."),
    (b"\x1f\x8b", "It is a gzip archive; unpack it first."),
    (b"BZh", "It is a bzip2 archive; unpack it first."),
    (b"\xfd7zXZ\x00", "It is an xz archive; unpack it first."),
    (b"\x28\xb5\x2f\xfd", "It is a zstd archive; unpack it first."),
    (b"8BPS", "It is a Photoshop document; save it as PNG or JPEG first."),
    (b"gimp xcf", "It is a GIMP document; save it as PNG or JPEG first."),
    (b"\xff\x0a", "It is a JPEG XL picture, which cannot be read here."),
    (b"\0\0\0\x0cJXL \r\n\x87\n", "It is a JPEG XL picture, which cannot be read here."),
    (b"\0\0\0\x0cjP  \r\n\x87\n", "It is a JPEG 2000 picture, which cannot be read here."),
    (b"\xff\x4f\xff\x51", "It is a JPEG 2000 picture, which cannot be read here."),
    (b"II\xbc", "It is a JPEG XR picture, which cannot be read here."),
    (b"FUJIFILMCCD-RAW", _RAW),
    (b"IIRO", _RAW),
    (b"IIRS", _RAW),
    (b"MMOR", _RAW),
    (b"IIU\0", _RAW),
    (b"FOVb", _RAW),
    (b"\0\0\x01\0", "It is an icon, not a picture."),
    (b"\0\0\x02\0", "It is a cursor, not a picture."),
    (b"DDS ", "It is a DDS texture, which cannot be read here."),
    (b"v/1\x01", "It is an OpenEXR picture, which cannot be read here."),
    (b"#?RADIANCE", "It is a Radiance picture, which cannot be read here."),
    (b"qoif", "It is a QOI picture, which cannot be read here."),
    (b"\x8aMNG", "It is an MNG animation, which cannot be read here."),
    (b"\x8bJNG", "It is a JNG picture, which cannot be read here."),
    (b"\x1a\x45\xdf\xa3", "It is a video, not a picture."),
    (b"FLV\x01", "It is a video, not a picture."),
    (b"OggS", "It is a sound or video file, not a picture."),
    (b"ID3", "It is a sound file, not a picture."),
    (b"SQLite format 3", "It is a database, not a picture."),
    (b"\x7fELF", "It is a program, not a picture."),
    (b"MZ", "It is a program, not a picture."),
)


def kind_of(head: bytes) -> str:
    """The format of a file from its first `HEAD` bytes.

    Returns:
        "jpeg", "png", "webp", "bmp", "gif", "tiff" or "avif".

    Raises:
        Unusable: it is something else; the sentence says what.
    """
    if not head:
        raise Unusable("It is empty.")
    for magic, kind in _PICTURES:
        if head.startswith(magic):
            if kind == "tiff" and head[8:10] == b"CR":
                raise Unusable(_RAW)
            return kind
    if head[:4] == b"RIFF":
        return _riff(head)
    if head[4:8] == b"ftyp":
        return _iso_media(head)
    if head[:2] == b"BM" and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    raise Unusable(_what_else(head))


def _riff(head: bytes) -> str:
    if head[8:12] == b"WEBP":
        return "webp"
    raise Unusable("It is a sound or video file, not a picture.")


def _iso_media(head: bytes) -> str:
    """The brands of the first box tell AVIF from HEIC from video (ISO 14496-12 §4.3)."""
    end = min(int.from_bytes(head[:4], "big"), len(head))
    brands = {head[8:12], *(head[at : at + 4] for at in range(16, end, 4))}
    if brands & {b"avif", b"avis"}:
        return "avif"
    if brands & _HEIF_BRANDS:
        raise Unusable("It is a HEIC picture, which cannot be read here; save it as JPEG first.")
    if b"crx " in brands:
        raise Unusable(_RAW)
    raise Unusable("It is a video, not a picture.")


def _what_else(head: bytes) -> str:
    for magic, sentence in _OTHERS:
        if head.startswith(magic):
            return sentence
    if head[257:262] == b"ustar":
        return "It is a tar archive; unpack it first."
    if not head.strip(b"\0"):
        return "It begins with zero bytes alone: a copy that was never finished."
    return _what_text(head)


def _what_text(head: bytes) -> str:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"<") and b"<svg" in head:
        return "It is an SVG drawing, not a picture of pixels."
    if b"\0" in head:
        return "Its content is no kind of picture that can be read here."
    try:
        # The head may end inside a character, which a file as a whole would not.
        head[: len(head) - 4 if len(head) == HEAD else None].decode("utf-8")
    except UnicodeDecodeError:
        return "Its content is no kind of picture that can be read here."
    return "It is a text file, not a picture."
