"""A pasted table: what was found in it, what is wrong with it and where, and that it trains."""

import json
from typing import Any

import pytest

from app.data.table.bounds import MOST_TYPED
from app.data.types import MOST_SAMPLES
from app.lab.preview.table import preview_table
from app.web.languages import LANGUAGES, messages
from tests.lab.client import Client
from tests.web.problems import refused

URL = "/api/tables"
IRIS = """sepal,petal,kind
5.1,1.4,setosa
4.9,1.3,setosa
7,4.7,versicolor
6.4,4.5,versicolor
6.3,6,virginica
5.8,5.1,virginica
"""
RECIPES = [
    {"weights": {"name": name}} for name in ("glorot_normal", "normal", "zeros", "lsuv", "sparse")
]


def look(text: str, **more: Any) -> Any:
    free = dict.fromkeys(["delimiter", "header", "decimal", "target", "inputs", "task"])
    return preview_table({**free, "omit": [], "text": text, **more})


def found(answer: Any) -> list[tuple[Any, ...]]:
    return [tuple(one.values()) for one in answer["problems"]]


def test_a_table_of_text_classes_is_found_and_trains(basin: Client) -> None:
    answer = basin.post(URL, {"text": IRIS})
    assert answer == look(IRIS)
    assert (answer["delimiter"], answer["decimal"], answer["header"]) == (",", ".", True)
    assert (answer["target"], answer["task"]) == ("kind", "classification")
    assert answer["inputs"] == ["sepal", "petal"]
    assert answer["classes"] == ["setosa", "versicolor", "virginica"]
    assert (answer["rows"], answer["problems"], answer["problem_count"]) == (6, [], 0)
    assert answer["preview"][0] == ["5.1", "1.4", "setosa"]
    assert answer["preview_lines"] == [2, 3, 4, 5, 6, 7]
    assert answer["data"]["targets"] == [0, 0, 1, 1, 2, 2]
    assert answer["data"]["inputs"][2] == [7.0, 4.7]
    layers = [{"units": 5, "activation": "tanh"}, {"units": 3, "activation": "softmax"}]
    runs = [{"recipe": recipe} for recipe in RECIPES]
    experiment = basin.create(data=answer["data"], layers=layers, runs=runs)
    trained = experiment.train(200)
    assert len(trained["train"]) == 5
    assert trained["train"][0][-1] < 0.3 * trained["train"][0][0]
    data = experiment.read("data")
    assert (data["inputs"], data["target"]) == (["sepal", "petal"], "kind")
    assert data["classes"] == answer["classes"]
    assert len(data["train"]["y"][0]) == 3


def test_columns_say_what_they_hold_and_what_they_are_for() -> None:
    text = "id,name,a,b,c,y\n1,x,1,5,,0.5\n2,y,NA,5,,1.5\n3,x,3,5,?,2.5\n"
    columns = {one["name"]: one for one in look(text)["columns"]}
    uses = {name: (one["use"], one["reason"]) for name, one in columns.items()}
    assert uses == {
        "id": ("unused", "row_numbers"),
        "name": ("unused", "text"),
        "a": ("input", None),
        "b": ("unused", "constant"),
        "c": ("unused", "empty"),
        "y": ("target", None),
    }
    assert (columns["name"]["kind"], columns["a"]["kind"]) == ("text", "numeric")
    assert (columns["a"]["distinct"], columns["a"]["missing"]) == (2, 1)


def test_cells_that_cannot_be_used_are_named_by_line_and_column() -> None:
    text = "a,b,y\n1,2,x\n1,,z\n?,3,\n2,oops,x\n3,4\n5,1e300,z\n6,7,z\n8,9,x"
    answer = look(text)
    assert found(answer) == [
        (3, "b", "missing", ""),
        (4, "a", "missing", "?"),
        (4, "y", "missing", ""),
        (5, "b", "not_a_number", "oops"),
        (6, None, "uneven", "2"),
        (7, "b", "too_large", "1e300"),
    ]
    assert answer["problem_lines"] == [3, 4, 5, 6, 7]
    assert answer["data"] is None


