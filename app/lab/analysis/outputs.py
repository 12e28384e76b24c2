"""The samples of an experiment, a network's outputs over the input plane, and its gradient."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NotRequired

import numpy as np
from typing_extensions import TypedDict

from app.errors import FieldError, InvalidInput
from app.lab.experiment.setup import Samples, Setup
from app.lab.experiment.state import TrainState
from app.lab.json_arrays import Number, TypedArray, finite, typed, typed_rows
from app.lab.spec.arrays import LayerArrays, parameters
from app.lab.spec.dataset import DataTask, target_scale
from app.lab.spec.ranges import check_answer, check_work
from app.nn.gradient_check import numeric_gradient
from app.nn.losses import Objective
from app.nn.stack import Pass, gradients
from app.nn.types import Array

COLOUR_BITS = 14
"""Significant bits of an output that is seen as a colour: its error is below 1/16,000 of it."""
_PASS_BYTES = 1 << 24
"""The activations of so many points are held at a time, while a map is computed."""
_HUGE = 1e30
"""Parameters that are larger, as a run's may become, show no other map, and sums stay finite."""


class Gradients(LayerArrays):
    """dJ/dW and dJ/db of a run on the full training set, and the same by central differences.

    `max_difference` is the largest absolute difference between the two.
    """

    run: int
    step: int
    loss: Number
    numeric: LayerArrays
    max_difference: Number


@dataclass(frozen=True)
class InputPlane:
    """The two raw inputs that vary in a map, counted from 0; any others stay at their mean.

    Left out, they are the first two inputs that are not asked for by the other axis.
    """

    across: int | None = None
    up: int | None = None

    def axes(self, inputs: int, source: str, at: str = "") -> tuple[int, ...]:
        """Which of so many inputs vary: two of them, or the only one.

        Raises InvalidInput where there is no such input, or where both are the same; `at` is the
        pointer to where they stand in the body or the query that is the `source`.
        """
        for name, asked in (("across", self.across), ("up", self.up)):
            if asked is not None and asked >= inputs:
                allowed = {"minimum": 0, "maximum": inputs - 1}
                detail = f"must be from 0 to {inputs - 1}"
                raise InvalidInput(
                    [FieldError(f"{at}/{name}", "out_of_range", detail, allowed, asked, source)]
                )
        if inputs == 1:
            return (0,)
        if self.up is not None and self.across == self.up:
            detail = "must be another input than across"
            raise InvalidInput(
                [FieldError(f"{at}/up", "conflict_fields", detail, {}, self.up, source)]
            )
        across = self.across if self.across is not None else int(self.up == 0)
        return across, self.up if self.up is not None else int(across == 0)


@dataclass(frozen=True)
class MapRequest:
    """What is asked of a network's outputs on a grid of `size` by `size` over a plane of inputs.

    With `neurons` every neuron has a map, with `neuron` one of them has, named by its bias; with
    `samples` the outputs at all samples are told.
    """

    size: int
    neurons: bool = False
    plane: InputPlane = InputPlane()
    neuron: str | None = None
    samples: bool = False
    source: str = "query"
    at: str = ""


class SampleOutputs(TypedDict):
    """The outputs at every sample: (n,), or (n_y, n) of several units; null without a set."""

    train: TypedArray
    test: TypedArray | None


class OutputMaps(TypedDict):
    """A network's outputs on a grid of the input plane: rows follow y, columns x.

    With one input there is no y, and a map is a line. `output` has the shape (y, x), or with
    several output units (n_y, y, x); `neurons` has a map for each neuron of each layer, `neuron`
    is that of one. `inputs` are the names of the inputs that vary, `axes` which ones they are,
    counted from 0, and `held` is where every input is that does not vary: its training mean.
    """

    inputs: list[str]
    axes: list[int]
    held: list[float]
    x: list[float]
    y: NotRequired[list[float]]
    output: TypedArray
    neurons: NotRequired[list[list[TypedArray]]]
    neuron: NotRequired[TypedArray]
    samples: NotRequired[SampleOutputs]


class Outputs(OutputMaps):
    """The outputs of a run over the input plane."""

    run: int
    step: int


class Points(TypedDict):
    """Samples: raw inputs `x` (n, n_raw), and targets `y` (n,), or (n, n_y) of several outputs."""

    x: list[list[float]]
    y: list[float] | list[list[float]]


class TargetScale(TypedDict):
    """How targets were standardized: center + scale · y is a target in its own units, (n_y,)."""

    center: list[float]
    scale: list[float]


class DataPoints(TypedDict):
    """The points of a data set, and what they are called.

    The task is `custom` where targets may be numbers or classes; `extent` is the interval
    (low, high) in which each raw input is drawn.
    """

    inputs: list[str]
    target: str
    target_scale: TargetScale | None
    classes: list[str] | None
    task: DataTask
    extent: list[list[float]]
    train: Points
    test: Points


