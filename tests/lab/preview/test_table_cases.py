"""Tables as spreadsheets, databases and statistics packages write them.

Each is read right, or asked about with both of its readings; none is misread without a word.
"""

import json
import random
from contextlib import suppress
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.data import datasets
from app.data.types import MOST_SAMPLES
from app.errors import InvalidInput
from app.lab.preview.table import preview_table
from app.lab.spec.limits import limits
from tests.lab.client import Client
from tests.web.problems import refused

URL = "/api/tables"
KINDS = ("setosa", "versicolor", "virginica")
FLOWERS = [(f"{5 + kind + 0.1 * i:.1f}", f"{3.5 - 0.1 * i:.1f}", KINDS[kind])
           for i in range(10) for kind in range(3)]  # fmt: skip
NAMES = ("length", "width", "species")


def look(text: str, **more: Any) -> Any:
    free = dict.fromkeys(["delimiter", "header", "decimal", "target", "inputs", "task"])
    return preview_table({**free, "omit": [], "text": text, **more})


def flowers(delimiter: str, decimal: str = ".", quote: str = "", header: bool = True) -> str:
    rows = ([NAMES] if header else []) + [
        tuple(f"{quote}{cell.replace('.', decimal)}{quote}" for cell in row) for row in FLOWERS
    ]
    return "\n".join(delimiter.join(row) for row in rows) + "\n"


NUMBERS = [[float(length), float(width)] for length, width, _ in FLOWERS]


def question(answer: Any) -> Any:
    """The one question about a table, which is not used before it is answered."""
    (found,) = answer["questions"]
    assert answer["data"] is None
    assert found["code"] in {problem["code"] for problem in answer["problems"]}
    return found


# -- where the numbers begin


def test_numbers_of_columns_are_a_header_and_no_sample() -> None:
    rows = [f"{a},{b},{KINDS.index(kind)},7.5,{KINDS.index(kind)}" for a, b, kind in FLOWERS]
    answer = look("0,1,2,3,4\n" + "\n".join(rows))
    assert (answer["header"], answer["rows"]) == (True, 30)
    assert answer["target"] == "4"
    assert answer["classes"] == ["0", "1", "2"]


def test_a_row_that_may_be_a_header_is_shown_both_ways() -> None:
    text = "0,1\n5.1,3.5\n4.9,3.2\n4.7,3.1\n5.2,3.3"
    names, row = question(look(text))["readings"]
    assert (names["pick"], names["names"], names["rows"][0]) == (
        {"header": True}, ["0", "1"], ["5.1", "3.5"])  # fmt: skip
    assert (row["pick"], row["rows"][0], row["lines"]) == ({"header": False}, ["0", "1"], [1, 2, 3])
    assert look(text, **names["pick"])["rows"] == 4
    assert look(text, **row["pick"])["data"]["inputs"][0] == [0]


