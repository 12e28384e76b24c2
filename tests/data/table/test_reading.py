"""Tables as text: the delimiter is found, columns have names, and every row has its line."""

import csv
import io

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.data.table.reading import DELIMITERS, MOST_COLUMNS, Table, read, unique
from app.data.types import MOST_SAMPLES

ROWS = [["5.1", "3.5", "setosa"], ["4.9", "-3", "setosa"], ["7", "3.2e0", "versicolor"]]
HEADER = ["sepal length", "petal, width", "kind"]


def cells(table: Table) -> list[list[str]]:
    return [list(row.cells) for row in table.rows]


def written(rows: list[list[str]], delimiter: str, ending: str = "\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=ending).writerows(rows)
    return text.getvalue()


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("header", [True, False])
@pytest.mark.parametrize("delimiter", DELIMITERS)
def test_what_was_written_is_read(delimiter: str, header: bool, ending: str) -> None:
    table = read(written([HEADER, *ROWS] if header else ROWS, delimiter, ending))
    assert (table.delimiter, table.header, table.decimal) == (delimiter, header, ".")
    assert cells(table) == ROWS
    assert list(table.names) == (HEADER if header else ["x1", "x2", "x3"])
    assert [row.line for row in table.rows] == ([2, 3, 4] if header else [1, 2, 3])
    assert not table.problems


@pytest.mark.parametrize("delimiter", [d for d in DELIMITERS if d != ","])
def test_a_decimal_comma_is_found_where_the_comma_separates_nothing(delimiter: str) -> None:
    rows = [["1,5", "2", "3,25"], ["2,5", "1,75", "4"], ["0,1", "-3", "1,5e-3"]]
    table = read(written(rows, delimiter))
    assert (table.delimiter, table.decimal) == (delimiter, ",")
    assert cells(table) == rows


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("1,2;3,4\n5,6;7,8", ";"),
        ("1, 2, 3\n4, 5, 6", ","),
        ("1  2   3\n 4 5 6 ", " "),
        ("a b,1\nc d,2\ne f,3", ","),
        ("2020-01-01 10:00\t1\n2020-01-02 11:00\t2", "\t"),
        ("x|y\n1|2", "|"),
        ("1\n2\n3", ","),
        ("one\ntwo words\nthree", ","),
    ],
)
def test_the_delimiter_is_the_one_that_makes_even_rows_of_numbers(
    text: str, delimiter: str
) -> None:
    assert read(text).delimiter == delimiter


def test_what_is_given_is_not_found_out() -> None:
    table = read("a;b\nc;d", delimiter=",", header=False, decimal=",")
    assert (table.delimiter, table.header, table.decimal) == (",", False, ",")
    assert cells(table) == [["a;b"], ["c;d"]]


@pytest.mark.parametrize(
    ("text", "header"),
    [
        ("x,y\n1,2\n3,4", True),
        ("1,2\n3,4", False),
        ("x,\n1,2\n3,4", True),
        ("x,2\n1,2\n3,4", False),
        ("kind,color\na,red\nb,red\na,blue", True),
        ("a,red\nb,red\na,blue", False),
        ("a,b", False),
        ("NA,b\n1,x\n2,y", True),
    ],
)
def test_a_header_holds_no_number_and_stands_above_some(text: str, header: bool) -> None:
    assert read(text).header == header


def test_quoted_cells_may_hold_delimiters_quotes_and_lines() -> None:
    table = read('x,note,y\n1,"a, ""b""\nc",2\n\n3,d,4\n')
    assert cells(table) == [["1", 'a, "b"\nc', "2"], ["3", "d", "4"]]
    assert [row.line for row in table.rows] == [2, 5]


def test_a_byte_order_mark_is_no_part_of_the_first_name() -> None:
    assert read("\ufeffx,y\n1,2\n3,4").names == ("x", "y")


def test_columns_have_names_that_differ() -> None:
    assert read("x,x,,y\n1,2,3,4\n1,2,3,4").names == ("x", "x (2)", "column 3", "y")
    assert unique(["a" * 100, "a" * 101]) == ("a" * 79 + "…", "a" * 76 + " (2)")


def test_rows_of_another_length_are_named_by_their_line() -> None:
    table = read("x,y\n1,2\n1,2,3\n\n4\n5,6\n7,8")
    found = [(problem.line, problem.code, problem.text) for problem in table.problems]
    assert found == [(3, "uneven", "3"), (5, "uneven", "1")]


def test_a_line_whose_quotes_do_not_end_is_torn_and_the_others_are_read() -> None:
    table = read('x,y\n1,2\n3,"4\n5,6\n')
    assert not table.broken
    (problem,) = table.problems
    assert (problem.line, problem.code, problem.text) == (3, "malformed", '3,"4')
    assert [[*row.cells] for row in table.rows if row.even] == [["1", "2"], ["5", "6"]]


@pytest.mark.parametrize("text", ["", "\n\n", "  \n", ",,\n,,", "\ufeff"])
def test_nothing_is_no_row(text: str) -> None:
    assert read(text).rows == ()


def test_all_rows_are_counted_but_not_all_are_kept() -> None:
    table = read("x,y\n" + "1,2\n" * (MOST_SAMPLES + 500))
    assert table.count == MOST_SAMPLES + 500
    assert MOST_SAMPLES < len(table.rows) <= MOST_SAMPLES + 1


def test_a_row_without_end_is_refused() -> None:
    (problem,) = read(",".join("1" * (MOST_COLUMNS + 1))).problems
    assert (problem.code, problem.text) == ("too_many_columns", str(MOST_COLUMNS + 1))


CELLS = st.text(alphabet="ab1.5,;|\"' \t-é数", max_size=6).map(str.strip)


@example([["", "-", "-"]], "|")
@example([["", "-", ""]], "|")
@given(
    st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8),
    st.sampled_from([d for d in DELIMITERS if d != " "]),
)
def test_any_table_survives_a_round_trip(rows: list[list[str]], delimiter: str) -> None:
    table = read(written(rows, delimiter), delimiter=delimiter, header=False)
    # Between bars a row of nothing but dashes is a line that is drawn, as in Markdown.
    told = ["".join(row).replace(" ", "") for row in rows]
    drawn = [delimiter == "|" and len(text) > 1 and set(text) == {"-"} for text in told]
    assert cells(table) == [
        row for row, line in zip(rows, drawn, strict=True) if any(row) and not line
    ]
    # A last row of one text may be a note; it is read all the same.
    assert {problem.code for problem in table.problems} <= {"below_table"}


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    table = read(text)
    assert all(len(row.cells) == len(table.names) or table.problems for row in table.rows)


def test_a_long_run_of_digits_is_read_in_no_time() -> None:
    text = "x,y\n" + "1" * 100_000 + "x,2\n3,4"
    assert cells(read(text))[1] == ["3", "4"]
