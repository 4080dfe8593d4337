"""Originals whose bytes are no longer what was imported never go out in a zip as if they were good."""

import asyncio
import io
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest

from tagging.errors import Refused
from tagging.models import Dataset, Image, Person
from tagging.services.exporting import Reason, export_zip, plan_export, stream_zip
from tagging.services.exporting.rendered import original_of
from tagging.services.exporting.zips import Entry, zip_chunks
from tests.exporting import pictures


def damage(image: Image) -> None:
    """Change a few bytes amid the original's pixels, so that only its hash tells."""
    path = original_of(image)
    assert path is not None
    path.chmod(0o644)
    data = path.read_bytes()
    middle = len(data) // 2
    path.write_bytes(data[:middle] + bytes(byte ^ 0xFF for byte in data[middle : middle + 4]) + data[middle + 4 :])


def test_file_that_is_not_what_it_was_leaves_the_zip_without_its_end(tmp_path: Path) -> None:
    (tmp_path / "1").write_bytes(b"x" * 600_000)
    sent: list[bytes] = []

    with pytest.raises(OSError, match="damaged"):
        sent.extend(zip_chunks([Entry("1.png", tmp_path / "1", sha256(b"y" * 600_000).hexdigest())]))

    assert (bool(sent), zipfile.is_zipfile(io.BytesIO(b"".join(sent)))) == (True, False)


@pytest.mark.django_db
def test_zip_file_leaves_out_a_damaged_picture(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    damage(pictures.store(cats, tags=["dog"]))

    result = export_zip(cats, tmp_path / "out.zip", by=ada)

    assert (result.plan.reasons, zipfile.ZipFile(tmp_path / "out.zip").namelist()) == (
        {Reason.DAMAGED: 1},
        ["img_001.png", "img_001.txt"],
    )


@pytest.mark.django_db
def test_zip_with_a_picture_damaged_while_it_is_written_is_refused(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    image = pictures.store(cats, tags=["dog"])

    with pytest.raises(Refused, match="damaged"):
        export_zip(
            cats, tmp_path / "out.zip", by=ada, progress=lambda done, *_: damage(image) if done.number == 1 else None
        )

    assert not (tmp_path / "out.zip").exists()


@pytest.mark.django_db
def test_stream_with_a_damaged_picture_has_no_end(cats: Dataset) -> None:
    damage(pictures.store(cats, tags=["cat"]))
    stream = stream_zip(plan_export(cats))
    sent: list[bytes] = []

    async def take() -> None:
        while True:
            sent.append(await anext(stream))

    with pytest.raises(OSError, match="damaged"):
        asyncio.run(take())

    assert not zipfile.is_zipfile(io.BytesIO(b"".join(sent)))
