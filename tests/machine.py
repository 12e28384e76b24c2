"""Another machine, as a store sees it: a process with a name and a clock of its own.

`python -m tests.machine URL NAME` answers what it is asked, line by line, in JSON.
"""

import json
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from typing import Any, Self

from app import environment
from app.lab.study.line import Line, Owner
from app.store import open_store

_CLOCK = """
import runpy, sys, time
right, ahead = time.time, float(sys.argv.pop())
time.time = lambda: right() + ahead
runpy.run_module("tests.machine", run_name="__main__", alter_sys=True)
"""


class Machine:
    """A process of which the clock is so many seconds `ahead`, and which may run studies."""

    def __init__(self, url: str, name: str, ahead: float) -> None:
        self._command = [sys.executable, "-c", _CLOCK, url, name, str(ahead)]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=environment.ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.now()  # it has opened the store
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def now(self) -> float:
        """What the store says to it."""
        return float(self._ask("now"))

    def take(self) -> list[str]:
        """Have it look at the line of studies; those that it runs then."""
        return list(self._ask("take"))

    def release(self, ids: list[str]) -> None:
        """Have it give studies back."""
        self._ask("release", *ids)

    def _ask(self, *words: str) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(words) + "\n")
        self._process.stdin.flush()
        return json.loads(self._process.stdout.readline())


def main(url: str, name: str) -> None:
    owner = Owner(name, "1")
    with closing(open_store(url, lifetime=timedelta(days=7))) as store:
        line = Line(store)
        for question in sys.stdin:
            what, *ids = json.loads(question)
            if what == "release":
                line.release(owner, ids)
            print(json.dumps(line.take(owner) if what == "take" else store.now()), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
