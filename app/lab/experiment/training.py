"""How an experiment moves through time: the state at a step, and the way from one to the next.

Training reads as the algorithm: gradient, update, loss. Everything here is a function of a setup,
a moment and the events; nothing is kept between calls.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.checkpoints import CHECKPOINT_SPACING, kept_steps
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, Moment, Stretch, Watch
from app.nn.stack import Pass
from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.symmetry import Indices, shared_gradient
from app.nn.update.updates import Method, StackUpdate, begin_anew

DIVERGED = 1e12
"""A run has diverged whose loss exceeds this many times the loss that it began with (or 1), as has
any whose loss or parameters are no longer finite."""

_BUFFER_BYTES = 1 << 23


def begin(setup: Setup) -> tuple[Moment, Stretch]:
    """Step 0, before any update."""
    update = StackUpdate(setup.architecture, methods_at(setup, (), 0))
    nobody = np.full(len(setup.runs), -1, dtype=np.int64)
    theta = setup.initial.copy()
    return _settle(setup, update, Moment(0, theta, update.state(theta), nobody))


def apply(
    setup: Setup,
    moment: Moment,
    event: Event,
    events: Sequence[Event],
    watch: Watch | None = None,
) -> tuple[Moment, Stretch]:
    """The moment after an event, which is one of `events`, and what history now says of its step.

    What a run carries begins anew with parameters set by hand, with an optimizer of another name,
    and, of an L1 whose links die, with another regularizer.
    """
    theta, state, diverged = moment.theta.copy(), moment.state, moment.diverged.copy()
    rows = range(len(theta)) if event.run is None else [event.run]
    for k in rows:
        if event.theta is not None:
            theta[k] = event.theta
            diverged[k] = -1  # parameters set by hand bring a diverged run back
        for name in _left_behind(event):
            state = begin_anew(state, k, f"{name}.")
    update = StackUpdate(setup.architecture, methods_at(setup, events, moment.step))
    state = update.state(theta, state)
    moment = replace(moment, theta=theta, state=state, diverged=diverged)
    return _settle(setup, update, moment, watch)


def _left_behind(event: Event) -> list[str]:
    """The optimizers and regularizers whose state an event makes begin anew."""
    if event.theta is not None:
        return [*OPTIMIZERS, *REGULARIZERS]
    return [
        name
        for registry, chosen in ((OPTIMIZERS, event.optimizer), (REGULARIZERS, event.regularizer))
        if chosen is not None
        for name in registry
        if name != chosen.name
    ]


def _settle(
    setup: Setup, update: StackUpdate, moment: Moment, watch: Watch | None = None
) -> tuple[Moment, Stretch]:
    """The one-step stretch of a moment, its losses measured."""
    theta = moment.theta[np.newaxis]
    with np.errstate(all="ignore"):
        train, test = setup.losses(theta, setup.train), setup.losses(theta, setup.test)
        penalty = update.penalty(theta)
    diverged = moment.diverged.copy()
    diverged[(diverged < 0) & ~np.isfinite(train[0])] = moment.step
    train[:, diverged >= 0] = test[:, diverged >= 0] = penalty[:, diverged >= 0] = np.nan
    moment = replace(moment, diverged=diverged)
    state = {name: array[np.newaxis] for name, array in moment.state.items()}
    kept = np.array([moment.step], dtype=np.int64)
    watched = None if watch is None else watch(theta)
    return moment, Stretch(
        moment.step, train, test, penalty, kept, theta, kept, state, diverged, watched
    )


def methods_at(setup: Setup, events: Sequence[Event], step: int) -> list[Method]:
    """How every run learns in the update that follows `step`."""
    methods = [run.method for run in setup.runs]
    for event in events:
        if event.step <= step:
            for k in range(len(methods)) if event.run is None else [event.run]:
                methods[k] = event.changed(methods[k])
    return methods


def advance(
    setup: Setup,
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
        moment, stretch = _train(setup, moment, events, stop, watch)
        stretches.append(stretch)
        for event in events:
            if event.step == moment.step:
                moment, settled = apply(setup, moment, event, events, watch)
                stretches.append(settled)
    return moment, stretches


def _train(
    setup: Setup, moment: Moment, events: Sequence[Event], stop: int, watch: Watch | None
) -> tuple[Moment, Stretch]:
    """From a moment to step `stop`, without events on the way."""
    update = StackUpdate(setup.architecture, methods_at(setup, events, moment.step))
    moment = replace(moment, state=update.state(moment.theta, moment.state))
    way = np.repeat(moment.theta[np.newaxis], stop - moment.step, axis=0)  # (T, K, P)
    with np.errstate(all="ignore"):  # a run may diverge; that is found out below
        states = _descend(setup, moment, events, way)
        train, test = setup.losses(way, setup.train), setup.losses(way, setup.test)
        penalty = update.penalty(way)
    diverged = _find_diverged(setup, moment, events, way, train)
    for k in np.flatnonzero(diverged >= 0):
        _freeze(int(k), int(diverged[k]), moment, way, (train, test, penalty))
    steps = np.arange(moment.step + 1, stop + 1)
    whole = steps[steps % CHECKPOINT_SPACING == 0]
    kept = kept_steps(setup, moment.step + 1, stop)
    if moment.state:
        kept = np.union1d(kept, whole)
    else:
        whole = kept
    stretch = Stretch(
        moment.step + 1,
        train,
        test,
        penalty,
        kept,
        way[kept - moment.step - 1],
        whole,
        {
            name: np.stack([states[int(step)][name] for step in whole])
            if len(whole)
            else array[np.newaxis][:0]
            for name, array in moment.state.items()
        },
        diverged,
        None if watch is None else watch(way),
    )
    return Moment(stop, way[-1].copy(), states[stop], diverged), stretch


def _descend(setup: Setup, moment: Moment, events: Sequence[Event], way: Array) -> dict[int, State]:
    """Writes theta after every step into `way` (T, K, P); the state of the last step, and of some.

    A run that has diverged stays where it is.
    """
    running = np.flatnonzero(moment.diverged < 0)
    last = moment.step + len(way)
    if not len(running):
        return dict.fromkeys(range(moment.step + 1, last + 1), moment.state)
    methods = methods_at(setup, events, moment.step)
    update = StackUpdate(setup.architecture, [methods[k] for k in running])
    rates = update.rates(moment.step, last)
    theta = moment.theta[running]
    state = {name: array[running] for name, array in moment.state.items()}
    objective = setup.objective.select([int(k) for k in running])
    shared = _shared(setup, events, moment, running)
    passes: dict[int, Pass] = {}
    states: dict[int, State] = {}
    for place, step in enumerate(range(moment.step, last)):
        X, Y = setup.batch(step)
        samples = X.shape[1]
        room = passes.get(samples)
        if room is None:
            room = passes[samples] = Pass(setup.architecture, theta, samples)
        gradient = room.backward(X, Y, objective, setup.masks(step, samples))
        if shared is not None:
            gradient = gradient.take(shared)
        state = update.step(gradient, theta, state, rates[place])
        way[place, running] = theta
        if (step + 1) % CHECKPOINT_SPACING == 0 or step + 1 == last:
            states[step + 1] = _whole(moment.state, running, state)
    return states


def _shared(
    setup: Setup, events: Sequence[Event], moment: Moment, rows: NDArray[np.int64]
) -> Indices | None:
    """Where some of the runs' gradients are taken from, so that twins share theirs."""
    if setup.architecture.drops:  # which tells twins apart, as it is meant to
        return None
    return shared_gradient(setup.architecture, origins(setup, events, moment)[rows])


