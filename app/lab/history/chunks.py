"""Segments as the chunks of a store.

The names of the arrays are part of the stored format: "kept" are the steps whose theta is there,
and "whole" those at which the optimizers' state is there too, as arrays named "state.…".
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.lab.experiment.segment import Segment, diverged_by
from app.lab.history.binary import pack_arrays, unpack_arrays
from app.nn.update.optimizers import State
from app.store.base import Chunk

_STATE = "state."


def to_chunk(segment: Segment, extra: Mapping[str, NDArray[Any]] | None = None) -> Chunk:
    """A segment as a chunk, with `extra` arrays of the caller.

    No event that brings a run back may lie within the segment, only at its first step: of
    `diverged` the last row is stored.
    """
    arrays = {
        "train": segment.train,
        "test": segment.test,
        "kept": segment.theta_steps,
        "theta": segment.theta,
        **({"penalty": segment.penalty} if segment.penalty.any() else {}),
        **({"whole": segment.checkpoint_steps} if segment.optimizer_state else {}),
        "diverged": segment.diverged[-1],
        **pack_state(segment.optimizer_state),
        **(extra or {}),
    }
    return Chunk(segment.first, segment.last, pack_arrays(arrays))


def from_chunk(chunk: Chunk) -> Segment:
    """The segment of a chunk."""
    arrays = unpack_arrays(chunk.data)
    return Segment(
        chunk.first,
        arrays["train"],
        arrays["test"],
        arrays.get("penalty", np.zeros_like(arrays["train"])),
        diverged_by(np.arange(chunk.first, chunk.last + 1), arrays["diverged"]),
        arrays["kept"],
        arrays["theta"],
        arrays.get("whole", arrays["kept"]),
        unpack_state(arrays),
    )


def pack_state(state: State) -> State:
    """An optimizers' state under the names by which it is stored."""
    return {_STATE + name: array for name, array in state.items()}


def unpack_state(arrays: Mapping[str, NDArray[Any]]) -> State:
    """The optimizers' state among stored arrays."""
    return {
        name.removeprefix(_STATE): array
        for name, array in arrays.items()
        if name.startswith(_STATE)
    }
