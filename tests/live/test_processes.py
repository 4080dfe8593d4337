"""Open pages and a real server: what other processes change, and how it ends."""

import asyncio
import itertools
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import PIL.Image
import pytest

from tests.live.wire import Closed, Wire
from tests.start.site import ROOT, Site, Visitor, environment, manage

pytestmark = pytest.mark.slow

_colours = itertools.count(1)

SECONDS = 2.0  # in which a change of another process is to arrive
SLOW = 0.05  # seconds that a callback of the event loop may take
TELL_SLOW = f"""
import asyncio.events
import sys
import time

run = asyncio.events.Handle._run


def stood_in_line():
    '''Seconds that this thread wanted a processor and had none: not ours to answer for.'''
    with open("/proc/thread-self/schedstat") as file:
        return int(file.read().split()[1]) / 1e9


def timed(self):
    began, waited = time.perf_counter(), stood_in_line()
    run(self)
    took = time.perf_counter() - began - (stood_in_line() - waited)
    if took > {SLOW}:
        print(f"SLOW {{took:.3f}} {{self!r}}", file=sys.stderr, flush=True)


asyncio.events.Handle._run = timed
"""


def pictures(folder: Path, count: int, size: tuple[int, int] = (64, 48)) -> Path:
    folder.mkdir(exist_ok=True)
    for number in itertools.islice(_colours, count):
        colour = (number % 256, number // 256, 99)
        PIL.Image.new("RGB", size, colour).save(folder / f"picture {number}.png")
    return folder


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A data folder with the dataset “cats” of three pictures."""
    imported = manage("import_dir", str(pictures(tmp_path / "cats", 3)), data=tmp_path / "data")
    assert imported.returncode == 0, imported.stderr
    return tmp_path / "data"


@pytest.fixture
def site(data: Path) -> Iterator[Site]:
    with Site(data) as started:
        yield started


def cookie(site: Site) -> str:
    """The owner's, who came by the link that the start printed."""
    visitor = Visitor(site.port)
    visitor.get(site.wait_for(r"^http://\S+/enter/\S+/$"))
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())


class OpenPage:
    """A page of the dataset that keeps the newest of each part."""

    def __init__(self, wire: Wire) -> None:
        self.wire = wire
        self.parts: dict[str, str] = {}

    @classmethod
    async def open(cls, site: Site, of: str, *, page: str = "workbench", shows: int = 3) -> "OpenPage":
        opened = cls(await Wire.open(site.port, f"/ws/datasets/cats/?page={page}", cookie=of))
        opened.wire.say({"at": 0, "shows": list(range(1, shows + 1))})
        await opened.take()
        return opened

    async def take(self) -> dict[str, Any]:
        """The next message, acknowledged when it is a frame."""
        message: dict[str, Any] = await self.wire.hear()
        if "n" in message:
            self.parts |= message["parts"]
            self.wire.say({"ack": message["n"]})
        return message

    async def until(self, part: str, text: str, seconds: float, *, there: bool = True) -> None:
        async with asyncio.timeout(seconds):
            while any(name.endswith(part) and text in html for name, html in self.parts.items()) != there:
                await self.take()


