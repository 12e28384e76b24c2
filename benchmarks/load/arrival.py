"""A class that comes: all open the page within a few seconds, and no browser has been there."""

import asyncio
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.web.assets import PLOTLY, STYLE, Assets
from benchmarks.claim import Claim
from benchmarks.load.connection import Answer, Connection
from benchmarks.load.learner import SURFACE
from benchmarks.load.server import hosted

LEARNERS, WITHIN = 200, 10.0
"""So many come within so many seconds."""
CONNECTIONS = 6
"""As many as a browser opens to one host."""
VIEWS = (
    "outputs?run=0&size=100&step=0&neurons=false",
    "frame?run=0&step=0&size=24&neurons=true&gradients=true",
    "diagnostics?step=0",
    "metrics?run=0&step=0",
    "relief?run=0&step=0",
    SURFACE + "0",
)
"""What the page asks for when it opens, one after the other."""


@dataclass
class Tally:
    """Seconds until a page could be clicked, and until its surface was there; statuses."""

    ready: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)


def measure() -> Iterator[Claim]:
    """How long a class waits for its page on a server that shares the cores with the class."""
    files = Assets()
    urls = [f"/{files.url(name)}" for name in (STYLE, *files.modules)]
    tally = Tally()
    with hosted() as server:
        before = server.cpu()
        asyncio.run(_all(server.port, urls, f"/{files.url(PLOTLY)}", tally))
        used = server.cpu() - before
    for name, seconds in (("the page", tally.ready), ("the surface", tally.drawn)):
        seconds.sort()
        yield Claim(
            f"{LEARNERS} who open one link within {WITHIN:g} s: {name}, 19 of 20",
            seconds[int(0.95 * len(seconds))],
            " s",
            f"half of them {seconds[len(seconds) // 2]:.2g} s",
            f"processor {used:.3g} s, {dict(tally.statuses)}",
        )
    failures = sum(count for status, count in tally.statuses.items() if status >= 500)
    yield Claim("… answers that are the server's fault", failures, "", "", "", at_most=0)


async def _all(port: int, urls: Sequence[str], plotly: str, tally: Tally) -> None:
    await asyncio.gather(
        *(_comes(port, urls, plotly, tally, WITHIN * place / LEARNERS) for place in range(LEARNERS))
    )


async def _comes(port: int, urls: Sequence[str], plotly: str, tally: Tally, after: float) -> None:
    await asyncio.sleep(after)
    begun = time.monotonic()
    connections = [Connection("127.0.0.1", port) for _ in range(CONNECTIONS)]
    first, *others = connections
    await _asked(first, "GET", "/", tally)
    waiting = list(urls)

    async def load(to: Connection) -> None:
        while waiting:
            await _asked(to, "GET", waiting.pop(), tally)

    await asyncio.gather(*map(load, connections))
    await _asked(first, "GET", "/api/catalog?words=false", tally)
    place = (await _asked(first, "POST", "/api/experiments", tally, {})).place
    await _asked(first, "GET", f"{place}data", tally)
    tally.ready.append(time.monotonic() - begun)

    async def look() -> None:
        for view in VIEWS:
            await _asked(first, "GET", place + view, tally)

    await asyncio.gather(look(), _asked(others[0], "GET", plotly, tally))
    tally.drawn.append(time.monotonic() - begun)
    for connection in connections:
        connection.close()


async def _asked(
    to: Connection, method: str, path: str, tally: Tally, body: object = None
) -> Answer:
    """The answer once the server is not too busy for it."""
    while True:
        answer = await to.ask(method, path, body)
        tally.statuses[answer.status] += 1
        if answer.status != 429:
            return answer
        await asyncio.sleep(answer.retry_after)
