"""What every run is doing at a moment."""

from typing import Any

from app.lab.experiment.setup import World
from app.lab.experiment.state import Moment
from app.nn.diagnostics import progress
from app.nn.types import Array


def statuses(world: World, moment: Moment, latest: Array) -> list[dict[str, Any]]:
    """The status of every run; `latest` (T, K) are the training losses up to the moment."""
    return [
        {"status": "diverged", "diverged_at": int(moment.diverged[k])}
        if moment.diverged[k] >= 0
        else {"status": progress(latest[:, k], world.baselines[k]), "diverged_at": None}
        for k in range(len(world.runs))
    ]
