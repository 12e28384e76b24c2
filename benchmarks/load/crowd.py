"""Visitors who come together, and what they met."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from functools import partial
from typing import Any

from benchmarks.load.learner import Room, Tally, clicks, plays

LEARNERS, CLICKING = 200, 20
"""A lecture: so many play with the surface in sight, and so many click through."""
EACH, ARRIVE = 0.1, 30.0
"""Seconds between two who come, and in which all have come and the pace has settled, at most."""

Visitor = Callable[[Room], Coroutine[Any, Any, None]]


def a_class(learners: int = LEARNERS, clicking: int = CLICKING, own: bool = False) -> list[Visitor]:
    """Those of a lecture: all with the link that was shown, or each with seeds of their `own`."""
    specs = [{"seed": place} if own else {} for place in range(learners + clicking)]
    return [
        partial(plays, spec=spec, surface=True) if place < learners else partial(clicks, spec=spec)
        for place, spec in enumerate(specs)
    ]


def visits(
    port: int, cpu: Callable[[], float], visitors: Sequence[Visitor], seconds: float
) -> Tally:
    """What visitors meet in so many seconds, counted from when all are there.

    `cpu` gives the seconds of processor that the servers have used up to now; `offered` of the
    tally is what they used meanwhile.
    """
    return asyncio.run(_all(port, cpu, visitors, seconds))


async def _all(
    port: int, cpu: Callable[[], float], visitors: Sequence[Visitor], seconds: float
) -> Tally:
    tally = Tally()
    begin = time.monotonic() + min(ARRIVE, 4.0 + 1.3 * EACH * len(visitors))
    room = Room("127.0.0.1", port, tally, begin, begin + seconds)
    tasks = [asyncio.create_task(_comes(visitor, room, i)) for i, visitor in enumerate(visitors)]
    await asyncio.sleep(begin - time.monotonic())
    before = cpu()
    await asyncio.sleep(room.end - time.monotonic())
    tally.offered = cpu() - before
    await asyncio.gather(*tasks)
    return tally


async def _comes(visitor: Visitor, room: Room, place: int) -> None:
    await asyncio.sleep(EACH * place)
    await visitor(room)
