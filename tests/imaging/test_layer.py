"""What makes this layer one: no Django, seven formats and no interpreter, one decode at a time."""

import subprocess
import sys
import threading
from pathlib import Path

from PIL import Image

from tagging.imaging.limits import BAD_FILE
from tagging.imaging.probe import CONTENT_TYPES, EXTENSIONS
from tagging.imaging.reader import opened
from tests.imaging import pictures

_PROBE = "import sys, tagging.imaging.intake, tagging.imaging.render; from PIL import Image; "


def _says(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", _PROBE + code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_imaging_loads_without_django() -> None:
    assert _says("print(any(name.split('.')[0] == 'django' for name in sys.modules))") == "False"


def test_only_wanted_decoders_are_registered() -> None:
    assert _says("print('EPS' in Image.OPEN, 'PDF' in Image.OPEN, 'WMF' in Image.OPEN)") == "False False False"


def test_every_format_has_an_extension_and_a_type() -> None:
    assert EXTENSIONS.keys() == CONTENT_TYPES.keys()
    assert CONTENT_TYPES["jpeg"] == "image/jpeg"


def test_pillow_has_no_limit_of_its_own() -> None:
    assert Image.MAX_IMAGE_PIXELS is None


def test_what_bad_files_raise_are_no_faults_of_ours() -> None:
    assert NameError not in BAD_FILE
    assert not any(issubclass(NameError, kind) for kind in BAD_FILE)


def test_second_decode_waits_for_the_first(tmp_path: Path) -> None:
    path = pictures.store(tmp_path, pictures.encode(pictures.rgb()))
    entered = threading.Event()

    def _other() -> None:
        with path.open("rb") as file, opened(file, "png"):
            entered.set()

    with path.open("rb") as file, opened(file, "png"):
        thread = threading.Thread(target=_other)
        thread.start()
        waited = not entered.wait(0.1)
    thread.join()

    assert waited
    assert entered.is_set()
