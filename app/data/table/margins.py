"""Rows of a table that are no samples: units under its header, totals and notes at its end."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from math import isclose

from app.data.table.cells import is_missing
from app.data.table.notation import Notation, is_amount, is_number
from app.data.table.pauses import paused
from app.data.table.splitting import Row

_LONGEST_UNIT = 15
_GAP = 2
"""So many blank lines may part two tables."""
_FEWEST = 3
"""So many rows at least stand above a row of totals."""
_TOTALS = frozenset(
    {
        "total",
        "totals",
        "grand total",
        "sum",
        "subtotal",
        "average",
        "mean",
        "all",
        "overall",
        "avg",
        "sub-total",
    }
    | {
        "ø",
        "⌀",
        "x̄",
        "∅",
        "σ",
        "∑",
        "zwischensumme",
        "teilsumme",
        "sous-total",
        "小計",
        "subtotale",
    }
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
_STRONG = re.compile(
    r"(?:grand[ -]?|sub[ -]?|sous[ -]?)?total(?:s|e|es|en)?\b|(?:gesamt|zwischen|teil)?summe\b"
    r"|gesamt\b|insgesamt\b|итого|всего|合计|总计|合計|総計|小计|小計|합계"
)
"""A word for sums that is seldom a name."""


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


def totals_rows(rows: Sequence[Row], notations: Sequence[Notation]) -> list[Row]:
    """The rows that seem to hold totals or means, not samples.

    They do by a word in them, wherever they are; where that comes again, or is not of sums alone,
    only if their numbers are sums or means. The last row does by its numbers too.
    """
    if len(rows) <= _FEWEST:
        return []
    labelled = _labelled(rows)
    times = Counter(labelled.values())
    found = [
        rows[place]
        for place, label in labelled.items()
        if label in _TOTALS
        and (place == len(rows) - 1 or _STRONG.match(label))
        and times[label] == 1
    ]
    if not found and labelled:
        columns = [
            [notation.value(row.cells[place]) for row in rows]
            for place, notation in paused(enumerate(notations))
        ]
        sums = _summing_up(columns, sorted(labelled))
        found = [rows[place] for place in labelled if place in sums]
    if not found and (_holds_sums(rows, notations) or _holds_means(rows, notations)):
        found = [rows[-1]]
    return found


def rows_below_gap(rows: Sequence[Row]) -> Sequence[Row]:
    """The rows behind the first gap of two blank lines, where another table may begin.

    None where every row, or every few, stands alone.
    """
    whole = [row for row in rows if row.even]
    gaps = [
        place
        for place, (row, after) in enumerate(pairwise(whole), start=1)
        if after.line - row.line - sum(cell.count("\n") for cell in row.cells) > _GAP
    ]
    if not gaps or gaps[0] < 2 or len(whole) - gaps[0] < 2 or 4 * len(gaps) > len(whole):
        return ()
    first = whole[gaps[0]].line
    return [row for row in rows if row.line >= first]


def _labelled(rows: Sequence[Row]) -> dict[int, str]:
    """The places of the rows with a word for totals, and the word."""
    found: dict[int, str] = {}
    for column in zip(*(row.cells for row in rows), strict=True):
        words = {cell: word for cell in set(column) if (word := _word(cell))}
        if words:
            found |= {place: words[cell] for place, cell in enumerate(column) if cell in words}
    return found


def _word(cell: str) -> str:
    """The word for totals in a cell, in small letters; empty for other cells."""
    word = cell.lower().rstrip(":.")
    return word if word in _TOTALS or _STRONG.match(word) else ""


def _summing_up(
    columns: Sequence[Sequence[float | None]], labelled: Sequence[int]
) -> frozenset[int]:
    """The labelled rows whose numbers are sums: of the rows since the last labelled one, or of all.

    Each sum is made once: there may be thousands of such rows.
    """
    names = frozenset(labelled)
    others = [
        _sum([value for row, value in enumerate(column) if row not in names])
        for column in paused(columns)
    ]
    found = set()
    for before, place in pairwise([-1, *labelled]):
        said = [column[place] for column in columns]
        block = (_sum(column[before + 1 : place]) for column in columns)
        if _are_sums(said, block) or _are_sums(said, others):
            found.add(place)
    return frozenset(found)


def _sum(values: Sequence[float | None]) -> float | None:
    """The sum of the numbers among some values; None of fewer than two."""
    known = [value for value in values if value is not None]
    return sum(known) if len(known) > 1 else None


def _are_sums(said: Sequence[float | None], sums: Iterable[float | None]) -> bool:
    """Whether all numbers of a row, of one at least, are these sums."""
    pairs = [(value, total) for value, total in zip(said, sums, strict=True) if value is not None]
    return bool(pairs) and all(
        total is not None and isclose(total, value, rel_tol=1e-9) for value, total in pairs
    )


def _holds_means(rows: Sequence[Row], notations: Sequence[Notation]) -> bool:
    """Whether the last row, without a name, has the mean of every column of numbers, of two."""
    last = rows[-1]
    if not any(is_missing(cell) for cell in last.cells):
        return False
    means = 0
    for place, notation in enumerate(notations):
        said = notation.value(last.cells[place])
        if said is None:
            continue
        above = [notation.value(row.cells[place]) for row in rows[:-1]]
        known = [value for value in above if value is not None]
        decimals = len(last.cells[place].rpartition(notation.decimal)[2]) % len(last.cells[place])
        if len(set(known)) < 2 or not abs(sum(known) / len(known) - said) <= 0.51 * 10.0**-decimals:
            return False
        means += 1
    return means >= 2


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
