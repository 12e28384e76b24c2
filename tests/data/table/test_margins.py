"""Rows that are no samples: units under the header, totals and notes at the end."""

from typing import Any

import pytest

from app.data.table.reading import Table, read

SALES = "region,a,y\nN,1,2\nS,2,3\nW,5,7\n"


def found(table: Table) -> list[tuple[Any, ...]]:
    return [(one.line, one.code, one.text) for one in table.problems]


@pytest.mark.parametrize(
    ("row", "text"),
    [("cm,mm,", "cm, mm"), ("[cm],[mm],[-]", "[cm], [mm], [-]"), ("(kg),%,n", "(kg), %, n")],
)
def test_units_under_the_header_are_named_once(row: str, text: str) -> None:
    table = read(f"length,width,y\n{row}\n1.5,2,3\n2.5,3,4\n3.5,5,6\n")
    assert found(table) == [(2, "units_row", text)]
    assert not table.doubts


@pytest.mark.parametrize("row", ["1,mm,3", ",,3", "NA,NA,NA", "x,2,3"])
def test_a_row_with_a_number_or_without_units_is_a_row(row: str) -> None:
    table = read(f"name,width,y\n{row}\nx,2,3\ny,3,4\nz,5,6\n")
    assert not found(table)


@pytest.mark.parametrize("note", ["Source: BLS", "Source: BLS,,", "* preliminary,"])
def test_notes_below_a_table_are_named(note: str) -> None:
    table = read(SALES + note + "\n")
    assert found(table) == [(5, "below_table", note.rstrip(","))]
    assert not [row for row in table.rows if row.line == 5 and row.even]


def test_totals_may_stand_above_notes() -> None:
    table = read(SALES + "Total,8,12\nSource: BLS\nAll rights reserved,,\n")
    assert [line for line, *_ in found(table)] == [6, 7]
    assert [doubt.code for doubt in table.doubts] == ["totals"]
    left = read(SALES + "Total,8,12\nSource: BLS\nAll rights reserved,,\n", totals=True)
    assert [row.line for row in left.rows if row.even] == [2, 3, 4]
    assert left.count == 5


@pytest.mark.parametrize(
    "last", ["Total,8,12", "GRAND TOTAL,9,9", "合计,8,12", "Mean,2.7,4", "Итого:,8,12", "X,8,12"]
)
def test_a_last_row_of_totals_is_asked_about(last: str) -> None:
    (doubt,) = read(SALES + last + "\n").doubts
    assert doubt.readings == ({"totals": True}, {"totals": False})
    assert (doubt.code, read(SALES + last, totals=True).count) == ("totals", 3)
    assert read(SALES + last, totals=False).count == 4
    assert not read(SALES + last, totals=False).doubts


@pytest.mark.parametrize(
    "text",
    [
        SALES, SALES + "E,8,13\n", SALES + "E,0,0\n", "region,y\nN,1\nS,2\nW,3\nE,6\n",
        "y,kind\n1,all\n2,total\n3,all\n4,total\n",
    ],
)  # fmt: skip
def test_other_last_rows_are_rows(text: str) -> None:
    assert not read(text).doubts


def test_what_is_left_out_by_its_line_is_not_asked_about() -> None:
    assert not read(SALES + "Total,8,12\n", omit=[5]).doubts


def test_columns_without_a_finite_sum_hold_no_totals() -> None:
    for column in (["1e999", "-1e400", "1"], ["1e308", "1e308", "2e308"], ["1", "2", "1e999"]):
        table = read("\n".join(["a,b", *(f"{cell},{cell}" for cell in column)]))
        assert "totals" not in [doubt.code for doubt in table.doubts]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("c,x,y\nTotal,10,20\nA,1,3\nB,4,9\nC,5,8", (2,)),
        ("c,x,y\nA,1,3\nB,4,9\nC,5,8\nØ,3.33,6.67", (5,)),
        ("c,x,y\nA,1,3\nB,4,9\nC,5,8\nD,2,4\n,3,6", (6,)),
        ("c,x,y\nA,1,3\nB,4,9\nSubtotal,5,12\nC,5,8\nD,2,4\nSubtotal,7,12", (4, 7)),
        ("c,x,y\nA,1,3\nB,4,9\nTotal North,5,12\nC,5,8\nD,2,4\nTotal South,7,12", (4, 7)),
    ],
)
def test_totals_and_means_are_found_wherever_they_are(text: str, lines: tuple[int, ...]) -> None:
    (doubt,) = read(text).doubts
    assert (doubt.code, doubt.lines) == ("totals", lines)
    assert not {row.line for row in read(text, totals=True).rows} & {*lines}
    assert not read(text, totals=False).doubts


@pytest.mark.parametrize(
    "text",
    [
        "c,x,y\nmean,1,3\nA,4,9\nB,5,8\nC,5,1", "c,x,y\nall,1,3\nsome,4,9\nnone,5,8\nfew,5,1",
        "c,x,y\nA,1,3\nB,3,5\nC,2,4\nD,2,4", "c,x,y\ntotal,1,3\nB,4,9\ntotal,5,8\nB,5,1",
    ],
)  # fmt: skip
def test_words_of_totals_alone_make_none_in_the_middle(text: str) -> None:
    assert not read(text).doubts


def test_rows_behind_blank_lines_may_be_another_table() -> None:
    text = "x,y\n1,2\n3,4\n\n\n2020,2021\n5,6\n7,1"
    (doubt,) = read(text).doubts
    assert (doubt.code, doubt.lines) == ("below", (6,))
    assert [row.line for row in read(text, below=False).rows] == [2, 3]
    assert (read(text, below=True).count, read(text, below=True).doubts) == (5, ())


@pytest.mark.parametrize(
    "text",
    [
        "x,y\n\n\n1,2\n3,4\n5,5", "x,y\n1,2\n\n3,4\n\n5,6\n7,1", "x,y\n1,2\n3,4\n6,7\n\n\n",
        "x,y\n\n\n1,2\n\n\n3,4\n\n\n5,5\n\n\n7,7", 'x,y\n1,a\n2,"b\nc\nd\ne"\n3,a\n4,b',
    ],
)  # fmt: skip
def test_other_blank_lines_are_nothing(text: str) -> None:
    assert not read(text).doubts
