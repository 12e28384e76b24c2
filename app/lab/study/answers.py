"""The answers about studies, as types of which the OpenAPI document is made."""

import base64
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

from app.lab.json_arrays import Vector, finite
from app.lab.study.plan import Vary
from app.lab.study.repository import Status
from app.lab.study.target import Reason
from app.lab.study.verdict import Conclusion

LONG = 1000
"""Numbers by seed: more than these are a typed array."""


class SeedArray(TypedDict):
    """Numbers by seed, as plotly.js reads them: little-endian float64 in base64; NaN for null."""

    dtype: Literal["f8"]
    bdata: str
    shape: str


SeedNumbers = Vector | SeedArray
"""One number for each seed that is known, null where it has none; of many seeds a typed array."""


class QuantileCurves(TypedDict):
    """Quantiles over seeds at the recorded steps; null where one is infinite.

    The loss of a diverged run is infinite.
    """

    q05: Vector
    q25: Vector
    median: Vector
    q75: Vector
    q95: Vector


class ShareCurve(TypedDict):
    """The share of seeds that reached the target up to each recorded step, Wilson's 95 %."""

    share: list[float]
    low: list[float]
    high: list[float]


class StepsToTarget(TypedDict):
    """The steps at which runs reached the target.

    The median of all seeds, one that never did counts as infinite, and its exact 95 % interval;
    null where it is infinite or the interval has no such end. `values` by seed, null: not reached.
    """

    reached: int
    median: float | None
    low: int | None
    high: int | None
    values: SeedNumbers


class FinalNumbers(TypedDict):
    """Where runs end, by seed: losses, and of a classification the accuracy (on the test set).

    Null for a run that diverged. Without a test set `test` is null, and the accuracy is that on the
    training set.
    """

    train: SeedNumbers
    test: SeedNumbers | None
    accuracy: SeedNumbers | None


class RecipeResult(TypedDict):
    """One run of the spec over the seeds that are known; curves are null where they are left out.

    `label` is the run's, else the name of its recipe, null where it has neither.
    What depends on the target is null until there is one.
    """

    run: int
    label: str | None
    seeds: int
    diverged: int
    loss: QuantileCurves | None
    test_loss: QuantileCurves | None
    reached: ShareCurve | None
    steps_to_target: StepsToTarget | None
    final: FinalNumbers


class StepsFactor(TypedDict):
    """How many times as many steps `b` takes as `a`: the median over seeds where both arrive.

    With a 95 % interval, null below 6 such `seeds`; on `at_start` of them one is there at step 0.
    """

    median: float | None
    low: float | None
    high: float | None
    seeds: int
    at_start: int


class PairResult(TypedDict):
    """Runs a and b on the same seeds: which reaches the target sooner, and which ends lower."""

    a: int
    b: int
    a_sooner: int
    b_sooner: int
    tied: int
    neither: int
    a_only: int
    b_only: int
    factor: StepsFactor
    a_lower: int
    b_lower: int


class RecipeShare(TypedDict):
    """The share of seeds on which a run reached the target, and after how many steps (95 %)."""

    run: int
    share: float
    low: float
    high: float
    median: float | None
    steps_low: int | None
    steps_high: int | None


class Finding(TypedDict):
    """The best run (`a`) against another one."""

    pair: PairResult
    conclusion: Conclusion


class VerdictResult(TypedDict):
    """What the numbers support; with fewer than 20 seeds `enough` is false and `best` null."""

    enough: bool
    best: int | None
    recipes: list[RecipeShare]
    against: list[Finding]


class CellResult(TypedDict):
    """One combination of grid values; `seeds` are those that are known, ascending."""

    grid: dict[str, float]
    seeds: SeedNumbers
    recipes: list[RecipeResult]
    pairs: list[PairResult]
    verdict: VerdictResult | None


class SeedRange(TypedDict):
    """Seeds in a row."""

    first: int
    count: int


class Failure(TypedDict):
    """Seeds of a cell that could not be trained, and why."""

    cell: int
    seeds: SeedRange
    reason: str


class TargetChoice(TypedDict):
    """Why a default target was taken: the reason, and how well it separates the recipes (0 … 1)."""

    reason: Reason
    score: float
    candidates: list[float]
    seeds: int


class StudyResult(TypedDict):
    """A study, and what is known of it so far.

    `done` of `total` runs are trained. `place` is its place in the line while it waits, from 1 on;
    `problem` says what keeps it from running, or ended it early, if anything does. `target` is null
    until one is chosen, which is told by `target_choice`; `target_seen` says where it is looked
    for.
    """

    id: str
    status: Status
    place: int | None
    problem: str | None
    done: int
    total: int
    seconds: float
    seeds: SeedRange
    vary: Vary
    steps: int
    grid: dict[str, list[float]]
    target: float | None
    target_choice: TargetChoice | None
    target_seen: Literal["every_step", "recorded_steps"]
    steps_recorded: list[int]
    failures: list[Failure]
    cells: list[CellResult]


def by_seed(numbers: NDArray[np.floating[Any]], whole: bool = False) -> SeedNumbers:
    """Numbers by seed (S,), some of them `whole` numbers; what is not finite is null."""
    if len(numbers) <= LONG:
        found: Vector = finite(numbers)
        return [None if each is None else int(each) for each in found] if whole else found
    plain = np.where(np.isfinite(numbers), numbers, np.nan).astype("<f8")
    text = base64.b64encode(plain.tobytes()).decode("ascii")
    return {"dtype": "f8", "bdata": text, "shape": str(len(plain))}
