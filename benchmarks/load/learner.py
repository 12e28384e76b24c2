"""Learners at the page's own rhythm: what the page asks for, when, and how it gives way."""

import asyncio
import random
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from benchmarks.load.connection import Answer, Connection

RATE = 30
"""Steps a second, the speed at which the page opens."""
BLOCK, LONGEST = 0.3, 6.0
"""Seconds of a block, and of the longest (static/js/playback/player.js)."""
SPREAD = 0.5
"""The share of a block's time within which its successor is asked for, by chance."""
FULL_SPEED = 10.0
"""The pace from which on fewer steps are shown."""
SURFACE_EVERY, REST = 0.6, 0.5
"""Seconds between two surfaces, and the rest for each unit of pace above 1."""
LONGEST_REST = 15.0
AGAIN = 1.5
"""Seconds after which the page asks again for a picture that a busy server refused."""
VIEWS: dict[str, Any] = {
    "path": {"plane": "parameters", "x": "W1[0,0]", "y": "b1[0]"},
    "outputs": {"run": 0, "size": 61},
    "inside": {"run": 0, "size": 24, "neurons": True, "gradients": True},
    "metrics": True,
}
SURFACE = "surface?x=W1[0,0]&y=b1[0]&size=61&points=128&view=main&step="


@dataclass
class Tally:
    """Seconds of blocks, clicks and surfaces, from the first asking to the answer; statuses."""

    seconds: dict[str, list[float]] = field(
        default_factory=lambda: {"block": [], "click": [], "surface": []}
    )
    statuses: Counter[int] = field(default_factory=Counter)
    steps: int = 0
    offered: float = 0.0
    pace: float = 1.0

    def p95(self, kind: str) -> float:
        """Milliseconds within which 19 of 20 had their answer."""
        found = sorted(self.seconds[kind])
        return 1e3 * found[min(len(found) - 1, int(0.95 * len(found)))] if found else float("nan")

    @property
    def failures(self) -> int:
        """Answers that say that the server is at fault."""
        return sum(count for status, count in self.statuses.items() if status >= 500)


@dataclass(frozen=True)
class Room:
    """Where learners meet: the address of a server, what is counted, and when it is counted."""

    host: str
    port: int
    tally: Tally
    begin: float
    end: float

    def connection(self) -> Connection:
        """A connection of a learner's own."""
        return Connection(self.host, self.port)

    @property
    def counts(self) -> bool:
        """Whether the time has come in which all are there."""
        return self.begin <= time.monotonic() < self.end

    @property
    def over(self) -> bool:
        """Whether everybody goes home."""
        return time.monotonic() >= self.end


async def patiently(
    room: Room, to: Connection, kind: str, call: tuple[str, str, Any]
) -> Answer | None:
    """The answer once the server is not too busy for it, or None at the end."""
    start, counts = time.monotonic(), room.counts
    while not room.over:
        answer = await to.ask(*call)
        room.tally.statuses[answer.status] += 1
        if answer.status != 429:
            if counts:
                room.tally.seconds[kind].append(time.monotonic() - start)
            room.tally.pace = answer.pace
            return answer
        await asyncio.sleep(answer.retry_after)
    return None


async def created(room: Room, to: Connection, spec: Mapping[str, Any]) -> str:
    """A new experiment: the path of its calls."""
    answer = await to.ask("POST", "/api/experiments", spec)
    while answer.status == 429:
        await asyncio.sleep(answer.retry_after)
        answer = await to.ask("POST", "/api/experiments", spec)
    return answer.place


def meeting(step: int, count: int, block: int) -> int:
    """So many steps, or by chance some more or fewer, to end where others' blocks end."""
    end = int((step + count) / block + random.random()) * block
    return end - step if end > step else end - step + block