@pytest.mark.parametrize("line", ["sep=;", "SEP=;", '"sep=;"', "sep=;;;", "\ufeffsep=;"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_that_names_the_delimiter_is_no_row_but_counts(line: str, ending: str) -> None:
    answer = look((line + "\n" + flowers(";", ",")).replace("\n", ending))
    assert (answer["delimiter"], answer["decimal"], answer["target"]) == (";", ",", "species")
    assert (answer["rows"], answer["preview_lines"][0]) == (30, 3)
    assert answer["data"]["inputs"] == NUMBERS


@pytest.mark.parametrize("mark", ["#", ":", "!"])
def test_any_mark_can_be_named_as_the_delimiter(mark: str) -> None:
    text = "sep=#\na#b#c\n1#2#3\n3#4#6\n5#5#7".replace("#", mark)
    assert (look(text)["delimiter"], look(text)["inputs"]) == (mark, ["a", "b"])
    other = look(f"sep={mark}\na,b,c\n1,2,3\n3,4,6\n5,5,7")
    assert [tuple(one.values()) for one in other["problems"]] == [
        (1, None, "above_header", f"sep={mark}")]  # fmt: skip


def test_the_named_delimiter_is_followed_against_appearances() -> None:
    answer = look("sep=|\na;b|y\n1;2|3\n4;5|6\n")
    assert (answer["delimiter"], [one["name"] for one in answer["columns"]]) == ("|", ["a;b", "y"])


@pytest.mark.parametrize(
    "above", ["# exported by lab, 2026\n", "Flowers\n\n", "Flowers,,\n,,\n", "%1\n// 2\n-- 3\n"]
)
def test_lines_above_the_header_can_be_left_out(above: str) -> None:
    answer = look(above + flowers(","))
    assert answer["target"] == "species"
    assert {problem["code"] for problem in answer["problems"]} == {"above_header"}
    answer = look(above + flowers(","), omit=answer["problem_lines"])
    assert (answer["rows"], answer["problems"]) == (30, [])
    assert answer["data"]["inputs"] == NUMBERS


@pytest.mark.parametrize("name", ["Unnamed: 0", "", "id", "sample", "when"])
@pytest.mark.parametrize("first", [0, 1])
def test_a_first_column_that_counts_the_rows_is_not_learned_from(name: str, first: int) -> None:
    body = flowers(",").splitlines()
    rows = [f"{name},{body[0]}"] + [f"{i + first},{row}" for i, row in enumerate(body[1:])]
    answer = look("\n".join(rows))
    assert (answer["columns"][0]["use"], answer["columns"][0]["reason"]) == (
        "unused", "row_numbers")  # fmt: skip
    assert answer["data"]["inputs"] == NUMBERS
    # Nor where a row is left out, and where the learner wants it, it is an input.
    assert look("\n".join(rows), omit=[5])["columns"][0]["reason"] == "row_numbers"
    assert len(look("\n".join(rows), inputs=[0, 1])["inputs"]) == 2


def test_numbers_of_rows_may_have_gaps_or_another_order_where_the_name_says_so() -> None:
    numbers = random.Random(3).sample(range(500), 30)
    body = flowers(",", header=False).splitlines()
    rows = [f"{number},{row}" for number, row in zip(numbers, body, strict=True)]
    for name, use in (("Unnamed: 0", "unused"), ("index", "unused"), ("age", "input")):
        answer = look(f"{name},{','.join(NAMES)}\n" + "\n".join(rows))
        assert answer["columns"][0]["use"] == use


def test_years_do_not_count_rows() -> None:
    text = "year,a,y\n" + "\n".join(f"{1990 + i},{i % 7},{i * 0.5}" for i in range(30))
    assert look(text)["inputs"] == ["year", "a"]


# -- how numbers are written


GERMAN = "Umsatz;Filialen;Gewinn\n" + "\n".join(
    f"{value:,}".replace(",", ".") + f";{i % 7 + 1};{i % 2}"
    for i, value in enumerate(range(900, 1860, 40))
)


def test_points_before_three_digits_are_asked_about_and_shown_both_ways() -> None:
    found = question(look(GERMAN))
    assert (found["code"], found["columns"]) == ("thousands", ["Umsatz"])
    groups, fractions = found["readings"]
    assert groups["lines"] == fractions["lines"] == [5, 6, 7]
    assert groups["rows"] == [["1020"], ["1060"], ["1100"]]
    assert fractions["rows"] == [["1.02"], ["1.06"], ["1.1"]]
    as_groups = look(GERMAN, **groups["pick"])["data"]["inputs"]
    assert [row[0] for row in as_groups] == list(range(900, 1860, 40))
    as_fractions = look(GERMAN, **fractions["pick"])["data"]["inputs"]
    assert [row[0] for row in as_fractions[:4]] == [900, 940, 980, 1.02]


def test_both_parts_of_a_number_settle_what_its_marks_are() -> None:
    answer = look("x;y\n1.000,92;0\n2.345,10;1\n980,50;0")
    assert (answer["decimal"], answer["grouping"], answer["questions"]) == (",", ".", [])
    assert answer["data"]["inputs"] == [[1000.92], [2345.1], [980.5]]
    assert answer["preview_values"][0] == [1000.92, 0]


@pytest.mark.parametrize("group", ["'", "’", "\u00a0", "\u202f", "\u2009", " "])
@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize("delimiter", ["\t", ";", "|"])
def test_groups_that_nothing_else_can_be_are_numbers(
    group: str, decimal: str, delimiter: str
) -> None:
    values = [12.5, 1234.25, 1234567.5, 980.75]
    cells = [
        f"{value:,}".replace(".", "D").replace(",", group).replace("D", decimal) for value in values
    ]
    text = f"x{delimiter}y\n" + "".join(f"{cell}{delimiter}{i}\n" for i, cell in enumerate(cells))
    answer = look(text)
    assert (answer["questions"], answer["problems"]) == ([], [])
    assert answer["data"]["inputs"] == [[value] for value in values]
    assert answer["grouping"] == ("'" if group in "'’" else " ")


@pytest.mark.parametrize("quote", ['"', ""])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
def test_a_decimal_comma_is_found_between_any_delimiters(quote: str, delimiter: str) -> None:
    if delimiter == "," and not quote:
        return
    answer = look(flowers(delimiter, ",", quote))
    assert (answer["delimiter"], answer["decimal"]) == (delimiter, ",")
    assert answer["data"]["inputs"] == NUMBERS


def test_quoted_groups_between_commas_are_asked_about() -> None:
    text = 'area,price\n1,"1,500"\n2,"2,500"\n3,"3,250"\n'
    groups, fractions = question(look(text))["readings"]
    assert look(text, **groups["pick"])["data"]["targets"] == [1500, 2500, 3250]
    assert look(text, **fractions["pick"])["data"]["targets"] == [1.5, 2.5, 3.25]


@pytest.mark.parametrize("huge", ["1e999", "-1e999", "1e13", "9" * 39])
@pytest.mark.parametrize("column", ["a", "b"])
@pytest.mark.parametrize("task", [None, "regression", "classification"])
def test_a_number_too_large_is_named_with_its_line(
    basin: Client, huge: str, column: str, task: str | None
) -> None:
    text = f"a,b\n1,2\n{huge},4\n5,7" if column == "a" else f"a,b\n1,2\n3,{huge}\n5,7"
    answer = basin.post(URL, {"text": text, **({"task": task} if task else {})})
    assert [tuple(one.values()) for one in answer["problems"]] == [(3, column, "too_large", huge)]
    assert answer["data"] is None
    json.dumps(answer, allow_nan=False)


# -- delimiters and columns


@pytest.mark.parametrize(
    "text",
    [
        flowers(",").replace("\n", ",\n"),
        flowers(",").replace("\n", ",,,\n"),
        flowers(",").replace("species\n", "species,\n"),
        flowers(",", header=True).replace("a\n", "a,\n").replace("r\n", "r,\n"),
        "\n".join("," + line for line in flowers(",").splitlines()),
        "\n".join(line.replace(",", ",,") for line in flowers(",").splitlines()),
    ],
)
def test_an_empty_column_is_no_column(text: str) -> None:
    answer = look(text)
    assert [column["name"] for column in answer["columns"]] == list(NAMES)
    assert (answer["target"], answer["problems"]) == ("species", [])
    assert answer["data"]["inputs"] == NUMBERS


def test_a_last_column_that_has_a_name_only_is_not_the_target() -> None:
    text = "a,kind,remarks\n" + "\n".join(f"{i},{'xy'[i % 2]}," for i in range(8))
    answer = look(text)
    assert answer["target"] == "kind"
    assert answer["columns"][2]["reason"] == "empty"


def test_rows_of_uneven_length_are_named_and_not_split_elsewhere() -> None:
    text = (
        "April 15, 2023;4028;25.00;pending;\nApril 16, 2023;4029;30.00;paid\n"
        "April 17, 2023;4030;12.50\nApril 18, 2023;4031;1.00;pending;x;y"
    )
    answer = look(text)
    assert answer["delimiter"] == ";"
    assert {problem["line"] for problem in answer["problems"] if problem["code"] == "uneven"} == {
        1, 2, 3}  # fmt: skip


def test_bars_within_cells_do_not_split_a_table_of_commas() -> None:
    text = "id,title,genre,stars\n1,Toy Story (1995),Comedy|Animation,4.5\n2,Heat,Action|Crime,4\n"
    assert look(text)["delimiter"] == ","


def test_two_delimiters_that_do_as_well_are_asked_about() -> None:
    text = "a;b,c;d\ne;f,g;h\ni;f,k;h\n"
    first, second = question(look(text))["readings"]
    assert (first["pick"], second["pick"]) == ({"delimiter": ";"}, {"delimiter": ","})
    assert first["rows"][-1] == ["i", "f,k", "h"]
    assert second["rows"][-1] == ["i;f", "k;h"]


@pytest.mark.parametrize("delimiter", ["；", "，", "~", "^"])
def test_other_delimiters_are_found_too(delimiter: str) -> None:
    answer = look(flowers(delimiter))
    assert (answer["delimiter"], answer["data"]["inputs"]) == (delimiter, NUMBERS)


def test_single_quotes_and_quoted_lines_are_taken_off() -> None:
    assert look(flowers(",", quote="'"))["data"]["inputs"] == NUMBERS
    wrapped = "\n".join(f'"{line}"' for line in flowers(",").splitlines())
    assert look(wrapped)["data"]["inputs"] == NUMBERS


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", ",", "~"])
def test_a_blank_within_the_numbers_does_not_split_them(delimiter: str) -> None:
    text = "city\tpop\tarea\nBern\t134 794\t51\nZug\t30 934\t21\nChur\t38 000\t28\n"
    answer = look(text.replace("\t", delimiter))
    assert (answer["delimiter"], answer["questions"]) == (delimiter, [])
    assert answer["data"]["inputs"] == [[134794], [30934], [38000]]
    text = "a\tb\n1 234\t1\n2 345\t0\n12 345\t1".replace("\t", delimiter)
    assert look(text)["data"]["inputs"] == [[1234], [2345], [12345]]


def test_blanks_that_make_groups_or_cells_are_asked_about() -> None:
    cells, groups = question(look("1 234,5\n2 345,6\n12 345,8"))["readings"]
    assert (cells["pick"], cells["rows"][0]) == ({"delimiter": " "}, ["1", "234,5"])
    assert (groups["pick"], groups["rows"][0]) == ({"delimiter": ","}, ["1 234", "5"])


def test_a_tab_among_blanks_does_not_hold_numbers_together() -> None:
    assert look("1 2\t3\n4 5\t6\n7 8\t1")["data"]["inputs"] == [[1, 2], [4, 5], [7, 8]]


@pytest.mark.parametrize(
    ("text", "columns"),
    [
        ("produkt,preis,menge\nA,1,50,3\nB,2,99,1\nC,10,00,7", [["1", "50", "3"], ["1,50", "3"]]),
        ("name,salary\nA,1,200\nB,2,400\nC,3,100", [["1", "200"], ["1,200"]]),
        ("preis,menge\n1,50,3\n2,99,1\n10,00,7", [["1", "50", "3"], ["1,50", "3"]]),
        ("x,y\n1,234,5\n2,345,6\n3,456,7", [["1", "234", "5"], ["1,234", "5"], ["1", "234,5"]]),
        (
            "city pop area\nBern 134 794 51\nZug 30 934 21",
            [["134", "794", "51"], ["134 794", "51"]],
        ),
        ("preis,kg\n1,50,3,25\n2,99,1,10", [["1,50", "3,25"], ["1", "50", "3", "25"]]),
    ],
)
def test_a_number_that_the_delimiter_cuts_is_asked_about(
    text: str, columns: list[list[str]]
) -> None:
    answer = look(text)
    assert (answer["data"], [one["code"] for one in answer["questions"]]) == (None, ["joined"])
    readings = answer["questions"][0]["readings"]
    shown = [reading["rows"][0] for reading in readings]
    assert [row if row[0][0].isdigit() else row[1:] for row in shown] == columns
    for reading in readings:
        assert [one["code"] for one in look(text, **reading["pick"])["questions"]] in (
            [], ["thousands"], ["codes"])  # fmt: skip


def test_a_number_put_together_is_one_column() -> None:
    text = "produkt,preis,menge\nA,1,50,3\nB,2,99,1\nC,10,00,7"
    assert look(text, joined=[1])["data"]["inputs"] == [[1.5], [2.99], [10]]
    assert look(text, joined=[])["inputs"] == ["produkt", "preis"]
    assert look(text, joined=[7])["columns"] == look(text, joined=[])["columns"]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,5.1,3.5\n2,4.9,3.0\n3,5.2,4",
        '"mpg" "cyl"\n"Mazda" 21 160\n"Fiat" 22 108\n',
        "a,b\nx, 5,3\ny, 4,2\nz, 3, 3",
        'a,b\nx,"5","3"\ny,"4","2"\n',
    ],
)
def test_names_of_rows_alone_are_not_asked_about(text: str) -> None:
    assert look(text)["questions"] == []


