import os
import re
import socket
import sys
import time
from pathlib import Path

import pytest
from PIL import Image

from tests.start.site import Site, Visitor, manage

pytestmark = pytest.mark.slow

MEBIBYTE = 2**20


def _resident(pid: int) -> int:
    """Bytes of memory that a process has just now."""
    status = Path(f"/proc/{pid}/status").read_text()
    found = re.search(r"VmRSS:\s+(\d+) kB", status)
    assert found
    return int(found[1]) * 1024


@pytest.mark.skipif(sys.platform != "linux", reason="memory is read from /proc")
def test_an_answer_that_is_read_slowly_does_not_pile_up_in_memory(tmp_path: Path) -> None:
    pictures = tmp_path / "noise"
    pictures.mkdir()
    Image.frombytes("RGB", (5000, 5000), os.urandom(75_000_000)).save(pictures / "noise.png", compress_level=0)
    assert manage("import_dir", str(pictures), "--quiet", data=tmp_path / "data").returncode == 0
    with Site(tmp_path / "data") as site:
        owner = Visitor(site.port)
        owner.get(site.wait_for(r"^http://\S+/enter/\S+/$"))
        owner.get("/datasets/noise/")
        before = _resident(site.process.pid)

        with socket.create_connection(("127.0.0.1", site.port)) as slow:
            cookie = f"tagger_session={owner.cookies['tagger_session']}"
            request = f"GET /datasets/noise/images/1/file/ HTTP/1.1\r\nHost: {owner.host}\r\nCookie: {cookie}\r\n\r\n"
            slow.sendall(request.encode())
            first = slow.recv(65536)
            time.sleep(3)
            grown = _resident(site.process.pid) - before

    assert first.startswith(b"HTTP/1.1 200")
    assert grown < 30 * MEBIBYTE
