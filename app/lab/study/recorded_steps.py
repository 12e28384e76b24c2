"""The steps at which a study records losses: all of a short study, few of a long one."""

import numpy as np
from numpy.typing import NDArray

MOST = 201


def recorded_steps(steps: int) -> NDArray[np.int64]:
    """0, 1, 2, …, `steps`; of more than 200 steps 201, dense at the start (T,).

    Strictly increasing from 0 to `steps`. Of a long study, entry i is i plus a share of the steps
    beyond 200 that grows with i³, in whole numbers: the start, where a loss falls fastest, is seen
    nearly step by step, and no gap exceeds 1.5 % of the study by more than a step or two.
    Raises ValueError for a negative number of steps.
    """
    if steps < 0:
        raise ValueError(f"a study has 0 or more steps, not {steps}")
    last = MOST - 1
    if steps <= last:
        return np.arange(steps + 1)
    return np.array([i + (steps - last) * i**3 // last**3 for i in range(MOST)])
