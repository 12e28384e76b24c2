"""The worked example: one training step of one parameter, with every number on the way.

Forward, loss, backward and update are told for one sample and for the batch of the step, so that
each can be followed by hand: the chain rule's factors, their product, the same by differences.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import FieldError, InvalidInput
from app.lab import experiment, readings
from app.lab.archive import Opened
from app.lab.encoding import finite
from app.lab.experiment import Moment
from app.lab.world import World
from app.nn import trace as mathematics
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Pass
from app.nn.symmetry import shared_gradient
from app.nn.trace import Trace, TracedLayer, difference
from app.nn.types import Array

COLUMNS = 6
"""How many samples of a batch are written out."""


def trace(
    opened: Opened, moment: Moment, run: int, parameter: str, sample: int | None
) -> dict[str, Any]:
    """The step that follows a moment, for a run that exists; `sample` is one of the training set's.

    InvalidInput for a parameter or a sample that there is not.
    """
    world, step = opened.world, moment.step
    index = readings.axis(world, parameter, "parameter")
    batch = world.batch_samples(step)
    chosen = _sample(world, int(batch[0]) if sample is None else sample)
    theta = moment.theta[run]
    readings.afford(8 * world.architecture.work(len(batch)), "/run")
    X, Y = world.train.X, world.train.Y
    loss = world.runs[run].loss
    shown = _shown(batch, chosen)
    with np.errstate(all="ignore"):
        one = mathematics.trace(world.architecture, theta, X[:, [chosen]], Y[:, [chosen]], loss)
        many = mathematics.trace(world.architecture, theta, X[:, batch], Y[:, batch], loss)
        place = _place(world, parameter, index)
        return {
            "run": run,
            "step": step,
            "parameter": {**place, "value": finite(theta[index])},
            "sample": {
                "index": chosen,
                "in_batch": bool((batch == chosen).any()),
                "inputs": finite(world.train.inputs[:, chosen]),
                "x": finite(X[:, chosen]),
                "y": finite(Y[:, chosen]),
            },
            "batch": {
                "size": len(batch),
                "full": len(batch) == world.train.count,
                "samples": [int(batch[at]) for at in shown],
            },
            "loss": {
                "name": loss,
                "formula": LOSSES[loss].formula,
                "on_logits": LOSSES[loss].on_logits,
                "sample": finite(np.array(one.J)),
                "batch": finite(np.array(many.J)),
            },
            "layers": [
                _layer(world, number, alone, together, shown)
                for number, (alone, together) in enumerate(
                    zip(one.layers, many.layers, strict=True), start=1
                )
            ],
            "chain": _chain(world, one, many, place, index, theta, (chosen, batch), loss),
            "update": _update(opened, moment, run, index),
        }


def _sample(world: World, sample: int) -> int:
    last = world.train.count - 1
    if not 0 <= sample <= last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput(
            [FieldError("/sample", "out_of_range", detail, allowed, sample, "query")]
        )
    return sample


def _shown(batch: NDArray[np.int64], sample: int) -> list[int]:
    """The places in a batch that are written out: the first ones, and the chosen sample's."""
    first = list(range(min(COLUMNS, len(batch))))
    chosen = np.flatnonzero(batch == sample)
    if len(chosen) and int(chosen[0]) not in first:
        first[-1] = int(chosen[0])
    return first


def _place(world: World, name: str, index: int) -> dict[str, Any]:
    """Where in the network a parameter is; the layer counts from 1, the bias has no column."""
    layer = world.architecture.layer_of(index)
    _, n_in = world.architecture.shapes[layer]
    row, column = divmod(index - world.architecture.offsets[layer], n_in + 1)
    bias = column == n_in
    return {
        "name": name,
        "kind": "bias" if bias else "weight",
        "layer": layer + 1,
        "row": row,
        "column": None if bias else column,
    }


def _layer(
    world: World, number: int, one: TracedLayer, many: TracedLayer, shown: list[int]
) -> dict[str, Any]:
    n_out, n_in = one.W.shape
    n = many.Z.shape[1]
    return {
        "layer": number,
        "activation": world.architecture.layers[number - 1].activation,
        "shapes": {
            "W": [n_out, n_in],
            "b": [n_out, 1],
            "X": [n_in, n],
            "Z": [n_out, n],
            "A": [n_out, n],
            "dW": [n_out, n_in],
            "db": [n_out, 1],
        },
        "W": finite(one.W),
        "b": finite(one.b[:, 0]),
        "sample": _values(one, [0]),
        "batch": _values(many, shown),
    }


