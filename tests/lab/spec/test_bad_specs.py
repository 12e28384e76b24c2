"""A spec that cannot be used is refused with a pointer to every bad field and what is allowed."""

import json
import math
import re
from collections.abc import Callable
from typing import Any

import pytest

from app.data.datasets import DATASETS
from app.data.features import offered
from app.errors import FieldError, InvalidInput
from app.lab.spec.parse import parse
from app.nn.activations import ACTIVATIONS
from app.nn.init.rules import BIAS_RULES, WEIGHT_RULES
from app.nn.losses import LOSSES
from app.nn.update.clipping import CLIPPINGS
from app.nn.update.optimizers import OPTIMIZERS
from app.nn.update.regularizers import REGULARIZERS
from app.nn.update.schedules import SCHEDULES
from app.web.languages import LANGUAGES, messages
from tests.web.problems import TELLING, dumps, nested

Make = Callable[[Any], Any]

TANH = [{"units": 1, "activation": "tanh"}]
LINEAR = [{"units": 1, "activation": "linear"}]
ROWS = [[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]


def custom(**fields: Any) -> Any:
    """A table of three rows of two inputs, and what is changed in it."""
    return {"data": {"name": "custom", "inputs": ROWS, "targets": [0, 1, 1], **fields}}


def begun(**parameters: Any) -> Any:
    """A run of [2, 2, 1] that begins from given parameters, and what is changed in them."""
    given = {"W": [[[1, 2], [3, 4]], [[5, 6]]], "b": [[1, 2], [3]], **parameters}
    layers = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}]
    return {"layers": layers, "runs": [{"parameters": given}]}


def recipe(**fields: Any) -> Any:
    return {"runs": [{"recipe": fields}]}


NUMBERS: dict[
    str, tuple[Make, bool]
] = {  # every number of a spec, its place, and whether it must be a whole number
    "/data/samples": (lambda value: {"data": {"samples": value}}, True),
    "/data/noise": (lambda value: {"data": {"noise": value}}, False),
    "/data/train_fraction": (lambda value: {"data": {"train_fraction": value}}, False),
    "/data/seed": (lambda value: {"data": {"seed": value}}, True),
    "/layers/0/units": (lambda value: {"layers": [{"units": value}, {"units": 1}]}, True),
    "/batch_size": (lambda value: {"batch_size": value}, True),
    "/seed": (lambda value: {"seed": value}, True),
    "/optimizer/learning_rate": (lambda value: {"optimizer": {"learning_rate": value}}, False),
    "/runs/0/seed": (lambda value: {"runs": [{"seed": value}]}, True),
    "/runs/0/optimizer/learning_rate": (
        lambda value: {"runs": [{"optimizer": {"learning_rate": value}}]},
        False,
    ),
    "/runs/0/recipe/weights/std": (
        lambda value: recipe(weights={"name": "normal", "std": value}),
        False,
    ),
    "/runs/0/recipe/biases/value": (
        lambda value: recipe(biases={"name": "constant", "value": value}),
        False,
    ),
}
NULL_MEANS_SOMETHING = {"/batch_size", "/runs/0/seed"}


def refused(text: str) -> list[FieldError]:
    """The errors of a spec; each is fit to be answered with."""
    with pytest.raises(InvalidInput) as caught:
        parse(json.loads(text))
    for error in caught.value.errors:
        assert re.fullmatch(r"(/.*)?", error.pointer, re.DOTALL)
        assert error.detail
        assert all(f"errors.{error.code}" in messages(language) for language in LANGUAGES)
        assert error.allowed or error.code not in TELLING
        assert len(json.dumps([error.allowed, error.received], allow_nan=False)) < 50_000
    return [*caught.value.errors]


def places(errors: list[FieldError]) -> list[tuple[str, str]]:
    """The pointer and the code of every error."""
    return [(error.pointer, error.code) for error in errors]


@pytest.mark.parametrize("value", [True, False, "1", "", [1], {"value": 1}, None])
@pytest.mark.parametrize("pointer", NUMBERS)
def test_what_is_no_number_is_refused_for_one(pointer: str, value: Any) -> None:
    make, whole = NUMBERS[pointer]
    if value is None and pointer in NULL_MEANS_SOMETHING:
        value = "null"
    (error,) = refused(dumps(make(value)))
    assert (error.pointer, error.code) == (pointer, "wrong_type")
    assert error.allowed == {"type": "integer" if whole else "number"}


