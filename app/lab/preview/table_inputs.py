"""The inputs that the columns of a table become: numbers, 0 and 1, days, one for each category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal

import numpy as np

from app.data import datasets
from app.data.table.reading import unique
from app.lab.preview.table_column import Column, Encoding

Missing = Literal["mean", "median", "omit"]
"""What is done where a value is missing: it is filled in, or the row is left out."""


@dataclass(frozen=True)
class Inputs:
    """The inputs of a table: a name and a value in every row for each; None without a value.

    `filled` is the number of cells that had none.
    """

    names: tuple[str, ...]
    values: tuple[Sequence[float | None], ...]
    filled: int = 0


def make_inputs(
    columns: Sequence[Column],
    encodings: Mapping[int, Encoding],
    missing: Missing | None,
    train_fraction: float,
    seed: int,
) -> Inputs:
    """The inputs of these columns; `encodings` by their places.

    A missing value is filled by the mean or the median of those in the training rows, so that no
    test row tells anything of itself; a category's share stands for it, or the commoner answer.
    """
    count = len(columns[0].cells) if columns else 0
    training = _training_rows(count, train_fraction, seed)
    names: list[str] = []
    made: list[Sequence[float | None]] = []
    filled = 0
    for column in columns:
        gaps = sorted(column.gaps)
        values = column.values(encodings[column.place])
        if missing in ("mean", "median") and gaps:
            middle = fmean if missing == "mean" else median
            for numbers in values.values():
                known = [number for row in training if (number := numbers[row]) is not None]
                known = known or [number for number in numbers if number is not None]
                for row in gaps if known else ():
                    numbers[row] = float(middle(known))
            filled += len(gaps)
        names += values
        made += values.values()
    return Inputs(unique(names), tuple(made), filled)


def _training_rows(count: int, train_fraction: float, seed: int) -> Sequence[int]:
    """The rows that an experiment with this share and this seed trains on."""
    order = datasets.shuffled(count, seed) if train_fraction < 1.0 else np.arange(count)
    return order[: datasets.split_point(count, train_fraction)].tolist() if count else ()
