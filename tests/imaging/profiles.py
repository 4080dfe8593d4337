"""Colour profiles whose effect can be worked out by hand."""

import struct

from PIL import ImageCms

_CURVE_LINEAR = b"curv\0\0\0\0" + struct.pack(">I", 0)


def srgb() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def red_and_blue_swapped() -> bytes:
    """sRGB whose red primary is named blue and the other way round: a pixel (r, g, b) means sRGB's (b, g, r)."""
    return srgb().replace(b"rXYZ", b"????", 1).replace(b"bXYZ", b"rXYZ", 1).replace(b"????", b"bXYZ", 1)


def linear_grey() -> bytes:
    """Grey without any gamma: level v means light v / 255."""
    return _profile(b"GRAY", b"XYZ ", b"mntr", {b"kTRC": _CURVE_LINEAR, b"wtpt": _white()})


def black_ink_only() -> bytes:
    """CMYK in which cyan, magenta and yellow leave no trace: lightness is 100 − K."""
    grid = b"".join(bytes([0 if black else 255, 128, 128]) for _ in range(8) for black in (0, 1))
    table = bytes(range(256))
    identity = struct.pack(">9i", 65536, 0, 0, 0, 65536, 0, 0, 0, 65536)
    lut = b"mft1\0\0\0\0" + bytes([4, 3, 2, 0]) + identity + table * 4 + grid + table * 3
    return _profile(b"CMYK", b"Lab ", b"prtr", {b"A2B0": lut, b"wtpt": _white()})


def _white() -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", 63190, 65536, 54061)


def _profile(space: bytes, connection: bytes, kind: bytes, tags: dict[bytes, bytes]) -> bytes:
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    size = start + len(body)
    header = struct.pack(">I4sI4s4s4s", size, b"lcms", 0x02400000, kind, space, connection)
    header += b"\0" * 12 + b"acsp" + b"\0" * 28 + struct.pack(">3i", 63190, 65536, 54061)
    return header.ljust(128, b"\0") + table + body
