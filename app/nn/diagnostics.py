"""Diagnosis of a run: its progress, from its losses, and its problem, from its signals."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.nn.signals import LayerSignals
from app.nn.types import Array

WINDOW = 120
"""How many of the last steps decide whether a run still moves."""
FLAT = 5e-3
"""A loss that falls by less than this share of itself over the window has come to rest."""
SOLVED = 1e-6
"""Below this share of the loss of the best constant answer there is nothing left to learn."""
LEARNED = 0.5
"""A run at rest has converged below this share of the loss of the best constant answer."""


Progress = Literal["training", "converged", "stuck"]
"""Progress of a run that has not diverged, by its losses alone."""


def progress(losses: Array, baseline: float) -> Progress:
    """`training`, `converged` or `stuck`, from the losses (t+1,) of steps 0 … t.

    A run is at rest when, over the last `WINDOW` steps, its loss has fallen by less than `FLAT` of
    itself and is not falling faster and faster, as it does when a run leaves a plateau. At rest, it
    is `converged` if it has learned something, that is if J is below `LEARNED` times `baseline`,
    the loss of the best constant answer, and else `stuck`. Thirds of the window are compared, and
    what is left of each when its own trend is taken away is noise, which does not decide.
    """
    # A run that was set by hand after it diverged has no losses before that.
    if len(losses) <= WINDOW or not np.isfinite(losses[-WINDOW:]).all():
        return "training"
    parts = losses[-WINDOW:].reshape(3, -1)
    early, middle, late = (float(mean) for mean in parts.mean(axis=1))
    if late <= SOLVED * baseline:
        return "converged"
    time = np.linspace(-1.0, 1.0, parts.shape[1])
    trend = np.outer(parts @ time / (time @ time), time)
    noise = float(np.std(parts - parts.mean(axis=1, keepdims=True) - trend))
    fell, falls = early - middle, middle - late
    leaving = falls > max(fell, noise, 1e-9 * abs(late))
    if leaving or abs(early - late) > max(FLAT * abs(late), noise):
        return "training"
    return "converged" if late < LEARNED * baseline else "stuck"


GROWN = 3.0
"""A loss that has grown so many times since its least over the window is diverging."""
FALLING = 0.05
"""A run learns well whose loss has fallen by this share over the window, and by 10 steps."""
FAINT = 1e-2
"""Gradients vanish that are so much smaller in the first layer than in the last."""
LOUD = 1e2
"""Gradients explode that are so much larger in the first layer than in the last."""
MOST = 0.5
"""Half of a layer at rest is enough to stop it."""


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
Advice = Literal[
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


@dataclass(frozen=True)
class Diagnosis:
    """A finding about a run: its code, the evidence, the layer (from 1) if any, and a remedy.

    | code | value | advice |
    |---|---|---|
    | diverged | the step at which it did | lower_rate |
    | diverging | J over its least in the window | lower_rate |
    | symmetric | distinct neurons of the layer | random_weights |
    | converged | J | done |
    | training | share by which J has fallen in the window | go_on |
    | exploding | gradient of the first layer over the last's | smaller_weights |
    | vanishing | the same | larger_weights |
    | dead | dead share of the layer's neurons | leaky_activation |
    | saturated | saturated share of the layer's outputs | smaller_weights, cross_entropy |
    | stuck | J over that of the best constant answer | larger_network |
    """

    code: DiagnosisCode
    value: float
    layer: int | None
    advice: Advice


def diagnose(
    status: str, losses: Array, baseline: float, layers: Sequence[LayerSignals], on_logits: bool
) -> Diagnosis:
    """Diagnose a run that has not diverged: the first finding of the table that holds.

    `losses` (t+1,) are those of the last steps, at most WINDOW + 1, of which the last is the
    present, `status` what `progress` says, and `on_logits` whether its loss is computed from the
    logits, so that a saturated output does no harm.
    """
    known = losses[np.isfinite(losses)]
    now, least = float(known[-1]), float(known.min())
    if len(known) > 1 and now > GROWN * least and now > baseline:
        return Diagnosis("diverging", now / least, None, "lower_rate")
    hidden = layers[:-1]
    for number, layer in enumerate(hidden, start=1):
        if layer.twins and layer.distinct <= MOST * sum(len(group) for group in layer.twins):
            return Diagnosis("symmetric", layer.distinct, number, "random_weights")
    if status == "converged":
        return Diagnosis("converged", now, None, "done")
    fell = 1.0 - now / float(known[0]) if known[0] > 0.0 else 0.0
    if now < LEARNED * baseline or (len(known) > 10 and fell >= FALLING):
        return Diagnosis("training", fell, None, "go_on")
    return _ailment(layers, on_logits) or (
        Diagnosis("stuck", now / baseline, None, "larger_network")
        if status == "stuck"
        else Diagnosis("training", fell, None, "go_on")
    )


def _ailment(layers: Sequence[LayerSignals], on_logits: bool) -> Diagnosis | None:
    """The problem in the signals of a run that does not learn."""
    hidden = list(enumerate(layers[:-1], start=1))
    for number, layer in hidden:
        if layer.dead is not None and layer.dead >= MOST:
            return Diagnosis("dead", layer.dead, number, "leaky_activation")
    resting = hidden if on_logits else [*hidden, (len(layers), layers[-1])]
    for number, layer in resting:
        if layer.saturated is not None and layer.saturated >= MOST:
            advice: Advice = "smaller_weights" if number < len(layers) else "cross_entropy"
            return Diagnosis("saturated", layer.saturated, number, advice)
    if len(layers) > 1 and layers[-1].backward > 0.0:
        ratio = layers[0].backward / layers[-1].backward
        if ratio > LOUD:
            return Diagnosis("exploding", ratio, 1, "smaller_weights")
        if ratio < FAINT:
            return Diagnosis("vanishing", ratio, 1, "larger_weights")
    return None
