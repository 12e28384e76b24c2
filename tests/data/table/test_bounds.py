"""What a table may cost: it is counted before it is done, and refused beyond a limit."""

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from app.data.table import margins, reading, splitting
from app.data.table import records as joining
from app.data.table.bounds import (
    HEAD_VALUES,
    MOST_COLUMNS,
    MOST_IN_LINE,
    MOST_SPLIT,
    MOST_TYPED,
    TooMuchWork,
    count_values,
    short_lines,
)
from app.data.table.pauses import pausing
from app.data.table.reading import read
from app.data.table.records import records
from app.data.types import MOST_SAMPLES
from app.lab.preview import table_inputs, table_question
from app.lab.preview.table import preview_table

DIFFERENT = [{f"a{i}": i} for i in range(2 * MOST_COLUMNS)]


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(DIFFERENT),
        json.dumps({"data": DIFFERENT}),
        "\n".join(map(json.dumps, DIFFERENT)),
        json.dumps({f"a{i}": list(range(50)) for i in range(2 * MOST_COLUMNS)}),
    ],
    ids=["records", "within", "lines", "columns"],
)
def test_no_row_is_made_of_records_with_too_many_names(text: str) -> None:
    found = records(text)
    assert found is not None
    assert found.text.count("\n") == 1  # the names alone
    (problem,) = read(text).problems
    assert (problem.code, problem.text) == ("too_many_columns", str(2 * MOST_COLUMNS))


def table_of(cells: str, columns: int, rows: int) -> str:
    return "\n".join([",".join([cells] * columns)] * rows)


