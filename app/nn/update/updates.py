"""From a gradient to the next parameters: penalty, clipping, schedule, optimizer, in this order.

Each network of a stack has its own method. Networks whose optimizers have the same name are
updated together, and so are those with the same regularizer. The state of each is a row in arrays
that all share, under names such as `adam.mean`, and is zero at the start.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from app.choices import Chosen
from app.nn.stack import Architecture
from app.nn.types import Array
from app.nn.update.clipping import CLIPPINGS, clip
from app.nn.update.optimizers import OPTIMIZERS, State
from app.nn.update.regularizers import REGULARIZERS, die
from app.nn.update.schedules import SCHEDULES

DEAD = "l1_dying.dead"
"""The name under which a state marks links that an L1 has killed, by 1 (K, P)."""
Rows = list[int] | slice


@dataclass(frozen=True)
class Method:
    """Training method of a network; its schedule counts from step `since`."""

    optimizer: Chosen
    schedule: Chosen
    clipping: Chosen
    regularizer: Chosen
    since: int = 0

    @property
    def plain(self) -> bool:
        """Whether every update is the gradient of J times the learning rate, which is not 0."""
        return (
            self.optimizer.name == "gradient_descent"
            and self.schedule.name == "constant"
            and self.optimizer.options["learning_rate"] > 0.0
            and not CLIPPINGS[self.clipping.name].limited
            and REGULARIZERS[self.regularizer.name].price is None
        )

    def rates(self, steps: Array) -> Array:
        """The learning rates (T,) of the updates that follow these steps (T,)."""
        rate: float = self.optimizer.options["learning_rate"]
        if self.schedule.name == "constant":
            return np.full(steps.shape, rate)
        factor = SCHEDULES[self.schedule.name].factor
        along = np.maximum(steps - self.since, 0.0)
        return rate * factor(along, self.schedule.options)

    def rate(self, step: int) -> float:
        """The learning rate of the update that follows a step."""
        if self.schedule.name == "constant":
            return float(self.optimizer.options["learning_rate"])
        return float(self.rates(np.array([float(step)]))[0])


class StackUpdate:
    """The update of a stack by each network's method."""

    def __init__(self, architecture: Architecture, methods: Sequence[Method]) -> None:
        self._methods = methods
        self._weights = architecture.weights
        self._optimizers = [
            (name, rows, _columns([method.optimizer for method in chosen]))
            for name, rows, chosen in _groups(methods, [m.optimizer.name for m in methods])
        ]
        self._penalties: list[tuple[str, Rows, Array]] = []
        for name, rows, chosen in _groups(methods, [m.regularizer.name for m in methods]):
            if REGULARIZERS[name].price is not None:
                rate = np.array([[method.regularizer.options["rate"]] for method in chosen])
                self._penalties.append((name, rows, rate * self._weights))
        limits = [m.clipping.options.get("max_norm", np.inf) for m in methods]
        limited = any(CLIPPINGS[method.clipping.name].limited for method in methods)
        self._limits = np.array(limits)[:, np.newaxis] if limited else None

    def state(self, theta: Array, known: State | None = None) -> State:
        """The state of these methods for theta (K, P): zeros, except for the arrays `known`."""
        wanted: State = {}
        for name, _, _ in self._optimizers:
            begun = OPTIMIZERS[name].init(theta)
            wanted |= {f"{name}.{key}": array for key, array in begun.items()}
        if any(REGULARIZERS[name].dying for name, _, _ in self._penalties):
            wanted[DEAD] = np.zeros_like(theta)
        for name in wanted.keys() & (known or {}).keys():
            wanted[name] = (known or {})[name].copy()
        return wanted

    def rates(self, first: int, last: int) -> Array:
        """The learning rates (T, K, 1) of the updates that follow the steps first … last - 1."""
        steps = np.arange(first, last, dtype=np.float64)
        found = np.empty((len(steps), len(self._methods), 1))
        for k, method in enumerate(self._methods):
            found[:, k, 0] = method.rates(steps)
        return found

    def penalty(self, theta: Array) -> Array:
        """λ Σ R(w) (…, K) of stacks theta (…, K, P)."""
        found = np.zeros(theta.shape[:-1])
        for name, rows, amount in self._penalties:
            price = REGULARIZERS[name].price
            if price is not None:
                found[..., rows] = np.add.reduce(price(theta[..., rows, :]) * amount, axis=-1)
        return found

    def step(self, gradient: Array, theta: Array, state: State, rates: Array) -> State:
        """Move theta (K, P), in place, by one update at rates (K, 1), and return the next state.

        The gradient is overwritten.
        """
        dying: list[tuple[Rows, Array, Array]] = []
        for name, rows, amount in self._penalties:
            derivative = REGULARIZERS[name].derivative
            if derivative is not None:
                gradient[rows] += amount * derivative(theta[rows])
            else:
                dying.append((rows, amount, theta[rows].copy()))
        if self._limits is not None:
            clip(gradient, self._limits)
        state = self._optimize(gradient, theta, state, rates)
        for rows, amount, before in dying:
            dead = state[DEAD].copy()
            theta[rows], dead[rows] = die(theta[rows], before, rates[rows] * amount, dead[rows])
            state = {**state, DEAD: dead}
        return state

    def _optimize(self, gradient: Array, theta: Array, state: State, rates: Array) -> State:
        later = dict(state)
        for name, rows, options in self._optimizers:
            prefix = f"{name}."
            own = {
                key.removeprefix(prefix): array[rows]
                for key, array in state.items()
                if key.startswith(prefix)
            }
            chosen = {**options, "learning_rate": rates[rows]}
            theta[rows], own = OPTIMIZERS[name].update(gradient[rows], own, theta[rows], chosen)
            for key, array in own.items():
                if isinstance(rows, slice):
                    later[prefix + key] = array
                else:
                    whole = later[prefix + key].copy()
                    whole[rows] = array
                    later[prefix + key] = whole
        return later


def begin_anew(state: State, run: int, prefix: str = "") -> State:
    """The state with one network's rows reset to zero, in arrays whose names begin so."""
    fresh = {name: array.copy() for name, array in state.items()}
    for name, array in fresh.items():
        if name.startswith(prefix):
            array[run] = 0.0
    return fresh


def _groups(
    methods: Sequence[Method], names: Sequence[str]
) -> list[tuple[str, Rows, list[Method]]]:
    """Groups of networks with the same choice: its name, their indices, and their methods."""
    distinct = list(dict.fromkeys(names))
    if len(distinct) == 1:
        return [(distinct[0], slice(None), list(methods))]
    found: list[tuple[str, Rows, list[Method]]] = []
    for name in distinct:
        rows = [k for k, other in enumerate(names) if other == name]
        found.append((name, rows, [methods[k] for k in rows]))
    return found


def _columns(chosen: Sequence[Chosen]) -> Mapping[str, Array]:
    """Each option as a column (K, 1)."""
    return {
        name: np.array([[choice.options[name]] for choice in chosen]) for name in chosen[0].options
    }
