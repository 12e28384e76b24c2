"""The cause of a run's status, and advice that fits its network."""

from collections.abc import Sequence
from typing import Any

import pytest

from app.nn.diagnostics import Circumstances, Finding, diagnose
from app.nn.signals import LayerSignals
from app.nn.status import Status

CALM = 1.0
BACK = -1.0
"""Cosines of updates that lead on, and back."""


def layer(
    *,
    backward: float = 1.0,
    saturated: float | None = None,
    dead: float | None = None,
    distinct: int = 4,
    twins: Sequence[list[int]] = (),
) -> LayerSignals:
    """The signals of a layer of four neurons, healthy but for what is said."""
    return LayerSignals(
        0.0, 1.0, None, backward, 1.0, 1.0, None, saturated, dead, distinct, list(twins), None
    )


def learns(*activations: str, **more: object) -> Circumstances:
    """A run of gradient descent on cross-entropy."""
    usual = {
        "activations": activations or ("tanh", "sigmoid"),
        "on_logits": True,
        "cross_entropy": True,
        "noisy": False,
        "rate": 1.0,
    }
    return Circumstances(**{**usual, **more})  # type: ignore[arg-type]


HEALTHY = [layer(), layer()]


@pytest.mark.parametrize(
    ("status", "advice"),
    [("not_begun", "begin"), ("training", "go_on"), ("plateau", "wait"), ("converged", "done")],
)
def test_a_healthy_run_has_no_cause(status: Status, advice: str) -> None:
    found = diagnose(status, 0.3, CALM, HEALTHY, learns())
    assert found == Finding(None, None, None, advice)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", ["stuck", "plateau"])
@pytest.mark.parametrize(
    ("held", "advice"), [("penalty", "weaker_penalty"), ("decay", "weaker_decay")]
)
def test_weights_that_are_held_small_need_a_weaker_hold(
    status: Status, held: str, advice: str
) -> None:
    """Weights that a penalty has shrunk to nothing look like weights that vanish, or are alike."""
    alike = [layer(distinct=1, twins=[[0, 1, 2, 3]], backward=1e-9), layer()]
    for layers in (HEALTHY, alike):
        found = diagnose(status, 1.0, CALM, layers, learns(held=held))
        assert found == Finding(held, None, None, advice)  # type: ignore[arg-type]


def test_a_run_whose_rate_has_come_to_nothing_is_told_so() -> None:
    found = diagnose("converged", 0.1, CALM, HEALTHY, learns(rate=0.0))
    assert found == Finding("no_rate", 0.0, None, "raise_rate")


def test_a_run_stuck_without_a_cause_has_too_small_a_network() -> None:
    assert diagnose("stuck", 1.0, CALM, HEALTHY, learns()).advice == "larger_network"
    assert diagnose("stuck", 1.0, CALM, [layer()], learns("sigmoid")).advice == "hidden_layer"


SWINGS: list[Status] = ["oscillating", "unstable", "diverged"]


@pytest.mark.parametrize("status", SWINGS)
@pytest.mark.parametrize(("share", "told"), [(1.1, 1.1), (40.0, 40.0), (0.9, None), (None, None)])
def test_a_swing_shows_by_how_much_the_rate_exceeds_its_bound(
    status: Status, share: float | None, told: float | None
) -> None:
    """A long step may lead to where J bends less, and the rate is below the bound of that place."""
    found = diagnose(status, 2.0, BACK, HEALTHY, learns(share=share))
    assert found == Finding("learning_rate", told, None, "lower_rate")


@pytest.mark.parametrize("status", SWINGS)
def test_swings_across_a_kink_are_not_those_of_a_bend(status: Status) -> None:
    found = diagnose(status, 2.0, BACK, HEALTHY, learns(kinked=True, share=3.0))
    assert found == Finding("kink", None, None, "lower_rate")


@pytest.mark.parametrize("status", ["oscillating", "unstable"])
def test_momentum_below_its_bound_is_why_a_run_rolls_to_and_fro(status: Status) -> None:
    """Its updates lead on smoothly; above the bound they lead back, or are above it."""
    found = diagnose(status, 2.0, 0.99, HEALTHY, learns(momentum=0.99, share=0.03))
    assert found == Finding("momentum", 0.99, None, "less_momentum")
    for turn, share in ((BACK, 0.03), (0.99, 1.2), (0.2, 0.03)):
        other = diagnose(status, 2.0, turn, HEALTHY, learns(momentum=0.99, share=share))
        assert other.cause == "learning_rate"


@pytest.mark.parametrize("status", ["stuck", "plateau", "converged"])
def test_a_rate_far_below_its_bound_is_why_a_run_stands_still(status: Status) -> None:
    found = diagnose(status, 0.3, CALM, HEALTHY, learns(share=1e-5))
    assert found == Finding("small_rate", 1e-5, None, "raise_rate")
    assert diagnose(status, 0.3, CALM, HEALTHY, learns(share=0.01)).cause != "small_rate"