def test_lines_are_left_out_only_when_they_are_named() -> None:
    text = "a,y\n1,x\n,z\n3,x\n4,z"
    assert look(text)["data"] is None
    answer = look(text, omit=[3])
    assert (answer["rows"], answer["problems"]) == (3, [])
    assert answer["data"]["inputs"] == [[1], [3], [4]]
    assert look(text, omit=[2, 3])["rows"] == 2


@pytest.mark.parametrize(
    ("targets", "task", "classes"),
    [
        (["0", "1", "1", "0"], "classification", ["0", "1"]),
        (["3", "1.0", "1", "3"], "classification", ["1", "3"]),
        (["-1", "1", "1", "-1"], "classification", ["-1", "1"]),
        (["1", "2", "3", "4"], "regression", None),
        (["0.5", "1.5", "0.5", "1.5"], "regression", None),
        ([str(i % 11) for i in range(44)], "regression", None),
        ([str(i % 10) for i in range(40)], "classification", [str(i) for i in range(10)]),
        (["yes", "no", "no", "yes"], "classification", ["no", "yes"]),
    ],
)
def test_few_whole_numbers_and_words_are_classes(
    targets: list[str], task: str, classes: Any
) -> None:
    text = "x,y\n" + "\n".join(f"{i * i},{y}" for i, y in enumerate(targets))
    answer = look(text)
    assert (answer["task"], answer["classes"]) == (task, classes)
    assert answer["data"].get("classes") == classes


def test_the_task_may_be_chosen() -> None:
    text = "x,y\n1,0\n2,1\n3,1\n4,0"
    answer = look(text, task="regression")
    assert answer["data"]["targets"] == [0, 1, 1, 0]
    assert "classes" not in answer["data"]
    answer = look("x,y\n1,2.5\n2,3\n3,2.5", task="classification")
    assert answer["classes"] == ["2.5", "3"]
    assert answer["data"]["targets"] == [0, 1, 0]
    assert found(look(IRIS, task="regression"))[0] == (2, "kind", "not_a_number", "setosa")


@pytest.mark.parametrize("target", ["sepal", 0])
def test_the_target_may_be_chosen_by_name_or_place(target: Any) -> None:
    answer = look(IRIS, target=target)
    assert (answer["target"], answer["task"], answer["inputs"]) == (
        "sepal",
        "regression",
        ["petal"],
    )


def test_the_inputs_may_be_chosen_and_the_rest_is_said_to_be_unused() -> None:
    answer = look(IRIS, inputs=["petal"])
    assert answer["inputs"] == ["petal"]
    assert answer["columns"][0]["reason"] == "not_chosen"
    # A text column is used as soon as it is asked for, and says what is wrong with it.
    assert found(look(IRIS, target="sepal", inputs=["kind"]))[0][2] == "not_a_number"


def test_numbers_far_from_unit_size_are_to_be_standardized_and_then_train(basin: Client) -> None:
    text = "area;price\n" + "\n".join(f"{50 + 7 * i};{100_000 + 2500 * i * i}" for i in range(20))
    data = look(text)["data"]
    assert data["standardize_target"] is True
    layers = [{"units": 4, "activation": "tanh"}, {"units": 1, "activation": "linear"}]
    experiment = basin.create(
        data=data, layers=layers, optimizer={"learning_rate": 0.1}, runs=[{"recipe": RECIPES[0]}]
    )
    assert experiment.train(300)["train"][0][-1] < 0.05
    shown = experiment.read("data")
    scale = shown["target_scale"]
    prices = [scale["center"][0] + scale["scale"][0] * y for y in shown["train"]["y"]]
    assert {round(price) for price in prices} <= {*data["targets"]}
    assert sum(shown["train"]["y"]) == pytest.approx(0.0, abs=1e-9)
    assert look("x;y\n1;0,5\n2;1,5\n3;0,7")["data"]["standardize_target"] is False