COPIED = 32
"""What it takes to copy a parameter, and to read it once, in multiplications of large matrices."""


def gradient(
    setup: Setup, state: TrainState, run: int, pause: Callable[[], None] = lambda: None
) -> Gradients:
    """The gradient of a run that exists on the full training set, and its numeric check.

    `pause` is called between the parts of the check. Raises InvalidInput where that would take too
    long.
    """
    architecture, train, theta = setup.architecture, setup.train, state.theta[run]
    name = setup.runs[run].loss
    count = architecture.parameter_count
    check_work(2 * count * (architecture.cost(train.count) + COPIED * count), "/run")
    with np.errstate(all="ignore"):
        analytic = gradients(architecture, theta[np.newaxis], train.X, train.Y, Objective([name]))[
            0
        ]
        numeric = numeric_gradient(architecture, theta, train.X, train.Y, name, pause)
        J = setup.losses(np.tile(theta, (1, len(setup.runs), 1)), train)[0, run]
        difference = np.max(np.abs(analytic - numeric))
    return {
        "run": run,
        "step": state.step,
        "loss": finite(J),
        **parameters(architecture, analytic),
        "numeric": parameters(architecture, numeric),
        "max_difference": finite(difference),
    }


def outputs(setup: Setup, state: TrainState, run: int, asked: MapRequest) -> Outputs:
    """The outputs of a run that exists over the input plane, and what else is asked for.

    Raises InvalidInput for inputs or a neuron that there are not, or where it would take too long.
    """
    theta = state.theta[run]
    maps = output_maps(setup, theta, asked)
    if asked.samples:
        maps["samples"] = _sample_outputs(setup, theta)
    return {"run": run, "step": state.step, **maps}


def output_maps(setup: Setup, theta: Array, asked: MapRequest) -> OutputMaps:
    """The outputs of the network theta (P,) over the input plane, and if wanted of its neurons.

    Two inputs vary; any others stay at their training mean. Raises InvalidInput for inputs or a
    neuron that there are not, or where it would take too long.
    """
    size = asked.size
    axes = check_maps(setup, asked)
    wanted = None if asked.neuron is None else _neuron_of(setup, asked.neuron)
    planar = len(axes) == 2
    grid = setup.kept(("grid", axes, size), lambda: _grid(setup, axes, size))
    shape = (size, size) if planar else (size,)
    final, neurons = _on_grid(setup, theta, grid.X, wanted, asked.neurons)
    shaped = final.reshape(*(shape if len(final) == 1 else (len(final), *shape)))
    maps: OutputMaps = {
        "inputs": grid.inputs,
        "axes": list(axes),
        "held": grid.held,
        "x": grid.x,
        "output": typed(shaped, COLOUR_BITS),
    }
    if grid.y is not None:
        maps["y"] = grid.y
    if wanted is not None:
        layer, row = wanted if asked.neurons else (0, 0)
        maps["neuron"] = typed(neurons[layer][row].reshape(shape), COLOUR_BITS)
    if asked.neurons:
        maps["neurons"] = [
            typed_rows(layer.reshape(len(layer), *shape), COLOUR_BITS) for layer in neurons
        ]
    return maps


@dataclass(frozen=True)
class _Grid:
    """A grid of points of the input plane: X (n_x, n) as the network takes them, in float32."""

    inputs: list[str]
    held: list[float]
    x: list[float]
    y: list[float] | None
    X: Array

    @property
    def nbytes(self) -> int:
        return self.X.nbytes + 64 * len(self.x)


def _grid(setup: Setup, axes: tuple[int, ...], size: int) -> _Grid:
    """The grid over one or two inputs; the others stay at their training mean."""
    ranges, names = extent(setup), input_names(setup)
    held = setup.train.inputs.mean(axis=1, keepdims=True)
    inputs = np.tile(held, (1, size ** len(axes)))
    x = np.linspace(*ranges[axes[0]], size)
    y = np.linspace(*ranges[axes[1]], size) if len(axes) == 2 else None
    if y is None:
        inputs[0] = x
    else:
        inputs[axes[0]], inputs[axes[1]] = np.tile(x, size), np.repeat(y, size)
    return _Grid(
        [names[axis] for axis in axes],
        held[:, 0].tolist(),
        x.tolist(),
        None if y is None else y.tolist(),
        setup.features_of(inputs).astype(np.float32),
    )


def check_maps(setup: Setup, asked: MapRequest) -> tuple[int, ...]:
    """The inputs that vary in the maps, (2,) or (1,).

    Raises InvalidInput for inputs that there are not, or where maps would take too long or be too
    large.
    """
    axes = asked.plane.axes(len(setup.train.inputs), asked.source, asked.at)
    power, at = len(axes), f"{asked.at}/size"
    count = asked.size**power
    check_work(setup.architecture.cost(count), at, asked.size, power, asked.source)
    check_answer(_map_bytes(setup, asked, count), at, asked.size, power, asked.source)
    return axes


