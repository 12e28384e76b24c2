"""The chain rule from the loss to one parameter, against the engine's gradient."""

from collections.abc import Iterator

import numpy as np
import pytest

from app.lab.analysis.chain_rule import Batch, batch_chain, place_of, sample_chain
from app.nn.losses import Objective
from app.nn.stack import gradients
from tests.lab.states import Trained, train

LAYERS = [{"units": 3, "activation": "tanh"}, {"units": 2, "activation": "silu"},
          {"units": 1, "activation": "sigmoid"}]  # fmt: skip


@pytest.fixture(scope="module")
def network() -> Trained:
    return train(8, data={"samples": 30}, layers=LAYERS, runs=[{"loss": "mse"}])


def parameters(of: Trained) -> Iterator[tuple[int, str]]:
    architecture = of.setup.architecture
    return ((architecture.index(name), name) for name in architecture.parameter_names)


def test_a_parameter_is_found_at_its_place(network: Trained) -> None:
    for index, name in parameters(network):
        place = place_of(network.setup, name, index)
        at = f"{place['row']}"
        if place["column"] is not None:
            at += f",{place['column']}"
        letter = "b" if place["kind"] == "bias" else "W"
        assert name == f"{letter}{place['layer']}[{at}]"


def test_the_product_of_the_factors_is_the_gradient(network: Trained) -> None:
    setup, theta = network.setup, network.state.theta[0]
    chosen = np.array([4])
    X, Y = setup.train.X[:, chosen], setup.train.Y[:, chosen]
    expected = gradients(setup.architecture, theta[np.newaxis], X, Y, Objective(["mse"]))[0]
    alone = Batch(setup, theta, chosen, "mse", None)
    one = alone.trace()
    for index, name in parameters(network):
        chain = sample_chain(one, place_of(setup, name, index), index, alone)
        assert chain["product"] == pytest.approx(expected[index], rel=1e-9, abs=1e-15)
        assert chain["numeric"]["value"] == pytest.approx(expected[index], rel=1e-5, abs=1e-8)
        assert chain["factors"][-1]["kind"] == "input"


def test_the_gradient_of_a_batch_is_the_mean_of_its_samples(network: Trained) -> None:
    setup, theta = network.setup, network.state.theta[0]
    batch = np.array([0, 3, 5, 7])
    together = Batch(setup, theta, batch, "mse", None)
    many = together.trace()
    for index, name in parameters(network):
        chain = batch_chain(many, place_of(setup, name, index), index, together, [0, 1, 2, 3])
        each = np.array(chain["of_samples"], dtype=float)
        assert chain["gradient"] == pytest.approx(each.mean(), rel=1e-9, abs=1e-15)
        assert (chain["smallest"], chain["largest"]) == (each.min(), each.max())
