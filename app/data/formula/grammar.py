"""Grammar of formulas: y = f(x1, x2) is a regression target, a comparison a class boundary.

The text is never executed as Python, so that it can do no harm.

    formula    = [definition] or
    or         = and {("or" | "||") and}
    and        = not {"and" not}
    not        = "not" not | comparison
    comparison = sum {("<" | "<=" | ">" | ">=" | "==" | "!=") sum}      0 < x1 < 2 holds both
    sum        = product {("+" | "-") product}
    product    = sign {("*" | "/") sign | power}                       2x is 2*x
    sign       = ("-" | "+") sign | power                              -x^2 is -(x^2)
    power      = atom ["^" sign]                                       from the right
    atom       = number | name | "(" or ")" | "|" or "|" | "√" atom | "!" "(" or ")" | applied
    applied    = function ["^" digits] ("(" or {"," or} ")" | argument)
    argument   = sign {power}                                          sin 2 pi x

Names are those of `names`, other signs those of `characters`. A comparison is 1 where it holds and
0 where it does not.

What people write is read where all read it alike. Where calculators disagree (1/2x, e^2x, sin x y,
1,000) it is refused, with the words to use for each meaning: a formula that is read otherwise than
it was meant looks like any other. Every formula has a reading, in which all signs and brackets are
written; read again, it is the same program.

A formula is translated once to a program for a stack of arrays, so that evaluating one takes no
recursion; how deep it may nest and how long it may be is bounded.
"""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from app.data.formula.characters import POWER
from app.data.formula.commas import Commas
from app.data.formula.cursor import Cursor, ambiguous
from app.data.formula.definition import definition
from app.data.formula.formula import (
    COMPARISONS,
    CONSTANTS,
    FUNCTIONS,
    LARGEST,
    LOGARITHMS,
    PRODUCTS,
    SUMS,
    Formula,
    FormulaError,
    Function,
    Instruction,
    both,
    compare,
    either,
    logarithm,
    negate,
)
from app.data.formula.names import ALIASES, input_names, unknown
from app.data.formula.tokens import Token, tokens
from app.data.formula.unwritten import (
    Part,
    begins_argument,
    begins_factor,
    check_factor,
    function_power,
    printed,
)
from app.data.types import Array

