"""Where studies are trained: two processes, Dask's workers, their memory, and who waits for them.

Every side is Basin as it is served, asked over HTTP, as the page asks.
"""

import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Any

from app import environment
from benchmarks.claim import Claim, span
from benchmarks.serving import Client, served
from benchmarks.study_calls import forget, opening, study

SEEDS = 100
"""Of five runs: 500 networks."""
MANY = 10_000
TRIALS = 5
CLICKS = 200
PATIENCE = 30.0
"""Seconds for a scheduler and its workers to start."""


def measure() -> Iterator[Claim]:
    """The claims about executors."""
    one = {"PLAYGROUND_STUDY_PROCESSES": "1"}
    two = {"PLAYGROUND_STUDY_PROCESSES": "2"}
    with served(one) as alone, served(two) as together:
        yield from side_by_side(alone, together, "two processes", 1.7)
        yield from clicks(together)
    with dask() as address, served(one) as alone, served(address) as workers:
        yield from side_by_side(alone, workers, "a Dask scheduler with two workers", 1.5)
    with served(two) as client:
        yield from memory(client)


def side_by_side(alone: Client, together: Client, name: str, at_least: float) -> Iterator[Claim]:
    """One process beside others, on the same study; the answers are compared first."""
    spec = opening(alone)
    sides = {"alone": alone, "together": together}
    seconds: dict[str, list[float]] = {side: [] for side in sides}
    for trial in range(TRIALS + 1):  # the first one starts the processes
        request = {"spec": spec, "seeds": {"count": SEEDS, "first": 7 + trial * SEEDS}}
        answers = {}
        for side, client in sides.items():
            answers[side], took = study(client, request)
            if trial:
                seconds[side].append(took)
            forget(client, answers[side])
        assert answers["alone"]["cells"] == answers["together"]["cells"]
    median = {side: statistics.median(each) for side, each in seconds.items()}
    networks = SEEDS * len(spec["runs"])
    what = f"{networks} networks × {answers['alone']['steps']} steps, {name} against one process"
    ratio = median["alone"] / median["together"]
    beside = f"one process {span(median['alone'])}"
    yield Claim(what, ratio, "×", span(median["together"]), beside, at_least)
    if name == "two processes":
        yield Claim(
            f"{networks} networks of the opening experiment, from the request to the last answer",
            median["together"],
            " s",
            span(median["together"]),
            "the aim is 2 s on two cores",
        )


def clicks(client: Client) -> Iterator[Claim]:
    """How long a learner's step takes while a study is trained, beside without one."""
    spec = opening(client)
    place = f"/api/experiments/{client.ask('POST', '/api/experiments', spec)['id']}/steps"

    def times() -> list[float]:
        found = []
        for _ in range(CLICKS):
            begun = time.perf_counter()
            client.ask("POST", place, {"count": 1})
            found.append(time.perf_counter() - begun)
            time.sleep(0.01)
        return found

    times()
    calm = times()
    answer = client.ask("POST", "/api/studies", {"spec": spec, "seeds": {"count": MANY}})
    time.sleep(1)
    during = times()
    state = client.ask("GET", f"/api/studies/{answer['id']}?cell=0")
    assert state["status"] == "running", "the study was done before the steps"
    forget(client, answer)
    for share, word in ((50, "half"), (95, "19 of 20")):
        quiet, busy = (statistics.quantiles(each, n=100)[share - 1] for each in (calm, during))
        yield Claim(
            f"a step over HTTP while a study is trained, {word} within",
            busy * 1e3,
            " ms",
            span(busy),
            f"without a study {span(quiet)}",
        )


def memory(client: Client) -> Iterator[Claim]:
    """The most memory that the server and its processes ever had, over a study of 10,000 seeds."""
    spec = opening(client)
    answer, seconds = study(client, {"spec": spec, "seeds": {"count": MANY}}, often=1.0)
    for path in ("", "?target=0.1", "?cell=0"):
        client.ask("GET", f"/api/studies/{answer['id']}{path}")
    workers = [peak(pid) for pid in children(client.pid)]
    what = f"memory of {{}} over {MANY:,} seeds of five runs"
    took = f"in {span(seconds)}"
    yield Claim(what.format("the server"), peak(client.pid), " MB", took, "–", at_most=400)
    yield Claim(what.format("a process"), max(workers), " MB", took, "–", at_most=300)


def peak(pid: int) -> float:
    """The most resident memory that a process ever had, in MB (Linux)."""
    text = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in text.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1e3


def children(pid: int) -> list[int]:
    """The processes that a process has started (Linux), but for the tracker of their resources."""
    found = []
    for task in Path(f"/proc/{pid}/task").iterdir():
        found += [int(child) for child in (task / "children").read_text().split()]
    return [
        child
        for child in found
        if "spawn_main" in Path(f"/proc/{child}/cmdline").read_text().replace("\0", " ")
    ]


@contextmanager
def dask() -> Iterator[dict[str, str]]:
    """The setting that names a scheduler with two workers on this computer, while they run."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {**os.environ, "MALLOC_TRIM_THRESHOLD_": "134217728"}
    url = f"tcp://127.0.0.1:{port}"
    commands: list[list[str]] = [
        ["dask_scheduler", "--host=127.0.0.1", f"--port={port}"],
        *(["dask_worker", url, "--nworkers=1", "--nthreads=1"] for _ in range(2)),
    ]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.{name}", *words, "--no-dashboard"],
            cwd=environment.ROOT,
            env=environ,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        for name, *words in commands
    ]
    try:
        wait_for_workers(url)
        yield {"PLAYGROUND_STUDIES": f"dask://127.0.0.1:{port}"}
    finally:
        for process in reversed(started):
            process.kill()
            process.wait()


def wait_for_workers(url: str) -> None:
    """Wait until a scheduler has two workers."""
    dask_client: Any = import_module("distributed").Client
    client = dask_client(url, timeout=PATIENCE)
    try:
        client.wait_for_workers(2, timeout=PATIENCE)
    finally:
        client.close()
