import ipaddress
import re
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError

from tagging.management import addresses
from tests.start.site import Site, Visitor, manage

pytestmark = pytest.mark.slow

PASSWORDS = "On this network passwords travel readable"


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server for a team in one room."""
    with Site(tmp_path_factory.mktemp("team") / "data", "--host", "0.0.0.0") as started:
        started.wait_for(PASSWORDS)
        yield started


def colleagues_address(team: Site) -> str:
    return str(re.findall(r"^Colleagues open http://(\S+):\d+ ", team.said(), re.MULTILINE)[0])


def test_the_address_for_colleagues_works_over_plain_http(team: Site) -> None:
    address = colleagues_address(team)
    colleague = Visitor(team.port, f"{address}:{team.port}", address)

    statuses = [colleague.get("/healthz"), colleague.get("/login/")]

    assert statuses == [200, 200]
    assert not ipaddress.ip_address(address).is_loopback or address == "127.0.0.1"


def test_signing_in_under_the_address_for_colleagues_lasts(team: Site) -> None:
    address = colleagues_address(team)
    colleague = Visitor(team.port, f"{address}:{team.port}", address)

    entered = colleague.get(manage("enter", data=team.data).stdout.strip())

    assert (entered, colleague.get("/account/")) == (302, 200)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (socket.gethostname(), 200),
        (f"{socket.gethostname().partition('.')[0]}.local", 200),
        ("127.0.0.1", 200),
        ("localhost", 200),
        ("evil.example", 400),
        ("192.0.2.1", 400),
        ("0.0.0.0", 400),
        (f"{socket.gethostname()}.evil.example", 400),
        ("local", 400),
    ],
)
def test_the_site_answers_to_this_machines_names_and_no_others(host: str, status: int, team: Site) -> None:
    assert Visitor(team.port, f"{host}:{team.port}").get("/healthz") == status


def test_it_is_said_in_one_line_that_passwords_travel_readable(team: Site) -> None:
    lines = [line for line in team.said().splitlines() if PASSWORDS in line]

    assert len(lines) == 1
    assert "TLS" in lines[0]


def test_commands_print_the_address_for_colleagues(team: Site) -> None:
    printed = manage("enter", data=team.data).stdout

    assert printed.startswith(f"http://{colleagues_address(team)}:{team.port}/enter/")


def test_production_answers_to_the_hosts_it_was_told_alone(tmp_path: Path) -> None:
    env = {"TAGGER_ALLOWED_HOSTS": "tags.example", "TAGGER_TLS": "0"}
    with Site(tmp_path / "data", "--host", "0.0.0.0", env=env) as site:
        hosts = ("tags.example", "127.0.0.1", socket.gethostname())
        statuses = [Visitor(site.port, host).get("/healthz") for host in hosts]

        assert statuses == [200, 400, 400]
        assert site.wait_for("^http://.*/enter/").startswith(f"http://tags.example:{site.port}/")
        assert site.stop(signal.SIGINT) == 0


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000"),
        ("localhost", "http://127.0.0.1:8000"),
        ("0.0.0.0", "http://127.0.0.1:8000"),
        ("192.0.2.7", "http://192.0.2.7:8000"),
        ("::1", "http://[::1]:8000"),
        ("[2001:db8::7]", "http://[2001:db8::7]:8000"),
    ],
)
def test_a_place_has_an_address_for_whoever_sits_there(host: str, local: str) -> None:
    assert addresses.place(host, 8000).local == local


def test_a_place_on_the_usual_port_does_not_say_it() -> None:
    assert addresses.place("127.0.0.1", 80).local == "http://127.0.0.1"


def test_a_place_that_is_no_host_is_refused() -> None:
    with pytest.raises(CommandError, match="--host is an address or a name of this machine, and “no host” is neither"):
        addresses.place("no host", 8000)


def test_a_place_at_one_machine_answers_to_its_address_alone() -> None:
    assert addresses.own_hosts(addresses.place("127.0.0.1", 8000)) == ["127.0.0.1"]


def test_a_place_on_a_network_answers_to_names_and_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [ipaddress.ip_address(text) for text in ("192.168.1.20", "fe80::1", "2001:db8::20", "127.0.0.1")]
    monkeypatch.setattr(addresses, "_interfaces", lambda: iter(found))
    monkeypatch.setattr(addresses, "_outward", lambda: iter(found[:1]))
    monkeypatch.setattr(addresses, "_resolved", lambda name: set())
    monkeypatch.setattr(socket, "gethostname", lambda: "Studio.lan")
    monkeypatch.setattr(socket, "getfqdn", lambda: "studio.office.example")

    hosts = addresses.own_hosts(addresses.place("0.0.0.0", 8000))

    assert hosts == [
        "127.0.0.1",
        "localhost",
        "[::1]",
        "studio.lan",
        "studio",
        "studio.local",
        "studio.office.example",
        "192.168.1.20",
        "[2001:db8::20]",
    ]
