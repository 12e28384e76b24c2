"""What a step looked at: the samples of its mini-batch, and the neurons that dropped out."""

from typing_extensions import TypedDict

from app.errors import FieldError, InvalidInput
from app.lab.history.repository import Experiment

MOST_INDICES = 100_000
"""The most sample indices in one answer."""
MOST_MASKED = 1_000_000
"""The most numbers of dropout masks in one answer."""


class Batches(TypedDict):
    """The mini-batches of consecutive steps, which all runs share.

    `samples` holds for each of `steps` the indices of the training samples, counted from 0 as in
    `…/data`, that the update from this step to the next one looks at, in its order. `batch_size`
    is the most of them; `whole` says that every step looks at all training samples.
    """

    steps: list[int]
    samples: list[list[int]]
    batch_size: int
    whole: bool
    runs: int


class DropoutMasks(TypedDict):
    """The dropout masks of the update that follows a step, which all runs share.

    `samples` are its training samples. `masks` has for each hidden layer a row for each neuron with
    a number for each of these samples, 0 where it is left out and else 1/(1 - p); None for a
    layer without dropout, and `rates` are the p of the layers.
    """

    step: int
    samples: list[int]
    rates: list[float]
    masks: list[list[list[float]] | None]
    runs: int


def batches(experiment: Experiment, step: int, count: int) -> Batches:
    """The mini-batches of `count` steps from `step` on.

    Raises InvalidInput where they have more than `MOST_INDICES` samples together.
    """
    setup = experiment.setup
    size = min(setup.batch_size, setup.train.count)
    if count * size > MOST_INDICES:
        most = max(1, MOST_INDICES // size)
        detail = f"the batches of so many steps hold too many samples; at most {most} steps"
        error = FieldError("/count", "too_much_work", detail, {"maximum": most}, count, "query")
        raise InvalidInput([error])
    steps = list(range(step, step + count))
    return {
        "steps": steps,
        "samples": [setup.batch_samples(t).tolist() for t in steps],
        "batch_size": size,
        "whole": setup.batch_size >= setup.train.count,
        "runs": len(setup.runs),
    }


def dropout_masks(experiment: Experiment, step: int) -> DropoutMasks:
    """The dropout masks of the update that follows a step.

    Raises InvalidInput where they have more than `MOST_MASKED` numbers.
    """
    setup = experiment.setup
    samples = setup.batch_samples(step)
    hidden = setup.architecture.layers[:-1]
    size = len(samples) * sum(layer.units for layer in hidden if layer.dropout)
    if size > MOST_MASKED:
        detail = f"the masks of this step hold {size} numbers; at most {MOST_MASKED} are answered"
        allowed = {"maximum": MOST_MASKED}
        raise InvalidInput([FieldError("/step", "too_much_work", detail, allowed, step, "query")])
    masks = setup.masks(step, len(samples)) or [None] * len(hidden)
    return {
        "step": step,
        "samples": samples.tolist(),
        "rates": [layer.dropout for layer in hidden],
        "masks": [None if mask is None else mask.tolist() for mask in masks],
        "runs": len(setup.runs),
    }
