"""Every claim of a built-in lesson is measured: its answer is what its set-up comes to."""

import json
from functools import cache
from typing import Any

import pytest

from app.lab.history.binary import unpack_arrays
from app.lab.lessons.built_in import FOLDER, lesson, lessons
from app.lab.lessons.check import sampled_of
from app.lab.lessons.measure import Measured, agrees, measured, measured_of_study
from app.lab.lessons.order import BUILT_IN, check_order
from app.lab.lessons.schema import LANGUAGES, OF_STUDIES, Card, Descend, Sketch
from app.lab.study.block import train_block
from app.lab.study.cell_result import cell_result, outcomes
from tests.lab.study.plans import block_of, plan_of

CARDS = [
    pytest.param(Card.model_validate(card), id=f"{id}-{place}")
    for id in BUILT_IN
    for place, card in enumerate(lesson(id)["cards"])
]


@cache
def study_of(document: str, seeds: int, steps: int, target: float) -> dict[str, Any]:
    """What is known of a study of a set-up, trained here instead of in other processes."""
    plan = plan_of(json.loads(document), seeds={"count": seeds}, steps=steps, target=target)
    chunks = train_block(block_of(plan))
    found = [outcomes(plan, [(0, unpack_arrays(each.outcome))], target) for each in chunks]
    return {"cells": [cell_result(plan, 0, found, None, lambda: None)]}


def measure(card: Card) -> Measured:
    if card.measure.quantity in OF_STUDIES:
        document = json.dumps(dict(sampled_of(card, "").spec.document))
        assert card.measure.target is not None
        study = study_of(document, card.measure.seeds, card.steps, card.measure.target)
        return measured_of_study(card, study)
    return measured(card, sampled_of(card, ""))


@pytest.mark.parametrize("card", CARDS)
def test_the_answer_that_a_card_states_is_what_is_measured(card: Card) -> None:
    found = measure(card)
    if isinstance(card.predict, Sketch | Descend):  # the curve and the way are the answer
        assert all(value is not None for value in found["values"])
        return
    assert agrees(card.predict, found["answer"]), found


def test_every_lesson_is_in_the_list_and_no_other() -> None:
    assert {path.stem for path in FOLDER.glob("*.json")} == set(BUILT_IN)
    assert [entry["id"] for entry in lessons("en")["lessons"]] == list(BUILT_IN)


def test_lessons_build_on_earlier_ones() -> None:
    entries = {entry["id"]: entry for entry in lessons("en")["lessons"]}
    assert entries["chain_rule"]["builds_on"] == ["shapes", "bowl"]
    assert all(1 <= entry["minutes"] <= 15 for entry in entries.values())


@pytest.mark.parametrize(
    ("builds_on", "said"),
    [
        ({"a": ["moon"]}, "a builds on moon, which there is not"),
        ({"a": ["a"]}, "a builds on a, which comes no earlier"),
        ({"a": ["c"], "b": ["a"], "c": ["b"]}, "a builds on c, which comes no earlier"),
    ],
)
def test_a_circle_and_an_unknown_lesson_are_named(
    builds_on: dict[str, list[str]], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        check_order(builds_on)


@pytest.mark.parametrize("id", BUILT_IN)
def test_a_lesson_says_everything_in_both_languages(id: str) -> None:
    def texts(value: Any) -> list[dict[str, str]]:
        if isinstance(value, list):
            return [text for each in value for text in texts(each)]
        if not isinstance(value, dict):
            return []
        if any(language in value for language in LANGUAGES):
            return [value]
        return [text for name, each in value.items() if name != "setup" for text in texts(each)]

    found = texts(lesson(id))
    assert len(found) >= 5
    for text in found:
        assert set(text) == set(LANGUAGES)
        assert all(words.strip() for words in text.values())