def test_more_values_than_are_read_are_counted_and_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    refuse_to(monkeypatch, reading, "find_notations")
    with pytest.raises(TooMuchWork) as refused:
        read(table_of("1", MOST_COLUMNS, 1 + MOST_TYPED // MOST_COLUMNS))
    assert refused.value.count == MOST_TYPED + MOST_COLUMNS


def test_a_value_that_is_no_plain_number_counts_for_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_TYPED", 1000)
    plain = "\n".join(f"{i}.5,-{i},1e{i}" for i in range(300))
    assert read(plain).count == 300
    refuse_to(monkeypatch, reading, "find_notations")
    with pytest.raises(TooMuchWork):
        read("\n".join(f"{i}.5,-{i},{i} kg" for i in range(300)))


def test_as_many_values_as_there_may_be_are_read() -> None:
    table = read(table_of("1", 20, MOST_SAMPLES))
    assert (table.count, len(table.names)) == (MOST_SAMPLES, 20)


@pytest.mark.parametrize("delimiter", [",", " "])
def test_more_values_than_are_counted_are_not_split(
    monkeypatch: pytest.MonkeyPatch, delimiter: str
) -> None:
    refuse_to(monkeypatch, splitting._Splitting, "read")
    with pytest.raises(TooMuchWork):
        read("1\n" * (MOST_SPLIT + 1), delimiter)
    with pytest.raises(TooMuchWork):
        read(f"1{delimiter}" * (MOST_SPLIT + 1), delimiter)


def test_blanks_that_align_columns_count_once() -> None:
    assert count_values("1     2\n3     4\n", " ") == 5


@pytest.mark.parametrize(
    "text",
    [
        json.dumps([{f"a{i}": 1 for i in range(MOST_COLUMNS)}, *[{"a0": 1}] * 20_000]),
        "[" + "[]," * 300_000 + "[]]",
        "{}\n" * 300_000,
    ],
    ids=["gaps", "lists", "lines"],
)
def test_records_that_would_be_too_many_values_are_refused(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    refuse_to(monkeypatch, joining, "_written")
    with pytest.raises(TooMuchWork):
        records(text)


@pytest.mark.parametrize("columns", [2, 200, 100_000])
def test_a_few_values_tell_the_delimiter(monkeypatch: pytest.MonkeyPatch, columns: int) -> None:
    looked_at: list[str] = []

    def worth(cell: str) -> float:
        looked_at.append(cell)
        return 1.0

    monkeypatch.setattr(splitting, "_worth", worth)
    splitting.find_delimiter(splitting.Text(table_of("1", columns, 400_000 // columns)))
    assert 0 < len(looked_at) < 2 * HEAD_VALUES


def counting(seen: list[str], call: Callable[[str], bool]) -> Callable[[str], bool]:
    """The same function, which keeps what it is asked about."""

    def counted(cell: str) -> bool:
        seen.append(cell)
        return call(cell)

    return counted


@pytest.mark.parametrize("part", ["1 ", "$1 ", "1,5- "])
def test_of_a_long_cell_a_few_parts_tell_the_delimiter(
    monkeypatch: pytest.MonkeyPatch, part: str
) -> None:
    """A line of another delimiter's is one cell; each of its 40,000 parts was read as a number."""
    looked_at: list[str] = []
    for name in ("is_number", "is_amount"):
        monkeypatch.setattr(splitting, name, counting(looked_at, getattr(splitting, name)))
    line = part * (120_000 // len(part)) + "".join(splitting.DELIMITERS) + "x"
    pauses: list[None] = []
    with pausing(lambda: pauses.append(None)):
        splitting.find_delimiter(splitting.Text(f"{line}\n" * 3))
    assert 0 < len(looked_at) < HEAD_VALUES
    assert max(map(len, looked_at)) <= 300
    assert len(pauses) == len(splitting.DELIMITERS)


def test_a_long_list_of_numbers_is_known_by_its_first_parts() -> None:
    assert splitting._is_list("1 2 " * 1000)
    assert not splitting._is_list("1 x " * 1000)
    assert not splitting._is_list("1" * 1000)


def test_of_a_line_with_millions_of_cells_a_few_are_made() -> None:
    (line,) = short_lines(iter(["1," * 1_000_000]), ",")
    assert line.count(",") == MOST_IN_LINE - 1
    (problem,) = read("1," * 1_000_000).problems
    assert (problem.code, problem.text) == ("too_many_columns", "1000001")


@pytest.mark.parametrize(
    "text",
    [
        "a;b\n" + "\n".join(f"{i}.234;{i}" for i in range(1, 9)),
        "a,b\n" + "\n".join(f"{i},{i}" for i in range(1, 9)) + "\nTotal,36",
        "a,b\n1,2\n3,5\n4,7\n\n\n\n8,9\n9,7\n",
    ],
    ids=["thousands", "totals", "below"],
)
def test_a_question_about_a_whole_table_does_not_read_it_again(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    refuse_to(monkeypatch, table_question, "read_as")
    asked: dict[str, Any] = {"text": text, "omit": [], "target": None, "inputs": None, "task": None}
    (question,) = preview_table(asked)["questions"]
    assert len(question["readings"]) == 2
    assert all(reading["rows"] for reading in question["readings"])


def refuse_to(monkeypatch: pytest.MonkeyPatch, where: object, name: str) -> None:
    """Makes a test fail that calls this."""

    def call(*args: object, **more: object) -> None:
        raise AssertionError(f"{name} is called")

    monkeypatch.setattr(where, name, call)


def test_the_work_on_a_table_gives_way_before_every_column() -> None:
    """In each of its stages; else a table of a megabyte would keep all others waiting."""
    columns, stages = 30, 10
    lines = [",".join(f"c{place}" for place in range(columns))]
    lines += [",".join(f"{row % 7}.{place + 1}" for place in range(columns)) for row in range(12)]
    asked = dict.fromkeys(["delimiter", "header", "decimal", "target", "inputs", "task"])
    pauses: list[None] = []
    preview_table(
        {**asked, "omit": [], "text": "\n".join(lines)}, pause=lambda: pauses.append(None)
    )
    assert len(pauses) >= stages * columns - 2  # the target is no input


def test_the_work_on_a_table_gives_way_every_few_rows() -> None:
    places: list[None] = []
    with pausing(lambda: places.append(None)):
        read("1,2\n" * 10_000)
        of_text = len(places)
        records(json.dumps([[1, 2]] * 10_000))
    assert of_text >= 20
    assert len(places) - of_text >= 20
    read("1,2\n" * 1000)
    assert len(places) < 2 * of_text + 20, "there is nobody to give way to any more"


@pytest.mark.parametrize("label", ["total", "total {}"])
def test_rows_of_totals_are_summed_up_once(monkeypatch: pytest.MonkeyPatch, label: str) -> None:
    rows = 300
    added: list[int] = []
    add = margins._sum

    def counted(values: Sequence[float | None]) -> float | None:
        added.append(len(values))
        return add(values)

    monkeypatch.setattr(margins, "_sum", counted)
    text = "a,b\n" + "".join(f"{label.format(i)},{i}\nx,1\n" for i in range(rows))
    assert not read(text).doubts
    assert 2 * rows < sum(added) <= 4 * (2 * rows)


def test_a_gap_is_filled_by_a_mean_that_is_computed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    means: list[int] = []

    def mean(values: Sequence[float]) -> float:
        means.append(len(values))
        return 5.0

    monkeypatch.setattr(table_inputs, "fmean", mean)
    asked = dict.fromkeys(["delimiter", "header", "decimal", "target", "inputs", "task"])
    text = "a,b,y\n" + "1,,0.5\n,2,1.5\n3,4,2.5\n" * 50
    found = preview_table({**asked, "omit": [], "text": text, "missing": "mean"})
    assert (found["filled"], len(means)) == (100, 2)
    assert found["data"] is not None
    assert found["data"]["inputs"][:2] == [[1.0, 5.0], [5.0, 2.0]]
