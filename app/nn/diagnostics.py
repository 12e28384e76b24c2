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
SLOW = 1e-3
"""A learning rate below this share of its bound is why a run stands still."""
SMOOTH = 0.9
"""Updates whose cosine is larger follow each other in a smooth swing, as momentum carries them."""
MOST = 0.5
"""Half of a layer at rest is enough to stop it."""

Shrinking = Literal["penalty", "decay"]
Cause = Literal[
    "learning_rate",
    "penalty",
    "decay",
    "batches",
    "no_rate",
    "small_rate",
    "kink",
    "momentum",
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
    "less_momentum",
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
    `noisy` are steps of mini-batches or dropout; `kinked` is an objective whose slope jumps. `rate`
    is the learning rate of the next update, `share` that over its bound, None where that is not
    known, and `momentum` how much of the last step it keeps. `first_ratio` is the gradient of the
    first layer over that of the last when the run began. It has `learned` if most of what can be
    learned is.
    """

    activations: Sequence[str]
    on_logits: bool
    cross_entropy: bool
    noisy: bool
    rate: float
    kinked: bool = False
    momentum: float = 0.0
    share: float | None = None
    first_ratio: float = 1.0
    learned: bool = False
    overshoot: tuple[Shrinking, float] | None = None
    held: Shrinking | None = None


@dataclass(frozen=True)
class Finding:
    """A cause, the number that shows it, the layer it is in (from 1) if any, and what to try.

    | cause | value | advice |
    |---|---|---|
    | learning_rate | α over its bound, or nothing where that is not known | lower_rate |
    | kink | nothing | lower_rate |
    | momentum | how much of the last step is kept | less_momentum |
    | penalty, decay | α over the bound that it alone sets | weaker_penalty, weaker_decay |
    | | or nothing, where it holds the weights small | |
    | batches | nothing | larger_batches |
    | no_rate | α | raise_rate |
    | small_rate | α over its bound | raise_rate |
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
    turn: float,
    layers: Sequence[LayerSignals],
    found: Circumstances,
) -> Finding:
    """The cause of a run's status and what to try.

    `value` is that of its standing, and `turn` that of its outlook.
    """
    if status == "converged":
        return _idle(found) or _SOUND
    if status in ("oscillating", "unstable", "growing", "diverged"):
        return _of_swings(turn, found)
    if status in ("stuck", "plateau") and found.held is not None:
        return Finding(found.held, None, None, _WEAKER[found.held])
    alike = _symmetry(layers)
    if alike is not None:
        return alike
    if status == "not_begun":
        return Finding(None, None, None, "begin")
    return _of_rest(status, value, layers, found)


def _of_rest(
    status: Status, value: float | None, layers: Sequence[LayerSignals], found: Circumstances
) -> Finding:
    """Why a run that does not swing learns little, if it does."""
    idle = _idle(found)
    if idle is not None and found.rate == 0.0:
        return idle
    if status == "training" and (found.learned or (value is not None and value >= FALLING)):
        return Finding(None, None, None, "go_on")
    ailment = _ailment(layers, found)
    if ailment is not None:
        return ailment
    if idle is not None and status != "training":
        return idle
    if status == "stuck":
        deep = len(layers) > 1
        return Finding("capacity", None, None, "larger_network" if deep else "hidden_layer")
    return Finding(None, None, None, "wait" if status == "plateau" else "go_on")


def _idle(found: Circumstances) -> Finding | None:
    """Whether a run stands still because its learning rate is next to nothing."""
    if found.rate == 0.0:
        return Finding("no_rate", 0.0, None, "raise_rate")
    if found.share is not None and found.share < SLOW:
        return Finding("small_rate", found.share, None, "raise_rate")
    return None


def _of_swings(turn: float, found: Circumstances) -> Finding:
    """Why a run swings, or is carried away."""
    if found.overshoot is not None:
        cause, factor = found.overshoot
        return Finding(cause, factor, None, _WEAKER[cause])
    if found.first_ratio > LOUD:
        return Finding("exploding", found.first_ratio, 1, "smaller_weights")
    back = turn <= TURN
    if back and found.kinked:
        return Finding("kink", None, None, "lower_rate")
    above = found.share is not None and found.share >= 1.0
    if not back and found.noisy:
        return Finding("batches", None, None, "larger_batches")
    if not above and turn >= SMOOTH and found.momentum > 0.0:
        return Finding("momentum", found.momentum, None, "less_momentum")
    # A long step may have led to where J bends less than on the way, so that a share below 1
    # does not say that the rate is small enough.
    return Finding("learning_rate", found.share if above else None, None, "lower_rate")


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
    ratio = gradient_ratio(layers)
    if ratio > LOUD:
        return Finding("exploding", ratio, 1, "smaller_weights")
    if ratio < FAINT:
        centred = all(name != "sigmoid" for name in found.activations[:-1])
        return Finding("vanishing", ratio, 1, "larger_weights" if centred else "centred_activation")
    return None


def gradient_ratio(layers: Sequence[LayerSignals]) -> float:
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
