import asyncio
import io
import tracemalloc
import zipfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tagging.errors import Refused
from tagging.models import Dataset, Person
from tagging.services.exporting import Reason, export_folder, export_zip, known_length, plan_export, stream_zip
from tagging.services.exporting import plan as plan_module
from tagging.services.exporting.rendered import original_of
from tagging.services.exporting.zips import Entry, in_threads, zip_chunks, zip_length
from tests.exporting import pictures
from tests.exporting.pictures import contents


async def collected(chunks: AsyncIterator[bytes]) -> bytes:
    return b"".join([chunk async for chunk in chunks])


def members(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {info.filename: archive.read(info) for info in archive.infolist()}


def numbered(count: int, size: int) -> Iterator[Entry]:
    return (Entry(f"img_{number:03}.txt", b"x" * size) for number in range(1, count + 1))


@pytest.mark.parametrize("limit", [zipfile.ZIP64_LIMIT, 10_000, 1000])
@pytest.mark.parametrize(("count", "size"), [(0, 0), (1, 0), (3, 5), (40, 900)])
def test_length_is_known_before(count: int, size: int, limit: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zipfile, "ZIP64_LIMIT", limit)

    length = zip_length((entry.name, entry.size) for entry in numbered(count, size))

    assert length == len(b"".join(zip_chunks(numbered(count, size))))


def test_zip_says_one_fixed_date_and_stores() -> None:
    data = b"".join(zip_chunks(numbered(2, 9)))

    infos = zipfile.ZipFile(io.BytesIO(data)).infolist()
    assert {(info.date_time, info.compress_type, info.external_attr >> 16) for info in infos} == {
        ((1980, 1, 1, 0, 0, 0), zipfile.ZIP_STORED, 0o100644)
    }


def test_chunks_are_made_no_sooner_than_they_are_taken(tmp_path: Path) -> None:
    asked: list[int] = []

    def entries() -> Iterator[Entry]:
        for number in range(10):
            asked.append(number)
            yield Entry(f"{number}.png", b"x" * 300_000)

    chunks = zip_chunks(entries())
    next(chunks)

    assert asked == [0]


def test_file_that_fails_leaves_the_zip_without_its_end(tmp_path: Path) -> None:
    (tmp_path / "big").write_bytes(b"x" * 600_000)
    entries = [Entry("1.png", tmp_path / "big"), Entry("2.png", tmp_path / "gone")]
    chunks = zip_chunks(entries)
    sent = [next(chunks), next(chunks)]

    with pytest.raises(FileNotFoundError):
        sent.append(next(chunks))

    assert not zipfile.is_zipfile(io.BytesIO(b"".join(sent)))


def test_stream_stays_flat_in_memory(tmp_path: Path) -> None:
    with (tmp_path / "large").open("wb") as large:
        large.truncate(64 * 2**20)
    entries = [Entry(f"{number}.png", tmp_path / "large") for number in range(4)]

    async def take() -> int:
        total = 0
        async for chunk in in_threads(zip_chunks(entries)):
            total += len(chunk)
            await asyncio.sleep(0)
        return total

    tracemalloc.start()
    total = asyncio.run(take())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert (total > 256 * 2**20, peak < 4 * 2**20) == (True, True)


def test_stream_that_is_dropped_closes_its_file(tmp_path: Path) -> None:
    (tmp_path / "large").write_bytes(bytes(2**20))

    async def take_one() -> None:
        chunks = in_threads(zip_chunks([Entry("1.png", tmp_path / "large")]))
        await anext(chunks)
        await chunks.aclose()  # type: ignore[attr-defined]

    asyncio.run(take_one())  # a file left open would warn, and a warning is an error here


@pytest.mark.django_db
def test_zip_holds_what_the_folder_holds_of_pictures_and_captions(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, pictures.jpeg(exif=pictures.exif(orientation=6)), tags=["cat"])
    pictures.store(cats, pictures.webp(), tags=["dog"])
    pictures.store(cats, pictures.transparent(), description="A cat.")
    export_folder(cats, tmp_path / "out", by=ada)

    data = asyncio.run(collected(stream_zip(plan_export(cats))))

    expected = {name: content for name, content in contents(tmp_path / "out").items() if name.startswith("img_")}
    assert (members(data), list(members(data))) == (expected, sorted(expected))


@pytest.mark.django_db
def test_zip_has_no_caption_file_for_an_image_without_caption(cats: Dataset) -> None:
    pictures.store(cats)

    data = asyncio.run(collected(stream_zip(plan_export(cats, untagged="image"))))

    assert list(members(data)) == ["img_001.png"]


@pytest.mark.django_db
def test_length_is_unknown_until_pictures_are_made(cats: Dataset) -> None:
    pictures.store(cats, tags=["cat"])
    pictures.store(cats, pictures.transparent(), tags=["cat"])
    before = known_length(plan_export(cats))
    data = asyncio.run(collected(stream_zip(plan_export(cats))))

    after = known_length(plan_export(cats))

    assert (before, after) == (None, len(data))


@pytest.mark.django_db
def test_length_names_the_image_whose_file_is_no_picture(cats: Dataset) -> None:
    path = original_of(pictures.store(cats, tags=["cat"]))
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(b"not a picture")

    with pytest.raises(Refused, match="image 1 cannot be read"):
        known_length(plan_export(cats))


@pytest.fixture
def parts_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan_module, "PART", 2)


