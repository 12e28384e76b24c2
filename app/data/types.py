"""What a data set is made of."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Points = tuple[Array, Array]
"""Inputs (n_x, n) and targets (n,)."""
Task = Literal["classification", "regression"]
