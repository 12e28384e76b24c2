"""Mysteries that no answer tells before they are revealed, and QR codes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app.web.qr_code import TEXT
from tests.lab.client import Client, Experiment, serving

RECIPE = {
    "weights": {"name": "truncated_normal", "std": 0.271828},
    "biases": {"name": "uniform", "limit": 0.314159},
}
SEED, RUN_SEED, LABEL, WORD = 424243, 987654, "What nobody may read", "Shibboleth"
SPEC = {
    "layers": [{"units": 3, "activation": "tanh"}, {"units": 1, "activation": "sigmoid"}],
    "data": {"name": "circle", "samples": 40},
    "batch_size": 7,
    "seed": SEED,
    "runs": [
        {"label": LABEL, "seed": RUN_SEED, "recipe": RECIPE},
        {"recipe": {"weights": {"name": "he_normal"}, "biases": {"name": "zeros"}}},
    ],
}
HIDDEN = ("truncated_normal", "0.271828", "0.314159", str(SEED), str(RUN_SEED), LABEL, WORD)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("classes")


@pytest.fixture(scope="module")
def basin(folder: Path) -> Iterator[Client]:
    with serving(folder) as client:
        yield client


def seal(client: Client, **asked: Any) -> Any:
    return client.post("/api/mysteries", {"spec": SPEC, "runs": [0], **asked}, 201)


def begun(client: Client, mystery: Any, step: int = 0) -> Experiment:
    return client.create(mystery=mystery["id"], step=step)


def told_in(body: str) -> list[str]:
    """What of the secret a body tells, beside the list of options, which names every one."""
    try:
        document = json.loads(body)
    except ValueError:
        return [word for word in HIDDEN if word in body]
    if isinstance(document, dict):
        (document.get("mystery") or {}).pop("options", None)
    text = json.dumps(document, ensure_ascii=False)
    return [word for word in HIDDEN if word in text]


CALLS = (
    "",
    "/loss",
    "/parameters",
    "/parameters.npz",
    "/data",
    "/batches",
    "/masks",
    "/code",
    "/code?target=pytorch",
    "/code?target=notebook",
    "/gradients",
    "/outputs",
    "/metrics",
    "/trace?parameter=W1[0,0]",
    "/diagnostics",
    "/diagnostics/history",
    "/frame",
    "/surface",
    "/relief",
    "/slice?parameter=W1[0,0]",
    "/curvature",
    "/sharpness",
)
"""Every call that reads an experiment."""
OF_NO_EXPERIMENT = ("/studies/<id>", "/studies/<id>/runs.csv", "/studies/<id>/experiment")
ABOUT_NOTHING = ("/api/catalog", "/api/lessons", "/api/lessons/xor", "/api/lesson-schema")


@pytest.fixture(scope="module")
def mystery(basin: Client) -> Any:
    return seal(basin, reveal={"when": "word", "word": WORD})


@pytest.fixture(scope="module")
def trained(basin: Client, mystery: Any) -> Experiment:
    made = begun(basin, mystery, 3)
    made.change_rate(0.5)
    made.train(2)
    return made


def read(client: Client, url: str) -> tuple[int, str]:
    with client.application.test_client().get(url) as answer:
        return answer.status_code, answer.get_data().decode("utf-8", "replace")


def test_every_call_that_reads_is_looked_at(basin: Client) -> None:
    known = {f"/api/experiments/<id>{call.partition('?')[0]}" for call in CALLS}
    known |= {f"/api{call}" for call in OF_NO_EXPERIMENT}
    known |= {"/api/catalog", "/api/lessons", "/api/lessons/<id>", "/api/lesson-schema"}
    rules = basin.application.url_map.iter_rules()
    reading = {str(rule) for rule in rules if "GET" in (rule.methods or ())}
    assert {rule for rule in reading if rule.startswith("/api/")} == known


@pytest.mark.parametrize("call", CALLS)
def test_no_call_tells_a_mystery(trained: Experiment, call: str) -> None:
    status, body = read(trained.client, trained.url + call)
    assert status == (403 if call.startswith("/code") else 200), body
    assert told_in(body) == []


@pytest.mark.parametrize("path", ABOUT_NOTHING)
def test_what_is_no_experiment_is_as_it_was_before_a_mystery(
    basin: Client, tmp_path: Path, mystery: Any, path: str
) -> None:
    with serving(tmp_path) as other:
        assert read(basin, path) == read(other, path)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/steps", {"count": 1, "views": {"outputs": {}, "inside": {}, "path": {}}}),
        ("POST", "/rewind", {"step": 2}),
        ("PATCH", "", {"optimizer": {"name": "adam"}}),
        ("PATCH", "/parameters", {"values": {"W1[0,0]": 0.5}}),
        ("POST", "/branch", {"step": 1}),
        ("POST", "/branch", {"step": 0, "change": {"run": 0, "recipe": RECIPE}}),
        ("POST", "/branch", {"step": 0, "change": {"run": 0, "seed": 1}}),
        ("POST", "/reveal", {"word": "another"}),
        ("POST", "/reveal", {}),
    ],
)
def test_no_change_tells_a_mystery(
    basin: Client, mystery: Any, method: str, path: str, body: dict[str, Any]
) -> None:
    url = begun(basin, mystery, 3).url
    with basin.application.test_client().open(url + path, method=method, json=body) as answer:
        text = answer.get_data(as_text=True)
    asked = json.dumps(body)
    assert answer.status_code < 500
    assert [word for word in told_in(text) if word not in asked] == []
    branched = json.loads(text).get("id")
    if branched:
        assert told_in(read(basin, f"/api/experiments/{branched}")[1]) == []


def test_a_recipe_cannot_be_tried_out_on_the_hidden_seed(basin: Client, mystery: Any) -> None:
    made = begun(basin, mystery)
    change = {"run": 0, "recipe": RECIPE}
    problem = basin.post(f"{made.url}/branch", {"step": 0, "change": change}, 403)
    assert problem["errors"][0]["code"] == "sealed"


def test_nothing_else_can_be_made_of_a_mystery(basin: Client, mystery: Any) -> None:
    asked = {"spec": {"mystery": mystery["id"]}}
    for path in ("/api/studies", "/api/mysteries"):
        problem = basin.post(path, asked, 422)
        assert problem["errors"][0]["pointer"] == "/spec/mystery"
    document = begun(basin, mystery).summary()["spec"]
    problem = basin.post("/api/experiments", {**document, "loss": "mse"}, 422)
    assert problem["errors"] == [
        {
            "pointer": "/loss",
            "code": "sealed",
            "detail": "belongs to the mystery, and cannot be changed before it is revealed",
            "allowed": {},
            "received": None,
        }
    ]


def test_the_spec_of_a_mystery_makes_the_same_experiment(basin: Client, mystery: Any) -> None:
    first = begun(basin, mystery, 4)
    again = basin.create(first.summary()["spec"], step=4)
    revealed = basin.post(f"{begun(basin, mystery).url}/reveal", {"word": WORD})
    original = basin.create(revealed["spec"], step=4)
    losses = [each.client.get(f"{each.url}/loss")["train"] for each in (first, again, original)]
    assert losses[0] == losses[1] == losses[2]


def test_a_mystery_outlives_its_server(folder: Path, mystery: Any, trained: Experiment) -> None:
    with serving(folder) as other:
        assert told_in(json.dumps(trained.on(other).summary())) == []
        assert begun(other, mystery).summary()["spec"]["mystery"] == mystery["id"]
        told = other.post(f"{trained.url}/reveal", {"word": f" {WORD.upper()} "})
        assert told["spec"]["runs"][0]["recipe"] == RECIPE
        assert told["spec"]["runs"][0]["label"] == LABEL
        options, (answer,) = told["mystery"]["options"], told["mystery"]["answers"]
        assert options[answer] == RECIPE
    with serving(folder) as third:
        assert trained.on(third).summary()["mystery"]["revealed"] is True
        assert third.get(f"{trained.url}/diagnostics")["runs"][0]["layers"][0]["activation"][
            "expected_std"
        ]


def test_another_server_of_the_store_tells_what_was_revealed_meanwhile(folder: Path) -> None:
    with serving(folder) as one, serving(folder) as two:
        made = begun(one, seal(one))
        assert "recipe" not in made.on(two).summary()["spec"]["runs"][0]
        one.post(f"{made.url}/reveal", {})
        assert made.on(two).summary()["spec"]["runs"][0]["recipe"] == RECIPE
        assert one.post(f"{made.url}/reveal", {})["version"] == 2


def test_a_mystery_is_told_from_its_step_on(basin: Client) -> None:
    made = begun(basin, seal(basin, reveal={"when": "step", "step": 5}), 4)
    problem = basin.post(f"{made.url}/reveal", {}, 403)
    assert problem["errors"][0]["allowed"] == {"minimum": 5}
    made.train(1)
    assert basin.post(f"{made.url}/reveal", {})["spec"]["seed"] == SEED


def begins_of(basin: Client, experiment: Experiment, runs: int) -> list[Any]:
    url = f"{experiment.url}/parameters"
    parameters = [basin.get(url, step=0, run=run) for run in range(runs)]
    return [(each["W"], each["b"]) for each in parameters]


def test_hidden_runs_begin_with_other_numbers_than_the_stated_seeds_draw(basin: Client) -> None:
    recipes = [{"weights": {"name": name}} for name in ("he_normal", "normal")]
    spec = {"runs": [{"recipe": recipes[0]}, *({"recipe": recipe} for recipe in recipes)]}
    mysteries = [basin.post("/api/mysteries", {"spec": spec, "runs": [1, 2]}, 201) for _ in "ab"]
    stated = begins_of(basin, basin.create(spec), 3)
    for mystery in mysteries:
        seen = begins_of(basin, begun(basin, mystery), 3)
        assert seen[0] == stated[0]  # in sight, and as it was stated
        assert not any(hidden in stated for hidden in seen[1:])


def test_seeds_of_hidden_runs_are_drawn_from_all_there_are_each_by_itself(basin: Client) -> None:
    spec = {"seed": 7, "runs": [{"recipe": RECIPE, "seed": 7}] * 16}
    told = [
        basin.post(f"{begun(basin, seal(basin, spec=spec, runs=None)).url}/reveal", {})
        for _ in "ab"
    ]
    seeds = [run["seed"] for each in told for run in each["spec"]["runs"]]
    assert len(set(seeds)) == 32
    assert max(seeds) > 2**28  # of 32 draws from 2³² all are below by a chance of 2⁻¹²⁸
    assert [each["spec"]["seed"] for each in told] == [7, 7]


def test_options_stand_in_an_order_that_tells_nothing(basin: Client) -> None:
    he = SPEC["runs"][1]["recipe"]  # type: ignore[index]
    one = seal(basin, options=[RECIPE, he])["options"]
    two = seal(basin, options=[he, RECIPE])["options"]
    other = seal(basin, options=[he, RECIPE], runs=[1])["options"]
    assert one == two == other
    assert len(seal(basin)["options"]) == 6


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"runs": [2]}, "/runs"),
        ({"runs": []}, "/runs"),
        ({"spec": {"layers": [{"units": 0}]}}, "/spec/layers/0/units"),
        ({"spec": {"seed": -1}}, "/spec/seed"),
        ({"reveal": {"when": "word", "word": "  "}}, "/reveal/word"),
        ({"reveal": {"when": "word", "word": "\u200b\u2060"}}, "/reveal/word"),
        ({"reveal": {"when": "step"}}, "/reveal/step"),
        ({"reveal": {"when": "step", "step": 1.5}}, "/reveal/step"),
        ({"reveal": {"when": "step", "step": 4_000_001}}, "/reveal/step"),
        ({"reveal": {"when": "never"}}, "/reveal/when"),
        ({"options": [RECIPE]}, "/options"),
        ({"options": [{"weights": {"name": "magic"}}, RECIPE]}, "/options/0/weights/name"),
    ],
)
def test_a_mystery_that_cannot_be(basin: Client, asked: dict[str, Any], pointer: str) -> None:
    problem = basin.post("/api/mysteries", {"spec": SPEC, "runs": [0], **asked}, 422)
    assert problem["errors"][0]["pointer"] == pointer


def test_a_run_of_given_parameters_is_no_mystery(basin: Client) -> None:
    given = {"W": [[[1.0, 2.0]]], "b": [[0.0]]}
    layers = [{"units": 1, "activation": "sigmoid"}]
    spec = {"layers": layers, "runs": [{"parameters": given}]}
    problem = basin.post("/api/mysteries", {"spec": spec}, 422)
    assert problem["errors"][0]["pointer"] == "/spec/runs/0"


def test_no_mystery(basin: Client) -> None:
    assert basin.post("/api/experiments", {"mystery": "none"}, 404)["title"] == "No such mystery"
    made = basin.create({})
    assert basin.post(f"{made.url}/reveal", {}, 422)["errors"][0]["code"] == "no_mystery"


def drawn(basin: Client, text: str) -> str:
    with basin.application.test_client().post("/api/qr-code", json={"text": text}) as answer:
        assert answer.status_code == 200
        assert answer.mimetype == "image/svg+xml"
        return answer.get_data(as_text=True)


def test_a_link_is_drawn_as_a_code(basin: Client) -> None:
    small, large = drawn(basin, "https://basin.example.org/#v1"), drawn(basin, "线" * (TEXT // 3))
    assert small.startswith("<?xml")
    assert "<script" not in small
    assert len(large) > 4 * len(small)


@pytest.mark.parametrize("text", ["", "x" * (TEXT + 1), "线" * (TEXT // 2)])
def test_a_text_that_is_too_long_for_a_code(basin: Client, text: str) -> None:
    (error,) = basin.post("/api/qr-code", {"text": text}, 422)["errors"]
    assert (error["pointer"], error["allowed"]) == ("/text", {"minimum": 1, "maximum": TEXT})