def _values(layer: TracedLayer, columns: list[int]) -> dict[str, Any]:
    """The values of some samples, in columns, and the gradient of all of them."""
    return {
        "X": finite(layer.below[:, columns]),
        "Z": finite(layer.Z[:, columns]),
        "A": finite(layer.A[:, columns]),
        "slope": finite(layer.slope[:, columns]),
        "dA": finite(layer.back[:, columns]),
        "dZ": finite(layer.delta[:, columns]),
        "dW": finite(layer.weight_gradient),
        "db": finite(layer.bias_gradient),
    }


def _chain(
    world: World,
    one: Trace,
    many: Trace,
    place: dict[str, Any],
    index: int,
    theta: Array,
    samples: tuple[int, NDArray[np.int64]],
    loss: str,
) -> dict[str, Any]:
    """The derivative along one parameter: its factors for the sample, and what the batch says."""
    layer, row, column = place["layer"] - 1, place["row"], place["column"]
    own, top = one.layers[layer], one.layers[-1]
    factors: list[dict[str, Any]] = []
    for at in range(len(one.layers) - 1, layer - 1, -1):
        traced = one.layers[at]
        rows = [row] if at == layer else list(range(len(traced.b)))
        if traced is top:
            factors.append(_factor("loss", at, traced.back[rows, 0]))
        else:
            factors.append(_factor("weights", at + 1, one.layers[at + 1].W[:, rows].T))
            factors.append(_factor("back", at, traced.back[rows, 0]))
        factors.append(_factor("slope", at, traced.slope[rows, 0]))
        factors.append(_factor("delta", at, traced.delta[rows, 0]))
    entering = 1.0 if column is None else float(own.below[column, 0])
    factors.append(_factor("input", layer, np.array(entering)))
    together = many.layers[layer]
    each = together.delta[row] * (1.0 if column is None else together.below[column])
    chosen, batch = samples
    X, Y = world.train.X, world.train.Y
    return {
        "factors": factors,
        "paths": mathematics.paths(one.layers, layer, row, 0),
        "product": finite(np.array(own.delta[row, 0] * entering)),
        "numeric": _difference(world, theta, index, X[:, [chosen]], Y[:, [chosen]], loss),
        "batch": {
            "gradient": finite(np.add.reduce(each)),
            "of_samples": finite(len(batch) * each[_shown(batch, chosen)]),
            "smallest": finite(len(batch) * each.min()),
            "largest": finite(len(batch) * each.max()),
            "numeric": _difference(world, theta, index, X[:, batch], Y[:, batch], loss),
        },
    }


def _factor(kind: str, layer: int, values: Array) -> dict[str, Any]:
    return {"kind": kind, "layer": layer + 1, "shape": list(values.shape), "values": finite(values)}


def _difference(
    world: World, theta: Array, index: int, X: Array, Y: Array, loss: str
) -> dict[str, Any]:
    slope, h, above, below = difference(world.architecture, theta, index, X, Y, loss)
    names = ("value", "h", "above", "below")
    return dict(zip(names, finite(np.array([slope, h, above, below])), strict=True))


def _update(opened: Opened, moment: Moment, run: int, index: int) -> dict[str, Any] | None:
    """From the batch's gradient to the parameter at the next step; None for a diverged run."""
    if moment.diverged[run] >= 0:
        return None
    world = opened.world
    past = [event for event in opened.events if event.step <= moment.step]
    following, _ = experiment.advance(world, moment, past, 1)
    method = experiment.methods_at(world, past, moment.step)[run]
    X, Y = world.batch(moment.step)
    room = Pass(world.architecture, moment.theta[[run]], X.shape[1])
    gradient = room.backward(X, Y, Objective([world.runs[run].loss]))
    shared = shared_gradient(world.architecture, world.initial[[run]])
    if shared is not None:
        gradient = gradient.take(shared)
    before, after = moment.theta[run, index], following.theta[run, index]
    return {
        "optimizer": {"name": method.optimizer.name, **method.optimizer.options},
        "gradient": finite(gradient[0, index]),
        "learning_rate": float(method.rates(np.array([float(moment.step)]))[0]),
        "before": finite(before),
        "after": finite(after),
        "change": finite(after - before),
        "diverges": bool(following.diverged[run] >= 0),
    }
