"""Processes of a server or a worker, for tests that kill them (Linux)."""

import time
from pathlib import Path

PATIENCE = 300.0


def children_of(pid: int) -> list[int]:
    """The processes that a process has started and that still run."""
    try:
        tasks = [*Path(f"/proc/{pid}/task").iterdir()]
    except FileNotFoundError:
        return []
    return [int(child) for task in tasks for child in (task / "children").read_text().split()]


def spawned_by(pid: int) -> list[int]:
    """Those of its processes that multiprocessing has started to work for it."""
    return [
        child
        for child in children_of(pid)
        if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
    ]


def wait_until_gone(processes: list[int]) -> None:
    """Wait until processes have ended."""
    deadline = time.monotonic() + PATIENCE
    while any(_runs(pid) for pid in processes):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _runs(pid: int) -> bool:
    """Whether it runs; one that has ended may still be listed, until its parent looks at it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
