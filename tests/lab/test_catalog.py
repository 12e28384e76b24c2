"""The small pictures of the catalogue are those of the engine's own functions."""

import numpy as np
import pytest

from app.lab.catalog import activation_curve, catalog, catalog_within, loss_curve
from app.lab.spec.limits import limits
from app.nn.activations import ACTIVATIONS
from app.nn.losses import LOSSES


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_the_slope_in_the_picture_is_that_of_the_curve(name: str) -> None:
    curve = activation_curve(ACTIVATIONS[name])
    x, y, slope = (np.array(curve[key]) for key in ("x", "y", "slope"))
    between = np.diff(y) / np.diff(x)  # lies between the slopes at the ends, but for a little
    low, high = np.minimum(slope[1:], slope[:-1]), np.maximum(slope[1:], slope[:-1])
    assert np.all((between > low - 0.01) & (between < high + 0.01))


@pytest.mark.parametrize("name", LOSSES)
def test_the_loss_in_the_picture_falls_towards_the_target(name: str) -> None:
    curve = loss_curve(LOSSES[name])
    best = curve["x"][int(np.argmin(curve["y"]))]
    assert best == pytest.approx(1.0, abs=0.1) if curve["over"] == "output" else best >= 1.0
    assert min(curve["y"]) >= 0.0


def test_the_catalogue_shows_the_limits_in_force() -> None:
    before = catalog()["fields"]["units"]["maximum"]
    shown = catalog_within(limits({"runs": 5, "units": 9, "samples": 500}))
    assert shown["fields"]["runs"]["maximum"] == 5
    assert shown["fields"]["units"] == {**catalog()["fields"]["units"], "maximum": 9}
    assert shown["fields"]["seed"] == catalog()["fields"]["seed"]
    assert catalog()["fields"]["units"]["maximum"] == before > 9
    samples = [
        number["maximum"]
        for entry in shown["data"]
        for number in entry["parameters"]
        if number["name"] == "samples"
    ]
    assert samples
    assert {*samples} == {500}
