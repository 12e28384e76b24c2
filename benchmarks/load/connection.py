"""One kept HTTP connection, as light as it can be: the load must not come from the one who asks."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Answer:
    """An answer; `pace` and `retry_after` as its headers say, `step` and `version` where it has."""

    status: int
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def pace(self) -> float:
        """How much slower than usual the server asks to be asked."""
        return float(self.headers.get("basin-pace", 1.0))

    @property
    def retry_after(self) -> float:
        """Seconds after which to ask again."""
        return float(self.headers.get("retry-after", 1.0))

    @property
    def place(self) -> str:
        """The path of an experiment's calls, from its summary."""
        start = self.body.index(b'"id":"') + 6
        id = self.body[start : self.body.index(b'"', start)].decode()
        return f"/api/experiments/{id}/"

    def number(self, name: str) -> int:
        """The first whole number of this name in the body, which is not read otherwise."""
        at = self.body.index(b'"%s":' % name.encode()) + len(name) + 3
        end = at
        while self.body[end : end + 1].isdigit():
            end += 1
        return int(self.body[at:end])


class Connection:
    """A connection that opens with the first request, and again after it was closed."""

    def __init__(self, host: str, port: int) -> None:
        self._place = host, port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: Any = None) -> Answer:
        """The answer to a request. Raises OSError where the server is not reached."""
        text = b"" if body is None else json.dumps(body).encode()
        head = f"{method} {path} HTTP/1.1\r\nHost: {self._place[0]}\r\n"
        head += "Accept-Encoding: gzip\r\n"  # as every browser does
        if body is not None:
            head += f"Content-Type: application/json\r\nContent-Length: {len(text)}\r\n"
        message = head.encode() + b"\r\n" + text
        for attempt in (0, 1):
            try:
                return await self._send(message)
            except (OSError, asyncio.IncompleteReadError):
                self.close()  # kept connections end now and then; one attempt more
                if attempt:
                    raise
        raise AssertionError

    async def _send(self, message: bytes) -> Answer:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._place, limit=1 << 20)
        reader, writer = self._streams
        writer.write(message)
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {
            name.lower(): value.strip()
            for name, _, value in (line.partition(":") for line in head[1:] if line)
        }
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        if headers.get("connection", "").lower() == "close":
            self.close()
        return Answer(int(head[0].split()[1]), body, headers)

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None