MOST_CHARACTERS = 300


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
        self._count = inputs
        found = tokens(text)
        defined = definition(found, input_names(inputs))
        self._inputs, self._hidden = defined.inputs, defined.hidden
        self._cursor = Cursor(found, defined.start)
        self._commas = Commas()
        self._bars: Token | None = None
        self._double_bar: Token | None = None
        self._program: list[Instruction] = []
        self._columns: dict[int, int] = {}
        self._doubts: list[FormulaError] = []

    def parse(self) -> Formula:
        cursor = self._cursor
        if cursor.next.kind == "end":
            raise FormulaError("missing", "there is no formula yet", cursor.next.column)
        part = self._or()
        if cursor.next.kind != "end":
            raise cursor.unexpected("an operator, or nothing")
        self._commas.check()
        return Formula(
            text=self._text,
            reading=part.text,
            inputs=self._count,
            is_boundary=part.is_truth,
            program=tuple(self._program),
            doubts=tuple(self._doubts),
            columns=self._columns,
        )

    def _or(self) -> Part:
        token = self._cursor.next
        part = self._and()
        while self._take_or():
            part = self._held(part, token, "or")
            token = self._cursor.next
            other = self._held(self._and(), token, "or")
            part = self._joined(part, " or ", other, either, is_truth=True)
        return part

    def _and(self) -> Part:
        token = self._cursor.next
        part = self._not()
        while self._cursor.take("and"):
            part = self._held(part, token, "and")
            token = self._cursor.next
            other = self._held(self._not(), token, "and")
            part = self._joined(part, " and ", other, both, is_truth=True)
        return part

    def _held(self, part: Part, token: Token, word: str) -> Part:
        """A part beside `and` or `or`, with brackets where its own words may be taken for theirs.

        An input of its own is true almost everywhere: then a comparison may be missing.
        """
        if part.text in {f"x{place + 1}" for place in self._inputs.values()}:
            write = (f"{part.text} > 0 {word} …", f"{part.text} != 0 {word} …")
            self._doubts.append(ambiguous(token, write))
        unlike = part.text.startswith("not ") or (word == "or" and " and " in part.text)
        return replace(part, text=f"({part.text})") if unlike and part.kind != "bracket" else part

    def _not(self) -> Part:
        if not self._cursor.take("not"):
            return self._comparison()
        with self._cursor.deeper():
            part = self._not()
        self._emit(negate, 1)
        return Part(f"not {part.text}", True, part.constant)

    def _comparison(self) -> Part:
        part = self._sum()
        operators: list[str] = []
        while operator := self._cursor.take(*COMPARISONS):
            if len(operators) == 1 and "==" in (operator, *operators) and operator != operators[0]:
                write = (f"({part.text}) {operator} (…)", f"{part.text} and …")
                self._doubts.append(ambiguous(self._cursor.before, write))
            operators.append(operator)
            other = self._sum()
            constant = part.constant and other.constant
            part = Part(f"{part.text} {operator} {other.text}", True, constant)
        if operators:
            self._emit(compare(operators), len(operators) + 1)
        return part

    def _sum(self) -> Part:
        part = self._product()
        while operator := self._cursor.take(*SUMS):
            part = self._joined(part, f" {operator} ", self._product(), SUMS[operator])
        return part

    def _product(self) -> Part:
        product = factor = self._sign()
        operator, has_bars = "", factor.kind == "bars"
        while True:
            sign = self._cursor.next
            if explicit := self._cursor.take(*PRODUCTS):
                if explicit == "/" and factor.kind == "bare":
                    raise ambiguous(sign, factor.followed_by("/"))
                operator, factor = explicit, self._sign()
            elif begins_factor(self._cursor):
                check_factor(self._cursor, product, operator, factor, has_bars)
                operator, factor = "*", self._power()
            else:
                return product
            has_bars = has_bars or factor.kind == "bars"
            product = self._joined(product, operator, factor, PRODUCTS[operator])

    def _sign(self) -> Part:
        sign = self._cursor.take("-", "+")
        if not sign:
            return self._power()
        with self._cursor.deeper():
            part = self._sign()
        if sign == "-":
            self._emit(np.negative, 1)
        kind = part.kind if part.kind in ("bare", "bars") else ""
        meanings = tuple(sign + meaning for meaning in part.meanings)
        return Part(sign + part.text, False, part.constant, kind, meanings)

    def _power(self) -> Part:
        column = self._cursor.next.column
        base = self._atom()
        sign = self._cursor.take("^", POWER)
        if not sign:
            return base
        with self._cursor.deeper():
            exponent = self._sign()
        ends = sign == POWER or exponent.kind == "bracket"
        ends = ends or (exponent.kind == "number" and not base.constant)
        meanings = (f"{base.text}^{exponent.text}~…", f"{base.text}^({exponent.text}~…)")
        if exponent.text[0] in "+-" or ("^" in exponent.text and exponent.kind != "bracket"):
            exponent = replace(exponent, text=f"({exponent.text})")
        power = self._joined(base, "^", exponent, np.power, column=column)
        return power if ends else replace(power, meanings=meanings)

    def _atom(self) -> Part:
        cursor = self._cursor
        if cursor.next.kind == "number":
            return self._number()
        if cursor.is_name:
            name = ALIASES.get(cursor.next.text, cursor.next.text)
            return self._applied(name) if name in FUNCTIONS else self._value()
        rules = {"(": self._brackets, "|": self._absolute, "√": self._root, "!": self._denied}
        if cursor.next.text in rules:
            return rules[cursor.next.text](cursor.advance())
        raise cursor.unexpected("a number, a name or (")

    def _number(self) -> Part:
        token = self._cursor.next
        text = self._commas.number(self._cursor)
        value = float(text)
        if not value <= LARGEST:
            detail = f"a number may be at most {LARGEST:g}"
            raise FormulaError("out_of_range", detail, token.column, token.typed)
        self._program.append(value)
        return Part(text, False, True, "number")

    def _value(self) -> Part:
        token = self._cursor.advance()
        if token.text in self._inputs:
            place = self._inputs[token.text]
            self._program.append(place)
            return Part(f"x{place + 1}")
        if token.text in CONSTANTS:
            self._program.append(CONSTANTS[token.text])
            return Part(token.text, False, True)
        if token.text in self._hidden:
            raise ambiguous(token, (self._hidden[token.text],))
        raise unknown(token, self._inputs, calls=self._cursor.next.text == "(")

    def _brackets(self, _: Token) -> Part:
        with self._cursor.deeper("("):
            part = self._or()
        self._cursor.expect(")")
        return replace(part, text=f"({part.text})", kind="bracket", meanings=())

    def _absolute(self, bar: Token) -> Part:
        self._bars = bar
        self._check_bars()
        with self._cursor.deeper("|"):
            part = self._or()
        self._cursor.expect("|")
        if part.is_truth:
            double = self._double_bar is not None or part.kind == "bracket"
            raise ambiguous(bar, ("or",) if double else (f"({part.text})",))
        self._emit(np.abs, 1)
        return Part(part.in_call("abs"), False, part.constant, "bars")

    def _root(self, token: Token) -> Part:
        with self._cursor.deeper():
            part = self._radicand()
        self._emit(np.sqrt, 1, token.column)
        meanings = (
            () if part.kind == "bracket" else (f"sqrt({part.text})~…", f"sqrt({part.text}~…)")
        )
        return Part(part.in_call("sqrt"), False, part.constant, "", meanings)

    def _radicand(self) -> Part:
        """An atom that no power follows: √x² could be either order."""
        part = self._atom()
        if self._cursor.is_power:
            inside, outside = f"sqrt({part.text}^…)", f"{part.in_call('sqrt')}^…"
            raise ambiguous(self._cursor.next, (inside, outside))
        return part

    def _denied(self, sign: Token) -> Part:
        """! before a bracket; without one, C reads !x1 > 0 as (!x1) > 0."""
        if not self._cursor.take("("):
            raise ambiguous(sign, ("not …", "!(…)"))
        part = self._brackets(sign)
        self._emit(negate, 1)
        return Part(f"(not {part.text})", True, part.constant, "bracket")

    # -- functions

    def _applied(self, name: str) -> Part:
        cursor, function = self._cursor, FUNCTIONS[name]
        token = cursor.advance()
        exponent = function_power(cursor, name)
        if cursor.take("("):
            part = self._call(token, name, function)
        elif function.least == 1 and begins_argument(cursor):
            part = self._bare(name, function)
        else:
            detail, write = f"{token.typed} is a function", printed(name, function.least * ["…"])
            raise FormulaError(
                "unexpected_token", detail, token.column, token.typed, ("(",), (write,)
            )
        self._columns.setdefault(len(self._program) - 1, token.column)
        if not exponent:
            return part
        if cursor.is_power:
            raise ambiguous(cursor.next, (f"({part.text}^{exponent})^…",))
        self._program.append(float(exponent))
        self._emit(np.power, 2)
        outside, inside = part.meanings or ("", "")
        meanings = (
            (outside.replace("~", f"^{exponent}~"), f"{inside}^{exponent}") if outside else ()
        )
        return replace(part, text=f"{part.text}^{exponent}", is_truth=False, meanings=meanings)

    def _bare(self, name: str, function: Function) -> Part:
        """An argument without brackets: sin x^2, or constants and a name as in sin 2 pi x."""
        cursor = self._cursor
        with cursor.deeper():
            part = self._radicand() if name == "sqrt" else self._sign()
            while part.constant and not part.meanings and name != "sqrt" and self._is_value():
                if name == "log":
                    raise ambiguous(cursor.next, (f"ln({part.text}*…)", f"log(…, {part.text})"))
                part = self._joined(part, "*", self._power(), np.multiply)
        self._emit(function.function, 1)
        call = printed(name, [part.text])
        meanings = (f"{call}~…", f"{call[:-1]}~…)")
        return Part(call, False, part.constant, "bare", meanings)

    def _is_value(self) -> bool:
        """Whether an input or a constant comes next."""
        return self._cursor.next.text in self._inputs or self._cursor.next.text in CONSTANTS

    def _call(self, token: Token, name: str, function: Function) -> Part:
        cursor = self._cursor
        separator, before = cursor.separator(), self._commas.unsure
        parts = []
        with cursor.deeper(separator if separator == ";" or function.separates else "("):
            if cursor.next.text != ")":
                parts.append(self._or())
            while cursor.take(separator):
                parts.append(self._or())
        cursor.expect(")")
        if not function.least <= len(parts) <= function.most:
            wanted = str(function.least)
            if function.most > function.least:
                wanted += f" to {function.most}"
            detail = f"{token.text} takes {wanted} argument(s), not {len(parts)}"
            raise FormulaError("wrong_count", detail, token.column, token.typed)
        unsure = self._commas.unsure
        if unsure and unsure is not before and len(parts) > function.least and name != "log":
            self._doubts.append(ambiguous(unsure.comma, unsure.meanings(", ")))
        if name == "log" and len(parts) == 2:
            return self._logarithm(token, *parts)
        self._emit(function.function, len(parts))
        text = printed(name, [part.text for part in parts])
        return Part(text, False, all(part.constant for part in parts))

    def _logarithm(self, token: Token, value: Part, base: Part) -> Part:
        """log(x, 10), the base last: first it is elsewhere, so that it must be seen to be one."""
        if not base.constant:
            one, other = value.in_call("ln"), base.in_call("ln")
            decimal = self._commas.unsure.meanings("; ")[:1] if self._commas.unsure else ()
            raise ambiguous(token, (*decimal, f"{one}/{other}", f"{other}/{one}"))
        if base.text not in LOGARITHMS:
            self._emit(logarithm, 2)
            return Part(f"log({value.text}, {base.text})", False, value.constant)
        self._program.pop()
        self._emit(FUNCTIONS[LOGARITHMS[base.text]].function, 1)
        return Part(value.in_call(LOGARITHMS[base.text]), False, value.constant)

    # -- bars, and the program

    def _take_or(self) -> bool:
        """Consume `or`, or two bars."""
        if not self._cursor.is_double_bar:
            return bool(self._cursor.take("or"))
        self._double_bar = self._cursor.advance()
        self._cursor.advance()
        self._check_bars()
        return True

    def _check_bars(self) -> None:
        """Raises FormulaError if || is to be `or` where single bars are absolute values."""
        if self._bars and self._double_bar:
            raise ambiguous(self._double_bar, ("or", "*|…|"))

    def _joined(
        self,
        part: Part,
        sign: str,
        other: Part,
        function: Callable[..., Array],
        *,
        is_truth: bool = False,
        column: int | None = None,
    ) -> Part:
        self._emit(function, 2, column)
        constant = part.constant and other.constant
        return Part(f"{part.text}{sign}{other.text}", is_truth, constant)

    def _emit(self, function: Callable[..., Array], count: int, column: int | None = None) -> None:
        if column is not None:
            self._columns[len(self._program)] = column
        self._program.append((function, count))
