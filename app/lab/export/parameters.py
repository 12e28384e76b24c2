"""The parameters of all runs as an NPZ file, as `numpy.load` reads it."""

import io

import numpy as np

from app.lab.experiment.setup import Setup
from app.lab.experiment.state import TrainState

NPZ = "application/octet-stream"


def parameters_npz(setup: Setup, state: TrainState) -> bytes:
    """W1 (K, n_out, n_in), b1 (K, n_out) … of all K runs, their `labels` (K,), and the `step`."""
    arrays: dict[str, np.ndarray[tuple[int, ...], np.dtype[np.generic]]] = {}
    for layer, (W, b) in enumerate(setup.architecture.views(state.theta), start=1):
        arrays |= {f"W{layer}": W, f"b{layer}": b[:, :, 0]}
    labels = [run.label or f"run {k}" for k, run in enumerate(setup.runs)]
    buffer = io.BytesIO()
    np.savez(buffer, labels=np.array(labels), step=np.array(state.step), **arrays)  # type: ignore[arg-type]
    return buffer.getvalue()
