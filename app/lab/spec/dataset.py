"""The data of a spec: a built-in set, a formula, or numbers that a learner brought.

`generate` makes the samples of a data set, and `targets_of` their targets as the output layer needs
them: classes are numbers 0 … C - 1, and become the two labels of one output unit, or one label for
each of C units.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from app.data import datasets
from app.data.formula.formula import Formula
from app.data.types import Points
from app.nn.activations import ACTIVATIONS
from app.nn.stack import Layer
from app.nn.types import Array

DataTask = Literal["classification", "regression", "custom"]
TWO_CLASSES = ("0", "1")


@dataclass(frozen=True)
class DataSpec:
    """A data set by name, `formula`, or `custom` with its numbers.

    `width` is the number of raw inputs of a sample. `classes` are the names of the classes, in the
    order of their numbers; None where the targets are numbers. Custom inputs are (n_x, n), targets
    (n_y, n), or class numbers (1, n) where there are `classes`. With `standardize_target` every
    target has mean 0 and standard deviation 1 over the training set.
    """

    name: str
    samples: int
    noise: float
    train_fraction: float
    seed: int
    standardize: bool
    width: int
    classes: tuple[str, ...] | None = None
    formula: Formula | None = None
    inputs: Array | None = None
    targets: Array | None = None
    input_names: tuple[str, ...] | None = None
    target_name: str | None = None
    standardize_target: bool = False

    @property
    def task(self) -> DataTask:
        """`classification`, `regression`, or `custom` for numbers that could be either."""
        if self.classes is not None:
            return "classification"
        return "custom" if self.name == "custom" and self.target_name is None else "regression"

    @property
    def units(self) -> tuple[int, ...]:
        """The numbers of output units that suit the targets."""
        if self.classes is not None:
            return (1, 2) if len(self.classes) == 2 else (len(self.classes),)
        return (1 if self.targets is None else len(self.targets),)

    @property
    def names(self) -> tuple[str, ...]:
        """The raw inputs' names."""
        if self.input_names is not None:
            return self.input_names
        return tuple(f"x{index}" for index in range(1, self.width + 1))

    @property
    def domain(self) -> tuple[float, float] | None:
        """The range of every raw input, for drawing; None for custom data, which have no other."""
        if self.name == "custom":
            return None
        dataset = datasets.DATASETS.get(self.name)
        return datasets.DOMAIN if dataset is None else dataset.domain


def seeded(document: Mapping[str, object], **known: object) -> DataSpec:
    """Data that are generated from a seed: a built-in set or a formula."""
    common = ("name", "samples", "noise", "train_fraction", "seed", "standardize")
    return DataSpec(**{name: document[name] for name in common}, **known)  # type: ignore[arg-type]


def generate(data: DataSpec) -> tuple[Array, Array]:
    """Inputs (n_raw, n) and numbers or class numbers (n_y, n), the training samples first.

    Raises NotFinite where a formula has no number.
    """
    if data.inputs is not None and data.targets is not None:
        return _custom(data, data.inputs, data.targets)
    if data.formula is not None:
        inputs, values = _of_formula(data.formula, data.samples, data.noise, data.seed)
    else:
        inputs, values = datasets.make(data.name, data.samples, data.noise, data.seed)
        if datasets.DATASETS[data.name].classes == 2:
            values = (values > 0.0).astype(np.float64)
    return inputs, values[np.newaxis]


def _custom(data: DataSpec, inputs: Array, targets: Array) -> tuple[Array, Array]:
    if data.train_fraction < 1.0:
        order = datasets.shuffled(data.samples, data.seed)
        inputs, targets = inputs[:, order], targets[:, order]
    if data.standardize_target:
        center, spread = _scale(data, targets)
        targets = (targets - center) / spread
    return inputs, targets


def _of_formula(formula: Formula, samples: int, noise: float, seed: int) -> Points:
    """Points of a formula, x ~ U(-6, 6) for every input, and its values.

    For a boundary, the class (0 or 1) on the side of p + ε, ε ~ d·U(-6, 6), as in circle. For a
    target, f(p) + d·σ·N(0, 1), σ being the standard deviation of the values without noise.
    """
    rng = datasets.stream(seed)
    p = rng.uniform(*datasets.DOMAIN, (formula.inputs, samples))
    if formula.is_boundary:
        return p, formula.values(p + noise * rng.uniform(*datasets.DOMAIN, p.shape))
    values = formula.values(p)
    return p, values + noise * float(values.std()) * rng.standard_normal(samples)


def targets_of(data: DataSpec, values: Array, output: Layer) -> Array:
    """The targets (n_y, n) that this output layer learns, for the generated values (n_y, n)."""
    dataset = datasets.DATASETS.get(data.name)
    if dataset is not None and dataset.asks_sign and ACTIVATIONS[output.activation].bounded:
        return labelled((values > 0.0).astype(np.float64), output)
    return values if data.classes is None else labelled(values, output)


def target_scale(data: DataSpec) -> tuple[Array, Array] | None:
    """The mean and the standard deviation (n_y, 1) of standardized targets; None for all others.

    `center + scale * y` is an output in the units that the learner brought.
    """
    if not data.standardize_target or data.targets is None:
        return None
    order = np.arange(data.samples)
    if data.train_fraction < 1.0:
        order = datasets.shuffled(data.samples, data.seed)
    return _scale(data, data.targets[:, order])


def _scale(data: DataSpec, targets: Array) -> tuple[Array, Array]:
    return standard(targets[:, : datasets.split_point(data.samples, data.train_fraction)])


def standard(rows: Array) -> tuple[Array, Array]:
    """The mean and the standard deviation of every row, (m, 1); 1 for a row that is constant.

    A constant row is found by its range: rounding may keep its standard deviation from being 0.
    """
    constant = np.ptp(rows, axis=1, keepdims=True) == 0.0
    spread = rows.std(axis=1, keepdims=True)
    return rows.mean(axis=1, keepdims=True), np.where(constant | (spread == 0.0), 1.0, spread)


def labelled(numbers: Array, output: Layer) -> Array:
    """Class numbers (1, n) as targets (n_y, n) in the labels of the output's activation.

    One unit has one of its two labels for each of two classes; of C units, that of the class has
    the upper label and all others the lower one.
    """
    low, high = ACTIVATIONS[output.activation].class_labels
    if output.units == 1:
        return np.where(numbers > 0.0, high, low)
    return np.where(numbers == np.arange(output.units)[:, np.newaxis], high, low)
