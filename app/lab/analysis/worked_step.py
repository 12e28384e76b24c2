"""The worked example: one training step of one parameter, with every number on the way.

Forward, loss, backward and update are given for one sample and for the batch of the step, so that
each can be followed by hand.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from app.errors import FieldError, InvalidInput
from app.lab.analysis.chain_rule import (
    Batch,
    Chain,
    ParameterPlace,
    batch_chain,
    place_of,
    sample_chain,
)
from app.lab.experiment import training
from app.lab.experiment.events import describe_method
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState
from app.lab.history.repository import Experiment
from app.lab.json_arrays import Matrix, Number, Vector, finite, number
from app.lab.spec.arrays import parameter_index
from app.lab.spec.documents import (
    ClippingDocument,
    OptimizerDocument,
    RegularizerDocument,
    ScheduleDocument,
)
from app.lab.spec.ranges import check_work
from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES, Loss
from app.nn.stack import Masks
from app.nn.trace import Trace, TracedLayer
from app.nn.types import Array
from app.nn.worked_line import WorkedLine
from app.nn.worked_update import work

COLUMNS = 6
"""How many samples of a batch are written out."""
SUMMED = 3
"""How many of their shares of J are written out."""


class WorkedParameter(ParameterPlace):
    """The parameter that is followed: its place, and its value before the step."""

    value: Number


class WorkedSample(TypedDict):
    """The sample that is followed: its index in the training set, raw inputs, features, targets."""

    index: int
    in_batch: bool
    inputs: Vector
    x: Vector
    y: Vector


class WorkedBatch(TypedDict):
    """The batch of the step; `samples` are the indices of those that are written out."""

    size: int
    full: bool
    samples: list[int]


class Line(TypedDict):
    """A formula, and the same with numbers: `{name}` in `numbers` stands for that one of `values`.

    `{name:6}` is written with 6 significant digits instead of 4, `{+name}` with its sign, and
    `{parameter}` is the parameter's name.
    """

    name: str
    formula: str
    numbers: str
    values: dict[str, Number]


class OutputErrors(TypedDict):
    """What a loss says of the outputs, a column for each sample; J is a mean of `n` numbers.

    `Y` are the targets, and `factor` · `error` is the gradient.
    """

    n: int
    factor: Number
    Y: Matrix
    error: Matrix


class WorkedSlope(TypedDict):
    """The gradient of the loss as a product: `numerator`/n · `error`, a formula in A and Y.

    It is dJ/dA of the output layer, or dJ/dZ of a loss that is computed from Z.
    """

    numerator: int
    error: str
    sample: OutputErrors
    batch: OutputErrors


class WorkedLoss(TypedDict):
    """J of the sample alone, and of the batch; `on_logits`: its gradient is computed from Z.

    With `dropout` the neurons are left out that the step leaves out, as in training. `lines` is
    the formula with the sample's numbers, `batch_lines` with those of the batch; the numbers are
    empty where there are too many outputs.
    """

    name: str
    formula: str
    on_logits: bool
    dropout: bool
    sample: Number
    batch: Number
    lines: list[Line]
    batch_lines: list[Line]
    slope: WorkedSlope


class LayerValues(TypedDict):
    """The values of a layer, a column for each sample: X comes in, Z = W X + b, A = f(Z).

    A is multiplied by `mask`, if neurons drop out, before it goes up. `slope` is f'(Z), null of a
    softmax; dZ = dA * mask * slope. dA of a loss on logits is null where it is not known. dW and db
    are the gradient over all samples, also over those that are not written out.
    """

    X: Matrix
    Z: Matrix
    A: Matrix
    mask: Matrix | None
    slope: Matrix | None
    dA: Matrix
    dZ: Matrix
    dW: Matrix
    db: Vector


class ArrayShapes(TypedDict):
    """The shape [rows, columns] of each array of a layer; a column is a sample of the batch."""

    W: list[int]
    b: list[int]
    X: list[int]
    Z: list[int]
    A: list[int]
    dW: list[int]
    db: list[int]


class WorkedLayer(TypedDict):
    """One layer, forward and backward, for the sample alone and for the batch.

    `function` is how its activation is written in a formula.
    """

    layer: int
    activation: str
    function: str
    shapes: ArrayShapes
    W: Matrix
    b: Vector
    sample: LayerValues
    batch: LayerValues


class CarriedValue(TypedDict):
    """A number that an optimizer keeps for the parameter, before the update and after it."""

    name: str
    before: Number
    after: Number


class Term(TypedDict):
    """Another number of an optimizer's formula, as `mean_hat`, `squares_hat`, `ahead` or `rate`."""

    name: str
    value: Number


class DyingLink(TypedDict):
    """The proximal step of an L1 whose links die: from `moved` by `shrink` to 0, or dead at 0."""

    moved: Number
    shrink: Number
    dead: bool


