"""How numbers are written: settled by cells of one reading, asked about where there are none."""

from collections.abc import Sequence

import pytest

from app.data.table.notation import Picked, find_notations, mostly_numbers, shape

NOTHING = Picked()


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("1.5", "point"), ("0.123", "point"), ("1234.567", "point"), ("1,234.5", "point"),
        ("1,234,567", "point"), ("12,34,567", "point"), ("1'234.5", "point"), ("1.5e3", "point"),
        ("1,5", "comma"), ("0,123", "comma"), ("1.234,5", "comma"), ("1.234.567", "comma"),
        ("1 234,5", "comma"), ("1\u202f234,5", "comma"), ("1.234", "either_point"),
        ("-12.345", "either_point"), ("1,234", "either_comma"), ("1234", None), ("1 234", None),
        ("a.b", None), ("1.2.3", None), ("", None), ("１．２３４", "either_point"),
    ],
)  # fmt: skip
def test_a_cell_shows_its_decimal_mark_or_can_be_read_in_two_ways(
    cell: str, found: str | None
) -> None:
    assert shape(cell) == found


def values(columns: Sequence[Sequence[str]], picked: Picked = NOTHING) -> list[list[float | None]]:
    notations = find_notations(columns, picked).columns
    return [
        [notation.value(cell) for cell in cells]
        for notation, cells in zip(notations, columns, strict=True)
    ]


@pytest.mark.parametrize(
    ("columns", "expected"),
    [
        ([["1.234", "0.5"]], [[1.234, 0.5]]),
        ([["1.234", "2.345,6"]], [[1234.0, 2345.6]]),
        ([["1.234"], ["5,6"]], [[1234.0], [5.6]]),
        ([["1.234"], ["5.6"]], [[1.234], [5.6]]),
        ([["1,234"], ["5.6"]], [[1234.0], [5.6]]),
        ([["1,234"], ["5,6"]], [[1.234], [5.6]]),
        ([["1.5"], ["2,5"]], [[1.5], [2.5]]),
        ([["1.000,92", "2.345,10", "980,50"]], [[1000.92, 2345.1, 980.5]]),
        ([["1'234", "980"], ["1 234", "7"]], [[1234.0, 980.0], [1234.0, 7.0]]),
        ([["1,5", "2,5", "1.5"]], [[1.5, 2.5, None]]),
    ],
)
def test_one_reading_needs_no_question(
    columns: list[list[str]], expected: list[list[float | None]]
) -> None:
    assert not find_notations(columns, NOTHING).readings
    assert values(columns) == expected


TWO_READINGS: dict[str, tuple[list[list[str]], list[list[list[float | None]]]]] = {
    "groups of a German spreadsheet": (
        [["980", "1.020", "1.040"]], [[[980.0, 1020.0, 1040.0]], [[980.0, 1.02, 1.04]]]),
    "three decimals": ([["1.234", "5.678"]], [[[1.234, 5.678]], [[1234.0, 5678.0]]]),
    "a comma": ([["1,234", "5,678"]], [[[1234.0, 5678.0]], [[1.234, 5.678]]]),
    "a comma in one column, a point in another": (
        [["1,234"], ["5.678"]], [[[1234.0], [5.678]], [[1.234], [5678.0]]]),
    "groups beside a column of fractions": (
        [["980", "1.020"], ["0.5", "1.25"]],
        [[[980.0, 1020.0], [0.5, 1.25]], [[980.0, 1.02], [0.5, 1.25]]]),
    "groups beside a column of decimal commas": (
        [["980", "1,020"], ["0,5", "1,25"]],
        [[[980.0, 1020.0], [0.5, 1.25]], [[980.0, 1.02], [0.5, 1.25]]]),
}  # fmt: skip


@pytest.mark.parametrize("case", TWO_READINGS)
def test_two_readings_are_a_question_and_each_answer_is_followed(case: str) -> None:
    columns, expected = TWO_READINGS[case]
    found = find_notations(columns, NOTHING)
    assert found.unclear
    assert [values(columns, reading) for reading in found.readings] == expected
    assert not any(find_notations(columns, reading).readings for reading in found.readings)


@pytest.mark.parametrize(("decimal", "expected"), [(".", [1.234, 2.345]), (",", [1234.0, 2345.0])])
def test_the_decimal_mark_is_an_answer_too(decimal: str, expected: list[float | None]) -> None:
    picked = Picked(decimal)  # type: ignore[arg-type]
    assert values([["1.234", "2.345"]], picked) == [expected]
    assert not find_notations([["1.234", "2.345"]], picked).readings


def test_no_other_groups_than_those_picked_are_read() -> None:
    columns = [["1'234", "1,234.5"]]
    assert values(columns, Picked(".", "'")) == [[1234.0, None]]
    assert values(columns, Picked(".", "")) == [[None, None]]


def test_text_shows_nothing_of_the_notation() -> None:
    columns = [["v1.234", "see 2,5", "x"], ["1.5", "2", "3"]]
    found = find_notations(columns, NOTHING)
    assert (found.decimal, found.readings) == (".", ())
    assert mostly_numbers(["1", "2", "x"])
    assert not mostly_numbers(["1", "x", "y"])
    assert mostly_numbers(["1", "None", "-", "NA"])


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1,5", "2"], ","), (["1.5", "2"], "."), (["1,5", "1.5"], "."), ([], "."),
        (["1,5", "2,5", "1.5"], ","), (["1,234", "5,678"], "."), (["1,234", "5,6"], ","),
        (["0,123"], ","), (["text, more", "2"], "."),
    ],
)  # fmt: skip
def test_the_decimal_mark_is_the_one_most_numbers_have(cells: list[str], mark: str) -> None:
    assert find_notations([cells], NOTHING).decimal == mark
