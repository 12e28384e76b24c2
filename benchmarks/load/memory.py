"""Memory of a server: of idle experiments, of a class that is looked at, and after all expired."""

import asyncio
import time
from collections.abc import Iterator

from benchmarks.claim import Claim
from benchmarks.load.connection import Connection
from benchmarks.load.learner import SURFACE, VIEWS
from benchmarks.load.server import Hosted, hosted

IDLE, TRAINED, CREATED = 2000, 200, 10_000
LIVES = 20.0
"""Seconds for which an experiment stays unused, where they are to expire."""
TOGETHER = 4
"""So many are asked for at a time."""


def measure() -> Iterator[Claim]:
    """The claims about memory."""
    with hosted(1) as server:
        asyncio.run(_make(server, 50))  # all that is loaded once
        before = server.memory()[0]
        asyncio.run(_make(server, IDLE))
        each = (server.memory()[0] - before) * 1024 / IDLE
    yield Claim("memory of an idle experiment", each, " kB", f"of {IDLE}", "", at_most=10)

    with hosted(1) as server:
        asyncio.run(_make(server, 5, looked_at=True))
        before = server.memory()[0]
        asyncio.run(_make(server, TRAINED, looked_at=True))
        grown = server.memory()[0] - before
    told = f"300 steps each, with surface; {before:.0f} MB before"
    yield Claim(f"memory of {TRAINED} that are looked at", grown, " MB", told, "", at_most=80)

    days = str(LIVES / 86_400)
    with hosted(1, {"PLAYGROUND_EXPIRE_DAYS": days}) as server:
        asyncio.run(_make(server, 500))
        before, largest = server.memory()[0], 0
        for _ in range(CREATED // 500):
            asyncio.run(_make(server, 500))
            largest = max(largest, server.file.stat().st_size)
        grown = server.memory()[0] - before
        end = time.monotonic() + 4 * LIVES
        while server.file.stat().st_size > largest / 2 and time.monotonic() < end:
            asyncio.run(_make(server, 1))
            time.sleep(LIVES / 20)
        left = server.file.stat().st_size
    yield Claim(f"memory after {CREATED} came and expired", grown, " MB", "", "", at_most=50)
    yield Claim(
        "… the store's file, of its largest",
        100.0 * left / largest,
        " %",
        f"{left / 1e6:.1f} MB",
        f"of {largest / 1e6:.1f} MB",
        at_most=50,
    )


async def _make(server: Hosted, count: int, looked_at: bool = False) -> None:
    await asyncio.gather(
        *(_some(server, count // TOGETHER + 1, looked_at) for _ in range(TOGETHER))
    )


async def _some(server: Hosted, count: int, looked_at: bool) -> None:
    to = Connection("127.0.0.1", server.port)
    for number in range(count):
        answer = await to.ask("POST", "/api/experiments", {"seed": number + 1})
        if answer.status != 201:
            raise RuntimeError(answer.body.decode())
        if looked_at:
            place = answer.place
            for _ in range(10):
                await to.ask("POST", f"{place}steps", {"count": 30, "every": 1, "views": VIEWS})
            await to.ask("GET", f"{place}{SURFACE}300")
            await to.ask("GET", f"{place}diagnostics")
    to.close()
