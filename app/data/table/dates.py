"""Dates as people write them: 2026-03-31, 31.3.2026, 3/31/26, 31 Mar 2026, 2026年3月31日, 2026Q1.

Between slashes or hyphens day and month may change places: 03/04/2026 is a day in April or in
March. A column is read by its own cells, as 31/03/2026 can be only one of the two; where none of
them tells, both orders are offered and nothing is decided here.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

DateOrder = Literal["dmy", "mdy"]
"""Whether the day or the month comes first in 03/04/2026."""

_LONGEST = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
_PIVOT = 69
"""Years of two digits are 1969 to 2068, as POSIX has it."""

_MONTHS = (
    "jan january januar janvier janv enero ene gennaio gen janeiro януари январь января янв ledna"
    " jänner",
    "feb february februar février févr fevrier febrero febbraio fevereiro fev февраль февраля фев",
    "mar march märz mär maerz mrz mars marzo março marco март марта мар",
    "apr april avril avr abril abr aprile апрель апреля апр",
    "may mai mayo maggio mag maio май мая",
    "jun june juni juin junio giugno giu junho июнь июня июн",
    "jul july juli juillet juil julio luglio lug julho июль июля июл",
    "aug august août aout agosto ago август августа авг",
    "sep sept september septembre septiembre settembre set setembro сентябрь сентября сен",
    "oct october oktober okt octobre octubre ottobre ott outubro out октябрь октября окт",
    "nov november novembre noviembre novembro ноябрь ноября ноя",
    "dec december dezember dez décembre déc decembre diciembre dic dicembre dezembro декабрь"
    " декабря дек",
)
MONTHS = {name: place for place, names in enumerate(_MONTHS, start=1) for name in names.split()}
"""The number of each month's name, in small letters and without a point."""

_TIME = (
    r"(?:,?[T ] ?(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<part>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\.?)?(?: ?(?P<zone>Z|UTC|GMT|[+-]\d\d:?(?:\d\d)?))?)?"
)
_WEEKDAY = r"(?:[^\W\d_]{2,10}\.?,? )?"
_NAME = r"(?P<name>[^\W\d_]{3,10})\.?"


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text + _TIME, re.IGNORECASE)


_BY_YEAR = (
    _pattern(r"(?P<year>\d{4})(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})"),
    _pattern(r"(?P<year>\d{4})[-/](?P<month>\d{1,2})"),
    _pattern(r"(?P<year>\d{4}) ?年 ?(?P<month>\d{1,2}) ?月(?: ?(?P<day>\d{1,2}) ?日)?"),
    _pattern(r"(?P<year>\d{4})(?P<month>\d\d)(?P<day>\d\d)"),
    _pattern(r"(?P<year>\d{4})[- ]?[QqTt](?P<quarter>[1-4])"),
    _pattern(r"[Qq](?P<quarter>[1-4])[-/ ]?(?P<year>\d{4})"),
)
_BY_NAME = (
    _pattern(
        _WEEKDAY
        + r"(?P<day>\d{1,2})(?:\.|st|nd|rd|th|er)?(?: de(?= ))?(?:[-/]| ?)"
        + _NAME
        + r"(?: de(?= ))?[-/, ] ?(?P<year>\d{4}|\d\d)"
    ),
    _pattern(
        _WEEKDAY + _NAME + r"[-/ ](?P<day>\d{1,2})(?:st|nd|rd|th)?(?:[-/]|, ?| )(?P<year>\d{4})"
    ),
    _pattern(_NAME + r"(?:[-/ ]|, | de )(?P<year>\d{4})"),
    _pattern(r"(?P<year>\d{4})[-/ ]?" + _NAME + r"(?:[-/ ](?P<day>\d{1,2}))?"),
)
_BY_ORDER = _pattern(
    _WEEKDAY + r"(?P<first>\d{1,2})(?P<sep>[-/.])(?P<second_>\d{1,2})(?P=sep)(?P<year>\d{4}|\d\d)"
)
_MONTH_YEAR = _pattern(r"(?P<month>\d{1,2})/(?P<year>\d{4})")


class _Parts(NamedTuple):
    """The parts of a date; `pair` are two numbers of which one is the day, if that is open."""

    year: int
    month: int
    day: int
    time: timedelta
    pair: tuple[int, int] | None = None

    def days(self, order: DateOrder) -> float | None:
        """Days from 1970-01-01 to it; None where there is no such day."""
        month, day = self.month, self.day
        if self.pair is not None:
            day, month = self.pair if order == "dmy" else self.pair[::-1]
        try:
            moment = datetime(self.year, month, day, tzinfo=UTC) + self.time
        except (ValueError, OverflowError):
            return None
        return (moment - _EPOCH).total_seconds() / _DAY