@pytest.mark.parametrize(
    "value", ["-1", "1000000000", "-1e300", "1e300", "9" * 400, "-" + "9" * 99]
)
@pytest.mark.parametrize("pointer", NUMBERS)
def test_a_number_out_of_its_range_is_refused_with_the_range(pointer: str, value: str) -> None:
    if (pointer, value) in {("/data/seed", "1000000000"), ("/seed", "1000000000"),
                            ("/runs/0/seed", "1000000000"),
                            ("/runs/0/recipe/biases/value", "-1")}:  # fmt: skip
        value = "1e12"
    (error,) = refused(dumps(NUMBERS[pointer][0](f"RAW:{value}")))
    assert (error.pointer, error.code) == (pointer, "out_of_range")
    assert error.allowed["minimum"] < error.allowed["maximum"]
    allowed, number = error.allowed, float(value) if len(value) < 300 else math.inf
    assert not allowed["minimum"] <= number <= allowed["maximum"]


@pytest.mark.parametrize("value", ["1e400", "-1e400"])
@pytest.mark.parametrize("pointer", NUMBERS)
def test_a_number_beyond_all_numbers_is_refused(pointer: str, value: str) -> None:
    (error,) = refused(dumps(NUMBERS[pointer][0](f"RAW:{value}")))
    assert error.pointer == pointer
    assert error.code in ("not_finite", "out_of_range")


@pytest.mark.parametrize("pointer", [at for at, (_, whole) in NUMBERS.items() if whole])
def test_half_a_sample_is_refused(pointer: str) -> None:
    (error,) = refused(dumps(NUMBERS[pointer][0](2.5)))
    assert (error.pointer, error.code) == (pointer, "wrong_type")
    assert error.allowed == {"type": "integer"}


@pytest.mark.parametrize("pointer", ["/data/train_fraction", "/optimizer/learning_rate"])
def test_zero_is_not_enough(pointer: str) -> None:
    (error,) = refused(dumps(NUMBERS[pointer][0](0)))
    assert (error.pointer, error.code) == (pointer, "out_of_range")


NAMES: dict[str, tuple[Make, set[str]]] = {  # every name of a spec, its place, and what it may be
    "/data/name": (lambda name: {"data": {"name": name}}, {*DATASETS, "custom", "formula"}),
    "/layers/0/activation": (lambda name: {"layers": [{"units": 1, "activation": name}]},
                             {*ACTIVATIONS}),
    "/loss": (lambda name: {"loss": name}, {*LOSSES}),
    "/optimizer/name": (lambda name: {"optimizer": {"name": name}}, {*OPTIMIZERS}),
    "/schedule/name": (lambda name: {"schedule": {"name": name}}, {*SCHEDULES}),
    "/clipping/name": (lambda name: {"clipping": {"name": name}}, {*CLIPPINGS}),
    "/regularizer/name": (lambda name: {"regularizer": {"name": name}}, {*REGULARIZERS}),
    "/runs/0/loss": (lambda name: {"runs": [{"loss": name}]}, {*LOSSES}),
    "/runs/0/optimizer/name": (lambda name: {"runs": [{"optimizer": {"name": name}}]},
                               {*OPTIMIZERS}),
    "/runs/0/recipe/weights/name": (lambda name: recipe(weights={"name": name}), {*WEIGHT_RULES}),
    "/runs/0/recipe/biases/name": (lambda name: recipe(biases={"name": name}), {*BIAS_RULES}),
    "/features/1": (lambda name: {"features": ["x1", name]}, {*offered(2)}),
}  # fmt: skip


@pytest.mark.parametrize("name", ["nonsense", "", "Tanh", "tanh\0", "ｔａｎｈ", "'", "x" * 10_000])
@pytest.mark.parametrize("pointer", NAMES)
def test_an_unknown_name_is_refused_with_those_there_are(pointer: str, name: str) -> None:
    make, names = NAMES[pointer]
    (error,) = refused(dumps(make(name)))
    assert (error.pointer, error.code) == (pointer, "unknown_name")
    assert {*error.allowed["names"]} == names


