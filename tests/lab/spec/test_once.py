"""Of a new experiment the document is validated once, and the data are generated once."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from app.data import datasets
from app.data.formula import grammar
from app.data.formula.formula import Formula
from app.lab.spec import dataset
from app.lab.spec.validation import Model
from tests.lab.client import Client, serving

FORMULA = {"name": "formula", "formula": "x1 * x2", "samples": 40, "noise": 0.1}
BUILT_IN = {"name": "line", "samples": 40}
OWN: dict[str, Any] = {
    "name": "custom",
    "inputs": [[0.0], [1.0], [2.0], [3.0]],
    "targets": [5.0, 7.0, 9.0, 11.0],
    "train_fraction": 0.5,
    "standardize_target": True,
}
LINEAR = [{"units": 1, "activation": "linear"}]


@pytest.fixture
def counts(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each of these was called since the test began."""
    counted: Counter[str] = Counter()

    def counting(original: Callable[..., Any], counter: str) -> Callable[..., Any]:
        def called(*args: Any, **kwargs: Any) -> Any:
            counted[counter] += 1
            return original(*args, **kwargs)

        return called

    def spy(owner: Any, name: str, counter: str) -> None:
        monkeypatch.setattr(owner, name, counting(getattr(owner, name), counter))

    validate = counting(BaseModel.model_validate.__func__, "validations")  # type: ignore[attr-defined]
    monkeypatch.setattr(Model, "model_validate", classmethod(validate))
    spy(grammar, "parse", "formulas parsed")
    spy(Formula, "values", "generations")
    spy(datasets, "make", "generations")
    spy(dataset, "_custom", "generations")
    return counted


@pytest.mark.parametrize("data", [BUILT_IN, FORMULA, OWN], ids=lambda data: str(data["name"]))
def test_a_new_experiment_is_validated_once_and_its_data_made_once(
    basin: Client, counts: Counter[str], data: dict[str, Any]
) -> None:
    # This loss looks at the targets, and the event and the step are validated with the spec.
    event = {"step": 2, "optimizer": {"name": "adam"}}
    spec = {"data": data, "layers": LINEAR, "loss": "mse", "step": 3, "events": [event]}
    basin.create(spec, runs=[{"loss": "mae"}])
    assert counts["validations"] == counts["generations"] == 1
    assert counts["formulas parsed"] == (data is FORMULA)


def test_a_branch_generates_no_data(basin: Client, counts: Counter[str]) -> None:
    experiment = basin.create(data=FORMULA, layers=LINEAR)
    counts.clear()
    basin.post(f"{experiment.url}/branch", {"step": 0, "change": {"run": 0, "seed": 4}}, 201)
    assert counts["generations"] == 0


def test_an_experiment_is_read_from_the_store_by_one_validation(
    tmp_path: Path, counts: Counter[str]
) -> None:
    with serving(tmp_path) as first:
        experiment = first.create(data=FORMULA, layers=LINEAR)
    counts.clear()
    with serving(tmp_path) as second:
        assert experiment.on(second).summary()["step"] == 0
    # The other validation is that of the id in the path.
    assert (counts["validations"], counts["generations"]) == (2, 1)


def test_a_preview_generates_data_once(basin: Client, counts: Counter[str]) -> None:
    basin.post("/api/formulas", {"formula": "x1 < x2"})
    assert (counts["generations"], counts["formulas parsed"]) == (1, 1)
    counts.clear()
    lsuv = {"weights": {"name": "lsuv"}}
    spec = {"data": FORMULA, "layers": LINEAR}
    basin.post("/api/recipes/preview", {"recipe": lsuv, "spec": spec})
    assert counts["generations"] == 1


def test_a_spec_over_a_limit_is_refused_before_any_data_are_made(
    tmp_path: Path, counts: Counter[str]
) -> None:
    with serving(tmp_path, limits={"samples": 600}) as basin:
        counts.clear()
        for data in (BUILT_IN, FORMULA):
            basin.post("/api/experiments", {"data": {**data, "samples": 601}}, 422)
    assert counts["generations"] == 0
