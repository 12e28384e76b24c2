"""Mini-batch training: over HTTP beside the engine alone, beside scikit-learn, and Adam's price.

Every side goes through the same batches of 10 samples of 250; what they come to is compared first.
"""

import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import version
from typing import Any

import numpy as np
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from app.choices import Chosen
from app.lab.experiment import training
from app.lab.experiment.setup import Setup, build
from app.lab.spec.parse import parse
from app.nn.losses import Objective
from app.nn.stack import Architecture, Pass, unpack
from app.nn.types import Array
from app.nn.update.updates import Method, StackUpdate
from benchmarks import problem
from benchmarks.claim import Claim, faster, span
from benchmarks.serving import served
from benchmarks.timing import interleaved

BATCH = 10
EPOCHS = 12
STACKED = 8
LEARNING_RATE = 0.1
STEPS = EPOCHS * problem.SAMPLES // BATCH


def measure() -> Iterator[Claim]:
    """The claims about mini-batches."""
    yield from over_http()
    yield beside_scikit_learn()
    yield from prices_of_adam()


def over_http() -> Iterator[Claim]:
    """The opening experiment at batch size 10: epochs a second of its five runs together."""
    with served() as client:
        presets = client.ask("GET", "/api/catalog?lang=en")["presets"]
        opening = next(preset["spec"] for preset in presets if preset["name"] == "opening")
        spec = {**opening, "batch_size": BATCH}
        place = f"/api/experiments/{client.ask('POST', '/api/experiments', spec)['id']}"
        setup = build(parse(spec))
        start, _ = training.begin(setup)
        asked = {"count": STEPS, "every": STEPS // EPOCHS}

        block = client.ask("POST", f"{place}/steps", asked)
        _, segments = training.advance(setup, start, (), STEPS)
        expected = np.concatenate([segment.train for segment in segments])
        frames = expected[asked["every"] - 1 :: asked["every"]]
        np.testing.assert_array_equal(np.array(block["train"]).T, frames)
        seconds = interleaved(
            {
                "http": lambda: client.ask("POST", f"{place}/steps", asked),
                "engine": lambda: training.advance(setup, start, (), STEPS),
            }
        )
    what = f"five recipes at batch size {BATCH} over HTTP"
    yield Claim(
        f"{what}, epochs a second of all together",
        EPOCHS / seconds["http"],
        "",
        f"{span(seconds['http'])} for {EPOCHS} epochs",
        "TensorFlow Playground draws at most 60 a second of one network",
        at_least=300,
    )
    yield Claim(
        f"{what}, share of the engine's rate",
        100.0 * seconds["engine"] / seconds["http"],
        " %",
        span(seconds["http"]),
        f"the same steps and losses in process {span(seconds['engine'])}",
        at_least=60,
    )


def beside_scikit_learn() -> Claim:
    """An epoch of one of eight stacked networks [2,8,8,1], beside `MLPClassifier.partial_fit`."""
    architecture = problem.network(8, 8)
    X, Y = problem.samples()
    theta = problem.networks(architecture, STACKED)
    peer = classifier(architecture, theta[0], X, Y)
    basin = epoch(architecture, theta, X, Y)
    for _ in range(EPOCHS):
        basin()
        peer.partial_fit(X.T, Y[0])
    expected = [[*W.T.ravel(), *b] for W, b in zip(peer.coefs_, peer.intercepts_, strict=True)]
    found = [[*W.ravel(), *b] for W, b in zip(*unpack(architecture, theta[0]), strict=True)]
    for mine, theirs in zip(found, expected, strict=True):
        np.testing.assert_allclose(mine, theirs, rtol=1e-8, atol=1e-10)
    seconds = interleaved({"basin": basin, "peer": lambda: peer.partial_fit(X.T, Y[0])})
    return faster(
        f"an epoch of [2,8,8,1] at batch size {BATCH}, each of {STACKED} stacked",
        seconds["basin"] / STACKED,
        f"scikit-learn {version('scikit-learn')} MLPClassifier.partial_fit",
        seconds["peer"],
        at_least=10,
    )


def classifier(architecture: Architecture, theta: Array, X: Array, Y: Array) -> Any:
    """scikit-learn's network theta (P,), of plain gradient descent on batches in order."""
    model = MLPClassifier(
        hidden_layer_sizes=[layer.units for layer in architecture.layers[:-1]],
        activation="tanh",
        solver="sgd",
        alpha=0.0,
        batch_size=BATCH,
        learning_rate_init=LEARNING_RATE,
        momentum=0.0,
        nesterovs_momentum=False,
        shuffle=False,
    )
    warnings.simplefilter("ignore", ConvergenceWarning)
    model.partial_fit(X.T, Y[0], classes=[0.0, 1.0])
    W, b = unpack(architecture, theta)
    for layer, (weights, biases) in enumerate(zip(W, b, strict=True)):
        model.coefs_[layer][...] = weights.T
        model.intercepts_[layer][...] = biases
    return model


def epoch(architecture: Architecture, theta: Array, X: Array, Y: Array) -> Callable[[], None]:
    """One pass over the samples in order, of every row of theta (K, P), in place."""
    room = Pass(architecture, theta, BATCH)
    objective = Objective([problem.LOSS] * len(theta))
    nothing = Chosen("none", {})
    descent = Chosen("gradient_descent", {"learning_rate": LEARNING_RATE})
    method = Method(descent, Chosen("constant", {}), nothing, nothing)
    update = StackUpdate(architecture, [method] * len(theta))
    rates = update.rates(0, 1)[0]
    batches = [
        (X[:, start : start + BATCH], Y[:, start : start + BATCH])
        for start in range(0, X.shape[1], BATCH)
    ]

    def once() -> None:
        state = update.state(theta)
        for x, y in batches:
            state = update.step(room.backward(x, y, objective), theta, state, rates)

    return once


def prices_of_adam() -> Iterator[Claim]:
    """The opening experiment at batch size 10 and larger networks, by Adam and by plain descent."""
    deep = [{"units": 8, "activation": "tanh"}] * 2 + [{"units": 1, "activation": "sigmoid"}]
    for what, layers in (("the opening experiment", None), ("[2,8,8,1]", deep)):
        spec = {"batch_size": BATCH} if layers is None else {"batch_size": BATCH, "layers": layers}
        setups = {
            name: build(parse({**spec, "optimizer": {"name": name, "learning_rate": 0.01}}))
            for name in ("gradient_descent", "adam")
        }
        seconds = interleaved({name: trained(setup) for name, setup in setups.items()})
        yield Claim(
            f"Adam at batch size {BATCH} on {what}, times gradient descent",
            seconds["adam"] / seconds["gradient_descent"],
            "×",
            span(seconds["adam"] / STEPS),
            f"gradient descent, a step {span(seconds['gradient_descent'] / STEPS)}",
            at_most=1.6,
        )


def trained(setup: Setup) -> Callable[[], object]:
    """Training from the beginning, losses and checkpoints included."""
    start, _ = training.begin(setup)
    return lambda: training.advance(setup, start, (), STEPS)
