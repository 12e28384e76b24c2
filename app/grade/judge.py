"""Whether a prediction came true: the rules of the page's `judge.js`, which a test compares."""

import json
import math
from collections.abc import Sequence
from typing import Any, Literal

from app.grade.reason import Refusal
from app.lab.lessons.measure import Measured, place_on_axis
from app.lab.lessons.schema import Card, Descend, Numeric, One, Order, Shape, Sketch

Verdict = Literal["right", "close", "wrong", "skipped"]
HANDLES = 7
"""How many heights a sketch has."""
_CLOSE = 0.8


class NoGuess(Refusal):
    """What stands as a guess is none for its card."""


def check_guess(card: Card, guess: Any) -> None:
    """Raises NoGuess for what no learner can have entered."""
    predict = card.predict
    if isinstance(predict, Numeric):
        if not is_number(guess):
            raise NoGuess("guess_number")
    elif isinstance(predict, One):
        if type(guess) is not int or not 0 <= guess < len(predict.options):
            raise NoGuess("guess_choice")
    else:
        _check_list(predict, guess)


def _check_list(predict: Order | Shape | Sketch | Descend, guess: Any) -> None:
    """Raises NoGuess for what is no list of the kind that a prediction is made of."""
    if isinstance(predict, Order):
        if not _are(int, guess) or sorted(guess) != list(range(len(predict.items))):
            raise NoGuess("guess_order")
    elif isinstance(predict, Shape):
        if not _are(int, guess) or len(guess) != 2:
            raise NoGuess("guess_shape")
    elif isinstance(predict, Sketch):
        if not _are(float, guess) or len(guess) != HANDLES:
            raise NoGuess("guess_sketch")
    else:
        _check_way(predict, guess)


def _check_way(predict: Descend, guess: Any) -> None:
    """Raises NoGuess for points that are no way of so many moves."""
    if not isinstance(guess, list) or not 0 < len(guess) <= predict.moves + 1:
        raise NoGuess("guess_moves")
    if not all(_are(float, point) and len(point) == 3 for point in guess):
        raise NoGuess("guess_way")


def is_number(value: Any) -> bool:
    """Whether a value of JSON is a finite number, which a float can be."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number of hundreds of digits
        return False


def _are(kind: type, values: Any) -> bool:
    """Whether a value is a list of whole numbers (int) or of numbers (float)."""
    if not isinstance(values, list):
        return False
    return all(type(value) is int if kind is int else is_number(value) for value in values)


def judge(card: Card, guess: Any, measured: Measured) -> Verdict:
    """The verdict on a guess that `check_guess` has let pass; of None it is skipped."""
    predict, answer = card.predict, measured["answer"]
    if guess is None:
        return "skipped"
    if isinstance(predict, Numeric):
        if not is_number(answer):
            return "wrong"
        apart = place_on_axis(predict, float(guess)) - place_on_axis(predict, float(str(answer)))
        return by_distance(abs(apart), predict.near)
    if isinstance(predict, Sketch):
        return by_distance(
            distance_of_sketch(guess, measured["values"], predict.high), predict.near
        )
    if isinstance(predict, Order):
        if guess == answer:
            return "right"
        near = isinstance(answer, list) and pairs_in_order(guess, answer) >= _CLOSE
        return "close" if near else "wrong"
    if isinstance(predict, Descend):
        low = measured["values"][0]
        own, theirs = guess[-1][2], math.inf if low is None else low
        return "right" if own <= theirs else "close" if own <= 2 * theirs else "wrong"
    return "right" if json.dumps(guess) == json.dumps(answer) else "wrong"


def by_distance(distance: float, near: float) -> Verdict:
    """The verdict by how near a guess is, as a share of the axis."""
    return "right" if distance <= near else "close" if distance <= 2 * near else "wrong"


def pairs_in_order(guess: Sequence[int], answer: Sequence[int]) -> float:
    """How many of all pairs stand in the right order, as a share."""
    places = [answer.index(each) for each in guess]
    pairs = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :]]
    return sum(a < b for a, b in pairs) / len(pairs) if pairs else 1.0


def distance_of_sketch(
    guess: Sequence[float], values: Sequence[float | None], high: float
) -> float:
    """How far a sketch is from the curve on average, as a share of the axis."""
    apart = []
    for i, height in enumerate(guess):
        curve = min(high, along(values, i / (len(guess) - 1)))
        apart.append(abs(height - (curve if math.isfinite(curve) else high)) / high)
    return sum(apart) / len(apart)


def along(values: Sequence[float | None], share: float) -> float:
    """A curve at a share of its length, between its points; infinite where it has none."""
    at = share * (len(values) - 1)
    before = max(0, min(math.floor(at), len(values) - 2))
    a, b = values[before], values[min(before + 1, len(values) - 1)]
    return math.inf if a is None or b is None else a + (b - a) * (at - before)
