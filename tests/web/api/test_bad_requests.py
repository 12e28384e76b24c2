"""Whatever is asked wrongly of an experiment is refused, and leaves the experiment as it was."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.lab.client import Client, Experiment
from tests.web.problems import dumps, nested, places, refused


@pytest.fixture(scope="module")
def experiment(basin: Client) -> Experiment:
    """Five runs of [2, 4, 1] at step 12, with an event behind them."""
    made = basin.create({"data": {"samples": 40}, "batch_size": 6})
    made.train(5)
    made.set(1, values={"b1[0]": 0.5})
    made.train(7)
    return made


@pytest.fixture
def untouched(experiment: Experiment) -> Iterator[Experiment]:
    """The experiment, which must be after the test as it was before."""
    before = experiment.summary(), experiment.loss(), experiment.parameters(1)
    yield experiment
    assert (experiment.summary(), experiment.loss(), experiment.parameters(1)) == before


STEPS, REWIND, PARAMETERS = ("POST", "/steps"), ("POST", "/rewind"), ("PATCH", "/parameters")
OPTIMIZER = ("PATCH", "")
W = [[[0, 0]] * 4, [[0, 0, 0, 0]]]
B = [[0, 0, 0, 0], [0]]

BODIES: dict[str, tuple[tuple[str, str], Any, str, str]] = {
    "no steps": (STEPS, {"count": 0}, "/count", "out_of_range"),
    "steps backwards": (STEPS, {"count": -5}, "/count", "out_of_range"),
    "too many steps": (STEPS, {"count": 10_001}, "/count", "out_of_range"),
    "half a step": (STEPS, {"count": 1.5}, "/count", "wrong_type"),
    "steps in words": (STEPS, {"count": "5"}, "/count", "wrong_type"),
    "true steps": (STEPS, {"count": True}, "/count", "wrong_type"),
    "null steps": (STEPS, {"count": None}, "/count", "wrong_type"),
    "endless steps": (STEPS, {"count": "RAW:1e400"}, "/count", "not_finite"),
    "steps by the googol": (STEPS, {"count": 10**100}, "/count", "out_of_range"),
    "every 0": (STEPS, {"count": 5, "every": 0}, "/every", "out_of_range"),
    "every true": (STEPS, {"count": 5, "every": True}, "/every", "wrong_type"),
    "steps with more": (STEPS, {"count": 5, "speed": 2}, "/speed", "unknown_field"),
    "version 0": (STEPS, {"count": 5, "version": 0}, "/version", "out_of_range"),
    "version text": (STEPS, {"count": 5, "version": "1"}, "/version", "wrong_type"),
    "views a list": (STEPS, {"views": []}, "/views", "wrong_type"),
    "views unknown": (STEPS, {"views": {"sound": {}}}, "/views/sound", "unknown_field"),
    "a path on no plane": (
        STEPS,
        {"views": {"path": {"plane": "flat"}}},
        "/views/path/plane",
        "unknown_name",
    ),
    "a path of no run": (STEPS, {"views": {"path": {"run": 5}}}, "/views/path/run", "out_of_range"),
    "a path on a plane to come": (
        STEPS,
        {"views": {"path": {"step": 13}}},
        "/views/path/step",
        "out_of_range",
    ),
    "a path between a run and itself": (
        STEPS,
        {"views": {"path": {"plane": "between", "other": 0}}},
        "/views/path/other",
        "conflict_fields",
    ),
    "a path along nothing": (
        STEPS,
        {"views": {"path": {"x": "W3[0,0]", "y": "b2[0]"}}},
        "/views/path/x",
        "unknown_name",
    ),
    "a path along a number": (
        STEPS,
        {"views": {"path": {"x": "b2[0]", "y": 5}}},
        "/views/path/y",
        "wrong_type",
    ),
    "outputs of no run": (
        STEPS,
        {"views": {"outputs": {"run": 5}}},
        "/views/outputs/run",
        "out_of_range",
    ),
    "outputs too fine": (
        STEPS,
        {"views": {"outputs": {"size": 1000}}},
        "/views/outputs/size",
        "out_of_range",
    ),
    "outputs over no input": (
        STEPS,
        {"views": {"outputs": {"across": 2}}},
        "/views/outputs/across",
        "out_of_range",
    ),
    "neurons over one input twice": (
        STEPS,
        {"views": {"inside": {"size": 4, "across": 1, "up": 1}}},
        "/views/inside/up",
        "conflict_fields",
    ),
    "rewind to nowhere": (REWIND, {}, "/step", "missing"),
    "rewind to the future": (REWIND, {"step": 13}, "/step", "out_of_range"),
    "rewind before the beginning": (REWIND, {"step": -1}, "/step", "out_of_range"),
    "rewind to a word": (REWIND, {"step": "start"}, "/step", "wrong_type"),
    "rewind to null": (REWIND, {"step": None}, "/step", "wrong_type"),
    "rewind to true": (REWIND, {"step": True}, "/step", "wrong_type"),
    "rewind with more": (REWIND, {"step": 0, "run": 0}, "/run", "unknown_field"),
    "no change": (OPTIMIZER, {}, "", "missing"),
    "an optimizer's name only": (OPTIMIZER, {"optimizer": "adam"}, "/optimizer", "wrong_type"),
    "an unknown optimizer": (
        OPTIMIZER,
        {"optimizer": {"name": "luck"}},
        "/optimizer/name",
        "unknown_name",
    ),
    "learning nothing": (
        OPTIMIZER,
        {"optimizer": {"learning_rate": 0}},
        "/optimizer/learning_rate",
        "out_of_range",
    ),
    "learning too fast": (
        OPTIMIZER,
        {"optimizer": {"learning_rate": 10.5}},
        "/optimizer/learning_rate",
        "out_of_range",
    ),
    "learning true": (
        OPTIMIZER,
        {"optimizer": {"learning_rate": True}},
        "/optimizer/learning_rate",
        "wrong_type",
    ),
    "an optimizer of no run": (OPTIMIZER, {"optimizer": {}, "run": 5}, "/run", "out_of_range"),
    "an optimizer of run true": (OPTIMIZER, {"optimizer": {}, "run": True}, "/run", "wrong_type"),
    "an optimizer and data": (OPTIMIZER, {"optimizer": {}, "data": {}}, "/data", "unknown_field"),
    "nothing set": (PARAMETERS, {}, "", "missing"),
    "nothing set of a run": (PARAMETERS, {"run": 1, "values": {}}, "", "missing"),
    "set on no run": (PARAMETERS, {"run": 5, "b": B}, "/run", "out_of_range"),
    "set on run -1": (PARAMETERS, {"run": -1, "b": B}, "/run", "out_of_range"),
    "set what is not there": (
        PARAMETERS,
        {"values": {"b1[0]": 1, "W1[4,0]": 1}},
        "/values/W1[4,0]",
        "unknown_name",
    ),
    "set with a slash": (
        PARAMETERS,
        {"values": {"a/b~c": 1}},
        "/values/a~1b~0c",
        "unknown_name",
    ),
    "set to true": (PARAMETERS, {"values": {"b1[0]": True}}, "/values/b1[0]", "wrong_type"),
    "set to text": (PARAMETERS, {"values": {"b1[0]": "1"}}, "/values/b1[0]", "wrong_type"),
    "set to null": (PARAMETERS, {"values": {"b1[0]": None}}, "/values/b1[0]", "wrong_type"),
    "set to a list": (PARAMETERS, {"values": {"b1[0]": [1]}}, "/values/b1[0]", "wrong_type"),
    "set too large": (PARAMETERS, {"values": {"b1[0]": -1e7}}, "/values/b1[0]", "out_of_range"),
    "set beyond all": (
        PARAMETERS,
        {"values": {"b1[0]": "RAW:1e400"}},
        "/values/b1[0]",
        "not_finite",
    ),
    "values in a list": (PARAMETERS, {"values": [1]}, "/values", "wrong_type"),
    "W without layers": (PARAMETERS, {"W": []}, "/W", "wrong_shape"),
    "W of one layer": (PARAMETERS, {"W": W[:1]}, "/W", "wrong_shape"),
    "W of three rows": (PARAMETERS, {"W": [W[0][:3], W[1]]}, "/W/0", "wrong_shape"),
    "W with long rows": (PARAMETERS, {"W": [W[0], [[0] * 5]]}, "/W/1/0", "wrong_shape"),
    "W turned round": (PARAMETERS, {"W": [[[0] * 4] * 2, W[1]]}, "/W/0", "wrong_shape"),
    "W with true": (PARAMETERS, {"W": [W[0], [[0, 0, True, 0]]]}, "/W/1/0/2", "wrong_type"),
    "W a number": (PARAMETERS, {"W": 5}, "/W", "wrong_type"),
    "W too deep": (PARAMETERS, {"W": f"RAW:{nested(900)}"}, "*", "*"),
    "b in columns": (PARAMETERS, {"b": [[[0]] * 4, [[0]]]}, "/b/0/0", "wrong_type"),
    "b of one layer": (PARAMETERS, {"b": [[0] * 4]}, "/b", "wrong_shape"),
    "b too large": (PARAMETERS, {"b": [[0, 0, 0, 1e7], [0]]}, "/b/0/3", "out_of_range"),
    "W good, b bad": (PARAMETERS, {"W": W, "b": [[0], [0]]}, "/b/0", "wrong_shape"),
    "b good, a value bad": (
        PARAMETERS,
        {"b": B, "values": {"W9[0,0]": 1}},
        "/values/W9[0,0]",
        "unknown_name",
    ),
    "set with more": (PARAMETERS, {"b": B, "theta": [1]}, "/theta", "unknown_field"),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_bad_body_is_refused_where_it_is_bad(
    basin: Client, untouched: Experiment, case: str
) -> None:
    (method, path), body, pointer, code = BODIES[case]
    json = {"data": dumps(body), "content_type": "application/json"}
    (error, *_) = refused(basin, method, untouched.url + path, 422, **json)
    assert pointer in ("*", error["pointer"])
    assert code in ("*", error["code"])
    assert error.get("in", "body") == "body"


MALFORMED: dict[str, bytes] = {
    "nothing": b"",
    "blank": b"  \n",
    "a word": b"hello",
    "half": b'{"count": ',
    "single quotes": b"{'count': 1}",
    "a comma too many": b'{"count": 1,}',
    "two documents": b'{"count": 1}{"count": 1}',
    "a comment": b'{"count": 1} // one',
    "NaN": b'{"count": NaN}',
    "Infinity": b'{"step": Infinity}',
    "minus Infinity": b'{"values": {"b1[0]": -Infinity}}',
    "null": b"null",
    "true": b"true",
    "a number": b"5",
    "text": b'"count"',
    "an array": b'[{"count": 1}]',
    "not UTF-8": b'{"count": "\xff\xfe"}',
    "half a character": b'{"\xe4\xb8": 1}',
    "a bare null byte": b'{"count": 1}\0',
    "a raw null byte in text": b'{"a\0": 1}',
    "nesting without end": b"[" * 200_000,
    "objects without end": b'{"a":' * 200_000,
    "a form": b"count=1",
    "a number without end": b'{"count": ' + b"9" * 5000 + b"}",
    "zipped": bytes.fromhex("1f8b0800000000000003abae050043bfa6a302000000"),
}


@pytest.mark.parametrize("case", MALFORMED)
@pytest.mark.parametrize("call", [STEPS, REWIND, PARAMETERS, OPTIMIZER], ids="".join)
def test_what_is_no_json_object_is_refused(
    basin: Client, untouched: Experiment, call: tuple[str, str], case: str
) -> None:
    body = {"data": MALFORMED[case], "content_type": "application/json"}
    errors = refused(basin, call[0], untouched.url + call[1], 400, **body)
    assert places(errors) == [("", "malformed_json")]
    assert "sys." not in errors[0]["detail"]  # no advice for programmers


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "", "json"])
def test_a_body_must_say_that_it_is_json(basin: Client, untouched: Experiment, kind: str) -> None:
    body = {"data": '{"count": 1}', "content_type": kind}
    (error,) = refused(basin, "POST", untouched.url + "/steps", 400, **body)
    assert error["code"] == "malformed_json"
    assert "application/json" in error["detail"]


def test_json_may_be_called_so_with_a_charset(basin: Client) -> None:
    body = {"data": "{}", "content_type": "application/json; charset=utf-8"}
    assert basin.ask("POST", "/api/experiments", 201, **body)["step"] == 0


QUERIES: dict[str, tuple[str, str, str]] = {
    "no such run": ("parameters?run=5", "/run", "out_of_range"),
    "run -1": ("gradients?run=-1", "/run", "out_of_range"),
    "run a word": ("outputs?run=first", "/run", "wrong_type"),
    "run true": ("parameters?run=true", "/run", "wrong_type"),
    "run empty": ("parameters?run=", "/run", "wrong_type"),
    "run a fraction": ("parameters?run=0.5", "/run", "wrong_type"),
    "a step to come": ("parameters?step=13", "/step", "out_of_range"),
    "a step before": ("gradients?step=-1", "/step", "out_of_range"),
    "a step far away": ("outputs?step=99999999999999999999", "/step", "out_of_range"),
    "a step in words": ("surface?step=last", "/step", "wrong_type"),
    "no points": ("loss?points=0", "/points", "out_of_range"),
    "one point": ("loss?points=1", "/points", "out_of_range"),
    "too many points": ("loss?points=1000000000", "/points", "out_of_range"),
    "points as a float": ("loss?points=1e3", "/points", "wrong_type"),
    "points with an underscore": ("loss?points=1_0", "/points", "wrong_type"),
    "points in wide digits": ("loss?points=%EF%BC%91%EF%BC%90", "/points", "wrong_type"),
    "more than is asked": ("loss?run=0", "/run", "unknown_field"),
    "a surface of one point": ("surface?size=1", "/size", "out_of_range"),
    "a surface too fine": ("surface?size=1000000000", "/size", "out_of_range"),
    "another plane": ("surface?plane=nonsense", "/plane", "unknown_name"),
    "no such axis": ("surface?x=W9[0,0]", "/x", "unknown_name"),
    "an axis out of bounds": ("surface?y=W1[4,0]", "/y", "unknown_name"),
    "a negative index": ("surface?x=W1[-1,0]", "/x", "unknown_name"),
    "an axis with one index": ("surface?x=W1[0]", "/x", "unknown_name"),
    "an axis with two indices": ("surface?y=b1[0,0]", "/y", "unknown_name"),
    "a small letter": ("surface?x=w1[0,0]", "/x", "unknown_name"),
    "a space": ("surface?x=W1[0, 0]", "/x", "unknown_name"),
    "an empty axis": ("surface?x=", "/x", "unknown_name"),
    "a null byte": ("surface?x=b1[0]%00", "/x", "unknown_name"),
    "no UTF-8": ("surface?x=%FF", "/x", "unknown_name"),
    "an endless axis": (f"surface?x={'W' * 5000}", "/x", "*"),
    "one axis twice": ("surface?x=b1[0]&y=b1[0]", "/y", "conflict_fields"),
    "an extent of NaN": ("surface?x_min=nan", "/x_min", "not_finite"),
    "an endless extent": ("surface?y_max=inf", "/y_max", "not_finite"),
    "an extent beyond all": ("surface?y_max=1e400", "/y_max", "not_finite"),
    "an extent too large": ("surface?x_max=1e7", "/x_max", "out_of_range"),
    "an extent in words": ("surface?x_min=left", "/x_min", "wrong_type"),
    "an extent turned round": ("surface?x_min=2&x_max=1", "/x_max", "out_of_range"),
    "an extent of nothing": ("surface?y_min=1&y_max=1", "/y_max", "out_of_range"),
    "an extent of nothing in the middle": ("surface?x_min=0&x_max=0", "/x_max", "out_of_range"),
    "an extent of 1e30": ("surface?x_max=1e30", "/x_max", "out_of_range"),
    "a held picture in words": ("surface?held=all", "/held", "wrong_shape"),
    "a held picture of three ends": ("surface?held=0,1,2", "/held", "wrong_shape"),
    "a held picture turned round": ("surface?held=1,0,0,1", "/held", "wrong_shape"),
    "a held picture of NaN": ("surface?held=nan,1,0,1", "/held", "wrong_shape"),
    "no such loss": ("surface?loss=hope", "/loss", "unknown_name"),
    "a plane to nowhere": ("surface?plane=between&other=5", "/other", "out_of_range"),
    "a plane to itself": ("surface?plane=between&run=2&other=2", "/other", "conflict_fields"),
    "a seed in words": ("surface?plane=random&seed=luck", "/seed", "wrong_type"),
    "a negative seed": ("surface?plane=random&seed=-1", "/seed", "out_of_range"),
    "biases perhaps": ("surface?plane=random&biases=maybe", "/biases", "unknown_name"),
    "a plane of zeros": ("surface?plane=random&run=4&step=0", "/plane", "no_scale"),
    "a surface that reaches nowhere": ("surface?reach=0", "/reach", "out_of_range"),
    "relief of no run": ("relief?run=9", "/run", "out_of_range"),
    "relief of a point": ("relief?reach=0", "/reach", "out_of_range"),
    "relief as far as words": ("relief?reach=far", "/reach", "wrong_type"),
    "a slice along nothing": ("slice?parameter=W9[0,0]", "/parameter", "unknown_name"),
    "a slice along nothing else": ("slice?other=b9[0]", "/other", "unknown_name"),
    "a slice of one point": ("slice?size=1", "/size", "out_of_range"),
    "a slice too fine": ("slice?size=10000", "/size", "out_of_range"),
    "a slice turned round": ("slice?x_min=1&x_max=0", "/x_max", "out_of_range"),
    "a slice of no run": ("slice?run=9", "/run", "out_of_range"),
    "a curvature on no plane": ("curvature?plane=bent", "/plane", "unknown_name"),
    "a curvature of no run": ("curvature?run=9", "/run", "out_of_range"),
    "a curvature along one axis": ("curvature?x=b1[0]&y=b1[0]", "/y", "conflict_fields"),
    "a map of one point": ("outputs?size=1", "/size", "out_of_range"),
    "a map too fine": ("outputs?size=257", "/size", "out_of_range"),
    "a map across no input": ("outputs?across=2", "/across", "out_of_range"),
    "a map up an input in words": ("outputs?up=x1", "/up", "wrong_type"),
    "a map over one input twice": ("outputs?across=1&up=1", "/up", "conflict_fields"),
    "a frame across no input": ("frame?size=4&across=-1", "/across", "out_of_range"),
    "a neuron that is not there": ("outputs?neuron=b9[0]", "/neuron", "unknown_name"),
    "a neuron that is a weight": ("outputs?neuron=W1[0,0]", "/neuron", "unknown_name"),
    "neurons perhaps": ("outputs?neurons=perhaps", "/neurons", "unknown_name"),
    "an unknown question": ("outputs?colour=red", "/colour", "unknown_field"),
}


@pytest.mark.parametrize("case", QUERIES)
def test_a_bad_question_is_refused_where_it_is_bad(
    basin: Client, untouched: Experiment, case: str
) -> None:
    question, pointer, code = QUERIES[case]
    (error,) = refused(basin, "GET", f"{untouched.url}/{question}", 422)
    assert error["pointer"] == pointer
    assert code in ("*", error["code"])
    assert error["in"] == "query"


def test_an_axis_that_does_not_exist_is_told_those_that_do(
    basin: Client, untouched: Experiment
) -> None:
    (error,) = refused(basin, "GET", f"{untouched.url}/surface?x=W9[0,0]", 422)
    assert error["allowed"]["names"] == untouched.summary()["parameter_names"]


def test_a_run_that_does_not_exist_is_told_those_that_do(
    basin: Client, untouched: Experiment
) -> None:
    for run in (5, 99):
        (error,) = refused(basin, "GET", f"{untouched.url}/parameters?run={run}", 422)
        assert error["allowed"] == {"minimum": 0, "maximum": 4}


def test_a_language_that_there_is_not_is_told_those_there_are(basin: Client) -> None:
    (error,) = refused(basin, "GET", "/api/catalog?lang=fr", 422)
    assert (error["pointer"], error["code"]) == ("/lang", "unknown_name")
    assert error["allowed"]["names"] == ["en", "zh-CN"]


UNKNOWN = ["nonsense", "x" * 65, "x" * 5000, "a%00b", "%FF", "..%2Fx", "名", "' OR 1=1 --"]


@pytest.mark.parametrize("id", UNKNOWN)
@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "", None),
        ("DELETE", "", None),
        ("PATCH", "", {"optimizer": {}}),
        ("POST", "/steps", {}),
        ("POST", "/rewind", {"step": 0}),
        ("GET", "/loss", None),
        ("GET", "/data", None),
        ("GET", "/parameters", None),
        ("PATCH", "/parameters", {"b": B}),
        ("GET", "/gradients", None),
        ("GET", "/surface", None),
        ("GET", "/outputs", None),
        ("GET", "/relief", None),
        ("GET", "/slice", None),
        ("GET", "/curvature", None),
    ],
)
def test_an_unknown_experiment_is_not_found(
    basin: Client, method: str, path: str, body: Any, id: str
) -> None:
    request = {} if body is None else {"json": body}
    errors = refused(basin, method, f"/api/experiments/{id}{path}", 404, **request)
    assert [error["code"] for error in errors] in (["unknown_experiment"], ["not_found"])


def test_a_deleted_experiment_is_unknown(basin: Client) -> None:
    experiment = basin.create()
    assert basin.ask("DELETE", experiment.url, 204) is None
    (error,) = refused(basin, "GET", experiment.url, 404)
    assert error["code"] == "unknown_experiment"
    refused(basin, "DELETE", experiment.url, 404)


ELSEWHERE = ["/nonsense", "/api", "/api/", "/api/experiments/", "/api/experiments/a/b", "/assets/x"]


@pytest.mark.parametrize("path", ELSEWHERE)
@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
def test_another_address_is_not_found(basin: Client, method: str, path: str) -> None:
    (error,) = refused(basin, method, path, 404)
    assert error["code"] == "not_found"


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/api/experiments"), ("PUT", "/api/experiments/x"), ("DELETE", "/api/catalog"),
     ("GET", "/api/experiments/x/steps"), ("DELETE", "/"), ("PUT", "/healthz"),
     ("POST", "/api/catalog"), ("PATCH", "/api/experiments/x/gradients")],
)  # fmt: skip
def test_a_method_that_there_is_not_is_refused(basin: Client, method: str, path: str) -> None:
    (error,) = refused(basin, method, path, 405)
    assert error["code"] == "method_not_allowed"


STALE: list[tuple[tuple[str, str], Any]] = [
    (STEPS, {"count": 1}),
    (REWIND, {"step": 0}),
    (OPTIMIZER, {"optimizer": {"learning_rate": 0.5}}),
    (PARAMETERS, {"b": B}),
]


@pytest.mark.parametrize(("call", "body"), STALE)
@pytest.mark.parametrize("offset", [-1, 1, 1000])
def test_a_stale_version_is_a_conflict(
    basin: Client, untouched: Experiment, call: tuple[str, str], body: Any, offset: int
) -> None:
    current = untouched.summary()["version"]
    request = {"json": {**body, "version": current + offset}}
    (error,) = refused(basin, call[0], untouched.url + call[1], 409, **request)
    assert (error["pointer"], error["code"]) == ("/version", "stale_version")
    assert error["allowed"] == {"version": current}


@pytest.mark.parametrize(("call", "body"), STALE)
def test_the_present_version_is_not_stale_and_the_next_is_one_more(
    basin: Client, call: tuple[str, str], body: Any
) -> None:
    experiment = basin.create()
    request: dict[str, Any] = {"json": {**body, "version": 1}}
    assert basin.ask(call[0], experiment.url + call[1], **request)["version"] == 2
    assert experiment.summary()["version"] == 2
    refused(basin, call[0], experiment.url + call[1], 409, **request)


def test_training_that_would_take_for_ever_is_refused_with_the_most_that_would_not(
    basin: Client,
) -> None:
    layers = [{"units": 64, "activation": "tanh"}] * 10 + [{"units": 1, "activation": "sigmoid"}]
    experiment = basin.create(data={"samples": 2000}, layers=layers)
    body = {"json": {"count": 10_000}}
    (error,) = refused(basin, "POST", experiment.url + "/steps", 422, **body)
    assert (error["pointer"], error["code"]) == ("/count", "too_much_work")
    assert 1 <= error["allowed"]["maximum"] < 10_000
    assert experiment.summary()["version"] == 1
