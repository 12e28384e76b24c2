"""What the worked example answers, as models for the documentation."""

from typing import Any, Literal

from pydantic import BaseModel, Field

Number = float | None
Vector = list[Number]
Matrix = list[Vector]


class TracedParameter(BaseModel):
    """Which parameter is followed; the layer counts from 1, a bias has no column."""

    name: str
    kind: Literal["weight", "bias"]
    layer: int
    row: int
    column: int | None
    value: Number


class TracedSample(BaseModel):
    """The sample that is followed: its place in the training set, raw inputs, features, targets."""

    index: int
    in_batch: bool
    inputs: Vector
    x: Vector
    y: Vector


class TracedBatch(BaseModel):
    """The batch of the step; `samples` are those of it that are written out."""

    size: int
    full: bool
    samples: list[int]


class TracedLoss(BaseModel):
    """J of the sample alone, and of the batch; `on_logits`: its gradient is taken from Z.

    With `dropout` the neurons are left out that the step leaves out, as training does.
    """

    name: str
    formula: str
    on_logits: bool
    dropout: bool
    sample: Number
    batch: Number


class TracedValues(BaseModel):
    """One layer's values, a column for each sample: X comes in, Z = W X + b, A = f(Z).

    A is multiplied by `mask`, if neurons drop out, before it goes up. `slope` is f'(Z), null of a
    softmax; dZ = dA * mask * slope. dA of a loss on logits is null where it is not known.
    dW and db are the gradient of all samples, of those that are not written out too.
    """

    X: Matrix
    Z: Matrix
    A: Matrix
    mask: Matrix | None
    slope: Matrix | None
    dA: Matrix  # noqa: N815
    dZ: Matrix  # noqa: N815
    dW: Matrix  # noqa: N815
    db: Vector


class TracedLayer(BaseModel):
    """One layer, forward and backward: for the sample alone, and for the batch."""

    layer: int
    activation: str
    shapes: dict[str, list[int]]
    W: Matrix
    b: Vector
    sample: TracedValues
    batch: TracedValues


class Factor(BaseModel):
    """One factor of the chain rule, or what the factors so far have become.

    `loss` dJ/dA of the output, `slope` f'(Z) or `jacobian` dA/dZ of a softmax, `delta` dJ/dZ,
    `weights` the transpose of W, `back` dJ/dA of the layer below, `mask` what drops out of it,
    `input` what the weight is multiplied by (1 for a bias). In the layer of the parameter only its
    neuron is left.
    """

    kind: Literal["loss", "slope", "jacobian", "delta", "weights", "back", "mask", "input"]
    layer: int
    shape: list[int]
    values: Any


class ChainPath(BaseModel):
    """A way from the neuron to an output: a neuron of every layer above, and what is multiplied.

    The factors are f'(z), w, f'(z), w ... upwards, and last dJ/dz of the output.
    """

    units: list[int]
    factors: Vector
    product: Number


class Difference(BaseModel):
    """(J(p + h) - J(p - h)) / 2h."""

    value: Number
    h: Number
    above: Number
    below: Number


class BatchChain(BaseModel):
    """The mean over the batch; `of_samples` are the derivatives of the samples written out."""

    gradient: Number
    of_samples: Vector
    smallest: Number
    largest: Number
    numeric: Difference


class Chain(BaseModel):
    """The derivative along the parameter for the sample; `paths` while there are at most 16."""

    factors: list[Factor]
    paths: list[ChainPath] | None
    product: Number
    numeric: Difference
    batch: BatchChain


class Carried(BaseModel):
    """What an optimizer carries for the parameter, before the update and after it."""

    name: str
    before: Number
    after: Number


class Term(BaseModel):
    """What an optimizer's formula names besides: `mean_hat`, `squares_hat`, `ahead`, `rate` ..."""

    name: str
    value: Number


class DyingStep(BaseModel):
    """The own step of an L1 whose links die: from `moved` by `shrink` towards 0, or dead at 0."""

    moved: Number
    shrink: Number
    dead: bool


class Update(BaseModel):
    """From the gradient of the batch to the parameter at the next step, in this order.

    gradient + penalty = total; clip * total = clipped, where clip comes from the norm of all of
    the network's total; rate * factor (the schedule's) = learning_rate; then what the optimizer
    carries, the terms of its formula, and the parameter.
    """

    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    clipping: dict[str, Any]
    regularizer: dict[str, Any]
    gradient: Number
    penalty: Number
    total: Number
    norm: Number
    clip: Number
    clipped: Number
    rate: Number
    factor: Number
    learning_rate: Number
    state: list[Carried]
    terms: list[Term]
    dying: DyingStep | None
    before: Number
    after: Number
    change: Number
    diverges: bool


class Trace(BaseModel):
    """One training step of one parameter; there is no update of a run that has diverged."""

    run: int
    step: int
    parameter: TracedParameter
    sample: TracedSample
    batch: TracedBatch
    loss: TracedLoss
    layers: list[TracedLayer]
    chain: Chain
    update: Update | None = Field(default=None)
