"""What a measurement of a card may cost, and that it gives way."""

from typing import Any

import pytest

from app.errors import InvalidInput
from app.lab.lessons.check import sampled_of
from app.lab.lessons.measure import measured
from app.lab.lessons.schema import Card

DEEP = [{"units": 64, "activation": "tanh"}] * 10 + [{"units": 1, "activation": "sigmoid"}]


def card(
    measure: dict[str, Any],
    runs: int = 1,
    layers: list[dict[str, Any]] | None = None,
    **more: Any,
) -> Card:
    recipe = {"weights": {"name": "orthogonal"}}
    spec: dict[str, Any] = {
        "data": {"name": "circle", "samples": more.pop("samples", 20)},
        "layers": layers or [{"units": 4}, {"units": 1, "activation": "sigmoid"}],
        "runs": [{"label": str(k), "seed": k, "recipe": recipe, **more} for k in range(runs)],
    }
    return Card.model_validate(
        {
            "question": "?",
            "setup": {"spec": spec},
            "steps": measure.pop("steps", 0),
            "predict": {"kind": "number", "low": 0, "high": 100, "answer": 50},
            "measure": measure,
            "why": ".",
        }
    )


TOO_MUCH = {
    "draws": card({"quantity": "born_dead", "seeds": 1500}, layers=DEEP),
    "draws, of all runs together": card(
        {"quantity": "born_dead", "seeds": 400, "runs": [0, 1, 2, 3]}, 4, DEEP
    ),
    "updates, which two samples make no cheaper": card(
        {"quantity": "loss", "steps": 1000}, 16, DEEP, samples=2, optimizer={"name": "adam"}
    ),
    "curvature": card({"quantity": "sharpness"}, layers=DEEP, samples=10_000),
}


@pytest.mark.parametrize("asked", TOO_MUCH.values(), ids=TOO_MUCH.keys())
def test_too_much_is_refused_before_it_begins(asked: Card) -> None:
    def never() -> None:
        raise AssertionError("it has begun")

    with pytest.raises(InvalidInput) as found:
        measured(asked, sampled_of(asked, "/card"), never)
    (error,) = found.value.errors
    assert error.code == "too_much_work"


MUCH = {
    "draws": (card({"quantity": "born_dead", "seeds": 60}, layers=DEEP), 12),
    "steps": (card({"quantity": "loss", "steps": 60}, 16, DEEP, samples=2), 50),
    "runs": (card({"quantity": "gradient", "of": "b1[0]", "runs": [0, 1, 2]}, 3), 3),
}


@pytest.mark.parametrize(("asked", "least"), MUCH.values(), ids=MUCH.keys())
def test_much_gives_way_between_its_parts(asked: Card, least: int) -> None:
    paused: list[None] = []
    found = measured(asked, sampled_of(asked, "/card"), lambda: paused.append(None))
    assert len(paused) >= least
    assert found == measured(asked, sampled_of(asked, "/card"))
