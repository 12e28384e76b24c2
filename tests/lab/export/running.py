"""Runs exported scripts where nothing of Basin can be imported, and reads their last line."""

import hashlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment import events, training
from app.lab.experiment.events import NewExperiment
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event
from app.lab.spec.parse import read

Losses = NDArray[np.float64]

DRIVER = """
import contextlib, io, json, runpy, sys
for path in sys.argv[1:]:
    told = io.StringIO()
    with contextlib.redirect_stdout(told):
        runpy.run_path(path, run_name="__main__")
    print(json.dumps([path, told.getvalue().strip().splitlines()[-1]]))
"""
_NUMBERS = re.compile(
    r'numbers\("""\n[^"]*"""\)|PACKED = """[^"]*"""|MEAN, DEVIATION = .*|torch\.tensor\(\[.*\]\)'
)


def trained(spec: Mapping[str, Any]) -> tuple[Setup, tuple[Event, ...], Losses]:
    """An experiment trained by Basin: its setup, its events, and J (K, T) of every step."""
    new = NewExperiment.model_validate(spec)
    setup = build(read(new))
    happened = events.read(new.events, setup)
    state, first = training.begin(setup)
    for event in happened:
        if event.step == 0:
            state, first = training.apply(setup, state, event, happened)
    _, segments = training.advance(setup, state, happened, new.step)
    J = np.full((new.step + 1, len(setup.runs)), np.nan)
    for segment in (first, *segments):
        J[segment.first : segment.last + 1] = segment.train
    return setup, happened, J.T


def run_scripts(
    scripts: Mapping[str, str], folder: Path, python: str = sys.executable
) -> dict[str, Losses]:
    """J (K, T) as scripts print it, each in a namespace of its own, in one fresh interpreter.

    `-I` keeps the working directory and every PYTHON* variable out of it.
    """
    paths = {}
    for place, (name, text) in enumerate(scripts.items()):
        path = folder / f"script_{place}.py"
        path.write_text(text, encoding="utf-8")
        paths[str(path)] = name
    done = subprocess.run(
        [python, "-I", "-c", DRIVER, *paths],
        capture_output=True,
        text=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
        env={**os.environ, "MPLBACKEND": "Agg"},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    return {paths[path]: losses_of(last) for path, last in lines}


def losses_of(line: str) -> Losses:
    """The losses in the last line of a script, NaN for null; ValueError for any other NaN."""

    def refuse(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    rows = json.loads(line, parse_constant=refuse)["train"]
    return np.array([[np.nan if J is None else J for J in row] for row in rows])


def code_of(notebook: str) -> str:
    """The code cells of a notebook, one after the other."""
    cells = json.loads(notebook)["cells"]
    return "\n\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")


def digest(code: str) -> str:
    """A hash of a script without its numbers, whose last bits depend on the machine."""
    return hashlib.sha256(_NUMBERS.sub("", code).encode()).hexdigest()[:16]
