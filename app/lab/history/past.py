"""The past of a state that its status depends on."""

from dataclasses import dataclass

from app.lab.experiment.segment import Segment
from app.nn.types import Array


@dataclass(frozen=True)
class Past:
    """The last losses up to a state, and the least of all.

    `best` (K,) is the least training loss of every run since it began, or since its parameters were
    last set by hand; NaN where it has none.
    """

    losses: Segment
    best: Array
