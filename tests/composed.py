"""`python -m tests.composed`: compose.yaml as it is, on a Docker engine, and what it promises.

    python -m tests.composed                            with the images that the files name
    python -m tests.composed --image nginx=my-nginx …   with others in place of python, nginx, redis

It builds the image, starts everything with studies on Dask, trains, kills a server in the middle,
starts Redis anew, repeats an experiment with many seeds, looks at what containers may do, and stops
all. It takes some three minutes, needs Docker and its compose plugin (or `docker-compose`), and so
is no part of `python -m tests`.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from app.environment import ROOT

PORT = 8093
NEEDED = ("app", "static", "templates", "Dockerfile", "compose.yaml", "nginx.conf", ".dockerignore")
SERVICES = ("proxy", "app1", "app2", "redis", "scheduler", "worker")
LONGEST = 1.8
"""Seconds that a block may take where a server is gone: nginx tries it for one."""
STOPPED = 12.0


class Composed:
    """The services of compose.yaml, in a project of their own."""

    def __init__(self, folder: Path) -> None:
        plugin = subprocess.run(["docker", "compose", "version"], capture_output=True, check=False)
        words = ["docker", "compose"] if plugin.returncode == 0 else ["docker-compose"]
        self._words = [*words, "--project-name", "basin-tests", "--profile", "studies"]
        self._folder = folder
        self._settings = {
            **os.environ,
            "PORT": str(PORT),
            "PLAYGROUND_STUDIES": "dask://scheduler:8786",
        }

    def do(self, *words: str) -> str:
        """Run a command of compose; what it prints. Ends the program where it fails."""
        done = subprocess.run(
            [*self._words, *words],
            cwd=self._folder,
            env=self._settings,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if done.returncode:
            sys.exit(f"compose {' '.join(words)} failed with {done.returncode}")
        return done.stdout

    def inside(self, service: str, command: str) -> str:
        """What a command prints in the container of a service, its complaints with it."""
        return self.do("exec", "-T", service, "sh", "-c", f"({command}) 2>&1; true")


def ask(method: str, path: str, body: Any = None) -> Any:
    """The answer at nginx; a refusal ends the program."""
    data = None if body is None else json.dumps(body).encode()
    headers = {"Content-Type": "application/json"}
    url = f"http://127.0.0.1:{PORT}{path}"
    try:
        with urllib.request.urlopen(
            urllib.request.Request(url, data, headers, method=method), timeout=60
        ) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        sys.exit(f"{method} {path} was answered {error.code}: {error.read()[:500]!r}")


def check(what: str, well: bool, found: object = "") -> None:
    """Say what was seen; end the program where it is not as it should be."""
    print(f"  {'as it should be' if well else 'WRONG'}: {what} {found}", flush=True)
    if not well:
        sys.exit(1)


def train(place: str, blocks: int) -> tuple[int, float]:
    """The step after so many blocks of nine steps, and the seconds that the longest took."""
    longest, step = 0.0, 0
    for _ in range(blocks):
        start = time.monotonic()
        step = ask("POST", f"{place}/steps", {"count": 9, "every": 1})["step"]
        longest = max(longest, time.monotonic() - start)
    return step, longest


def look(composed: Composed) -> None:
    """All that is looked at, while everything runs."""
    check("all services are there", set(composed.do("ps", "--services").split()) == {*SERVICES})
    place = f"/api/experiments/{ask('POST', '/api/experiments', {})['id']}"
    step, longest = train(place, 10)
    check("two servers train one experiment", step == 90, f"{longest:.2f} s a block at most")
    composed.do("kill", "--signal", "SIGKILL", "app1")
    step, longest = train(place, 30)
    check("a server is gone, and nobody waits long", longest < LONGEST, f"{longest:.2f} s")
    composed.do("restart", "redis")
    composed.do("up", "--detach", "--no-build", "--wait")
    step, _ = train(place, 1)
    check("after a restart of Redis nothing is lost", step == 369)
    study = ask("POST", "/api/studies", {"spec": {}, "seeds": {"count": 4}, "steps": 50})
    end = time.monotonic() + 120.0
    while study["status"] in ("queued", "running") and time.monotonic() < end:
        time.sleep(1.0)
        study = ask("GET", f"/api/studies/{study['id']}")
    check("Dask's workers train a study", study["status"] == "done", study["status"])
    for service in SERVICES:
        told = composed.inside(service, "touch /here; id -u; grep CapBnd /proc/self/status")
        bound = "Read-only" in told and re.search(r"CapBnd:\s+0+$", told, re.MULTILINE)
        well = bool(bound) and "\n0\n" not in told
        check(f"{service} is read-only, not root, and may do nothing special", well)


def main(arguments: Sequence[str] | None = None) -> int:
    """Start, look, stop."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.composed",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--image", action="append", default=[], metavar="NAME=IMAGE")
    others = dict(each.split("=", 1) for each in parser.parse_args(arguments).image)
    with tempfile.TemporaryDirectory() as folder:
        copied(Path(folder), others)
        composed = Composed(Path(folder))
        try:
            start = time.monotonic()
            composed.do("up", "--detach", "--build", "--wait")
            print(f"built and started in {time.monotonic() - start:.0f} s", flush=True)
            look(composed)
            start = time.monotonic()
            composed.do("stop")
            seconds = time.monotonic() - start
            check("all have stopped soon", seconds < STOPPED, f"{seconds:.1f} s")
        finally:
            composed.do("down", "--volumes", "--remove-orphans")
    return 0


def copied(folder: Path, others: dict[str, str]) -> None:
    """What the image is made of, with other images in place of those that the files name."""
    for name in (*NEEDED, *(each.name for each in ROOT.glob("requirements*.txt"))):
        if (ROOT / name).is_dir():
            ignored = shutil.ignore_patterns("__pycache__")
            shutil.copytree(ROOT / name, folder / name, ignore=ignored)
        else:
            shutil.copy(ROOT / name, folder / name)
    for name in ("Dockerfile", "compose.yaml"):
        text = (folder / name).read_text()
        for image, other in others.items():
            text = re.sub(rf"(FROM|image:) {image}:\S+", rf"\1 {other}", text)
        (folder / name).write_text(text)


if __name__ == "__main__":
    sys.exit(main())
