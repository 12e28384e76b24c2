"""What the calls that look inside a network answer, as models for the documentation."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from app.web.api.answers.experiments import NumericGradients, PresentLoss, RunStatus, Score

Number = float | None
Vector = list[Number]
Matrix = list[Vector]


class Histogram(BaseModel):
    """Counts of values in equal bins from low to high."""

    low: float
    high: float
    counts: list[int]


class ActivationSignals(BaseModel):
    """All outputs of a layer; `expected_std` is what the recipe's theory says of the beginning."""

    mean: Number
    std: Number
    expected_std: Number
    histogram: Histogram | None


class GradientSignals(BaseModel):
    """dJ/dW and dJ/db of a layer: their length and spread."""

    norm: Number
    std: Number
    histogram: Histogram | None


class BackwardSignals(BaseModel):
    """n dJ/dZ, the sample's own share; expected from that of the output layer."""

    std: Number
    expected_std: Number


class LayerSignals(BaseModel):
    """One layer of one run. `twins` are groups of identical neurons, counted from 0."""

    layer: int
    units: int
    activation: ActivationSignals
    gradient: GradientSignals
    backward: BackwardSignals
    saturated: Number
    dead: Number
    distinct: int
    twins: list[list[int]]
    similarity: Number


DiagnosisCode = Literal[
    "diverged",
    "diverging",
    "symmetric",
    "converged",
    "training",
    "exploding",
    "vanishing",
    "dead",
    "saturated",
    "stuck",
]
"""What `value` is: diverged: its step; diverging: J over its least of late; symmetric: distinct
neurons of the layer; converged: J; training: the share by which J fell of late; exploding and
vanishing: dJ/dZ of the first layer over the last's; dead: share of the layer's neurons; saturated:
share of the layer's outputs; stuck: J over that of the best constant answer."""

AdviceCode = Literal[
    "lower_rate",
    "random_weights",
    "done",
    "go_on",
    "smaller_weights",
    "larger_weights",
    "leaky_activation",
    "cross_entropy",
    "larger_network",
]


class Diagnosis(BaseModel):
    """One word for a run, the number that says so, the layer that it is of, and what to try."""

    code: DiagnosisCode
    value: Number
    layer: int | None
    advice: AdviceCode


class RunSignals(BaseModel):
    """A run's diagnosis, and its layers."""

    run: int
    diagnosis: Diagnosis
    layers: list[LayerSignals]


class Diagnostics(BaseModel):
    """The signals of all runs at a step, measured on so many of the training samples."""

    step: int
    samples: int
    runs: list[RunSignals]


class SignalHistory(BaseModel):
    """The length of the gradient at the steps, of every run and layer."""

    steps: list[int]
    norms: list[Matrix]


class RunFrame(RunStatus):
    """What a run is doing, and how it learns."""

    model_config = ConfigDict(extra="allow")

    optimizer: dict[str, Any]


class InsideFrame(NumericGradients):
    """W and b of a run; its gradient and its maps, if they were asked for."""

    run: int
    step: int
    gradients: NumericGradients | None = None
    outputs: dict[str, Any] | None = None


class Frame(BaseModel):
    """One moment: `present` is the step that the experiment is at."""

    id: str
    version: int
    step: int
    present: int
    epoch: int
    runs: list[RunFrame]
    loss: PresentLoss
    metrics: list[Score]
    inside: InsideFrame
    path: dict[str, Vector] | None = None
