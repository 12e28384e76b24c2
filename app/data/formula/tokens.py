"""Tokenizer of formulas: numbers, names and signs, each with its column for error messages."""

import re
from dataclasses import dataclass

from app.data.formula.formula import FormulaError


@dataclass(frozen=True)
class Token:
    """A token, and the column (from 1) at which it begins."""

    kind: str  # number, name, sign, end
    text: str
    column: int


_PRINTED = {
    "×": "*", "·": "*", "⋅": "*", "∗": "*", "＊": "*", "÷": "/", "／": "/", "−": "-", "－": "-",
    "–": "-", "＋": "+", "＾": "^", "（": "(", "）": ")", "，": ",", "≤": "<=", "≥": ">=",
    "≠": "!=", "＜": "<", "＞": ">", "π": "pi", "∧": " and ", "∨": " or ", "¬": " not ", "　": " ",
}  # fmt: skip
_SUPERSCRIPTS = {mark: str(digit) for digit, mark in enumerate("⁰¹²³⁴⁵⁶⁷⁸⁹")}
_SUBSCRIPTS = {mark: str(digit) for digit, mark in enumerate("₀₁₂₃₄₅₆₇₈₉")}
_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    r"|(?P<sign>\*\*|<=|>=|==|!=|[-+*/^()<>,])",
    re.ASCII,
)


def _plain(text: str) -> tuple[str, list[int]]:
    """The text with ASCII for typographic signs, and the original column of each character."""
    plain, columns = [], []
    raised = False
    for column, character in enumerate(text, start=1):
        if character in _SUPERSCRIPTS:
            written = ("" if raised else "^") + _SUPERSCRIPTS[character]
        else:
            written = _PRINTED.get(character) or _SUBSCRIPTS.get(character) or character
        raised = character in _SUPERSCRIPTS
        plain.append(written)
        columns += [column] * len(written)
    return "".join(plain), [*columns, len(text) + 1]


def tokens(text: str) -> list[Token]:
    """Split a formula into tokens, and an `end`. Raises FormulaError for other characters."""
    plain, columns = _plain(text)
    result: list[Token] = []
    place = 0
    while place < len(plain):
        if plain[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(plain, place)
        if found is None or found.lastgroup is None:
            character = plain[place]
            detail = f"{character!r} is not part of a formula"
            if character == "=":
                detail = "= is not a comparison; write == for equal, or < or >"
            raise FormulaError("unexpected_character", detail, columns[place], character)
        result.append(Token(found.lastgroup, found.group(), columns[place]))
        place = found.end()
    return [*result, Token("end", "", columns[-1])]
