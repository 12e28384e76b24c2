"""Characters as they are printed, pasted or typed on other keyboards, and their plain spelling."""

import unicodedata
from itertools import groupby

POWER = "↑"
"""The sign before what was raised: x² is x↑2. Where it ends can be seen, which ^ does not show."""

_SAME = ("<wide>", "<narrow>", "<small>", "<font>", "<noBreak>")
"""Compatible with a plain character and of the same meaning: ｘ, 𝑥, ＜ and the like."""

_PRINTED = {
    **dict.fromkeys("×·⋅∙•∗⁎\N{INVISIBLE TIMES}", "*"),
    **dict.fromkeys("÷∕⁄", "/"),
    **dict.fromkeys("−–—‐‑‒", "-"),
    **dict.fromkeys("∣ǀ", "|"),
    **dict.fromkeys("≤≦⩽", "<="),
    **dict.fromkeys("≥≧⩾", ">="),
    "≠": "!=", "∧": " and ", "∨": " or ", "¬": " not ", "π": " pi ", "σ": " sigmoid ",
    "≡": "==", "\N{FUNCTION APPLICATION}": " ",
    **dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff", ""),  # not to be seen
}  # fmt: skip


def plain(text: str) -> tuple[str, list[int]]:
    """The text in plain characters, and the original column (from 1) of each of them.

    The columns end with that behind the last character.
    """
    written, columns = "", []
    letter_below = False  # whether what stands before a subscript is a letter: x₁x₂ is two names
    for kind, group in groupby(enumerate(text, start=1), lambda pair: _kind(pair[1])):
        run = [(column, _spelled(character)) for column, character in group]
        if kind == "<super>":
            run = _raised(run)
        if kind == "<sub>":
            letter_below = written[-1:].isalpha()
        elif letter_below and run[0][1][:1].isalpha():
            run.insert(0, (run[0][0], " "))
        if kind != "<sub>":
            letter_below = False
        for column, spelling in run:
            written += spelling
            columns += [column] * len(spelling)
    return written, [*columns, len(text) + 1]


def raised_digits(typed: str) -> int:
    """How many digits of a number are raised, at its beginning."""
    return len(typed) - len(typed.lstrip("⁰¹²³⁴⁵⁶⁷⁸⁹"))


def _raised(run: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """A run of superscripts as a power; in brackets, if it is more than a number."""
    (first, _), (last, _) = run[0], run[-1]
    if all(spelling.isdigit() for _, spelling in run):
        return [(first, POWER), *run]
    return [(first, POWER + "("), *run, (last, ")")]


def _kind(character: str) -> str:
    """`<super>` of what is raised, `<sub>` of a lowered digit, else nothing."""
    tag, _, rest = unicodedata.decomposition(character).partition(" ")
    if " " in rest or not (tag == "<super>" or (tag == "<sub>" and character.isdigit())):
        return ""
    return tag


def _spelled(character: str) -> str:
    tag = unicodedata.decomposition(character).partition(" ")[0]
    if tag in _SAME or _kind(character):
        character = unicodedata.normalize("NFKC", character)
    return _PRINTED.get(character, character)


def fraction(character: str) -> str:
    """A fraction that is one character, as ½, in brackets: (1/2); "" for all others."""
    if not unicodedata.decomposition(character).startswith("<fraction>"):
        return ""
    return f"({unicodedata.normalize('NFKC', character).replace('⁄', '/')})"
