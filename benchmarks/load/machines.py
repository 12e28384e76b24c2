"""Servers that share a Redis: what it costs, what two do, and compose.yaml's parts together."""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks.claim import Claim
from benchmarks.load.crowd import CLICKING, LEARNERS, a_class, visits
from benchmarks.load.learner import Tally, trains
from benchmarks.load.server import hosted
from tests.nginx import Nginx
from tests.redis_server import RedisServer

TRAINING = 12
"""So many train as fast as they are answered, to see all that servers can do."""


def with_redis(seconds: float) -> Iterator[Claim]:
    """What a class gets done with Redis in place of SQLite, and two processes in place of one."""
    with hosted() as server:
        file = visits(server.port, server.cpu, a_class(), seconds)
    with _redis() as settings, hosted(2, settings) as server:
        redis = visits(server.port, server.cpu, a_class(), seconds)
    told = f"{redis.steps / seconds:.0f} of {file.steps / seconds:.0f} steps a second"
    yield Claim(
        f"{LEARNERS} learners with Redis, as many steps as with SQLite",
        100.0 * redis.steps / file.steps,
        " %",
        told,
        f"a block, 19 of 20: {redis.p95('block'):.0f} and {file.p95('block'):.0f} ms",
        at_least=80,
    )
    done = {}
    for processes in (1, 2):
        with _redis() as settings, hosted(processes, settings) as server:
            visitors = [lambda room: trains(room, {})] * TRAINING
            done[processes] = visits(server.port, server.cpu, visitors, seconds / 2)
    rates = [2.0 * done[processes].steps / seconds for processes in (2, 1)]
    yield Claim(
        "two processes with one Redis, as many steps as one",
        rates[0] / rates[1],
        "×",
        f"{rates[0]:.0f} steps a second",
        f"{rates[1]:.0f} steps a second",
        at_least=1.7,
    )


def composed(seconds: float) -> Iterator[Claim]:
    """A class before compose.yaml's parts: its nginx, two servers, one Redis."""
    with ExitStack() as open_:
        settings = {**open_.enter_context(_redis()), "PLAYGROUND_PROXIES": "1"}
        servers = [open_.enter_context(hosted(1, settings)) for _ in range(2)]
        folder = Path(open_.enter_context(tempfile.TemporaryDirectory()))
        ports = servers[0].port, servers[1].port
        nginx = open_.enter_context(Nginx(folder, ports))
        tally = visits(
            nginx.port, lambda: sum(server.cpu() for server in servers), a_class(), seconds
        )
    yield Claim(
        f"{LEARNERS} learners and {CLICKING} who click, at nginx: a block, 19 of 20",
        tally.p95("block"),
        " ms",
        f"{tally.steps / seconds:.0f} steps a second",
        f"pace {tally.pace:.2g}, {dict(tally.statuses)}",
        at_most=400,
    )
    yield Claim("… a click on Step", tally.p95("click"), " ms", _clicks(tally), "", at_most=300)
    yield Claim("… answers that are the server's fault", tally.failures, "", "", "", at_most=0)


def _clicks(tally: Tally) -> str:
    return f"{len(tally.seconds['click'])} clicks"


@contextmanager
def _redis() -> Iterator[dict[str, str]]:
    """A Redis of its own: the setting of a server that uses it."""
    with tempfile.TemporaryDirectory() as folder, RedisServer(Path(folder)) as server:
        yield {"PLAYGROUND_STORE": server.url}
