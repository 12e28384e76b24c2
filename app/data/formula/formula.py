"""Compiled formulas of a learner: programs for a stack of arrays, and the functions they may call.

`grammar` parses them. The text is never executed as Python, so that it can do no harm.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from math import e, pi

import numpy as np

from app.data.types import Array

LARGEST = 1e12
"""A formula's values may not be larger than the numbers of a learner's table."""


class FormulaError(Exception):
    """Error of a formula that cannot be parsed: `code` is the reason, `column` (from 1) the place.

    `text` is the text at that place, and `names` lists what is allowed there. `write` are the words
    to use instead, one for each meaning that it may have had; … stands for what follows.
    """

    def __init__(
        self,
        code: str,
        detail: str,
        column: int,
        text: str = "",
        names: Sequence[str] = (),
        write: Sequence[str] = (),
    ) -> None:
        advice = f"; write {' or '.join(map(repr, write))}" if write else ""
        super().__init__(f"column {column}: {detail}{advice}")
        self.code = code
        self.column = column
        self.text = text
        self.names = tuple(names)
        self.write = tuple(write)


class NotFinite(Exception):
    """Error of a formula whose value is not finite at some of the points.

    `sample` is the index of the first of them, `point` its inputs, and `value` the result. `column`
    is where in the text it comes from, if that is known, and `write` what may be meant instead.
    """

    def __init__(
        self,
        sample: int,
        point: tuple[float, ...],
        value: float,
        column: int | None = None,
        write: tuple[str, ...] = (),
    ) -> None:
        self.sample = sample
        self.column = column
        self.write = write
        self.place = ", ".join(f"x{index} = {x:.4g}" for index, x in enumerate(point, start=1))
        self.value = value
        super().__init__(f"sample {sample} ({self.place}) gives {value:g}")


@dataclass(frozen=True)
class Function:
    """A function of the grammar: elementwise on arrays, of `least` to `most` arguments.

    `inverse` is what f⁻¹ stands for. One that is `longer_elsewhere` has a second argument in other
    languages, so that a comma in its call may be meant to separate two.
    """

    function: Callable[..., Array]
    least: int = 1
    most: int = 1
    inverse: str = ""
    longer_elsewhere: bool = False

    @property
    def separates(self) -> bool:
        """Whether a comma between two digits in a call stands between two arguments."""
        return self.most > 1 or self.longer_elsewhere


def _fold(function: Callable[..., Array]) -> Callable[..., Array]:
    def folded(*values: Array) -> Array:
        result = values[0]
        for value in values[1:]:
            result = function(result, value)
        return result

    return folded


def logarithm(value: Array, base: Array) -> Array:
    """The logarithm of a value to a base."""
    return np.asarray(np.log(value) / np.log(base))


def _sigmoid(z: Array) -> Array:
    return np.asarray(1.0 / (1.0 + np.exp(-z)))


FUNCTIONS: dict[str, Function] = {
    "sin": Function(np.sin, inverse="asin"),
    "cos": Function(np.cos, inverse="acos"),
    "tan": Function(np.tan, inverse="atan"),
    "asin": Function(np.arcsin),
    "acos": Function(np.arccos),
    "atan": Function(np.arctan, longer_elsewhere=True),
    "atan2": Function(np.arctan2, 2, 2),
    "sinh": Function(np.sinh),
    "cosh": Function(np.cosh),
    "tanh": Function(np.tanh),
    "sigmoid": Function(_sigmoid),
    "relu": Function(lambda z: np.maximum(z, 0.0)),
    "exp": Function(np.exp),
    "log": Function(np.log, 1, 2),
    "ln": Function(np.log),
    "log2": Function(np.log2),
    "log10": Function(np.log10),
    "sqrt": Function(np.sqrt),
    "abs": Function(np.abs),
    "sign": Function(np.sign),
    "step": Function(lambda z: np.heaviside(z, 1.0)),
    "floor": Function(np.floor, longer_elsewhere=True),
    "ceil": Function(np.ceil, longer_elsewhere=True),
    "round": Function(np.round, longer_elsewhere=True),
    "mod": Function(np.mod, 2, 2),
    "hypot": Function(_fold(np.hypot), 2, 8),
    "min": Function(_fold(np.minimum), 2, 8),
    "max": Function(_fold(np.maximum), 2, 8),
}
_INSTEAD: dict[Callable[..., Array], tuple[str, ...]] = {
    np.log: ("ln(abs(…))",),
    np.log2: ("log2(abs(…))",),
    np.log10: ("log10(abs(…))",),
    np.sqrt: ("sqrt(abs(…))", "sqrt(max(…, 0))"),
    np.arcsin: ("asin(max(-1, min(1, …)))",),
    np.arccos: ("acos(max(-1, min(1, …)))",),
    np.power: ("abs(…)^…", "sign(…)*abs(…)^…"),
}
"""What to write for functions that have no value somewhere."""
CONSTANTS: dict[str, float] = {"pi": pi, "e": e}
LOGARITHMS = {"e": "ln", "2": "log2", "10": "log10"}
"""The logarithms whose base needs no argument."""

COMPARISONS: dict[str, Callable[[Array, Array], Array]] = {
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
    "==": np.equal,
    "!=": np.not_equal,
}
SUMS: dict[str, Callable[..., Array]] = {"+": np.add, "-": np.subtract}
PRODUCTS: dict[str, Callable[..., Array]] = {"*": np.multiply, "/": np.divide}


def _truth(values: Array, *known: Array) -> Array:
    """1 where true and 0 where false, but NaN where one of the compared values is NaN."""
    result = np.where(values, 1.0, 0.0)
    for value in known:
        result = np.where(np.isnan(value), np.nan, result)
    return result


def compare(operators: Sequence[str]) -> Callable[..., Array]:
    """Whether n operators all hold, each between two neighbours of n + 1 arrays."""

    def compared(*values: Array) -> Array:
        holds = [
            COMPARISONS[operator](values[place], values[place + 1])
            for place, operator in enumerate(operators)
        ]
        return _truth(_fold(np.logical_and)(*holds), *values)

    return compared


def both(one: Array, other: Array) -> Array:
    """Logical and: 1 where neither is zero."""
    return _truth((one != 0.0) & (other != 0.0), one, other)


def either(one: Array, other: Array) -> Array:
    """Logical or: 1 where any is not zero."""
    return _truth((one != 0.0) | (other != 0.0), one, other)


def negate(one: Array) -> Array:
    """Logical not: 1 where it is zero."""
    return _truth(one == 0.0, one)


Instruction = float | int | tuple[Callable[..., Array], int]
"""A number to put on the stack, the place of an input, or a function of so many of the topmost."""


@dataclass(frozen=True)
class Formula:
    """A compiled formula: its `text` as typed, and its `reading` with every sign written.

    `doubts` are the places at which something else may have been meant; it is read all the same, as
    it always was. `columns` are where functions stand in the text, by their place in the program.
    """

    text: str
    reading: str
    inputs: int
    is_boundary: bool
    program: tuple[Instruction, ...]
    doubts: tuple[FormulaError, ...] = field(default=(), compare=False)
    columns: Mapping[int, int] = field(default_factory=dict, compare=False)

    def values(self, inputs: Array) -> Array:
        """f (n,) of inputs (n_x, n). Raises NotFinite if it is not finite at a sample.

        A boundary is 1 where the comparison holds and 0 where it does not.
        """
        stack: list[Array] = []
        with np.errstate(all="ignore"):
            for step in self.program:
                if isinstance(step, tuple):
                    function, count = step
                    stack[-count:] = [function(*stack[-count:])]
                elif isinstance(step, int):
                    stack.append(inputs[step])
                else:
                    stack.append(np.array(step))
        result: Array = np.broadcast_to(stack[0], inputs.shape[1:]).astype(np.float64)
        bad = ~(np.abs(result) <= LARGEST)
        if bad.any():
            sample = int(np.argmax(bad))
            column, write = self._blame(inputs[:, sample])
            point = tuple(inputs[:, sample].tolist())
            raise NotFinite(sample, point, float(result[sample]), column, write)
        return result

    def _blame(self, point: Array) -> tuple[int | None, tuple[str, ...]]:
        """Where the first value that is not a number comes from, and what to write instead."""
        stack: list[Array] = []
        with np.errstate(all="ignore"):
            for place, step in enumerate(self.program):
                if not isinstance(step, tuple):
                    stack.append(np.array(point[step] if isinstance(step, int) else step))
                    continue
                function, count = step
                stack[-count:] = [function(*stack[-count:])]
                if not np.abs(stack[-1]) <= LARGEST:
                    return self.columns.get(place), _INSTEAD.get(function, ())
        return None, ()
