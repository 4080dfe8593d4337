import re
import socket
import sqlite3
import stat

import pytest

from tests.start.site import Site, Visitor, manage, one_line

pytestmark = pytest.mark.slow


def test_start_prints_an_address_that_signs_the_owner_in_once(site: Site) -> None:
    address = site.wait_for(r"^http://127\.0\.0\.1:\d+/enter/\S+/$")
    owner = Visitor(site.port)

    statuses = [owner.get(address), owner.get("/account/"), Visitor(site.port).get(address)]

    assert statuses == [302, 200, 404]


def test_start_says_little(site: Site) -> None:
    lines = site.said().splitlines()[:3]

    assert lines[:2] == [
        f"Serving on http://127.0.0.1:{site.port} (Ctrl+C stops it)",
        "This signs owner in once, within 15 minutes:",
    ]


def test_start_beside_a_running_one_says_where_that_one_runs(site: Site) -> None:
    refused = manage("start", "--no-browser", data=site.data)

    assert refused.returncode == 1
    assert f"http://127.0.0.1:{site.port}" in one_line(refused)


def test_start_on_a_port_in_use_says_so(site: Site) -> None:
    refused = manage("start", "--no-browser", "--port", str(site.port), data=site.data.with_name("other"))

    assert refused.returncode == 1
    assert one_line(refused) == f"Port {site.port} is in use by another program: choose another one with --port."


def test_start_on_an_address_of_another_machine_says_so(site: Site) -> None:
    refused = manage("start", "--no-browser", "--host", "192.0.2.1", data=site.data.with_name("other"))

    assert refused.returncode == 1
    assert "192.0.2.1 is not an address of this machine" in one_line(refused)


def test_commands_know_where_the_server_runs(site: Site) -> None:
    printed = manage("enter", data=site.data).stdout.strip()

    assert re.fullmatch(rf"http://127\.0\.0\.1:{site.port}/enter/[\w-]+/", printed)
    assert Visitor(site.port).get(printed) == 302


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1", 200),
        ("localhost", 200),
        ("evil", 400),
        ("127.0.0.1.evil.example", 400),
        ("localhost@evil.example", 400),
        ("", 400),
        (socket.gethostname(), 400),
    ],
)
def test_the_site_answers_to_its_own_hosts_alone(host: str, status: int, site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.host = host

    assert visitor.get("/healthz") == status


def test_styles_are_served_as_they_lie(site: Site) -> None:
    visitor = Visitor(site.port)
    visitor.get("/login/")
    style = re.findall(r'href="(/static/v-[0-9a-f]{12}/css/base\.css)"', visitor.text)

    status = visitor.get(style[0])

    assert (status, visitor.headers["Content-Type"]) == (200, 'text/css; charset="utf-8"')
    assert (visitor.headers["Cache-Control"], visitor.headers["X-Content-Type-Options"]) == (
        "max-age=31536000, public, immutable",
        "nosniff",
    )
    assert visitor.get(style[0], If_None_Match=str(visitor.headers["ETag"])) == 304


def test_the_key_file_is_its_owners_alone(site: Site) -> None:
    assert stat.S_IMODE((site.data / "secret_key").stat().st_mode) == 0o600


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_that_is_too_large_is_refused_while_it_comes(announced: bool, site: Site) -> None:
    head = f"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1:{site.port}\r\nContent-Type: text/plain\r\n"
    length = b"Content-Length: 3000000\r\n\r\n" if announced else b"Transfer-Encoding: chunked\r\n\r\n"
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as client:
        client.sendall(head.encode() + length)
        if not announced:
            for _ in range(3):
                client.sendall(b"%x\r\n%b\r\n" % (1_000_000, b"x" * 1_000_000))

        answer = client.recv(100)

    assert answer.startswith(b"HTTP/1.1 413 ")


def test_start_makes_one_owner_without_a_password(site: Site) -> None:
    with sqlite3.connect(site.data / "tagger.sqlite3") as database:
        people = database.execute(
            "select username, is_superuser, substr(password, 1, 1) from tagging_person"
        ).fetchall()

    assert people == [("owner", 1, "!")]
