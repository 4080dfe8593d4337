"""Planning and writing the export of one file, for tests."""

import io
from pathlib import Path

from PIL import ImageChops

from tagging.imaging import render
from tagging.imaging.probe import probe
from tests.imaging import pictures
from tests.imaging.pictures import LIMITS


def plan(path: Path, *, opaque: bool = True, keep_metadata: bool = False) -> render.ExportPlan:
    return render.plan(path, probe(path, LIMITS), opaque, keep_metadata=keep_metadata)


def exported(path: Path, *, opaque: bool = True, keep_metadata: bool = False) -> bytes:
    return rendered(path, plan(path, opaque=opaque, keep_metadata=keep_metadata))


def rendered(path: Path, made: render.ExportPlan) -> bytes:
    out = io.BytesIO()
    render.write(path, made, out)
    return out.getvalue()


def same_pixels(one: bytes, other: bytes) -> bool:
    first, second = pictures.opened(one), pictures.opened(other)
    return first.mode == second.mode and ImageChops.difference(first, second).getbbox() is None
