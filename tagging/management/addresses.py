"""What this machine is called on its networks, and the addresses that people type."""

import contextlib
import ipaddress
import re
import socket
import threading
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from tagging.management.server_lock import Running

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
DEFAULT = "http://127.0.0.1:8000"
# Nothing is sent: connecting a datagram socket only asks the system which of our addresses it would send from.
ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))


@dataclass(frozen=True)
class Place:
    """Where a server listens: an address of this machine (all of them for 0.0.0.0 and ::) and a port."""

    listen: Address
    port: int

    @property
    def is_local(self) -> bool:
        return self.listen.is_loopback

    @property
    def local(self) -> str:
        """The site's address for whoever sits at this machine."""
        host = self.listen if not self.listen.is_unspecified else ipaddress.ip_address("127.0.0.1")
        return self.url(_bracketed(host))

    @property
    def for_colleagues(self) -> str:
        """The site's address for other machines on the network (the local one when there is no network)."""
        if not self.listen.is_unspecified:
            return self.local
        return next((self.url(_bracketed(address)) for address in _outward()), self.local)

    def url(self, host: str) -> str:
        return f"http://{host}" if self.port == 80 else f"http://{host}:{self.port}"


def place(host: str, port: int) -> Place:
    """Raises CommandError for a host that is neither an address nor a known name."""
    with contextlib.suppress(ValueError):
        return Place(ipaddress.ip_address(host.strip("[]")), port)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as problem:
        raise CommandError(f"--host is an address or a name of this machine, and “{host}” is neither.") from problem
    return Place(ipaddress.ip_address(sorted(found)[0][4][0]), port)


def own_hosts(place: Place) -> list[str]:
    """The names and addresses that a server at `place` is reached by, as a Host header says them; no others."""
    if place.is_local:
        return [_bracketed(place.listen)]
    addresses = {*_interfaces(), *_outward(), *_resolved(socket.gethostname()), place.listen}
    reachable = sorted(_bracketed(address) for address in addresses if _can_be_typed(address))
    return list(dict.fromkeys(["127.0.0.1", "localhost", "[::1]", *_names(), *reachable]))


def site_address(running: Running | None) -> str:
    """The site's address as people elsewhere type it, without the slash at its end."""
    if settings.TAGGER_ORIGINS:
        return str(settings.TAGGER_ORIGINS[0]).rstrip("/")
    named = [host for host in settings.ALLOWED_HOSTS if host not in ("127.0.0.1", "localhost", "[::1]")]
    if not settings.TAGGER_PRODUCTION or not named:
        return running.address if running else DEFAULT
    name = str(named[0]).lstrip(".")
    if settings.TAGGER_TLS:
        return f"https://{name}"
    port = running.local.removeprefix("http://").partition(":")[2] if running else "8000"
    return f"http://{name}:{port}" if port else f"http://{name}"


def _names() -> Iterator[str]:
    """What this machine calls itself, and what its network calls it."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    yield from (name, short, f"{short}.local")
    full = _full_name().lower().rstrip(".")
    # An address without a name gives itself, or the name of a loopback address
    if full and not full.startswith(("localhost", "ip6-")):
        yield full


def _full_name() -> str:
    """A network whose name service does not answer would keep us waiting for many seconds."""
    found: list[str] = []
    asking = threading.Thread(target=lambda: found.append(socket.getfqdn()), daemon=True)
    asking.start()
    asking.join(timeout=2)
    return found[0] if found else ""


def _interfaces() -> Iterator[Address]:
    """The addresses of all interfaces, where the system lists them as text (Linux)."""
    with contextlib.suppress(OSError):
        tree = Path("/proc/net/fib_trie").read_text(encoding="ascii")
        for found in re.finditer(r"\|-- ([\d.]+)\n\s+/32 host LOCAL", tree):
            yield ipaddress.ip_address(found[1])
    with contextlib.suppress(OSError):
        for line in Path("/proc/net/if_inet6").read_text(encoding="ascii").splitlines():
            yield ipaddress.ip_address(int(line.split()[0], 16).to_bytes(16))


def _outward() -> Iterator[Address]:
    """The addresses that other machines see us under."""
    for family, target in ELSEWHERE:
        with contextlib.suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as asking:
            asking.connect((target, 9))
            address = ipaddress.ip_address(asking.getsockname()[0])
            if _can_be_typed(address) and not address.is_loopback:
                yield address


def _resolved(name: str) -> Iterable[Address]:
    with contextlib.suppress(OSError, UnicodeError):
        return {ipaddress.ip_address(str(found[4][0]).partition("%")[0]) for found in socket.getaddrinfo(name, None)}
    return set()


def _can_be_typed(address: Address) -> bool:
    """Link-local IPv6 needs the name of an interface behind it, which browsers refuse."""
    return not address.is_unspecified and not (address.version == 6 and address.is_link_local)


def _bracketed(address: Address) -> str:
    return f"[{address}]" if address.version == 6 else str(address)
