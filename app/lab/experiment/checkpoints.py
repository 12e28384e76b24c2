"""Which steps' parameters are kept: many while there are few, and never too few to come back."""

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.setup import Setup

CHECKPOINT_BYTES = 4096
"""Parameters kept per step, on average, while there are few steps; a small network's are kept at
every step."""
DENSE = 1024
"""From this step on half as many are kept, and half as many again whenever the steps double."""
CHECKPOINT_SPACING = 64
"""The most steps that a rewind has to compute again; what optimizers carry is kept so often."""


def checkpoint_spacing(setup: Setup, step: int = 0) -> int:
    """How many steps lie between kept parameters round a step: a power of two.

    It depends on nothing else, so that the same steps are kept in whatever blocks one trains.
    """
    needed = -(-setup.initial.nbytes // CHECKPOINT_BYTES)
    # bit_length: 1, 2, 3, … from DENSE, 2 DENSE, 4 DENSE, … on
    spacing = 1 << ((needed - 1).bit_length() + (step // DENSE).bit_length())
    return min(spacing, CHECKPOINT_SPACING)


def kept_steps(setup: Setup, first: int, last: int) -> NDArray[np.int64]:
    """Those of the steps `first` … `last` whose parameters are kept."""
    steps = range(first, last + 1)
    kept = [step for step in steps if step % checkpoint_spacing(setup, step) == 0]
    return np.array(kept, dtype=np.int64)
