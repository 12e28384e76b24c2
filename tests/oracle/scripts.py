"""Makes `scripts.json`: what PyTorch comes to in the exported scripts.

PyTorch and matplotlib are no dependencies of the tests: the scripts are run once, by

    python -m tests.oracle.scripts

in an environment with torch, matplotlib and requirements.txt, and what they printed is committed
with a hash of the code that printed it. The tests hold that the code exported now is the very code
that was run, and that Basin comes to its numbers. Run this again when exported code changes.

It ends with an error where a script is further from Basin than 1e-10. Some runs are so unstable
that a change of a parameter in the last bit takes them further: they may go ten times as far.
"""

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib as mpl
import numpy as np
import torch

from app.lab.export.code import code
from tests.lab.export.running import Losses, code_of, digest, run_scripts, trained
from tests.lab.export.specs import specs

FILE = Path(__file__).with_name("scripts.json")
STEPS = (0, 1, 2, 5, 10, 20, 40, 60, 80)
_BEGIN = 'theta = change["theta"].copy()'
_NUDGED = 'theta = change["theta"] * (1.0 + 2.2e-16 * (np.arange(len(change["theta"])) % 2))'


def deviation(found: Losses, expected: Losses) -> Losses:
    """The largest relative difference (K,) of each run over its steps."""
    assert np.array_equal(np.isnan(found), np.isnan(expected))
    difference = np.nan_to_num(np.abs(found - expected) / np.maximum(np.abs(expected), 1e-300))
    return np.asarray(difference.max(axis=1))


def main() -> None:
    """Run every script, and write the file."""
    chosen = specs()
    runs = {name: trained(spec) for name, spec in chosen.items()}
    scripts: dict[str, dict[str, str]] = {"pytorch": {}, "notebook": {}, "nudged": {}}
    for name, (setup, events, _) in runs.items():
        step = chosen[name]["step"]
        scripts["pytorch"][name] = code(setup, events, step, "pytorch")
        scripts["notebook"][name] = code_of(code(setup, events, step, "notebook"))
        scripts["nudged"][name] = code(setup, events, step, "numpy").replace(_BEGIN, _NUDGED)
    with TemporaryDirectory() as folder:
        printed = {kind: run_scripts(texts, Path(folder)) for kind, texts in scripts.items()}
    found: dict[str, Any] = {}
    for name, (_, _, J) in runs.items():
        allowed = np.maximum(1e-10, 10.0 * deviation(printed["nudged"][name], J))
        off = deviation(printed["pytorch"][name], J)
        print(f"{name:40}{off.max():.1e}", file=sys.stderr)
        assert (off <= allowed).all(), (name, off, allowed)
        assert (deviation(printed["notebook"][name], J) <= 1e-12).all(), name
        steps = [t for t in STEPS if t <= chosen[name]["step"]]
        found[name] = {
            "pytorch": digest(scripts["pytorch"][name]),
            "notebook": digest(scripts["notebook"][name]),
            "within": float(f"{off.max():.1e}"),
            "allowed": [float(f"{one:.1e}") for one in allowed],
            "steps": steps,
            "train": [[short(row[t]) for t in steps] for row in printed["pytorch"][name]],
        }
    made_by = {"torch": torch.__version__, "numpy": np.__version__, "matplotlib": mpl.__version__}
    lines = ",\n".join(f"{json.dumps(name)}: {json.dumps(one)}" for name, one in found.items())
    FILE.write_text(f'{{"made_by": {json.dumps(made_by)},\n"scripts": {{\n{lines}\n}}}}\n')


def short(J: float) -> float | None:
    """A loss with 13 digits, which is more than is compared."""
    return None if np.isnan(J) else float(f"{J:.13g}")


if __name__ == "__main__":
    main()
