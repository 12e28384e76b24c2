"""Training of a stack: one loop for a learner's experiment and for a study of many seeds.

`Descent` is the loop: gradient, update, next. It writes down where the networks have been, and on
the way the losses that the gradient's own forward pass gives for nothing. An experiment keeps all
of it; `train` keeps nothing but the losses at a few steps, the step at which a target was reached,
and where the networks end, and it evaluates nothing else.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from app.nn import divergence
from app.nn.losses import Objective
from app.nn.stack import Architecture, Masks, Pass, trajectory_losses
from app.nn.types import Array
from app.nn.update.optimizers import State
from app.nn.update.symmetry import Indices, shared_gradient
from app.nn.update.updates import Method, StackUpdate

BLOCK_BYTES = 5 << 17
"""Room for what a step of a block of networks goes through, in a second-level cache."""
TOGETHER = 24
"""Of so many networks a loss is evaluated at once, where a stack has half as many or fewer."""
CHUNK_BYTES = 1 << 18
"""Room for the parameters of the steps that are looked at together for divergence."""

Batch = Callable[[int], tuple[Array, Array]]
Steps = NDArray[np.int64]


@dataclass(frozen=True)
class Task:
    """The task of a stack of K networks: samples, loss, and the samples of each step.

    X (n_x, n) and Y (n_y, n) are the training set, or (K, n_x, n) and (K, n_y, n) where every
    network has its own. `batch(t)` gives those of the update that follows step t (None: always
    all), and `masks(t, samples)` what drops out of it (None: nothing ever does).
    """

    architecture: Architecture
    objective: Objective
    X: Array
    Y: Array
    batch: Batch | None = None
    masks: Callable[[int, int], Masks | None] | None = None

    @property
    def whole(self) -> bool:
        """Whether every step sees all samples and all neurons, so that its loss is J."""
        return self.batch is None and self.masks is None

    def samples(self, step: int) -> tuple[Array, Array]:
        """X and Y of the update that follows a step."""
        return (self.X, self.Y) if self.batch is None else self.batch(step)

    def repeated(self, times: int) -> "Task":
        """The task of as many stacks side by side, on the same samples."""
        return replace(self, objective=Objective(self.objective.names * times))

    def select(self, rows: Sequence[int]) -> "Task":
        """The task of some of the networks."""
        objective = self.objective.select(rows)
        if self.X.ndim == 2:
            return replace(self, objective=objective)
        batch, masks = self.batch, self.masks
        return replace(
            self,
            objective=objective,
            X=self.X[rows],
            Y=self.Y[rows],
            batch=None if batch is None else lambda step: _own(batch(step), rows),
            masks=None if masks is None else lambda step, n: _own_masks(masks(step, n), rows),
        )


def _own(samples: tuple[Array, Array], rows: Sequence[int]) -> tuple[Array, Array]:
    X, Y = samples
    return X[rows], Y[rows]


def _own_masks(masks: Masks | None, rows: Sequence[int]) -> Masks | None:
    if masks is None:
        return None
    return [mask if mask is None or mask.ndim == 2 else mask[rows] for mask in masks]


def together(tasks: Sequence[Task], copies: int) -> Task:
    """The tasks of several seeds as one, each for `copies` networks of its own side by side.

    All have one architecture, and as many samples in every batch.
    """
    first = tasks[0]

    def side_by_side(arrays: Sequence[Array]) -> Array:
        return np.repeat(np.stack(arrays), copies, axis=0)

    def batch(step: int) -> tuple[Array, Array]:
        X, Y = zip(*(task.samples(step) for task in tasks), strict=True)
        return side_by_side(X), side_by_side(Y)

    def masks(step: int, samples: int) -> Masks:
        found = [task.masks(step, samples) or [] for task in tasks if task.masks is not None]
        return [
            None if layer[0] is None else side_by_side(layer) for layer in zip(*found, strict=True)
        ]

    return Task(
        first.architecture,
        Objective([name for task in tasks for name in task.objective.names]),
        side_by_side([task.X for task in tasks]),
        side_by_side([task.Y for task in tasks]),
        None if first.batch is None else batch,
        None if first.masks is None else masks,
    )


class Descent:
    """The training loop of a stack, from `step` on: theta (K, P) and what optimizers carry.

    `theta` is moved in place. `origins` (K, P) are the parameters with which the networks began,
    which decide which neurons are identical and so share their gradient; `shared` finds them.
    """

    def __init__(
        self,
        task: Task,
        methods: Sequence[Method],
        theta: Array,
        origins: Array,
        step: int = 0,
        state: State | None = None,
        shared: Callable[[Architecture, Array], Indices | None] = shared_gradient,
    ) -> None:
        self.theta = theta
        self.step = step
        self._task = task
        self._update = StackUpdate(task.architecture, methods)
        self.state = self._update.state(theta, state)
        drops = task.architecture.drops  # which makes identical neurons differ, as it should
        self._shared = None if drops else shared(task.architecture, origins)
        self._passes: dict[int, Pass] = {}
        together = TOGETHER // len(theta)
        later = task.batch is None and len(set(task.objective.names)) == 1 and together > 1
        self._later = _LossesLater(task, together) if later else None

    def run(self, thetas: Array, seen: Iterable[Array | None]) -> None:
        """As many updates as `thetas` (T, K, P) has rows: theta after each is written into it.

        `seen` has an array (K,) for every update whose own loss is wanted, J at the step that it
        starts from, on its samples; and None for the others.
        """
        theta, update = self.theta, self._update
        rates = update.rates(self.step, self.step + len(thetas))
        for after, rate, J in zip(thetas, rates, seen, strict=True):
            gradient = self._gradient(J)
            self.state = update.step(gradient, theta, self.state, rate)
            after[...] = theta
            self.step += 1
        if self._later is not None:
            self._later.finish()

    def _gradient(self, J: Array | None) -> Array:
        task, later = self._task, self._later
        X, Y = task.samples(self.step)
        samples = X.shape[-1]
        masks = None if task.masks is None else task.masks(self.step, samples)
        workspace = self._pass(samples)
        now = J if later is None else None
        gradient = workspace.backward(X, Y, task.objective, masks, now)
        if J is not None and later is not None:
            later.add(*workspace.logits_and_outputs, J)
        return gradient if self._shared is None else gradient.take(self._shared)

    def losses(self) -> Array:
        """J (K,) of all samples, where the networks are now."""
        task = self._task
        return self._pass(task.X.shape[-1]).losses(task.X, task.Y, task.objective)

    def _pass(self, samples: int) -> Pass:
        known = self._passes.get(samples)
        if known is None:
            known = Pass(self._task.architecture, self.theta, samples)
            self._passes[samples] = known
        return known


class _LossesLater:
    """Losses of a small stack's passes at several steps, evaluated together.

    Of few networks a loss costs the calls of numpy more than its arithmetic.
    """

    def __init__(self, task: Task, steps: int) -> None:
        count, (n_y, samples) = len(task.objective.names), task.Y.shape[-2:]
        shape = (steps, count, n_y, samples)
        self._Z = np.empty(shape)
        self._A = np.empty(shape) if task.objective.needs_outputs else self._Z
        self._scratch = np.empty((steps * count, n_y, samples))
        own = task.Y.ndim == 3
        self._Y = np.tile(task.Y, (steps, 1, 1)) if own else task.Y
        self._objective = task.objective
        self._waiting: list[Array] = []

    def add(self, Z: Array, A: Array, J: Array) -> None:
        """Remembers a pass whose losses are to be written into J (K,)."""
        place = len(self._waiting)
        self._Z[place] = Z
        if self._A is not self._Z:
            self._A[place] = A
        self._waiting.append(J)
        if len(self._waiting) == len(self._Z):
            self.finish()

    def finish(self) -> None:
        """Writes all that is still to be written."""
        steps = len(self._waiting)
        if not steps:
            return
        Z, A = (part[:steps].reshape(-1, *part.shape[2:]) for part in (self._Z, self._A))
        Y = self._Y if self._Y.ndim == 2 else self._Y[: len(Z)]
        found = self._objective.value(Z, A, Y, self._scratch[: len(Z)])
        for J, values in zip(self._waiting, found.reshape(steps, -1), strict=True):
            J[...] = values
        self._waiting.clear()


@dataclass(frozen=True)
class Trained:
    """The result of a training: parameters (K, P), and J at the recorded steps.

    `train` (R, K) and `test` (R', K) are NaN from the step on at which a network diverged;
    `diverged` (K,) is that step or -1, and theta the last before it. `reached` (K,) is the first
    step at which J was the target or less, or -1.
    """

    theta: Array
    train: Array
    test: Array | None
    reached: Steps
    diverged: Steps


def train(
    task: Task,
    methods: Sequence[Method],
    theta: Array,
    record: Steps,
    target: float | None = None,
    test: tuple[Array, Array] | None = None,
    test_record: Steps | None = None,
) -> Trained:
    """Trains networks from theta (K, P) to the last step of `record` (R,), which is ascending.

    Bit for bit what each of them does alone. Where every step sees all samples, the target is
    looked for at every step, and else at the recorded ones. `test` are samples as in a task; their
    losses are those of `test_record`, or of `record` if that is left out.
    """
    book = _Book(task, theta, record, target, test, record if test_record is None else test_record)
    with np.errstate(all="ignore"):  # networks may diverge; that is looked for
        running = book.begin()
        now, state, step = theta[running], None, 0
        while len(running) and step < book.last:
            part = task.select(running.tolist())
            own = [methods[k] for k in running]
            descent = Descent(part, own, now, theta[running], step, state)
            going = _follow(book, descent, running)
            now, running, step = now[going], running[going], descent.step
            state = {name: array[going] for name, array in descent.state.items()}
    return Trained(book.theta, book.train, book.test, book.reached, book.diverged)


def _follow(book: "_Book", descent: Descent, running: Steps) -> NDArray[np.bool_]:
    """Trains until a network diverges or all is done; which of those running go on, (k,)."""
    theta = descent.theta
    length = chunk_length(theta)
    thetas = np.empty((length + 2, *theta.shape))  # the step before a chunk, and the one after
    thetas[0], thetas[1] = book.theta[running], theta
    while True:
        first = descent.step
        count = min(length, book.last - first)
        J, known = np.empty((count + 1, len(theta))), book.wanted(first, count, running)
        descent.run(
            thetas[2 : count + 2],
            [row if wanted else None for row, wanted in zip(J[:-1], known[:-1], strict=True)],
        )
        ended = descent.step == book.last
        if ended and known[-1]:
            J[-1] = descent.losses()
        rows = count + ended
        going = book.enter(first, running, thetas[: rows + 1], J[:rows], known[:rows])
        if ended or not going.all():
            return going
        thetas[:2] = thetas[count : count + 2]


def training_block(architecture: Architecture, samples: int) -> int:
    """How many networks to train in one stack, where a step looks at so many samples.

    As many as fit the cache with all that a step goes through, the outputs and the derivatives of
    every layer: of more networks, each is up to a fifth slower. But 4 at least, for of fewer the
    calls of numpy cost more than what they compute. (Measured from 2 to 128 networks of 4 to 64
    units on 25 to 1000 samples.)
    """
    units = sum(layer.units + 1 for layer in architecture.layers)
    return max(4, min(256, BLOCK_BYTES // (2 * 8 * units * samples)))


def chunk_length(theta: Array) -> int:
    """How many steps of theta (K, P) are looked at together for divergence."""
    return max(16, min(128, CHUNK_BYTES // theta.nbytes))


class _Book:
    """The record of a training, for all networks (K,) and the recorded steps (R,)."""

    def __init__(
        self,
        task: Task,
        theta: Array,
        record: Steps,
        target: float | None,
        test: tuple[Array, Array] | None,
        test_record: Steps,
    ) -> None:
        count = len(theta)
        self.last = int(record[-1])
        self.theta = theta.copy()
        self.train = np.full((len(record), count), np.nan)
        self.test = None if test is None else np.full((len(test_record), count), np.nan)
        self.reached = np.full(count, -1, dtype=np.int64)
        self.diverged = np.full(count, -1, dtype=np.int64)
        self._task, self._test = task, test
        self._record, self._test_record, self._target = record, test_record, target
        self._limit: Array = np.empty(count)

    def begin(self) -> Steps:
        """The networks whose first loss is a number: those to train."""
        everyone = np.arange(len(self.theta))
        first = self._losses(self.theta[np.newaxis], everyone, self._task.X, self._task.Y)[0]
        self._limit = divergence.limits(first)
        self.diverged[~np.isfinite(first)] = 0
        running = np.flatnonzero(self.diverged < 0)
        if self.last == 0:
            known = np.ones(1, dtype=bool)
            thetas = np.repeat(self.theta[np.newaxis, running], 2, axis=0)
            self.enter(0, running, thetas, first[np.newaxis, running], known)
        return running

    def wanted(self, first: int, count: int, running: Steps) -> NDArray[np.bool_]:
        """Of the steps first … first + count, those whose J training is to give (count + 1,)."""
        if not self._task.whole:
            return np.zeros(count + 1, dtype=bool)
        if self._target is not None and (self.reached[running] < 0).any():
            return np.ones(count + 1, dtype=bool)
        return np.isin(np.arange(first, first + count + 1), self._record)

    def enter(
        self, first: int, running: Steps, thetas: Array, J: Array, known: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Writes down T steps from `first` on; which of those running (k,) have not diverged.

        `thetas` (1 + T, k, P) begins with the step before them, and of J (T, k) only the rows that
        are `known` (T,) count.
        """
        task, limit = self._task, self._limit[running]
        X, Y = _of(running, task.X, task.Y)
        steps = np.arange(first, first + len(J))
        recorded = np.isin(steps, self._record)
        sound = divergence.surely_sound(task.architecture, thetas[1:], X, Y, limit)
        doubtful = ~sound.all(axis=1)
        missing = (recorded | doubtful) & ~known
        if missing.any():
            J[missing] = self._losses(thetas[1:][missing], running, task.X, task.Y)
        sound[doubtful] = divergence.is_sound(thetas[1:][doubtful], J[doubtful], limit)
        alive = np.logical_and.accumulate(sound, axis=0)

        at = np.searchsorted(self._record, steps[recorded])
        self.train[np.ix_(at, running)] = np.where(alive, J, np.nan)[recorded]
        tested = np.isin(steps, self._test_record)
        if self.test is not None and self._test is not None and tested.any():
            at = np.searchsorted(self._test_record, steps[tested])
            measured = self._losses(thetas[1:][tested], running, *self._test)
            self.test[np.ix_(at, running)] = np.where(alive[tested], measured, np.nan)
        if self._target is not None:
            seen = known if task.whole else recorded
            reached = np.less_equal(J, self._target)
            self._reach(steps, running, alive & seen[:, np.newaxis] & reached)
        self.theta[running] = thetas[-1]
        for place in np.flatnonzero(~alive[-1]):
            ended = int(np.argmin(alive[:, place]))
            self.diverged[running[place]] = first + ended
            self.theta[running[place]] = thetas[ended, place]
        going: NDArray[np.bool_] = alive[-1]
        return going

    def _reach(self, steps: Steps, running: Steps, hits: NDArray[np.bool_]) -> None:
        new = hits.any(axis=0) & (self.reached[running] < 0)
        self.reached[running[new]] = steps[np.argmax(hits[:, new], axis=0)]

    def _losses(self, thetas: Array, running: Steps, X: Array, Y: Array) -> Array:
        """J (T, k) of the networks that are running, at thetas (T, k, P)."""
        task = self._task
        X, Y = _of(running, X, Y)
        objective = task.objective.select(running.tolist())
        return trajectory_losses(task.architecture, thetas, X, Y, objective)


def _of(running: Steps, X: Array, Y: Array) -> tuple[Array, Array]:
    """The samples of some networks: the same for all, or each its own."""
    return (X, Y) if X.ndim == 2 else (X[running], Y[running])
