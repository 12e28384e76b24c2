"""Commas of a formula: between two digits, 1,5 is a number where no call separates arguments."""

import re
from dataclasses import dataclass

from app.data.formula.characters import raised_digits
from app.data.formula.cursor import Cursor, ambiguous
from app.data.formula.tokens import Token

_GROUPED = re.compile(r"[1-9]\d{0,2}(,\d{3})+(\.\d*)?")
"""A number whose commas may as well group thousands."""
_DECIMAL = re.compile(r"\d+,\d+(e[-+]?\d+)?", re.IGNORECASE)


@dataclass(frozen=True)
class Unsure:
    """A comma between two numbers that separates them, or is a decimal one."""

    comma: Token
    whole: str
    fraction: str

    def meanings(self, separator: str) -> tuple[str, str]:
        """What to write for one number, and for two with a separator between them."""
        return f"{self.whole}.{self.fraction}", f"{self.whole}{separator}{self.fraction}"


class Commas:
    """Reads numbers, and remembers which way their commas were read."""

    def __init__(self) -> None:
        self._are_decimal = False
        self.unsure: Unsure | None = None
        """The first comma that separates, although it may have been meant as a decimal one."""

    def number(self, cursor: Cursor) -> str:
        """The number that comes next, with a decimal point.

        In max(1,5) the comma separates. Raises FormulaError where it may group thousands.
        """
        comma, written = cursor.after(), _with_commas(cursor)
        whole = cursor.advance().text
        if cursor.bracket == ",":
            if written != whole and not self.unsure:
                self.unsure = Unsure(comma, *written.split(",")[:2])
            return whole
        if _GROUPED.fullmatch(written):
            grouped, decimal = written.replace(",", ""), written.replace(",", ".")
            sure = "." in written or written.count(",") > 1
            raise ambiguous(comma, (grouped,) if sure else (grouped, decimal))
        if not _DECIMAL.fullmatch(written):
            return whole
        cursor.advance()
        cursor.advance()
        self._are_decimal = True
        return written.replace(",", ".")

    def check(self) -> None:
        """Raises FormulaError if one comma is decimal, and another one may be so too."""
        if self._are_decimal and self.unsure:
            raise ambiguous(self.unsure.comma, self.unsure.meanings("; "))


def _with_commas(cursor: Cursor) -> str:
    """The number that comes next, and all that follow it with only a comma between."""
    text, place = cursor.next.text, 0
    if raised_digits(cursor.next.typed):
        return text
    while text.isdigit() or place:
        comma, digits = cursor.after(place + 1), cursor.after(place + 2)
        joined = cursor.after(place).touches(comma) and comma.touches(digits)
        if comma.text != "," or digits.kind != "number" or not joined:
            break
        text += f",{digits.text}"
        place += 2
    return text
