"""How an experiment moves through time: the state at a step, and the way from one to the next.

Training reads as the algorithm: gradient, update, loss. Everything here is a function of a world,
a moment and the events; nothing is kept between calls.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.choices import Chosen
from app.lab.world import World
from app.nn.optimizers import OPTIMIZERS, State
from app.nn.stack import Pass
from app.nn.symmetry import shared_gradient
from app.nn.types import Array

DIVERGED = 1e12
"""A run has diverged whose loss exceeds this many times the loss that it began with (or 1), as has
any whose loss or parameters are no longer finite."""

CHECKPOINT_BYTES = 4096
"""Parameters kept per step, on average; a small network's are kept at every step."""
CHECKPOINT_SPACING = 64
"""The most steps that a rewind has to compute again."""
_BUFFER_BYTES = 1 << 23

Watch = Callable[[Array], Array]
"""What is taken from the parameters (T, K, P) of every step, (T, K, W)."""


@dataclass(frozen=True)
class Event:
    """What a learner did on the way: it holds from `step` on, before that step's update.

    Either `optimizer`, of one run or of all (`run` None), or `theta` (P,), set by hand on one run.
    """

    step: int
    run: int | None
    optimizer: Chosen | None = None
    theta: tuple[float, ...] | None = None


@dataclass(frozen=True)
class Moment:
    """An experiment at one step: theta (K, P), the optimizers' state, and who has diverged when.

    `diverged[k]` is the step at which run k diverged, or -1; it then stays at its last finite
    parameters.
    """

    step: int
    theta: Array
    state: State
    diverged: NDArray[np.int64]


@dataclass(frozen=True)
class Stretch:
    """What happened in steps `first` … `last`: losses (T, K) of all, parameters of some.

    A loss is NaN where there is none: no test set, or a run that has diverged. `kept` holds the
    steps whose theta (C, K, P) and optimizer state were kept, from which any other is recomputed.
    `diverged` (K,) is as in the moment at `last`. `watched` (T, K, W) holds, of every step, what
    somebody is looking at now; it is not kept.
    """

    first: int
    train: Array
    test: Array
    kept: NDArray[np.int64]
    theta: Array
    state: State
    diverged: NDArray[np.int64]
    watched: Array | None = None

    @property
    def last(self) -> int:
        """The last step it holds."""
        return self.first + len(self.train) - 1


