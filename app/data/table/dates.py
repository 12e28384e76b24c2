"""Dates as people write them: 2026-03-31, 31.3.2026, 3/31/26, 31 Mar 2026, 2026年3月31日, 2026Q1.

Between slashes or hyphens day and month may change places: 03/04/2026 is a day in April or in
March; and with a year of two digits, 24-03-12 is a day in 2024 or in 2012. A column is read by its
own cells, as 31/03/2026 can be only one of the two; where none of them tells, all orders that fit
are offered and nothing is decided here. So it is with the century of years such as 49.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import Literal, NamedTuple

DateOrder = Literal["dmy", "mdy", "ymd"]
"""Whether the day or the month comes first in 03/04/2026, or the year in 24/03/12."""
LastYear = Literal[1999, 2029, 2068]
"""The last of the hundred years that two digits stand for: POSIX has 2068, spreadsheets 2029."""

_ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy", "ymd")
_LONGEST = 40
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DAY = 86_400.0
_USUAL: LastYear = 2068
_UNLIKE = 3
"""So many times as many different years as days: then it is the other way round."""

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
    """The parts of a date.

    `pair` are two numbers of which one is the day, or the first is the year, if that is open.
    `short` says that the year has two digits.
    """

    year: int
    month: int
    day: int
    time: timedelta
    pair: tuple[int, int] | None = None
    short: bool = False
    by_points: bool = False
    by_year: bool = False

    def days(self, order: DateOrder, last: LastYear = _USUAL) -> float | None:
        """Days from 1970-01-01 to it; None where there is no such day."""
        year, month, day = self._ordered(order)
        if self.short:
            year = last - (last - year) % 100
        try:
            moment = datetime(year, month, day, tzinfo=UTC) + self.time
        except (ValueError, OverflowError):
            return None
        return (moment - _EPOCH).total_seconds() / _DAY

    def _ordered(self, order: DateOrder) -> tuple[int, int, int]:
        """Year, month and day in this order, where it is open."""
        if self.pair is None:
            return self.year, self.month, self.day
        first, second = self.pair
        if order == "ymd" and self.short:
            return (first, second, self.year) if self.by_year else (0, 0, 0)
        if order == "mdy" and not self.by_points:  # nobody writes the month first between points
            return self.year, first, second
        return self.year, second, first


def date(cell: str, order: DateOrder = "dmy", last: LastYear = _USUAL) -> float | None:
    """Days from 1970-01-01 to a date, with or without a time; None if it is not one.

    A time without a zone is taken as UTC; a month is its first day, and so is a quarter. A year of
    two digits is one of the hundred years that end with `last`.
    """
    parts = _known(cell)
    return None if parts is None else parts.days(order, last)


def is_date(cell: str) -> bool:
    """Whether a cell is a date in some order."""
    parts = _known(cell)
    return parts is not None and any(parts.days(order) is not None for order in _ORDERS)


def orders_of(cells: Iterable[str]) -> tuple[DateOrder, ...]:
    """The orders of day, month and year in which a column can be read, the likelier first.

    One where the order makes no difference, or where most cells have only one of them.
    """
    open_ = [parts for cell in cells if (parts := _known(cell)) is not None and parts.pair]
    found = {order: [parts.days(order) for parts in open_] for order in _ORDERS}
    if not any(parts.by_year for parts in open_):
        del found["ymd"]
    wrong = {order: sum(value is None for value in values) for order, values in found.items()}
    least = min(wrong.values())
    orders: list[DateOrder] = []
    for order, values in found.items():
        if wrong[order] == least and all(values != found[other] for other in orders):
            orders.append(order)
    likely = [order for order in orders if not _has_more_years(open_, order)] or orders
    return tuple(sorted(likely, key=lambda order: _steps(found[order])))


def centuries_of(cells: Iterable[str], order: DateOrder) -> tuple[LastYear, ...]:
    """The last of the hundred years that two digits may stand for, the likelier first.

    One where no year is among those of which spreadsheets and POSIX think differently.
    """
    years = {
        parts._ordered(order)[0]
        for cell in cells
        if (parts := _known(cell)) is not None and parts.short and parts.days(order) is not None
    }
    if not any(30 <= year <= 68 for year in years):
        return (_USUAL,)
    return (2029, 2068, 1999) if min(years) < 30 else (2029, 2068)


def _known(cell: str) -> _Parts | None:
    return _parts(cell) if len(cell) <= _LONGEST else None


def _has_more_years(dates: Sequence[_Parts], order: DateOrder) -> bool:
    """Whether years change and days hardly do, as in 13.05.24 and 01.06.24 by year first."""
    parts = [one._ordered(order) for one in dates if one.short]
    years, days = {year for year, _, _ in parts}, {day for _, _, day in parts}
    return len(years) >= _UNLIKE * len(days)


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
    return _Parts(
        int(said["year"]), month, int(said.get("day") or 1), time, short=len(said["year"]) == 2
    )


def _by_order(found: re.Match[str]) -> _Parts | None:
    first, second, time = int(found["first"]), int(found["second_"]), _time(found)
    if time is None:
        return None
    short = len(found["year"]) == 2
    return _Parts(
        year=int(found["year"]),
        month=0,
        day=0,
        time=time,
        pair=(first, second),
        short=short,
        by_points=found["sep"] == ".",
        by_year=short and len(found["first"]) == 2,
    )


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
