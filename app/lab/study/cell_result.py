"""The statistics of one cell of a study, from the numbers of its runs."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.json_arrays import finite
from app.lab.study.answers import (
    CellResult,
    FinalNumbers,
    PairResult,
    QuantileCurves,
    RecipeResult,
    RecipeShare,
    ShareCurve,
    StepsToTarget,
    VerdictResult,
    by_seed,
)
from app.lab.study.pairs import Comparison, compare_all
from app.lab.study.plan import StudyPlan
from app.lab.study.statistics import Quantiles, median_steps, quantiles, shares_reached
from app.lab.study.targets import Descents, first_step
from app.lab.study.verdict import RecipeFinding, verdict
from app.nn.types import Array

_COLUMNS = 32  # recorded steps whose quantiles are computed at a time

Arrays = Mapping[str, NDArray[Any]]
Yield = Callable[[], None]
"""Called between parts of a computation: lets those that wait go first."""


@dataclass(frozen=True)
class Outcomes:
    """Where the runs of one recipe in one cell ended, by seed (S,), at ascending offsets.

    `reached` is the step at which each reached the target or -1, None without a target.
    """

    offsets: NDArray[np.int64]
    reached: NDArray[np.int64] | None
    diverged: NDArray[np.int64]
    train: Array
    test: Array | None
    accuracy: Array | None


@dataclass(frozen=True)
class LossCurves:
    """Quantiles of one recipe's training and test loss."""

    train: QuantileCurves
    test: QuantileCurves | None


def outcomes(
    plan: StudyPlan, blocks: Iterable[tuple[int, Arrays]], target: float | None
) -> Outcomes:
    """The outcomes in some blocks, each with the offset of its first seed.

    Raises ValueError for a target that is neither the plan's nor a level.
    """
    parts: dict[str, list[NDArray[Any]]] = {
        name: [] for name in ("offsets", "reached", "train", "test", "accuracy", "diverged")
    }
    for first, arrays in blocks:
        parts["offsets"].append(first + np.arange(len(arrays["train"])))
        if target is not None:
            parts["reached"].append(_reached(plan, arrays, target))
        for name in ("train", "test", "accuracy", "diverged"):
            if name in arrays:
                parts[name].append(arrays[name])
    found = {name: np.concatenate(each) if each else None for name, each in parts.items()}
    none: NDArray[Any] = np.empty(0, dtype=np.int64)
    return Outcomes(
        offsets=none if found["offsets"] is None else found["offsets"],
        reached=none if found["reached"] is None and target is not None else found["reached"],
        diverged=none if found["diverged"] is None else found["diverged"],
        train=none.astype(float) if found["train"] is None else found["train"],
        test=found["test"],
        accuracy=found["accuracy"],
    )


def _reached(plan: StudyPlan, arrays: Arrays, target: float) -> NDArray[np.int64]:
    if target == plan.target:
        return arrays["reached"].astype(np.int64)
    return first_step(Descents(arrays["counts"], arrays["levels"], arrays["steps"]), target)


def loss_curves(
    plan: StudyPlan, blocks: Iterator[tuple[int, Arrays]], yield_: Yield
) -> LossCurves | None:
    """The quantiles of one recipe's losses, read once; None without any."""
    trains, tests = [], []
    for _, arrays in blocks:
        trains.append(arrays["train"])
        if "test" in arrays:
            tests.append(arrays["test"])
    if not trains:
        return None
    train = _quantiles(plan, trains, yield_)
    trains.clear()
    return LossCurves(train, _quantiles(plan, tests, yield_) if tests else None)


def _quantiles(plan: StudyPlan, parts: Sequence[Array], yield_: Yield) -> QuantileCurves:
    """Quantiles of losses, in parts (S, T), some steps at a time."""
    found: list[Quantiles] = []
    for start in range(0, len(plan.recorded), _COLUMNS):
        columns = [part[:, start : start + _COLUMNS] for part in parts]
        found.append(quantiles(np.concatenate(columns)))
        yield_()
    return {
        name: finite(np.concatenate([getattr(each, name) for each in found]))
        for name in ("q05", "q25", "median", "q75", "q95")
    }  # type: ignore[return-value]


