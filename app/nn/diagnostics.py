"""What a run is doing, read off its own losses."""

import numpy as np

from app.nn.types import Array

WINDOW = 120
"""How many of the last steps decide whether a run still moves."""
FLAT = 5e-3
"""A loss that falls by less than this share of itself over the window has come to rest."""
SOLVED = 1e-6
"""Below this share of the loss of the best constant answer there is nothing left to learn."""
LEARNED = 0.5
"""A run at rest has converged below this share of the loss of the best constant answer."""


def progress(losses: Array, baseline: float) -> str:
    """`training`, `converged` or `stuck`, from the losses (t+1,) of steps 0 … t.

    A run is at rest when, over the last `WINDOW` steps, its loss has fallen by less than `FLAT` of
    itself and is not falling faster and faster, as it does when a run leaves a plateau. At rest, it
    is `converged` if it has learned something, that is if J is below `LEARNED` times `baseline`,
    the loss of the best constant answer, and else `stuck`. Thirds of the window are compared, and
    what is left of each when its own trend is taken away is noise, which does not decide.
    """
    # A run that was set by hand after it diverged has no losses before that.
    if len(losses) <= WINDOW or not np.isfinite(losses[-WINDOW:]).all():
        return "training"
    parts = losses[-WINDOW:].reshape(3, -1)
    early, middle, late = (float(mean) for mean in parts.mean(axis=1))
    if late <= SOLVED * baseline:
        return "converged"
    time = np.linspace(-1.0, 1.0, parts.shape[1])
    trend = np.outer(parts @ time / (time @ time), time)
    noise = float(np.std(parts - parts.mean(axis=1, keepdims=True) - trend))
    fell, falls = early - middle, middle - late
    leaving = falls > max(fell, noise, 1e-9 * abs(late))
    if leaving or abs(early - late) > max(FLAT * abs(late), noise):
        return "training"
    return "converged" if late < LEARNED * baseline else "stuck"
