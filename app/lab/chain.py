"""The chain rule with numbers: the derivative along one parameter, factor by factor."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.setup import World
from app.lab.json_arrays import finite, number
from app.nn import trace as mathematics
from app.nn.stack import Masks
from app.nn.trace import Trace, TracedLayer
from app.nn.types import Array


@dataclass(frozen=True)
class Passed:
    """What is passed through a network theta (P,): some training samples, some neurons dropped."""

    world: World
    theta: Array
    samples: NDArray[np.int64]
    loss: str
    masks: Masks | None

    def trace(self) -> Trace:
        """The pass, written out."""
        return mathematics.trace(
            self.world.architecture, self.theta, *self._data, self.loss, self.masks
        )

    def difference(self, index: int) -> dict[str, Any]:
        """The derivative along a parameter, measured."""
        found = mathematics.difference(
            self.world.architecture, self.theta, index, *self._data, self.loss, self.masks
        )
        names = ("value", "h", "above", "below")
        return {name: number(one) for name, one in zip(names, found, strict=True)}

    @property
    def _data(self) -> tuple[Array, Array]:
        train = self.world.train
        return train.X[:, self.samples], train.Y[:, self.samples]


def of_sample(one: Trace, place: dict[str, Any], index: int, passed: Passed) -> dict[str, Any]:
    """The factors from the loss down to a parameter for one sample, and their product.

    `place` says where it is, as the answer shows it; in its layer only its own neuron is followed.
    """
    layer, row = place["layer"] - 1, place["row"]
    own, top = one.layers[layer], len(one.layers) - 1
    factors: list[dict[str, Any]] = []
    for at in range(top, layer - 1, -1):
        traced = one.layers[at]
        rows = [row] if at == layer else list(range(len(traced.b)))
        if at == top:
            factors += _from_loss(traced, rows, at)
        else:
            factors.append(_factor("weights", at + 1, one.layers[at + 1].W[:, rows].T))
            factors.append(_factor("back", at, traced.back[rows, 0]))
            if traced.mask is not None:
                factors.append(_factor("mask", at, traced.mask[rows, 0]))
            if traced.slope is not None:
                factors.append(_factor("slope", at, traced.slope[rows, 0]))
        factors.append(_factor("delta", at, traced.delta[rows, 0]))
    column = place["column"]
    entering = 1.0 if column is None else float(own.below[column, 0])
    factors.append(_factor("input", layer, np.array(entering)))
    return {
        "factors": factors,
        "paths": mathematics.paths(one.layers, layer, row, 0),
        "product": number(float(own.delta[row, 0]) * entering),
        "numeric": passed.difference(index),
    }


def of_batch(
    many: Trace, place: dict[str, Any], index: int, passed: Passed, shown: list[int]
) -> dict[str, Any]:
    """The derivative along a parameter over a batch: the mean of its samples' derivatives."""
    layer, row, column = many.layers[place["layer"] - 1], place["row"], place["column"]
    # J is a mean: its share of each sample is 1/n of the sample's own derivative.
    shares = layer.delta[row] * (1.0 if column is None else layer.below[column])
    each = len(shares) * shares
    return {
        "gradient": number(float(np.add.reduce(shares))),
        "of_samples": finite(each[shown]),
        "smallest": number(float(each.min())),
        "largest": number(float(each.max())),
        "numeric": passed.difference(index),
    }


def _from_loss(output: TracedLayer, rows: list[int], at: int) -> list[dict[str, Any]]:
    """dJ/dA and f'(Z) of the output layer; a softmax mixes all outputs into each neuron's share."""
    if output.slope is not None:
        return [
            _factor("loss", at, output.back[rows, 0]),
            _factor("slope", at, output.slope[rows, 0]),
        ]
    return [
        _factor("loss", at, output.back[:, 0]),
        _factor("jacobian", at, output.jacobian(0)[rows]),
    ]


def _factor(kind: str, layer: int, values: Array) -> dict[str, Any]:
    return {"kind": kind, "layer": layer + 1, "shape": list(values.shape), "values": finite(values)}
