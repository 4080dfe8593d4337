"""One act reaching a hundred open pages, over a bare Channels `group_send` of the same bytes.

    python -m bench.live [--pages 100] [--seconds 20] [--rounds 3]

Starts two servers: ours (`manage.py start` on a data folder of its own) with so many workbenches open on one image, and
a daphne with nothing but a consumer in a group of the in-memory layer. Somebody adds or removes a tag five times a
second; the bare server sends as many frames of the very bytes that ours sent for such an act. The rounds alternate, so
that a noisy machine shifts both alike. Prints the time from sending the request to each page's having the frame (p50,
p95), the processor time that the server took for one event beyond what it takes idle, and the ratios.

What ours does beside: it takes the act (a POST with session, CSRF and transaction), looks it up, renders, and reads an
acknowledgement of every page. The act alone, without any open page, is measured too and shown as a line of its own.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

from bench.servers import free_port, serve, ticks
from tests.live.wire import Closed, Wire

A_SECOND = 5
IMAGE = "/datasets/bench/images/1/"
PEOPLE = 10  # of one person, ten pages may be open


@dataclass
class World:
    """What the data folder holds."""

    sessions: list[str]
    token: str
    tag: int


@dataclass
class Round:
    """What one round saw, in milliseconds: from sending to having, page by page; processor time an event."""

    delivered: list[float] = field(default_factory=list)
    processor: float = 0.0


def prepare(data: Path) -> World:
    data.mkdir()
    os.environ |= {"TAGGER_DATA_DIR": str(data), "DJANGO_SETTINGS_MODULE": "tagger_site.settings"}
    import django

    django.setup()
    from django.core.management import call_command
    from django.test import Client

    from tests import factories

    call_command("migrate", verbosity=0)
    ada = factories.person("ada", superuser=True)
    dataset = factories.dataset("bench", owner=ada)
    for number in range(3):
        factories.image(dataset, tags=[f"tag {number + one}" for one in range(10)])
    word = factories.tag(dataset, "another").pk
    others = [factories.person(f"person{number}") for number in range(1, PEOPLE)]
    for person in others:
        factories.member(dataset, person)
    jars = []
    for person in [ada, *others]:
        client = Client(SERVER_NAME="localhost")
        client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        client.get("/account/")
        jars.append(client.cookies)
    return World([jar["tagger_session"].value for jar in jars], jars[0]["tagger_csrf"].value, word)


class Asking:
    """One connection for requests."""

    def __init__(self, port: int, headers: str = "") -> None:
        self.port, self.headers = port, f"Host: 127.0.0.1:{port}\r\n{headers}"

    async def open(self) -> None:
        self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)

    async def ask(self, method: str, path: str, body: str = "") -> int:
        head = f"{method} {path} HTTP/1.1\r\n{self.headers}Content-Length: {len(body)}\r\n\r\n"
        self.writer.write((head + body).encode())
        answer = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
        if "content-length:" in answer:
            await self.reader.readexactly(int(answer.partition("content-length:")[2].split()[0]))
        return int(answer.split()[1])


class Pages:
    """All open pages of one server, and when each had what."""

    def __init__(self, mark: bytes, *, acknowledge: bool) -> None:
        self.mark, self.acknowledge = mark, acknowledge
        self.had: list[float] = []
        self.last = b""
        self.all_had = asyncio.Event()
        self.wires: list[Wire] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def open(self, port: int, paths: Sequence[tuple[str, str]]) -> None:
        for path, cookie in paths:
            wire = await Wire.open(port, path, cookie=cookie)
            self.wires.append(wire)
            self.tasks.append(asyncio.create_task(self._read(wire)))

    async def _read(self, wire: Wire) -> None:
        while True:
            try:
                text = await wire.hear_text()
            except Closed as closed:
                raise SystemExit(f"a page was {closed}") from closed
            if self.mark in text:
                self.had.append(time.perf_counter())
                self.last = text
                if len(self.had) == len(self.wires):
                    self.all_had.set()
            if self.acknowledge and text.startswith(b'{"n":'):
                wire.say({"ack": int(text[5 : text.index(b",")])})

    def beat(self) -> None:
        for wire in self.wires:
            wire.say({"beat": 1})

    async def close(self) -> None:
        for task in self.tasks:
            task.cancel()
        for wire in self.wires:
            await wire.close()


async def play(
    server: subprocess.Popen[bytes], pages: Pages, event: Callable[[int], Awaitable[None]], seconds: float
) -> Round:
    """Five events a second for so long, each waited for by all pages; then as long without."""
    seen = Round()
    begin, before = time.perf_counter(), ticks(server)
    count = int(seconds * A_SECOND)
    for number in range(count):
        await asyncio.sleep(max(0, begin + number / A_SECOND - time.perf_counter()))
        pages.had.clear()
        pages.all_had.clear()
        sent = time.perf_counter()
        await event(number)
        if pages.wires:
            await asyncio.wait_for(pages.all_had.wait(), 10)
        seen.delivered += [1000 * (had - sent) for had in pages.had]
    busy = ticks(server) - before
    took = time.perf_counter() - begin
    before = ticks(server)
    await asyncio.sleep(seconds / 2)
    idle = (ticks(server) - before) * took / (seconds / 2)
    seen.processor = (busy - idle) / count
    return seen


class Ours:
    def __init__(self, world: World, data: Path) -> None:
        self.world, self.port, self.is_on_image = world, free_port(), False
        command = ["manage.py", "start", "--no-browser", "--port", str(self.port)]
        self.server = serve(command, self.port, TAGGER_DATA_DIR=str(data))
        cookies = f"tagger_session={world.sessions[0]}; tagger_csrf={world.token}"
        headers = f"Cookie: {cookies}\r\nX-CSRFToken: {world.token}\r\nHX-Request: true\r\n"
        self.asking = Asking(self.port, headers + "Content-Type: application/x-www-form-urlencoded\r\n")

    async def open(self, count: int) -> Pages:
        await self.asking.open()
        pages = Pages(b'"image-1-tags"', acknowledge=True)
        sessions = self.world.sessions
        await pages.open(
            self.port,
            [
                ("/ws/datasets/bench/?page=workbench", f"tagger_session={sessions[number % len(sessions)]}")
                for number in range(count)
            ],
        )
        for wire in pages.wires:
            wire.say({"at": 1, "shows": [1, 2, 3]})
        await asyncio.sleep(2)
        return pages

    async def event(self, number: int) -> None:
        self.is_on_image = not self.is_on_image
        body = urlencode({"names": "another"}) if self.is_on_image else ""
        path = f"{IMAGE}tags/add/" if body else f"{IMAGE}tags/{self.world.tag}/remove/"
        status = await self.asking.ask("POST", path, body)
        if status != 200:
            raise SystemExit(f"{path}: {status}")


class Bare:
    def __init__(self, frame: bytes, folder: Path) -> None:
        self.port = free_port()
        text = frame.decode()
        (folder / "frame.json").write_text('{"n":NUMBER' + text[text.index(",") :], encoding="utf-8")
        command = ["-m", "daphne", "-b", "127.0.0.1", "-p", str(self.port), "-v", "0", "bench.bare:application"]
        self.server = serve(command, self.port, BENCH_FRAME=str(folder / "frame.json"))
        self.asking = Asking(self.port)

    async def open(self, count: int) -> Pages:
        await self.asking.open()
        pages = Pages(b'"image-1-tags"', acknowledge=False)
        await pages.open(self.port, [("/", "")] * count)
        await asyncio.sleep(1)
        return pages

    async def event(self, number: int) -> None:
        await self.asking.ask("GET", f"/send/{number}/")


async def compare(ours: Ours, folder: Path, count: int, seconds: float, rounds: int) -> dict[str, list[Round]]:
    seen: dict[str, list[Round]] = {"ours": [], "bare": [], "act alone": []}
    await ours.asking.open()
    nobody = Pages(b"", acknowledge=False)
    for _ in range(rounds):
        seen["act alone"].append(await play(ours.server, nobody, ours.event, seconds / 2))
    pages = await ours.open(count)
    await play(ours.server, pages, ours.event, 2)
    bare = Bare(pages.last, folder)
    try:
        floor = await bare.open(count)
        await play(bare.server, floor, bare.event, 2)
        for _ in range(rounds):
            seen["ours"].append(await play(ours.server, pages, ours.event, seconds))
            pages.beat()
            seen["bare"].append(await play(bare.server, floor, bare.event, seconds))
            pages.beat()
        await pages.close()
        await floor.close()
    finally:
        bare.server.terminate()
        bare.server.wait()
    return seen


def report(seen: dict[str, list[Round]], count: int, size: int) -> None:
    print(f"{count} pages, {A_SECOND} acts a second, frames of {size} bytes")
    print(f"{'':12}{'p50 ms':>9}{'p95 ms':>9}{'processor ms an event':>24}")
    p95 = {}
    for name, rounds in seen.items():
        delivered = [value for one in rounds for value in one.delivered]
        processor = statistics.median(one.processor for one in rounds)
        if delivered:
            p95[name] = [statistics.quantiles(one.delivered, n=20)[-1] for one in rounds]
            print(f"{name:12}{statistics.median(delivered):9.1f}{statistics.median(p95[name]):9.1f}{processor:24.1f}")
        else:
            print(f"{name:12}{'':18}{processor:24.1f}")
    times = [mine / floor for mine, floor in zip(p95["ours"], p95["bare"], strict=True)]
    work = [mine.processor / floor.processor for mine, floor in zip(seen["ours"], seen["bare"], strict=True)]
    print("p95 over bare, round by round:       " + "  ".join(f"{value:.2f}" for value in times))
    print("processor over bare, round by round: " + "  ".join(f"{value:.2f}" for value in work))
    print(f"median: p95 {statistics.median(times):.2f}, processor {statistics.median(work):.2f}")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--pages", type=int, default=100)
    ask.add_argument("--seconds", type=float, default=20)
    ask.add_argument("--rounds", type=int, default=3)
    given = ask.parse_args()
    with tempfile.TemporaryDirectory(prefix="tagger-bench-") as folder:
        data = Path(folder) / "data"
        ours = Ours(prepare(data), data)
        try:
            seen = asyncio.run(compare(ours, Path(folder), given.pages, given.seconds, given.rounds))
            report(seen, given.pages, (Path(folder) / "frame.json").stat().st_size)
        finally:
            ours.server.terminate()
            ours.server.wait()


if __name__ == "__main__":
    main()