async def other_process(data: Path, *command: str) -> None:
    """`manage.py …` beside the server, to its end."""
    running = await asyncio.create_subprocess_exec(
        sys.executable,
        str(ROOT / "manage.py"),
        *command,
        env=environment(data, {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    said, _ = await running.communicate()
    assert running.returncode == 0, said.decode()


ADD_TABBY = """
from tagging.models import Image, Person
from tagging.services import image_tags
image_tags.add(Image.objects.select_related("dataset").get(number=1), "tabby", by=Person.objects.get())
"""


def test_a_change_of_another_process_arrives(site: Site, data: Path) -> None:
    async def play() -> None:
        page = await OpenPage.open(site, cookie(site))

        await other_process(data, "shell", "-c", ADD_TABBY)

        await page.until("image-1-tags", ">tabby<", SECONDS)
        await page.wire.close()

    asyncio.run(play())


def test_an_import_of_another_process_moves_progress_and_the_import_part(
    site: Site, data: Path, tmp_path: Path
) -> None:
    async def play() -> None:
        page = await OpenPage.open(site, cookie(site), page="grid")
        importing = asyncio.create_task(other_process(data, "import_dir", str(pictures(tmp_path / "cats", 300))))

        await page.until("-import", 'class="running"', 60)
        while not importing.done():
            await page.take()
        await importing
        await page.until("-progress", "of 303 done", SECONDS)
        await page.until("-import", 'class="running"', SECONDS, there=False)
        await page.wire.close()

    asyncio.run(play())


def test_a_page_of_another_origin_is_turned_away(site: Site) -> None:
    async def play(origin: str) -> None:
        await Wire.open(site.port, "/ws/datasets/cats/", cookie=cookie(site), origin=origin)

    with pytest.raises(ConnectionRefusedError, match="403"):
        asyncio.run(play(f"http://localhost:{site.port}"))


def test_a_server_that_stops_says_goodbye_first(site: Site) -> None:
    async def play() -> Any:
        page = await OpenPage.open(site, cookie(site))
        stopping = asyncio.create_task(asyncio.to_thread(site.stop))
        heard: list[Any] = []
        while not heard or "bye" not in heard[-1]:
            heard.append(await page.take())
        with pytest.raises(Closed):
            await page.take()
        assert await stopping == 0
        return heard[-1]

    assert asyncio.run(play()) == {"bye": "Tagger is stopping. What you do meanwhile is kept in this page."}
    assert "Traceback" not in site.said()


def test_a_frame_of_many_cards_does_not_close_the_socket(site: Site, data: Path, tmp_path: Path) -> None:
    async def play() -> None:
        await other_process(data, "import_dir", str(pictures(tmp_path / "cats", 497)))
        page = OpenPage(await Wire.open(site.port, "/ws/datasets/cats/", cookie=cookie(site)))
        page.wire.say({"at": 0, "shows": list(range(1, 501))})
        async with asyncio.timeout(60):
            while len(page.parts) < 500 * 6 + 3:
                await page.take()
        await page.wire.close()

    asyncio.run(play())


@pytest.mark.soak
def test_no_callback_blocks_the_event_loop(data: Path, tmp_path: Path) -> None:
    (tmp_path / "more" / "sitecustomize.py").parent.mkdir()
    (tmp_path / "more" / "sitecustomize.py").write_text(TELL_SLOW)
    env = {"PYTHONASYNCIODEBUG": "1", "PYTHONPATH": str(tmp_path / "more")}

    async def play(site: Site) -> None:
        people = [cookie(site)] + [await join(site, data, number) for number in range(1, 5)]
        pages = [
            await OpenPage.open(site, people[number % 5], page=("workbench", "grid")[number % 2])
            for number in range(50)
        ]
        reading = [asyncio.create_task(read(page)) for page in pages]
        await other_process(data, "import_dir", str(pictures(tmp_path / "cats", 1500)))
        await asyncio.sleep(3)
        for task in reading:
            task.cancel()
        for page in pages:
            await page.wire.close()

    async def read(page: OpenPage) -> None:
        while True:
            await page.take()

    with Site(data, env=env) as site:
        asyncio.run(play(site))
        said = site.said()
        assert site.stop() == 0

    assert re.findall(r"^SLOW .*", said, re.MULTILINE) == []
    assert "Traceback" not in said


JOIN = """
from tests import factories
from tagging.models import Dataset
factories.member(Dataset.objects.get(), factories.person("person{number}"))
"""


async def join(site: Site, data: Path, number: int) -> str:
    """The cookie of another member."""
    await other_process(data, "shell", "-c", JOIN.format(number=number))
    visitor = Visitor(site.port)
    visitor.get("/login/")
    status = await asyncio.to_thread(
        visitor.post, "/login/", username=f"person{number}", password="correct horse battery"
    )
    assert status == 302
    return "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
