"""Grammar of formulas: y = f(x1, x2) is a regression target, a comparison a class boundary.

The text is never executed as Python, so that it can do no harm.

    formula    = or
    or         = and {"or" and}
    and        = not {"and" not}
    not        = "not" not | comparison
    comparison = sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum}      0 < x1 < 2 holds both
    sum        = product {("+" | "-") product}
    product    = sign {("*" | "/") sign}
    sign       = ("-" | "+") sign | power                              -x^2 is -(x^2)
    power      = atom [("^" | "**") sign]                              from the right
    atom       = number | name | function "(" or {"," or} ")" | "(" or ")"

Names are x1 … xn (x is x1, y is x2 where there are two), pi and e. A comparison is 1 where it holds
and 0 where it does not. Signs as they are printed (², ·, ≤, π, x₁, full-width ones) are read too.

A formula is translated once to a program for a stack of arrays, so that evaluating one takes no
recursion; how deep it may nest and how long it may be is bounded.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from app.data.formula.formula import (
    COMPARISONS,
    CONSTANTS,
    FUNCTIONS,
    LARGEST,
    PRODUCTS,
    SUMS,
    Formula,
    FormulaError,
    Instruction,
    both,
    compare,
    either,
    negate,
)
from app.data.formula.tokens import Token, tokens
from app.data.types import Array

MOST_CHARACTERS = 300
MOST_NESTING = 30
_WORDS = ("and", "or", "not")
_OPERATOR = "an operator, or nothing"


def parse(text: str, inputs: int) -> Formula:
    """Parse a formula for data with this many inputs. Raises FormulaError at the first mistake."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError(
            "too_long", f"a formula has at most {MOST_CHARACTERS} characters", MOST_CHARACTERS + 1
        )
    return _Parser(text, inputs).parse()


