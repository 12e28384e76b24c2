"""How much of a table is read: it is counted before it is done, and refused beyond a limit.

The limits keep one request under about 5 s of CPU on one core of a server.
"""

import re
from collections.abc import Iterator, Sequence

from app.data.table.pauses import paused

_PLAIN = re.compile(r"(?:[+-]?\d{1,18}(?:\.\d{0,20})?(?:[eE][+-]?\d{1,3})?)?", re.ASCII)
_BLANKS = re.compile(r"[ \t]+")
MOST_COLUMNS = 200
MOST_TYPED = 400_000
"""The most values of the rows of one table that are taken. To read one, with its column's notation,
categories and problems, takes about 10 µs of CPU."""
_NO_PLAIN_NUMBER = 3
"""So many more values does each different value of a column count for that is no plain number, but
a number with a unit, a date or a text: to read it takes about 40 µs."""
MOST_SPLIT = 2_100_000
"""The most values of a text, those of rows that are only counted included: delimiters and ends of
lines. To split one off takes up to 1 µs, and up to twice where rows are taken at random; of a text
that is JSON up to 2 µs."""
MOST_LISTS = 250_000
"""The most lists and objects of a text that is JSON: one takes up to 4 µs and 300 bytes."""
HEAD_CHARACTERS = 400_000
"""So much of a text tells its delimiter."""
HEAD_VALUES = 5_000
"""So many values tell whether a delimiter fits."""
MOST_IN_LINE = 20_000
"""A line with more delimiters is read up to there: it has too many columns in any case, unless
they all stand within quotation marks, where the text is then said to break off."""


class TooMuchWork(ValueError):
    """A text with more values than are read, `count` of at most `most`."""

    def __init__(self, count: int, most: int) -> None:
        super().__init__(f"has {count} values, at most {most} are read")
        self.count, self.most = count, most


def check_values(count: int, most: int) -> None:
    """Raise TooMuchWork for more values than `most`."""
    if count > most:
        raise TooMuchWork(count, most)


def count_values(text: str, delimiter: str) -> int:
    """How many values a text has at most: delimiters and ends of lines are counted, not parsed."""
    ends = text.count("\n") or text.count("\r")
    if delimiter == " ":  # one for any number of them, as columns are aligned by blanks
        return sum(1 for _ in _BLANKS.finditer(text)) + ends + 1
    return text.count(delimiter) + ends + 1


def typing_work(rows: Sequence[Sequence[str]], width: int) -> int:
    """How many values the first cells of these rows count for."""
    work = len(rows) * width
    for place in paused(range(width)):
        cells = {row[place] for row in rows if len(row) > place}
        work += _NO_PLAIN_NUMBER * sum(_PLAIN.fullmatch(cell) is None for cell in cells)
    return work


def count_lists(text: str) -> int:
    """How many lists and objects JSON has at most: brackets within its texts count as well."""
    return text.count("[") + text.count("{")


def head_of(text: str) -> str:
    """The first lines of a text, or the beginning of its first line where that is long."""
    if len(text) <= HEAD_CHARACTERS:
        return text
    end = max(text.rfind("\n", 0, HEAD_CHARACTERS), text.rfind("\r", 0, HEAD_CHARACTERS))
    return text[: end + 1 or HEAD_CHARACTERS]


def short_lines(lines: Iterator[str], delimiter: str) -> Iterator[str]:
    """Lines, each of them up to its first delimiters, of which there may be many."""
    for line in lines:
        if len(line) <= MOST_IN_LINE or line.count(delimiter) <= MOST_IN_LINE:
            yield line
        else:
            yield delimiter.join(line.split(delimiter, MOST_IN_LINE)[:MOST_IN_LINE]) + "\n"