def _map_bytes(setup: Setup, asked: MapRequest, points: int) -> float:
    """Bytes of the maps in an answer: float32 in base64, at so many points."""
    shapes = setup.architecture.shapes
    maps = shapes[-1][0] + (asked.neuron is not None)
    if asked.neurons:
        maps += sum(units for units, _ in shapes)
    return maps * points * 4 * 4 / 3


def _on_grid(
    setup: Setup, theta: Array, X: Array, wanted: tuple[int, int] | None, every: bool
) -> tuple[Array, list[Array]]:
    """A network's outputs (n_y, n) in float32 at inputs X (n_x, n), and those of neurons.

    These are (units, n) of each layer where `every` one is asked for, else (1, n) of the `wanted`
    one. The points go through the network in parts, so that memory does not grow with them.
    """
    architecture, count = setup.architecture, X.shape[1]
    small = np.clip(theta[np.newaxis], -_HUGE, _HUGE).astype(np.float32)
    units = sum(units for units, _ in architecture.shapes)
    part = max(1, _PASS_BYTES // (4 * units))
    finals: list[Array] = []
    seen: list[list[Array]] = []
    with np.errstate(all="ignore"):
        for start in range(0, count, part):
            points = np.ascontiguousarray(X[:, start : start + part])
            workspace = Pass(architecture, small, points.shape[1])
            finals.append(workspace.forward(points)[0])
            if every:
                seen.append([layer[0] for layer in workspace.neurons])
            elif wanted is not None:
                seen.append([workspace.neurons[wanted[0]][0, wanted[1]][np.newaxis].copy()])
    layers = [np.concatenate(parts, axis=1) for parts in zip(*seen, strict=True)]
    return np.concatenate(finals, axis=1), layers


def _neuron_of(setup: Setup, name: str) -> tuple[int, int]:
    """Layer and row, from 0, of the neuron with the bias of this name. Raises InvalidInput."""
    places = {
        f"b{layer + 1}[{row}]": (layer, row)
        for layer, (units, _) in enumerate(setup.architecture.shapes)
        for row in range(units)
    }
    if name not in places:
        detail = f"must be the bias of a neuron: b1[0], …, {list(places)[-1]}"
        allowed = {"names": list(places)[:200]}
        raise InvalidInput([FieldError("/neuron", "unknown_name", detail, allowed, name, "query")])
    return places[name]


def _sample_outputs(setup: Setup, theta: Array) -> SampleOutputs:
    def of(samples: Samples) -> TypedArray:
        with np.errstate(all="ignore"):
            found = Pass(setup.architecture, theta[np.newaxis], samples.count).forward(samples.X)[0]
        return typed(found[0] if len(found) == 1 else found)

    return {
        "train": of(setup.train),
        "test": None if setup.test is None else of(setup.test),
    }


def input_names(setup: Setup) -> tuple[str, ...]:
    """The raw inputs' names: x1 … xn, or those of a learner's table."""
    return setup.spec.data.names


def extent(setup: Setup) -> list[tuple[float, float]]:
    """For each raw input, the interval in which it is drawn."""
    count = len(setup.train.inputs)
    domain = setup.spec.data.domain
    if domain is not None:
        return [domain] * count
    parts = [setup.train.inputs] + ([setup.test.inputs] if setup.test is not None else [])
    every = np.concatenate(parts, axis=1)
    ranges = []
    for row in every:
        low, high = float(row.min()), float(row.max())
        margin = 0.1 * (high - low) or max(1.0, 0.1 * abs(low))
        ranges.append((low - margin, high + margin))
    return ranges


def data_points(setup: Setup) -> DataPoints:
    """The samples of an experiment as points to draw."""
    data = setup.spec.data
    return {
        "inputs": list(input_names(setup)),
        "target": data.target_name or "y",
        "target_scale": _target_scale(setup),
        "classes": None if data.classes is None else list(data.classes),
        "task": data.task,
        "extent": [list(pair) for pair in extent(setup)],
        "train": _points(setup.train),
        "test": _points(setup.test),
    }


def _target_scale(setup: Setup) -> TargetScale | None:
    found = target_scale(setup.spec.data)
    if found is None:
        return None
    center, scale = found
    return {"center": center[:, 0].tolist(), "scale": scale[:, 0].tolist()}


def _points(part: Samples | None) -> Points:
    if part is None:
        return {"x": [], "y": []}
    targets = part.Y[0] if len(part.Y) == 1 else part.Y.T
    return {"x": part.inputs.T.tolist(), "y": targets.tolist()}
