"""Cells of a table: numbers in every locale, dates, truth values, and what stands for nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data.table.cells import (
    currency,
    is_almost_number,
    is_missing,
    is_missing_number,
    number,
    truth,
    unit,
)


@pytest.mark.parametrize(
    ("cell", "decimal", "value"),
    [
        ("1", ".", 1.0), ("-1.5", ".", -1.5), ("+2.", ".", 2.0), (".5", ".", 0.5),
        ("1e3", ".", 1000.0), ("1.5E-2", ".", 0.015), ("−4", ".", -4.0), ("1,5", ",", 1.5),
        ("1", ",", 1.0), (",5", ",", 0.5), ("1,5", ".", None), ("1.5", ",", None),
        ("", ".", None), ("1_000", ".", None), ("0x1", ".", None), ("inf", ".", None),
        ("nan", ".", None), ("١", ".", 1.0), ("1 2", ".", None), ("1.2.3", ".", None),
        ("--1", ".", None), ("e3", ".", None), (".", ".", None), ("12%", ".", None),
        ("9" * 41, ".", None),
    ],
)  # fmt: skip
def test_a_number_is_written_as_in_a_spreadsheet(
    cell: str, decimal: str, value: float | None
) -> None:
    assert number(cell, decimal) == value


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_python_writes_is_read_to_the_last_bit(value: float) -> None:
    assert number(repr(value)) == value
    assert number(repr(value).replace(".", ","), ",") == value


@pytest.mark.parametrize("cell", ["", "NA", "na", "N/A", "NaN", "null", "NULL", "?"])
def test_these_are_missing(cell: str) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize("cell", ["0", "none", "-", "no", "name", "nan1", " "])
def test_these_are_not(cell: str) -> None:
    assert not is_missing(cell)


@pytest.mark.parametrize(
    "cell",
    ["None", "-", "nil", "inf", "-INF", "Infinity", "keine Angabe", "Н/Д", "n.d.", "∞", "无", "NA"],
)
def test_these_are_missing_among_numbers(cell: str) -> None:
    assert is_missing_number(cell)


@pytest.mark.parametrize(
    "cell",
    [
        "#N/A",
        "#NV",
        "#WERT!",
        ".",
        "--",
        "NULL",
        "#DIV/0!",
        "<NA>",
        "…",
        "n.a.",
        "\\N",
        "NaT",
        "-nan",
    ],
)
def test_what_databases_and_spreadsheets_write_for_nothing_is_missing(cell: str) -> None:
    assert is_missing(cell)


@pytest.mark.parametrize(
    ("cell", "decimal", "groups", "value"),
    [
        ("1,234", ".", ",", 1234.0), ("1,234.5", ".", ",", 1234.5), ("1.234,5", ",", ".", 1234.5),
        ("-1.234.567", ",", ".", -1234567.0), ("1'234.5", ".", "'", 1234.5),
        ("1’234", ".", "'", 1234.0), ("1 234,5", ",", " ", 1234.5),
        ("1\u00a0234", ".", " ", 1234.0), ("12\u202f345\u202f678,9", ",", " ", 12345678.9),
        ("12,34,567.5", ".", ",", 1234567.5), ("１，２３４．５", ".", ",", 1234.5),
        ("$1,234.50", ".", ",", 1234.5), ("-$5", ".", "", -5.0), ("€ 1.234,50", ",", ".", 1234.5),
        ("980,00 €", ",", "", 980.0), ("¥-3", ".", "", -3.0), ("-$-5", ".", "", None),
        ("$", ".", "", None), ("$x", ".", "", None), ("$5$", ".", "", None),
        ("1,234", ".", "", None), ("1.234", ",", "'", None), ("0,123", ".", ",", None),
        ("1,2345", ".", ",", None), ("1234,567", ".", ",", None), ("1,234 567", ".", ", ", None),
        ("1,23,45", ".", ",", None), (",123", ".", ",", None), ("1,234e5", ".", ",", None),
    ],
)  # fmt: skip
def test_digits_may_be_in_groups(cell: str, decimal: str, groups: str, value: float | None) -> None:
    assert number(cell, decimal, groups) == value


@given(
    st.integers(-(10**12), 10**12),
    st.integers(0, 999),
    st.sampled_from([(".", ","), (",", "."), (".", "'"), (",", " "), (",", "\u202f")]),
)
def test_every_grouped_number_is_read_as_what_was_written(
    whole: int, thousandths: int, marks: tuple[str, str]
) -> None:
    decimal, group = marks
    cell = f"{whole:,}".replace(",", group) + f"{decimal}{thousandths:03}"
    expected = float(f"{whole}.{thousandths:03}")
    assert number(cell, decimal, group.replace("\u202f", " ")) == expected


def test_a_number_beyond_floats_is_infinite() -> None:
    assert number("1e999") == float("inf")
    assert number("-1e999") == -float("inf")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("TRUE", 1.0), ("False", 0.0), ("yes", 1.0), ("N", 0.0), ("WAHR", 1.0), ("是", 1.0),
     ("否", 0.0), ("да", 1.0), ("нет", 0.0), ("Oui", 1.0), ("nein", 0.0),
     ("1", None), ("maybe", None), ("x" * 10_000, None)],
)  # fmt: skip
def test_truth_values_are_one_and_zero(cell: str, value: float | None) -> None:
    assert truth(cell) == value


@pytest.mark.parametrize(
    ("cell", "value"),
    [("(5)", -5.0), ("(1,234.5)", -1234.5), ("12-", -12.0), ("1.5 -", -1.5), ("12−", -12.0),
     ("($5)", -5.0), ("$(5)", None), ("(-5)", None), ("-5-", None), ("()", None), ("(5", None),
     ("-", None), ("((5))", None), ("(a)", None), ("+5-", None)],
)  # fmt: skip
def test_accountants_write_what_is_negative_in_brackets_or_with_a_minus_behind(
    cell: str, value: float | None
) -> None:
    assert number(cell, ".", ",") == value


def test_brackets_are_no_minus_where_they_are_said_not_to_be() -> None:
    assert number("(5)", brackets=False) is None


@pytest.mark.parametrize(
    ("cell", "plain", "found"),
    [("12 kg", "12", "kg"), ("3.5cm", "3.5", "cm"), ("12%", "12", "%"), ("12,5 %", "12,5", "%"),
     ("-4 °C", "-4", "°C"), ("9.8 m/s²", "9.8", "m/s²"), ("9.8 m/s2", "9.8", "m/s2"),
     ("12公斤", "12", "公斤"), ("1\u00a0234,5\u00a0kWh", "1\u00a0234,5", "kWh"),
     ("３％", "３", "％")],
)  # fmt: skip
def test_a_number_may_have_a_unit_behind_it(cell: str, plain: str, found: str) -> None:
    assert unit(cell) == (plain, found)


@pytest.mark.parametrize(
    "cell",
    ["1st", "2nd", "31 Dec", "9 am", "kg", "", "12", "2020-W05", "a1", "5 of 7 kg", "x" * 99],
)
def test_these_are_no_numbers_with_a_unit(cell: str) -> None:
    assert unit(cell) == (cell, "")


def test_the_sign_of_a_currency_is_its_unit() -> None:
    assert [currency(cell) for cell in ("$5", "5 €", "￥5", "(£5)", "5", "kg")] == [
        "$", "€", "¥", "£", "", ""]  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("–3", -3.0), ("- 5", -5.0), ("—2.5", -2.5), ("٣", 3.0), ("٣٫٥", 3.5), ("१२", 12.0),
        ("۱۲٬۳۴۵", 12345.0), ("1'234.–", 1234.0), ("12.-", 12.0), ("12.–", 12.0),
        ("1.5D+03", 1500.0),
        ("-1.5d-1", -0.15), ("–", None), ("- ", None), ("3–5", None), ("3D", None), ("2D5", None),
        ("- - 5", None), (".–", None),
    ],
)  # fmt: skip
def test_signs_and_digits_of_other_scripts_and_programs_are_read(
    cell: str, value: float | None
) -> None:
    assert number(cell, ".", ",' ") == value


@pytest.mark.parametrize("cell", ["<0.1", "~5", "12*", "1/2", "1·5", "≥ 10", "80+", "1,5"])
def test_some_texts_are_almost_numbers(cell: str) -> None:
    assert is_almost_number(cell)


@pytest.mark.parametrize("cell", ["", "12a", "2WD", "10-19", "12:30", "1.2.3", "A1", "unknown"])
def test_other_texts_are_not(cell: str) -> None:
    assert not is_almost_number(cell)
