"""A place among the tokens of a formula, the brackets that are open there, and errors at it."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from app.data.formula.characters import POWER
from app.data.formula.formula import FormulaError
from app.data.formula.names import WORDS
from app.data.formula.tokens import Token

MOST_NESTING = 30
_LONGEST = 60
"""Advice is cut in the middle beyond so many characters."""
_NEVER = (";", "!", "=", ":=", "|")
"""Signs that stand for something in one place only, and do not belong anywhere else."""
_INSTEAD = {
    "=": ("<", ">"), "=<": ("<=",), "=>": (">=",), "and": ("… and …",), "or": ("… or …",),
}  # fmt: skip
"""What to write for signs and words where they do not belong."""


class Cursor:
    """Reads tokens one by one."""

    def __init__(self, tokens: Sequence[Token], start: int) -> None:
        self._tokens = [*tokens]
        self._place = start
        self._levels: list[str] = []

    @property
    def next(self) -> Token:
        return self._tokens[self._place]

    def after(self, count: int = 1) -> Token:
        """The token so many places behind the next one, or the end."""
        return self._tokens[min(self._place + count, len(self._tokens) - 1)]

    @property
    def before(self) -> Token:
        """The token that was read last."""
        return self._tokens[self._place - 1]

    def advance(self) -> Token:
        """Consume the next token, whatever it is."""
        self._place += 1
        return self.before

    def split(self, count: int) -> None:
        """Cut the next token, a number, behind so many of its digits."""
        token = self.next
        self._tokens[self._place : self._place + 1] = [
            replace(token, text=token.text[:count], typed=token.typed[:count]),
            Token("number", token.text[count:], token.column + count, token.typed[count:]),
        ]

    def take(self, *texts: str) -> str:
        """Consume the next token if its text is one of these; return the text, or an empty one."""
        return self.advance().text if self.next.text and self.next.text in texts else ""

    def expect(self, text: str) -> None:
        """Consume this token. Raises FormulaError if the next one is another."""
        if not self.take(text):
            raise self.unexpected(text)

    @property
    def is_name(self) -> bool:
        """Whether a name comes next that is no word such as `and`."""
        return self.next.kind == "name" and self.next.text not in WORDS

    @property
    def is_power(self) -> bool:
        return self.next.text in ("^", POWER)

    @property
    def is_double_bar(self) -> bool:
        """Whether || comes next, where no bar is open that the first could close."""
        bar, other = self.next, self.after()
        return bar.text == other.text == "|" and bar.touches(other) and self.bracket != "|"

    @property
    def bracket(self) -> str:
        """What is open: "(" or "|", or a call by what separates its arguments; "" for nothing."""
        return self._levels[-1] if self._levels else ""

    @contextmanager
    def deeper(self, bracket: str = "") -> Iterator[None]:
        """One level of nesting. Raises FormulaError long before Python's recursion limit."""
        if len(self._levels) == MOST_NESTING:
            raise FormulaError(
                "too_deep", f"a formula may nest {MOST_NESTING} deep", self.next.column
            )
        self._levels.append(bracket or self.bracket)
        yield
        self._levels.pop()

    def separator(self) -> str:
        """What separates the arguments of a call that begins here: ";" if it has one."""
        depth, place = 0, self._place
        while depth >= 0 and self._tokens[place].kind != "end":
            text = self._tokens[place].text
            if text == ";" and depth == 0:
                return ";"
            depth += (text == "(") - (text == ")")
            place += 1
        return ","

    def unexpected(self, wanted: str) -> FormulaError:
        """The error that something else is wanted here."""
        token = self.next
        if token.kind == "end":
            return FormulaError("unexpected_end", f"{wanted} is missing", token.column)
        code = "unexpected_character" if token.text in _NEVER else "unexpected_token"
        detail, write = f"expected {wanted}, not {token.typed!r}", _INSTEAD.get(token.text, ())
        if token.text == "=":
            detail = "= is not a comparison"
            write = _INSTEAD.get(f"={self.after().text}", write)
        return FormulaError(code, detail, token.column, token.typed, write=write)


def ambiguous(token: Token, write: Sequence[str]) -> FormulaError:
    """The error that a formula could be read in several ways from this token on."""
    detail = f"{token.typed!r} could be meant in more than one way here"
    return FormulaError("ambiguous", detail, token.column, token.typed, write=shortened(write))


def shortened(write: Sequence[str]) -> tuple[str, ...]:
    """Advice without the middle of what is long."""
    half = _LONGEST // 2
    return tuple(
        text if len(text) <= _LONGEST else f"{text[:half]} … {text[-half:]}" for text in write
    )
