"""A table's text, split into rows of cells: the delimiter is inferred, every row has its line.

Python's `csv.Sniffer` guesses from letter counts; here each delimiter is tried, and the best is the
one whose rows agree most on their length and hold the most numbers.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, NamedTuple

from app.data.table.bounds import (
    HEAD_VALUES,
    MOST_COLUMNS,
    MOST_SPLIT,
    check_values,
    count_values,
    head_of,
    short_lines,
)
from app.data.table.dates import is_date
from app.data.table.notation import is_amount, is_number
from app.data.table.pauses import paused
from app.data.table.records import records

DELIMITERS = ("\t", ";", "|", ",", " ", "；", "，", "~", "^")
"""In the order in which they are preferred; a blank stands for any number of them."""
_STRONG = ("\t", ";", "|")
_TRIED_ROWS = 200
_BYTE_ORDER_MARK = "\ufeff"
_SEP_LINE = re.compile(r'[ \t]*"?sep=(.)"?[;,\t| ]*(?:\r\n|\r|\n|$)', re.IGNORECASE)
_SINGLE = re.compile(r"(?:^|[;,\t| ])'[^'\"]+'(?:[;,\t| ]|$)")
_RULE = re.compile(r"[-+:=]{2,}")
_MOST_TORN = 20
"""After so many lines without a quotation mark nothing is to be expected of the rest."""
_ENOUGH_LINES = 4
_LONGEST_VALUE = 300
"""A longer cell is not read as a number: where another delimiter than its own is tried, a line may
be a single cell of 100,000 letters."""
_PARTS = 20
"""So many parts of a cell tell whether all of it is numbers with blanks between them."""
_ROWS = 500
"""So many rows are split between two pauses."""
_QUOTED_LINE = re.compile(r'^"(.*)"[;,]*[ \t]*(\r?)$', re.MULTILINE)


@dataclass(frozen=True)
class Row:
    """One row: the line of the text (from 1) where it begins, and its number among the rows.

    It is `even` if it has a cell for each column.
    """

    line: int
    cells: tuple[str, ...]
    number: int = 0
    even: bool = True


@dataclass(frozen=True)
class Problem:
    """A reason why a table is unusable: place (None: everywhere), rule, and the text there.

    `limit` is the most there may be, where there is too much of something.
    """

    line: int | None
    column: int | None
    code: str
    text: str = ""
    limit: int | None = None


class Text(NamedTuple):
    """A table's text without what is not part of the table, and how to split it.

    `first_line` is the number of its first line; `delimiter` is what a line `sep=;` names. Where
    it was JSON, `json` says so, its first record is line 1, and `named` says that names are above.
    """

    text: str
    quote: str = '"'
    first_line: int = 1
    delimiter: str | None = None
    json: bool = False
    named: bool = False


@dataclass(frozen=True)
class Split:
    """The rows of a text that are not empty, and their number; not all of them may be kept.

    `broken` is where the text breaks off, if it does. `torn` are lines in which a quotation mark is
    missing; they are rows that are not even.
    """

    rows: list[Row]
    count: int
    broken: Problem | None
    torn: tuple[Problem, ...] = ()


def opened(text: str) -> Text:
    """The text of a table, and what its first lines and its quotation marks say."""
    text = text.removeprefix(_BYTE_ORDER_MARK)
    if (listed := records(text)) is not None:
        return Text(listed.text, '"', 0 if listed.named else 1, ",", True, listed.named)
    found = _SEP_LINE.match(text)
    first_line, delimiter = 1, None
    if found is not None and _is_delimiter(found[1], text[found.end() :]):
        text, first_line, delimiter = text[found.end() :], 2, found[1]
    text = _unwrapped(text)
    return Text(text, _quote(text), first_line, delimiter)


def _is_delimiter(mark: str, rest: str) -> bool:
    """Whether a mark that is named as the delimiter can be it: any that is in the next line."""
    line = rest.lstrip().partition("\n")[0]
    return mark in DELIMITERS or (mark in line and not mark.isalnum() and mark not in "\"'.-+_")


def split(text: Text, delimiter: str, most: int, chosen: frozenset[int] | None = None) -> Split:
    """The rows of a text: the first `most`, or those of these numbers. Raises TooMuchWork.

    Cells at the end that are empty where no other row has one are left out by the caller. Where a
    quotation mark is missing, the line is torn, and the next one begins anew.
    """
    check_values(count_values(text.text, delimiter), MOST_SPLIT)
    found = _Splitting(most, chosen)
    broken = found.read(text, delimiter)
    while broken is not None and broken.code == "malformed" and len(found.torn) < _MOST_TORN:
        line = broken.line or text.first_line
        cells, rest = _torn(text, delimiter, line)
        found.take(line, cells, even=False)
        found.torn.append(replace(broken, text=delimiter.join(cells)[:80]))
        broken = found.read(rest, delimiter)
    return Split(found.rows, found.count, broken, tuple(found.torn))


class _Splitting:
    """Rows as they are split from a text, and their number."""

    def __init__(self, most: int, chosen: frozenset[int] | None) -> None:
        self._most, self._chosen = most, chosen
        self.rows: list[Row] = []
        self.torn: list[Problem] = []
        self.count = 0

    def take(self, line: int, cells: Sequence[str], even: bool = True) -> None:
        """Counts a row, and keeps it if it is wanted."""
        wanted = self.count < self._most if self._chosen is None else self.count in self._chosen
        if wanted:
            kept = tuple(cell.strip() for cell in cells[:MOST_COLUMNS])
            self.rows.append(Row(line, kept, self.count, even))
        self.count += 1

    def read(self, text: Text, delimiter: str) -> Problem | None:
        """Takes the rows of a text up to where it breaks off; the reason why it does, if so."""
        reader = _reader(text, delimiter)
        begins = text.first_line
        try:
            for cells in paused(reader, _ROWS):
                if any(cells) and any(cell.strip() for cell in cells):
                    if not _is_rule(cells, delimiter):
                        self.take(begins, cells)
                    if len(cells) > MOST_COLUMNS:
                        width = max(len(cells), _width(text, delimiter, reader.line_num))
                        return Problem(begins, None, "too_many_columns", str(width), MOST_COLUMNS)
                begins = reader.line_num + text.first_line
        except csv.Error as error:
            code = "cell_too_long" if "limit" in str(error) else "malformed"
            return Problem(begins, None, code)
        return None


def _width(text: Text, delimiter: str, number: int) -> int:
    """How many cells a line (from 1) has at most, however many of them are read."""
    lines = io.StringIO(text.text, newline="")
    return next(islice(lines, number - 1, None)).count(delimiter) + 1 if delimiter != " " else 0


def _torn(text: Text, delimiter: str, line: int) -> tuple[tuple[str, ...], Text]:
    """The cells of a line, whatever quotation marks are in it, and the text behind it."""
    lines = io.StringIO(text.text, newline="")
    for _ in range(line - text.first_line):
        lines.readline()
    cells = lines.readline().strip().split(None if delimiter == " " else delimiter)
    kept = tuple(cell.strip() for cell in cells[:MOST_COLUMNS])
    return kept, text._replace(text=lines.read(), first_line=line + 1)


def _is_rule(cells: Sequence[str], delimiter: str) -> bool:
    """Whether a row is a line drawn under names or around cells, as Markdown and databases do."""
    return delimiter == "|" and _RULE.fullmatch("".join(cells).replace(" ", "")) is not None


class Delimiters(NamedTuple):
    """The delimiter of a text, and another one that would do as well, if there is one."""

    best: str
    rival: str | None = None


def find_delimiter(text: Text) -> Delimiters:
    """Infer the delimiter of a text; a comma if there is none."""
    if text.delimiter is not None:
        return Delimiters(text.delimiter)
    head = text._replace(text=head_of(text.text))
    scores = {delimiter: _score(head, delimiter) for delimiter in paused(DELIMITERS)}
    apart = [mark for mark in DELIMITERS if scores[mark].even == 1.0 and not scores[mark].lists]
    if any(mark in _STRONG or scores[" "].even < 1.0 for mark in apart if mark != " "):
        scores[" "] = _Score()  # every blank is within a cell: 134 794 between tabs is a number
    best = max(scores, key=lambda delimiter: scores[delimiter].total)  # of equals the first
    if scores[best].total == 0.0:
        return Delimiters(",")
    rivals = [
        delimiter
        for delimiter, score in scores.items()
        if delimiter not in (best, " ")
        and score.even == 1.0
        and score.numbers >= scores[best].numbers
    ]
    if best == " ":  # the blanks of 1 234,5 may as well make groups
        rivals = [","] if "," in apart and scores[","].numbers >= 0.5 else []
    return Delimiters(best, rivals[0] if rivals else None)


class _Score(NamedTuple):
    """How well a delimiter fits: shares of rows of the usual length, of numbers among the cells,
    and of rows in which a tab, a semicolon or a bar is left: text seldom has one in every row.

    `lists` is the share of cells that are several numbers with blanks between them, not one.
    """

    even: float = 0.0
    numbers: float = 0.0
    left: float = 0.0
    lists: float = 0.0

    @property
    def total(self) -> float:
        return self.even + 2.0 * self.numbers - 0.5 * self.left


def _score(text: Text, delimiter: str) -> _Score:
    """Score of a delimiter for a text: 0 if it separates nothing."""
    rows: list[list[str]] = []
    values = 0
    with suppress(csv.Error):  # the rows up to there may still show which delimiter it is
        for row in islice(_reader(text, delimiter), _TRIED_ROWS):
            rows.append([cell.strip() for cell in row[: MOST_COLUMNS + 1]])
            values += len(rows[-1])
            if values > HEAD_VALUES:
                break
    if not rows:  # a quotation mark is missing at once: then what the line would be without any
        head = text.text[:20_000].splitlines()[:_TRIED_ROWS]
        rows = [line.split(None if delimiter == " " else delimiter) for line in head]
        rows = rows[: 1 + HEAD_VALUES // max(map(len, rows), default=1)]
    rows = [row for row in rows if any(row) and not _is_rule(row, delimiter)]
    width, count = usual_width(map(len, rows))
    if width < 2:
        return _Score()
    cells = [cell for row in rows for cell in row if cell]
    numbers = sum(map(_worth, cells))
    others = set(_STRONG) - {delimiter}
    left = sum(
        any(mark in cell for cell in row for mark in others)
        or (delimiter == " " and any("," in cell and not _is_one_number(cell) for cell in row))
        for row in rows
    )
    lists = sum(map(_is_list, cells)) if delimiter != " " else 0
    return _Score(count / len(rows), numbers / len(cells), left / len(rows), lists / len(cells))


def _is_list(cell: str) -> bool:
    """Whether a cell is several numbers with blanks between them, and not one in groups."""
    parts = cell.split(None, _PARTS)[:_PARTS]  # the rest of the cell would be one more
    return len(parts) > 1 and not _is_one_amount(cell) and all(map(_is_one_number, parts))


def _is_one_number(cell: str) -> bool:
    return len(cell) <= _LONGEST_VALUE and is_number(cell)


def _is_one_amount(cell: str) -> bool:
    return len(cell) <= _LONGEST_VALUE and is_amount(cell)


def _worth(cell: str) -> float:
    """How much a cell speaks for the delimiters around it: one that holds a number or a date does.

    A blank within a number may as well be the blank between two of them.
    """
    if cell[-1] != "," and _is_one_amount(cell):
        return 0.5 if " " in cell else 1.0
    return float(is_date(cell))


def usual_width(widths: Iterable[int]) -> tuple[int, int]:
    """The length that most rows have, the longer of equals, and how many have it."""
    counted = Counter(widths)
    return max(counted.items(), key=lambda item: (item[1], item[0])) if counted else (0, 0)


def _reader(text: Text, delimiter: str) -> Any:
    lines: Iterator[str] = iter(io.StringIO(text.text, newline=""))
    if delimiter == " ":
        lines = (line.strip().replace("\t", " ") for line in lines)
    lines = short_lines(lines, delimiter)
    return csv.reader(
        lines, delimiter=delimiter, quotechar=text.quote, skipinitialspace=True, strict=True
    )


def _quote(text: str) -> str:
    """The quotation mark: a single one where most lines have cells in it, and none has another."""
    head = text[:20_000]
    lines = [line for line in head.splitlines() if line.strip()]
    single = sum(_SINGLE.search(line) is not None for line in lines)
    return "'" if '"' not in head and 2 * single > len(lines) >= _ENOUGH_LINES else '"'


def _unwrapped(text: str) -> str:
    """The text, without the quotation marks that some programs put around every line."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()]
    if text.find("\n") < 0 or not all(_QUOTED_LINE.match(line) for line in lines[:-1]):
        return text
    plain = _QUOTED_LINE.sub(lambda line: line[1].replace('""', '"') + line[2], text)
    whole, inner = Text(head_of(text)), Text(head_of(plain))
    if any(_score(whole, delimiter).even for delimiter in paused(DELIMITERS)):
        return text
    return plain if any(_score(inner, mark).even > 0.5 for mark in paused(DELIMITERS)) else text