class WorkedUpdate(TypedDict):
    """From the gradient of the batch to the parameter at the next step, in this order.

    gradient + penalty = total; clip * total = clipped, where clip comes from the norm of all of
    the network's total; rate * factor (the schedule's) = learning_rate; then the optimizer's state,
    the terms of its formula, and the parameter. `lines` are the formulas of all this.
    """

    optimizer: OptimizerDocument
    schedule: ScheduleDocument
    clipping: ClippingDocument
    regularizer: RegularizerDocument
    gradient: Number
    penalty: Number
    total: Number
    norm: Number
    clip: Number
    clipped: Number
    rate: Number
    factor: Number
    learning_rate: Number
    state: list[CarriedValue]
    terms: list[Term]
    dying: DyingLink | None
    before: Number
    after: Number
    change: Number
    diverges: bool
    lines: list[Line]


class WorkedStep(TypedDict):
    """One training step of one parameter; null `update` of a run that has diverged."""

    run: int
    step: int
    parameter: WorkedParameter
    sample: WorkedSample
    batch: WorkedBatch
    loss: WorkedLoss
    layers: list[WorkedLayer]
    chain: Chain
    update: WorkedUpdate | None


def worked_step(
    experiment: Experiment, state: TrainState, run: int, parameter: str, sample: int | None
) -> WorkedStep:
    """The step that follows a state, for a run that exists.

    `sample` is the index of a training sample; without one, the first of the batch. Raises
    InvalidInput for a parameter or a sample that there is not, or where it would take too long.
    """
    setup, step = experiment.setup, state.step
    index = parameter_index(setup.architecture, parameter, "parameter")
    batch = setup.batch_samples(step)
    chosen = _sample(setup, int(batch[0]) if sample is None else sample)
    theta = state.theta[run]
    check_work(8 * len(setup.runs) * setup.architecture.cost(len(batch)), "/run")
    X, Y = setup.train.X, setup.train.Y
    loss = setup.runs[run].loss
    shown = _shown(batch, chosen)
    with np.errstate(all="ignore"):
        masks = setup.masks(step, len(batch))
        alone = Batch(setup, theta, np.array([chosen]), loss, _of_sample(masks, batch, chosen))
        together = Batch(setup, theta, batch, loss, masks)
        one, many = alone.trace(), together.trace()
        place = place_of(setup, parameter, index)
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
            "loss": _loss(setup, loss, (one, [chosen]), (many, batch), shown),
            "layers": [
                _layer(setup, place_, *layers, shown)
                for place_, layers in enumerate(zip(one.layers, many.layers, strict=True), start=1)
            ],
            "chain": {
                **sample_chain(one, place, index, alone),
                "batch": batch_chain(many, place, index, together, shown),
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


def _loss(
    setup: Setup,
    name: str,
    alone: tuple[Trace, Sequence[int]],
    together: tuple[Trace, NDArray[np.int64]],
    shown: list[int],
) -> WorkedLoss:
    """J of the sample and of the batch; `shown` are the places of a batch that are written out."""
    loss = LOSSES[name]
    (one, chosen), (many, batch) = alone, together
    mine, theirs = setup.train.Y[:, chosen], setup.train.Y[:, batch]
    outputs, all_outputs = one.layers[-1].A, many.layers[-1].A
    few = shown[:SUMMED]
    return {
        "name": name,
        "formula": loss.formula,
        "on_logits": loss.on_logits,
        "dropout": any(layer.mask is not None for layer in many.layers),
        "sample": number(one.J),
        "batch": number(many.J),
        "lines": [_line(loss.worked(mine, outputs, 1))],
        "batch_lines": [_line(loss.worked(theirs[:, few], all_outputs[:, few], len(batch)))],
        "slope": {
            "numerator": loss.slope.numerator,
            "error": loss.slope.error,
            "sample": _errors(loss, mine, outputs, 1),
            "batch": _errors(loss, theirs[:, shown], all_outputs[:, shown], len(batch)),
        },
    }


def _errors(loss: Loss, y: Array, a: Array, samples: int) -> OutputErrors:
    n = loss.averaged(len(y), samples)
    return {
        "n": n,
        "factor": loss.slope.numerator / n,
        "Y": finite(y),
        "error": finite(loss.slope.of(a, y)),
    }


def _layer(
    setup: Setup, number: int, one: TracedLayer, many: TracedLayer, shown: list[int]
) -> WorkedLayer:
    n_out, n_in = one.W.shape
    n = many.Z.shape[1]
    activation = setup.architecture.layers[number - 1].activation
    return {
        "layer": number,
        "activation": activation,
        "function": ACTIVATIONS[activation].symbol or activation,
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


def _values(layer: TracedLayer, columns: list[int]) -> LayerValues:
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


def _update(experiment: Experiment, state: TrainState, run: int, index: int) -> WorkedUpdate | None:
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
        "optimizer": chosen["optimizer"],
        "schedule": chosen["schedule"],
        "clipping": chosen["clipping"],
        "regularizer": chosen["regularizer"],
        "gradient": number(worked.gradient),
        "penalty": number(worked.penalty),
        "total": number(worked.total),
        "norm": number(worked.norm),
        "clip": number(worked.clip),
        "clipped": number(worked.clipped),
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
        "lines": [_line(line) for line in worked.lines],
    }


def _line(line: WorkedLine) -> Line:
    return {
        "name": line.name,
        "formula": line.formula,
        "numbers": line.numbers,
        "values": {name: number(value) for name, value in line.values.items()},
    }
