"""A lesson file is read strictly, and what is wrong with it is said with its line."""

import base64
import json
import random
import re
import zlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.environment import ROOT
from app.lab.catalog import catalog
from app.lab.lessons.built_in import FOLDER
from app.lab.lessons.check import MOST_VALUES as MOST_FILE
from app.lab.lessons.check import check_lesson, checked_card, read_lesson, sampled_of
from app.lab.lessons.link import (
    MOST_FIELDS,
    MOST_TEXT,
    MOST_VALUES,
    BadLink,
    Budget,
    experiment_of_link,
    read_notation,
    spec_of_link,
)
from app.lab.lessons.measure import agrees, measured
from app.lab.lessons.order import BUILT_IN
from app.lab.lessons.positions import NotJson, Path, read_placed
from app.lab.lessons.schema import Card, lesson_schema

RECIPE = "/cards/0/setup/spec/runs/0/recipe"
ON = "/builds_on/1"
LINK = "/cards/1/setup/link"
README = (ROOT / "README.md").read_text("utf-8")
PRESETS = {preset["name"]: preset["spec"] for preset in catalog()["presets"]}


def sample() -> str:
    (text,) = re.findall(r"```jsonc\n(.*?)```", README, re.DOTALL)
    return str(text)


def found(text: str) -> list[tuple[int, str, str]]:
    """Line, pointer and code of every problem."""
    checked = check_lesson(text)
    assert (checked["lesson"] is None) == bool(checked["problems"])
    return [(each["line"], each["pointer"], each["code"]) for each in checked["problems"]]


# -- the sample of README


def test_the_sample_lesson_can_be_opened_as_it_is_printed() -> None:
    assert found(sample()) == []


def test_the_sample_lesson_is_right_in_what_it_states() -> None:
    for document in check_lesson(sample())["lesson"]["cards"]:  # type: ignore[index]
        card = Card.model_validate(document)
        answer = measured(card, sampled_of(card, ""))["answer"]
        assert agrees(card.predict, answer), answer


def test_the_schema_in_the_repository_is_the_one_in_force() -> None:
    kept = json.loads((ROOT / "app/lab/lessons/lesson.schema.json").read_text("utf-8"))
    assert kept == json.loads(json.dumps(lesson_schema()))


@pytest.mark.parametrize("id", BUILT_IN)
def test_a_lesson_that_was_read_can_be_read_again(id: str) -> None:
    once = check_lesson((FOLDER / f"{id}.json").read_text("utf-8"))["lesson"]
    assert read_lesson(json.loads(json.dumps(once))) == once


# -- what is wrong, by line


