"""A line of a worked example: a formula in letters, and the same formula with numbers put in.

An entry of a registry carries its lines as data, so that a formula stands once: the catalogue lists
it and the worked step fills in the numbers. Formulas are plain text in a small notation, which the
page turns into MathML:

- letters that stand together are one name (`ln`), Greek letters stand alone (`μv` is μ times v);
- `₁` and `²` are an index and a power, `x^y` is a power too, `m̂` a letter with a hat;
- `a/b` is a fraction of the two operands beside the sign, `√a` a root; round brackets make an
  operand of what they hold, and are not written where they are all of a fraction's side or a root;
- `{name}` is a number, `{name:6}` with 6 significant digits instead of 4, and `{+name}` is one with
  its sign, as it is added to what stands before it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

Values = Mapping[str, float]

_PLACEHOLDER = re.compile(r"\{\+?(\w+)(?::\d+)?\}")
PARAMETER = "parameter"
"""The placeholder of a parameter's own name, W₁[0,1], which the page writes."""


def no_more(values: Values) -> Values:
    """No further values."""
    return {}


def always(values: Values) -> bool:
    """A line that is always written."""
    return True


@dataclass(frozen=True)
class Line:
    """A formula and its numbers, both in the notation above.

    `numbers` names the values that are put in: those of the worked example, and those that `more`
    computes from them. The line is left out where `shown` is false of the values. The formulas of
    the lines `in_summary`, joined, are the one that the catalogue shows.
    """

    name: str
    formula: str
    numbers: str
    more: Callable[[Values], Values] = no_more
    shown: Callable[[Values], bool] = always
    in_summary: bool = True


@dataclass(frozen=True)
class WorkedLine:
    """A line with the value of every placeholder, by name."""

    name: str
    formula: str
    numbers: str
    values: Values


def fill_in(lines: Iterable[Line], values: Values) -> tuple[WorkedLine, ...]:
    """The lines that are shown for these values, each with those it names.

    Raises KeyError for a placeholder that has no value.
    """
    filled = []
    for line in lines:
        if line.shown(values):
            known = {**values, **line.more(values)}
            names = dict.fromkeys(_PLACEHOLDER.findall(line.numbers))
            own = {name: known[name] for name in names if name != PARAMETER}
            filled.append(WorkedLine(line.name, line.formula, line.numbers, own))
    return tuple(filled)


def summary(lines: Iterable[Line]) -> str:
    """The formulas of the lines that are in the summary, one after the other."""
    return ",  ".join(line.formula for line in lines if line.in_summary)