async def plays(room: Room, spec: Mapping[str, Any], surface: bool) -> None:
    """Somebody who plays: one block on the screen and one in hand, never more."""
    to = room.connection()
    place = await created(room, to, spec)
    now = {"step": 0.0, "pace": 1.0}
    picture = asyncio.create_task(_watches(room, place, now)) if surface else None
    await asyncio.sleep(random.uniform(0.0, 3.0))
    shown: list[float] = []
    first = True
    while not room.over:
        rate = RATE * min(1.0, FULL_SPEED / now["pace"])
        pace = 1.0 if first else now["pace"]
        seconds = min(BLOCK * pace, LONGEST)
        planned = max(1, round(rate * seconds))
        count = meeting(int(now["step"]), planned, round(RATE * BLOCK))
        body = {"count": count, "every": 1, "views": VIEWS}
        answer = await patiently(room, to, "block", ("POST", f"{place}steps", body))
        if answer is None or answer.status != 200:
            break
        now["step"], now["pace"], first = answer.number("step"), answer.pace, False
        if room.counts:
            room.tally.steps += count
        moment = time.monotonic()
        shown = [end for end in shown if end > moment]
        shown.append((shown[-1] if shown else moment) + count / rate)
        if len(shown) > 1:
            late = random.uniform(0.0, SPREAD) * count / rate
            await asyncio.sleep(shown[0] + late - moment)
    if picture is not None:
        await picture
    to.close()


async def _watches(room: Room, place: str, now: Mapping[str, float]) -> None:
    """The surface beside it, as often as the page draws it and the server can hold."""
    to = room.connection()
    while not room.over:
        await asyncio.sleep(SURFACE_EVERY + min(REST * (now["pace"] - 1.0), LONGEST_REST))
        if now["step"]:
            start = time.monotonic()
            answer = await to.ask("GET", f"{place}{SURFACE}{int(now['step'])}")
            room.tally.statuses[answer.status] += 1
            if answer.status == 429:
                await asyncio.sleep(AGAIN)
            elif room.counts:
                room.tally.seconds["surface"].append(time.monotonic() - start)
    to.close()


async def draws(room: Room, spec: Mapping[str, Any]) -> None:
    """Somebody who asks for one surface after the other, and takes no pause unless told to."""
    to = room.connection()
    place = await created(room, to, spec)
    await to.ask("POST", f"{place}steps", {"count": 30})
    while not room.over:
        answer = await patiently(room, to, "surface", ("GET", f"{place}{SURFACE}30", None))
        if answer is not None:
            await asyncio.sleep(min(REST * (answer.pace - 1.0), LONGEST_REST))
    to.close()


async def clicks(room: Room, spec: Mapping[str, Any], every: float = 1.0) -> None:
    """Somebody who clicks Step, and looks."""
    to = room.connection()
    place = await created(room, to, spec)
    body = {"count": 1, "every": 1, "views": VIEWS}
    while not room.over:
        await asyncio.sleep(random.uniform(0.5, 1.5) * every)
        await patiently(room, to, "click", ("POST", f"{place}steps", body))
    to.close()


async def in_turn(room: Room, specs: Sequence[Mapping[str, Any]]) -> None:
    """Learners who take a block of the page each, one after the other, and look at nothing else."""
    to = room.connection()
    places = [await created(room, to, spec) for spec in specs]
    count = round(RATE * BLOCK)
    while not room.over:
        for place in places:
            body = {"count": count, "every": 1}
            answer = await patiently(room, to, "block", ("POST", f"{place}steps", body))
            if answer is not None and room.counts:
                room.tally.steps += count
    to.close()


async def trains(room: Room, spec: Mapping[str, Any]) -> None:
    """Somebody whose page is asked to keep up with nothing: the next long block at once."""
    to = room.connection()
    place = await created(room, to, spec)
    count = 90
    body = {"count": count, "every": 1, "views": VIEWS}
    while not room.over:
        answer = await patiently(room, to, "block", ("POST", f"{place}steps", body))
        if answer is not None and answer.status == 200 and room.counts:
            room.tally.steps += count
    to.close()


async def floods(room: Room, spec: Mapping[str, Any]) -> None:
    """Somebody who asks for as much as one request may, and at once again."""
    to = room.connection()
    place = await created(room, to, spec)
    while not room.over:
        answer = await to.ask("POST", f"{place}steps", {"count": 1000, "every": 100})
        room.tally.statuses[answer.status] += 1
        if answer.status == 429:
            await asyncio.sleep(answer.retry_after)
    to.close()
