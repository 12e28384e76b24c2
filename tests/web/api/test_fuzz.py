"""A document that is right but for one place, which holds anything at all, breaks nothing."""

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.client import Client, Experiment
from tests.web.problems import refused

Place = tuple[str | int, ...]

SPEC: Any = {
    "data": {"name": "custom", "inputs": [[0, 1], [1, 0], [2, 1]], "targets": [[0], [1], [1]],
             "train_fraction": 0.5, "seed": 3, "standardize": True},
    "features": ["x2", "x1"],
    "layers": [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "loss": "cross_entropy",
    "batch_size": 1,
    "seed": 5,
    "optimizer": {"name": "gradient_descent", "learning_rate": 0.5},
    "regularizer": {"name": "none"},
    "runs": [
        {"label": "one", "seed": 1, "loss": "mse", "optimizer": {"learning_rate": 0.25},
         "recipe": {"weights": {"name": "normal", "std": 0.5},
                    "biases": {"name": "uniform", "limit": 0.1}}},
        {"parameters": {"W": [[[1, 2], [3, 4]], [[5, 6]]], "b": [[1, 2], [3]]}},
    ],
}  # fmt: skip
OTHERS: list[Any] = [  # what a spec may hold instead
    {**SPEC, "runs": [{}], "batch_size": None,
     "data": {"name": "formula", "formula": "x1^2 + x2 < 1", "inputs": 2, "samples": 6,
              "noise": 0.1, "train_fraction": 0.5, "seed": 3, "standardize": True},
     "features": ["x1*x2", "sin(x2)"]},
    {**SPEC, "loss": "mse", "data": {**SPEC["data"], "targets": [1, 0, 1], "classes": ["a", "b"],
                                     "input_names": ["u", "v"], "target_name": "w"},
     "runs": [{"recipe": {"weights": {"name": "lsuv"}, "layers": [
         {"weights": {"name": "sparse", "std": 0.5, "sparsity": 0.3}}, None]}}]},
    {**SPEC, "loss": "mse", "runs": [{}],
     "data": {**SPEC["data"], "targets": [1, 0, 5], "standardize_target": True}},
]  # fmt: skip
TABLE: Any = {"text": "a,b,c\n1,2,x\n3,4,y\n5,6,x\n7,,y", "delimiter": ",", "header": True,
              "decimal": ".", "target": "c", "inputs": ["a", 1], "task": "classification",
              "omit": [5]}  # fmt: skip
PREVIEW: Any = {"recipe": {"weights": {"name": "lsuv"}, "biases": {"name": "normal", "std": 0.1},
                           "layers": [None, {"weights": {"name": "identity", "gain": 2}}]},
                "inputs": 3, "seed": 1, "spec": OTHERS[0],
                "layers": [{"units": 2, "activation": "relu"}]}  # fmt: skip
STEPS: Any = {"count": 2, "every": 1, "version": 1, "views": {
    "path": {"x": "W1[0,0]", "y": "b1[0]"}, "outputs": {"run": 0, "size": 4}}}  # fmt: skip
PARAMETERS: Any = {
    "run": 1,
    "values": {"b1[0]": 1.5},
    "version": 1,
    **SPEC["runs"][1]["parameters"],
}

WAY: Any = {"step": 3, "events": [
    {"step": 1, "run": 0, "optimizer": {"name": "adam", "learning_rate": 0.5}},
    {"step": 2, "run": None, "clipping": {"name": "norm", "max_norm": 2.0}},
    {"step": 9, "run": 1, "parameters": SPEC["runs"][1]["parameters"]}]}  # fmt: skip

NUMBERS = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
ANYTHING = st.recursive(
    st.none() | st.booleans() | NUMBERS | st.text() | st.sampled_from(["custom", "tanh", "x1"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def places(document: Any, here: Place = ()) -> Iterator[Place]:
    """The way to every value in a document."""
    parts = document.items() if isinstance(document, dict) else enumerate(document)
    for key, value in parts:
        yield (*here, key)
        if isinstance(value, dict | list):
            yield from places(value, (*here, key))


def replaced(document: Any, place: Place, value: Any) -> Any:
    """A copy of a document with another value at a place."""
    copy = deepcopy(document)
    inside = copy
    for key in place[:-1]:
        inside = inside[key]
    inside[place[-1]] = value
    return copy


def test_the_documents_are_right_as_they_are(basin: Client) -> None:
    for path, body in (("/steps", STEPS), ("/parameters", PARAMETERS)):
        method = "POST" if path == "/steps" else "PATCH"
        basin.ask(method, basin.create(SPEC).url + path, json=body)


def check_spec(basin: Client, spec: Any) -> None:
    """The spec is taken, and then is the same experiment again; or it is refused."""
    client = basin.application.test_client()
    with client.post("/api/experiments", json=spec) as answer:
        status = answer.status_code
    if status == 201:
        experiment = basin.create(spec)
        again = basin.create(experiment.summary()["spec"])
        assert experiment.train(2)["train"] == again.train(2)["train"]
    else:
        assert refused(basin, "POST", "/api/experiments", 422, json=spec)


@settings(max_examples=300)
@given(place=st.sampled_from([*places(SPEC)]), value=ANYTHING)
def test_a_spec_with_anything_anywhere_is_taken_or_refused(
    basin: Client, place: Place, value: Any
) -> None:
    check_spec(basin, replaced(SPEC, place, value))


@pytest.mark.parametrize("spec", OTHERS, ids=["formula", "classes", "numbers"])
@settings(max_examples=100)
@given(data=st.data())
def test_a_spec_of_own_data_with_anything_anywhere_is_taken_or_refused(
    basin: Client, spec: Any, data: st.DataObject
) -> None:
    basin.create(spec)
    place = data.draw(st.sampled_from([*places(spec)]))
    check_spec(basin, replaced(spec, place, data.draw(ANYTHING)))


@pytest.mark.parametrize(
    ("path", "body"), [("tables", TABLE), ("recipes/preview", PREVIEW)], ids=["table", "preview"]
)
@settings(max_examples=60)
@given(data=st.data())
def test_what_prepares_an_experiment_answers_or_refuses_anything_anywhere(
    basin: Client, path: str, body: Any, data: st.DataObject
) -> None:
    basin.post(f"/api/{path}", body)
    place = data.draw(st.sampled_from([*places(body)]))
    changed = replaced(body, place, data.draw(ANYTHING))
    with basin.application.test_client().post(f"/api/{path}", json=changed) as answer:
        status = answer.status_code
    if status != 200:
        assert refused(basin, "POST", f"/api/{path}", 422, json=changed)


@settings(max_examples=150)
@given(place=st.sampled_from([*places(WAY)]), value=ANYTHING)
def test_a_way_with_anything_anywhere_is_taken_or_refused(
    basin: Client, place: Place, value: Any
) -> None:
    asked = {**SPEC, **replaced(WAY, place, value)}
    with basin.application.test_client().post("/api/experiments", json=asked) as answer:
        status = answer.status_code
    if status == 201:
        one, other = basin.create(asked), basin.create(asked)
        assert one.summary()["events"] == other.summary()["events"]
        assert one.train(12)["train"] == other.train(12)["train"]
    else:
        errors = refused(basin, "POST", "/api/experiments", 422, json=asked)
        assert errors


@pytest.mark.parametrize("body", [STEPS, PARAMETERS], ids=["steps", "parameters"])
@settings(max_examples=150)
@given(data=st.data())
def test_a_request_with_anything_anywhere_is_taken_or_refused(
    basin: Client, body: Any, data: st.DataObject
) -> None:
    experiment: Experiment = basin.create(SPEC)
    method, path = ("POST", "/steps") if "count" in body else ("PATCH", "/parameters")
    place = data.draw(st.sampled_from([*places(body)]))
    request = {"json": replaced(body, place, data.draw(ANYTHING))}
    before = experiment.summary()
    with basin.application.test_client().open(experiment.url + path, method=method, **request) as a:
        status = a.status_code
    if status == 200:
        assert experiment.summary()["version"] == 2
    else:
        assert refused(basin, method, experiment.url + path, status, **request)
        assert status in (409, 422)
        assert experiment.summary() == before
