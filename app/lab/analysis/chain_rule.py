"""The chain rule from the loss down to one parameter: its factors, and their product.

For one sample every factor is written out; for a batch the derivative is the mean over its samples.
Beside each stands the same derivative by central differences.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from app.lab.experiment.setup import Setup
from app.lab.json_arrays import Matrix, Number, Vector, finite, number
from app.nn import trace as mathematics
from app.nn.stack import Masks
from app.nn.trace import Trace, TracedLayer
from app.nn.types import Array

FactorKind = Literal["loss", "slope", "jacobian", "delta", "weights", "back", "mask", "input"]


class ParameterPlace(TypedDict):
    """Where in the network a parameter is: the layer counts from 1, a bias has no column."""

    name: str
    kind: Literal["weight", "bias"]
    layer: int
    row: int
    column: int | None


class Factor(TypedDict):
    """One factor of the chain rule, or the product of the factors so far; `layer` is from 1.

    `loss` is dJ/dA of the output, `slope` f'(Z) or `jacobian` dA/dZ of a softmax, `delta` dJ/dZ,
    `weights` the transpose of W, `back` dJ/dA of the layer below, `mask` the dropout of it, and
    `input` the number that the weight is multiplied by (1 for a bias). `values` have the shape
    `shape`: a matrix, a vector or one number. In the layer of the parameter only its neuron is
    left.
    """

    kind: FactorKind
    layer: int
    shape: list[int]
    values: Matrix | Vector | Number


class ChainPath(TypedDict):
    """One path from the neuron up to an output: a neuron of every layer above, and the factors.

    The factors are f'(z), w, f'(z), w … upwards, and last dJ/dz of the output.
    """

    units: list[int]
    factors: Vector
    product: Number


class Difference(TypedDict):
    """A derivative by central differences: `value` = (`above` - `below`) / 2h, J at p ± h."""

    value: Number
    h: Number
    above: Number
    below: Number


class SampleChain(TypedDict):
    """The derivative along the parameter for one sample; null `paths` where there are over 16."""

    factors: list[Factor]
    paths: list[ChainPath] | None
    product: Number
    numeric: Difference


class BatchChain(TypedDict):
    """The mean of the derivatives of a batch; `of_samples` are those of the samples written out."""

    gradient: Number
    of_samples: Vector
    smallest: Number
    largest: Number
    numeric: Difference


class Chain(SampleChain):
    """The derivative along the parameter: for the sample, and for the batch of the step."""

    batch: BatchChain


@dataclass(frozen=True)
class Batch:
    """Some training samples, a network theta (P,) and its loss; `masks` are the neurons dropped."""

    setup: Setup
    theta: Array
    samples: NDArray[np.int64]
    loss: str
    masks: Masks | None

    def trace(self) -> Trace:
        """One forward and one backward pass, with every value."""
        return mathematics.trace(
            self.setup.architecture, self.theta, *self._data, self.loss, self.masks
        )

    def difference(self, index: int) -> Difference:
        """The derivative along a parameter, by central differences."""
        found = mathematics.difference(
            self.setup.architecture, self.theta, index, *self._data, self.loss, self.masks
        )
        value, h, above, below = map(number, found)
        return {"value": value, "h": h, "above": above, "below": below}

    @property
    def _data(self) -> tuple[Array, Array]:
        train = self.setup.train
        return train.X[:, self.samples], train.Y[:, self.samples]


def sample_chain(one: Trace, place: ParameterPlace, index: int, alone: Batch) -> SampleChain:
    """The factors from the loss down to a parameter for one sample, and their product.

    In the layer of the parameter only its own neuron is followed.
    """
    layer, row = place["layer"] - 1, place["row"]
    own, top = one.layers[layer], len(one.layers) - 1
    factors: list[Factor] = []
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
        "paths": _paths(one, layer, row),
        "product": number(float(own.delta[row, 0]) * entering),
        "numeric": alone.difference(index),
    }


def batch_chain(
    many: Trace, place: ParameterPlace, index: int, together: Batch, shown: list[int]
) -> BatchChain:
    """The derivative along a parameter over a batch: the mean of its samples' derivatives.

    `shown` are the places in the batch of the samples that are written out.
    """
    layer, row, column = many.layers[place["layer"] - 1], place["row"], place["column"]
    # J is a mean: its share of each sample is 1/n of the sample's own derivative.
    shares = layer.delta[row] * (1.0 if column is None else layer.below[column])
    each = len(shares) * shares
    return {
        "gradient": number(float(np.add.reduce(shares))),
        "of_samples": finite(each[shown]),
        "smallest": number(float(each.min())),
        "largest": number(float(each.max())),
        "numeric": together.difference(index),
    }


def _from_loss(output: TracedLayer, rows: list[int], at: int) -> list[Factor]:
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


def _factor(kind: FactorKind, layer: int, values: Array) -> Factor:
    return {"kind": kind, "layer": layer + 1, "shape": list(values.shape), "values": finite(values)}


def place_of(setup: Setup, name: str, index: int) -> ParameterPlace:
    """The place in the network of the parameter with this name and this index in theta."""
    layer = setup.architecture.layer_of(index)
    _, n_in = setup.architecture.shapes[layer]
    row, column = divmod(index - setup.architecture.offsets[layer], n_in + 1)
    bias = column == n_in
    return {
        "name": name,
        "kind": "bias" if bias else "weight",
        "layer": layer + 1,
        "row": row,
        "column": None if bias else column,
    }


def _paths(one: Trace, layer: int, row: int) -> list[ChainPath] | None:
    found = mathematics.paths(one.layers, layer, row, 0)
    if found is None:
        return None
    return [
        {"units": list(path.units), "factors": list(path.factors), "product": path.product}
        for path in found
    ]
