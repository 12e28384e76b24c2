"""A formula's text cut into numbers, names and signs, each with the column that it stands in."""

import re
from dataclasses import dataclass

from app.data.formula.formula import FormulaError


@dataclass(frozen=True)
class Token:
    """One piece of a formula, and the column (from 1) of the text on which it begins."""

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
    """The text in plain signs, and the column of the original for every character of it."""
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
    """The pieces of a formula and an `end`; FormulaError for a character that is in none."""
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
