"""Schedules: where they begin and end, and that they stay there."""

import numpy as np
import pytest

from app.choices import Chosen
from app.nn.update.schedules import SCHEDULES
from app.nn.update.updates import Method
from tests.nn.examples import chosen

ENDS = {  # of a length of 100: the factors of the first and the last update, and for ever
    "cosine": ({"minimum": 0.25}, 1.0, 0.25, 100),
    "one_cycle": ({"peak": 2.0, "div_factor": 4.0, "final_div_factor": 10.0}, 0.5, 0.05, 99),
    "linear_warmup": ({"start_factor": 0.2}, 0.2, 1.0, 100),
}


def factors(name: str, count: int, **options: float) -> list[float]:
    entry = SCHEDULES[name]
    found: list[float] = entry.factor(
        np.arange(float(count)), chosen(name, entry, **options).options
    ).tolist()
    return found


@pytest.mark.parametrize("name", SCHEDULES)
def test_a_factor_is_a_function_of_the_step_and_never_negative(name: str) -> None:
    options = chosen(name, SCHEDULES[name]).options
    t = np.arange(3000.0)
    whole = SCHEDULES[name].factor(t, options)
    parts = [SCHEDULES[name].factor(t[k : k + 1], options)[0] for k in (0, 1, 299, 1000, 2999)]
    assert np.isfinite(whole).all()
    assert (whole >= 0.0).all()
    assert whole[[0, 1, 299, 1000, 2999]].tolist() == parts


@pytest.mark.parametrize("name", ENDS)
def test_a_schedule_of_a_length_ends_where_it_says_and_stays(name: str) -> None:
    options, first, last, at = ENDS[name]
    found = factors(name, 300, length=100, **options)
    assert found[0] == pytest.approx(first)
    assert found[at:] == pytest.approx([last] * (300 - at))


@pytest.mark.parametrize("name", [n for n, s in SCHEDULES.items() if s.parameters])
@pytest.mark.parametrize("end", ["minimum", "maximum"])
def test_at_the_ends_of_their_ranges_factors_are_numbers(name: str, end: str) -> None:
    for number in SCHEDULES[name].parameters:
        options = {number.name: max(getattr(number, end), 1e-300)}
        assert np.isfinite(factors(name, 50, **options)).all()


def test_steps_and_powers_worked_by_hand() -> None:
    assert factors("step", 5, step_size=2, gamma=0.5) == [1.0, 1.0, 0.5, 0.5, 0.25]
    assert factors("exponential", 4, gamma=0.5) == [1.0, 0.5, 0.25, 0.125]
    assert factors("one_cycle", 11, length=11, pct_start=5 / 11)[4] == pytest.approx(1.0)


def test_a_schedule_counts_from_where_it_was_chosen() -> None:
    none = Chosen("none", {})
    method = Method(
        Chosen("gradient_descent", {"learning_rate": 8.0}),
        Chosen("exponential", {"gamma": 0.5}), none, none, since=10,
    )  # fmt: skip
    assert method.rates(np.array([10.0, 11.0, 13.0])).tolist() == [8.0, 4.0, 1.0]
