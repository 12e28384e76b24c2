"""Exported code reproduces an experiment, in an interpreter that knows nothing of Basin.

numpy: to the last bit. PyTorch and matplotlib are not installed with the tests:
`tests/oracle/scripts.py` ran that very code, and wrote down what it came to.
"""

import io
import json
import sys
from pathlib import Path
from types import FrameType
from typing import Any, get_args

import numpy as np
import pytest

from app.lab.experiment.events import by_hand, change
from app.lab.experiment.setup import Setup, build
from app.lab.export import numpy_parts, story, torch_parts
from app.lab.export.code import Target, code
from app.lab.export.sections import READABLE
from app.lab.spec.parse import parse
from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES
from tests.lab.client import Client, Experiment
from tests.lab.export.running import code_of, digest, losses_of, run_scripts, trained
from tests.lab.export.specs import specs

SPECS = specs()
ORACLE = Path(__file__).parents[2] / "oracle" / "scripts.json"


def test_numpy_scripts_come_to_the_same_bits(tmp_path: Path) -> None:
    runs = {name: trained(spec) for name, spec in SPECS.items()}
    scripts = {
        name: code(setup, events, SPECS[name]["step"], "numpy")
        for name, (setup, events, _) in runs.items()
    }
    printed = run_scripts(scripts, tmp_path)
    for name, (_, _, J) in runs.items():
        np.testing.assert_array_equal(printed[name], J, err_msg=name)


def test_the_code_that_pytorch_and_plots_were_run_from_is_that_of_now() -> None:
    known = json.loads(ORACLE.read_text())["scripts"]
    assert known.keys() == SPECS.keys()
    for name, spec in SPECS.items():
        one, (setup, events, J), step = known[name], trained(spec), spec["step"]
        assert digest(code(setup, events, step, "pytorch")) == one["pytorch"], name
        assert digest(code_of(code(setup, events, step, "notebook"))) == one["notebook"], name
        rows = np.array(one["train"], dtype=float)
        for found, expected, allowed in zip(J[:, one["steps"]], rows, one["allowed"], strict=True):
            np.testing.assert_allclose(found, expected, rtol=allowed, atol=1e-300, err_msg=name)


def test_every_choice_has_its_code() -> None:
    assert numpy_parts.ACTIVATIONS.keys() == torch_parts.ACTIVATIONS.keys() == ACTIVATIONS.keys()
    assert numpy_parts.LOSSES.keys() == torch_parts.LOSSES.keys() == LOSSES.keys()
    assert numpy_parts.OPTIMIZERS.keys() == torch_parts.OPTIMIZERS.keys() == OPTIMIZERS.keys()
    assert numpy_parts.SCHEDULES.keys() == torch_parts.SCHEDULES.keys() == SCHEDULES.keys()
    assert numpy_parts.REGULARIZERS.keys() == torch_parts.REGULARIZERS.keys()
    assert numpy_parts.REGULARIZERS.keys() == REGULARIZERS.keys()
    assert {*numpy_parts.CLIPPINGS} == CLIPPINGS.keys()


def test_a_script_holds_no_more_than_its_experiment_needs() -> None:
    setup, events, _ = trained({**SPECS["preset bowl"], "step": 3})
    text = code(setup, events, 3, "numpy")
    for absent in ("adam", "sigmoid", "dropout", "batch(", "schedule", "penalty", "max_norm"):
        assert absent not in text
    before_numbers = text.split("# ---- The numbers")[0]
    assert len(before_numbers.splitlines()) < 120


def test_samples_fill_their_lines() -> None:
    setup, events, _ = trained({**SPECS["preset opening"], "step": 3})
    text = code(setup, events, 3, "numpy")
    assert text.count("\n") < 340
    points = text.split('POINTS = numbers("""\n')[1].split('\n"""')[0].splitlines()
    assert max(map(len, points)) <= 100
    assert len(points) < setup.train.count * 0.6


def test_what_is_too_large_to_read_says_so_and_is_packed() -> None:
    setup, events, _ = trained({**SPECS["large"], "step": 0})
    text = code(setup, events, 0, "numpy")
    assert "too many to be read" in text.split('"""')[1]
    assert text.count("\n") < 700
    assert READABLE > 2_000  # what a guided experiment has is written out


def test_a_notebook_is_one(basin: Client) -> None:
    text = asked(basin.create(), "notebook")
    book = json.loads(text)
    assert (book["nbformat"], book["nbformat_minor"]) == (4, 5)
    kinds = [cell["cell_type"] for cell in book["cells"]]
    assert {*kinds} == {"markdown", "code"}
    assert len({cell["id"] for cell in book["cells"]}) == len(kinds)
    for cell in book["cells"]:
        keys = {"cell_type", "id", "metadata", "source"}
        assert {*cell} == keys | ({"execution_count", "outputs"} if "outputs" in cell else set())
    compile(code_of(text), "notebook", "exec")