def test_the_order_of_years_of_two_digits_and_then_their_century_are_asked_about() -> None:
    text = "d,x,y\n24-03-12,1,3\n23-12-24,2,4\n24-01-09,5,6"
    readings = question(look(text, encodings={"d": "date"}))["readings"]
    shown = {reading["pick"]["dates"]: reading["rows"][0] for reading in readings}
    assert shown == {"dmy": ["2012-03-24"], "ymd": ["2024-03-12"]}
    text = "d,x,y\n13.05.49,1,3\n24.12.38,2,4\n01.01.60,5,6"
    found = question(look(text, encodings={"d": "date"}))
    assert [one["rows"][0] for one in found["readings"]] == [["1949-05-13"], ["2049-05-13"]]
    answer = look(text, encodings={"d": "date"}, **found["readings"][0]["pick"])
    assert [row[0] for row in answer["data"]["inputs"]] == [-7538, -11331, -3653]


def test_the_date_that_a_cell_is_read_as_is_shown() -> None:
    text = "d,x\n04/07/2025,1\n2025-07-31 10:30,2\n,3"
    assert [row[0] for row in look(text)["preview_dates"]] == [
        "2025-07-04", "2025-07-31T10:30", None]  # fmt: skip
    assert next(row[0] for row in look(text, dates="mdy")["preview_dates"]) == "2025-04-07"


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["–3", "–2", "1", "2", "–5"], [-3, -2, 1, 2, -5]), (["٣", "٤", "٥"], [3, 4, 5]),
        (["CHF 1'234.–", "CHF 2'345.–", "CHF 12.–"], [1234, 2345, 12]),
        (["EUR 12,50", "EUR 3", "EUR 7,25"], [12.5, 3, 7.25]), (["- 5", "7", "- 8"], [-5, 7, -8]),
        (["12,- €", "13,- €", "14,50 €"], [12, 13, 14.5]),
        (["₹1,23,456", "₹2,34,567", "₹45,678"], [123456, 234567, 45678]),
        (["1.5D+03", "2.5D+03", "1.2D+02"], [1500, 2500, 120]),
    ],
)  # fmt: skip
def test_numbers_with_signs_of_their_country_are_read(
    cells: list[str], values: list[float]
) -> None:
    text = "x;y\n" + "".join(f"{cell};{i * i}\n" for i, cell in enumerate(cells))
    assert [row[0] for row in look(text)["data"]["inputs"]] == values


