"""An address or header that is too long is answered, not cut off."""

import socket

import pytest

from tests.start.site import Site

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (f"GET /?q={'a' * 70_000} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "414"),
        (f"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {'a' * 70_000}\r\n\r\n", "431"),
    ],
)
def test_what_is_too_long_is_told_so(request_head: str, status: str, site: Site) -> None:
    with socket.create_connection(("127.0.0.1", site.port), timeout=10) as connection:
        connection.sendall(request_head.encode())
        answer = connection.recv(65536).decode()

    assert answer.startswith(f"HTTP/1.1 {status} ")
    assert "is too long" in answer