@pytest.mark.parametrize("value", [True, 5, 1.5, ["tanh"], {"name": "tanh"}])
@pytest.mark.parametrize("pointer", NAMES)
def test_what_is_no_text_is_refused_for_a_name(pointer: str, value: Any) -> None:
    (error,) = refused(dumps(NAMES[pointer][0](value)))
    assert error.pointer == pointer
    assert error.code in ("unknown_name", "wrong_type")


@pytest.mark.parametrize(
    ("pointer", "spec"),
    [
        ("/nonsense", {}),
        ("/data/nonsense", {"data": {}}),
        ("/data/inputs", {"data": {"name": "circle", "inputs": ROWS}}),
        ("/data/noise", custom(noise=0.1)),
        ("/data/nonsense", custom(nonsense=1)),
        ("/layers/1/nonsense", {"layers": [{"units": 2}, {"units": 1}]}),
        ("/optimizer/nonsense", {"optimizer": {}}),
        ("/optimizer/momentum", {"optimizer": {"name": "gradient_descent"}}),
        ("/regularizer/nonsense", {"regularizer": {"name": "none"}}),
        ("/runs/1/nonsense", {"runs": [{}, {}]}),
        ("/runs/0/optimizer/nonsense", {"runs": [{"optimizer": {}}]}),
        ("/runs/0/recipe/nonsense", recipe()),
        ("/runs/0/recipe/weights/nonsense", recipe(weights={"name": "normal"})),
        ("/runs/0/recipe/weights/std", recipe(weights={"name": "zeros"})),
        ("/runs/0/recipe/biases/gain", recipe(biases={"name": "zeros"})),
        ("/runs/0/parameters/nonsense", begun()),
        ("/runs/0/a~1b~0c", {"runs": [{}]}),
        ("/runs/0/名", {"runs": [{}]}),
        ("/", {}),
    ],
)
def test_an_unknown_field_is_refused_at_every_level(pointer: str, spec: Any) -> None:
    *way, name = pointer.split("/")[1:]
    level = spec
    for part in way:
        level = level[int(part) if part.isdigit() else part]
    level[name.replace("~1", "/").replace("~0", "~")] = 1
    (error,) = refused(dumps(spec))
    assert (error.pointer, error.code) == (pointer, "unknown_field")
    assert error.allowed["names"]
    assert name not in error.allowed["names"]


@pytest.mark.parametrize("value", [5, "x", True, None, [], [1]])
@pytest.mark.parametrize(
    ("pointer", "make"),
    [
        ("/data", lambda value: {"data": value}),
        ("/optimizer", lambda value: {"optimizer": value}),
        ("/regularizer", lambda value: {"regularizer": value}),
        ("/layers/0", lambda value: {"layers": [value]}),
        ("/runs/0", lambda value: {"runs": [value]}),
        ("/runs/0/recipe/weights", lambda value: recipe(weights=value)),
        ("/runs/0/recipe/biases", lambda value: recipe(biases=value)),
    ],
)
def test_what_is_no_object_is_refused_for_one(pointer: str, make: Any, value: Any) -> None:
    (error,) = refused(dumps(make(value)))
    assert (error.pointer, error.code) == (pointer, "wrong_type")
    assert error.allowed == {"type": "object"}


@pytest.mark.parametrize("value", [5, "x", True, {}, {"0": {}}])
@pytest.mark.parametrize(
    ("pointer", "make"),
    [
        ("/layers", lambda value: {"layers": value}),
        ("/runs", lambda value: {"runs": value}),
        ("/features", lambda value: {"features": value}),
        ("/data/inputs", lambda value: custom(inputs=value)),
        ("/data/targets", lambda value: custom(targets=value)),
        ("/runs/0/parameters/W", lambda value: begun(W=value)),
        ("/runs/0/parameters/b", lambda value: begun(b=value)),
    ],
)
def test_what_is_no_array_is_refused_for_one(pointer: str, make: Any, value: Any) -> None:
    (error,) = refused(dumps(make(value)))
    assert error.pointer == pointer
    assert error.code in ("wrong_type", "wrong_shape")