WHOLE: dict[str, tuple[str, str, Any]] = {  # what is wrong with a whole table, and where
    "one column": ("a\n1\n2\n3", "one_column", None),
    "all text": ("a,b\nx,y\nz,y\nx,w\nz,w", "no_inputs", None),
    "one row": ("a,b\n1,2", "too_few_rows", None),
    "only constant inputs": ("a,b\n1,2\n1,3\n1,4", "no_inputs", None),
    "a constant target": ("a,b\n1,2\n2,2\n3,2", "constant_target", "b"),
    "a target without values": ("a,b\n1,\n2,\n3,", "constant_target", "b"),
    "400 classes": ("x,y\n" + "\n".join(f"{i},c{i % 400}" for i in range(800)),
                    "too_many_classes", "y"),
    "too many rows": ("x,y\n" + "\n".join(f"{i},{i * i}" for i in range(MOST_SAMPLES + 1)),
                      "too_many_rows", None),
    "too many inputs": ("\n".join(",".join(str((i * j) % 7 + i * j / 100) for i in range(1, 23))
                                  for j in range(1, 9)), "too_many_inputs", None),
    "rows of many lengths": ("a,b\n1,2\n1,2,3\n4", "uneven", None),
    "quotes that do not end": ('a,b\n1,"2\n3,4', "malformed", None),
    "a cell without end": ("a,b\n1,2\n" + "1" * 200_000, "cell_too_long", None),
    "too many columns": (",".join("1" * 300) + "\n" + ",".join("1" * 300), "too_many_columns",
                         None),
    "thousands": ("x\ty\n1,234\t5\n2,345\t6\n9,999\t7", "thousands", "x"),
}  # fmt: skip


@pytest.mark.parametrize("case", WHOLE)
def test_a_table_that_cannot_be_used_says_why(case: str) -> None:
    text, code, column = WHOLE[case]
    answer = look(text)
    assert answer["data"] is None
    assert (code, column) in [(one["code"], one["column"]) for one in answer["problems"]]


def test_ambiguous_thousands_are_read_once_the_mark_is_given() -> None:
    text = WHOLE["thousands"][0]
    assert look(text, decimal=",")["data"]["inputs"] == [[1.234], [2.345], [9.999]]


@pytest.mark.parametrize(
    ("body", "pointer", "code"),
    [
        ({}, "/text", "missing"),
        ({"text": ""}, "/text", "missing"),
        ({"text": "\n \n"}, "/text", "missing"),
        ({"text": 5}, "/text", "wrong_type"),
        ({"text": '"'}, "/text", "malformed"),
        ({"text": "1" * 200_000}, "/text", "cell_too_long"),
        ({"text": IRIS, "delimiter": "x"}, "/delimiter", "unknown_name"),
        ({"text": IRIS, "header": "yes"}, "/header", "wrong_type"),
        ({"text": IRIS, "decimal": "'"}, "/decimal", "unknown_name"),
        ({"text": IRIS, "target": "size"}, "/target", "unknown_name"),
        ({"text": IRIS, "target": 3}, "/target", "unknown_name"),
        ({"text": IRIS, "target": -1}, "/target", "unknown_name"),
        ({"text": IRIS, "target": True}, "/target", "wrong_type"),
        ({"text": IRIS, "target": 1.5}, "/target", "wrong_type"),
        ({"text": IRIS, "inputs": []}, "/inputs", "out_of_range"),
        ({"text": IRIS, "inputs": ["petal", "size"]}, "/inputs/1", "unknown_name"),
        ({"text": IRIS, "inputs": ["petal", 1]}, "/inputs/1", "conflict_fields"),
        ({"text": IRIS, "inputs": ["kind"]}, "/inputs/0", "conflict_fields"),
        ({"text": IRIS, "task": "guess"}, "/task", "unknown_name"),
        ({"text": IRIS, "omit": [1]}, "/omit/0", "out_of_range"),
        ({"text": IRIS, "omit": [2, 99]}, "/omit/1", "out_of_range"),
        ({"text": IRIS, "omit": ["2"]}, "/omit/0", "wrong_type"),
        ({"text": IRIS, "nonsense": 1}, "/nonsense", "unknown_field"),
    ],
)
def test_a_request_that_cannot_be_is_refused(
    basin: Client, body: Any, pointer: str, code: str
) -> None:
    (error,) = refused(basin, "POST", URL, 422, json=body)
    assert (error["pointer"], error["code"]) == (pointer, code)


