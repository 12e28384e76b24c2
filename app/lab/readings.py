"""What can be read off one moment of an experiment: gradients, the surface, the outputs.

Each is a stack handed to the engine; each answers with what the API sends.
"""

from dataclasses import dataclass
from math import ceil, floor, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.data.datasets import DATASETS
from app.errors import FieldError, InvalidInput
from app.lab import fields
from app.lab.encoding import finite, typed
from app.lab.world import Samples, World
from app.nn.gradient_check import numeric_gradient
from app.nn.landscape import parameter_plane, surface
from app.nn.losses import Objective
from app.nn.stack import Pass, gradients, unpack
from app.nn.types import Array


@dataclass(frozen=True)
class Path:
    """Where the runs have been: `theta` (C, K, P) at `steps` (C,), with true losses `J` (C, K)."""

    steps: NDArray[np.int64]
    theta: Array
    J: Array


def parameters(world: World, theta: Array) -> dict[str, Any]:
    """W (layers of n_out × n_in) and b (layers of n_out) of one network, theta (P,)."""
    W, b = unpack(world.architecture, theta)
    return {"W": [finite(array) for array in W], "b": [finite(array) for array in b]}


def gradient(world: World, run: int, theta: Array) -> dict[str, Any]:
    """dJ/dW and dJ/db of the full training set at theta (P,), and the same by differences."""
    architecture, train = world.architecture, world.train
    name = world.runs[run].loss
    afford(2 * architecture.parameter_count * architecture.work(train.count), "/run")
    with np.errstate(all="ignore"):
        analytic = gradients(architecture, theta[np.newaxis], train.X, train.Y, Objective([name]))[
            0
        ]
        numeric = numeric_gradient(architecture, theta, train.X, train.Y, name)
        J = world.losses(np.tile(theta, (1, len(world.runs), 1)), train)[0, run]
        difference = np.max(np.abs(analytic - numeric))
    return {
        "loss": finite(J),
        **parameters(world, analytic),
        "numeric": parameters(world, numeric),
        "max_difference": finite(difference),
    }


def loss_surface(
    world: World,
    run: int,
    theta: Array,
    path: Path,
    axes: tuple[str, str],
    size: int,
    extent: tuple[float | None, float | None, float | None, float | None],
) -> dict[str, Any]:
    """J over two parameters around theta (K, P)'s network `run`, and every run's path."""
    architecture, train = world.architecture, world.train
    i, j = (axis(world, name, where) for name, where in zip(axes, "xy", strict=True))
    if i == j:
        detail = f"must be another parameter than x, {axes[0]}"
        raise InvalidInput([FieldError("/y", "conflict_fields", detail, {}, axes[1], "query")])
    afford(size * size * architecture.work(train.count), "/size", size, power=2)
    plane = parameter_plane(theta[run], i, j)
    x, y = plane.coordinates(path.theta)
    ranges = [
        _range(coordinate, *given, where)
        for coordinate, given, where in (
            (x, extent[:2], "x"),
            (y, extent[2:], "y"),
        )
    ]
    grid_x, grid_y = (np.linspace(low, high, size) for low, high in ranges)
    J = surface(architecture, plane, grid_x, grid_y, train.X, train.Y, world.runs[run].loss)
    return {
        "plane": "parameters",
        "axes": {"x": axes[0], "y": axes[1]},
        "x": grid_x.tolist(),
        "y": grid_y.tolist(),
        "z": typed(J),
        "path": [
            {
                "run": k,
                "steps": path.steps.tolist(),
                "x": finite(x[:, k]),
                "y": finite(y[:, k]),
                "z": finite(path.J[:, k]),
            }
            for k in range(len(world.runs))
        ],
    }


def axis(world: World, name: str, where: str, source: str = "query", at: str = "") -> int:
    """The place in theta of the parameter that an axis names."""
    try:
        return world.architecture.index(name)
    except KeyError:
        names = world.architecture.parameter_names
        shown = ", ".join([names[0], "…", names[-1]]) if len(names) > 8 else ", ".join(names)
        raise InvalidInput(
            [
                FieldError(
                    f"{at}/{where}",
                    "unknown_name",
                    f"must name a parameter of this network: {shown}",
                    {"names": list(names[:200])},
                    name[:80],
                    source,
                )
            ]
        ) from None


