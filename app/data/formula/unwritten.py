"""Signs and brackets that people leave out: where they are read, and where that is ambiguous."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.data.formula.characters import POWER, raised_digits
from app.data.formula.cursor import Cursor, ambiguous, shortened
from app.data.formula.formula import FUNCTIONS, FormulaError


@dataclass(frozen=True)
class Part:
    """A part that was read; `text` is its reading.

    It is a truth (a comparison) or a number, and `constant` if it has no inputs. `kind` is what it
    is, where that matters: a number, a bracket, bars, or bare, a function whose argument is in no
    brackets. `meanings` are those that it would have with a factor behind it and no sign between;
    ~ stands for the sign.
    """

    text: str
    is_truth: bool = False
    constant: bool = False
    kind: str = ""
    meanings: tuple[str, ...] = ()

    def followed_by(self, sign: str) -> tuple[str, ...]:
        """How to write each meaning, with this sign."""
        return tuple(meaning.replace("~", sign) for meaning in self.meanings)

    def in_call(self, name: str) -> str:
        """The call of a function with this part as its argument."""
        return f"{name}{self.text}" if self.kind == "bracket" else f"{name}({self.text})"


def begins_factor(cursor: Cursor) -> bool:
    """Whether a factor follows without a sign."""
    if cursor.next.text == "|":
        return cursor.bracket != "|" and not cursor.is_double_bar
    return cursor.next.kind == "number" or cursor.next.text in ("(", "√") or cursor.is_name


def check_factor(
    cursor: Cursor, product: Part, operator: str, factor: Part, has_bars: bool
) -> None:
    """Raises FormulaError where what follows without a sign could be meant in several ways.

    `factor` is the last one so far, behind this operator.
    """
    token = cursor.next
    index = factor.text if factor.kind == "number" and cursor.before.touches(token) else ""
    if token.text == "√" and index.isdigit() and int(index) > 2:  # 3√x is a cube root on paper
        raise ambiguous(token, (f"{index}*sqrt(…)", f"(…)^(1/{index})"))
    if token.kind == "number":
        detail = f"an operator is missing before {token.typed!r}"
        write = [f"{factor.text}{sign}{token.text}" for sign in ("*", "^")]
        if factor.kind == "number":
            write = [f"{factor.text}{'' if len(token.text) == 3 else '*'}{token.text}"]
        raise FormulaError(
            "unexpected_token", detail, token.column, token.typed, write=shortened(write)
        )
    if operator == "/":
        numerator = product.text.removesuffix(f"/{factor.text}")
        raise ambiguous(token, (f"{numerator}/({factor.text}*…)", f"{numerator}/{factor.text}*…"))
    if factor.meanings:
        raise ambiguous(token, factor.followed_by("*"))
    if token.text == "|":
        apart = not cursor.before.touches(token)
        if apart and not token.touches(cursor.after()):
            raise ambiguous(token, ("or", f"{factor.text}*|…|"))
        if has_bars and factor.kind not in ("bars", "bracket"):
            raise ambiguous(token, (f"{factor.text}*|…|",))


def function_power(cursor: Cursor, name: str) -> str:
    """The 2 of sin²(x), if there is one. Raises FormulaError for sin⁻¹(x), and for other powers."""
    if not cursor.take("^", POWER):
        return ""
    raised, digits = raised_digits(cursor.next.typed), cursor.next.text
    if digits[raised:].isdigit() and raised:
        cursor.split(raised)  # in sin²2x, where x²2 is x^22 as it always was
    token = cursor.next
    if token.kind == "number" and token.text.isdigit():
        return cursor.advance().text
    inverse = FUNCTIONS[name].inverse
    start = 1 if token.text == "(" else 0
    if inverse and [cursor.after(start + place).text for place in (0, 1)] == ["-", "1"]:
        raise ambiguous(token, (f"{inverse}(…)", f"1/{name}(…)"))
    raise FormulaError(
        "unexpected_token",
        "the power of a function is a whole number",
        token.column,
        token.typed,
        write=(f"{name}(…)^…",),
    )


def begins_argument(cursor: Cursor) -> bool:
    """Whether an argument without brackets follows."""
    return cursor.next.kind == "number" or cursor.is_name or cursor.next.text in ("|", "√", "-")


def printed(name: str, arguments: Sequence[str]) -> str:
    """A call in a reading: ln for log, which is another logarithm on calculators."""
    return f"{'ln' if name == 'log' else name}({', '.join(arguments)})"
