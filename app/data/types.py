"""Types of data sets, and their largest size."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Points = tuple[Array, Array]
"""Inputs (n_x, n) and targets (n,)."""
MOST_SAMPLES = 10_000
"""The most samples of a data set, and so the most rows of a table."""
Task = Literal["classification", "regression"]