def gradient_of(
    setup: Setup, events: Sequence[Event], moment: Moment, rows: Sequence[int]
) -> Array:
    """dJ/dtheta (k, P) of some of the runs, on the batch of the update that follows a moment."""
    X, Y = setup.batch(moment.step)
    room = Pass(setup.architecture, moment.theta[list(rows)], X.shape[1])
    objective = setup.objective.select(list(rows))
    gradient = room.backward(X, Y, objective, setup.masks(moment.step, X.shape[1]))
    shared = _shared(setup, events, moment, np.array(rows))
    return gradient if shared is None else gradient.take(shared)


def origins(setup: Setup, events: Sequence[Event], moment: Moment) -> Array:
    """theta (K, P) with which each run last began: its own, or what was set by hand since."""
    by_hand = [event for event in events if event.theta is not None and event.step <= moment.step]
    if not by_hand:
        return setup.initial
    theta = setup.initial.copy()
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
    setup: Setup, moment: Moment, events: Sequence[Event], way: Array, train: Array
) -> NDArray[np.int64]:
    """For each run, the step at which it diverged, or -1."""
    limit = DIVERGED * setup.usual_losses(origins(setup, events, moment))
    sound = np.isfinite(way).all(axis=-1) & np.isfinite(train) & (train <= limit)
    diverged = moment.diverged.copy()
    for k in np.flatnonzero((diverged < 0) & ~sound.all(axis=0)):
        diverged[k] = moment.step + 1 + int(np.argmin(sound[:, k]))
    return diverged


def _freeze(
    k: int, since: int, moment: Moment, way: Array, measured: tuple[Array, Array, Array]
) -> None:
    """From the step at which it diverged, a run has no loss and keeps its last parameters."""
    start = max(0, since - moment.step - 1)
    way[start:, k] = way[start - 1, k] if start else moment.theta[k]
    for values in measured:
        values[start:, k] = np.nan
