"""Rows of a table that are no samples: units under its header, totals and notes at its end."""

from collections.abc import Sequence
from math import isclose

from app.data.table.cells import is_missing
from app.data.table.notation import Notation, is_amount, is_number
from app.data.table.splitting import Row

_LONGEST_UNIT = 15
_FEWEST = 3
"""So many rows at least stand above a row of totals."""
_TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "subtotal", "average", "mean", "all", "overall"}
    | {"gesamt", "gesamtsumme", "summe", "insgesamt", "zusammen", "mittelwert", "durchschnitt"}
    | {
        "ensemble",
        "somme",
        "moyenne",
        "total general",
        "total général",
        "suma",
        "media",
        "promedio",
    }
    | {"totale", "somma", "totaal", "razem", "soma", "média", "итого", "всего", "сумма", "среднее"}
    | {"合计", "总计", "合計", "総計", "小计", "总和", "平均", "平均值", "합계"}
)
"""What stands beside totals, in small letters."""


def units_row(rows: Sequence[Row], notations: Sequence[Notation]) -> Row | None:
    """The first row, if it holds units instead of numbers: short texts in columns of numbers."""
    if len(rows) < 2 or any(map(is_number, rows[0].cells)):
        return None
    cells = [
        rows[0].cells[place]
        for place, notation in enumerate(notations)
        if notation.value(rows[1].cells[place]) is not None
    ]
    given = [cell for cell in cells if not is_missing(cell)]
    if 2 * len(given) <= len(cells) or any(len(cell) > _LONGEST_UNIT for cell in given):
        return None
    return rows[0]


def notes_below(rows: Sequence[Row], width: int) -> list[Row]:
    """The rows at the end with a text in their first cell and nothing else, below numbers."""
    found: list[Row] = []
    for row in reversed(rows):
        first, others = row.cells[0], row.cells[1:]
        if width < 2 or not first or any(others) or is_number(first) or (width < 3 and row.even):
            break
        found.append(row)
    above = rows[: len(rows) - len(found)]
    if len(above) < _FEWEST or not all(any(map(is_amount, row.cells[1:])) for row in above[-2:]):
        return []
    return found[::-1]


def totals_row(rows: Sequence[Row], notations: Sequence[Notation]) -> Row | None:
    """The last row, if it seems to hold totals: by a word in it, or since its numbers are sums."""
    if len(rows) <= _FEWEST:
        return None
    last = rows[-1]
    if any(cell.lower().rstrip(":") in _TOTALS for cell in last.cells):
        others = {cell.lower() for row in rows[:-1] for cell in row.cells}
        if not any(cell.lower() in others and cell.lower() in _TOTALS for cell in last.cells):
            return last
    return last if _holds_sums(rows, notations) else None


def _holds_sums(rows: Sequence[Row], notations: Sequence[Notation]) -> bool:
    """Whether each number of the last row, of two at least, is the sum of those above it."""
    sums = 0
    for place, notation in enumerate(notations):
        said = notation.value(rows[-1].cells[place])
        if said is None:
            continue
        above = [notation.value(row.cells[place]) for row in rows[:-1]]
        known = [value for value in above if value is not None]
        if not any(known) or not isclose(sum(known), said, rel_tol=1e-9):
            return False
        sums += 1
    return sums >= 2