def asked(experiment: Experiment, target: str, status: int = 200, **query: Any) -> str:
    """The code of an experiment, as the server answers it."""
    client = experiment.client.application.test_client()
    path = f"{experiment.url}/code"
    with client.get(path, query_string={"target": target, **query}) as response:
        text = response.get_data(as_text=True)
        assert response.status_code == status, text[:500]
        return text


def test_the_server_writes_a_branch_with_all_that_happened(basin: Client, tmp_path: Path) -> None:
    experiment = basin.create(data={"name": "xor", "samples": 40})
    experiment.train(7)
    experiment.change_rate(0.2, run=1)
    experiment.train(5)
    branch = basin.post(f"{experiment.url}/branch", {
        "step": 9, "change": {"run": 0, "seed": 99}}, 201)  # fmt: skip
    other = Experiment(basin, branch["id"])
    other.train(6)
    other.set(run=2, values={"W1[0,0]": 2.0})
    other.train(3)
    scripts = {
        "now": asked(other, "numpy"),
        "then": asked(other, "numpy", step=8),
        "source": asked(experiment, "numpy"),
    }
    printed = run_scripts(scripts, tmp_path)
    known = np.array(other.loss()["train"])
    np.testing.assert_array_equal(printed["now"], known)
    np.testing.assert_array_equal(printed["then"], known[:, :9])
    np.testing.assert_array_equal(printed["source"], experiment.loss()["train"])


def test_a_step_ahead_and_an_unknown_target_are_refused(basin: Client) -> None:
    experiment = basin.create()
    for query in ({"target": "numpy", "step": 1}, {"target": "fortran"}):
        answer = experiment.read("code", 422, **query)
        assert answer["errors"][0]["pointer"] in ("/step", "/target")


def test_an_experiment_of_too_many_numbers_is_refused(
    basin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    experiment = basin.create(data={"name": "xor", "samples": 40})
    monkeypatch.setattr(story, "MOST_NUMBERS", 120)
    (error,) = experiment.read("code", 422)["errors"]
    assert (error["code"], error["allowed"]) == ("too_much_work", {"maximum": 120})


def calls_to_write(setup: Setup, changes: int, target: Target) -> int:
    """How many functions are called to write the code of an experiment with so many changes."""
    choices = [
        ("optimizer", {"name": "gradient_descent", "learning_rate": 0.1}),
        ("schedule", {"name": "exponential", "gamma": 0.9}),
        ("clipping", {"name": "norm", "max_norm": 0.5}),
        ("regularizer", {"name": "l2", "rate": 0.1}),
    ]
    happened = [
        event
        for step in range(1, changes + 1)
        for event in (
            *(change(step, None, *choice) for choice in choices),
            by_hand(step, 0, [float(step), 0.0]),
        )
    ]
    calls = 0

    def count(_frame: FrameType, what: str, _of: Any) -> None:
        nonlocal calls
        calls += what in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(count)
    try:
        code(setup, happened, changes, target)
    finally:
        sys.setprofile(before)
    return calls


@pytest.mark.parametrize("target", get_args(Target))
def test_twice_as_many_changes_take_no_more_than_twice_the_calls(target: Target) -> None:
    """Nothing of the whole story is looked for again at each of its changes."""
    setup = build(
        parse(
            {
                "data": {"name": "custom", "inputs": [[0], [1]], "targets": [0, 1]},
                "layers": [{"units": 1, "activation": "sigmoid"}],
                "runs": [{}, {"seed": 2}],
            }
        )
    )
    calls_to_write(setup, 1, target)  # what is imported or kept by the first one
    one, two = (calls_to_write(setup, changes, target) for changes in (40, 80))
    assert two <= 2 * one


def test_a_loss_that_is_no_number_is_null() -> None:
    with pytest.raises(ValueError, match="NaN"):
        losses_of('{"train": [[NaN]]}')
    assert np.isnan(losses_of('{"train": [[null]]}')).all()


def test_parameters_as_a_file_are_those_of_the_answer(basin: Client) -> None:
    experiment = basin.create(runs=[{"label": "第一"}, {"seed": 3}])
    experiment.train(5)
    client = basin.application.test_client()
    with client.get(f"{experiment.url}/parameters.npz", query_string={"step": 4}) as response:
        file = np.load(io.BytesIO(response.get_data()))
    assert file["labels"].tolist() == ["第一", "run 1"]
    assert file["step"] == 4
    for run in range(2):
        W, b = experiment.parameters(run, 4)
        for layer in (1, 2):
            np.testing.assert_array_equal(file[f"W{layer}"][run], W[layer - 1])
            np.testing.assert_array_equal(file[f"b{layer}"][run], b[layer - 1])
    basin.get(f"{experiment.url}/parameters.npz", 422, step=6)
