"""What a lesson file may say, as models: they check it, and the JSON schema is made of them.

`python -m app.lab.lessons.schema` prints the schema, which `lesson.schema.json` beside this holds.

A text is one text for all languages, or one for each. In a text `*so*` is emphasis and `` `so` `` a
formula; everything else is plain, and nothing is ever HTML.
"""

import json
import sys
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints
from pydantic_core import PydanticCustomError

from app.choices import Range
from app.lab.lessons.order import BUILT_IN
from app.lab.spec import ranges
from app.lab.spec.documents import DocumentOf
from app.lab.spec.presets import SHOWINGS
from app.lab.spec.validation import Items, Model, Within, one_of

VERSION = 1
LANGUAGES = ("en", "zh-CN")
MOST_STEPS = 20_000
_CARDS = Range("cards", None, 1, 20, integer=True)
_FEW = Range("items", None, 2, 8, integer=True)
_STEPS = Range("steps", 0, 0, MOST_STEPS, integer=True)
_PLACE = Range("answer", None, 0, 7, integer=True)
_RUN = Range("run", 0, 0, 15, integer=True)
_LAYER = Range("layer", None, 1, 64, integer=True)
_NUMBER = Range("number", None, -1e12, 1e12)
_SIZE = Range("size", None, 1, 10_000, integer=True)
_BEFORE = Range("builds_on", None, 0, len(BUILT_IN), integer=True)
_MINUTES = Range("minutes", 5, 1, 240, integer=True)
_MOVES = Range("moves", 12, 1, 60, integer=True)
_REACH = Range("reach", 6, 0.0, 1e6, exclusive_minimum=True)
_PARTS = Range("points", None, 1, 4, integer=True)
_SHARE = Range("near", 0.1, 0.0, 1.0)

Words = Annotated[str, StringConstraints(max_length=2000)]
Link = Annotated[str, StringConstraints(max_length=200_000)]
Number = Annotated[float, Within(_NUMBER)]
BuiltIn = Annotated[str, one_of(dict.fromkeys(BUILT_IN))]


class ByLanguage(Model):
    """One text for each language; where one is left out, the other is shown."""

    en: Words | None = None
    zh: Annotated[Words | None, Field(alias="zh-CN")] = None


def _told(value: Any) -> Any:
    """A text as it is, or by language: an object goes to `ByLanguage` with its own field names."""
    if isinstance(value, str):
        return {"en": value, "zh-CN": value}
    if isinstance(value, dict) and all(value.get(language) is None for language in LANGUAGES):
        raise PydanticCustomError("missing", "is required")
    return value


Text = Annotated[
    ByLanguage,
    BeforeValidator(_told, json_schema_input_type=Words | ByLanguage),
]


class Setup(Model):
    """The experiment of a card: one of a preset, a spec as the API takes it, or a page's link."""

    preset: Annotated[str, one_of(SHOWINGS)] | None = None
    spec: dict[str, Any] | None = Field(default=None, description="as for POST /api/experiments")
    link: Link | None = Field(default=None, description="as Copy link makes it")


Quantity = Literal[
    "shape", "loss", "steps_to", "rises", "distinct", "parameter", "gradient", "sharpness", "bound",
    "layer_factor", "born_dead", "share", "median_steps", "factor",
]  # fmt: skip
OF_STUDIES = ("share", "median_steps", "factor")


class Measure(Model):
    """What is measured of the set-up.

    - `shape` of `of` (W2); `loss`; `steps_to`: the first step with J ≤ `target`; `rises`: how many
      of the steps raise J; `distinct`: different neurons of `layer`; `parameter` and `gradient` of
      `of` (W1[0,0]); `sharpness`: λ, the largest curvature; `bound`: 2/λ; `layer_factor`: by what
      the size of the signals is multiplied from hidden layer to hidden layer.
    - `born_dead`: the percentage of `seeds` draws whose output is the same for all inputs.
    - Of a study over `seeds`: `share`, the percentage that reach `target`; `median_steps` to it;
      `factor`: how many times as many steps run `run` takes as run `than`, median.
    """

    quantity: Quantity
    run: Annotated[int, Within(_RUN)] = 0
    runs: Annotated[list[Annotated[int, Within(_RUN)]], Items(_FEW)] | None = None
    step: Annotated[int, Within(_STEPS)] | None = Field(
        default=None, description="left out, the last of the card's steps"
    )
    of: Annotated[str, StringConstraints(max_length=40)] | None = None
    layer: Annotated[int, Within(_LAYER)] = 1
    target: Annotated[float, Within(ranges.STUDY_TARGET)] | None = None
    seeds: Annotated[int, Within(ranges.STUDY_SEEDS)] = 100
    than: Annotated[int, Within(_RUN)] = 0


