"""Training many seeds: per network and step, beside the peers; and a learner's block of steps.

All sides take 600 steps of the same descent from the same beginnings, and note J at the steps that
a study records; where they come to is compared first. Basin also looks for a target at every step.
"""

from collections.abc import Callable, Iterator
from importlib.metadata import version

import numpy as np
import torch

from app.choices import Chosen
from app.lab.experiment import training
from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from app.lab.study.recorded_steps import recorded_steps
from app.nn.losses import Objective
from app.nn.stack import Architecture
from app.nn.training import Steps, Task, train, training_block
from app.nn.types import Array
from app.nn.update.updates import Method
from benchmarks import passes_apart, problem, study_peers
from benchmarks.claim import Claim, faster
from benchmarks.timing import interleaved

STEPS = 600
NETWORKS = 64
ALONE = 1
"""Networks for the peers that train one after another."""
RATE = 0.1
TARGET = 0.2
TRIALS = 9
BLOCK = 50
"""Steps of the opening experiment in one block."""
NOTHING = Chosen("none", {})
METHOD = Method(
    Chosen("gradient_descent", {"learning_rate": RATE}), Chosen("constant", {}), NOTHING, NOTHING
)


def measure() -> Iterator[Claim]:
    """The claims about studies."""
    torch.set_num_threads(1)
    yield from beside_peers((4,), jax_block=64, least=(12.0, 2.0, 0.5, 40.0, None))
    yield from beside_peers((8, 8), jax_block=16, least=(8.0, 3.0, 0.67, 40.0, None))
    yield interactive()


def beside_peers(
    hidden: tuple[int, ...], jax_block: int, least: tuple[float | None, ...]
) -> Iterator[Claim]:
    """A step of one of many networks; `jax_block` is the number JAX is fastest with."""
    architecture, (X, Y) = problem.network(*hidden), problem.samples()
    theta, record = problem.networks(architecture, NETWORKS), recorded_steps(STEPS)
    one = theta[:ALONE]
    works: dict[str, Callable[[], study_peers.Result]] = {
        "basin": study(architecture, theta, X, Y, record),
        "eager": study_peers.eager(architecture, one, X, Y, RATE, record),
        "batched": study_peers.batched(architecture, theta, X, Y, RATE, record),
        "jax": study_peers.compiled(architecture, theta, X, Y, RATE, record, jax_block),
        "sklearn": study_peers.step_by_step(architecture, one, X, Y, RATE, record),
        "fit": study_peers.at_once(architecture, one, X, Y, RATE, record),
    }
    expected, losses = works["basin"]()
    counts = {name: compare(work(), expected, losses) for name, work in works.items()}
    measured = interleaved(works, TRIALS)
    each = {name: seconds / counts[name] / STEPS for name, seconds in measured.items()}
    sizes = ",".join(str(size) for size in (2, *hidden, 1))
    what = f"a step of one of {NETWORKS} networks [{sizes}]"
    names = {
        "eager": f"PyTorch {torch.__version__} eager, one after another",
        "batched": "PyTorch, the stack in batched products, autograd",
        "jax": f"JAX {version('jax')} jit(vmap(scan)), float64",
        "sklearn": f"scikit-learn {version('scikit-learn')} MLPClassifier.partial_fit",
        "fit": f"scikit-learn {version('scikit-learn')} MLPClassifier.fit",
    }
    for (name, peer), bound in zip(names.items(), least, strict=True):
        yield faster(what, each["basin"], peer, each[name], at_least=bound)


def compare(found: study_peers.Result, theta: Array, losses: Array) -> int:
    """How many networks a side has trained; AssertionError unless to the same end."""
    end, J = found
    np.testing.assert_allclose(end, theta[: len(end)], rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(J, losses[: len(J), : len(end)], rtol=1e-6, atol=1e-9)
    return len(end)


def study(
    architecture: Architecture, theta: Array, X: Array, Y: Array, record: Steps
) -> Callable[[], study_peers.Result]:
    """All networks in blocks, as a study trains them."""
    size = training_block(architecture, X.shape[1])

    def blocks() -> Iterator[study_peers.Result]:
        for start in range(0, len(theta), size):
            rows = theta[start : start + size]
            task = Task(architecture, Objective([problem.LOSS] * len(rows)), X, Y)
            trained = train(task, [METHOD] * len(rows), rows, record, TARGET)
            yield trained.theta, trained.train

    def all_networks() -> study_peers.Result:
        ends, losses = zip(*blocks(), strict=True)
        return np.concatenate(ends), np.concatenate(losses, axis=1)

    return all_networks


def interactive() -> Claim:
    """A block of the opening experiment, beside the same with a pass of its own for every loss."""
    setup = build(parse({}))
    start, _ = training.begin(setup)

    def advance() -> tuple[Array, Array, Array]:
        _, (segment,) = training.advance(setup, start, (), BLOCK)
        return segment.train, segment.test, segment.theta

    before = passes_apart.advance(setup, BLOCK)
    for mine, theirs in zip(advance(), before(), strict=True):
        np.testing.assert_array_equal(mine, theirs)
    seconds = interleaved({"after": advance, "before": before})
    return faster(
        f"{BLOCK} steps of the opening experiment, with all its losses",
        seconds["after"],
        "a pass for each gradient, and one for each loss",
        seconds["before"],
        at_least=1.4,
    )
