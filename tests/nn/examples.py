"""Networks, samples and choices that the engine's tests try things on."""

from collections.abc import Sequence

import numpy as np

from app.choices import Choice, Chosen
from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES
from app.nn.stack import Architecture, Layer
from app.nn.types import Array
from tests.nn.reference import Network, random_network

FITTING = [(loss, output) for loss in LOSSES for output in ACTIVATIONS if LOSSES[loss].fits(output)]
"""Every loss with every output activation it goes with."""


def output_for(loss: str) -> str:
    """An output activation that the loss goes with: sigmoid, or else the first."""
    outputs = LOSSES[loss].outputs
    return "sigmoid" if "sigmoid" in outputs else outputs[0]


def architecture(
    sizes: Sequence[int], hidden: str = "tanh", output: str = "sigmoid"
) -> Architecture:
    """The network of these sizes, the inputs first."""
    names = [hidden] * (len(sizes) - 2) + [output]
    layers = [Layer(units, name) for units, name in zip(sizes[1:], names, strict=True)]
    return Architecture(sizes[0], tuple(layers))


def targets(loss: str, shape: tuple[int, int], rng: np.random.Generator) -> Array:
    """Targets (n_y, n) that the loss takes."""
    labels, interval = LOSSES[loss].labels, LOSSES[loss].targets
    if labels is not None:
        return rng.choice(labels, shape)
    if LOSSES[loss].distribution:
        return rng.dirichlet(np.ones(shape[0]), shape[1]).T
    return rng.standard_normal(shape) if interval is None else rng.uniform(*interval, shape)


def problem(
    arch: Architecture, loss: str, samples: int, seed: int = 0
) -> tuple[Network, Array, Array]:
    """A network, X and Y; nothing is within 1e-3 of where an activation or a loss has a kink."""
    rng = np.random.default_rng(seed)
    while True:
        network = random_network(arch, rng)
        X = rng.standard_normal((arch.inputs, samples))
        Y = targets(loss, (arch.layers[-1].units, samples), rng)
        z = [z for x in X.T.tolist() for layer in network.layers(x) for z in layer[0]]
        a = np.array(network.outputs(X)).T
        of_loss = {"mae": a - Y, "huber": np.abs(a - Y) - 1.0, "hinge": 1.0 - Y * a}
        kinks = [np.array(z), of_loss.get(loss, np.ones(1))]
        if min(np.abs(place).min() for place in kinks) > 1e-3:
            return network, X, Y


def stack(arch: Architecture, count: int, seed: int = 0) -> Array:
    """theta (count, P) of networks that have nothing to do with each other."""
    return np.random.default_rng(seed).standard_normal((count, arch.parameter_count))


def chosen(name: str, choice: Choice, **options: float) -> Chosen:
    """A registry's entry with its defaults, where nothing else is said."""
    defaults = {number.name: number.default or 0.0 for number in choice.parameters}
    return Chosen(name, {**defaults, **options})