def test_text_that_is_no_unicode_is_refused(basin: Client) -> None:
    (error,) = refused(
        basin, "POST", URL, 422, data=b'{"text":"\\ud800"}', content_type="application/json"
    )
    assert (error["pointer"], error["code"]) == ("/text", "wrong_type")


@pytest.mark.parametrize(
    "text",
    [
        r'[{"a":"\ud800","b":1},{"a":"x","b":2}]',
        r'[{"\ud800":"y","b":1},{"\ud800":"x","b":2}]',
        r'[{"b":1,"a":["\udfff"]},{"b":2,"a":["x"]}]',
        r'{"\ud800":["\ud800","x"],"b":[1,2]}',
        r'[["\udc00",1],["x",2]]',
    ],
)
def test_half_a_letter_in_records_of_json_is_shown_as_one_that_cannot_be_read(
    basin: Client, text: str
) -> None:
    answer = basin.post(URL, {"text": text})
    assert "\ufffd" in str(answer["preview"]) + str(answer["columns"])
    json.dumps(answer, ensure_ascii=False).encode()


def test_more_values_than_are_read_are_refused_with_their_number(basin: Client) -> None:
    body = {"text": (",".join("1" * 200) + "\n") * 5000}
    (error,) = refused(basin, "POST", URL, 422, json=body)
    assert (error["pointer"], error["code"]) == ("/text", "too_much_work")
    assert (error["allowed"]["maximum"], error["received"]) == (MOST_TYPED, 200 * 5000)


def test_a_hundred_megabytes_are_refused_for_their_size(basin: Client) -> None:
    body = b'{"text":"' + b"1,2\\n" * 25_000_000 + b'"}'
    (error,) = refused(basin, "POST", URL, 413, data=body, content_type="application/json")
    assert error["code"] == "body_too_large"
    assert error["allowed"]["maximum"] < len(body)


def test_all_lines_with_problems_are_listed_though_not_every_problem_is_shown() -> None:
    text = "a,b,y\n" + "1,2,3\n4,5,6.5\n" * 300 + "".join(f",,{i}\n" for i in range(300))
    answer = look(text)
    assert len(answer["problems"]) < answer["problem_count"] == 600
    assert len(answer["problem_lines"]) == 300
    assert look(text, omit=answer["problem_lines"])["problem_count"] == 0


def test_omitting_every_row_leaves_a_table_without_rows() -> None:
    answer = look("a,b\n1,2\n3,4", omit=[2, 3])
    assert answer["rows"] == 0
    assert answer["data"] is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_has_words(language: str) -> None:
    codes = ["missing", "not_a_number", "too_large", "thousands", "uneven", "malformed"]
    codes += ["one_column", "no_inputs", "too_few_rows", "too_many_rows", "too_many_inputs"]
    codes += ["too_many_columns", "too_many_classes", "constant_target", "cell_too_long"]
    assert [code for code in codes if f"table.problem.{code}" not in messages(language)] == []
    reasons = ["text", "constant", "empty", "row_numbers"]
    assert [one for one in reasons if f"table.unused.{one}" not in messages(language)] == []
