"""The training of one block of a study: a function of plain data, run by any process anywhere.

It trains what the experiments of its seeds train, bit for bit. Of each run it gives back the
recorded losses, where it ended, and its descents, from which any target is read later.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from app.errors import BasinError
from app.lab.analysis.metrics import classes_of
from app.lab.experiment import training
from app.lab.experiment.setup import Samples, Setup, build
from app.lab.history.binary import pack_arrays
from app.lab.spec.dataset import targets_of
from app.lab.spec.parse import Run, SampledSpec, Spec, parse
from app.lab.spec.parse_data import sample
from app.lab.study.plan import Vary
from app.lab.study.recorded_steps import recorded_steps
from app.lab.study.statistics import first_reached
from app.lab.study.targets import descents
from app.nn import metrics
from app.nn.activations import ACTIVATIONS
from app.nn.stack import Pass
from app.nn.types import Array
from app.version import VERSION

VERSIONS = (VERSION, np.__version__)
"""Of Basin and numpy: workers with others could give other bits."""
STACK = 32
"""Networks trained in one stack."""
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
class _Trained:
    """A stack of runs, seed by seed: losses (T, K) seen and recorded, and where they end.

    `seen` is J at the steps at which the target is looked for, `train` and `test` at the recorded
    ones; NaN from the step on at which a run diverged.
    """

    seen: Array
    train: Array
    test: Array | None
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
    together = min(STACK, max(1, _STACK_BYTES // (8 * (block.steps + 1))))
    size = max(1, together // len(spec.runs))
    for start in range(block.start, block.stop, size):
        yield range(start, min(start + size, block.stop))


def _train(sampled: SampledSpec, block: Block, offsets: range) -> _Trained:
    if block.vary == "all":
        each = [_train_setup(build(of_seed(sampled, block.first, i)), block) for i in offsets]
        return _side_by_side(each)
    seeds = [block.first + offset for offset in offsets]
    runs = tuple(replace(run, seed=seed) for seed in seeds for run in sampled.spec.runs)
    return _train_setup(build(sampled._replace(spec=replace(sampled.spec, runs=runs))), block)


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


def _train_setup(setup: Setup, block: Block) -> _Trained:
    recorded = recorded_steps(block.steps)
    state, first = training.begin(setup)
    state, more = training.advance(setup, state, (), block.steps)
    segments = [first, *more]
    train = np.concatenate([segment.train for segment in segments])
    test = np.concatenate([segment.test for segment in segments])
    diverged = state.diverged
    return _Trained(
        train if block.every_step else train[recorded],
        train[recorded],
        None if setup.test is None else test[recorded],
        _accuracy(setup, state.theta, diverged),
        diverged,
    )


def _side_by_side(stacks: list[_Trained]) -> _Trained:
    tests = [stack.test for stack in stacks if stack.test is not None]
    accuracies = [stack.accuracy for stack in stacks if stack.accuracy is not None]
    return _Trained(
        np.concatenate([stack.seen for stack in stacks], axis=1),
        np.concatenate([stack.train for stack in stacks], axis=1),
        np.concatenate(tests, axis=1) if tests else None,
        np.concatenate(accuracies) if accuracies else None,
        np.concatenate([stack.diverged for stack in stacks]),
    )


def _accuracy(setup: Setup, theta: Array, diverged: NDArray[np.int64]) -> Array | None:
    """Accuracy (K,) on the test set, or without one the training set; None for a regression.

    NaN for a diverged run, and where outputs are not finite.
    """
    if classes_of(setup) is None:
        return None
    samples: Samples = setup.train if setup.test is None else setup.test
    found = np.full(len(theta), np.nan)
    labels = ACTIVATIONS[setup.architecture.layers[-1].activation].class_labels
    with np.errstate(all="ignore"):
        outputs = Pass(setup.architecture, theta, samples.count).forward(samples.X)
    right = metrics.class_numbers(outputs, labels) == metrics.class_numbers(samples.Y, labels)
    sound = np.isfinite(outputs).all(axis=(1, 2)) & (diverged < 0)
    found[sound] = right.mean(axis=1)[sound]
    return found


def _chunk(stacks: list[_Trained], recipe: int, recipes: int, block: Block) -> RecipeChunk:
    """The packed arrays of one recipe, of seeds in a row."""
    part = slice(recipe, None, recipes)
    seen = np.concatenate([stack.seen[:, part] for stack in stacks], axis=1)
    train = np.concatenate([stack.train[:, part] for stack in stacks], axis=1)
    tests = [stack.test[:, part] for stack in stacks if stack.test is not None]
    recorded = recorded_steps(block.steps)
    steps = np.arange(block.steps + 1) if block.every_step else recorded
    found = descents(seen, steps)
    losses = {"train": train.T}
    outcome = {
        "train": train[-1],
        "diverged": np.concatenate([stack.diverged[part] for stack in stacks]).astype(np.int32),
        "counts": found.counts,
        "levels": found.levels,
        "steps": found.steps,
    }
    accuracies = [stack.accuracy[part] for stack in stacks if stack.accuracy is not None]
    if accuracies:
        outcome["accuracy"] = np.concatenate(accuracies)
    if tests:
        test = np.concatenate(tests, axis=1)
        losses["test"] = test.T
        outcome["test"] = test[-1]
    if block.target is not None:
        outcome["reached"] = first_reached(seen.T, steps, block.target).astype(np.int32)
    return RecipeChunk(pack_arrays(losses), pack_arrays(outcome))
