"""What a step looked at: its mini-batch, and the neurons that dropped out."""

from typing import Any

import numpy as np

from tests.lab.client import Client, Experiment
from tests.lab.trainer import network, points

XOR: dict[str, Any] = {"data": {"name": "xor", "samples": 50}}


def in_batches(basin: Client, **more: Any) -> Experiment:
    return basin.create(**XOR, batch_size=10, runs=[{}, {"seed": 3}], **more)


def test_every_epoch_looks_at_every_sample_once(basin: Client) -> None:
    experiment = in_batches(basin)
    experiment.train(6)
    found = experiment.read("batches", step=0, count=6)
    assert (found["batch_size"], found["whole"], found["runs"]) == (10, False, 2)
    assert [len(samples) for samples in found["samples"]] == [10, 10, 5, 10, 10, 5]
    first = [index for samples in found["samples"][:3] for index in samples]
    second = [index for samples in found["samples"][3:] for index in samples]
    assert sorted(first) == sorted(second) == list(range(25))
    assert first != second
    assert found["steps"] == [*range(6)]


def test_a_step_on_its_batch_leads_to_the_next_parameters(basin: Client) -> None:
    """By the textbook formulas of another implementation."""
    layers = [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    experiment = in_batches(basin, layers=layers)
    experiment.train(3)
    other, (x, y) = network(experiment, 1, 1), points(experiment)
    samples = experiment.read("batches", step=1)["samples"][0]
    other.descend(
        x[samples], y[samples], experiment.summary()["spec"]["optimizer"]["learning_rate"]
    )
    for found, expected in zip(experiment.parameters(1, 2)[0], other.W, strict=True):
        np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_full_batches_are_all_samples(basin: Client) -> None:
    found = basin.create(**XOR).read("batches")
    assert found["whole"]
    assert found["samples"] == [[*range(25)]]


def test_masks_leave_out_the_share_that_was_asked_for(basin: Client) -> None:
    layers = [
        {"units": 40, "activation": "tanh", "dropout": 0.25},
        {"units": 3, "activation": "tanh"},
        {"units": 1, "activation": "sigmoid"},
    ]
    experiment = in_batches(basin, layers=layers)
    experiment.train(3)
    found = experiment.read("masks", step=2)
    assert found["rates"] == [0.25, 0.0]
    assert found["samples"] == experiment.read("batches", step=2)["samples"][0]
    first, second = found["masks"]
    assert second is None
    mask = np.array(first)
    assert mask.shape == (40, 5)
    assert {*mask.ravel()} == {0.0, 1.0 / 0.75}
    assert 0.1 < (mask == 0.0).mean() < 0.4
    assert found != experiment.read("masks", step=1)


def test_without_dropout_there_are_no_masks(basin: Client) -> None:
    assert basin.create(**XOR).read("masks")["masks"] == [None]


def test_a_step_ahead_and_too_many_steps_are_refused(basin: Client) -> None:
    experiment = basin.create(**XOR)
    for what, query in (
        ("batches", {"step": 1}),
        ("masks", {"step": 1}),
        ("batches", {"count": 0}),
        ("batches", {"count": 5000}),
        ("batches", {"count": "x"}),
    ):
        answer = experiment.read(what, 422, **query)
        assert answer["errors"][0]["pointer"] in ("/step", "/count")
    most = experiment.read("batches", 422, count=5000)["errors"][0]["allowed"]["maximum"]
    assert len(experiment.read("batches", count=most)["steps"]) == most