WRONG: dict[str, tuple[Any, str, str]] = {
    "no runs": ({"runs": []}, "/runs", "out_of_range"),
    "too many runs": ({"runs": [{}] * 17}, "/runs", "out_of_range"),
    "no layers": ({"layers": []}, "/layers", "out_of_range"),
    "too many layers": ({"layers": [{"units": 1}] * 12}, "/layers", "out_of_range"),
    "no features": ({"features": []}, "/features", "out_of_range"),
    "a feature twice": ({"features": ["x1", "x1"]}, "/features/1", "conflict_fields"),
    "a label too long": ({"runs": [{"label": "x" * 81}]}, "/runs/0/label", "out_of_range"),
    "a label of a number": ({"runs": [{"label": 5}]}, "/runs/0/label", "wrong_type"),
    "standardize a number": ({"data": {"standardize": 1}}, "/data/standardize", "wrong_type"),
    "standardize text": (custom(standardize="true"), "/data/standardize", "wrong_type"),
    "three output units for two classes": (
        {"layers": [{"units": 3, "activation": "sigmoid"}]},
        "/layers/0/units",
        "out_of_range",
    ),
    "a loss that does not fit": (
        {"layers": TANH, "loss": "cross_entropy"},
        "/loss",
        "misfit",
    ),
    "a run's loss that does not fit": (
        {"layers": LINEAR, "loss": "mse", "runs": [{}, {"loss": "cross_entropy"}]},
        "/runs/1/loss",
        "misfit",
    ),
    "a batch larger than the training set": (
        {"data": {"samples": 10}, "batch_size": 6},
        "/batch_size",
        "out_of_range",
    ),
    "a recipe and parameters": (
        {**begun(), "runs": [{"recipe": {}, **begun()["runs"][0]}]},
        "/runs/0/parameters",
        "conflict_fields",
    ),
    "inputs missing": (
        {"data": {"name": "custom", "targets": [0, 1]}},
        "/data/inputs",
        "missing",
    ),
    "targets missing": (
        {"data": {"name": "custom", "inputs": [[0], [1]]}},
        "/data/targets",
        "missing",
    ),
    "a single row": (custom(inputs=[[1, 2]], targets=[1]), "/data/inputs", "out_of_range"),
    "too few targets": (custom(targets=[0, 1]), "/data/targets", "wrong_shape"),
    "a shorter row": (custom(inputs=[[1, 2], [3], [4, 5]]), "/data/inputs/1", "wrong_shape"),
    "a row that is no row": (custom(inputs=[[1, 2], 3, [4, 5]]), "/data/inputs/1", "wrong_type"),
    "rows that are none": (custom(inputs=[1, 2, 3]), "/data/inputs/0", "wrong_type"),
    "an empty row": (custom(inputs=[[], [], []]), "/data/inputs/0", "*"),
    "too many inputs": (custom(inputs=[[1] * 21] * 3), "/data/inputs/0", "out_of_range"),
    "true in the table": (custom(inputs=[[1, 2], [3, True], [4, 5]]), "/data/inputs/1/1",
                          "wrong_type"),
    "text in the table": (custom(targets=[0, "1", 1]), "/data/targets/1", "wrong_type"),
    "null in the table": (custom(targets=[0, 1, None]), "/data/targets/2", "wrong_type"),
    "a list in the table": (custom(inputs=[[1, 2], [3, [4]], [4, 5]]), "/data/inputs/1/1",
                            "wrong_type"),
    "too large in the table": (custom(inputs=[[1, 2], [3, 1e300], [4, 5]]), "/data/inputs/1/1",
                               "out_of_range"),
    "not finite in the table": (custom(targets=["RAW:1e400", 1, 1]), "/data/targets/0", "*"),
    "flat and nested targets": (custom(targets=[0, [1], 1]), "/data/targets/1", "wrong_type"),
    "nested and flat targets": (custom(targets=[[0], 1, 1]), "/data/targets/1", "wrong_type"),
    "targets that are no class": (custom(targets=[0, 2, 1]), "/data/targets/1", "out_of_range"),
    "nested targets that are no class": (custom(targets=[[0], [1], [-1]]), "/data/targets/2/0",
                                         "out_of_range"),
    "too many classes": (custom(classes=[f"c{i}" for i in range(400)]), "/data/classes",
                         "out_of_range"),
    "one class": (custom(targets=[0, 0, 0], classes=["a"]), "/data/classes", "out_of_range"),
    "a class twice": (custom(classes=["a", "a"]), "/data/classes/1", "conflict_fields"),
    "a class of a number": (custom(classes=["a", 1]), "/data/classes/1", "wrong_type"),
    "a class too long": (custom(classes=["a", "b" * 81]), "/data/classes/1", "out_of_range"),
    "a class number too high": (custom(classes=["a", "b"], targets=[0, 1, 2]), "/data/targets/2",
                                "out_of_range"),
    "half a class": (custom(classes=["a", "b"], targets=[0, 0.5, 1]), "/data/targets/1",
                     "out_of_range"),
    "a nested class number": (custom(classes=["a", "b"], targets=[[0], [1], [-1]]),
                              "/data/targets/2/0", "out_of_range"),
    "two class numbers": (custom(classes=["a", "b"], targets=[[0, 1]] * 3), "/data/targets/0",
                          "wrong_shape"),
    "classes that are standardized": (custom(classes=["a", "b"], standardize_target=True),
                                      "/data/standardize_target", "conflict_fields"),
    "too few names of inputs": (custom(input_names=["a"]), "/data/input_names", "wrong_shape"),
    "a surrogate in a name of an input": (custom(input_names=["a", "\ud800"]),
                                          "/data/input_names/1", "wrong_type"),
    "a target's name of a number": (custom(target_name=5), "/data/target_name", "wrong_type"),
    "classes of a formula": ({"data": {"name": "formula", "classes": ["a", "b"]}},
                             "/data/classes", "unknown_field"),
    "a formula of a number": ({"data": {"name": "formula", "formula": 5}}, "/data/formula",
                              "wrong_type"),
    "a formula without end": ({"data": {"name": "formula", "formula": "x" * 5000}},
                              "/data/formula", "too_long"),
    "a surrogate in a formula": ({"data": {"name": "formula", "formula": "\ud800"}},
                                 "/data/formula", "wrong_type"),
    "inputs of a formula in a list": ({"data": {"name": "formula", "inputs": [[1, 2]]}},
                                      "/data/inputs", "wrong_type"),
    "a formula of too many inputs": ({"data": {"name": "formula", "inputs": 21}}, "/data/inputs",
                                     "out_of_range"),
    "a name of inputs that are not there": ({"data": {"name": "formula", "inputs": 1,
                                                      "formula": "x2 < 0"}},
                                            "/data/formula", "unknown_name"),
    "a feature of an input that is not there": ({"features": ["x1", "x3^2"]}, "/features/1",
                                                "unknown_name"),
    "a feature of a pair the other way": ({"features": ["x2*x1"]}, "/features/0", "unknown_name"),
    "a feature twice, of a function": ({"features": ["sin(x1)", "x1", "sin(x1)"]}, "/features/2",
                                       "conflict_fields"),
    "too many features": ({"features": ["x1"] * 21}, "/features", "out_of_range"),
    "targets of a curve that are no chances": ({"data": {"name": "sine"}, "loss":
                                                "cross_entropy"}, "/loss", "misfit"),
    "rules for more layers than there are": (recipe(layers=[None] * 3), "/runs/0/recipe/layers",
                                             "out_of_range"),
    "rules for layers that are no list": (recipe(layers={}), "/runs/0/recipe/layers",
                                          "wrong_type"),
    "a rule for a layer that is none": (recipe(layers=[{"weights": {"name": "magic"}}]),
                                        "/runs/0/recipe/layers/0/weights/name", "unknown_name"),
    "a layer's rule with a wrong number": (recipe(layers=[None, {"biases": {"name": "normal",
                                                                            "std": -1}}]),
                                           "/runs/0/recipe/layers/1/biases/std", "out_of_range"),
    "W missing": ({"runs": [{"parameters": {"b": [[0]]}}]}, "/runs/0/parameters/W", "missing"),
    "b missing": ({"runs": [{"parameters": {"W": [[0]]}}]}, "/runs/0/parameters/b", "missing"),
    "too few layers of W": (begun(W=[[[1, 2], [3, 4]]]), "/runs/0/parameters/W", "wrong_shape"),
    "too many layers of b": (begun(b=[[1, 2], [3], [4]]), "/runs/0/parameters/b", "wrong_shape"),
    "too few rows of W": (begun(W=[[[1, 2]], [[5, 6]]]), "/runs/0/parameters/W/0", "wrong_shape"),
    "too many columns of W": (begun(W=[[[1, 2], [3, 4]], [[5, 6, 7]]]),
                              "/runs/0/parameters/W/1/0", "wrong_shape"),
    "W without rows": (begun(W=[[1, 2], [[5, 6]]]), "/runs/0/parameters/W/0/0", "wrong_shape"),
    "b in columns": (begun(b=[[[1], [2]], [3]]), "/runs/0/parameters/b/0/0", "wrong_type"),
    "b too short": (begun(b=[[1, 2], []]), "/runs/0/parameters/b/1", "wrong_shape"),
    "b a number": (begun(b=[[1, 2], 3]), "/runs/0/parameters/b/1", "wrong_shape"),
    "true in W": (begun(W=[[[1, 2], [True, 4]], [[5, 6]]]), "/runs/0/parameters/W/0/1/0",
                  "wrong_type"),
    "text in b": (begun(b=[[1, 2], ["3"]]), "/runs/0/parameters/b/1/0", "wrong_type"),
    "null in b": (begun(b=[[1, None], [3]]), "/runs/0/parameters/b/0/1", "wrong_type"),
    "too large in W": (begun(W=[[[1, 2], [3, 4]], [[5, -1e7]]]), "/runs/0/parameters/W/1/0/1",
                       "out_of_range"),
    "not finite in b": (begun(b=[[1, "RAW:1e400"], [3]]), "/runs/0/parameters/b/0/1", "*"),
    "a huge integer in b": (begun(b=[[1, 10**400], [3]]), "/runs/0/parameters/b/0/1",
                            "out_of_range"),
    "a huge integer in the table": (custom(targets=[0, 10**400, 1]), "/data/targets/1",
                                    "out_of_range"),
    "deep nesting in inputs": (custom(inputs=f"RAW:[{nested(900)},{nested(900)}]"), "*", "*"),
    "deep nesting in W": (begun(W=f"RAW:{nested(900)}"), "*", "*"),
    "deep objects": ({"data": "RAW:" + nested(900, '{"a":', "1", "}")}, "/data/a",
                     "unknown_field"),
    "deep nesting in a name": ({"loss": f"RAW:{nested(900)}"}, "/loss", "*"),
    "a surrogate in a label": ({"runs": [{"label": "\ud800"}]}, "/runs/0/label", "wrong_type"),
    "a surrogate in a name": ({"loss": "\udfff"}, "/loss", "*"),
    "a surrogate in a field": ({"\ud800": 1}, "/\ud800", "unknown_field"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_is_refused_where_it_stands(case: str) -> None:
    spec, pointer, code = WRONG[case]
    (error, *_) = refused(dumps(spec))
    assert pointer in ("*", error.pointer)
    assert code in ("*", error.code)
    if code == "wrong_type":
        assert ("object" in error.allowed["type"]) == (pointer == "/data")


def test_an_error_says_what_was_received_and_what_is_allowed() -> None:
    (error,) = refused(dumps({"layers": [{"units": 10**9}, {"units": 1}]}))
    assert error.received == 10**9
    assert error.allowed == {"minimum": 1, "maximum": 64}


def test_a_loss_that_does_not_fit_is_told_which_do() -> None:
    (error,) = refused(dumps({"layers": TANH, "loss": "cross_entropy"}))
    assert error.allowed["names"] == ["mse", "half_mse", "mae", "huber", "hinge"]


def test_parameters_of_the_wrong_shape_are_told_the_right_one() -> None:
    errors = refused(dumps(begun(W=[[[1, 2]], [[5, 6]]], b=[[1], [2]])))
    assert places(errors) == [
        ("/runs/0/parameters/W/0", "wrong_shape"),
        ("/runs/0/parameters/b/0", "wrong_shape"),
    ]
    assert [error.allowed["shape"] for error in errors] == [[2, 2], [2]]
