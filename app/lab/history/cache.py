"""The past of an experiment at hand: its losses, and the parameters that were kept.

In the store the past lies in many small chunks, and what a reader wants of it (a curve of all of
it, a path through all of it) lies in every one of them. So what has been read is kept, and follows
what is appended. It says what the store says, and forgetting it costs time and nothing else.
"""

from collections import OrderedDict
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.state import Stretch
from app.lab.history.segments import Losses
from app.nn.types import Array

LOSSES = ("train", "test", "penalty")
"""What a stretch and the losses of a past have in common."""
THETA_BYTES = 1 << 24
"""Kept parameters are at hand while those of one experiment take no more than this."""
TOTAL_BYTES = 3 << 26
"""The most that all pasts at hand may take; those unused for longest are forgotten."""


class _Rows:
    """An array that grows by rows (…), and is written over from a row on."""

    def __init__(self) -> None:
        self._room: Array | None = None
        self.count = 0

    @property
    def rows(self) -> Array:
        """All of them, as a view."""
        return np.empty(0) if self._room is None else self._room[: self.count]

    @property
    def nbytes(self) -> int:
        return 0 if self._room is None else self._room.nbytes

    def put(self, at: int, rows: Array) -> None:
        """These rows from place `at` on, and nothing behind them."""
        end = at + len(rows)
        if self._room is None or end > len(self._room):
            grown = np.empty((max(64, end + end // 2), *rows.shape[1:]), dtype=rows.dtype)
            if self._room is not None:
                grown[:at] = self._room[:at]
            self._room = grown
        self._room[at:end] = rows
        self.count = end


class Past:
    """What happened up to some step, as of a version of the experiment.

    `kept` (C,) are the steps whose parameters were kept; `theta` gives them (C, K, P), or None
    where they are too many to be at hand.
    """

    def __init__(self, version: int, stretches: Iterable[Stretch]) -> None:
        self.version = version
        self._losses = {name: _Rows() for name in LOSSES}
        self._kept, self._theta = _Rows(), _Rows()
        self._small = True
        for stretch in stretches:
            self.tell(stretch)

    @property
    def last(self) -> int:
        """The last step that it knows of."""
        return self._losses["train"].count - 1

    @property
    def nbytes(self) -> int:
        """Bytes that it takes."""
        return sum(rows.nbytes for rows in (*self._losses.values(), self._kept, self._theta))

    def tell(self, stretch: Stretch) -> None:
        """What was appended: it counts from its first step on."""
        for name, rows in self._losses.items():
            rows.put(stretch.first, getattr(stretch, name))
        place = int(np.searchsorted(self.kept, stretch.first))
        self._kept.put(place, stretch.kept)  # type: ignore[arg-type]
        if self._small:
            self._theta.put(place, stretch.theta)
            self._small = self._theta.rows.nbytes <= THETA_BYTES
        if not self._small:
            self._theta = _Rows()

    def cut(self, last: int) -> None:
        """Forgets what happened after a step."""
        place = int(np.searchsorted(self.kept, last, side="right"))
        for rows in self._losses.values():
            rows.count = min(rows.count, last + 1)
        self._kept.count = place
        self._theta.count = min(self._theta.count, place)

    def losses(self, first: int, last: int) -> Losses:
        """The losses of steps `first` … `last`, which it knows of."""
        found = {name: rows.rows[first : last + 1] for name, rows in self._losses.items()}
        return Losses(np.arange(first, last + 1), **found)

    @property
    def kept(self) -> NDArray[np.int64]:
        """The steps (C,) whose parameters were kept, in order."""
        return self._kept.rows  # type: ignore[return-value]

    @property
    def theta(self) -> Array | None:
        """The parameters (C, K, P) at the kept steps, if they are at hand."""
        return self._theta.rows if self._small else None


class Pasts:
    """The pasts of the experiments that were looked at last."""

    def __init__(self) -> None:
        self._pasts: OrderedDict[str, Past] = OrderedDict()

    def get(self, id: str) -> Past | None:
        """An experiment's past, if it is at hand."""
        past = self._pasts.get(id)
        if past is not None:
            self._pasts.move_to_end(id)
        return past

    def keep(self, id: str, past: Past) -> None:
        """Keeps a past, and forgets others where they take too much."""
        self._pasts[id] = past
        self._pasts.move_to_end(id)
        total = sum(one.nbytes for one in self._pasts.values())
        while total > TOTAL_BYTES and len(self._pasts) > 1:
            _, oldest = self._pasts.popitem(last=False)
            total -= oldest.nbytes

    def forget(self, id: str) -> None:
        """Forgets a past."""
        self._pasts.pop(id, None)
