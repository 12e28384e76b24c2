"""A class, and a crowd, on a server as the Docker image starts it.

    python -m benchmarks load     all of it, some ten minutes: on Linux, with nothing else running

Learners keep the page's own rhythm (`learner`), a class that comes is in `arrival`, memory is that
of the processes (`memory`), and servers that share a Redis are in `machines`. With
`BASIN_LOAD=class,heavy` only some of it is measured, and `BASIN_LOAD_SECONDS` says for how long.
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from benchmarks.claim import Claim
from benchmarks.load import arrival, machines, memory
from benchmarks.load.crowd import CLICKING, LEARNERS, Visitor, a_class, visits
from benchmarks.load.learner import Tally, clicks, draws, floods, in_turn, plays
from benchmarks.load.server import hosted

SECONDS = float(os.environ.get("BASIN_LOAD_SECONDS", "60"))
FORTY = 40
BIG: dict[str, Any] = {
    "layers": [{"units": 8, "activation": "tanh"}] * 6 + [{"units": 1, "activation": "sigmoid"}]
}
"""What a heavy user trains."""


def measure() -> Iterator[Claim]:
    """The claims about a server that many use."""
    parts: dict[str, Callable[[], Iterator[Claim]]] = {
        "alone": steps_alone,
        "block": block,
        "arrival": arrival.measure,
        "class": lecture,
        "own": lambda: lecture(own=True),
        "surfaces": surfaces,
        "heavy": heavy,
        "memory": memory.measure,
        "redis": lambda: machines.with_redis(SECONDS),
        "compose": lambda: machines.composed(SECONDS),
    }
    chosen = os.environ.get("BASIN_LOAD", ",".join(parts)).split(",")
    for name, part in parts.items():
        if name in chosen:
            yield from part()


def steps_alone() -> Iterator[Claim]:
    """What a block costs without anything that is looked at, as the first version was measured.

    Forty learners are many enough that none finds what was kept for the one before.
    """
    costs = {}
    for own in (True, False):
        specs = [{"seed": place} if own else {} for place in range(FORTY)]
        with hosted(1) as server:
            tally = visits(server.port, server.cpu, [partial(in_turn, specs=specs)], 20.0)
        blocks = len(tally.seconds["block"])
        costs[own] = 1e3 * tally.offered / blocks
    yield Claim(
        "processor for a block of nine steps over HTTP, of forty learners with one link",
        costs[False],
        " ms",
        f"{blocks} blocks",
        f"{costs[True]:.3g} ms each with own seeds",
        at_most=1.5,
    )


def block() -> Iterator[Claim]:
    """What a block of the page costs: of one alone, of ten with one link, and each with own seeds.

    One alone finds caches cold, and makes every step itself.
    """
    seconds, costs, told = 20.0, {}, ""
    for name, learners, own in (("alone", 1, False), ("own", 10, True), ("link", 10, False)):
        with hosted(1) as server:
            visitors: list[Visitor] = [
                partial(plays, spec={"seed": place} if own else {}, surface=False)
                for place in range(learners)
            ]
            tally = visits(server.port, server.cpu, visitors, seconds)
        blocks = len(tally.seconds["block"])
        costs[name] = 1e3 * tally.offered / blocks
        told = f"{blocks} blocks, of {tally.steps / blocks:.0f} steps"
    yield Claim(
        "processor for a block of the page, over HTTP, of ten learners with one link",
        costs["link"],
        " ms",
        told,
        f"{costs['own']:.3g} ms each with own seeds, {costs['alone']:.3g} ms of one alone",
        at_most=1.5,
    )


def lecture(own: bool = False) -> Iterator[Claim]:
    """A lecture: all play with the surface in sight, and some click through.

    They open one link, as a class does, or each draws with seeds of their `own`: then no step of
    one is one of another.
    """
    with hosted() as server:
        tally = visits(server.port, server.cpu, a_class(own=own), SECONDS)
    of = "each with own seeds" if own else "with one link"
    what = f"{LEARNERS} learners who play with the surface, {CLICKING} who click, {of}"
    share = tally.steps / (30.0 * SECONDS * LEARNERS)
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
        tally = visits(server.port, server.cpu, visitors, SECONDS / 2)
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
        tally = visits(server.port, server.cpu, visitors, SECONDS / 2)
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
