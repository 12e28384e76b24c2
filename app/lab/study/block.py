"""The training of one block of a study: a function of plain data, run by any process anywhere.

It trains what the experiments of its seeds train, bit for bit. Of each run it gives back the
recorded losses, where it ended, and its descents, from which any target is read later.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.errors import BasinError
from app.lab.analysis.metrics import classes_of
from app.lab.experiment.setup import Samples, Setup, begin, build
from app.lab.history.binary import pack_arrays
from app.lab.spec.dataset import targets_of
from app.lab.spec.parse import Run, SampledSpec, Spec, parse
from app.lab.spec.parse_data import sample
from app.lab.study.plan import Vary
from app.lab.study.recorded_steps import recorded_steps
from app.lab.study.targets import descents
from app.nn import metrics
from app.nn.activations import ACTIVATIONS
from app.nn.stack import Pass
from app.nn.training import together as tasks_together
from app.nn.training import train, training_block
from app.nn.types import Array
from app.version import VERSION

VERSIONS = (VERSION, np.__version__)
"""Of Basin and numpy: workers with others could give other bits."""
_STACK_BYTES = 1 << 25  # room for the losses of every step of a stack


class OtherVersion(BasinError):
    """A worker runs another version of Basin or numpy than the server."""


@dataclass(frozen=True)
class Block:
    """Seeds first + start … first + stop - 1 of a cell, whose spec is `document`, as JSON."""

    document: str
    vary: Vary
    first: int
    start: int
    stop: int
    steps: int
    target: float | None
    every_step: bool
    versions: tuple[str, str] = VERSIONS


@dataclass(frozen=True)
class RecipeChunk:
    """What one recipe came to on the block's seeds (S,), as packed arrays.

    `losses`: train and test (S, T) at the recorded steps. `outcome`: final train, test and accuracy
    (S,); the step at which a run diverged and, of a target that was named, at which it was reached,
    or -1; and the descents.
    """

    losses: bytes
    outcome: bytes


@dataclass(frozen=True)
class _Stack:
    """A stack of runs, seed by seed: losses seen and recorded (T, K), and where they end (K,).

    `seen` is J at the steps at which the target is looked for, `train` and `test` at the recorded
    ones; NaN from the step on at which a run diverged. `accuracy` is None for a regression.
    """

    seen: Array
    train: Array
    test: Array | None
    reached: NDArray[np.int64]
    accuracy: Array | None
    diverged: NDArray[np.int64]


def train_block(block: Block) -> tuple[RecipeChunk, ...]:
    """Train a block; a chunk for every recipe.

    Raises OtherVersion on a worker that does not suit the server, and InvalidInput where the data
    of a seed cannot be made.
    """
    if block.versions != VERSIONS:
        theirs, ours = (" and ".join(each) for each in (VERSIONS, block.versions))
        raise OtherVersion(f"a worker has Basin and numpy {theirs}, the server {ours}")
    sampled = _sampled(block.document)
    stacks = [_train(sampled, block, offsets) for offsets in _stacks(sampled.spec, block)]
    recipes = len(sampled.spec.runs)
    return tuple(_chunk(stacks, recipe, recipes, block) for recipe in range(recipes))


@lru_cache(maxsize=4)
def _sampled(document: str) -> SampledSpec:
    """The spec of a cell and its samples: parsed once for all of its blocks."""
    return parse(json.loads(document))


def _stacks(spec: Spec, block: Block) -> Iterator[range]:
    """The offsets of the seeds that are trained in one stack."""
    samples = min(spec.batch_size or spec.train_samples, spec.train_samples)
    together = training_block(spec.architecture, samples)
    together = min(together, max(1, _STACK_BYTES // (8 * (block.steps + 1))))
    size = max(1, together // len(spec.runs))
    for start in range(block.start, block.stop, size):
        yield range(start, min(start + size, block.stop))


def _train(sampled: SampledSpec, block: Block, offsets: range) -> _Stack:
    """Train all runs of some seeds side by side."""
    recipes = len(sampled.spec.runs)
    if block.vary == "all":
        setups = [build(of_seed(sampled, block.first, offset)) for offset in offsets]
        task = tasks_together([setup.task for setup in setups], recipes)
        theta = np.concatenate([setup.initial for setup in setups])
        test = _side_by_side([setup.test for setup in setups], recipes)
    else:
        setups = [build(sampled)]
        task = setups[0].task.repeated(len(offsets))
        theta = _begun(setups[0], [block.first + offset for offset in offsets])
        samples = setups[0].test
        test = None if samples is None else (samples.X, samples.Y)
    recorded = recorded_steps(block.steps)
    found = train(
        task,
        [run.method for run in sampled.spec.runs] * len(offsets),
        theta,
        np.arange(block.steps + 1) if block.every_step else recorded,
        block.target,
        test,
        recorded,
    )
    ends = np.split(found.theta, len(setups))
    accuracies = [_accuracy(setup, end) for setup, end in zip(setups, ends, strict=True)]
    return _Stack(
        seen=found.train,
        train=found.train[recorded] if block.every_step else found.train,
        test=found.test,
        reached=found.reached,
        accuracy=_accuracy_of(accuracies, found.diverged),
        diverged=found.diverged,
    )


def _begun(setup: Setup, seeds: Sequence[int]) -> Array:
    """The initial parameters (K, P) of all runs, once for each seed."""
    return np.stack(
        [
            begin(setup.architecture, replace(run, seed=seed), setup.train.X)
            for seed in seeds
            for run in setup.runs
        ]
    )


def _side_by_side(parts: Sequence[Samples | None], copies: int) -> tuple[Array, Array] | None:
    """Each seed's own samples, (K, n_x, n) and (K, n_y, n), for `copies` runs of it."""
    samples = [part for part in parts if part is not None]
    if not samples:
        return None
    X, Y = (np.stack(each) for each in zip(*((s.X, s.Y) for s in samples), strict=True))
    return np.repeat(X, copies, axis=0), np.repeat(Y, copies, axis=0)


