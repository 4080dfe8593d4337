"""What a decode really takes, at the limits of what is accepted: each in a process of its own."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

_TAKE_IN = """
import re, sys
from pathlib import Path
from tagging.imaging.intake import take_in
from tagging.imaging.limits import Limits
take_in(sys.argv[1], sys.argv[2], Limits())
print(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])
"""


@pytest.mark.soak
@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="the peak of a process is read from /proc")
@pytest.mark.parametrize(
    ("kind", "mode", "side", "options"),
    [
        ("JPEG", "RGB", 10_950, {}),
        ("JPEG", "RGB", 9470, {"progressive": True}),
        ("PNG", "RGB", 10_950, {"compress_level": 1}),
        ("PNG", "RGBA", 8850, {"compress_level": 1}),
        ("PNG", "P", 10_950, {"compress_level": 1}),
        ("WEBP", "RGB", 6260, {"method": 0}),
        ("WEBP", "RGBA", 6260, {"lossless": True, "quality": 0, "method": 0}),
        ("AVIF", "RGB", 8340, {"speed": 10}),
        ("AVIF", "RGBA", 8340, {"speed": 10}),
        ("TIFF", "RGB", 10_950, {"compression": "tiff_lzw"}),
        ("BMP", "RGB", 10_950, {}),
    ],
)
def test_largest_accepted_picture_stays_below_a_gibibyte(
    tmp_path: Path, kind: str, mode: str, side: int, options: dict[str, Any]
) -> None:
    path = tmp_path / "large"
    Image.linear_gradient("L").resize((side, side)).convert(mode).save(path, kind, **options)

    done = subprocess.run(
        [sys.executable, "-c", _TAKE_IN, str(path), str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert int(done.stdout) < 840 * 1024