class _Parser:
    """Recursive-descent parser; each method parses one rule and adds to the program."""

    def __init__(self, text: str, inputs: int) -> None:
        self._text = text
        self._tokens = tokens(text)
        self._place = 0
        self._depth = 0
        self._program: list[Instruction] = []
        self._inputs = {f"x{place + 1}": place for place in range(inputs)} | {"x": 0}
        if inputs == 2:
            self._inputs["y"] = 1

    def parse(self) -> Formula:
        if self._next.kind == "end":
            raise FormulaError("missing", "there is no formula yet", self._next.column)
        is_boundary = self._or()
        if self._next.kind != "end":
            raise self._unexpected(_OPERATOR)
        inputs = max(self._inputs.values()) + 1
        return Formula(self._text, inputs, is_boundary, tuple(self._program))

    # Each rule says whether what it read is a truth (a comparison) rather than a number.

    def _or(self) -> bool:
        is_truth = self._and()
        while self._take("or"):
            self._and()
            self._emit(either, 2)
            is_truth = True
        return is_truth

    def _and(self) -> bool:
        is_truth = self._not()
        while self._take("and"):
            self._not()
            self._emit(both, 2)
            is_truth = True
        return is_truth

    def _not(self) -> bool:
        if self._take("not"):
            with _Deeper(self):
                self._not()
            self._emit(negate, 1)
            return True
        return self._comparison()

    def _comparison(self) -> bool:
        is_truth = self._sum()
        operators = []
        while operator := self._take(*COMPARISONS):
            operators.append(operator)
            self._sum()
        if operators:
            self._emit(compare(operators), len(operators) + 1)
        return is_truth or bool(operators)

    def _sum(self) -> bool:
        return self._chain(SUMS, self._product)

    def _product(self) -> bool:
        return self._chain(PRODUCTS, self._sign)

    def _chain(
        self, operators: Mapping[str, Callable[..., Array]], operand: Callable[[], bool]
    ) -> bool:
        is_truth = operand()
        while operator := self._take(*operators):
            operand()
            self._emit(operators[operator], 2)
            is_truth = False
        return is_truth

    def _sign(self) -> bool:
        sign = self._take("-", "+")
        if not sign:
            return self._power()
        with _Deeper(self):
            self._sign()
        if sign == "-":
            self._emit(np.negative, 1)
        return False

    def _power(self) -> bool:
        is_truth = self._atom()
        if self._take("^", "**"):
            with _Deeper(self):
                self._sign()
            self._emit(np.power, 2)
            is_truth = False
        return is_truth

    def _atom(self) -> bool:
        token = self._next
        if token.kind == "number":
            self._advance()
            value = float(token.text)
            if not value <= LARGEST:
                detail = f"a number may be at most {LARGEST:g}"
                raise FormulaError("out_of_range", detail, token.column, token.text)
            self._program.append(value)
            return False
        if token.kind == "name" and token.text not in _WORDS:
            self._advance()
            self._name(token)
            return False
        if self._take("("):
            with _Deeper(self):
                is_truth = self._or()
            self._expect(")")
            return is_truth
        raise self._unexpected("a number, a name or (")

    def _name(self, token: Token) -> None:
        calls = self._next.text == "("
        if calls and token.text in FUNCTIONS:
            self._call(token)
        elif not calls and token.text in self._inputs:
            self._program.append(self._inputs[token.text])
        elif not calls and token.text in CONSTANTS:
            self._program.append(CONSTANTS[token.text])
        elif calls:
            known = self._inputs.keys() | CONSTANTS.keys()
            more = f"; between {token.text} and ( write *" if token.text in known else ""
            raise FormulaError(
                "not_a_function",
                f"{token.text} is not a function of the grammar{more}",
                token.column,
                token.text,
                tuple(FUNCTIONS),
            )
        elif token.text in FUNCTIONS:
            detail = f"{token.text} is a function: write {token.text}(…)"
            raise FormulaError("unexpected_token", detail, token.column, token.text, ("(",))
        else:
            offered = tuple(name for name in self._inputs if name not in "xy")
            names = (*offered, *CONSTANTS, *FUNCTIONS)
            detail = f"{token.text} is not a name of the grammar; there are {', '.join(offered)}"
            raise FormulaError("unknown_name", detail, token.column, token.text, names)

    def _call(self, token: Token) -> None:
        function = FUNCTIONS[token.text]
        self._expect("(")
        count = 0
        with _Deeper(self):
            if self._next.text != ")":
                self._or()
                count += 1
            while self._take(","):
                self._or()
                count += 1
        self._expect(")")
        if not function.least <= count <= function.most:
            wanted = str(function.least)
            if function.most > function.least:
                wanted += f" to {function.most}"
            raise FormulaError(
                "wrong_count",
                f"{token.text} takes {wanted} argument(s), not {count}",
                token.column,
                token.text,
            )
        self._emit(function.function, count)

    # -- the tokens

    @property
    def _next(self) -> Token:
        return self._tokens[self._place]

    def _advance(self) -> None:
        self._place += 1

    def _take(self, *texts: str) -> str:
        """Consume the next token if its text is one of these; return the text, or an empty one."""
        token = self._next
        if token.kind in ("sign", "name") and token.text in texts:
            self._advance()
            return token.text
        return ""

    def _expect(self, text: str) -> None:
        if not self._take(text):
            raise self._unexpected(text)

    def _unexpected(self, wanted: str) -> FormulaError:
        token = self._next
        if token.kind == "end":
            return FormulaError("unexpected_end", f"{wanted} is missing", token.column)
        detail = f"expected {wanted}, not {token.text!r}"
        begins = token.kind in ("number", "name") or token.text == "("
        if begins and wanted in (_OPERATOR, ")"):
            detail = f"write * between two factors, before {token.text!r}"
        return FormulaError("unexpected_token", detail, token.column, token.text)

    def _emit(self, function: Callable[..., Any], count: int) -> None:
        self._program.append((function, count))

    def deeper(self, by: int) -> None:
        """Count the nesting depth. Raises FormulaError before Python's recursion limit."""
        self._depth += by
        if self._depth > MOST_NESTING:
            detail = f"a formula may nest {MOST_NESTING} deep"
            raise FormulaError("too_deep", detail, self._next.column)


class _Deeper:
    """One level of nesting."""

    def __init__(self, parser: _Parser) -> None:
        self._parser = parser

    def __enter__(self) -> None:
        self._parser.deeper(1)

    def __exit__(self, *_: object) -> None:
        self._parser.deeper(-1)
