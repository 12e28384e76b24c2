"""Names of a formula: its inputs by all of their names, constants, functions; and advice on others.

x is x1; y and z are x2 and x3 where there are no more inputs than these letters.
"""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from app.data.formula.formula import CONSTANTS, FUNCTIONS, FormulaError
from app.data.formula.tokens import EITHER_OR, Token

WORDS = ("and", "or", "not")
ALIASES = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arctan2": "atan2", "arctg": "atan",
    "tg": "tan", "lg": "log10", "lb": "log2", "sgn": "sign", "ceiling": "ceil",
    "logistic": "sigmoid",
}  # fmt: skip
"""Functions by other names; lg and lb as in ISO 80000-2."""

_ELSEWHERE = {
    "xor": ("(…) != (…)",), "cot": ("1/tan(…)",), "sec": ("1/cos(…)",), "csc": ("1/sin(…)",),
    "cbrt": ("sign(…)*abs(…)^(1/3)",), "pow": ("(…)^(…)",), "sqr": ("(…)^2",),
    **dict.fromkeys(("if", "wenn", "where", "then"), (EITHER_OR,)),
    "und": ("and",), "et": ("and",), "oder": ("or",), "ou": ("or",), "nicht": ("not",),
    "non": ("not",), "frac": ("(…)/(…)",), "cdot": ("*",), "times": ("*",),
}  # fmt: skip
"""Names of other languages, and what to write for them."""

KNOWN = {*WORDS, *ALIASES, *CONSTANTS, *FUNCTIONS}
"""Names that no input can have."""


def input_names(count: int) -> dict[str, int]:
    """The place of every name that so many inputs have."""
    numbered = {f"x{place + 1}": place for place in range(count)}
    letters = "xyz" if count == 3 else "xy" if count == 2 else "x"
    return numbered | {letter: place for place, letter in enumerate(letters)}


def unknown(token: Token, inputs: Mapping[str, int], *, calls: bool) -> FormulaError:
    """The error that a name is none; `calls` says that a bracket follows."""
    numbered = tuple(name for name in inputs if re.fullmatch(r"x\d+", name))
    code, names = "unknown_name", (*numbered, *CONSTANTS, *FUNCTIONS)
    detail = f"{token.typed} is not a name of the grammar; there are {', '.join(numbered)}"
    if calls:
        code, names = "not_a_function", tuple(FUNCTIONS)
        detail = f"{token.typed} is not a function of the grammar"
    write = _ELSEWHERE.get(token.text) or respelled(token.text, inputs, calls=calls)
    return FormulaError(code, detail, token.column, token.typed, names, write)


def respelled(name: str, inputs: Mapping[str, int], *, calls: bool) -> tuple[str, ...]:
    """What may be meant by a name that is none: x1*x2 by x1x2, sin(x) by sinx, tanh by tanhh."""
    functions = [*FUNCTIONS, *ALIASES]
    applied = rf"({_any(functions)})(\d*)({_any([*inputs, 'pi'])})"
    factor = re.compile(f"{applied}|({_any([*inputs, *CONSTANTS])})|({_any(functions)})$")
    factors: list[str] = []
    place = 0
    while found := factor.match(name, place):
        function, times, argument, value, last = found.groups()
        if last and not calls:
            break
        if function:
            value = f"{function}({times}*{argument})" if times else f"{function}({argument})"
        factors.append(value or f"{last}(…)")
        place = found.end()
    if place == len(name):
        return ("*".join(factors),)
    return tuple(get_close_matches(name, functions, n=1, cutoff=0.8)) if len(name) > 2 else ()


def _any(names: Iterable[str]) -> str:
    """A pattern of any of these names, the longest first."""
    return "|".join(sorted(names, key=len, reverse=True))
