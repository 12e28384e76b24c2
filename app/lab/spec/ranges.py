"""The range of every number in a spec or a request that does not belong to a registry entry.

`check_work` and `check_answer` bound several of these numbers together: by the work that one
request costs, and by the bytes of its answer.
"""

from math import floor
from typing import Any

from app.choices import Range
from app.data import datasets
from app.errors import FieldError, InvalidInput
from app.nn.update.optimizers import LEARNING_RATE

UNITS = Range("units", 4, 1, 64, integer=True)
DROPOUT = Range("dropout", 0.0, 0.0, 0.9)
HIDDEN_LAYERS = Range("hidden_layers", 1, 0, 10, integer=True)
INPUTS = Range("inputs", 2, 1, 20, integer=True)
CLASSES = Range("classes", 2, 2, 20, integer=True)
RUNS = Range("runs", 5, 1, 16, integer=True)
SAMPLES = datasets.SAMPLES
BATCH_SIZE = Range("batch_size", None, 1, SAMPLES.maximum, integer=True, scale="log")
SEED = Range("seed", 7, 0, 2**32 - 1, integer=True)
LABEL_LENGTH = Range("label", None, 0, 80, integer=True)
PARAMETER = Range("parameter", 0.0, -1e6, 1e6)
REACHED = Range("reached", None, -1e100, 1e100)
"""Of a parameter that a run has come to: training asks for nobody's range, but squares are finite.
Some run beyond that too, just before they diverge; nothing is set by hand on those."""
NAMED_PARAMETERS = Range("values", None, 0, 10_000, integer=True)
NUMBER = Range("number", None, -1e12, 1e12)
COUNT = Range("count", 1, 1, 10_000, integer=True, scale="log")
EVERY = Range("every", 1, 1, 10_000, integer=True, scale="log")
POINTS = Range("points", 1000, 2, 20_000, integer=True)
SHARPNESS_POINTS = Range("points", 64, 2, 256, integer=True)
SURFACE_SIZE = Range("size", 61, 2, 201, integer=True)
PATH_POINTS = Range("points", 256, 2, 256, integer=True)
REACH = Range("reach", None, 1e-6, 1e6)
SLICE_SIZE = Range("size", 201, 2, 1001, integer=True)
OUTPUTS_SIZE = Range("size", 100, 2, 256, integer=True)
STEP = Range("step", None, 0, 10**9, integer=True)
RUN = Range("run", 0, 0, 10**9, integer=True)  # an experiment knows how many runs it has
INPUT = Range("input", 0, 0, 10**9, integer=True)  # and how many inputs its samples have
VERSION = Range("version", None, 1, 2**53, integer=True)
STUDY_SEEDS = Range("count", 100, 1, 10_000, integer=True, scale="log")
STUDY_STEPS = Range("steps", 600, 1, 50_000, integer=True, scale="log")
STUDY_TARGET = Range("target", None, 1e-12, 1e12, scale="log")
STUDY_CELLS = Range("cells", 1, 1, 400, integer=True)

FIELDS: dict[str, Range] = {
    "units": UNITS,
    "dropout": DROPOUT,
    "hidden_layers": HIDDEN_LAYERS,
    "inputs": INPUTS,
    "classes": CLASSES,
    "runs": RUNS,
    "batch_size": BATCH_SIZE,
    "seed": SEED,
    "samples": SAMPLES,
    "learning_rate": LEARNING_RATE,
    "label": LABEL_LENGTH,
    "parameter": PARAMETER,
    "number": NUMBER,
    "count": COUNT,
    "every": EVERY,
    "points": POINTS,
    "surface_size": SURFACE_SIZE,
    "slice_size": SLICE_SIZE,
    "outputs_size": OUTPUTS_SIZE,
    "study_seeds": STUDY_SEEDS,
    "study_steps": STUDY_STEPS,
    "study_target": STUDY_TARGET,
    "study_cells": STUDY_CELLS,
}
"""The ranges that the catalogue shows, under the names by which the page finds them."""

MOST_LOSSES = 4_000_000
"""Steps times runs of one experiment: its whole history of losses is to fit into memory."""
WORK_LIMIT = 4e10
"""The most multiplications of one request; about five seconds on one core."""


def check_work(
    work: float, at: str, received: int | None = None, power: int = 1, source: str = "query"
) -> None:
    """Raises InvalidInput for a request of more than WORK_LIMIT multiplications.

    All other requests would have to wait for it. With `received`, the error says the most that is
    allowed, where the work grows with that number to some `power`.
    """
    if work <= WORK_LIMIT:
        return
    allowed: dict[str, Any] = {}
    detail = "is too much work for a network and data of this size"
    if received is not None:
        most = floor(received * (WORK_LIMIT / work) ** (1.0 / power))
        allowed = {"maximum": most}
        detail += f"; at most {most}"
    raise InvalidInput([FieldError(at, "too_much_work", detail, allowed, received, source)])


ANSWER_BYTES = 1 << 24
"""The most that the maps, frames or losses of one answer may take; while it is written it is in
memory about three times."""
MOST_ANSWERED = ANSWER_BYTES * 9 // 8
"""The most that any answer takes, with all that stands beside these."""


def check_answer(
    size: float, at: str, received: int, power: int = 1, source: str = "query"
) -> None:
    """Raises InvalidInput for a request whose answer would have more than ANSWER_BYTES.

    The error says the most that is allowed, where the size grows with `received` to some `power`.
    """
    if size <= ANSWER_BYTES:
        return
    most = floor(received * (ANSWER_BYTES / size) ** (1.0 / power))
    detail = f"is too large an answer for a network of this size; at most {most}"
    raise InvalidInput(
        [FieldError(at, "too_large_answer", detail, {"maximum": most}, received, source)]
    )