def cell_result(
    plan: StudyPlan,
    cell: int,
    found: Sequence[Outcomes],
    curves: Sequence[LossCurves | None] | None,
    yield_: Yield,
) -> CellResult:
    """The result of a cell, from the outcomes of all its recipes, of the same seeds."""
    recipes = []
    for run, outcome in enumerate(found):
        recipes.append(_recipe(plan, run, outcome, None if curves is None else curves[run]))
        yield_()
    compared: Sequence[Comparison] = ()
    said: VerdictResult | None = None
    reached = [each.reached for each in found if each.reached is not None]
    if len(reached) == len(found) and len(found[0].offsets):
        steps = np.stack(reached)
        compared = compare_all(steps, np.stack([each.train for each in found]), plan.first)
        yield_()
        said = _verdict(steps, compared)
    return {
        "grid": plan.cells[cell],
        "seeds": by_seed((plan.first + found[0].offsets).astype(float), whole=True),
        "recipes": recipes,
        "pairs": [_pair(each) for each in compared],
        "verdict": said,
    }


def _recipe(plan: StudyPlan, run: int, found: Outcomes, curves: LossCurves | None) -> RecipeResult:
    known = len(found.offsets) > 0 and found.reached is not None
    return {
        "run": run,
        "label": plan.labels[run],
        "seeds": len(found.offsets),
        "diverged": int(np.count_nonzero(found.diverged >= 0)),
        "loss": None if curves is None else curves.train,
        "test_loss": None if curves is None else curves.test,
        "reached": _shares(plan, found.reached) if known and curves is not None else None,
        "steps_to_target": _steps(found.reached) if known else None,
        "final": _final(found),
    }


def _shares(plan: StudyPlan, reached: NDArray[np.int64] | None) -> ShareCurve | None:
    if reached is None:
        return None
    found = shares_reached(reached, plan.recorded)
    return {
        "share": found.share.tolist(),
        "low": found.low.tolist(),
        "high": found.high.tolist(),
    }


def _steps(reached: NDArray[np.int64] | None) -> StepsToTarget | None:
    if reached is None:
        return None
    found = median_steps(reached)
    return {
        "reached": found.reached,
        "median": found.median,
        "low": found.low,
        "high": found.high,
        "values": by_seed(np.where(reached < 0, np.nan, reached), whole=True),
    }


def _final(found: Outcomes) -> FinalNumbers:
    return {
        "train": by_seed(found.train),
        "test": None if found.test is None else by_seed(found.test),
        "accuracy": None if found.accuracy is None else by_seed(found.accuracy),
    }


def _pair(found: Comparison) -> PairResult:
    return {
        "a": found.a,
        "b": found.b,
        "a_sooner": found.a_sooner,
        "b_sooner": found.b_sooner,
        "tied": found.tied,
        "neither": found.neither,
        "a_only": found.a_only,
        "b_only": found.b_only,
        "factor": asdict(found.factor),  # type: ignore[typeddict-item]
        "a_lower": found.a_lower,
        "b_lower": found.b_lower,
    }


def _verdict(steps: NDArray[np.int64], compared: Sequence[Comparison]) -> VerdictResult:
    found = verdict(steps, compared)
    return {
        "enough": found.enough,
        "best": found.best,
        "recipes": [_share(each) for each in found.recipes],
        "against": [
            {"pair": _pair(each.comparison), "conclusion": each.conclusion}
            for each in found.against
        ],
    }


def _share(found: RecipeFinding) -> RecipeShare:
    return {
        "run": found.recipe,
        "share": found.share,
        "low": found.low,
        "high": found.high,
        "median": found.steps.median,
        "steps_low": found.steps.low,
        "steps_high": found.steps.high,
    }
