"""Checkpoint policy: the steps whose parameters are stored.

Stored at every step while networks are small and steps are few, and more rarely as they grow; but
never so rarely that a rewind would have to train for more than `CHECKPOINT_SPACING` steps.
"""

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.setup import Setup

BYTES_PER_STEP = 4096
"""Parameters of the first steps take at most this much for each step, on average."""
DENSE_STEPS = 1024
"""From this step on half as many are stored, and half as many again whenever the steps double."""
CHECKPOINT_SPACING = 64
"""The optimizers' state is stored every so many steps, and parameters at least as often."""


def theta_spacing(setup: Setup, step: int = 0) -> int:
    """How many steps lie between stored parameters near a step: a power of two.

    It depends on nothing else, so that the same steps are stored in whatever blocks one trains.
    """
    needed = -(-setup.initial.nbytes // BYTES_PER_STEP)
    # bit_length: 1, 2, 3, … from DENSE_STEPS, 2 DENSE_STEPS, 4 DENSE_STEPS, … on
    spacing = 1 << ((needed - 1).bit_length() + (step // DENSE_STEPS).bit_length())
    return min(spacing, CHECKPOINT_SPACING)


def theta_steps(setup: Setup, first: int, last: int) -> NDArray[np.int64]:
    """Those of the steps `first` … `last` whose parameters are stored, (C,)."""
    steps = range(first, last + 1)
    stored = [step for step in steps if step % theta_spacing(setup, step) == 0]
    return np.array(stored, dtype=np.int64)


def checkpoint_steps(first: int, last: int) -> NDArray[np.int64]:
    """Those of the steps `first` … `last` at which the optimizers' state is stored too, (S,).

    They are among the `theta_steps`: every spacing divides this one.
    """
    after = -(-first // CHECKPOINT_SPACING) * CHECKPOINT_SPACING
    return np.arange(after, last + 1, CHECKPOINT_SPACING)
