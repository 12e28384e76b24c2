"""The setup of an experiment: its samples, the initial parameters, and the batch of each step.

A setup never changes. All that happens later is a function of the setup and of the events, which is
why the state at any step can be computed again, to the last bit.
"""

import hashlib
import json
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.data import features
from app.lab.experiment.known import Known, key_of_events
from app.lab.experiment.state import Event, TrainState
from app.lab.spec.dataset import standard
from app.lab.spec.mystery import Mystery, masked_document
from app.lab.spec.parse import Run, SampledSpec, Spec
from app.nn import divergence, noise
from app.nn.init.initializers import Recipe, initialize
from app.nn.losses import LOSSES, Objective
from app.nn.stack import Architecture, Masks, trajectory_losses
from app.nn.status import FORESEEN
from app.nn.training import Task
from app.nn.types import Array

_OWN = ("inputs", "targets")
"""The numbers of a table in a document."""
_SHUFFLE_STREAM = 2
_DROPOUT_STREAM = 4
KEPT, KEPT_BYTES = 6, 1 << 16
"""So many things made of a setup are kept with it, each of so many bytes or fewer."""

_Kept = TypeVar("_Kept")


UPDATE_WORK = 350
"""The time of an update of one parameter, in multiplications of large matrices: of Adam."""
LAYER_WORK = 300_000
"""… of the calls of numpy for a layer in a step, however few its numbers."""
DRAWN_WORK = 1000
"""… to draw one parameter; an orthogonal matrix takes as long."""
SCALED_WORK = 64
"""… of an activation, where a rule sends the training set through a layer."""


@dataclass(frozen=True)
class Samples:
    """Part of a data set: raw `inputs` (n_raw, n) to draw, X (n_x, n) and Y (n_y, n) to learn."""

    inputs: Array
    X: Array
    Y: Array

    @property
    def count(self) -> int:
        """n, the number of samples."""
        return int(self.X.shape[1])


