"""An entry of the registry is all it takes to add an optimizer."""

import json
import os
import subprocess
import sys
from typing import Any

import pytest

from app import environment


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Any:
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab.one_more_optimizer", tmp_path_factory.mktemp("store")],
        cwd=environment.ROOT,
        env={**os.environ, environment.THIS_PYTHON: "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_it_is_in_the_catalogue_with_the_formula_of_its_lines(answers: Any) -> None:
    (entry,) = [one for one in answers["listed"] if one["name"] == "sign_descent"]
    assert entry["formula"] == "d = G/|G|,  W ← W − α·d"
    assert [number["name"] for number in entry["parameters"]] == ["learning_rate"]


def test_its_options_are_validated(answers: Any) -> None:
    (error,) = answers["refused"]["errors"]
    assert error["pointer"] == "/optimizer/momentum"


def test_its_step_is_worked_out_line_by_line(answers: Any) -> None:
    gradient, *lines = answers["worked"]["lines"]
    assert gradient["name"] == "gradient"
    assert [line["formula"] for line in lines] == ["d = G/|G|", "W ← W − α·d"]
    step = lines[1]["values"]
    assert step["before"] - 0.25 * step["sign"] == step["after"] == answers["worked"]["after"]


def test_what_has_no_code_is_said(answers: Any) -> None:
    (error,) = answers["unwritten"]["errors"]
    assert error["detail"] == "no code is written for the optimizer sign_descent"


def test_it_trains(answers: Any) -> None:
    assert answers["after"] == answers["worked"]["after"] != answers["worked"]["before"]
