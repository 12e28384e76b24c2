"""A slice lies along the parameter that swings, where the learning rate is too large for it."""

import pytest

from tests.lab.client import Client


def neuron(basin: Client, rate: float) -> tuple[dict[str, object], dict[str, object]]:
    """The slices of a linear neuron on a line, along W and with b as the other; and along b."""
    spec = {
        "data": {"name": "line", "samples": 100, "train_fraction": 0.5},
        "layers": [{"units": 1, "activation": "linear"}],
        "loss": "mse",
        "optimizer": {"name": "gradient_descent", "learning_rate": rate},
        "runs": [{"parameters": {"W": [[[-3.0]]], "b": [[2.5]]}}],
    }
    experiment = basin.create(spec)
    chosen = experiment.read("slice", parameter="W1[0,0]", other="b1[0]")
    return chosen, experiment.read("slice", parameter="b1[0]")


@pytest.mark.parametrize(("rate", "swings"), [(0.1, False), (0.95, True), (1.1, True)])
def test_the_slice_lies_along_the_bias_when_that_swings(
    basin: Client, rate: float, swings: bool
) -> None:
    """J bends by 2 along b, so a step overshoots above α = 1/2; along W it bends less."""
    chosen, along_b = neuron(basin, rate)
    assert chosen["parameter"] == ("b1[0]" if swings else "W1[0,0]")
    assert along_b["swings"] == swings
    if swings:
        assert chosen == along_b