@pytest.mark.parametrize(
    ("cells", "lines"),
    [
        (["<0.1", "1", "unbekannt", "2", "unbekannt"], [2, 4, 6]),
        (["1,5", "2,5", "3.5", "4.5"], [2, 3]),
        (["1", "2", "~3", "~4", "<5"], [4, 5, 6]), (["1", "1/2", "1·5"], [3, 4]),
    ],
)  # fmt: skip
def test_cells_that_almost_are_numbers_are_named_though_they_are_many(
    cells: list[str], lines: list[int]
) -> None:
    answer = look("x;y\n" + "".join(f"{cell};{i * i}\n" for i, cell in enumerate(cells)))
    assert (answer["columns"][0]["use"], answer["problem_lines"]) == ("input", lines)


def test_a_column_without_a_number_that_can_be_read_says_so() -> None:
    answer = look("z;x;y\n" + "".join(f"{i % 3};1/{i + 2};{i * i}\n" for i in range(5)))
    assert answer["columns"][1]["reason"] == "unread"
    assert answer["columns"][1]["unread"] == {
        "line": 2, "column": "x", "code": "not_a_number", "text": "1/2"}  # fmt: skip


@pytest.mark.parametrize("cells", [["12", "12a", "14", "14b"], ["0-9", "10-19", "20-29", "80+"]])
def test_names_with_digits_stay_names(cells: list[str]) -> None:
    answer = look("z;x;y\n" + "".join(f"{i % 3};{cell};{i * i}\n" for i, cell in enumerate(cells)))
    assert (answer["columns"][1]["reason"], answer["problems"]) == ("text", [])


@pytest.mark.parametrize("cell", ["5 Mio.", "1e+3.5"])
def test_a_mark_outside_of_a_number_is_no_question(cell: str) -> None:
    rows = "".join(f"{1000 + 300 * i},{i % 2}\n" for i in range(6))
    answer = look(f"n,y\n{rows}{cell},1\n")
    assert (answer["questions"], answer["problem_lines"]) == ([], [8])


def test_zeros_before_whole_numbers_are_a_question() -> None:
    rows = "".join(f"{1.5 * i},{('001', '01', '1')[i % 3]}\n" for i in range(12))
    found = question(look("x,c\n" + rows))
    assert (found["code"], found["columns"]) == ("codes", ["c"])
    names, numbers = found["readings"]
    assert (names["rows"][0], numbers["rows"][0]) == (["001"], ["1"])
    assert look("x,c\n" + rows, **names["pick"])["classes"] == ["001", "01", "1"]
    text = "zip,x,y\n01234,1,1.5\n02345,2,2.5\n12345,3,4.5\n"
    assert question(look(text))["columns"] == ["zip"]
    assert look(text, codes=True)["inputs"] == ["x"]
    assert look(text, codes=False)["data"]["inputs"][0] == [1234, 1]
    assert look(text, inputs=["x"])["questions"] == []


def test_a_column_is_not_decided_by_another_one_of_other_habits() -> None:
    text = "us;de\n1.5;1,500\n2.25;2,250\n3.75;3,750"
    groups, fractions = question(look(text))["readings"]
    assert look(text, **groups["pick"])["data"]["targets"] == [1500, 2250, 3750]
    assert look(text, **fractions["pick"])["data"]["targets"] == [1.5, 2.25, 3.75]
    assert look(text.replace(";", "\t"))["data"]["targets"] == [1500, 2250, 3750]
    assert look("us;n\n1.5;1,020\n2.25;980\n3.75;3,750")["questions"] == []


# -- missing values


WORDS = ["None", "#N/A", ".", "-", "--", "NULL", "nan", "?", "", "NA", "n/a",
         "#DIV/0!", "<NA>", "…"]  # fmt: skip


