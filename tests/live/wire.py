"""A socket as a browser opens one, to a server in a process of its own: RFC 6455 as far as a page needs it."""

import asyncio
import base64
import json
import os
from typing import Any, Self

TEXT, CLOSE, PING, PONG = 0x1, 0x8, 0x9, 0xA


class Closed(Exception):  # noqa: N818 - which is no error
    """The server has closed the socket; `code` is 1006 when it did so without a word."""

    def __init__(self, code: int) -> None:
        super().__init__(f"closed with {code}")
        self.code = code


class Wire:
    """One open socket. Answers pings, and keeps quiet otherwise."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer

    @classmethod
    async def open(cls, port: int, path: str, *, cookie: str = "", origin: str = "") -> Self:
        """Raises ConnectionRefusedError when the server does not take it."""
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4 * 2**20)
        host = f"127.0.0.1:{port}"
        lines = [
            f"GET {path} HTTP/1.1",
            f"Host: {host}",
            f"Origin: {origin or f'http://{host}'}",
            f"Cookie: {cookie}",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
            "Sec-WebSocket-Version: 13",
        ]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        if b" 101 " not in answer.split(b"\r\n")[0]:
            writer.close()
            raise ConnectionRefusedError(answer.split(b"\r\n")[0].decode())
        return cls(reader, writer)

    def say(self, message: Any) -> None:
        self._send(TEXT, json.dumps(message).encode())

    async def hear(self) -> Any:
        """The next message. Raises Closed."""
        return json.loads(await self.hear_text())

    async def hear_text(self) -> bytes:
        """The next message as it came. Raises Closed."""
        while True:
            try:
                kind, payload = await self._frame()
            except (asyncio.IncompleteReadError, ConnectionResetError):
                self._writer.close()
                raise Closed(1006) from None
            if kind == PING:
                self._send(PONG, payload)
            elif kind == CLOSE:
                self._send(CLOSE, payload)
                self._writer.close()
                raise Closed(int.from_bytes(payload[:2], "big") if payload else 1005)
            elif kind == TEXT:
                return payload

    async def close(self) -> None:
        self._send(CLOSE, (1000).to_bytes(2, "big"))
        self._writer.close()

    async def _frame(self) -> tuple[int, bytes]:
        first, second = await self._reader.readexactly(2)
        length = second & 127
        if length == 126:
            length = int.from_bytes(await self._reader.readexactly(2), "big")
        elif length == 127:
            length = int.from_bytes(await self._reader.readexactly(8), "big")
        return first & 15, await self._reader.readexactly(length)

    def _send(self, kind: int, payload: bytes) -> None:
        """A client masks what it sends; a mask of zeros leaves it as it is."""
        length = len(payload)
        size = bytes([128 | length]) if length < 126 else bytes([128 | 126]) + length.to_bytes(2, "big")
        self._writer.write(bytes([128 | kind]) + size + b"\0\0\0\0" + payload)
