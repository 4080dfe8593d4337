"""Requests whose body is larger than any of our forms are refused while they come in, before they lie on the disk."""

from typing import Any

from daphne.http_protocol import HTTPFactory, WebRequest
from django.conf import settings

# What is still read, and dropped, of a refused body: a client that is cut off at once does not read the answer.
PATIENCE = 16
TOO_MUCH = b"This is too much for one request."
TOO_LONG = b"This address, or a header of the request, is too long."
# For answers that no middleware of the application sees
HEADERS = [
    (b"content-type", b"text/plain; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
]


class LimitedRequest(WebRequest):  # type: ignore[misc]  # daphne has no types
    """daphne reads a whole body before the application hears of the request, however long it is."""

    refused = False
    received = 0

    def gotLength(self, length: int | None) -> None:  # noqa: N802 - Twisted's name
        super().gotLength(length)
        if length is not None and length > settings.TAGGER_MAX_BODY:
            self._refuse()

    def handleContentChunk(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        self.received += len(data)
        if self.received > PATIENCE * settings.TAGGER_MAX_BODY:
            self.channel.transport.abortConnection()
        elif self.received > settings.TAGGER_MAX_BODY and not self.refused:
            self._refuse()
        elif not self.refused:
            super().handleContentChunk(data)

    def process(self) -> Any:  # noqa: ANN401 - whatever daphne answers
        if self.refused:
            return self.channel.loseConnection()
        return super().process()

    def _refuse(self) -> None:
        self.refused = True
        self.content.truncate(0)
        self.channel.transport.write(_answer(b"413 Content Too Large", TOO_MUCH))


class LimitedFactory(HTTPFactory):  # type: ignore[misc]  # daphne has no types
    def buildProtocol(self, addr: Any) -> Any:  # noqa: ANN401, N802 - Twisted's names and types
        protocol = super().buildProtocol(addr)
        protocol.requestFactory = LimitedRequest
        channel = protocol._channel  # Twisted's wrapper passes on what it is told, but not a method
        channel.lineLengthExceeded = lambda line: _refuse_line(channel)
        return protocol


def _refuse_line(channel: Any) -> None:  # noqa: ANN401 - Twisted's, with private types
    """Twisted closes without a word on a line of over 16 KiB: an address, or a header of a request that has begun."""
    status = b"431 Request Header Fields Too Large" if channel.requests else b"414 URI Too Long"
    channel.transport.write(_answer(status, TOO_LONG))
    channel.loseConnection()


def _answer(status: bytes, text: bytes) -> bytes:
    headers = [*HEADERS, (b"content-length", b"%d" % len(text)), (b"connection", b"close")]
    return b"\r\n".join([b"HTTP/1.1 " + status, *(b"%b: %b" % header for header in headers), b"", text])