@pytest.mark.parametrize(
    ("cause", "advice"), [("penalty", "weaker_penalty"), ("decay", "weaker_decay")]
)
@pytest.mark.parametrize("status", ["growing", "unstable", "oscillating", "diverged"])
def test_a_penalty_that_overshoots_alone_is_the_cause(
    status: Status, cause: str, advice: str
) -> None:
    found = diagnose(status, 1.5, BACK, HEALTHY, learns(overshoot=(cause, 1.25)))
    assert (found.cause, found.value, found.advice) == (cause, 1.25, advice)


def test_swings_of_mini_batches_are_theirs_unless_their_mean_swings_too() -> None:
    assert diagnose("oscillating", 4.0, CALM, HEALTHY, learns(noisy=True)).cause == "batches"
    back = diagnose("oscillating", 4.0, BACK, HEALTHY, learns(noisy=True))
    assert back.cause == "learning_rate"


def test_identical_neurons_are_named_at_every_status_but_a_swing() -> None:
    alike = [layer(distinct=1, twins=[[0, 1, 2, 3]]), layer()]
    for status in ("not_begun", "training", "plateau", "stuck"):
        found = diagnose(status, 0.0, CALM, alike, learns())
        assert found == Finding("symmetry", 1, 1, "random_weights")
    assert diagnose("converged", 0.0, CALM, alike, learns()).cause is None


@pytest.mark.parametrize(
    ("activation", "signals", "cause", "advice"),
    [
        ("relu", {"dead": 1.0}, "dead", "leaky_activation"),
        ("silu", {"dead": 1.0}, "dead", "smaller_weights"),
        ("elu", {"dead": 0.6}, "dead", "smaller_weights"),
        ("tanh", {"dead": 1.0, "saturated": 1.0}, "saturation", "smaller_weights"),
        ("tanh", {"dead": 1.0, "saturated": 0.0}, "capacity", "larger_network"),
        ("sigmoid", {"saturated": 0.9}, "saturation", "smaller_weights"),
    ],
)
def test_advice_fits_the_activation(
    activation: str, signals: dict[str, Any], cause: str, advice: str
) -> None:
    found = diagnose("stuck", 1.0, CALM, [layer(**signals), layer()], learns(activation, "sigmoid"))
    assert (found.cause, found.advice) == (cause, advice)


def test_a_saturated_output_is_advised_another_loss_only_where_there_is_one() -> None:
    layers = [layer(), layer(saturated=0.9)]
    asked = {"on_logits": False}
    assert diagnose("stuck", 1.0, CALM, layers, learns(**asked)).advice == "cross_entropy"
    found = diagnose("stuck", 1.0, CALM, layers, learns(**asked, cross_entropy=False))
    assert (found.cause, found.layer, found.advice) == ("saturation", 2, "smaller_weights")
    assert diagnose("stuck", 1.0, CALM, layers, learns()).cause == "capacity"


@pytest.mark.parametrize(
    ("hidden", "ratio", "cause", "advice"),
    [
        ("tanh", 1e-4, "vanishing", "larger_weights"),
        ("sigmoid", 1e-4, "vanishing", "centred_activation"),
        ("relu", 1e3, "exploding", "smaller_weights"),
    ],
)
def test_gradients_that_vanish_or_explode(
    hidden: str, ratio: float, cause: str, advice: str
) -> None:
    layers = [layer(backward=ratio), layer(backward=1.0)]
    found = diagnose("plateau", 0.0, CALM, layers, learns(hidden, "sigmoid"))
    assert found == Finding(cause, ratio, 1, advice)  # type: ignore[arg-type]


@pytest.mark.parametrize("status", SWINGS)
def test_a_swing_is_that_of_exploding_gradients_only_if_it_began_with_them(status: Status) -> None:
    """What a swing does to the gradients later is its effect, not its cause."""
    found = diagnose(status, 0.1, BACK, HEALTHY, learns(first_ratio=1e3))
    assert found == Finding("exploding", 1e3, 1, "smaller_weights")
    layers = [layer(backward=1e9), layer()]
    assert diagnose(status, 9.0, BACK, layers, learns()).cause == "learning_rate"


def test_a_rate_of_nothing_is_named() -> None:
    assert diagnose("plateau", 0.0, CALM, HEALTHY, learns(rate=0.0)).cause == "no_rate"


def test_a_run_that_learns_well_is_not_ailing() -> None:
    layers = [layer(saturated=0.9), layer()]
    assert diagnose("training", 0.2, CALM, layers, learns()).advice == "go_on"
    assert diagnose("training", 0.0, CALM, layers, learns()).cause == "saturation"
    assert diagnose("training", 0.0, CALM, layers, learns(learned=True)).cause is None
