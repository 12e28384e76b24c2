"""What is measured of a card's set-up, and which answer is right by it.

Everything is read off the training itself, by the code that serves the page, so that a lesson
claims nothing that a learner cannot see.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from typing_extensions import TypedDict

from app.lab.experiment import training
from app.lab.experiment.setup import Setup, begin, build, creation_work, drawing_work
from app.lab.experiment.state import Pause, TrainState, nothing
from app.lab.json_arrays import finite
from app.lab.lessons.schema import Card, Measure, Numeric, One, Order, Prediction, Shape
from app.lab.spec.parse import Run, SampledSpec
from app.lab.spec.ranges import check_work
from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import extremes, first_direction
from app.nn.similarity import first_alike
from app.nn.stack import Architecture, Pass
from app.nn.types import Array

CURVE_POINTS = 101
"""A curve that is compared with a sketch has at most so many points."""
EXACT = 0.02
"""A stated number agrees with what is measured when they are so near, as a share of the axis."""
_PRODUCTS, _TOLERANCE = 200, 1e-3
_MOST_DRAWN = 200_000  # parameters of the draws between two pauses

Answer = int | float | list[int] | None


class Measured(TypedDict):
    """What was measured of a card: null where there is no such number.

    `values` are the numbers of every run that was asked for, or the points of a curve, and then
    `steps` says where they are. `answer` is the prediction that is right; null for a curve.
    """

    values: list[float | None]
    steps: list[int] | None
    answer: int | float | list[int] | None


@dataclass(frozen=True)
class _Trained:
    """A setup at a step, and J (T + 1, K) of all steps up to it."""

    setup: Setup
    state: TrainState
    J: Array

    def theta(self, run: int) -> Array:
        return np.ascontiguousarray(self.state.theta[run])


def measured(card: Card, sampled: SampledSpec, pause: Pause = nothing) -> Measured:
    """What is measured of a card that is not about a study; `pause` is called now and then.

    Raises InvalidInput where that is too much work.
    """
    measure = card.measure
    check_work(creation_work(sampled.spec), "/card/setup", source="body")
    if measure.quantity == "born_dead":
        return _answered(card, _born_dead(sampled, _runs(measure), measure.seeds, pause))
    step = card.steps if measure.step is None else measure.step
    setup = build(sampled)
    check_work(step * setup.step_work, "/card/steps", step, source="body")
    if measure.quantity in _OF_HESSIAN:
        work = 4 * _PRODUCTS * setup.architecture.cost(setup.train.count) * len(_runs(measure))
        check_work(work, "/card/measure", source="body")
    state, first = training.begin(setup)
    state, segments = training.advance(setup, state, (), step, None, pause)
    J = np.concatenate([first.train, *(segment.train for segment in segments)])
    trained = _Trained(setup, state, J)
    if card.predict.kind == "sketch":
        steps = np.unique(np.linspace(0, step, min(CURVE_POINTS, step + 1)).astype(int))
        curve: Any = finite(J[steps, measure.run])
        return {"values": curve, "steps": steps.tolist(), "answer": None}
    quantity = QUANTITIES[measure.quantity]
    with np.errstate(all="ignore"):
        if measure.quantity == "shape":
            shape = shape_of(setup.architecture, str(measure.of))
            return _answered(card, [float(size) for size in shape])
        values: list[float | None] = []
        for run in _runs(measure):
            values.append(quantity(trained, measure, run))
            pause()
        return _answered(card, values)


def measured_of_study(card: Card, result: Mapping[str, Any]) -> Measured:
    """What is measured of a card about many seeds, in the answer about its study."""
    (cell,) = result["cells"]
    values = [_of_study(card.measure, cell, run) for run in _runs(card.measure)]
    return _answered(card, values)


def _answered(card: Card, values: list[float | None]) -> Measured:
    whole = [None if value is None or not np.isfinite(value) else float(value) for value in values]
    return {"values": whole, "steps": None, "answer": right_answer(card.predict, whole)}


def right_answer(predict: Prediction, values: list[float | None]) -> Answer:
    """The prediction that what was measured makes right; None where none can be."""
    if isinstance(predict, Order):
        numbers = [np.inf if value is None else value for value in values]
        return sorted(range(len(numbers)), key=lambda place: numbers[place])
    if isinstance(predict, Shape):
        return [int(value) for value in values if value is not None]
    if isinstance(predict, One):
        return next((k for k, each in enumerate(predict.options) if _holds(each, values[0])), None)
    return values[0] if isinstance(predict, Numeric) else None


def agrees(predict: Prediction, answer: Answer) -> bool:
    """Whether the answer that a lesson states is the one that was measured."""
    if isinstance(predict, Numeric):
        if not isinstance(answer, int | float):
            return False
        return abs(place_on_axis(predict, predict.answer) - place_on_axis(predict, answer)) <= EXACT
    return isinstance(predict, Order | Shape | One) and predict.answer == answer


def place_on_axis(axis: Numeric, value: float) -> float:
    """Where a number stands on an axis, from 0 to 1."""
    low, high = axis.low, axis.high
    if axis.scale == "log":
        low, high, value = np.log([low, high, max(value, 1e-300)]).tolist()
    return (value - low) / (high - low)


def _holds(option: Any, value: float | None) -> bool:
    """Whether an option is right; one without bounds is, where nothing could be measured."""
    if option.low is None and option.high is None:
        return value is None
    if value is None:
        return False
    return (option.low is None or option.low <= value) and (
        option.high is None or value < option.high
    )


def _runs(measure: Measure) -> list[int]:
    return [measure.run] if measure.runs is None else list(measure.runs)


def shape_of(architecture: Architecture, name: str) -> tuple[int, int]:
    """The shape of W or b of a layer, by its name."""
    rows, columns = architecture.shapes[int(name[1:]) - 1]
    return (rows, columns) if name[0] == "W" else (rows, 1)


def _loss(trained: _Trained, measure: Measure, run: int) -> float:
    return float(trained.J[-1, run])


def _steps_to(trained: _Trained, measure: Measure, run: int) -> float | None:
    """The first step at which J has come down to the target."""
    there = np.flatnonzero(trained.J[:, run] <= float(measure.target or 0.0))
    return float(there[0]) if len(there) else None


def _rises(trained: _Trained, measure: Measure, run: int) -> float:
    return float((np.diff(trained.J[:, run]) > 0.0).sum())


def _distinct(trained: _Trained, measure: Measure, run: int) -> float:
    """How many neurons of a layer are different from all before them."""
    W, b = trained.setup.architecture.views(trained.theta(run)[np.newaxis])[measure.layer - 1]
    return float(len(np.unique(first_alike(np.concatenate([W[0], b[0]], axis=1)))))


def _parameter(trained: _Trained, measure: Measure, run: int) -> float:
    return float(trained.theta(run)[trained.setup.architecture.index(str(measure.of))])


def _gradient(trained: _Trained, measure: Measure, run: int) -> float:
    found = training.gradient_of(trained.setup, (), trained.state, [run])
    return float(found[0, trained.setup.architecture.index(str(measure.of))])


def _sharpness(trained: _Trained, measure: Measure, run: int) -> float | None:
    """The largest eigenvalue of the Hessian of J."""
    setup, theta = trained.setup, trained.theta(run)
    X, Y, loss = setup.train.X, setup.train.Y, setup.runs[run].loss
    try:
        hessian = Hessian(setup.architecture, theta, X, Y, loss)
        start = first_direction(len(theta))
        found = extremes(hessian.product, start, _PRODUCTS, tolerance=_TOLERANCE)
    except FloatingPointError:
        return None
    return found.largest


def _bound(trained: _Trained, measure: Measure, run: int) -> float | None:
    largest = _sharpness(trained, measure, run)
    return 2.0 / largest if largest and largest > 0.0 else None


def _layer_factor(trained: _Trained, measure: Measure, run: int) -> float | None:
    """By what the size √mean(A²) is multiplied from hidden layer to hidden layer, on average."""
    setup = trained.setup
    workspace = Pass(setup.architecture, trained.theta(run)[np.newaxis], setup.train.count)
    workspace.forward(setup.train.X)
    sizes = [float(np.sqrt(np.mean(A * A))) for A in workspace.neurons[:-1]]
    if len(sizes) < 2 or not sizes[0] > 0.0:
        return None
    return float((sizes[-1] / sizes[0]) ** (1.0 / (len(sizes) - 1)))


def _born_dead(
    sampled: SampledSpec, runs: list[int], seeds: int, pause: Pause
) -> list[float | None]:
    """The percentage of draws of each run's recipe whose output is the same for all inputs."""
    setup = build(sampled)
    architecture, X = setup.architecture, setup.train.X
    samples = setup.train.count
    work = sum(
        drawing_work(architecture, setup.runs[run].recipe, samples) + architecture.cost(samples)
        for run in runs
    )
    check_work(seeds * work, "/card/measure/seeds", seeds, source="body")
    return [_share_dead(architecture, setup.runs[run], X, seeds, pause) for run in runs]


