"""Diagnosis of a run: the cause of its status, where it can be told, and what to try."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.nn.activations import ACTIVATIONS
from app.nn.signals import LayerSignals
from app.nn.status import TURN, Status

FALLING = 0.05
"""A run learns well whose loss falls by this share over the window."""
FAINT = 1e-2
"""Gradients vanish that are so much smaller in the first layer than in the last."""
LOUD = 1e2
"""Gradients explode that are so much larger in the first layer than in the last."""
NEAR = 0.85
"""Steps that swing, and do not grow, do so from this share of the bound on the learning rate on."""
MOST = 0.5
"""Half of a layer at rest is enough to stop it."""

Shrinking = Literal["penalty", "decay"]
Cause = Literal[
    "learning_rate",
    "penalty",
    "decay",
    "batches",
    "no_rate",
    "symmetry",
    "dead",
    "saturation",
    "exploding",
    "vanishing",
    "capacity",
]
Advice = Literal[
    "begin",
    "go_on",
    "wait",
    "done",
    "lower_rate",
    "raise_rate",
    "weaker_penalty",
    "weaker_decay",
    "larger_batches",
    "random_weights",
    "smaller_weights",
    "larger_weights",
    "leaky_activation",
    "centred_activation",
    "cross_entropy",
    "hidden_layer",
    "larger_network",
]

_WEAKER: dict[Shrinking, Advice] = {"penalty": "weaker_penalty", "decay": "weaker_decay"}


@dataclass(frozen=True)
class Circumstances:
    """What a run learns with, as far as causes and advice depend on it.

    `activations` are those of all layers. `on_logits` says that the loss is computed from the
    logits, so that a saturated output does no harm, and `cross_entropy` that this loss fits output
    and targets. `overshoot` is by what factor penalty or decay alone exceed their own bound, if one
    of them does, and `held` which of them holds the weights so small that nothing is learned.
    `plain` are steps straight down the gradient, and `noisy` those of mini-batches or
    dropout. `rate` is the learning rate of the next update.
    """

    activations: Sequence[str]
    on_logits: bool
    cross_entropy: bool
    plain: bool
    noisy: bool
    rate: float
    overshoot: tuple[Shrinking, float] | None = None
    held: Shrinking | None = None


@dataclass(frozen=True)
class Finding:
    """A cause, the number that shows it, the layer it is in (from 1) if any, and what to try.

    | cause | value | advice |
    |---|---|---|
    | learning_rate | α over its bound along the swing, or nothing | lower_rate |
    | penalty, decay | α over the bound that it alone sets | weaker_penalty, weaker_decay |
    | | or nothing, where it holds the weights small | |
    | batches | nothing | larger_batches |
    | no_rate | α | raise_rate |
    | symmetry | distinct neurons of the layer | random_weights |
    | dead | dead share of the layer's neurons | leaky_activation, smaller_weights |
    | saturation | saturated share of the layer's outputs | smaller_weights, cross_entropy |
    | exploding | gradient of the first layer over the last's | smaller_weights |
    | vanishing | the same | larger_weights, centred_activation |
    | capacity | nothing | hidden_layer, larger_network |
    | none | nothing | begin, go_on, wait, done |
    """

    cause: Cause | None
    value: float | None
    layer: int | None
    advice: Advice


_SOUND = Finding(None, None, None, "done")
"""Nothing is wrong, and nothing to do."""


def diagnose(
    status: Status,
    value: float | None,
    swing: tuple[float, float],
    layers: Sequence[LayerSignals],
    found: Circumstances,
) -> Finding:
    """The cause of a run's status and what to try.

    `value` is that of its standing, and `swing` turn and stretch of its outlook.
    """
    if status == "converged":
        idle = found.rate == 0.0
        return Finding("no_rate", 0.0, None, "raise_rate") if idle else _SOUND
    if status in ("oscillating", "unstable", "growing", "diverged"):
        return _of_swings(status, swing, layers, found)
    if status in ("stuck", "plateau") and found.held is not None:
        return Finding(found.held, None, None, _WEAKER[found.held])
    alike = _symmetry(layers)
    if alike is not None:
        return alike
    if status == "not_begun":
        return Finding(None, None, None, "begin")
    if found.rate == 0.0:
        return Finding("no_rate", 0.0, None, "raise_rate")
    if status == "training" and value is not None and value >= FALLING:
        return Finding(None, None, None, "go_on")
    ailment = _ailment(layers, found)
    if ailment is not None:
        return ailment
    if status == "stuck":
        deep = len(layers) > 1
        return Finding("capacity", None, None, "larger_network" if deep else "hidden_layer")
    return Finding(None, None, None, "wait" if status == "plateau" else "go_on")


def _of_swings(
    status: Status,
    swing: tuple[float, float],
    layers: Sequence[LayerSignals],
    found: Circumstances,
) -> Finding:
    """Why a run swings, or is carried away."""
    if found.overshoot is not None:
        cause, factor = found.overshoot
        return Finding(cause, factor, None, _WEAKER[cause])
    ratio = _gradient_ratio(layers)
    if status != "diverged" and ratio > LOUD:  # a diverged run is where its swings have led it
        return Finding("exploding", ratio, 1, "smaller_weights")
    turn, stretch = swing
    if turn > TURN and found.noisy:
        return Finding("batches", None, None, "larger_batches")
    # A step straight down the gradient multiplies the distance to the bottom by 1 - αλ, so that
    # what leads back and forth with the factor -r has αλ = 1 + r, of which 2 are the bound.
    # Chaotic steps have no such factor, and what seems to be one may lie far below the bound.
    share = 0.5 * (1.0 + stretch)
    told = turn <= TURN and found.plain and share >= (NEAR if status == "oscillating" else 1.0)
    return Finding("learning_rate", share if told else None, None, "lower_rate")


def _symmetry(layers: Sequence[LayerSignals]) -> Finding | None:
    for number, layer in enumerate(layers[:-1], start=1):
        if layer.twins and layer.distinct <= MOST * sum(len(group) for group in layer.twins):
            return Finding("symmetry", layer.distinct, number, "random_weights")
    return None


def _ailment(layers: Sequence[LayerSignals], found: Circumstances) -> Finding | None:
    """The problem in the signals of a run that does not learn."""
    hidden = list(enumerate(layers[:-1], start=1))
    resting = hidden if found.on_logits else [*hidden, (len(layers), layers[-1])]
    for number, layer in resting:
        one = _at_rest(number, layer, found)
        if one is not None:
            return one
    ratio = _gradient_ratio(layers)
    if ratio > LOUD:
        return Finding("exploding", ratio, 1, "smaller_weights")
    if ratio < FAINT:
        centred = all(name != "sigmoid" for name in found.activations[:-1])
        return Finding("vanishing", ratio, 1, "larger_weights" if centred else "centred_activation")
    return None


def _gradient_ratio(layers: Sequence[LayerSignals]) -> float:
    """dJ/dZ of the first layer over that of the last; 1 where there is nothing to compare."""
    last = layers[-1].backward
    return layers[0].backward / last if len(layers) > 1 and last > 0.0 else 1.0


def _at_rest(number: int, layer: LayerSignals, found: Circumstances) -> Finding | None:
    """Whether a layer is saturated or dead; a bounded activation is never called dead."""
    name = found.activations[number - 1]
    if layer.saturated is not None and layer.saturated >= MOST:
        output = number == len(found.activations)
        advice: Advice = "cross_entropy" if output and found.cross_entropy else "smaller_weights"
        return Finding("saturation", layer.saturated, number, advice)
    if not ACTIVATIONS[name].bounded and layer.dead is not None and layer.dead >= MOST:
        advice = "leaky_activation" if name == "relu" else "smaller_weights"
        return Finding("dead", layer.dead, number, advice)
    return None
