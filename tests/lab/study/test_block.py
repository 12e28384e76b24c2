"""Blocks against the experiments that their runs are: every number, to the last bit."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from app.errors import InvalidInput
from app.lab.analysis.metrics import scores
from app.lab.experiment import training
from app.lab.experiment.setup import build
from app.lab.history.binary import unpack_arrays
from app.lab.spec.parse import parse
from app.lab.study.block import OtherVersion, train_block
from app.lab.study.plan import StudyPlan
from app.lab.study.targets import Descents, first_step
from tests.lab.study.plans import block_of, plan_of

Arrays = dict[str, NDArray[Any]]

FEATURES = ["x1", "x2", "x1x2"]
DEEP = [{"units": 3, "activation": "relu"}, {"units": 2}, {"units": 1, "activation": "sigmoid"}]
LSUV = {"weights": {"name": "lsuv"}}
GIVEN = {
    "W": [[[0.1, 0.2], [0.3, -0.4], [0.5, 0.6], [-0.7, 0.8]], [[0.1, -0.2, 0.3, 0.4]]],
    "b": [[0.0, 0.1, 0.2, 0.3], [0.5]],
}
ROWS = [[index / 10, (index * 7 % 10) / 10] for index in range(24)]

SPECS: dict[str, dict[str, Any]] = {
    "opening": {},
    "mini-batches": {"batch_size": 32},
    "dropout": {"layers": [{"units": 6, "dropout": 0.3}, {"units": 1, "activation": "sigmoid"}]},
    "deep": {"layers": DEEP, "runs": [{"recipe": LSUV}, {}]},
    "regularized": {
        "regularizer": {"name": "l2", "rate": 0.01},
        "schedule": {"name": "cosine", "length": 20},
        "clipping": {"name": "norm", "max_norm": 0.1},
        "optimizer": {"name": "momentum", "learning_rate": 0.5},
    },
    "each its own": {
        "runs": [
            {"loss": "mse", "optimizer": {"name": "adam", "learning_rate": 0.05}},
            {"seed": 5, "regularizer": {"name": "l1_dying", "rate": 0.01}},
            {"parameters": GIVEN},
            {"recipe": LSUV, "loss": "half_mse"},
        ]
    },
    "custom": {
        "data": {
            "name": "custom",
            "inputs": ROWS,
            "targets": [index % 2 for index in range(24)],
            "train_fraction": 0.5,
            "standardize": True,
        },
        "batch_size": 5,
    },
    "no test set": {"data": {"name": "moons", "train_fraction": 1.0, "samples": 60}},
    "regression": {
        "data": {"name": "reg-plane", "samples": 50, "noise": 0.2},
        "layers": [{"units": 3}, {"units": 1, "activation": "linear"}],
        "loss": "mse",
        "optimizer": {"name": "gradient_descent", "learning_rate": 0.1},
    },
    "diverging": {
        "data": {"name": "reg-plane", "samples": 50},
        "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "linear"}],
        "loss": "mse",
        "optimizer": {"name": "gradient_descent", "learning_rate": 10.0},
        "runs": [{"recipe": {"weights": {"name": "normal", "std": 3.0}}}, {"recipe": LSUV}],
    },
}


def trained(plan: StudyPlan, **part: int) -> list[tuple[Arrays, Arrays]]:
    """The outcome and the losses of every recipe in a block."""
    chunks = train_block(block_of(plan, **part))
    return [(unpack_arrays(chunk.outcome), unpack_arrays(chunk.losses)) for chunk in chunks]


def compare(plan: StudyPlan, found: list[tuple[Arrays, Arrays]], offset: int, place: int) -> None:
    """One seed of a block against its experiment, trained as experiments are."""
    setup = build(parse(plan.experiment(0, offset)))
    state, first = training.begin(setup)
    state, more = training.advance(setup, state, (), plan.steps)
    train = np.concatenate([first.train, *(segment.train for segment in more)])
    test = np.concatenate([first.test, *(segment.test for segment in more)])
    measured = scores(setup, state)
    for run, (outcome, losses) in enumerate(found):
        np.testing.assert_array_equal(losses["train"][place], train[plan.recorded, run])
        np.testing.assert_array_equal(outcome["train"][place], train[-1, run])
        assert outcome["diverged"][place] == state.diverged[run]
        if setup.test is None:
            assert "test" not in outcome
            assert "test" not in losses
        else:
            np.testing.assert_array_equal(losses["test"][place], test[plan.recorded, run])
            np.testing.assert_array_equal(outcome["test"][place], test[-1, run])
        if setup.spec.data.classes is None and setup.spec.data.name != "custom":
            assert "accuracy" not in outcome
        elif state.diverged[run] < 0:
            score = measured[run]
            expected = score["train"] if setup.test is None else score["test"]
            assert outcome["accuracy"][place] == expected
        else:
            assert np.isnan(outcome["accuracy"][place])
        seen = train[:, run] if plan.every_step else train[plan.recorded, run]
        steps = np.arange(plan.steps + 1) if plan.every_step else plan.recorded
        for target in (0.05, 0.2, 0.5, 0.69, 1.0):
            hits = np.flatnonzero(seen <= target)
            expected_step = steps[hits[0]] if len(hits) else -1
            descents = Descents(outcome["counts"], outcome["levels"], outcome["steps"])
            assert first_step(descents, target)[place] == expected_step
            if target == plan.target:
                assert outcome["reached"][place] == expected_step


@pytest.mark.parametrize("vary", ["init", "all"])
@pytest.mark.parametrize("name", SPECS)
def test_every_number_is_that_of_the_experiment(name: str, vary: str) -> None:
    plan = plan_of(SPECS[name], vary=vary, seeds={"count": 3}, steps=25, target=0.5)
    found = trained(plan)
    for offset in range(3):
        compare(plan, found, offset, offset)


@pytest.mark.parametrize("vary", ["init", "all"])
@pytest.mark.parametrize("name", ["opening", "mini-batches"])
def test_a_long_study_records_some_steps_of_the_experiment(name: str, vary: str) -> None:
    plan = plan_of(SPECS[name], vary=vary, seeds={"count": 2}, steps=230, target=0.2)
    assert len(plan.recorded) == 201
    compare(plan, trained(plan), 1, 1)


def test_a_run_diverges_where_its_experiment_does() -> None:
    plan = plan_of(SPECS["diverging"], seeds={"count": 3}, steps=25)
    assert (trained(plan)[0][0]["diverged"] > 0).any()


@pytest.mark.parametrize("name", ["opening", "dropout", "each its own"])
def test_how_a_study_is_divided_changes_no_number(name: str) -> None:
    plan = plan_of(SPECS[name], seeds={"count": 9}, steps=12, target=0.2)
    whole = trained(plan)
    for start, stop in ((0, 1), (1, 4), (4, 9)):
        part = trained(plan, start=start, stop=stop)
        for (outcome, losses), (few, some) in zip(whole, part, strict=True):
            for each in losses:
                np.testing.assert_array_equal(losses[each][start:stop], some[each])
            for each in ("train", "test", "accuracy", "diverged", "reached", "counts"):
                np.testing.assert_array_equal(outcome[each][start:stop], few[each])


def test_a_formula_without_a_number_for_some_seed_is_an_error() -> None:
    spec: dict[str, Any] = {
        "data": {"name": "formula", "formula": "log(x1 + 5.99)", "samples": 20},
        "layers": [{"units": 1, "activation": "linear"}],
        "loss": "mse",
    }
    good = next(seed for seed in range(1, 50) if _has_numbers(spec, seed))
    spec["data"]["seed"] = good
    plan = plan_of(spec, vary="all", seeds={"count": 200}, steps=1)
    with pytest.raises(InvalidInput, match="ordinary number"):
        trained(plan)


def _has_numbers(spec: Any, seed: int) -> bool:
    try:
        parse({**spec, "data": {**spec["data"], "seed": seed}})
    except InvalidInput:
        return False
    return True


def test_a_worker_of_another_version_refuses() -> None:
    block = replace(block_of(plan_of(steps=1, seeds={"count": 1})), versions=("0.1.0", "1.0"))
    with pytest.raises(OtherVersion, match=r"the server 0\.1\.0"):
        train_block(block)
