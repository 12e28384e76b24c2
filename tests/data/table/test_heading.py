"""Where a table begins: its header, also one of numbers, and the lines above it."""

import pytest

from app.data.table.reading import Table, read

HEADERS: dict[str, tuple[str, tuple[str, ...]]] = {
    "pandas' numbers of columns": (
        "0,1,2,3\n5.1,3.5,1.4,1\n4.9,3.0,1.3,1\n6.3,3.1,4.7,2\n5.8,2.7,5.1,3",
        ("0", "1", "2", "3")),
    "counted from one": ("1;2;3\n0,5;0,7;0,1\n0,3;0,4;0,9\n0,2;0,1;0,3\n0,9;0,9;0,8",
                         ("1", "2", "3")),
    "years": ("country,1990,2000,2010\nA,3.4,5.1,6\nB,3.5,5.2,6.1\nC,3.6,5.3,6\nD,1,2,3",
              ("country", "1990", "2000", "2010")),
    "wavelengths": ("400.5,401,401.5,402,402.5\n" + "0.1,0.3,0.2,0.1,0.5\n" * 4,
                    ("400.5", "401", "401.5", "402", "402.5")),
    "row names of R": ('"a" "b"\n"1" 5.1 3.5\n"2" 4.9 3\n', ("column 1", "a", "b")),
    "a comment that is the header": ("# x,y\n1,2\n3,4", ("x", "y")),
    "a delimiter too much": ("x,y,\n1,2\n3,4", ("x", "y")),
    "a delimiter too much in every row": ("x,y\n1,2,\n3,4,", ("x", "y")),
    "units below it": ("t,v\ns,m/s\n0,1\n1,2\n2,3", ("t", "v")),
}  # fmt: skip


@pytest.mark.parametrize("case", HEADERS)
def test_a_header_is_found(case: str) -> None:
    text, names = HEADERS[case]
    table = read(text)
    assert (table.header, table.doubts) == (True, ())
    assert table.without_empty_columns().names == names


NO_HEADERS = {
    "a gate": "0,0,0\n0,1,1\n1,0,1\n1,1,0",
    "rows that all rise": "1,2,3\n4,5,6\n7,8,9\n10,11,12",
    "a time that goes on": "1,2\n2,3.9\n3,6.1\n4,8.2",
    "another count": "0,1\n0.5,1.6\n1,2.7\n1.5,3.1",
    "measurements": "5.1,3.5,1.4,0.2,setosa\n4.9,3,1.4,0.2,setosa\n6.3,3.3,6,2.5,virginica",
    "two rows": "1,2\n3,4",
    "a first row among the others": "A,500,2\nB,3,7\nC,4,1",
    "a class that comes again": "1990,2000,a\n12,15,b\n18,11,a\n7,9,b",
}


@pytest.mark.parametrize("case", NO_HEADERS)
def test_rows_of_numbers_are_no_headers(case: str) -> None:
    table = read(NO_HEADERS[case])
    assert (table.header, table.doubts, table.problems) == (False, (), ())


DOUBTS = {
    "wavelengths and a class": "400,410,420,class\n5,6,7,a\n8,9,10,b\n11,15,13,a",
    "two years": "Country,1990,2000\nA,12,15\nB,18,11\nC,7,9",
    "one year": "Country,1990\nA,12\nB,18\nC,7",
    "a count beside a word": "id;1;2;3\nA;4;5;3\nB;5;6;7\nC;1;2;9",
    "years above rows that rise": "2019,2020,2021\n5,6,7\n8,9,10\n11,15,13",
    "a count above rows that rise": "label,0,1,2\na,5,6,7\nb,8,9,10\nc,11,15,13",
    "a word above numbers, and a count": "label,0,1,2\n1,5,6,7\n0,8,9,10\n1,11,15,13",
    "two names that count": "0,1\n5.1,3.5\n4.9,3.2\n4.7,3.1",
    "a count like the numbers below": "1,2,3,4\n2,1,4,4\n3,4,1,2\n1,1,2,4\n4,3,2,1",
    "sizes and names": "150,4,setosa,versicolor,virginica\n" + "5.1,3.5,1.4,0.2,0\n" * 3,
}


@pytest.mark.parametrize("case", DOUBTS)
def test_a_row_that_may_be_a_header_is_a_question(case: str) -> None:
    (doubt,) = read(DOUBTS[case]).doubts
    assert (doubt.code, doubt.readings) == ("header", ({"header": True}, {"header": False}))
    for reading in doubt.readings:
        table = read(DOUBTS[case], **reading)
        assert (table.header, table.doubts) == (reading["header"], ())


ABOVE: dict[str, tuple[str, list[int]]] = {
    "a comment": ("# exported by lab, 2026\nx,y,z\n1,2,3\n4,5,6", [1]),
    "a title and a blank line": ("Sales\n\nx;y;z\n1;2;3\n4;5;6", [1]),
    "a title filled up": ("Sales;;\n;;\nx;y;z\n1;2;3\n4;5;6", [1]),
    "several lines": ("%a\n// b, c\n! d\nx,y,z\n1,2,3\n4,5,6\n7,8,9\n1,1,1", [1, 2, 3]),
    "a longer line": ("a,b,c,d,e\nx,y,z\n1,2,3\n4,5,6", [1]),
    "a table of text": ("Report\nkind,color,taste\na,red,x\nb,red,y\na,blue,x", [1]),
}


def lines(table: Table) -> list[tuple[int | None, str]]:
    return [(problem.line, problem.code) for problem in table.problems]


@pytest.mark.parametrize("case", ABOVE)
def test_lines_above_a_header_are_named_and_can_be_left_out(case: str) -> None:
    text, above = ABOVE[case]
    table = read(text)
    assert table.header
    assert lines(table) == [(line, "above_header") for line in above]
    assert [row.line for row in table.above] == above
    assert len(table.names) == 3


def test_when_a_header_is_left_out_the_next_line_is_it_if_it_can_be() -> None:
    text = "maker,owner\nx,y\n1,2\n3,4"
    assert read(text).names == ("maker", "owner")
    assert read(text, omit=(1,)).names == ("x", "y")
    assert read(text, omit=(1, 2)).names == ("maker", "owner")
