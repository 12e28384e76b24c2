"""The experiments that the papers' set-ups are, trained by the very code that serves the page."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from app.lab.experiment import training
from app.lab.experiment.setup import Setup, build
from app.lab.spec.parse import parse
from app.nn.init.initializers import initialize
from app.nn.losses import Objective
from app.nn.stack import losses
from app.nn.types import Array

UNITS = 64
"""The width of the deep networks on which beginnings are measured."""
Document = dict[str, Any]
"""The JSON document of an experiment: what `POST /api/experiments` takes."""


class Followed(NamedTuple):
    """A set-up, its runs' parameters theta (T + 1, K, P) and losses J (T + 1, K) at every step."""

    setup: Setup
    theta: Array
    J: Array


class Trained(NamedTuple):
    """A set-up, and its runs' parameters theta (S, K, P) at some steps."""

    setup: Setup
    theta: Array


def follow(document: Document, steps: int) -> Followed:
    """All runs of an experiment at every one of so many steps."""
    setup = build(parse(document))
    state, begun = training.begin(setup)
    _, segments = training.advance(setup, state, (), steps, watch=np.copy)
    watched = [segment.watched for segment in segments if segment.watched is not None]
    theta = np.concatenate([setup.initial[np.newaxis], *watched])
    return Followed(setup, theta, np.concatenate([begun.train, *(one.train for one in segments)]))


def train(document: Document, *steps: int) -> Trained:
    """All runs of an experiment at these steps, which grow."""
    setup = build(parse(document))
    state, _ = training.begin(setup)
    theta = []
    for step in steps:
        state, _ = training.advance(setup, state, (), step - state.step)
        theta.append(state.theta)
    return Trained(setup, np.stack(theta))


def heights(setup: Setup, theta: Array) -> Array:
    """J (N,) of networks theta (N, P) on the training set, in the loss of the first run."""
    objective = Objective([setup.runs[0].loss])
    return losses(
        setup.architecture, np.ascontiguousarray(theta), setup.train.X, setup.train.Y, objective
    )


def drawn(setup: Setup, seeds: Sequence[int], run: int = 0) -> Array:
    """theta (K, P): a run's recipe, drawn with each of these seeds. ValueError without a recipe."""
    recipe = setup.runs[run].recipe
    if recipe is None:
        raise ValueError("given parameters cannot be drawn")
    X = setup.train.X
    return np.stack([initialize(setup.architecture, recipe, seed, X) for seed in seeds])


def layers(hidden: Sequence[int], activation: str, units: int, output: str) -> list[Document]:
    """The layers of a network, from the sizes of the hidden ones."""
    below = [{"units": count, "activation": activation} for count in hidden]
    return [*below, {"units": units, "activation": output}]


def deep(rule: str, hidden: int, activation: str, **data: Any) -> Document:
    """A run of so many layers of `UNITS` before a linear output, whose weights begin by a rule."""
    return {
        "data": {"name": "circle"} | data,
        "layers": layers([UNITS] * hidden, activation, 1, "linear"),
        "loss": "mse",
        "runs": [{"recipe": weights(rule)}],
    }


def descent(rate: float) -> Document:
    """Plain gradient descent with a learning rate."""
    return {"name": "gradient_descent", "learning_rate": rate}


def weights(name: str, **options: float) -> Document:
    """A recipe: a rule for the weights, biases 0."""
    return {"weights": {"name": name, **options}, "biases": {"name": "zeros"}}
