"""The worked example: one training step of one parameter, with every number on the way.

Forward, loss, backward and update are told for one sample and for the batch of the step, so that
each can be followed by hand: the chain rule's factors, their product, the same by differences.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.errors import FieldError, InvalidInput
from app.lab.experiment import training
from app.lab.experiment.events import CHANGES, describe_method
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.repository import Experiment
from app.lab.json_arrays import finite, number
from app.lab.spec.arrays import parameter_index
from app.lab.spec.ranges import check_work
from app.nn import trace as mathematics
from app.nn.losses import LOSSES
from app.nn.stack import Masks
from app.nn.trace import Trace, TracedLayer
from app.nn.types import Array
from app.nn.worked_update import work

COLUMNS = 6
"""How many samples of a batch are written out."""


def trace(
    experiment: Experiment, state: TrainState, run: int, parameter: str, sample: int | None
) -> dict[str, Any]:
    """The step that follows a state, for a run that exists; `sample` is one of the training set's.

    InvalidInput for a parameter or a sample that there is not.
    """
    setup, step = experiment.setup, state.step
    index = parameter_index(setup.architecture, parameter, "parameter")
    batch = setup.batch_samples(step)
    chosen = _sample(setup, int(batch[0]) if sample is None else sample)
    theta = state.theta[run]
    check_work(8 * setup.architecture.work(len(batch)), "/run")
    X, Y = setup.train.X, setup.train.Y
    loss = setup.runs[run].loss
    shown = _shown(batch, chosen)
    with np.errstate(all="ignore"):
        masks = setup.masks(step, len(batch))
        alone = _Passed(setup, theta, np.array([chosen]), loss, _of_sample(masks, batch, chosen))
        together = _Passed(setup, theta, batch, loss, masks)
        one, many = alone.trace(), together.trace()
        place = _place(setup, parameter, index)
        return {
            "run": run,
            "step": step,
            "parameter": {**place, "value": finite(theta[index])},
            "sample": {
                "index": chosen,
                "in_batch": bool((batch == chosen).any()),
                "inputs": finite(setup.train.inputs[:, chosen]),
                "x": finite(X[:, chosen]),
                "y": finite(Y[:, chosen]),
            },
            "batch": {
                "size": len(batch),
                "full": len(batch) == setup.train.count,
                "samples": [int(batch[at]) for at in shown],
            },
            "loss": {
                "name": loss,
                "formula": LOSSES[loss].formula,
                "on_logits": LOSSES[loss].on_logits,
                "dropout": masks is not None,
                "sample": number(one.J),
                "batch": number(many.J),
            },
            "layers": [
                _layer(setup, place_, *layers, shown)
                for place_, layers in enumerate(zip(one.layers, many.layers, strict=True), start=1)
            ],
            "chain": {
                **_chain_of_sample(one, place, index, alone),
                "batch": _chain_of_batch(many, place, index, together, shown),
            },
            "update": _update(experiment, state, run, index),
        }


def _of_sample(masks: Masks | None, batch: NDArray[np.int64], sample: int) -> Masks | None:
    """The masks (units, 1) that a sample has in its batch; outside it nothing drops out."""
    chosen = np.flatnonzero(batch == sample)
    if masks is None or not len(chosen):
        return None
    return [None if mask is None else mask[:, chosen[:1]] for mask in masks]


def _sample(setup: Setup, sample: int) -> int:
    last = setup.train.count - 1
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


def _place(setup: Setup, name: str, index: int) -> dict[str, Any]:
    """Where in the network a parameter is; the layer counts from 1, the bias has no column."""
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


def _layer(
    setup: Setup, number: int, one: TracedLayer, many: TracedLayer, shown: list[int]
) -> dict[str, Any]:
    n_out, n_in = one.W.shape
    n = many.Z.shape[1]
    return {
        "layer": number,
        "activation": setup.architecture.layers[number - 1].activation,
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
        "mask": None if layer.mask is None else finite(layer.mask[:, columns]),
        "slope": None if layer.slope is None else finite(layer.slope[:, columns]),
        "dA": finite(layer.back[:, columns]),
        "dZ": finite(layer.delta[:, columns]),
        "dW": finite(layer.weight_gradient),
        "db": finite(layer.bias_gradient),
    }


@dataclass(frozen=True)
class _Passed:
    """What is passed through a network theta (P,): some training samples, some neurons dropped."""

    setup: Setup
    theta: Array
    samples: NDArray[np.int64]
    loss: str
    masks: Masks | None

    def trace(self) -> Trace:
        """The pass, written out."""
        return mathematics.trace(
            self.setup.architecture, self.theta, *self._data, self.loss, self.masks
        )

    def difference(self, index: int) -> dict[str, Any]:
        """The derivative along a parameter, measured."""
        found = mathematics.difference(
            self.setup.architecture, self.theta, index, *self._data, self.loss, self.masks
        )
        names = ("value", "h", "above", "below")
        return {name: number(one) for name, one in zip(names, found, strict=True)}

    @property
    def _data(self) -> tuple[Array, Array]:
        train = self.setup.train
        return train.X[:, self.samples], train.Y[:, self.samples]


def _chain_of_sample(
    one: Trace, place: dict[str, Any], index: int, passed: _Passed
) -> dict[str, Any]:
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


def _chain_of_batch(
    many: Trace, place: dict[str, Any], index: int, passed: _Passed, shown: list[int]
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


def _update(
    experiment: Experiment, state: TrainState, run: int, index: int
) -> dict[str, Any] | None:
    """From the batch's gradient to the parameter at the next step; None for a diverged run."""
    if state.diverged[run] >= 0:
        return None
    setup = experiment.setup
    past = [event for event in experiment.events if event.step <= state.step]
    following, _ = training.advance(setup, state, past, 1)
    method = training.methods_at(setup, past, state.step)[run]
    theta = state.theta[[run]]
    gradient = training.gradient_of(setup, past, state, [run])
    optimizer_state = {name: array[[run]] for name, array in state.optimizer_state.items()}
    worked = work(setup.architecture, method, gradient, theta, optimizer_state, state.step, index)
    chosen = describe_method(method, state.step)
    base = method.optimizer.options["learning_rate"]
    return {
        **{name: chosen[name] for name in CHANGES},
        **{
            name: number(getattr(worked, name))
            for name in ("gradient", "penalty", "total", "norm", "clip", "clipped")
        },
        "rate": base,
        "factor": number(worked.rate / base),
        "learning_rate": number(worked.rate),
        "state": [
            {"name": name, "before": number(before), "after": number(after)}
            for name, (before, after) in worked.state.items()
        ],
        "terms": [{"name": name, "value": number(one)} for name, one in worked.terms.items()],
        "dying": None
        if worked.dying is None
        else {
            "moved": number(worked.dying.moved),
            "shrink": number(worked.dying.shrink),
            "dead": worked.dying.dead,
        },
        "before": number(worked.before),
        "after": number(worked.after),
        "change": number(worked.after - worked.before),
        "diverges": bool(following.diverged[run] >= 0),
    }