@pytest.mark.parametrize(
    ("old", "new", "pointer", "code"),
    [
        ('"steps": 200', '"steps": "200"', "/cards/0/steps", "wrong_type"),
        ('"steps": 200', '"steps": -1', "/cards/0/steps", "out_of_range"),
        ('"steps": 200', '"stepz": 200', "/cards/0/stepz", "unknown_field"),
        ('"steps": 200,', '"steps": 200, "steps": 3,', "", "lesson_twice"),
        ('"loss", "learned"', '"loss", "lost"', "/cards/0/show/1", "unknown_name"),
        ('"std": 0.1}}},', '"std": -1}}},', f"{RECIPE}/weights/std", "out_of_range"),
        ('"kind": "order"', '"kind": "ordre"', "/cards/0/predict/kind", "unknown_name"),
        ('"kind": "order", ', "", "/cards/0/predict/kind", "missing"),
        ('"answer": [1, 0]', '"answer": [0, 0]', "/cards/0/predict/answer", "lesson_order"),
        ('"runs": [0, 1]', '"runs": [0, 9]', "/cards/0/measure/runs", "out_of_range"),
        ('"quantity": "loss"', '"quantity": "joy"', "/cards/0/measure/quantity", "unknown_name"),
        ('"quantity": "loss"', '"quantity": "steps_to"', "/cards/0/measure/target", "missing"),
        ('"of": "W1"', '"of": "W9"', "/cards/1/measure/of", "unknown_name"),
        ('"preset": "opening"', '"preset": "closing"', "/cards/1/setup/preset", "unknown_name"),
        ('{"preset": "opening"}', "{}", "/cards/1/setup", "lesson_setup"),
        ('{"preset": "opening"}', '{"link": "#v2&x=1"}', "/cards/1/setup/link", "lesson_link"),
        ('{"preset": "opening"}', '{"link": "#v1&layers=!()"}', LINK, "out_of_range"),
        ('"basin_lesson": 1', '"basin_lesson": 2', "/basin_lesson", "lesson_newer"),
        ('"basin_lesson": 1', '"basin": 1', "", "lesson_foreign"),
        ('"basin_lesson": 1', '"basin_lesson": true', "/basin_lesson", "wrong_type"),
        ('"basin_lesson": 1', '"basin_lesson": "1"', "/basin_lesson", "wrong_type"),
        ('"basin_lesson": 1', '"basin_lesson": 0', "/basin_lesson", "unknown_name"),
        ('"runs": [0, 1]', '"runs": [1, 1]', "/cards/0/measure/runs/1", "lesson_run_twice"),
        ('"answer": [4, 2]', '"answer": [2, 4]', "/cards/1/predict/answer", "wrong_shape"),
        ('"zh-CN": "种子重要吗？"', '"zh-CN": " \u3000"', "/title/zh-CN", "lesson_blank"),
        ('"And the shape of `W1`?"', '"\u200b"', "/cards/1/question", "lesson_blank"),
        ('["seed 1", "seed 2"]', '["seed 1", ""]', "/cards/0/predict/items/1", "lesson_blank"),
        ('"about": "One network, two seeds."', '"about": {}', "/about", "missing"),
        ('"about": "One network, two seeds."', '"about": 7', "/about", "wrong_type"),
        ('"about": "One', '"builds_on": ["bowl", "moon"], "about": "One', ON, "unknown_name"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_line(old: str, new: str, pointer: str, code: str) -> None:
    text = sample()
    line = text[: text.index(old)].count("\n") + 1
    if code == "lesson_foreign":
        line = 1
    assert found(text.replace(old, new, 1)) == [(line, pointer, code)]


def test_a_run_is_not_compared_with_itself() -> None:
    measure = {"quantity": "factor", "target": 0.1, "run": 1, "than": 1}
    predict = {"kind": "number", "low": 0, "high": 9, "answer": 1}
    lesson = json.loads(sample())
    lesson["cards"] = [{**lesson["cards"][0], "measure": measure, "predict": predict}]
    ((_, at, code),) = found(json.dumps(lesson))
    assert (at, code) == ("/cards/0/measure/than", "lesson_with_itself")
    measure["than"] = 0
    assert found(json.dumps(lesson)) == []


@pytest.mark.parametrize(
    ("look", "places"),
    [
        ({"x": "W1[0,0]", "y": "b2[0]"}, []),
        ({"plane": "pca"}, []),
        ({"x": "W1[0,0]", "y": "W9[0,0]"}, ["y"]),
        ({"x": "W1[0,0]"}, ["y"]),
        ({"x": "b1[0]", "y": "b1[0]"}, ["x", "y"]),
    ],
)
def test_a_card_opens_on_two_parameters_that_it_has(
    look: dict[str, str], places: list[str]
) -> None:
    lesson = json.loads(sample())
    lesson["cards"][0]["look"] = look
    expected = [(1, f"/cards/0/look/{place}", "unknown_name") for place in places]
    assert found(json.dumps(lesson)) == expected


def test_options_say_something() -> None:
    lesson = json.loads(sample())
    options = [{"text": {"en": "yes", "zh-CN": ""}, "high": 1}, {"text": "no", "low": 1}]
    lesson["cards"][0]["predict"] = {"kind": "choice", "options": options, "answer": 0}
    lesson["cards"][0]["measure"] = {"quantity": "loss"}
    ((_, at, code),) = found(json.dumps(lesson))
    assert (at, code) == ("/cards/0/predict/options/0/text/zh-CN", "lesson_blank")


def test_a_cut_file_is_said_to_be_cut_wherever_it_is_cut() -> None:
    text = sample().rstrip()
    for length in range(1, len(text), 7):
        ((_, _, code),) = found(text[:length])
        assert code in ("lesson_cut", "lesson_json")  # a number or a word may be cut in two
    assert found(text[:-1]) == [(text.count("\n") + 1, "", "lesson_cut")]


@pytest.mark.parametrize(
    "text",
    ["", "   ", "[]", "null", "7", '"a lesson"', "{}", "<html></html>", "a,b\n1,2", "{'a': 1}",
     '{"basin_lesson": NaN}', '{"a": 1,}', "{" * 5000, "[" * 5000, '"\\ud800"', "\x00"],
)  # fmt: skip
def test_a_foreign_file_is_refused_in_one_sentence(text: str) -> None:
    assert len(found(text)) == 1


@pytest.mark.parametrize(
    "make", [lambda text: text.replace("\n", "\r\n"), lambda text: f"\ufeff{text}"]
)
def test_the_ends_of_lines_and_a_mark_do_not_matter(make: Callable[[str], str]) -> None:
    assert found(make(sample())) == []


# -- positions


def test_every_value_has_the_line_it_begins_on() -> None:
    placed = read_placed('{\n "a": [\n  1,\n  {"b": "x\\ny"}\n ],\n "c": null}')
    assert placed.value == json.loads('{"a": [1, {"b": "x\\ny"}], "c": null}')
    assert placed.lines[("a",)] == 2
    assert placed.lines[("a", 1)] == placed.lines[("a", 1, "b")] == 4
    assert placed.line(("c", "nothing")) == 6


@pytest.mark.parametrize("text", ["1 2", "01", "+1", ".5", "1.", "tru", '{"a" 1}', "[1 2]", '"\n"'])
def test_what_json_refuses_is_refused(text: str) -> None:
    with pytest.raises((ValueError, AssertionError)):
        assert json.loads(text) is None
    with pytest.raises(NotJson):
        read_placed(text)


@pytest.mark.parametrize(
    "text",
    ["[" + "[]," * (MOST_FILE // 4) + "[]]", '["basin_lesson"' + ",\n1" * (MOST_FILE + 1) + "]",
     '{"a":' * (1 + MOST_FILE // 4)],
)  # fmt: skip
def test_a_file_of_more_values_than_are_read_is_not_read(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def read(text: str, pause: object) -> None:
        raise AssertionError

    monkeypatch.setattr("app.lab.lessons.check.read_placed", read)
    assert found(text) == [(1, "", "too_much_work")]


@pytest.mark.parametrize(
    "text",
    ["[]", "[ ]", "[1]", "[-1.5e3, 0,\t2 ]", "[1,\n2]", '{"a": [1, 2],\n"b": [[1, 2], [3]]}',
     "[01]", "[1,]", "[1 2]", "[+1]", "[1e5]", "[1.]", "[--1]",
     "\n[\n\n1\n,2,\n\n3, \r\n4\n]", "[1,\n\n01]", "[\n]", "[1,\n2\n,]", "[[1,\n2],\n[\n3]]",
     f"[{'1' * 301}]", f"[{'1' * 300}, 2]"],
)  # fmt: skip
def test_a_line_of_numbers_is_read_as_they_would_be_one_by_one(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    def outcome() -> tuple[Any, ...]:
        try:
            placed = read_placed(text)
        except NotJson as error:
            return error.code, error.offset, str(error)
        paths: list[Path] = [("b", 0, 0), ("b", 1, 0), ("b", 2, 0), *((i,) for i in range(5))]
        return json.dumps(placed.value), [placed.line(path) for path in paths]

    at_once = outcome()
    monkeypatch.setattr("app.lab.lessons.positions._Reader.numbers", lambda reader, path: None)
    assert outcome() == at_once


def test_a_line_of_numbers_keeps_no_line_of_each() -> None:
    assert len(read_placed("[" + "1," * 10_000 + "1]").lines) == 1


FEW = 50_000
LONG = {
    "numbers": "[" + "1, " * FEW + "x]",
    "lines": "[" + "1,\n" * FEW + "01]",
    "letters": "[" + "1,        \n" * FEW + "1]",
    "texts": "[" + '"",' * FEW + '""]',
    "lists": "[" + "[[]]," * (1 + FEW // 3) + "1]",
    "names": "{" + ",".join(f'"{i}":1' for i in range(1 + FEW // 2)) + "}",
    "deep": "[" * 60 + "[]," * (1 + FEW // 4) + "[]" + "]" * 60,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_values_that_are_read_one_by_one_are_counted_with_pauses(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    """Also where they begin as a list of numbers that turns out to be none."""
    for module in ("check", "positions"):
        monkeypatch.setattr(f"app.lab.lessons.{module}.MOST_PLACED", FEW)
    pauses: list[None] = []
    (problem,) = check_lesson(text, pause=lambda: pauses.append(None))["problems"]
    assert (problem["code"], problem["allowed"]) == ("too_much_work", {"maximum": FEW})
    assert 4 <= len(pauses) <= 5


def test_a_table_of_numbers_in_lines_of_their_own_is_no_more_than_may_be_read() -> None:
    table = json.dumps({"a": [[0.5, i] for i in range(10_000)], "b": [0] * 100_000}, indent=1)
    placed = read_placed(table)
    assert placed.value == json.loads(table)
    assert [placed.line(("a", 9_999, place)) for place in (0, 1)] == [40_000, 40_001]
    assert placed.line(("b", 99_999)) == table.count("\n") - 1
    assert placed.line(("b", 100_000)) == placed.line(("b",)) == 40_004


def test_the_cards_of_a_lesson_are_read_with_pauses() -> None:
    cards = len(json.loads(sample())["cards"])
    pauses: list[None] = []
    assert check_lesson(sample(), pause=lambda: pauses.append(None))["lesson"] is not None
    assert len(pauses) == cards >= 2


# -- links


@pytest.mark.parametrize("link", re.findall(r"\((http://127\.0\.0\.1:8000/#v1[^ ]*)\)", README))
def test_a_link_of_the_page_is_a_set_up(link: str) -> None:
    card: dict[str, Any] = {
        "question": "?",
        "setup": {"link": link},
        "predict": {"kind": "shape", "answer": [1, 1]},
        "measure": {"quantity": "shape", "of": "W1"},
        "why": "",
    }
    assert sampled_of(Card.model_validate(card), "").spec.runs


def test_a_link_says_what_differs_from_its_preset() -> None:
    link = "#v1&preset=bowl&optimizer.learning_rate=0.5&runs.0.label='a b'&step=7&see.tab=signals"
    spec = spec_of_link(link, PRESETS)
    assert spec["optimizer"]["learning_rate"] == 0.5
    assert spec["runs"][0]["label"] == "a b"
    assert spec["runs"][1] == PRESETS["bowl"]["runs"][1]


@pytest.mark.parametrize(
    "link",
    ["", "#", "#v0", "#v1&preset=none", "#v1&a", "#v1&a.b=1", "#v1&a=(", "#v1&a=!q", "#v1&a=~###",
     "#v1&a=~AAAA", "#v1&runs.9.label=a", "#v1&runs.x=1", f"#v1&a={'!(' * 500}",
     "#v1&events=!((step:1))"],
)  # fmt: skip
def test_a_broken_link_is_refused(link: str) -> None:
    with pytest.raises(BadLink):
        spec_of_link(link, PRESETS)


@pytest.mark.parametrize(
    ("text", "value"),
    [("!n", None), ("!t", True), ("!(1,2.5,-3e2)", [1, 2.5, -300.0]),
     ("(a:!(),b:())", {"a": [], "b": {}}),
     ("'it!'s !!'", "it's !"), ("a-b.c", "a-b.c")],
)  # fmt: skip
def test_the_notation_is_read_as_the_page_writes_it(text: str, value: Any) -> None:
    assert read_notation(text) == value


def packed(text: str) -> str:
    """A value as the page deflates it."""
    writer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    data = writer.compress(text.encode()) + writer.flush()
    return "~" + base64.urlsafe_b64encode(data).decode().rstrip("=")


HALF = packed(f"'{'a' * (MOST_TEXT // 2 - 10_000)}'")


@pytest.mark.parametrize(
    "link",
    [
        f"#v1&see.a={HALF}&see.b={HALF}&see.c={HALF}",
        f"#v1&see.a={packed('a' * 2 * MOST_TEXT)}",
        f"#v1&see.a={packed('!(' + '1,' * MOST_VALUES + '1)')}",
        "#v1" + "&see.a=1" * (MOST_FIELDS + 1),
    ],
    ids=["letters", "one", "values", "fields"],
)
def test_a_link_that_unpacks_to_more_than_is_read_is_refused(link: str) -> None:
    with pytest.raises(BadLink, match="too long"):
        experiment_of_link(link, PRESETS)


def test_all_links_of_a_lesson_have_one_budget() -> None:
    link = f"#v1&see.a={HALF}"
    assert spec_of_link(link, PRESETS) == spec_of_link("#v1", PRESETS)
    lesson: Any = check_lesson(sample())["lesson"]
    cards = [{**lesson["cards"][0], "setup": {"link": link}}] * 4
    problems = check_lesson(json.dumps({**lesson, "cards": cards}))["problems"]
    assert [(one["pointer"], one["code"]) for one in problems] == [
        (f"/cards/{i}/setup/link", "lesson_link") for i in (2, 3)
    ]


def test_no_more_is_unpacked_than_is_left() -> None:
    budget = Budget(letters=1000)
    link = f"#v1&see.a={packed('1' * 500)}&see.b={packed('1' * 100_000)}"
    with pytest.raises(BadLink):
        experiment_of_link(link, PRESETS, budget)
    assert budget.letters == -1


# -- anything anywhere

ANYTHING: tuple[Any, ...] = (
    None, True, 0, -1, 2.5, 1e300, 10**400, "", "W9", "share", "descend", [], {}, [[0]],
    {"en": ""}, {"kind": "sketch", "high": 1}, {"quantity": "shape", "of": "W"},
)  # fmt: skip


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    yield path
    if isinstance(value, dict | list):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from places(value[key], (*path, key))


@pytest.mark.parametrize("seed", range(40))
def test_a_lesson_with_anything_anywhere_is_taken_and_measured_or_refused(seed: int) -> None:
    chance = random.Random(seed)
    document = json.loads(sample())
    *path, last = chance.choice([place for place in places(document) if place])
    inside = document
    for key in path:
        inside = inside[key]
    inside[last] = chance.choice(ANYTHING)
    checked = check_lesson(json.dumps(document, indent=1))
    json.dumps(checked, allow_nan=False)
    assert (checked["lesson"] is None) == bool(checked["problems"])
    for card in (checked["lesson"] or {"cards": []})["cards"]:
        read = Card.model_validate(card)
        json.dumps(measured(read, checked_card(read, "")), allow_nan=False)
