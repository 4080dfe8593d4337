"""W1: pages of our own origin open sockets, and nobody else's."""

from typing import Any

import pytest
from channels.testing import WebsocketCommunicator

from tagger_site.asgi import application
from tagger_site.sockets import is_own_origin
from tagging.models import Dataset, Person
from tests.live.sockets import cookie_of, handshake

OWN = "http://localhost:8000"
HOSTS = ["localhost", "127.0.0.1"]

Headers = list[tuple[bytes, bytes]]


def admits(
    *origins: str, host: str = "localhost:8000", scheme: str = "ws", hosts: list[str] = HOSTS, **more: str
) -> bool:
    """Whether a handshake with these Origin headers is ours; `more` are other headers."""
    headers: Headers = [(b"host", host.encode()), *((b"origin", origin.encode()) for origin in origins)]
    headers += [(name.replace("_", "-").encode(), value.encode()) for name, value in more.items()]
    return is_own_origin({"type": "websocket", "scheme": scheme, "headers": headers}, hosts, [])


def test_is_own_origin_is_true_of_our_own() -> None:
    assert admits(OWN)


@pytest.mark.parametrize(
    "origin",
    [
        "http://localhost:8001",
        "http://localhost",
        "https://localhost:8000",
        "ws://localhost:8000",
        "http://sub.localhost:8000",
        "http://localhost.evil.example:8000",
        "http://evil.example",
        "http://127.0.0.1:8000",
        "http://localhost.:8000",
        "HTTP://LOCALHOST:8000",
        "http://localhost:8000/",
        "http://eve@localhost:8000",
        "null",
        "",
    ],
)
def test_is_own_origin_is_false_of_any_other(origin: str) -> None:
    assert not admits(origin)


def test_is_own_origin_is_false_without_an_origin() -> None:
    assert not admits()


def test_is_own_origin_is_false_of_two() -> None:
    assert not admits(OWN, OWN)


def test_is_own_origin_is_false_under_a_host_that_is_not_ours() -> None:
    assert not admits("http://evil.example:8000", host="evil.example:8000")


def test_is_own_origin_is_false_without_a_host() -> None:
    scope = {"type": "websocket", "headers": [(b"origin", OWN.encode())]}

    assert not is_own_origin(scope, HOSTS, [])


def test_is_own_origin_takes_the_host_in_any_case() -> None:
    assert admits(OWN, host="LocalHost:8000")


@pytest.mark.parametrize("setting", ["https://tagger.example", "https://Tagger.example/"])
def test_is_own_origin_is_true_of_what_the_settings_name(setting: str) -> None:
    headers = [(b"host", b"localhost:8000"), (b"origin", b"https://tagger.example")]
    scope = {"type": "websocket", "headers": headers}

    assert is_own_origin(scope, HOSTS, [setting])


def test_is_own_origin_does_not_believe_forwarded_headers(settings: Any) -> None:
    settings.TAGGER_TRUST_PROXY = False
    origin, forwarded = "https://tagger.example", {"x_forwarded_proto": "https", "x_forwarded_host": "tagger.example"}

    assert not admits(origin, hosts=[*HOSTS, "tagger.example"], **forwarded)


def test_is_own_origin_believes_the_proxy_it_is_told_of(settings: Any) -> None:
    settings.TAGGER_TRUST_PROXY = True
    origin, forwarded = "https://tagger.example", {"x_forwarded_proto": "https", "x_forwarded_host": "tagger.example"}

    assert admits(origin, hosts=[*HOSTS, "tagger.example"], **forwarded)
    assert not admits("http://tagger.example", hosts=[*HOSTS, "tagger.example"], **forwarded)
    assert not admits(origin, hosts=HOSTS, **forwarded)


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
async def test_a_page_of_our_own_connects(cats: Dataset, bob: Person) -> None:
    socket = handshake("/ws/datasets/cats/", await cookie_of(bob))

    connected, _ = await socket.connect(timeout=3)
    await socket.disconnect()

    assert connected


@pytest.mark.asyncio
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("headers", [[], [(b"origin", b"null")], [(b"origin", b"http://localhost:8001")]])
async def test_a_page_of_another_origin_is_turned_away(cats: Dataset, bob: Person, headers: Headers) -> None:
    cookie = (b"cookie", f"tagger_session={await cookie_of(bob)}".encode())
    socket = WebsocketCommunicator(
        application, "/ws/datasets/cats/", headers=[(b"host", b"localhost:8000"), cookie, *headers]
    )

    connected, _ = await socket.connect(timeout=3)

    assert not connected
