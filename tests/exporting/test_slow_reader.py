"""A download whose reader stands still costs a real server no memory to speak of."""

import contextlib
import http.client
import http.cookiejar
import io
import re
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlencode

import pytest

from tests.e2e.server import Server
from tests.exporting import pictures

COUNT, SIDE = 24, 1200  # of noise, some 100 MB

pytestmark = [
    pytest.mark.soak,
    pytest.mark.skipif(sys.platform != "linux", reason="the memory of another process is read from /proc"),
]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    folder = tmp_path / "pictures"
    folder.mkdir()
    for number in range(COUNT):
        (folder / f"{number}.png").write_bytes(pictures.noise(side=SIDE))
        (folder / f"{number}.txt").write_text("noise")
    server = Server(tmp_path / "data")
    server.run("import_dir", str(folder), "--dataset", "noise", "--quiet")
    server.start()
    yield server
    server.kill()


def memory(server: Server) -> int:
    """Mebibytes that the server holds."""
    assert server.process is not None
    status = Path(f"/proc/{server.process.pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found is not None
    return int(found[1]) // 1024


@contextlib.contextmanager
def begin_download(server: Server) -> Iterator[http.client.HTTPResponse]:
    """The answer to the page's button, of which nothing but its head was read."""
    jar = http.cookiejar.CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    opener.open(server.enter()).close()
    with opener.open(f"{server.url}/datasets/noise/export/") as page:
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page.read().decode())
    assert token is not None
    headers = {
        "Cookie": "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar),
        "Content-Type": "application/x-www-form-urlencoded",
        "Origin": server.url,
    }
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)) as asking:
        asking.request("POST", "/datasets/noise/export/zip/", urlencode({"csrfmiddlewaretoken": token[1]}), headers)
        yield asking.getresponse()


def test_reader_that_stands_still_costs_no_memory(server: Server) -> None:
    with begin_download(server) as answer:
        answer.read()  # whatever is loaded once is loaded
    before = memory(server)

    with begin_download(server) as answer:
        time.sleep(3)
        grown = memory(server) - before
        data = answer.read()

    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files, broken = len(archive.namelist()), archive.testzip()
    assert (len(data) > 90e6, grown < 20, files, broken) == (True, True, 2 * COUNT, None)