def gappy(word: str) -> str:
    """A column of 40 rows of which all but every fifth are missing, and one without gaps."""
    rows = [f"{i * i if i % 5 == 0 else word},{i},{i * 1.5}" for i in range(40)]
    return "a,b,y\n" + "\n".join(rows)


@pytest.mark.parametrize("word", WORDS)
def test_what_stands_for_nothing_is_missing_and_asked_about_by_line(word: str) -> None:
    answer = look(gappy(word))
    column = answer["columns"][0]
    assert (column["kind"], column["missing"], column["use"]) == ("numeric", 32, "input")
    assert answer["data"] is None
    assert (answer["missing_rows"], answer["problem_count"]) == (32, 32)
    assert {problem["code"] for problem in answer["problems"]} == {"missing"}
    assert answer["problem_lines"] == [i + 2 for i in range(40) if i % 5]


@pytest.mark.parametrize("fraction", [0.8, 0.5, 1.0])
@pytest.mark.parametrize("way", ["mean", "median"])
def test_missing_cells_are_filled_from_the_training_rows(way: str, fraction: float) -> None:
    answer = look(gappy("NA"), missing=way, train_fraction=fraction)
    assert (answer["filled"], answer["rows"], answer["problems"]) == (32, 40, [])
    data = answer["data"]
    assert data["train_fraction"] == fraction
    order = datasets.shuffled(40, data["seed"]) if fraction < 1 else np.arange(40)
    training = order[: datasets.split_point(40, fraction)]
    known = [i * i for i in training.tolist() if i % 5 == 0]
    middle = np.mean(known) if way == "mean" else np.median(known)
    for i, row in enumerate(data["inputs"]):
        assert row == [pytest.approx(i * i if i % 5 == 0 else middle), i]


def test_rows_with_missing_cells_are_left_out_when_told() -> None:
    answer = look(gappy("None"), missing="omit")
    assert (answer["rows"], answer["missing_rows"], answer["problems"]) == (8, 32, [])
    assert answer["data"]["inputs"] == [[i * i, i] for i in range(0, 40, 5)]
    assert answer["data"]["targets"] == [i * 1.5 for i in range(0, 40, 5)]


def test_a_target_is_never_made_up() -> None:
    text = gappy("NA").replace(",0,0.0", ",0,NA")
    for way in ("mean", "median"):
        answer = look(text, missing=way)
        assert [(one["line"], one["column"]) for one in answer["problems"]] == [(2, "y")]
    assert look(text, missing="omit")["rows"] == 7


def test_words_for_nothing_are_words_where_the_column_is_of_words() -> None:
    text = "a,kind\n" + "\n".join(f"{i},{'None' if i % 2 else 'some'}" for i in range(10))
    assert look(text)["classes"] == ["None", "some"]


def test_a_cell_that_is_no_number_is_not_filled() -> None:
    answer = look("a,b,y\n1,2,3\noops,3,4\nNA,4,5.5\n4,5,7\n5,6,8", missing="mean")
    assert [(one["line"], one["code"]) for one in answer["problems"]] == [(3, "not_a_number")]


@pytest.mark.parametrize("word", ["inf", "-inf", "Infinity", "∞"])
def test_what_is_infinite_is_no_gap_that_a_mean_could_fill(word: str) -> None:
    text = f"a,b,y\n1,2,3.5\n{word},3,4\n2,5,6\n3,6,7.5"
    for more in ({}, {"missing": "mean"}):
        answer = look(text, **more)
        assert [tuple(one.values()) for one in answer["problems"]] == [(3, "a", "infinite", word)]
        assert (answer["filled"], answer["data"]) == (0, None)
    assert look(text, missing="omit")["rows"] == 3
    assert look(text, omit=[3])["data"]["inputs"] == [[1, 2], [2, 5], [3, 6]]


# -- what is no table of delimiters


TORN = "x,y,z\n" + "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(8))
AFTER = "".join(f"{i},{i * i % 7},{i % 2}\n" for i in range(6))


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_line_without_its_quotation_mark_is_left_out_and_the_rest_is_read(ending: str) -> None:
    text = (TORN + '7,"8,1\n' + AFTER).replace("\n", ending)
    answer = look(text)
    assert [tuple(one.values()) for one in answer["problems"]] == [
        (10, None, "malformed", '7,"8,1')]  # fmt: skip
    answer = look(text, omit=answer["problem_lines"])
    assert (answer["rows"], answer["problems"]) == (14, [])


def test_each_line_without_a_quotation_mark_is_named() -> None:
    text = TORN + '7,"8,1\n' + AFTER + '"9,1,2\n'
    answer = look(text)
    assert answer["problem_lines"] == [10, 17]
    assert look(text, omit=[10, 17])["rows"] == 14
    assert look('x;"y;z\n1;2;3\n2;3;4\n')["delimiter"] == ";"


def test_lines_drawn_around_cells_are_no_rows() -> None:
    rows = "| a | b |\nRULE\n| 1 | 2 |\n| 2 | 3 |\n| 5 | 1 |\n"
    for rule in ("|---|:-:|", "|:---|---:|", "|---+---|", "+---+---+"):
        answer = look(rows.replace("RULE", rule))
        assert (answer["inputs"], answer["target"], answer["problems"]) == (["a"], "b", [])
        assert answer["data"]["inputs"] == [[1], [2], [5]]
    assert look("a|b\n-|1\n2|3\n5|6")["problem_lines"] == [2]


