"""What stands before the formula itself: `y = …`, `f(x1, x2) = …`, or a spreadsheet's `= …`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from app.data.formula.formula import FormulaError
from app.data.formula.names import KNOWN
from app.data.formula.tokens import Token

_SIGNS = ("=", ":=")


@dataclass(frozen=True)
class Definition:
    """Where the formula begins among the tokens, and the places of its inputs by their names.

    `hidden` are names that the definition gives another meaning, with what to write instead.
    """

    start: int
    inputs: Mapping[str, int]
    hidden: Mapping[str, str] = field(default_factory=dict)


def definition(tokens: Sequence[Token], inputs: Mapping[str, int]) -> Definition:
    """The definition that tokens begin with, or none. Raises FormulaError for one that cannot be.

    What is defined is a letter other than x; if it is y, y is no input on the right. (Names of more
    letters may be products: xy = 1 is an equation.) A parameter of another name than its input's is
    a new name of that input.
    """
    first, *rest = tokens
    if first.text == "=":
        return Definition(1, inputs)
    nothing = Definition(0, inputs)
    if not _is_letter(first):
        return nothing
    parameters = _parameters(rest, inputs)
    behind = 2 * len(parameters) + 1 if parameters else 0
    if len(rest) <= behind or rest[behind].text not in _SIGNS:
        return nothing
    known = dict(inputs)
    hidden = {first.text: f"x{known.pop(first.text) + 1}"} if first.text in known else {}
    for place, parameter in enumerate(parameters):
        known[parameter.text] = _bound(parameter, place, known)
        hidden.pop(parameter.text, None)
    return Definition(behind + 2, known, hidden)


def _is_letter(token: Token) -> bool:
    """Whether it is a letter that has no meaning in formulas, or y or z; digits may follow."""
    return token.text not in KNOWN and re.fullmatch(r"[a-wyz]\d*", token.text) is not None


def _parameters(tokens: Sequence[Token], inputs: Mapping[str, int]) -> list[Token]:
    """The names in brackets that tokens begin with, separated by commas; none if it is not that."""
    if tokens[0].text != "(":
        return []
    found: list[Token] = []
    for name, sign in zip(tokens[1::2], tokens[2::2], strict=False):
        named = name.text in inputs or _is_letter(name)
        if not named or sign.text not in (",", ";", ")"):
            return []
        found.append(name)
        if sign.text == ")":
            return found
    return []


def _bound(parameter: Token, place: int, inputs: Mapping[str, int]) -> int:
    """The place of the input that a parameter is."""
    count = len({*inputs.values()})
    if place >= count:
        detail = f"there are no more parameters than inputs: {count}"
        raise FormulaError("wrong_count", detail, parameter.column, parameter.typed)
    if inputs.get(parameter.text, place) != place:
        detail = f"{parameter.text} is another input than the parameter at this place"
        write = (f"x{place + 1}",)
        raise FormulaError("ambiguous", detail, parameter.column, parameter.typed, write=write)
    return place
