"""A lesson file read whole: the lesson with complete specs, or what is wrong with it by line."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from pydantic import ValidationError
from typing_extensions import TypedDict

from app.errors import FieldError, InvalidInput
from app.lab.catalog import catalog
from app.lab.experiment.state import Pause, nothing
from app.lab.lessons.link import BadLink, Budget, spec_of_link
from app.lab.lessons.measure import shape_of
from app.lab.lessons.positions import (
    MOST_PLACED,
    NotJson,
    Path,
    PlacedJson,
    TooManyValues,
    line_at,
    read_placed,
)
from app.lab.lessons.schema import OF_STUDIES, VERSION, Card, Lesson, LessonDocument, Numeric
from app.lab.spec import limits as limiting
from app.lab.spec.documents import Document
from app.lab.spec.field_errors import describe, pointer
from app.lab.spec.parse import SampledSpec, read
from app.lab.spec.schema import SpecModel

MARK = "basin_lesson"
MOST_VALUES = 1_500_000
"""The most values of a lesson file, where a list or an object counts for four. Most may be in lists
of numbers, of which one takes less than 1 µs; of others there may be `MOST_PLACED`."""
_LIST = 4
Limits = limiting.Limits


class LessonProblem(TypedDict):
    """What is wrong with a lesson file at a line (from 1): a broken rule, as errors name it."""

    line: int
    pointer: str
    code: str
    detail: str
    allowed: dict[str, Any]
    received: Any


class LessonCheck(TypedDict):
    """A lesson file as it was read: the lesson with complete specs, or what is wrong with it."""

    lesson: LessonDocument | None
    problems: list[LessonProblem]


def check_lesson(
    text: str, limits: Limits = limiting.BUILT_IN, pause: Pause = nothing
) -> LessonCheck:
    """The lesson of a file, or every problem that it has; others may compute in each `pause`."""
    if (count := _count_values(text)) > MOST_VALUES:
        detail = f"has {count} values, at most {MOST_VALUES} are read"
        field = FieldError("", "too_much_work", detail, {"maximum": MOST_VALUES}, count)
        return _refused([_problem(field, 1)])
    try:
        placed = read_placed(text, pause)
    except TooManyValues as error:
        field = FieldError("", "too_much_work", str(error), {"maximum": MOST_PLACED})
        return _refused([_problem(field, 1)])
    except NotJson as error:
        # Signs are the same in all languages; what is said in words is not.
        said = error.code == "sign" and any(map(str.isalpha, error.expected))
        code = "lesson_json" if said else f"lesson_{error.code}"
        allowed = {} if said else {"expected": error.expected}
        field = FieldError("", code, f"expected {error.expected}", allowed)
        return _refused([_problem(field, line_at(text, error.offset))])
    try:
        lesson = read_lesson(placed.value, limits, pause)
    except InvalidInput as error:
        problems = [_problem(each, _line(placed, each.pointer)) for each in error.errors]
        return _refused(sorted(problems, key=lambda problem: problem["line"]))
    return {"lesson": lesson, "problems": []}


def _count_values(text: str) -> int:
    """How many values a file has at most: signs of JSON are counted, not parsed."""
    return text.count(",") + _LIST * (text.count("[") + text.count("{"))


def read_lesson(
    document: Any, limits: Limits = limiting.BUILT_IN, pause: Pause = nothing
) -> Document:
    """A lesson whose set-ups are complete specs. Raises InvalidInput that names every bad field."""
    if not isinstance(document, dict) or MARK not in document:
        detail = f'is no lesson: it has no "{MARK}"'
        raise InvalidInput([FieldError("", "lesson_foreign", detail, {"names": [MARK]})])
    if errors := _version_errors(document[MARK]):
        raise InvalidInput(errors)
    try:
        lesson = Lesson.model_validate(document)
    except ValidationError as error:
        raise InvalidInput(describe(error, document)) from None
    errors = [*_blank_errors(document)]
    budget = Budget()
    cards = []
    for place, card in enumerate(lesson.cards):
        pause()
        cards.append(_read_card(card, pointer("cards", place), errors, limits, budget))
    if errors:
        raise InvalidInput(errors)
    return {**dumped(lesson), "cards": cards}


def _version_errors(version: Any) -> list[FieldError]:
    """What is wrong with a version; `true` is no number, though Python says that it is 1."""
    at = f"/{MARK}"
    if isinstance(version, bool) or not isinstance(version, int | float):
        return [FieldError(at, "wrong_type", "must be an integer", {"type": "integer"}, None)]
    if version > VERSION:
        detail = f"is a lesson of version {version}, this Basin reads {VERSION}"
        return [FieldError(at, "lesson_newer", detail, {"maximum": VERSION}, version)]
    if version != VERSION:
        allowed = {"names": [str(VERSION)]}
        return [FieldError(at, "unknown_name", f"must be {VERSION}", allowed, version)]
    return []


def _blank_errors(document: Any) -> Iterator[FieldError]:
    """Titles, questions and answers to choose from that show nothing, in whatever language."""
    for path, text in _shown(document):
        said = text if isinstance(text, dict) else {"": text}
        for language, words in said.items():
            if words is None or any(sign.isprintable() and sign != " " for sign in words):
                continue
            at = pointer(*path, *filter(None, [language]))
            yield FieldError(at, "lesson_blank", "must say something", {}, None)


def _shown(document: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """The texts without which a lesson cannot be answered, with their paths."""
    yield ("title",), document["title"]
    for i, card in enumerate(document["cards"]):
        yield ("cards", i, "question"), card["question"]
        at, predict = ("cards", i, "predict"), card["predict"]
        for k, item in enumerate(predict.get("items", [])):
            yield (*at, "items", k), item
        for k, option in enumerate(predict.get("options", [])):
            yield (*at, "options", k, "text"), option["text"]


def dumped(model: Lesson | Card) -> Document:
    """A lesson or a card as JSON."""
    return model.model_dump(mode="json", by_alias=True, exclude_none=True)


def checked_card(
    card: Card, at: str, limits: Limits = limiting.BUILT_IN, budget: Budget | None = None
) -> SampledSpec:
    """The spec of a card that names nothing that it does not have. Raises InvalidInput."""
    sampled = sampled_of(card, at, limits, budget)
    checks = (_look_errors, _measure_errors, _prediction_errors)
    errors = [error for check in checks for error in check(card, sampled.spec, at)]
    if errors:
        raise InvalidInput(errors)
    return sampled


def sampled_of(
    card: Card, at: str, limits: Limits = limiting.BUILT_IN, budget: Budget | None = None
) -> SampledSpec:
    """The spec of a card and its samples. Raises InvalidInput; `at` points to the card.

    The `budget` is what is left to be read of the links of its lesson.
    """
    setup = card.setup
    given = [name for name in ("preset", "spec", "link") if getattr(setup, name) is not None]
    if len(given) != 1:
        allowed = {"names": ["preset", "spec", "link"]}
        raise InvalidInput(
            [FieldError(f"{at}/setup", "lesson_setup", "takes one of these three", allowed)]
        )
    (name,) = given
    place = f"{at}/setup/{name}"
    try:
        document = _document(name, getattr(setup, name), budget)
        model = SpecModel.model_validate(document)
        return read(model, limits)
    except BadLink as error:
        raise InvalidInput(
            [FieldError(place, "lesson_link", str(error), {"reason": str(error)})]
        ) from None
    except ValidationError as error:
        raise _within(place, name, describe(error, document)) from None
    except InvalidInput as error:
        raise _within(place, name, error.errors) from None


def _document(name: str, value: Any, budget: Budget | None) -> Any:
    presets = {preset["name"]: preset["spec"] for preset in catalog()["presets"]}
    if name == "preset":
        return presets[value]
    return spec_of_link(value, presets, budget) if name == "link" else value


def _within(place: str, name: str, errors: Any) -> InvalidInput:
    """Errors of a spec, where the file has them; those of a link stand in its one line."""
    if name == "spec":
        return InvalidInput([replace(each, pointer=place + each.pointer) for each in errors])
    return InvalidInput(
        [replace(each, pointer=place, detail=f"{each.pointer}: {each.detail}") for each in errors]
    )


def _read_card(
    card: Card, at: str, errors: list[FieldError], limits: Limits, budget: Budget
) -> Document | None:
    try:
        spec = checked_card(card, at, limits, budget).spec
    except InvalidInput as error:
        errors += error.errors
        return None
    return {**dumped(card), "setup": {"spec": dict(spec.document)}}


def _look_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    """The two parameters of a plane, where a card opens on two of its own."""
    x, y = card.look.x, card.look.y
    return [] if x is None and y is None else _plane_errors(x, y, spec, f"{at}/look")


def _plane_errors(x: str | None, y: str | None, spec: Any, at: str) -> list[FieldError]:
    """What of a plane is no parameter of the set-up, or the same one twice."""
    names = list(spec.architecture.parameter_names)
    detail, allowed = f"must be one of {', '.join(names[:12])}", {"names": names[:12]}
    return [
        FieldError(f"{at}/{axis}", "unknown_name", detail, allowed, name)
        for axis, name in (("x", x), ("y", y))
        if name not in names or x == y
    ]


def _measure_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    """What a measure names that the set-up does not have, or needs and does not name."""
    measure, errors = card.measure, []
    at = f"{at}/measure"
    last = len(spec.runs) - 1
    for name, runs in (
        ("run", [measure.run]),
        ("runs", measure.runs or []),
        ("than", [measure.than]),
    ):
        errors += [_beyond(f"{at}/{name}", 0, last, run) for run in runs if run > last]
    errors += _twice_errors(card, at)
    layers = len(spec.architecture.layers)
    if measure.layer > layers:
        errors.append(_beyond(f"{at}/layer", 1, layers, measure.layer))
    if measure.step is not None and measure.step > card.steps:
        errors.append(_beyond(f"{at}/step", 0, card.steps, measure.step))
    names = _names(measure.quantity, spec)
    if names and measure.of not in names:
        code = "missing" if measure.of is None else "unknown_name"
        detail = "is required" if measure.of is None else f"must be one of {', '.join(names[:12])}"
        errors.append(FieldError(f"{at}/of", code, detail, {"names": names[:12]}, measure.of))
    if measure.quantity in ("steps_to", *OF_STUDIES) and measure.target is None:
        errors.append(FieldError(f"{at}/target", "missing", "is required", {}, None))
    return errors


def _twice_errors(card: Card, at: str) -> list[FieldError]:
    """A run that is asked for twice: a prediction about it would be about nothing."""
    runs = card.measure.runs or []
    errors = [
        FieldError(f"{at}/runs/{place}", "lesson_run_twice", f"names run {run} twice", {}, run)
        for place, run in enumerate(runs)
        if run in runs[:place]
    ]
    if card.measure.quantity == "factor":
        than = card.measure.than
        asked = runs or [card.measure.run]
        errors += [
            FieldError(f"{at}/than", "lesson_with_itself", "is the run itself", {}, than)
            for run in asked
            if run == than
        ]
    return errors


def _names(quantity: str, spec: Any) -> list[str]:
    """What `of` may be."""
    if quantity in ("parameter", "gradient"):
        return list(spec.architecture.parameter_names)
    if quantity == "shape":
        return [f"{kind}{i + 1}" for i in range(len(spec.architecture.layers)) for kind in "Wb"]
    return []


def _beyond(at: str, low: int, high: int, received: Any) -> FieldError:
    allowed = {"minimum": low, "maximum": high}
    return FieldError(at, "out_of_range", f"must be from {low} to {high}", allowed, received)


def _prediction_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    """What does not fit between a prediction, its measure and the set-up."""
    predict, quantity = card.predict, card.measure.quantity
    kinds = {"shape": ["shape"], "descend": ["loss"], "sketch": ["loss"]}
    allowed = kinds.get(predict.kind, [])
    if (allowed and quantity not in allowed) or (quantity == "shape" and predict.kind != "shape"):
        names = allowed or ["loss", "steps_to"]
        detail = f"does not go with a prediction of the kind {predict.kind}"
        return [
            FieldError(f"{at}/measure/quantity", "unknown_name", detail, {"names": names}, quantity)
        ]
    check = _CHECKS.get(predict.kind)
    return [] if check is None else check(card, spec, f"{at}/predict")


def _order_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    predict: Any = card.predict
    count = len(predict.items)
    errors = []
    if len(card.measure.runs or []) != count:
        allowed = {"minimum": count, "maximum": count, "items": True}
        place = at.replace("/predict", "/measure/runs")
        errors.append(
            FieldError(place, "out_of_range", f"must have {count} entries", allowed, None)
        )
    if sorted(predict.answer) != list(range(count)):
        detail = f"must have each place from 0 to {count - 1} once"
        errors.append(
            FieldError(f"{at}/answer", "lesson_order", detail, {"maximum": count - 1}, None)
        )
    return errors


def _number_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    predict: Any = card.predict
    axis: Numeric = predict
    if axis.scale == "log" and axis.low <= 0.0:
        allowed = {"minimum": 0, "maximum": axis.high, "exclusive_minimum": True}
        detail = f"must be above 0, up to {axis.high:g}"
        return [FieldError(f"{at}/low", "out_of_range", detail, allowed, axis.low)]
    if axis.low >= axis.high:
        allowed = {"minimum": axis.low, "maximum": 1e12, "exclusive_minimum": True}
        detail = f"must be above {axis.low:g}"
        return [FieldError(f"{at}/high", "out_of_range", detail, allowed, axis.high)]
    if not axis.low <= axis.answer <= axis.high:
        allowed = {"minimum": axis.low, "maximum": axis.high}
        detail = f"must be from {axis.low:g} to {axis.high:g}"
        return [FieldError(f"{at}/answer", "out_of_range", detail, allowed, axis.answer)]
    return []


def _choice_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    predict: Any = card.predict
    last = len(predict.options) - 1
    return [_beyond(f"{at}/answer", 0, last, predict.answer)] if predict.answer > last else []


def _shape_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    """The shape is known before anything is trained, so that a wrong answer is found here."""
    predict: Any = card.predict
    name = str(card.measure.of)
    if name not in _names("shape", spec):
        return []  # said where the measure is looked at
    shape = shape_of(spec.architecture, name)
    if tuple(predict.answer) == shape:
        return []
    detail = f"must be {shape}, the shape of {name} in this setup"
    return [FieldError(f"{at}/answer", "wrong_shape", detail, {"shape": list(shape)}, None)]


def _sketch_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    place = at.replace("/predict", "/steps")
    return [_beyond(place, 2, 20_000, card.steps)] if card.steps < 2 else []


def _descend_errors(card: Card, spec: Any, at: str) -> list[FieldError]:
    predict: Any = card.predict
    return _plane_errors(predict.x, predict.y, spec, at)


_CHECKS: dict[str, Callable[[Card, Any, str], list[FieldError]]] = {
    "order": _order_errors,
    "number": _number_errors,
    "choice": _choice_errors,
    "shape": _shape_errors,
    "sketch": _sketch_errors,
    "descend": _descend_errors,
}


def _refused(problems: list[LessonProblem]) -> LessonCheck:
    return {"lesson": None, "problems": problems}


def _problem(error: FieldError, line: int) -> LessonProblem:
    return {
        "line": line,
        "pointer": error.pointer,
        "code": error.code,
        "detail": error.detail,
        "allowed": dict(error.allowed),
        "received": error.received,
    }


def _line(placed: PlacedJson, at: str) -> int:
    """The line that a JSON pointer leads to."""
    value, path = placed.value, list[str | int]()
    for part in at.split("/")[1:]:
        name = part.replace("~1", "/").replace("~0", "~")
        step: str | int = int(name) if isinstance(value, list) and name.isdecimal() else name
        path.append(step)
        value = _inside(value, step)
    found: Path = tuple(path)
    return placed.line(found)


def _inside(value: Any, step: str | int) -> Any:
    if isinstance(value, Mapping) and step in value:
        return value[step]
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None
