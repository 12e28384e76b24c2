"""The plane that a request means, for a state that no server made."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from app.errors import InvalidInput
from app.lab.history.trajectory import Trajectory
from app.lab.landscape.plane import PlaneRequest, find_plane
from tests.lab.states import Trained, train

RUNS = [{}, {"recipe": {"weights": {"name": "glorot_normal"}}}, {"seed": 3}]


@pytest.fixture(scope="module")
def three() -> Trained:
    return train(12, data={"samples": 40}, runs=RUNS)


def trajectory(of: Trained) -> Trajectory:
    """The ends of the runs' paths."""
    theta = np.stack([of.setup.initial, of.state.theta])
    return Trajectory(np.array([0, of.state.step]), theta, of.losses.train[[0, -1]])


def find(of: Trained, **request: Any) -> Any:
    start = of.setup.initial
    began = [0] * len(start)
    return find_plane(of.setup, PlaneRequest(**request), of.state, start, began, trajectory(of))


def test_the_coordinates_on_a_plane_of_parameters_are_their_values(three: Trained) -> None:
    found = find(three, x="W1[1,0]", y="b2[0]")
    assert found.axes == ("W1[1,0]", "b2[0]")
    x, y = found.plane.coordinates(three.state.theta)
    index = three.setup.architecture.index
    np.testing.assert_allclose(x, three.state.theta[:, index("W1[1,0]")], atol=1e-15)
    np.testing.assert_allclose(y, three.state.theta[:, index("b2[0]")], atol=1e-15)


@pytest.mark.parametrize("kind", ["random", "pca", "between"])
def test_the_run_lies_on_its_plane(three: Trained, kind: Any) -> None:
    found = find(three, plane=kind, run=1)
    theta = three.state.theta[1]
    if kind != "pca":  # whose plane is closest to all paths, and through none
        assert found.plane.distance(theta) == pytest.approx(0.0, abs=1e-12)
    assert np.isfinite(found.plane.coordinates(theta)).all()
    assert (found.explained is not None) == (kind == "pca")


def test_between_two_runs_one_is_at_0_and_the_other_at_1(three: Trained) -> None:
    found = find(three, plane="between", run=0, other=2)
    x, y = found.plane.coordinates(three.state.theta[[0, 2]])
    np.testing.assert_allclose(x, [0.0, 1.0], atol=1e-12)
    np.testing.assert_allclose(y, 0.0, atol=1e-12)
    assert found.followed == (0, 2)


@pytest.mark.parametrize(
    ("request_", "pointer", "code"),
    [
        ({"x": "W9[0,0]"}, "/x", "unknown_name"),
        ({"x": "b1[0]", "y": "b1[0]"}, "/y", "conflict_fields"),
        ({"plane": "between", "other": 0}, "/other", "conflict_fields"),
        ({"plane": "between", "other": 3}, "/other", "out_of_range"),
    ],
)
def test_a_request_for_no_plane_is_refused_at_its_field(
    three: Trained, request_: Any, pointer: str, code: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        find(three, **request_, source="body", at="/views/path")
    [error] = refusal.value.errors
    assert (error.pointer, error.code) == (f"/views/path{pointer}", code)
    assert error.where == "body"


def test_runs_that_have_not_moved_have_no_principal_plane() -> None:
    beginning = train(0, data={"samples": 40}, runs=[{}, {}])
    with pytest.raises(InvalidInput) as refusal:
        find(beginning, plane="pca")
    assert [error.code for error in refusal.value.errors] == ["not_moved"]


def test_the_plane_of_another_experiment_is_asked_for_there() -> None:
    request = PlaneRequest("pca", step=9, of="other", of_step=4)
    assert request.in_other == replace(request, step=4, of=None, of_step=None)
