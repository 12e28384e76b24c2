"""The training loop of an experiment: gradient, update, loss.

Every function here depends on the setup, a state and the events alone: so any state can be computed
again, to the last bit, and a step that somebody has come to before need not be.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.checkpoints import CHECKPOINT_SPACING, checkpoint_steps, theta_steps
from app.lab.experiment.known import Steps, key_of
from app.lab.experiment.segment import Segment, diverged_by, no_rows
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, Pause, TrainState, Watch, nothing
from app.lab.experiment.way import Way
from app.nn.divergence import is_sound
from app.nn.stack import Architecture, Pass, gradients, trajectory_losses
from app.nn.status import FORESEEN
from app.nn.training import Descent, Task
from app.nn.types import Array
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.symmetry import Indices, shared_gradient
from app.nn.update.updates import Method, StackUpdate, begin_anew

_BLOCK_BYTES = 1 << 23
"""One segment is trained at a time, and the parameters of all its steps take no more than this."""
_PART_WORK = 100_000_000
"""Between parts of about so many multiplications training may pause; they take some 20 ms."""


def begin(setup: Setup) -> tuple[TrainState, Segment]:
    """The state at step 0, before any update, and the segment of that step alone."""
    update = StackUpdate(setup.architecture, methods_at(setup, (), 0))
    nobody = np.full(len(setup.runs), -1, dtype=np.int64)
    theta = setup.initial.copy()
    return _settle(setup, update, TrainState(0, theta, update.state(theta), nobody))


def apply(
    setup: Setup,
    state: TrainState,
    event: Event,
    events: Sequence[Event],
    watch: Watch | None = None,
) -> tuple[TrainState, Segment]:
    """The state after an event, one of `events`, and the segment that takes its step's place.

    What an optimizer carries begins anew when parameters are set by hand and when an optimizer of
    another name is chosen; the dead links of an L1 also when another regularizer is.
    """
    return _apply(setup, state, event, Way(setup, events), watch)


def _apply(
    setup: Setup, state: TrainState, event: Event, way: Way, watch: Watch | None
) -> tuple[TrainState, Segment]:
    """The state after an event of the way, as `apply` has it."""
    theta, diverged = state.theta.copy(), state.diverged.copy()
    optimizer_state = state.optimizer_state
    rows = range(len(theta)) if event.run is None else [event.run]
    for k in rows:
        if event.theta is not None:
            theta[k] = event.theta
            diverged[k] = -1  # parameters set by hand bring a diverged run back
        for name in _reset_by(event):
            optimizer_state = begin_anew(optimizer_state, k, f"{name}.")
    update = StackUpdate(setup.architecture, way.methods(state.step))
    optimizer_state = update.state(theta, optimizer_state)
    after = TrainState(state.step, theta, optimizer_state, diverged)
    return _settle(setup, update, after, watch)


def _reset_by(event: Event) -> list[str]:
    """The optimizers and regularizers whose state begins anew with an event."""
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
    setup: Setup, update: StackUpdate, state: TrainState, watch: Watch | None = None
) -> tuple[TrainState, Segment]:
    """The segment of one step, and its state, in which runs without a finite loss have diverged."""
    thetas = state.theta[np.newaxis]  # (1, K, P)
    with np.errstate(all="ignore"):
        train, test = setup.losses(thetas, setup.train), setup.losses(thetas, setup.test)
        penalty = update.penalty(thetas)
    diverged = state.diverged.copy()
    diverged[(diverged < 0) & ~np.isfinite(train[0])] = state.step
    train[:, diverged >= 0] = test[:, diverged >= 0] = penalty[:, diverged >= 0] = np.nan
    step = np.array([state.step], dtype=np.int64)
    segment = Segment(
        state.step,
        train,
        test,
        penalty,
        diverged[np.newaxis],
        step,
        thetas,
        step,
        {name: array[np.newaxis] for name, array in state.optimizer_state.items()},
        None if watch is None else watch(thetas),
    )
    return replace(state, diverged=diverged), segment


def methods_at(setup: Setup, events: Sequence[Event], step: int) -> list[Method]:
    """The method of every run in the update that follows `step`."""
    return Way(setup, events).methods(step)


def advance(
    setup: Setup,
    state: TrainState,
    events: Sequence[Event],
    count: int,
    watch: Watch | None = None,
    pause: Pause = nothing,
) -> tuple[TrainState, list[Segment]]:
    """The state `count` steps later, and the segments in between, in order.

    `pause` is called now and then. `watch` makes the segments' `watched`. Events in between are
    applied at their steps; those of the first step must have been applied already.
    """
    way, end, segments = Way(setup, events), state.step + count, []
    block = max(1, _BLOCK_BYTES // state.theta.nbytes)
    while state.step < end:
        stop = way.next_step(state.step, min(end, state.step + block))
        state, segment = _train(setup, state, way, stop, (watch, pause))
        segments.append(segment)
        for event in way.at(state.step):
            state, segment = _apply(setup, state, event, way, watch)
            segments.append(segment)
    return state, segments


def _train(
    setup: Setup,
    state: TrainState,
    way: Way,
    stop: int,
    called: tuple[Watch | None, Pause],
) -> tuple[TrainState, Segment]:
    """The state at step `stop`, and the segment up to it; there are no events in between."""
    watch, pause = called
    update = StackUpdate(setup.architecture, way.methods(state.step))
    state = replace(state, optimizer_state=update.state(state.theta, state.optimizer_state))
    steps, optimizer_states = _steps(setup, state, way, stop, pause)
    first = steps.first
    stored = theta_steps(setup, first, stop)
    checkpoints = stored
    if state.optimizer_state:
        checkpoints = checkpoint_steps(first, stop)
        stored = np.union1d(stored, checkpoints)
    segment = Segment(
        first,
        steps.train,
        steps.test,
        steps.penalty,
        steps.diverged,
        stored,
        steps.theta[stored - first],
        checkpoints,
        {
            name: np.stack([optimizer_states[step][name] for step in checkpoints.tolist()])
            if len(checkpoints)
            else no_rows(array[np.newaxis])
            for name, array in state.optimizer_state.items()
        },
        None if watch is None else watch(steps.theta),
    )
    return replace(steps.end(), optimizer_state=optimizer_states.get(stop, {})), segment


def _steps(
    setup: Setup, state: TrainState, way: Way, stop: int, pause: Pause
) -> tuple[Steps, dict[int, State]]:
    """The steps up to `stop`, and the optimizers' state after the last and at checkpoints.

    Those that are known are not trained again. Of those that are not, the next few are trained with
    them, which the statuses ask for and training begins with when it goes on.
    """
    key = None if setup.known is None else key_of(setup.digest, state, way.before(state.step))
    if setup.known is None or key is None:
        return _trained(setup, state, way, stop, pause)
    end = stop + FORESEEN if setup.task.whole and not way.at(stop) else stop
    return setup.known.steps(
        key, state, stop, lambda here: _trained(setup, here, way, end, pause)[0]
    ), {}


def _trained(
    setup: Setup, state: TrainState, way: Way, stop: int, pause: Pause
) -> tuple[Steps, dict[int, State]]:
    """The steps up to `stop`, with all that is measured of them; as `_steps` has it."""
    update = StackUpdate(setup.architecture, way.methods(state.step))
    with np.errstate(all="ignore"):  # a run may diverge; that is found out below
        thetas, train, optimizer_states = _descend(setup, state, way, stop, pause)
        test = _in_parts(setup, lambda part: setup.losses(part, setup.test), thetas, pause)
        penalty = update.penalty(thetas)
    diverged = _find_diverged(setup, state, way, thetas, train)
    for k in np.flatnonzero(diverged >= 0):
        _freeze(int(k), int(diverged[k]), state, thetas, (train, test, penalty))
    first = state.step + 1
    by = diverged_by(np.arange(first, stop + 1), diverged)
    return Steps(first, thetas, train, test, penalty, by), optimizer_states


def _descend(
    setup: Setup, state: TrainState, way: Way, stop: int, pause: Pause
) -> tuple[Array, Array, dict[int, State]]:
    """theta (T, K, P) and J (T, K) after every step up to `stop`.

    Also the optimizers' state after the last step and after those that may be checkpoints. Where a
    step looks at all samples, the forward pass of its gradient gives the loss of the step before.
    A run that has diverged stays where it is and has no loss.
    """
    steps = range(state.step + 1, stop + 1)
    thetas = np.repeat(state.theta[np.newaxis], len(steps), axis=0)
    running = np.flatnonzero(state.diverged < 0)
    if not len(running):
        return (
            thetas,
            np.full(thetas.shape[:2], np.nan),
            dict.fromkeys(steps, state.optimizer_state),
        )
    task = setup.task.select(running.tolist())
    descent = _descent_of(setup, state, way, running, task)
    moving = thetas if len(running) == len(state.theta) else thetas[:, running]
    J: Array = np.empty(moving.shape[:2])
    seen: list[Array | None] = [None, *J[:-1]] if task.whole else [None] * len(J)
    optimizer_states: dict[int, State] = {}
    few = max(1, _PART_WORK // setup.step_work)
    while descent.step < stop:
        start = descent.step
        end = min(stop, start + few, _next_checkpoint(start))
        part = slice(start - state.step, end - state.step)
        descent.run(moving[part], seen[part])
        if end in (stop, _next_checkpoint(start)):
            optimizer_states[end] = _with_rows(state.optimizer_state, running, descent.state)
        pause()
    if task.whole:
        J[-1] = descent.losses()
    else:
        J = _in_parts(
            setup,
            lambda part: trajectory_losses(task.architecture, part, task.X, task.Y, task.objective),
            moving,
            pause,
        )
    if moving is thetas:
        return thetas, J, optimizer_states
    thetas[:, running] = moving
    train = np.full(thetas.shape[:2], np.nan)
    train[:, running] = J
    return thetas, train, optimizer_states


def _in_parts(setup: Setup, losses: Callable[[Array], Array], thetas: Array, pause: Pause) -> Array:
    """J (T, K) of stacks thetas (T, K, P); between parts of them it may pause."""
    found, few = [], max(1, _PART_WORK // setup.step_work)
    for start in range(0, len(thetas), few):
        if start:
            pause()
        found.append(losses(thetas[start : start + few]))
    return found[0] if len(found) == 1 else np.concatenate(found)


def _descent_of(
    setup: Setup,
    state: TrainState,
    way: Way,
    rows: NDArray[np.int64],
    task: Task,
) -> Descent:
    """The descent of some runs from a state on, each by its method there, on a task of theirs."""
    methods, began_at = way.methods(state.step), way.origins(state.step)

    def shared(architecture: Architecture, theta: Array) -> Indices | None:
        if began_at is not setup.initial:
            return shared_gradient(architecture, theta)
        (found,) = setup.kept(
            ("shared", rows.tobytes()), lambda: (shared_gradient(architecture, theta),)
        )
        return found

    return Descent(
        task,
        [methods[k] for k in rows],
        state.theta[rows],
        began_at[rows],
        state.step,
        {name: array[rows] for name, array in state.optimizer_state.items()},
        shared,
    )


def _next_checkpoint(step: int) -> int:
    """The first step after this one that may be a checkpoint."""
    return (step // CHECKPOINT_SPACING + 1) * CHECKPOINT_SPACING


def foresee(
    setup: Setup, state: TrainState, events: Sequence[Event], count: int
) -> tuple[Array, Array]:
    """What the next updates would do, without making them.

    theta (count + 1, K, P) now and after each, and dJ/dtheta (K, P) now. The updates see all
    training samples and all neurons, also where training does not: they are its updates on average.
    """
    theta = np.repeat(state.theta[np.newaxis], count + 1, axis=0)
    gradient = np.zeros_like(state.theta)
    running = np.flatnonzero(state.diverged < 0)
    if not len(running):
        return theta, gradient
    task = replace(setup.task, batch=None, masks=None).select(running.tolist())
    way = Way(setup, events)
    methods, here = way.methods(state.step), state.theta[running]
    with np.errstate(all="ignore"):
        ahead = _made(setup, state, way, count)
        if ahead is None:
            descent = _descent_of(setup, state, way, running, task)
            ahead = np.empty((count, len(running), theta.shape[-1]))
            descent.run(ahead, [None] * count)
        else:
            ahead = ahead[:, running]
        if all(methods[k].plain for k in running):  # which spares a pass: the first update tells it
            rates = np.array([methods[k].rate(state.step) for k in running])
            gradient[running] = (here - ahead[0]) / rates[:, np.newaxis]
        else:
            gradient[running] = gradients(task.architecture, here, task.X, task.Y, task.objective)
    theta[1:, running] = ahead
    return theta, gradient


def _made(setup: Setup, state: TrainState, way: Way, count: int) -> Array | None:
    """The next updates, theta (count, K, P), made for training to go on with.

    None where training will not make them as they are: it sees other samples, or a run diverges.
    """
    known, stop = setup.known, state.step + count
    if known is None or not setup.task.whole:
        return None
    key = key_of(setup.digest, state, way.before(state.step))
    if key is None:
        return None
    steps = known.found(key, state, stop)
    if steps is None and known.shares(setup.digest):
        steps = known.steps(
            key, state, stop, lambda here: _trained(setup, here, way, stop, nothing)[0]
        )
    if steps is None or not np.array_equal(steps.diverged[-1], state.diverged):
        return None
    return steps.theta


def gradient_sources(
    setup: Setup, events: Sequence[Event], state: TrainState, rows: NDArray[np.int64]
) -> Indices | None:
    """Where the gradients of some runs are taken from, so that identical neurons share one.

    As `shared_gradient` has it; None where every parameter has its own.
    """
    if setup.architecture.drops:  # identical neurons drop out at different times
        return None
    return shared_gradient(setup.architecture, origins(setup, events, state)[rows])


def gradient_of(
    setup: Setup, events: Sequence[Event], state: TrainState, rows: Sequence[int]
) -> Array:
    """dJ/dtheta (k, P) of some of the runs, on the batch of the update that follows the state."""
    X, Y = setup.batch(state.step)
    workspace = Pass(setup.architecture, state.theta[list(rows)], X.shape[1])
    objective = setup.objective.select(list(rows))
    gradient = workspace.backward(X, Y, objective, setup.masks(state.step, X.shape[1]))
    shared = gradient_sources(setup, events, state, np.array(rows))
    return gradient if shared is None else gradient.take(shared)


def began(setup: Setup, events: Sequence[Event], step: int) -> list[int]:
    """For each run the step at which it last began by then: 0, or where it was set by hand."""
    found = [0] * len(setup.runs)
    for event in events:
        if event.theta is not None and event.run is not None and event.step <= step:
            found[event.run] = event.step
    return found


def comparable_since(setup: Setup, events: Sequence[Event], step: int) -> list[int]:
    """For each run the step from which on its objective can be compared with that at `step`.

    That is where it last began, or where its penalty last changed.
    """
    found = began(setup, events, step)
    for event in events:
        if event.regularizer is not None and event.step <= step:
            for k in range(len(found)) if event.run is None else [event.run]:
                found[k] = max(found[k], event.step)
    return found


def origins(setup: Setup, events: Sequence[Event], state: TrainState) -> Array:
    """theta (K, P) with which each run last began: its first, or what was set by hand since."""
    return Way(setup, events).origins(state.step)


def _with_rows(before: State, rows: NDArray[np.int64], after: State) -> State:
    """The state of the whole stack, (K, …) each, after some of its rows have gone on."""
    found = {name: array.copy() for name, array in before.items()}
    for name, array in after.items():
        found[name][rows] = array
    return found


def _find_diverged(
    setup: Setup, state: TrainState, way: Way, thetas: Array, train: Array
) -> NDArray[np.int64]:
    """The step (K,) at which each run diverged, or -1."""
    sound = is_sound(thetas, train, setup.loss_limits(way.origins(state.step)))
    diverged = state.diverged.copy()
    for k in np.flatnonzero((diverged < 0) & ~sound.all(axis=0)):
        diverged[k] = state.step + 1 + int(np.argmin(sound[:, k]))
    return diverged


def _freeze(
    k: int, since: int, state: TrainState, thetas: Array, measured: tuple[Array, Array, Array]
) -> None:
    """From the step `since` on, run k has no losses and keeps the parameters of the step before."""
    start = max(0, since - state.step - 1)
    thetas[start:, k] = thetas[start - 1, k] if start else state.theta[k]
    for values in measured:
        values[start:, k] = np.nan
