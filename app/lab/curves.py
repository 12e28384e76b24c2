"""Activations and losses as curves for their small pictures, sampled from the engine itself."""

from typing import Any

import numpy as np

from app.nn.activations import ACTIVATIONS, Activation
from app.nn.losses import Loss
from app.nn.types import Array

_POINTS = 49
_REACH = 4.0


def of_activation(activation: Activation) -> dict[str, Any]:
    """f and its slope f' over z in [-4, 4]; of a softmax, the first of two outputs."""
    z = np.linspace(-_REACH, _REACH, _POINTS)
    if activation.output_only:
        pair = np.stack([z, np.zeros_like(z)])[np.newaxis]  # (K=1, n_y=2, n)
        y = activation.function(pair, np.empty_like(pair))[0, 0]
    else:
        y = activation.function(z.copy(), np.empty_like(z))
    return {"x": _written(z), "y": _written(y), "slope": _written(activation.derivative(z, y))}


def of_loss(loss: Loss) -> dict[str, Any]:
    """J of one sample whose target is 1, over the network's output or logit (`over`)."""
    z = np.linspace(-_REACH, _REACH, _POINTS) if loss.on_logits else np.linspace(-1.0, 3.0, _POINTS)
    if loss.distribution:
        logits = np.stack([z, np.zeros_like(z)], axis=1)[..., np.newaxis]  # (K, n_y=2, n=1)
        target = np.array([[1.0], [0.0]])
    else:
        logits, target = z[:, np.newaxis, np.newaxis], np.array([[1.0]])
    activation = ACTIVATIONS[loss.outputs[0]] if loss.on_logits else ACTIVATIONS["linear"]
    a = activation.function(logits.copy(), np.empty_like(logits))
    return {
        "x": _written(z),
        "y": _written(loss.value(logits, a, target)),
        "over": "logit" if loss.on_logits else "output",
    }


def _written(values: Array) -> list[float]:
    return [float(f"{value:.4g}") for value in values]
