"""A class, and a crowd, on a server as the Docker image starts it.

    python -m benchmarks load     all of it, some ten minutes: on Linux, with nothing else running

Learners keep the page's own rhythm (`learner`), memory is that of the processes (`memory`). With
`BASIN_LOAD=crowd,heavy` only some of it is measured, and `BASIN_LOAD_SECONDS` says for how long.
"""

import asyncio
import os
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
from typing import Any

from benchmarks.claim import Claim
from benchmarks.load import memory
from benchmarks.load.connection import Connection
from benchmarks.load.learner import Room, Tally, clicks, draws, floods, plays
from benchmarks.load.server import Hosted, hosted

SECONDS = float(os.environ.get("BASIN_LOAD_SECONDS", "60"))
ARRIVE = 12.0
"""Seconds in which all have come, and the pace has settled."""
BIG: dict[str, Any] = {
    "layers": [{"units": 8, "activation": "tanh"}] * 6 + [{"units": 1, "activation": "sigmoid"}]
}
"""What a heavy user trains."""

Visitor = Callable[[Room], Coroutine[Any, Any, None]]


def measure() -> Iterator[Claim]:
    """The claims about a server that many use."""
    parts = {"block": block, "class": crowd, "surfaces": surfaces, "heavy": heavy}
    chosen = os.environ.get("BASIN_LOAD", ",".join([*parts, "memory"])).split(",")
    for name, part in parts.items():
        if name in chosen:
            yield from part()
    if "memory" in chosen:
        yield from memory.measure()


def block() -> Iterator[Claim]:
    """What one block of the page costs, and what a learner costs in a second."""
    with hosted(1) as server:
        tally = _run(server, [lambda room: plays(room, {}, surface=False)], 20.0)
        cpu, seconds = tally.offered, 20.0
    blocks = len(tally.seconds["block"])
    each = 1e3 * cpu / blocks
    yield Claim(
        "processor for a block of the page, over HTTP",
        each,
        " ms",
        f"{blocks} blocks, of {tally.steps / blocks:.0f} steps",
        f"{1e3 * cpu / seconds:.3g} ms a second for a learner who plays",
        at_most=1.5,
    )


def crowd(learners: int = 200, clicking: int = 20) -> Iterator[Claim]:
    """A lecture: all play with the surface in sight, and some click through."""
    visitors: list[Visitor] = [lambda room: plays(room, {}, surface=True)] * learners
    visitors += [lambda room: clicks(room, {})] * clicking
    with hosted() as server:
        tally = _run(server, visitors, SECONDS)
    what = f"{learners} learners who play with the surface, {clicking} who click"
    share = tally.steps / (30.0 * SECONDS * learners)
    told = f"{tally.steps / SECONDS:.0f} steps a second, {100 * share:.0f} % of what they watch"
    pace = f"pace {tally.pace:.2g}, {dict(tally.statuses)}, processor {tally.offered:.0f} s"
    yield Claim(f"{what}: a block, 19 of 20", tally.p95("block"), " ms", told, pace, at_most=400)
    yield Claim(
        "… a click on Step", tally.p95("click"), " ms", _count(tally, "click"), "", at_most=300
    )
    yield Claim("… answers that are the server's fault", tally.failures, "", "", "", at_most=0)


def surfaces(drawing: int = 60, learners: int = 10) -> Iterator[Claim]:
    """Surfaces one after the other, beside learners who train."""
    visitors: list[Visitor] = [lambda room: draws(room, {})] * drawing
    visitors += [lambda room: plays(room, {}, surface=False)] * learners
    with hosted() as server:
        tally = _run(server, visitors, SECONDS / 2)
    share = 100.0 * tally.steps / (30.0 * SECONDS / 2 * learners)
    yield Claim(
        f"{learners} learners beside {drawing} who draw surfaces: a block, 19 of 20",
        tally.p95("block"),
        " ms",
        f"{_count(tally, 'block')}, {_count(tally, 'surface')}",
        f"pace {tally.pace:.2g}, {dict(tally.statuses)}",
        at_most=100,
    )
    yield Claim("… of the steps that they watch, those that came", share, " %", "", "", at_least=97)


def heavy(clicking: int = 8) -> Iterator[Claim]:
    """One who floods the server with long blocks, from eight connections, beside some clicks."""
    visitors: list[Visitor] = [lambda room: floods(room, BIG)] * 8
    visitors += [lambda room: clicks(room, {}, every=0.5)] * clicking
    with hosted() as server:
        tally = _run(server, visitors, SECONDS / 2)
    yield Claim(
        f"a click on Step of {clicking} beside one who asks for all there is, 19 of 20",
        tally.p95("click"),
        " ms",
        _count(tally, "click"),
        str(dict(tally.statuses)),
        at_most=150,
    )


def _count(tally: Tally, kind: str) -> str:
    return f"{len(tally.seconds[kind])} {kind}s"


def _run(server: Hosted, visitors: Sequence[Visitor], seconds: float) -> Tally:
    """What visitors have seen in so many seconds; `offered` is the processor that it took."""
    return asyncio.run(_all(server, visitors, seconds))


async def _all(server: Hosted, visitors: Sequence[Visitor], seconds: float) -> Tally:
    tally = Tally()
    begin = time.monotonic() + min(ARRIVE, 4.0 + 0.06 * len(visitors))
    room = Room("127.0.0.1", server.port, tally, begin, begin + seconds)
    tasks = [asyncio.create_task(_comes(visitor, room, i)) for i, visitor in enumerate(visitors)]
    await asyncio.sleep(begin - time.monotonic())
    before = server.cpu()
    await asyncio.sleep(room.end - time.monotonic())
    tally.offered = server.cpu() - before
    await asyncio.gather(*tasks)
    return tally


async def _comes(visitor: Visitor, room: Room, place: int) -> None:
    await asyncio.sleep(0.04 * place)
    await visitor(room)


__all__ = ["Connection", "measure"]
