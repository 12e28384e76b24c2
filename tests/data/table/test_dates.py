"""Dates in the orders, words and signs of several countries, and which order a column has."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.table import dates

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def day(text: str) -> float:
    """Days from 1970 to an ISO date, by the standard library."""
    moment = datetime.fromisoformat(text)
    return ((moment if moment.tzinfo else moment.replace(tzinfo=UTC)) - EPOCH) / timedelta(days=1)


@pytest.mark.parametrize(
    ("cell", "days"),
    [
        ("1970-01-01", 0.0), ("1970-01-02", 1.0), ("2000-03-01", 11017.0), ("1969-12", -31.0),
        ("1970-01-01T12:00", 0.5), ("1970-01-01 06:00:00Z", 0.25),
        ("1970-01-01T01:00+01:00", 0.0), ("2023-02-29", None), ("2023-13-01", None),
        ("2023", None), ("1970-01-01T25:00", None), ("٢٠٢٣-01-01", None), ("", None),
        ("12:30", None), ("1.5", None), ("10.2020", None), ("2012.12", None), ("1/2", None),
        ("5 kg 2020", None), ("May 5", None), ("32.01.2020", None), ("1.2.3", None),
    ],
)  # fmt: skip
def test_a_date_is_a_number_of_days(cell: str, days: float | None) -> None:
    assert dates.date(cell) == days


@pytest.mark.parametrize(
    ("cell", "iso"),
    [
        ("15.04.2023", "2023-04-15"), ("5.4.23", "2023-04-05"), ("31/12/2023", "2023-12-31"),
        ("31-Dec-99", "1999-12-31"), ("31 Dec 2023", "2023-12-31"), ("Dec 31, 2023", "2023-12-31"),
        ("Jan 1 2000", "2000-01-01"), ("Jan-1-1995", "1995-01-01"), ("March 2020", "2020-03-01"),
        ("31. Dezember 2023", "2023-12-31"), ("1er janvier 2020", "2020-01-01"),
        ("5 de marzo de 2020", "2020-03-05"), ("5 марта 2020", "2020-03-05"),
        ("2023年12月31日", "2023-12-31"), ("2023年3月", "2023-03-01"), ("1974Q3", "1974-07-01"),
        ("Q1 1974", "1974-01-01"), ("2010/01/31 13:30", "2010-01-31T13:30"),
        ("20260331", "2026-03-31"), ("03/2020", "2020-03-01"), ("2020 Mar", "2020-03-01"),
        ("1/2/2020 1:05 PM", "2020-02-01T13:05"), ("1/2/2020 12:05 am", "2020-02-01T00:05"),
        ("2023-12-31 10:00:00 +0200", "2023-12-31T10:00:00+02:00"),
        ("2023-12-31T10:00:00,25-03:30", "2023-12-31T10:00:00.250-03:30"),
        ("Sun, 31 Dec 2023 10:00:00 GMT", "2023-12-31T10:00"),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(cell: str, iso: str) -> None:
    assert dates.date(cell) == pytest.approx(day(iso), abs=1e-9)


@given(st.dates(date(1970, 1, 1), date(2068, 12, 31)))
def test_every_day_is_read_back_from_every_way_of_writing_it(when: date) -> None:
    days = float((when - date(1970, 1, 1)).days)
    for form in ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%d.%m.%y", "%d %b %Y", "%B %d, %Y", "%Y%m%d"):
        assert dates.date(when.strftime(form)) == days
    assert dates.date(when.strftime("%m/%d/%Y"), "mdy") == days
    assert dates.date(when.strftime("%d/%m/%Y"), "dmy") == days


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["01/02/2020", "31/01/2020"], ("dmy",)), (["01/02/2020", "01/31/2020"], ("mdy",)),
        (["03/03/2020", "04/04/2020"], ("dmy",)), (["2020-01-02", "2020-03-04"], ("dmy",)),
        (["01.02.2020", "02.03.2020"], ("dmy",)), (["01-02-2020", "02-03-2020"], ("dmy", "mdy")),
        (["01/02/2020", "01/03/2020", "01/04/2020"], ("mdy", "dmy")),
        (["01/02/2020", "02/02/2020", "03/02/2020"], ("dmy", "mdy")), ([], ("dmy",)),
    ],
)  # fmt: skip
def test_the_order_of_day_and_month_is_that_of_the_cells_or_open(
    cells: list[str], orders: tuple[str, ...]
) -> None:
    assert dates.orders_of(cells) == orders


@pytest.mark.parametrize(
    ("cells", "orders"),
    [
        (["24-03-12", "23-12-24", "24-01-09"], ("dmy", "ymd")),
        (["24/03/12", "23/12/24", "24/01/09"], ("dmy", "ymd")),
        (["99.12.31", "98.11.30", "97.01.02"], ("ymd",)),
        (["13.05.49", "24.12.38"], ("dmy",)),
        (["13.05.24", "01.06.24", "17.06.24"], ("dmy",)),
        (["24.01.01", "24.01.15", "24.01.20"], ("ymd",)),
        (["3/4/24", "5/4/24"], ("mdy", "dmy")), (["31/12/99", "1/1/00"], ("dmy",)),
    ],
)  # fmt: skip
def test_a_year_of_two_digits_may_come_first(cells: list[str], orders: tuple[str, ...]) -> None:
    assert set(dates.orders_of(cells)) == set(orders)
    assert all(dates.is_date(cell) for cell in cells)


@pytest.mark.parametrize(
    ("cells", "last"),
    [
        (["13.05.49", "24.12.38"], (2029, 2068)), (["13-May-49", "1-Jun-05"], (2029, 2068, 1999)),
        (["31.12.99", "01.01.00"], (2068,)), (["13.05.1949"], (2068,)), (["15.04.23"], (2068,)),
    ],
)  # fmt: skip
def test_the_century_of_two_digits_is_open_where_programs_differ(
    cells: list[str], last: tuple[int, ...]
) -> None:
    assert dates.centuries_of(cells, "dmy") == last


def test_a_century_is_read_as_picked() -> None:
    assert dates.date("13.05.49", "dmy", 2029) == day("1949-05-13")
    assert dates.date("13.05.49", "dmy", 2068) == day("2049-05-13")
    assert dates.date("99.12.31", "ymd") == day("1999-12-31")
    assert dates.date("01.02.03", "ymd", 1999) == day("1901-02-03")
