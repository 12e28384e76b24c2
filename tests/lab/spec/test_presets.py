"""Every experiment to begin with shows what is said of it, on the seed it comes with."""

from math import log
from typing import Any

import pytest

from app.lab.spec.presets import presets
from tests.lab.client import Client

LN2, LN3 = log(2.0), log(3.0)


def losses(basin: Client, name: str, step: int) -> Any:
    """The training loss of every run of a preset after so many steps."""
    return [row[-1] for row in basin.create(presets()[name]).train(step, every=step)["train"]]


def test_on_a_deep_network_lsuv_leads_and_small_weights_stay(basin: Client) -> None:
    lsuv, orthogonal, glorot, article = losses(basin, "deep", 50)
    assert lsuv < 0.2 * min(orthogonal, glorot)
    _, *later, article = losses(basin, "deep", 300)
    assert max(later) < 0.02
    assert article == pytest.approx(LN2, abs=1e-3)


def test_of_five_optimizers_the_adaptive_two_lead_and_plain_descent_is_last(basin: Client) -> None:
    plain, momentum, adagrad, rmsprop, adam = losses(basin, "optimizers", 300)
    assert max(rmsprop, adam) < 0.6 * momentum
    assert momentum < adagrad < plain


def test_three_rings_need_neurons_that_differ(basin: Client) -> None:
    lsuv, glorot, article, same, zeros = losses(basin, "three_rings", 600)
    assert max(lsuv, glorot, article) < 0.15
    assert min(same, zeros) > 0.8
    assert zeros == pytest.approx(LN3, abs=5e-3)


def test_a_wave_is_followed_unless_all_weights_are_alike(basin: Client) -> None:
    lecun, lsuv, article, same = losses(basin, "curve", 100)
    assert max(lecun, lsuv) < 0.1
    assert min(article, same) > 0.4
    *others, same = losses(basin, "curve", 600)
    assert max(others) < 0.02
    assert same > 0.4


def test_the_gate_xor_is_solved_by_neurons_that_differ(basin: Client) -> None:
    large, glorot, article, same, zeros = losses(basin, "xor_gate", 1000)
    assert max(large, glorot, article) < 0.02
    assert same == pytest.approx(LN2, abs=1e-3)
    assert zeros == pytest.approx(LN2, abs=1e-9)


def test_with_the_right_inputs_any_beginning_will_do(basin: Client) -> None:
    assert max(losses(basin, "right_inputs", 600)) < 0.06


def test_tensorflow_playgrounds_own_recipe_leads_on_its_own_network(basin: Client) -> None:
    own, _, article = losses(basin, "tensorflow_playground", 3000)
    assert own < 0.02
    assert article > 5.0 * own