def checkpoint_spacing(world: World) -> int:
    """How many steps lie between kept parameters."""
    needed = -(-world.initial.nbytes // CHECKPOINT_BYTES)
    return min(needed, CHECKPOINT_SPACING)


def begin(world: World) -> tuple[Moment, Stretch]:
    """Step 0, before any update."""
    state = _optimizer(world).init(world.initial)
    nobody = np.full(len(world.runs), -1, dtype=np.int64)
    return _settle(world, Moment(0, world.initial.copy(), state, nobody))


def apply(
    world: World, moment: Moment, event: Event, watch: Watch | None = None
) -> tuple[Moment, Stretch]:
    """The moment after an event, and what the history now says of its step."""
    if event.theta is not None and event.run is not None:
        theta, diverged = moment.theta.copy(), moment.diverged.copy()
        theta[event.run] = event.theta
        diverged[event.run] = -1  # parameters set by hand bring a diverged run back
        fresh = _optimizer(world).init(theta)
        state = {name: array.copy() for name, array in moment.state.items()}
        for name, array in state.items():
            array[event.run] = fresh[name][event.run]
        moment = replace(moment, theta=theta, state=state, diverged=diverged)
    return _settle(world, moment, watch)


def _settle(world: World, moment: Moment, watch: Watch | None = None) -> tuple[Moment, Stretch]:
    """The one-step stretch of a moment, its losses measured."""
    with np.errstate(all="ignore"):
        train = world.losses(moment.theta[np.newaxis], world.train)
        test = world.losses(moment.theta[np.newaxis], world.test)
    diverged = moment.diverged.copy()
    diverged[(diverged < 0) & ~np.isfinite(train[0])] = moment.step
    train[:, diverged >= 0] = test[:, diverged >= 0] = np.nan
    moment = replace(moment, diverged=diverged)
    state = {name: array[np.newaxis] for name, array in moment.state.items()}
    kept = np.array([moment.step], dtype=np.int64)
    theta = moment.theta[np.newaxis]
    watched = None if watch is None else watch(theta)
    return moment, Stretch(moment.step, train, test, kept, theta, state, diverged, watched)


def options_at(world: World, events: Sequence[Event], step: int) -> list[Chosen]:
    """The optimizer of every run that is in force for the update that follows `step`."""
    chosen = [run.optimizer for run in world.runs]
    for event in events:
        if event.optimizer is not None and event.step <= step:
            rows = range(len(chosen)) if event.run is None else [event.run]
            for k in rows:
                chosen[k] = event.optimizer
    return chosen


def advance(
    world: World,
    moment: Moment,
    events: Sequence[Event],
    count: int,
    watch: Watch | None = None,
) -> tuple[Moment, list[Stretch]]:
    """`count` steps on: the new moment and what happened on the way.

    `watch` takes from theta (T, K, P) what is wanted at every step, (T, K, W).

    Events that lie on the way are applied at their steps; those of the first step have already
    been, and are part of `moment`.
    """
    end, stretches = moment.step + count, []
    room = max(1, _BUFFER_BYTES // moment.theta.nbytes)
    while moment.step < end:
        ahead = [event.step for event in events if moment.step < event.step <= end]
        stop = min([end, moment.step + room, *ahead])
        moment, stretch = _train(world, moment, events, stop, watch)
        stretches.append(stretch)
        for event in events:
            if event.step == moment.step:
                moment, settled = apply(world, moment, event, watch)
                stretches.append(settled)
    return moment, stretches


def _train(
    world: World, moment: Moment, events: Sequence[Event], stop: int, watch: Watch | None
) -> tuple[Moment, Stretch]:
    """Gradient descent from a moment to step `stop`, without events on the way."""
    chosen = options_at(world, events, moment.step)
    running = np.flatnonzero(moment.diverged < 0)
    way = np.repeat(moment.theta[np.newaxis], stop - moment.step, axis=0)  # (T, K, P)
    spacing = checkpoint_spacing(world)
    kept = [step for step in range(moment.step + 1, stop + 1) if step % spacing == 0]
    states: list[State] = []
    state = {name: array[running] for name, array in moment.state.items()}
    with np.errstate(all="ignore"):  # a run may diverge; that is found out below
        if len(running):
            theta = moment.theta[running]
            objective = world.objective.select([int(k) for k in running])
            options = _columns([chosen[int(k)] for k in running])
            shared = shared_gradient(world.architecture, origins(world, events, moment)[running])
            update = _optimizer(world).update
            passes: dict[int, Pass] = {}
            for step in range(moment.step, stop):
                X, Y = world.batch(step)
                room = passes.get(X.shape[1])
                if room is None:
                    room = passes[X.shape[1]] = Pass(world.architecture, theta, X.shape[1])
                gradient = room.backward(X, Y, objective)
                if shared is not None:
                    gradient = gradient.take(shared)
                updated, state = update(gradient, state, theta, options)
                theta[...] = updated
                way[step - moment.step, running] = theta
                if state and (step + 1) % spacing == 0:
                    states.append(_whole(moment.state, running, state))
        train, test = world.losses(way, world.train), world.losses(way, world.test)
    diverged = _find_diverged(world, moment, events, way, train)
    for k in np.flatnonzero(diverged >= 0):
        _freeze(int(k), int(diverged[k]), moment, way, train, test)
    theta_kept = way[np.array(kept, dtype=np.int64) - moment.step - 1]
    state_kept = {
        name: np.stack([one[name] for one in states]) if states else array[:0][np.newaxis]
        for name, array in moment.state.items()
    }
    stretch = Stretch(
        moment.step + 1,
        train,
        test,
        np.array(kept, dtype=np.int64),
        theta_kept,
        state_kept,
        diverged,
        None if watch is None else watch(way),
    )
    return Moment(stop, way[-1].copy(), _whole(moment.state, running, state), diverged), stretch


def origins(world: World, events: Sequence[Event], moment: Moment) -> Array:
    """theta (K, P) with which each run last began: its own, or what was set by hand since."""
    by_hand = [event for event in events if event.theta is not None and event.step <= moment.step]
    if not by_hand:
        return world.initial
    theta = world.initial.copy()
    for event in by_hand:
        theta[event.run] = event.theta
    return theta


def _whole(before: State, rows: NDArray[np.int64], after: State) -> State:
    """The state of the whole stack when only some rows of it have gone on."""
    whole = {name: array.copy() for name, array in before.items()}
    for name, array in after.items():
        whole[name][rows] = array
    return whole


def _find_diverged(
    world: World, moment: Moment, events: Sequence[Event], way: Array, train: Array
) -> NDArray[np.int64]:
    """For each run, the step at which it diverged, or -1."""
    limit = DIVERGED * world.usual_losses(origins(world, events, moment))
    sound = np.isfinite(way).all(axis=-1) & np.isfinite(train) & (train <= limit)
    diverged = moment.diverged.copy()
    for k in np.flatnonzero((diverged < 0) & ~sound.all(axis=0)):
        diverged[k] = moment.step + 1 + int(np.argmin(sound[:, k]))
    return diverged


def _freeze(k: int, since: int, moment: Moment, way: Array, train: Array, test: Array) -> None:
    """From the step at which it diverged, a run has no loss and keeps its last parameters."""
    start = max(0, since - moment.step - 1)
    way[start:, k] = way[start - 1, k] if start else moment.theta[k]
    train[start:, k] = test[start:, k] = np.nan


def _optimizer(world: World) -> Any:
    return OPTIMIZERS[world.runs[0].optimizer.name]


def _columns(chosen: Sequence[Chosen]) -> Mapping[str, Array]:
    """Each option of the optimizer as a column (K, 1)."""
    return {
        name: np.array([[choice.options[name]] for choice in chosen]) for name in chosen[0].options
    }