def _range(values: Array, low: float | None, high: float | None, where: str) -> tuple[float, float]:
    """How far an axis reaches: as asked for, or round the paths with a margin on round numbers."""
    known = values[np.isfinite(values)]
    least, most = (float(known.min()), float(known.max())) if len(known) else (-1.0, 1.0)
    half = max(1.0, 0.65 * (most - least))
    middle = 0.5 * (least + most)
    # Ends on a coarse grid of round numbers stay where they are while the paths move a little.
    unit = _round_unit(half)
    low = floor((middle - half) / unit) * unit if low is None else low
    high = ceil((middle + half) / unit) * unit if high is None else high
    if not low < high or high - low < 1e-9 * max(abs(low), abs(high)):
        allowed = {"minimum": low, "maximum": fields.PARAMETER.maximum, "exclusive_minimum": True}
        detail = f"must lie above {where}_min, {low:g}"
        raise InvalidInput(
            [FieldError(f"/{where}_max", "out_of_range", detail, allowed, high, "query")]
        )
    return low, high


def _round_unit(half: float) -> float:
    """A third or so of a half width, rounded down to 1, 2 or 5 times a power of ten."""
    rough = half / 3.0
    power = 10.0 ** floor(log10(rough))
    return power * max(digit for digit in (1.0, 2.0, 5.0) if digit * power <= rough * 1.0000001)


def outputs(world: World, run: int, theta: Array, size: int, neurons: bool) -> dict[str, Any]:
    """What the network theta (P,) and each of its neurons put out over the input plane.

    The first two inputs vary; any others stay at their training mean.
    """
    architecture = world.architecture
    raw = world.train.inputs
    planar = len(raw) >= 2
    count = size * size if planar else size
    afford(architecture.work(count), "/size", size, power=2 if planar else 1)
    ranges = extent(world)
    x = np.linspace(*ranges[0], size)
    inputs = np.tile(raw.mean(axis=1, keepdims=True), (1, count))
    answer: dict[str, Any] = {"inputs": list(input_names(world)[:2]), "x": x.tolist()}
    if planar:
        y = np.linspace(*ranges[1], size)
        inputs[0], inputs[1] = np.tile(x, size), np.repeat(y, size)
        answer["y"] = y.tolist()
    else:
        inputs[0] = x
    shape = (size, size) if planar else (size,)
    room = Pass(architecture, theta[np.newaxis].astype(np.float32), count)
    with np.errstate(all="ignore"):
        final = room.forward(world.features_of(inputs).astype(np.float32))[0]
    answer["output"] = typed(final.reshape(*(shape if len(final) == 1 else (len(final), *shape))))
    if neurons:
        answer["neurons"] = [
            [typed(unit.reshape(shape)) for unit in layer[0]] for layer in room.neurons
        ]
    return answer


def input_names(world: World) -> tuple[str, ...]:
    """The raw inputs' names, x1 … xn."""
    return tuple(f"x{index}" for index in range(1, len(world.train.inputs) + 1))


def extent(world: World) -> list[tuple[float, float]]:
    """For each raw input, the interval in which it is drawn."""
    count = len(world.train.inputs)
    if world.spec.data.name in DATASETS:
        dataset = DATASETS[world.spec.data.name]
        return [dataset.domain] * count
    parts = [world.train.inputs] + ([world.test.inputs] if world.test is not None else [])
    every = np.concatenate(parts, axis=1)
    ranges = []
    for row in every:
        low, high = float(row.min()), float(row.max())
        margin = 0.1 * (high - low) or max(1.0, 0.1 * abs(low))
        ranges.append((low - margin, high + margin))
    return ranges


def samples(world: World) -> dict[str, Any]:
    """The points themselves, for drawing: raw inputs in rows, and targets."""
    dataset = DATASETS.get(world.spec.data.name)
    return {
        "inputs": list(input_names(world)),
        "task": dataset.task if dataset is not None else "custom",
        "extent": [list(pair) for pair in extent(world)],
        "train": _points(world.train),
        "test": _points(world.test),
    }


def _points(part: Samples | None) -> dict[str, Any]:
    if part is None:
        return {"x": [], "y": []}
    targets = part.Y[0] if len(part.Y) == 1 else part.Y.T
    return {"x": part.inputs.T.tolist(), "y": targets.tolist()}


def afford(
    work: float, at: str, received: int | None = None, power: int = 1, source: str = "query"
) -> None:
    """Refuses what would keep the server from everybody else for longer than a few seconds."""
    if work <= fields.WORK_LIMIT:
        return
    allowed: dict[str, Any] = {}
    detail = "is too much work for a network and data of this size"
    if received is not None:
        most = floor(received * (fields.WORK_LIMIT / work) ** (1.0 / power))
        allowed = {"maximum": most}
        detail += f"; at most {most}"
    raise InvalidInput([FieldError(at, "too_much_work", detail, allowed, received, source)])