def of_seed(sampled: SampledSpec, first: int, offset: int) -> SampledSpec:
    """The spec whose seed is first + offset, and whose data seed is as much later.

    Runs with a seed of their own keep it. Raises InvalidInput where a formula has no number.
    """
    spec = sampled.spec
    seed = first + offset
    documents = spec.document["runs"]
    runs: tuple[Run, ...] = tuple(
        replace(run, seed=seed) if document.get("seed") is None else run
        for run, document in zip(spec.runs, documents, strict=True)
    )
    data = replace(spec.data, seed=spec.data.seed + offset)
    inputs, values = sample(data)
    targets = targets_of(data, values, spec.architecture.layers[-1])
    return SampledSpec(replace(spec, seed=seed, data=data, runs=runs), inputs, targets)


def _accuracy(setup: Setup, theta: Array) -> Array | None:
    """Accuracy (K,) on the test set, or without one the training set; None for a regression.

    NaN where outputs are not finite.
    """
    if classes_of(setup) is None:
        return None
    samples = setup.train if setup.test is None else setup.test
    labels = ACTIVATIONS[setup.architecture.layers[-1].activation].class_labels
    with np.errstate(all="ignore"):
        outputs = Pass(setup.architecture, theta, samples.count).forward(samples.X)
    right = metrics.class_numbers(outputs, labels) == metrics.class_numbers(samples.Y, labels)
    return np.where(np.isfinite(outputs).all(axis=(1, 2)), right.mean(axis=1), np.nan)


def _accuracy_of(parts: Sequence[Array | None], diverged: NDArray[np.int64]) -> Array | None:
    """The accuracy of a stack, NaN for a run that diverged."""
    known = [part for part in parts if part is not None]
    return np.where(diverged < 0, np.concatenate(known), np.nan) if known else None


def _chunk(stacks: Sequence[_Stack], recipe: int, recipes: int, block: Block) -> RecipeChunk:
    """The packed arrays of one recipe, of seeds in a row."""
    part = slice(recipe, None, recipes)
    train = np.concatenate([stack.train[:, part] for stack in stacks], axis=1)
    steps = np.arange(block.steps + 1) if block.every_step else recorded_steps(block.steps)
    found = descents(np.concatenate([stack.seen[:, part] for stack in stacks], axis=1), steps)
    losses = {"train": train.T}
    outcome = {
        "train": train[-1],
        "diverged": np.concatenate([stack.diverged[part] for stack in stacks]).astype(np.int32),
        "counts": found.counts,
        "levels": found.levels,
        "steps": found.steps,
    }
    tests = [stack.test[:, part] for stack in stacks if stack.test is not None]
    if tests:
        test = np.concatenate(tests, axis=1)
        losses["test"], outcome["test"] = test.T, test[-1]
    accuracies = [stack.accuracy[part] for stack in stacks if stack.accuracy is not None]
    if accuracies:
        outcome["accuracy"] = np.concatenate(accuracies)
    if block.target is not None:
        reached = np.concatenate([stack.reached[part] for stack in stacks])
        outcome["reached"] = reached.astype(np.int32)
    return RecipeChunk(pack_arrays(losses), pack_arrays(outcome))