def date(cell: str, order: DateOrder = "dmy") -> float | None:
    """Days from 1970-01-01 to a date, with or without a time; None if it is not one.

    A time without a zone is taken as UTC; a month is its first day, and so is a quarter.
    """
    parts = _parts(cell) if len(cell) <= _LONGEST else None
    return None if parts is None else parts.days(order)


def orders_of(cells: Iterable[str]) -> tuple[DateOrder, ...]:
    """The orders of day and month in which the cells of a column can be read, the likelier first.

    One where the order makes no difference, or where most cells have only one of them.
    """
    open_ = [
        parts
        for cell in cells
        if len(cell) <= _LONGEST and (parts := _parts(cell)) is not None and parts.pair
    ]
    found: dict[DateOrder, list[float | None]] = {
        "dmy": [parts.days("dmy") for parts in open_],
        "mdy": [parts.days("mdy") for parts in open_],
    }
    if found["dmy"] == found["mdy"]:
        return ("dmy",)
    wrong = {order: sum(value is None for value in values) for order, values in found.items()}
    if wrong["dmy"] != wrong["mdy"]:
        return ("dmy",) if wrong["dmy"] < wrong["mdy"] else ("mdy",)
    return ("mdy", "dmy") if _steps(found["mdy"]) < _steps(found["dmy"]) else ("dmy", "mdy")


def _steps(values: Sequence[float | None]) -> int:
    """How often a column goes back, or far ahead: the dates of a series seldom do."""
    known = [value for value in values if value is not None]
    return sum(not 0.0 <= b - a <= 7.0 for a, b in pairwise(known))


@lru_cache(maxsize=65_536)
def _parts(cell: str) -> _Parts | None:
    if not cell or not any(map(str.isdigit, cell)) or _has_other_digits(cell):
        return None
    for patterns, read in _READERS:
        for pattern in patterns:
            if (found := pattern.fullmatch(cell)) is not None:
                return read(found)
    return None


def _has_other_digits(cell: str) -> bool:
    if cell.isascii():
        return False
    return any(character.isdigit() and not character.isascii() for character in cell)


def _by_year(found: re.Match[str]) -> _Parts | None:
    said = found.groupdict()
    month = 3 * int(said["quarter"]) - 2 if said.get("quarter") else int(said["month"])
    time = _time(found)
    return (
        time if time is None else _Parts(int(said["year"]), month, int(said.get("day") or 1), time)
    )


def _by_name(found: re.Match[str]) -> _Parts | None:
    said = found.groupdict()
    month, time = MONTHS.get(said["name"].lower()), _time(found)
    if month is None or time is None:
        return None
    return _Parts(_year(said["year"]), month, int(said.get("day") or 1), time)


def _by_order(found: re.Match[str]) -> _Parts | None:
    first, second, time = int(found["first"]), int(found["second_"]), _time(found)
    if time is None:
        return None
    year = _year(found["year"])
    if found["sep"] == ".":  # nobody writes the month before the day between points
        return _Parts(year, second, first, time)
    return _Parts(year, 0, 0, time, (first, second))


def _year(digits: str) -> int:
    if len(digits) > 2:
        return int(digits)
    return int(digits) + (1900 if int(digits) >= _PIVOT else 2000)


def _time(found: re.Match[str]) -> timedelta | None:
    """The time of a day, by UTC; None where there is no such time."""
    if found["hour"] is None:
        return timedelta()
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] in "pP" else 0)
    if hour > 23 or minute > 59 or second > 59:
        return None
    part = int((found["part"] or "0")[:6].ljust(6, "0"))
    zone = _zone(found["zone"] or "Z")
    return timedelta(hours=hour, minutes=minute, seconds=second, microseconds=part) - zone


def _zone(text: str) -> timedelta:
    if text[0] not in "+-":
        return timedelta()
    digits = text[1:].replace(":", "").ljust(4, "0")
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return ahead if text[0] == "+" else -ahead


_READERS: tuple[
    tuple[tuple[re.Pattern[str], ...], Callable[[re.Match[str]], _Parts | None]], ...
] = (
    (_BY_YEAR, _by_year),
    ((_BY_ORDER,), _by_order),
    ((_MONTH_YEAR,), _by_year),
    (_BY_NAME, _by_name),
)