def _share_dead(architecture: Architecture, run: Run, X: Array, seeds: int, pause: Pause) -> float:
    dead = 0
    block = max(1, _MOST_DRAWN // (architecture.parameter_count + X.shape[1] * 64))
    for start in range(0, seeds, block):
        drawn = range(run.seed + start, run.seed + min(start + block, seeds))
        theta = np.stack([begin(architecture, replace(run, seed=seed), X) for seed in drawn])
        outputs = Pass(architecture, theta, X.shape[1]).forward(X)
        dead += int((np.ptp(outputs, axis=(1, 2)) == 0.0).sum())
        pause()
    return 100.0 * dead / seeds


_OF_HESSIAN = ("sharpness", "bound")
QUANTITIES: dict[str, Callable[[_Trained, Measure, int], float | None]] = {
    "shape": _loss,  # of the network, not of a run
    "loss": _loss,
    "steps_to": _steps_to,
    "rises": _rises,
    "distinct": _distinct,
    "parameter": _parameter,
    "gradient": _gradient,
    "sharpness": _sharpness,
    "bound": _bound,
    "layer_factor": _layer_factor,
}
"""How each quantity is read off a run that was trained."""


def _of_study(measure: Measure, cell: Mapping[str, Any], run: int) -> float | None:
    """A quantity of one run over many seeds."""
    if measure.quantity == "factor":
        return _factor(cell, run, measure.than)
    recipe = cell["recipes"][run]
    found = recipe["steps_to_target"]
    if found is None or not recipe["seeds"]:
        return None
    if measure.quantity == "share":
        return float(100.0 * found["reached"] / recipe["seeds"])
    return None if found["median"] is None else float(found["median"])


def _factor(cell: Mapping[str, Any], run: int, than: int) -> float | None:
    """How many times as many steps `run` takes as `than`, median of the seeds where both arrive."""
    for pair in cell["pairs"]:
        factor = pair["factor"]["median"]
        if factor is None:
            continue
        if (pair["a"], pair["b"]) == (than, run):
            return float(factor)
        if (pair["a"], pair["b"]) == (run, than):
            return 1.0 / float(factor)
    return None