@pytest.mark.django_db
@pytest.mark.parametrize(("count", "sizes"), [(1, [1]), (2, [2]), (3, [2, 1]), (5, [2, 2, 1])])
def test_plan_is_split_into_parts(cats: Dataset, parts_of_two: None, count: int, sizes: list[int]) -> None:
    for _ in range(count):
        pictures.store(cats, tags=["cat"])

    plan = plan_export(cats)

    assert [len(plan.part(number)) for number in range(1, plan.part_count + 1)] == sizes


@pytest.mark.django_db
@pytest.mark.parametrize("part", [0, 2, -1])
def test_part_that_is_not_there_is_refused(cats: Dataset, part: int) -> None:
    pictures.store(cats, tags=["cat"])

    with pytest.raises(Refused, match="count again"):
        stream_zip(plan_export(cats), part)


@pytest.mark.django_db
@pytest.mark.parametrize(("out", "file"), [("out.zip", "out.zip"), ("out", "out.zip"), ("out.ZIP", "out.ZIP")])
def test_zip_file_is_the_zip_of_the_page(cats: Dataset, ada: Person, tmp_path: Path, out: str, file: str) -> None:
    pictures.store(cats, tags=["cat"])

    result = export_zip(cats, tmp_path / out, by=ada)

    streamed = asyncio.run(collected(stream_zip(plan_export(cats))))
    assert (result.targets, (tmp_path / file).read_bytes() == streamed) == ((tmp_path / file,), True)


@pytest.mark.django_db
def test_many_images_make_numbered_zips(cats: Dataset, ada: Person, tmp_path: Path, parts_of_two: None) -> None:
    for _ in range(3):
        pictures.store(cats, tags=["cat"])

    export_zip(cats, tmp_path / "out.zip", by=ada)

    found = {path.name: list(members(path.read_bytes())) for path in sorted(tmp_path.glob("*.zip"))}
    assert found == {
        "out-1.zip": ["img_001.png", "img_001.txt", "img_002.png", "img_002.txt"],
        "out-2.zip": ["img_003.png", "img_003.txt"],
    }


@pytest.mark.django_db
def test_zips_of_an_earlier_export_do_not_stay_behind(
    cats: Dataset, ada: Person, tmp_path: Path, parts_of_two: None
) -> None:
    pictures.store(cats, tags=["cat"], state="done")
    for _ in range(4):
        pictures.store(cats, tags=["cat"])
    export_zip(cats, tmp_path / "out.zip", by=ada)

    export_zip(cats, tmp_path / "out.zip", by=ada, states=("done",))

    assert [path.name for path in tmp_path.glob("*.zip")] == ["out.zip"]


@pytest.mark.django_db
@pytest.mark.parametrize("content", [b"not a zip", b"".join(zip_chunks([Entry("thesis.txt", b"ten years")]))])
def test_zip_of_a_stranger_is_not_written_over(cats: Dataset, ada: Person, tmp_path: Path, content: bytes) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "out.zip").write_bytes(content)

    with pytest.raises(Refused, match="no earlier export"):
        export_zip(cats, tmp_path / "out.zip", by=ada)

    assert (tmp_path / "out.zip").read_bytes() == content


@pytest.mark.django_db
def test_zip_is_not_written_into_the_source(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    (tmp_path / "source").mkdir()
    Dataset.objects.update(source_folder=str(tmp_path / "source"))

    with pytest.raises(Refused, match="read from"):
        export_zip(cats, tmp_path / "source/out.zip", by=ada)

    assert list((tmp_path / "source").iterdir()) == []


@pytest.mark.django_db
def test_zip_file_leaves_out_what_cannot_be_read(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    path = original_of(pictures.store(cats, tags=["dog"]))
    assert path is not None
    path.chmod(0o644)
    path.write_bytes(b"not a picture")

    result = export_zip(cats, tmp_path / "out.zip", by=ada)

    assert (result.plan.reasons, list(members((tmp_path / "out.zip").read_bytes()))) == (
        {Reason.DAMAGED: 1},
        ["img_001.png", "img_001.txt"],
    )


@pytest.mark.django_db
def test_zip_with_a_file_that_fails_leaves_the_earlier_one(cats: Dataset, ada: Person, tmp_path: Path) -> None:
    pictures.store(cats, tags=["cat"])
    export_zip(cats, tmp_path / "out.zip", by=ada)
    before = (tmp_path / "out.zip").read_bytes()
    path = original_of(pictures.store(cats, tags=["dog"]))
    assert path is not None

    with pytest.raises(Refused):
        export_zip(cats, tmp_path / "out.zip", by=ada, progress=lambda *_: path.unlink(missing_ok=True))

    assert (
        (tmp_path / "out.zip").read_bytes() == before,
        [p.name for p in tmp_path.iterdir() if "tagger-" in p.name],
    ) == (
        True,
        [],
    )
