"""Trajectory of the runs through parameter space, thinned to a bounded number of points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.state import TrainState
from app.nn.types import Array


@dataclass(frozen=True)
class Trajectory:
    """The parameters `theta` (C, K, P) of all runs at `steps` (C,), and their losses `J` (C, K)."""

    steps: NDArray[np.int64]
    theta: Array
    J: Array

    def rows(self, chosen: NDArray[np.int64]) -> "Trajectory":
        """Some of its points, by their places."""
        return Trajectory(self.steps[chosen], self.theta[chosen], self.J[chosen])


def end_of(state: TrainState, J: Array) -> Trajectory:
    """The end of a trajectory alone, with its losses J (K,): nothing before it has to be read."""
    return Trajectory(np.array([state.step]), state.theta[np.newaxis], J[np.newaxis])