@pytest.mark.parametrize(
    "text",
    [
        '[{"a":1,"b":2.345},{"a":2,"b":3.456},{"a":5,"b":1.5}]',
        '{"a":[1,2,5],"b":[2.345,3.456,1.5]}',
        '{"a":1,"b":2.345}\n{"b":3.456,"a":2}\n{"a":5,"b":1.5}\n',
        '{"data": [{"a":1,"b":2.345},{"a":2,"b":3.456},{"a":5,"b":1.5}]}',
        ' [["a","b"],[1,2.345],[2,3.456],[5,1.5]]', "[[1,2.345],[2,3.456],[5,1.5]]",
    ],
)  # fmt: skip
def test_records_of_json_are_a_table(text: str) -> None:
    answer = look(text)
    assert (answer["json"], answer["questions"], answer["problems"]) == (True, [], [])
    assert (answer["data"]["inputs"], answer["data"]["targets"]) == (
        [[1], [2], [5]], [2.345, 3.456, 1.5])  # fmt: skip


def test_records_have_gaps_and_texts() -> None:
    answer = look('[{"a":null,"k":"x,\\ny"},{"k":"z"},{"a":2.5,"k":"z","m":[1]}]')
    assert [column["name"] for column in answer["columns"]] == ["a", "k", "m"]
    assert answer["preview"][0] == ["", "x, y", ""]
    assert answer["preview_lines"] == [1, 2, 3]


@pytest.mark.parametrize("text", ['{"a": 1}', '[{"a":1,"b":2},{"a":2,', '{"a":{"b":1}}'])
def test_other_json_is_said_to_be_json(basin: Client, text: str) -> None:
    (error,) = refused(basin, "POST", URL, 422, json={"text": text})
    assert (error["pointer"], error["code"]) == ("/text", "no_records")


# -- too much


MANY = "x,y\n" + "\n".join(f"{i},{i * i % 1000 + 0.5}" for i in range(20_190))


def test_of_too_many_rows_the_first_are_taken_or_some_at_random() -> None:
    answer = look(MANY)
    assert answer["data"] is None
    assert answer["limits"]["rows"] == MOST_SAMPLES
    assert [tuple(one.values()) for one in answer["problems"]] == [
        (None, None, "too_many_rows", "20190")]  # fmt: skip
    first = look(MANY, take="first")
    assert (first["rows"], first["total_rows"]) == (MOST_SAMPLES, 20_190)
    assert [row[0] for row in first["data"]["inputs"]] == list(range(MOST_SAMPLES))
    some = look(MANY, take="random", seed=5)
    numbers = [row[0] for row in some["data"]["inputs"]]
    assert len(set(numbers)) == some["rows"] == MOST_SAMPLES
    assert numbers == sorted(numbers)
    assert max(numbers) > 19_000
    assert look(MANY, take="random", seed=5)["data"] == some["data"]
    assert look(MANY, take="random", seed=6)["data"] != some["data"]
    assert look(MANY, take="random", seed=5, omit=[2, 3, 4, 5, 6])["problems"] == []


def test_a_table_that_is_small_enough_is_taken_whole() -> None:
    for take in ("first", "random"):
        assert look(flowers(","), take=take)["rows"] == 30


def test_row_numbers_are_found_among_rows_taken_at_random() -> None:
    lines = MANY.splitlines()
    text = "\n".join(["n," + lines[0], *(f"{i},{line}" for i, line in enumerate(lines[1:], 1))])
    assert look(text, take="random")["columns"][0]["reason"] == "row_numbers"


