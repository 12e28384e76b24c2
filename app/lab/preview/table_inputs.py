"""The inputs that the columns of a table become: numbers, 0 and 1, days, one for each category."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import Literal, NamedTuple

import numpy as np

from app.data import datasets
from app.data.table.cells import is_infinite
from app.data.table.pauses import paused
from app.data.table.reading import unique
from app.lab.preview.table_column import Column, Encoding
from app.lab.preview.table_components import principal_components
from app.lab.spec import ranges

Missing = Literal["mean", "median", "omit"]
"""What is done where a value is missing: it is filled in, or the row is left out."""
Reduce = Literal["components"]
"""What many columns of numbers become: their principal components."""
MOST_COMPONENTS = int(ranges.INPUTS.maximum)


@dataclass(frozen=True)
class Inputs:
    """The inputs of a table: a name and a value in every row for each; None without a value.

    `filled` is the number of cells that had none; `explained` the share of the variance that each
    of the first inputs holds, where these are principal components.
    """

    names: tuple[str, ...]
    values: tuple[Sequence[float | None], ...]
    filled: int = 0
    explained: tuple[float, ...] | None = None


def make_inputs(
    columns: Sequence[Column],
    encodings: Mapping[int, Encoding],
    missing: Missing | None,
    train_fraction: float,
    seed: int,
    reduce: Reduce | None = None,
) -> Inputs:
    """The inputs of these columns; `encodings` by their places.

    A missing value is filled by the mean or the median of those in the training rows, so that no
    test row tells anything of itself; a category's share stands for it, or the commoner answer.
    With `reduce`, principal components come first and stand for all columns of numbers.
    """
    count = len(columns[0].cells) if columns else 0
    training = _training_rows(count, train_fraction, seed)
    made: list[_Made] = []
    filled = 0
    for column in paused(columns):
        encoding = encodings[column.place]
        gaps = [row for row in sorted(column.gaps) if not is_infinite(column.cells[row])]
        values = column.values(encoding)
        if missing in ("mean", "median") and gaps:
            middle = fmean if missing == "mean" else median
            for numbers in values.values():
                known = [number for row in training if (number := numbers[row]) is not None]
                known = known or [number for number in numbers if number is not None]
                fill = float(middle(known)) if known else None
                for row in gaps:
                    numbers[row] = fill
            filled += len(gaps)
        made += [_Made(name, numbers, encoding == "number") for name, numbers in values.items()]
    explained = None
    if reduce is not None and count:
        made, explained = _reduced(made, training)
    names = unique([one.name for one in made])
    return Inputs(names, tuple(one.values for one in made), filled, explained)


class _Made(NamedTuple):
    """One input, and whether it is the number in the cells of a column."""

    name: str
    values: Sequence[float | None]
    is_number: bool


def _reduced(
    made: Sequence[_Made], training: Sequence[int]
) -> tuple[list[_Made], tuple[float, ...] | None]:
    """The inputs with principal components in the place of the numbers.

    Of numbers with gaps none are made: those are problems, to be settled first.
    """
    others = [one for one in made if not one.is_number]
    columns = [
        [value for value in one.values if value is not None] for one in made if one.is_number
    ]
    if not columns:
        return others, None
    most = max(0, MOST_COMPONENTS - len(others))
    if any(len(column) < len(made[0].values) for column in columns):
        none: list[float | None] = [None] * len(made[0].values)
        count = min(most, len(columns))
        return [_Made(f"PC{i}", none, True) for i in range(1, count + 1)] + others, None
    found = principal_components(columns, training, most)
    components = [_Made(f"PC{i}", values, True) for i, values in enumerate(found.values, start=1)]
    return components + others, found.explained


def _training_rows(count: int, train_fraction: float, seed: int) -> Sequence[int]:
    """The rows that an experiment with this share and this seed trains on."""
    order = datasets.shuffled(count, seed) if train_fraction < 1.0 else np.arange(count)
    return order[: datasets.split_point(count, train_fraction)].tolist() if count else ()
