"""What a table may cost: it is counted before it is done, and refused beyond a limit."""

import json

import pytest

from app.data.table.reading import MOST_COLUMNS, read
from app.data.table.records import records

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
    found = records(text, MOST_COLUMNS)
    assert found is not None
    assert found.text.count("\n") == 1  # the names alone
    (problem,) = read(text).problems
    assert (problem.code, problem.text) == ("too_many_columns", str(2 * MOST_COLUMNS))
