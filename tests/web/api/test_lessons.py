"""The calls for lessons: listed, read, checked, measured; a bad one is refused in words."""

import json

import pytest

from app.lab.lessons.built_in import lesson
from app.lab.lessons.order import BUILT_IN
from app.lab.lessons.schema import lesson_schema
from tests.lab.client import Client


def test_the_lessons_are_listed_in_the_language_asked_for(basin: Client) -> None:
    english, chinese = (basin.get("/api/lessons", lang=lang)["lessons"] for lang in ("en", "zh-CN"))
    assert [each["id"] for each in english] == [each["id"] for each in chinese] == list(BUILT_IN)
    assert all(a["title"] != b["title"] for a, b in zip(english, chinese, strict=True))


def test_a_lesson_is_read_with_complete_set_ups(basin: Client) -> None:
    found = basin.get("/api/lessons/learning_rate")
    assert found == lesson("learning_rate")
    assert all(card["setup"]["spec"]["runs"] for card in found["cards"])


def test_a_lesson_that_there_is_not_is_said_so(basin: Client) -> None:
    (error,) = basin.get("/api/lessons/none", 404)["errors"]
    assert error["code"] == "unknown_lesson"


def test_the_schema_is_served(basin: Client) -> None:
    with basin.application.test_client().get("/api/lesson-schema") as answer:
        assert answer.content_type == "application/schema+json"
        assert json.loads(answer.get_data()) == json.loads(json.dumps(lesson_schema()))


def test_a_file_is_checked_by_line(basin: Client) -> None:
    text = json.dumps(lesson("xor"), indent=1)
    checked = basin.post("/api/lessons/check", {"text": text})
    assert (checked["lesson"], checked["problems"]) == (lesson("xor"), [])
    checked = basin.post(
        "/api/lessons/check", {"text": text.replace('"minutes": 6', '"minutes": 0')}
    )
    (problem,) = checked["problems"]
    assert problem["pointer"] == "/minutes"
    assert text.splitlines()[problem["line"] - 1].strip() == '"minutes": 6,'


def test_a_card_is_measured(basin: Client) -> None:
    card = lesson("chain_rule")["cards"][1]
    found = basin.post("/api/lessons/measurements", {"card": card})
    assert found == {"values": [-8.0], "steps": None, "answer": -8.0}


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"setup": {"spec": {"layers": []}}}, "/card/setup/spec/layers"),
        ({"setup": {}}, "/card/setup"),
        ({"measure": {"quantity": "gradient", "of": "W7[0,0]"}}, "/card/measure/of"),
        ({"measure": {"quantity": "loss", "run": 7}}, "/card/measure/run"),
        ({"measure": {"quantity": "steps_to"}}, "/card/measure/target"),
        ({"steps": 20_000, "setup": {"spec": {"data": {"name": "circle", "samples": 10_000}}}},
         "/card/steps"),
    ],
)  # fmt: skip
def test_a_card_that_cannot_be_measured_is_refused(
    basin: Client, change: dict[str, object], pointer: str
) -> None:
    card = {**lesson("chain_rule")["cards"][1], **change}
    problem = basin.post("/api/lessons/measurements", {"card": card}, 422)
    assert problem["errors"][0]["pointer"] == pointer


def test_a_card_about_many_seeds_needs_its_study(basin: Client) -> None:
    card = lesson("xor")["cards"][0]
    basin.post("/api/lessons/measurements", {"card": card}, 404)
    basin.post("/api/lessons/measurements", {"card": card, "study": "nonsense"}, 404)