def test_too_many_inputs_name_the_limit_and_tell_which_columns_vary_most() -> None:
    names = [f"p{i}" for i in range(64)]
    rng = random.Random(1)
    rows = [[rng.randint(0, 1 + i // 8) if i % 2 else (r == 3) * 1 for i in range(64)]
            for r in range(60)]  # fmt: skip
    text = ",".join([*names, "digit"]) + "\n"
    text += "\n".join(",".join(map(str, [*row, i % 10])) for i, row in enumerate(rows))
    answer = look(text)
    assert ("too_many_inputs", "64") in [
        (one["code"], one["text"]) for one in answer["problems"]]  # fmt: skip
    most = answer["limits"]["inputs"]
    inputs = sorted(answer["columns"][:-1], key=lambda one: -one["variation"])[:most]
    assert {int(one["name"][1:]) % 2 for one in inputs} == {1}
    kept = look(text, inputs=[one["name"] for one in inputs])
    assert len(kept["data"]["input_names"]) == most


def test_the_limits_are_those_of_the_server() -> None:
    asked: Any = {**dict.fromkeys(["delimiter", "header", "decimal", "target", "inputs", "task"]),
             "omit": [], "text": MANY}  # fmt: skip
    answer = preview_table({**asked, "take": "first"}, limits({"samples": 600, "inputs": 3}))
    assert (answer["rows"], answer["limits"]["rows"], answer["limits"]["inputs"]) == (600, 600, 3)


def test_hundreds_of_thousands_of_headers_are_refused_at_once(basin: Client) -> None:
    answer = basin.post(URL, {"text": ",".join(f"h{i}" for i in range(800_000))})
    (problem,) = answer["problems"]
    assert (problem["code"], problem["text"]) == ("too_many_columns", "800000")
    assert answer["limits"]["columns"] == 200
    assert answer["data"] is None


# -- categories, truth values and dates as inputs


PENGUINS = "island,sex,when,heavy,mass,species\n" + "\n".join(
    f"{('Biscoe', 'Dream', 'Torgersen')[i % 3]},{('male', 'female')[i % 2]},"
    f"2007-11-{i % 28 + 1:02},"
    f"{('TRUE', 'FALSE')[i % 2]},{3000 + 40 * i},{('Adelie', 'Gentoo')[i % 4 // 2]}"
    for i in range(24)
)


def test_texts_become_inputs_only_by_choice() -> None:
    answer = look(PENGUINS)
    assert answer["inputs"] == ["mass"]
    ways = {one["name"]: one["encodings"] for one in answer["columns"]}
    assert ways == {
        "island": ["one_hot"], "sex": ["one_hot"], "when": ["date"], "heavy": ["truth", "one_hot"],
        "mass": ["number"], "species": ["one_hot"]}  # fmt: skip
    makes = {one["name"]: one["makes"] for one in answer["columns"]}
    assert (makes["island"], makes["sex"], makes["when"]) == (3, 2, 1)


def test_categories_truth_values_and_dates_are_numbers_and_train(basin: Client) -> None:
    encodings = {"island": "one_hot", "when": "date", "heavy": "truth"}
    answer = basin.post(URL, {"text": PENGUINS, "encodings": encodings})
    assert answer["inputs"] == ["island", "when", "heavy", "mass"]
    data = answer["data"]
    assert data["input_names"] == [
        "island=Biscoe", "island=Dream", "island=Torgersen", "when", "heavy", "mass"]  # fmt: skip
    assert data["inputs"][0] == [1, 0, 0, 13818, 1, 3000]
    assert data["inputs"][1] == [0, 1, 0, 13819, 0, 3040]
    experiment = basin.create(data=data, runs=[{}])
    assert experiment.train(5)["step"] == 5


def test_numbers_of_a_few_kinds_may_be_categories() -> None:
    text = "size,y\n" + "\n".join(f"{(1, 2, 10)[i % 3]},{i * 0.7}" for i in range(12))
    assert look(text)["columns"][0]["encodings"] == ["number", "one_hot"]
    data = look(text, encodings={"size": "one_hot"})["data"]
    assert data["input_names"] == ["size=1", "size=2", "size=10"]
    assert data["inputs"][2] == [0, 0, 1]


def test_what_does_not_fit_its_encoding_is_named() -> None:
    text = (
        "when,ok,y\n2020-01-01,yes,1.5\n2020-01-02,perhaps,2\n3 May,no,2.5\n,no,4\n2020-01-05,no,5"
    )
    answer = look(text, encodings={"when": "date", "ok": "truth"})
    assert [tuple(one.values()) for one in answer["problems"]] == [
        (3, "ok", "not_a_truth_value", "perhaps"),
        (4, "when", "not_a_date", "3 May"),
        (5, "when", "missing", ""),
    ]


def test_too_many_categories_are_refused_by_name() -> None:
    text = "town,y\n" + "\n".join(f"t{i % 11},{i * 0.7}" for i in range(33))
    assert look(text)["columns"][0]["encodings"] == []
    answer = look(text, encodings={"town": "one_hot"})
    found = [tuple(one.values()) for one in answer["problems"]]
    assert (None, "town", "too_many_categories", "11") in found
    assert answer["data"] is None


@pytest.mark.parametrize(("way", "expected"), [("mean", [0.75, 0.25]), ("median", [1.0, 0.0])])
def test_a_missing_category_is_filled_by_the_shares_or_by_the_commoner_one(
    way: str, expected: list[float]
) -> None:
    text = "sex,y\nf,1.5\nf,2\nf,3\nm,4\n,5"
    data = look(text, encodings={"sex": "one_hot"}, missing=way, train_fraction=1.0)["data"]
    assert data["inputs"][4] == expected


@pytest.mark.parametrize(
    ("more", "pointer", "code"),
    [
        ({"encodings": {"sise": "one_hot"}}, "/encodings/sise", "unknown_name"),
        ({"encodings": {"length": "guess"}}, "/encodings/length", "unknown_name"),
        ({"encodings": []}, "/encodings", "wrong_type"),
        ({"grouping": "x"}, "/grouping", "unknown_name"),
        ({"missing": "zero"}, "/missing", "unknown_name"),
        ({"take": "last"}, "/take", "unknown_name"),
        ({"seed": -1}, "/seed", "out_of_range"),
        ({"train_fraction": 0}, "/train_fraction", "out_of_range"),
    ],
)
def test_a_choice_that_cannot_be_is_refused(
    basin: Client, more: Any, pointer: str, code: str
) -> None:
    (error,) = refused(basin, "POST", URL, 422, json={"text": flowers(","), **more})
    assert (error["pointer"], error["code"]) == (pointer, code)


CELLS = st.sampled_from(
    ["1", "2.5", "1.020", "1,234", "1,5", "NA", "None", "inf", "1e999", "-1e400", "9" * 45, "x", "",
     "TRUE", "no", "2020-01-01", "1'000", "€ 5", "0", "0", "3", "'", '"', "#", "sep=;"]
)  # fmt: skip


@given(
    st.lists(st.lists(CELLS, min_size=0, max_size=4), min_size=0, max_size=9),
    st.sampled_from([",", ";", "\t", " ", "|"]),
    st.fixed_dictionaries(
        {},
        optional={
            "missing": st.sampled_from(["mean", "median", "omit"]),
            "take": st.sampled_from(["first", "random"]),
            "task": st.sampled_from(["classification", "regression"]),
            "header": st.booleans(),
            "decimal": st.sampled_from(".,"),
            "grouping": st.sampled_from(["", ",", ".", "'", " "]),
            "encodings": st.just({"x1": "one_hot"}),
        },
    ),
)
def test_any_table_is_answered_in_json_and_used_only_without_a_doubt(
    rows: list[list[str]], delimiter: str, more: Any
) -> None:
    text = "\n".join(delimiter.join(row) for row in rows)
    try:
        answer = look(text, **more)
    except InvalidInput:
        return
    json.dumps(answer, allow_nan=False)
    assert (answer["data"] is None) == (answer["problem_count"] > 0)
    if answer["questions"]:
        assert answer["data"] is None
    if answer["data"] is not None:
        inputs = answer["data"]["inputs"]
        assert all(isinstance(value, float) for row in inputs for value in row)
        assert {len(row) for row in inputs} == {len(answer["data"]["input_names"])}
        assert len(inputs) == len(answer["data"]["targets"]) == answer["rows"]


@pytest.mark.parametrize(
    ("text", "omit"),
    [
        ("1e5 2020 2026-01-01 2026-01-01\n–3\n\n٣ 01 1.020\n", [1]),  # a doubt of an empty column
        ("1,2,3\n4\n5\n6,7\n", []),  # no row is as long as the first
    ],
)
def test_rows_of_any_length_are_answered(text: str, omit: list[int]) -> None:
    with suppress(InvalidInput):  # refused in words
        json.dumps(look(text, omit=omit), allow_nan=False)


# -- dates beyond ISO


DAYS = "day,y\n01/02/2020,1\n02/03/2020,2\n03/04/2020,3\n04/05/2020,5\n"


def test_dates_of_two_orders_are_asked_about_once_they_are_learned_from() -> None:
    assert not look(DAYS, inputs=[1], target=0)["questions"]
    answer = look(DAYS, encodings={"day": "date"})
    readings = question(answer)["readings"]
    assert [one["pick"] for one in readings] == [{"dates": "dmy"}, {"dates": "mdy"}]
    assert [one["rows"][0] for one in readings] == [["2020-02-01"], ["2020-01-02"]]
    for order, first in (("dmy", 18293.0), ("mdy", 18263.0)):
        data = look(DAYS, encodings={"day": "date"}, dates=order)["data"]
        assert data["inputs"][0] == [first]


def test_one_date_that_is_clear_settles_its_column_against_what_was_said() -> None:
    text = DAYS + "12/31/2020,7\n"
    for said in (None, "dmy", "mdy"):
        assert look(text, encodings={"day": "date"}, dates=said)["data"]["inputs"][0] == [18263.0]


def test_a_date_with_blanks_does_not_make_a_blank_the_delimiter() -> None:
    rows = [f"MSFT,{month} 1 2000,{30 + i}.5" for i, month in enumerate(("Jan", "Feb", "Mar"))]
    answer = look("symbol,date,price\n" + "\n".join(rows), encodings={"date": "date"})
    assert (answer["delimiter"], answer["target"]) == (",", "price")
    assert answer["data"]["inputs"] == [[10957.0], [10988.0], [11017.0]]


def test_numbers_that_are_days_may_become_days() -> None:
    text = "date,y\n19580329,1\n19580405,2\n19580412,3\n"
    assert look(text)["data"]["inputs"][0] == [19580329.0]
    assert look(text)["columns"][0]["encodings"] == ["number", "date"]
    inputs = look(text, encodings={"date": "date"})["data"]["inputs"]
    assert inputs == [[-4296.0], [-4289.0], [-4282.0]]


def test_a_header_over_names_of_rows_is_one_though_all_its_names_are_numbers() -> None:
    answer = look('"","1","2","3"\n"a",50,19,26\n"b",16,40,34\n"c",12,35,65')
    assert (answer["header"], answer["inputs"], answer["rows"]) == (True, ["1", "2"], 3)


def test_quotation_marks_around_every_name_are_no_part_of_it() -> None:
    answer = look("'GPA'\t'GRADE'\n2.66\t0\n2.89\t1\n3.1\t0\n")
    assert (answer["inputs"], answer["target"]) == (["GPA"], "GRADE")


# -- units, and what is negative


@pytest.mark.parametrize(
    ("cells", "unit", "values"),
    [
        (["12%", "13.5 %", "20%"], "%", [12.0, 13.5, 20.0]),
        (["12 kg", "13kg", "14.5 kg"], "kg", [12.0, 13.0, 14.5]),
        (["1,5 °C", "-2,5 °C", "0,25 °C"], "°C", [1.5, -2.5, 0.25]),
        (["5m", "6m", "7m"], "m", [5.0, 6.0, 7.0]),
        (["$5", "6", "(7)"], "$", [5.0, 6.0, -7.0]),
        (["12-", "13", "1.5-"], "", [-12.0, 13.0, -1.5]),
        (["(1,234)", "2,345.5", "1,100"], "", [-1234.0, 2345.5, 1100.0]),
    ],
)
def test_numbers_with_one_unit_are_numbers(
    cells: list[str], unit: str, values: list[float]
) -> None:
    text = "a;y\n" + "\n".join(f"{cell};{i * 0.7:.1f}" for i, cell in enumerate(cells))
    if "," in cells[0] and unit:
        text = text.replace(".", ",")
    answer = look(text)
    assert (answer["delimiter"], answer["columns"][0]["unit"]) == (";", unit)
    assert [row[0] for row in answer["data"]["inputs"]] == values


@pytest.mark.parametrize(
    ("cells", "wrong"),
    [
        (["5 kg", "6 lb", "7 kg", "8 kg"], "6 lb"),
        (["$5", "€6", "$7", "8"], "€6"),
        (["12%", "13%", "14%", "0.15"], "0.15"),
        (["5 kg", "6 kg", "7 kg", "8"], "8"),
    ],
)
def test_another_unit_is_named_at_its_cell(cells: list[str], wrong: str) -> None:
    answer = look("a,y\n" + "\n".join(f"{cell},{i}" for i, cell in enumerate(cells)))
    found = [tuple(one.values()) for one in answer["problems"]]
    assert found == [(cells.index(wrong) + 2, "a", "other_unit", wrong)]


@pytest.mark.parametrize(
    "cells", [["1st", "2nd", "3rd", "4th"], ["2WD", "4WD", "4WD", "2WD"], ["5a", "5b", "6a", "7a"]]
)
def test_letters_of_a_name_are_no_unit(cells: list[str]) -> None:
    answer = look("a,y\n" + "\n".join(f"{cell},{i}" for i, cell in enumerate(cells)))
    assert answer["columns"][0]["kind"] == "text"


def test_brackets_beside_a_minus_are_not_read_as_one() -> None:
    answer = look("a,y\n-1.5,1\n(0.3),2\n2.5,3\n3.5,4\n")
    assert [one["text"] for one in answer["problems"]] == ["(0.3)"]
