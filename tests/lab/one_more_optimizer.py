"""Basin with one more optimizer, as a program: the validation reads the registries when imported.

Prints what it answers about the optimizer, as JSON.
"""

import json
import sys
from pathlib import Path

import numpy as np

from app.nn.types import Array
from app.nn.update.optimizers import LEARNING_RATE, OPTIMIZERS, Optimizer, Options, State, stateless
from app.nn.worked_line import Line


def sign_descent(
    gradient: Array, state: State, theta: Array, options: Options
) -> tuple[Array, State]:
    """theta - α sign(G)."""
    return theta - options["learning_rate"] * np.sign(gradient), state


def sign(gradient: Array, before: State, later: State, theta: Array, options: Options) -> State:
    """What the lines of the worked example name besides."""
    return {"sign": np.sign(gradient)}


OPTIMIZERS["sign_descent"] = Optimizer(
    stateless,
    sign_descent,
    (LEARNING_RATE,),
    (
        Line("sign", "d = G/|G|", "d = {gradient}/|{gradient}| = {sign}"),
        Line("step", "W ← W − α·d", "{parameter} ← {before:6} − {learning_rate}·{sign} = {after}"),
    ),
    sign,
)


def main(folder: Path) -> None:
    """Create an experiment with the optimizer, work out a step of it, and take the step."""
    from tests.lab.client import serving  # here, for it imports the validation

    chosen = {"name": "sign_descent", "learning_rate": 0.25}
    with serving(folder) as basin:
        listed = basin.get("/api/catalog")["optimizers"]
        wrong = {"optimizer": {**chosen, "momentum": 0.9}}
        refused = basin.post("/api/experiments", wrong, 422)
        experiment = basin.create(optimizer=chosen)
        worked = experiment.read("trace", parameter="W1[0,0]")["update"]
        experiment.train(1)
        after = float(experiment.parameters()[0][0][0][0])
        unwritten = experiment.read("code", 422)
    answers = {
        "unwritten": unwritten,
        "listed": listed,
        "refused": refused,
        "worked": worked,
        "after": after,
    }
    print(json.dumps(answers))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
