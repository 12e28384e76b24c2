"""Tokenizer of formulas: numbers, names and signs, each with its column for error messages."""

import re
from dataclasses import dataclass

from app.data.formula.characters import POWER, fraction, plain
from app.data.formula.formula import FormulaError


@dataclass(frozen=True)
class Token:
    """A token: its text in plain, small letters, and as it was `typed` at a column (from 1)."""

    kind: str  # number, name, sign, end
    text: str
    column: int
    typed: str = ""

    def touches(self, other: "Token") -> bool:
        """Whether the other one follows at once, with no blank between."""
        return self.column + len(self.typed) == other.column


_TOKEN = re.compile(
    r"(?P<number>(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z_0-9]*)"
    rf"|(?P<sign>\*\*|<=|>=|==|!=|<>|:=|&&|[-+*/^{POWER}()<>,;|=!√])",
    re.ASCII,
)
EITHER_OR = "(…)*a + (not (…))*b"
"""What a choice between a and b is written as."""
_SPELLINGS = {"<>": "!=", "**": "^", "&&": "and"}
_INSTEAD = {
    "%": ("mod(a, b)",), "&": ("and",), "[": ("(",), "]": (")",), "{": ("(",), "}": (")",),
    "?": (EITHER_OR,), ":": (EITHER_OR,), "⊕": ("(…) != (…)",),
    "∛": ("sign(…)*abs(…)^(1/3)",), "∜": ("(…)^(1/4)",),
    "且": ("and",), "或": ("or",), "非": ("not",),
}  # fmt: skip
"""What to write for characters that other languages have."""


def tokens(text: str) -> list[Token]:
    """Split a formula into tokens, and an `end`. Raises FormulaError for other characters."""
    written, columns = plain(text)
    result: list[Token] = []
    place = 0
    while place < len(written):
        if written[place].isspace():
            place += 1
            continue
        found = _TOKEN.match(written, place)
        if found is None or found.lastgroup is None:
            raise _unknown(written, place, columns[place])
        token = _SPELLINGS.get(found.group(), found.group())
        kind = "name" if token == "and" else found.lastgroup
        if kind == "name":
            token = re.sub(r"(?<=[a-z])_(?=\d)", "", token.lower())  # x_1 is x1
        place = found.end()
        first, last = columns[found.start()], columns[place - 1]
        result.append(Token(kind, token, first, text[first - 1 : last]))
    return [*result, Token("end", "", columns[-1])]


def _unknown(written: str, place: int, column: int) -> FormulaError:
    character, before = written[place], written[:place]
    write = _INSTEAD.get(character, ())
    if fraction(character):
        write = (fraction(character),)
    elif name := _LATEX.match(written, place):
        write = _COMMANDS.get(name[1], (f"{name[1]}(…)",))
    elif index := _INDEX.match(written, place):
        write = (f"{before.split()[-1].rstrip('_')}{index[1]}",) if before.endswith("_") else write
    elif character == "%" and (percent := _PERCENT.search(before)) and _ENDS.match(written, place):
        write = (f"{percent[0]}/100",)
    detail = f"{character!r} is not part of a formula"
    return FormulaError("unexpected_character", detail, column, character, write=write)


_LATEX = re.compile(r"\\([A-Za-z]+)")
_COMMANDS = {
    "frac": ("(…)/(…)",), "cdot": ("*",), "times": ("*",), "left": ("(",), "right": (")",),
    "le": ("<=",), "leq": ("<=",), "ge": (">=",), "geq": (">=",), "ne": ("!=",), "land": ("and",),
    "lor": ("or",), "pi": ("pi",),
}  # fmt: skip
_INDEX = re.compile(r"\{(\d+)\}")
_PERCENT = re.compile(r"\d+(?:\.\d+)?$")
_ENDS = re.compile(r"%\s*(?:$|[-+*/^),;<>=])")
"""A percent sign behind which no number follows."""