@dataclass(frozen=True)
class Setup:
    """Everything that stays the same while an experiment runs.

    `initial` (K, P) are the parameters of every run at step 0. Features are standardized by
    `center` and `scale` (n_x, 1), which are 0 and 1 where they are not. In a setup with a `mystery`
    runs have neither recipe nor seed, and the spec's document does not tell them. What others have
    come to with the same setup is looked up in `known`, if there is one.
    """

    spec: Spec
    train: Samples
    test: Samples | None
    center: Array
    scale: Array
    initial: Array
    mystery: Mystery | None = None
    known: Known | None = field(default=None, compare=False)
    _epochs: dict[int, tuple[Array, Array]] = field(default_factory=dict, compare=False)
    _kept: dict[Hashable, Any] = field(default_factory=dict, compare=False)

    @property
    def nbytes(self) -> int:
        """Bytes of memory: samples, the shuffled ones of an epoch, and first parameters.

        Numbers of the spec, those of a learner's table and given parameters, are kept as JSON
        values beside them, which take four times their size and eight times.
        """
        parts = [self.train] + ([] if self.test is None else [self.test])
        arrays = [array for part in parts for array in (part.inputs, part.X, part.Y)]
        own = 4 if self.spec.data.name == "custom" else 0
        samples = sum(array.nbytes for array in arrays)
        given = sum(len(run.theta) for run in self.runs if run.theta is not None)
        return (
            samples
            + 8 * given * self.initial.itemsize
            + self.train.X.nbytes
            + self.train.Y.nbytes
            + own * samples
            + self.initial.nbytes
            + KEPT * KEPT_BYTES // 4
        )

    def kept(self, key: Hashable, make: Callable[[], _Kept]) -> _Kept:
        """What `make` makes of this setup alone, made again where it was not used lately."""
        found: _Kept | None = self._kept.pop(key, None)
        if found is None:
            found = make()
        if len(self._kept) >= KEPT:
            self._kept.pop(next(iter(self._kept)), None)
        if getattr(found, "nbytes", 0) <= KEPT_BYTES:
            self._kept[key] = found
        return found

    def answer(
        self,
        state: TrainState,
        asked: Any,
        make: Callable[[], _Kept],
        events: Sequence[Event] = (),
    ) -> _Kept:
        """What `make` makes of a state, unless the same was asked of it lately, by whomever.

        `asked` tells it from all else that is asked, by its repr; `events` are given where it is
        made of the way to the state, too. Nobody may change the answer.
        """
        past = key_of_events(events, state.step)
        if self.known is None or past is None:
            return make()
        place = hashlib.sha256(self.digest)
        carried = sorted(state.optimizer_state.items())
        for array in (state.theta, state.diverged, *(array for _, array in carried)):
            place.update(array.tobytes())
        place.update(repr((state.step, [name for name, _ in carried], asked, past)).encode())
        return self.known.answer(self.digest, place.digest(), make)

    @property
    def architecture(self) -> Architecture:
        """The layers of the network, the same for all runs."""
        return self.spec.architecture

    @property
    def runs(self) -> tuple[Run, ...]:
        """The runs, in the order of the stack."""
        return self.spec.runs

    @cached_property
    def digest(self) -> bytes:
        """What tells it from others: two setups with the same one train the same, to the bit.

        A sealed document does not tell it all, so what is made of it counts too; of a table the
        numbers count alone, which are faster to read than their text.
        """
        data = {name: told for name, told in self.spec.document["data"].items() if name not in _OWN}
        told = [{**self.spec.document, "data": data}, self.spec.seed]
        found = hashlib.sha256(json.dumps(told).encode())
        parts = [self.train] + ([] if self.test is None else [self.test])
        samples = [array for part in parts for array in (part.inputs, part.X, part.Y)]
        for array in (self.initial, *samples):
            found.update(repr(array.shape).encode())
            found.update(array.tobytes())
        return found.digest()

    @cached_property
    def objective(self) -> Objective:
        """The loss of every run."""
        return Objective([run.loss for run in self.runs])

    @cached_property
    def baselines(self) -> list[float]:
        """For every run, the training loss by which learning is measured.

        That of the best constant output; where that is 0, because all targets are the same, a
        thousandth of the run's first loss.
        """
        return [
            max(LOSSES[run.loss].of_constant(self.train.Y), 1e-3 * first)
            for run, first in zip(self.runs, self._initial_losses.tolist(), strict=True)
        ]

    @cached_property
    def noise_floors(self) -> list[float]:
        """For every run, how much of its training loss is noise, which no network learns.

        It is an estimate, and less than the baseline.
        """
        X, Y = self.train.X, self.train.Y
        floors = {run.loss: noise.floor(X, Y, LOSSES[run.loss].of_noise) for run in self.runs}
        return [
            min(floors[run.loss], baseline)
            for run, baseline in zip(self.runs, self.baselines, strict=True)
        ]

    def loss_limits(self, theta: Array) -> Array:
        """The largest loss (K,) of runs that began at theta (K, P) and have not diverged."""
        begun = theta is self.initial
        return divergence.limits(self._initial_losses if begun else self._finite_losses(theta))

    @cached_property
    def _initial_losses(self) -> Array:
        return self._finite_losses(self.initial)

    def _finite_losses(self, theta: Array) -> Array:
        with np.errstate(all="ignore"):
            J = self.losses(theta[np.newaxis], self.train)[0]
        return np.where(np.isfinite(J), J, 1.0)

    @property
    def batch_size(self) -> int:
        """The most samples of one step."""
        return self.spec.batch_size or self.train.count

    @property
    def batches_per_epoch(self) -> int:
        """Steps in one pass over the training set; the last batch may be smaller."""
        return -(-self.train.count // self.batch_size)

    def batch(self, step: int) -> tuple[Array, Array]:
        """X (n_x, B) and Y (n_y, B) of the update that follows `step`: a function of seed and step.

        Every epoch goes through the training set once, each in another order.
        """
        if self.batch_size >= self.train.count:
            return self.train.X, self.train.Y
        epoch, place = divmod(step, self.batches_per_epoch)
        X, Y = self._shuffled(epoch)
        part = slice(place * self.batch_size, (place + 1) * self.batch_size)
        return X[:, part], Y[:, part]

    def batch_samples(self, step: int) -> NDArray[np.int64]:
        """The indices (B,) of the training samples of `batch`, in its order."""
        if self.batch_size >= self.train.count:
            return np.arange(self.train.count)
        epoch, place = divmod(step, self.batches_per_epoch)
        return self._order(epoch)[place * self.batch_size : (place + 1) * self.batch_size]

    def masks(self, step: int, samples: int) -> Masks | None:
        """The dropout masks of the update that follows `step`: a function of seed and step.

        Inverted dropout (Srivastava et al. 2014, §10): a neuron is left out of a sample with the
        layer's probability p, and is else multiplied by 1/(1 - p), so that its mean stays the same.
        None where no layer has dropout. All runs have the same masks.
        """
        if not self.architecture.drops:
            return None
        stream = np.random.SeedSequence(self.spec.seed, spawn_key=(_DROPOUT_STREAM, step))
        rng = np.random.default_rng(stream)
        return [
            None
            if layer.dropout == 0.0
            else (rng.random((layer.units, samples)) >= layer.dropout) / (1.0 - layer.dropout)
            for layer in self.architecture.layers[:-1]
        ]

    def _shuffled(self, epoch: int) -> tuple[Array, Array]:
        known = self._epochs.get(epoch)
        if known is None:
            order = self._order(epoch)
            known = self.train.X[:, order], self.train.Y[:, order]
            # Only the epoch in progress is worth keeping.
            self._epochs.clear()
            self._epochs[epoch] = known
        return known

    def _order(self, epoch: int) -> NDArray[np.int64]:
        stream = np.random.SeedSequence(self.spec.seed, spawn_key=(_SHUFFLE_STREAM, epoch))
        return np.random.default_rng(stream).permutation(self.train.count)

    def features_of(self, inputs: Array) -> Array:
        """The network's inputs (n_x, n) for raw inputs (n_raw, n): the features, standardized."""
        chosen = features.select(inputs, self.spec.features)
        if not self.spec.data.standardize:
            return chosen
        return (chosen - self.center) / self.scale

    def losses(self, theta: Array, samples: Samples | None) -> Array:
        """J (T, K) of stacks theta (T, K, P), in each run's own loss; NaN without samples."""
        if samples is None:
            return np.full(theta.shape[:2], np.nan)
        X, Y = samples.X, samples.Y
        return trajectory_losses(self.architecture, theta, X, Y, self.objective)

    @cached_property
    def task(self) -> Task:
        """The samples, losses, batches and masks that the runs learn from."""
        everything = self.batch_size >= self.train.count
        return Task(
            self.architecture,
            self.objective,
            self.train.X,
            self.train.Y,
            None if everything else self.batch,
            self.masks if self.architecture.drops else None,
        )

    @property
    def status_work(self) -> int:
        """The time of all statuses, in multiplications: `FORESEEN` updates on all samples."""
        return len(self.runs) * _status_work(self.architecture, self.train.count)

    @property
    def step_work(self) -> int:
        """The time of one step, in multiplications.

        Passes both ways, losses, and the update, of every run; and the calls of numpy, of all.
        """
        architecture = self.architecture
        test = self.test.count if self.test is not None else 0
        passes = architecture.cost(3 * self.batch_size + self.train.count + test)
        updates = UPDATE_WORK * architecture.parameter_count
        return len(self.runs) * (passes + updates) + LAYER_WORK * len(architecture.layers)


def creation_work(spec: Spec) -> float:
    """The time, in multiplications, to build a setup and to find the statuses at its first step.

    Statuses count twice: every later request finds them again, and has as much left for the rest.
    """
    architecture, samples = spec.architecture, spec.data.samples
    losses = architecture.cost(samples)
    each = losses + 2 * _status_work(architecture, spec.train_samples)
    drawn = sum(drawing_work(architecture, run.recipe, spec.train_samples) for run in spec.runs)
    return len(spec.runs) * each + drawn


def drawing_work(architecture: Architecture, recipe: Recipe | None, samples: int) -> int:
    """The time, in multiplications, to draw the parameters of one network.

    A rule that scales by the training set sends it through the layers.
    """
    work = DRAWN_WORK * architecture.parameter_count
    if recipe is None or not recipe.needs_data(len(architecture.layers)):
        return work
    return work + 2 * samples * sum(
        units * (inputs + SCALED_WORK) for units, inputs in architecture.shapes
    )


def _status_work(architecture: Architecture, samples: int) -> int:
    """The time of one run's status: updates, and the gradient, are passes both ways."""
    updates = UPDATE_WORK * architecture.parameter_count
    return (FORESEEN + 1) * (3 * architecture.cost(samples) + updates)


def build(sampled: SampledSpec) -> Setup:
    """The setup that a spec and its samples make."""
    spec, inputs, targets = sampled
    split = spec.train_samples
    chosen = features.select(inputs, spec.features)
    width = len(chosen)
    center: Array = np.zeros((width, 1))
    scale: Array = np.ones((width, 1))
    if spec.data.standardize:
        center, scale = standard(chosen[:, :split])  # only the training set may be looked at
        chosen = (chosen - center) / scale
    parts = [
        Samples(*(np.ascontiguousarray(array[:, part]) for array in (inputs, chosen, targets)))
        for part in (slice(0, split), slice(split, None))
    ]
    initial = np.stack([begin(spec.architecture, run, parts[0].X) for run in spec.runs])
    test = parts[1] if parts[1].count else None
    return Setup(spec, parts[0], test, center, scale, initial)


def sealed(setup: Setup, mystery: Mystery) -> Setup:
    """A setup that trains the same, and no longer knows what a mystery hides."""
    runs = tuple(
        replace(run, label=None, recipe=None, theta=None, seed=0) if k in mystery.runs else run
        for k, run in enumerate(setup.runs)
    )
    document = masked_document(mystery)
    return replace(setup, spec=replace(setup.spec, runs=runs, document=document), mystery=mystery)


def begin(architecture: Architecture, run: Run, X: Array) -> Array:
    """The initial parameters theta (P,) of a run; some rules look at the training inputs X.

    Raises ValueError for a run without recipe and parameters, which `read` never makes.
    """
    if run.theta is not None:
        return np.array(run.theta)
    if run.recipe is None:
        raise ValueError("a run needs a recipe or parameters")
    return initialize(architecture, run.recipe, run.seed, X)
