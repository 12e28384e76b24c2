"""LRU cache of experiment histories.

A history lies in the store in many small chunks, and a loss curve or a trajectory needs something
of every one of them. What has been read is therefore kept, and new segments are appended to it. It
holds nothing that the store does not hold: to drop it costs time and nothing else.
"""

from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.segment import Segment, no_rows
from app.nn.types import Array

THETA_BYTES = 1 << 24
"""The parameters of one experiment are cached while they take no more than this."""
TOTAL_BYTES = 3 << 25
"""The most that all cached histories may take; those unused for longest are dropped."""
_EVERY_STEP = ("train", "test", "penalty", "diverged")

_Number = TypeVar("_Number", bound=np.generic)


class GrowingArray(Generic[_Number]):
    """An array (n, …) whose rows are appended, or overwritten from a row on."""

    def __init__(self, rows: NDArray[_Number]) -> None:
        self._buffer = no_rows(rows)
        self._count = 0
        self.write(0, rows)

    @property
    def rows(self) -> NDArray[_Number]:
        """All rows, as a view that holds until the next `write`."""
        return self._buffer[: self._count]

    @property
    def nbytes(self) -> int:
        """Bytes of memory, with the room for more rows."""
        return self._buffer.nbytes

    def write(self, at: int, rows: NDArray[_Number]) -> None:
        """These rows from row `at` on; what was there or behind them is gone.

        Raises ValueError for rows that do not follow: what lies between would be no number at all.
        """
        if at > self._count:
            raise ValueError(f"row {at} does not follow {self._count} rows")
        end = at + len(rows)
        if end > len(self._buffer):
            grown = np.empty((max(64, end + end // 4), *rows.shape[1:]), dtype=rows.dtype)
            grown[:at] = self._buffer[:at]
            self._buffer = grown
        self._buffer[at:end] = rows
        self._count = end

    def truncate(self, count: int) -> None:
        """Drops all rows but the first `count`."""
        self._count = min(self._count, count)


class CachedHistory:
    """The history of an experiment from step 0 on, as of an edition of the experiment."""

    def __init__(self, edition: tuple[int, str], segments: Sequence[Segment]) -> None:
        first, *others = segments
        self.edition = edition
        self._every_step: dict[str, GrowingArray[Any]] = {
            name: GrowingArray(getattr(first, name)) for name in _EVERY_STEP
        }
        self._theta_steps = GrowingArray(first.theta_steps)
        self._no_theta = no_rows(first.theta)
        self._theta: GrowingArray[Any] | None = GrowingArray(first.theta)
        for segment in others:
            self.append(segment)

    @property
    def last(self) -> int:
        """The last of its steps."""
        return len(self._every_step["train"].rows) - 1

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        parts = [*self._every_step.values(), self._theta_steps]
        theta = 0 if self._theta is None else self._theta.nbytes
        return theta + sum(part.nbytes for part in parts)

    @property
    def theta_steps(self) -> NDArray[np.int64]:
        """The steps (C,) whose parameters are stored, in order."""
        return self._theta_steps.rows

    @property
    def theta(self) -> Array | None:
        """The parameters (C, K, P) at `theta_steps`, or None where they are too large to cache."""
        return None if self._theta is None else self._theta.rows

    def append(self, segment: Segment) -> None:
        """Adds a segment, which hides all that was there from its first step on."""
        for name, array in self._every_step.items():
            array.write(segment.first, getattr(segment, name))
        place = int(np.searchsorted(self.theta_steps, segment.first))
        self._theta_steps.write(place, segment.theta_steps)
        if self._theta is not None:
            self._theta.write(place, segment.theta)
            if self._theta.rows.nbytes > THETA_BYTES:
                self._theta = None

    def truncate(self, last: int) -> None:
        """Drops what comes after a step."""
        place = int(np.searchsorted(self.theta_steps, last, side="right"))
        for array in self._every_step.values():
            array.truncate(last + 1)
        self._theta_steps.truncate(place)
        if self._theta is not None:
            self._theta.truncate(place)

    def losses(self, first: int, last: int) -> Segment:
        """The losses of steps `first` … `last`, without parameters, as views."""
        rows = {name: array.rows[first : last + 1] for name, array in self._every_step.items()}
        none = np.empty(0, dtype=np.int64)
        return Segment(
            first,
            **rows,
            theta_steps=none,
            theta=self._no_theta,
            checkpoint_steps=none,
            optimizer_state={},
        )


class HistoryCache:
    """The histories of the experiments used last, up to `TOTAL_BYTES`."""

    def __init__(self) -> None:
        self._histories: OrderedDict[str, CachedHistory] = OrderedDict()
        self._sizes: dict[str, int] = {}
        self._bytes = 0

    def get(self, id: str) -> CachedHistory | None:
        """An experiment's history, if it is cached."""
        history = self._histories.get(id)
        if history is not None:
            self._histories.move_to_end(id)
        return history

    def put(self, id: str, history: CachedHistory) -> None:
        """Caches a history, and drops others that take too much; the newest one always stays."""
        self._histories[id] = history
        self._histories.move_to_end(id)
        self._bytes += history.nbytes - self._sizes.get(id, 0)
        self._sizes[id] = history.nbytes
        while self._bytes > TOTAL_BYTES and len(self._histories) > 1:
            self.drop(next(iter(self._histories)))

    def drop(self, id: str) -> None:
        """Drops a history, if it is cached."""
        if self._histories.pop(id, None) is not None:
            self._bytes -= self._sizes.pop(id)
