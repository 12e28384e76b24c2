"""Trajectory of the runs through parameter space, thinned to a bounded number of points."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nn.types import Array


@dataclass(frozen=True)
class Trajectory:
    """The parameters `theta` (C, K, P) of all runs at `steps` (C,), and their losses `J` (C, K)."""

    steps: NDArray[np.int64]
    theta: Array
    J: Array