class Order(Model):
    """Things to be put in order, one for each of the measure's `runs`: the smallest first.

    `answer` are their places in `items`, in the right order.
    """

    kind: Literal["order"]
    items: Annotated[list[Text], Items(_FEW)]
    answer: Annotated[list[Annotated[int, Within(_PLACE)]], Items(_FEW)]


class Numeric(Model):
    """A number on an axis from `low` to `high`; an answer within `near` of the axis is right."""

    kind: Literal["number"]
    low: Number
    high: Number
    scale: Literal["linear", "log"] = "linear"
    unit: Text | None = None
    near: Annotated[float, Within(_SHARE)] = 0.1
    answer: Number


class Shape(Model):
    """The shape of a matrix: rows and columns."""

    kind: Literal["shape"]
    answer: Annotated[
        list[Annotated[int, Within(_SIZE)]], Items(Range("shape", None, 2, 2, integer=True))
    ]


class Option(Model):
    """One of several answers; it is right where `low` ≤ the number that is measured < `high`."""

    text: Text
    low: Number | None = None
    high: Number | None = None


class One(Model):
    """One of several; `answer` is the place of the right one, counted from 0."""

    kind: Literal["choice"]
    options: Annotated[list[Option], Items(_FEW)]
    answer: Annotated[int, Within(_PLACE)]


class Sketch(Model):
    """The curve of J over the card's steps, drawn by hand on an axis from 0 to `high`."""

    kind: Literal["sketch"]
    high: Annotated[float, Within(Range("high", None, 0.0, 1e9, exclusive_minimum=True))]
    near: Annotated[float, Within(_SHARE)] = 0.15


class Descend(Model):
    """J is hidden but near the point: so many moves over two parameters, by the local slope."""

    kind: Literal["descend"]
    x: Annotated[str, StringConstraints(max_length=40)] = "W1[0,0]"
    y: Annotated[str, StringConstraints(max_length=40)] = "b1[0]"
    moves: Annotated[int, Within(_MOVES)] = 12
    reach: Annotated[float, Within(_REACH)] = Field(
        default=6.0, description="how far the map goes to either side of the start"
    )


Prediction = Annotated[
    Order | Numeric | Shape | One | Sketch | Descend, Field(discriminator="kind")
]

Panel = Literal["network", "learned", "loss", "surface"]


class Look(Model):
    """The open view, in words of a link: the tab, what the landscape shows, its plane."""

    tab: Literal["loss", "signals", "explain", "seeds"] = "loss"
    J: Literal["surface", "contour", "slice", "losses"] = "surface"
    plane: Literal["parameters", "random", "pca", "from_start"] = "parameters"
    x: Annotated[str, StringConstraints(max_length=40)] | None = None
    y: Annotated[str, StringConstraints(max_length=40)] | None = None
    log: bool = False


class Card(Model):
    """A question, a prediction, what was measured, why, and one thing to try.

    `show` are the panels that are seen; with `locked` the set-up can be changed only once the
    answer is known. `steps` is how far Train goes.
    """

    question: Text
    setup: Setup
    steps: Annotated[int, Within(_STEPS)] = 0
    show: Annotated[list[Panel], Items(_PARTS)] = Field(default=["loss"])
    look: Look = Look()
    locked: bool = True
    predict: Prediction
    measure: Measure
    why: Text
    formula: Text | None = None
    attempt: Annotated[Text | None, Field(alias="try")] = None


class Lesson(Model):
    """A lesson: a title, and its cards. `builds_on` are ids of built-in lessons to begin with."""

    basin_lesson: Annotated[Literal[1], Field(description="the version of this format")]
    title: Text
    about: Text
    minutes: Annotated[int, Within(_MINUTES)] = 5
    builds_on: Annotated[list[BuiltIn], Items(_BEFORE)] = Field(default=[])
    cards: Annotated[list[Card], Items(_CARDS)]


LessonDocument = Annotated[dict[str, Any], DocumentOf(Lesson)]
"""A lesson as JSON, inside an answer."""


def lesson_schema() -> dict[str, Any]:
    """The JSON schema of a lesson file."""
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
    return {**head, **Lesson.model_json_schema(by_alias=True, mode="validation")}


if __name__ == "__main__":
    sys.stdout.write(f"{json.dumps(lesson_schema(), indent=2, ensure_ascii=False)}\n")
