"""Studies over HTTP: their answers, against experiments that are trained one at a time."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from app.errors import StoreFull, StoreUnavailable
from app.lab.study.line import EACH, RUNNING, WAITING, Line
from app.lab.study.repository import StudyRepository
from tests.lab.client import Client, serving
from tests.web.api.studies import Study, create, numbers
from tests.web.problems import places, refused

DROPOUT = {
    "layers": [{"units": 4, "dropout": 0.2}, {"units": 1, "activation": "sigmoid"}],
    "batch_size": 50,
}
DIVERGING = {
    "data": {"name": "reg-plane", "samples": 50},
    "layers": [{"units": 4, "activation": "relu"}, {"units": 1, "activation": "linear"}],
    "loss": "mse",
    "optimizer": {"name": "gradient_descent", "learning_rate": 10.0},
    "runs": [
        {"recipe": {"weights": {"name": "normal", "std": 10.0}}},
        {"recipe": {"weights": {"name": "zeros"}}, "optimizer": {"learning_rate": 0.1}},
    ],
}
RUNS = [{"recipe": {"weights": {"name": "normal", "std": 0.1 + 0.01 * i}}} for i in range(16)]
RATES = [0.01 * (i + 1) for i in range(74)]
HARD = {"seeds": {"count": 4000}, "steps": 60}
"""A study that is still running when a test has done with it."""


@pytest.fixture(scope="module")
def basin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    with serving(tmp_path_factory.mktemp("store"), study_processes=2) as client:
        yield client


@pytest.fixture(scope="module")
def opening(basin: Client) -> Study:
    """200 seeds of the opening experiment."""
    study = create(basin, seeds={"count": 200}, steps=80, target=0.3)
    study.done()
    return study


def same_as_experiment(study: Study, answer: Any, seed: int, cell: int = 0) -> None:
    """Every number of a seed is that of its experiment, as anybody may create it."""
    result = answer["cells"][cell]
    place = numbers(result["seeds"]).tolist().index(seed)
    experiment = study.client.create(study.experiment(cell=cell, seed=seed))
    frames = experiment.train(answer["steps"], views={"metrics": True})
    losses = experiment.loss()
    assert losses["steps"] == list(range(answer["steps"] + 1))
    seen = answer["steps_recorded"]
    if answer["target_seen"] == "every_step":
        seen = losses["steps"]
    for run, recipe in enumerate(result["recipes"]):
        train = losses["train"][run]
        final = recipe["final"]
        found = [
            None if np.isnan(number) else number
            for number in (numbers(final["train"])[place], numbers(final["test"])[place])
        ]
        assert found == [train[-1], losses["test"][run][-1]]
        score = frames["metrics"][run]["test"]
        assert final["accuracy"] is None or numbers(final["accuracy"])[place] == score
        reached = [step for step in seen if (train[step] or 1e9) <= answer["target"]]
        value = numbers(recipe["steps_to_target"]["values"])[place]
        assert (np.isnan(value) and not reached) or value == reached[0]


@pytest.mark.parametrize("seed", [7, 8, 41, 120, 206])
def test_every_number_of_the_opening_study_is_its_experiments(opening: Study, seed: int) -> None:
    same_as_experiment(opening, opening.read(), seed)


def test_the_curves_are_the_quantiles_of_the_experiments(basin: Client) -> None:
    study = create(basin, seeds={"count": 5}, steps=30, target=0.3)
    recipes = study.done()["cells"][0]["recipes"]
    train, test = [], []
    for seed in range(7, 12):
        experiment = basin.create(study.experiment(seed=seed))
        experiment.train(30)
        losses = experiment.loss()
        train.append(losses["train"])
        test.append(losses["test"])
    names = {"q05": 0.05, "q25": 0.25, "median": 0.5, "q75": 0.75, "q95": 0.95}
    for run, recipe in enumerate(recipes):
        for curve, found in (("loss", train), ("test_loss", test)):
            of_run = np.array(found)[:, run]
            for name, q in names.items():
                assert recipe[curve][name] == np.quantile(of_run, q, axis=0).tolist()


@pytest.mark.parametrize("vary", ["init", "all"])
@pytest.mark.parametrize("spec", [{}, DROPOUT], ids=["full batch", "mini-batches and dropout"])
def test_both_ways_of_varying_repeat_experiments(basin: Client, spec: Any, vary: str) -> None:
    study = create(basin, spec, vary=vary, seeds={"first": 3, "count": 4}, steps=12, target=0.69)
    answer = study.done()
    assert answer["target_seen"] == ("recorded_steps" if spec else "every_step")
    for seed in (3, 6):
        same_as_experiment(study, answer, seed)


def test_a_cell_of_a_grid_repeats_its_experiment(basin: Client) -> None:
    grid = {"learning_rate": [0.3, 1], "units": [2, 5]}
    study = create(basin, seeds={"count": 3}, steps=8, target=0.6, grid=grid)
    answer = study.done()
    assert [cell["grid"] for cell in answer["cells"]] == [
        {"learning_rate": rate, "units": units} for rate in (0.3, 1) for units in (2, 5)
    ]
    for cell in range(4):
        same_as_experiment(study, answer, 9, cell)
    (only,) = study.read(cell=2)["cells"]
    assert only == answer["cells"][2]


def test_an_answer_says_what_was_asked(opening: Study) -> None:
    answer = opening.read()
    assert answer["seeds"] == {"first": 7, "count": 200}
    labels = [recipe["label"] for recipe in answer["cells"][0]["recipes"]]
    assert labels == ["glorot", "article", "zero_weights", "same_weights", "all_zeros"]
    assert (answer["vary"], answer["steps"], answer["grid"]) == ("init", 80, {})
    assert (answer["status"], answer["place"], answer["problem"]) == ("done", None, None)
    assert (answer["done"], answer["total"]) == (1000, 1000)
    assert (answer["target"], answer["target_choice"]) == (0.3, None)
    assert answer["steps_recorded"] == list(range(81))
    assert answer["failures"] == []


def test_counts_and_shares_agree(opening: Study) -> None:
    (cell,) = opening.read()["cells"]
    assert [recipe["seeds"] for recipe in cell["recipes"]] == [200] * 5
    for recipe in cell["recipes"]:
        values = numbers(recipe["steps_to_target"]["values"])
        reached = recipe["steps_to_target"]["reached"]
        assert reached == np.isfinite(values).sum()
        assert recipe["reached"]["share"][-1] == reached / 200
        assert recipe["diverged"] == 0
    for pair in cell["pairs"]:
        assert sum(pair[name] for name in ("a_sooner", "b_sooner", "tied", "neither")) == 200
    assert [(pair["a"], pair["b"]) for pair in cell["pairs"]][:5] == [
        (0, 1), (0, 2), (0, 3), (0, 4), (1, 2)
    ]  # fmt: skip


def test_glorot_is_the_best_of_the_opening_runs(opening: Study) -> None:
    said = opening.read()["cells"][0]["verdict"]
    assert (said["enough"], said["best"]) == (True, 0)
    assert {finding["conclusion"] for finding in said["against"]} == {"sooner"}


def test_another_target_reads_everything_anew(basin: Client) -> None:
    study = create(basin, seeds={"count": 25}, steps=40, target=0.3)
    other = create(basin, seeds={"count": 25}, steps=40, target=0.55)
    study.done()
    other.done()
    again, asked = study.read(target=0.55), other.read()
    assert again["target"] == 0.55
    assert again["cells"] == asked["cells"]
    assert study.read()["target"] == 0.3


def test_an_own_target_may_have_any_digits(basin: Client) -> None:
    study = create(basin, seeds={"count": 2}, steps=30, target=0.5123456)
    answer = study.done()
    same_as_experiment(study, answer, 8)
    assert study.read(target=0.5123456)["cells"] == answer["cells"]
    errors = refused(basin, "GET", study.url, 422, query_string={"target": 0.51234567})
    assert places(errors) == [("/target", "too_precise")]
    assert errors[0]["allowed"] == {"digits": 3}


def test_a_default_target_separates_the_recipes_and_says_so(basin: Client) -> None:
    answer = create(basin, seeds={"count": 24}, steps=60).done()
    choice = answer["target_choice"]
    assert choice["reason"] == "separates"
    assert choice["seeds"] == 20
    assert answer["target"] in choice["candidates"]


def test_many_seeds_are_sent_as_typed_arrays(basin: Client) -> None:
    study = create(basin, {"runs": [{}]}, seeds={"count": 1001}, steps=1, target=0.69)
    answer = study.done()
    (cell,) = answer["cells"]
    assert cell["seeds"]["shape"] == "1001"
    same_as_experiment(study, answer, 1007)
    assert cell["pairs"] == []


def test_a_run_that_diverges_has_not_reached_and_is_never_dropped(basin: Client) -> None:
    study = create(basin, DIVERGING, seeds={"count": 20}, steps=10, target=0.2)
    (cell,) = study.done()["cells"]
    first, second = cell["recipes"]
    assert first["diverged"] == 20
    assert numbers(first["final"]["train"]).tolist() == pytest.approx([np.nan] * 20, nan_ok=True)
    assert first["loss"]["median"][-1] is None
    assert first["steps_to_target"]["reached"] == 0
    assert second["diverged"] == 0
    assert first["final"]["accuracy"] is None
    assert cell["pairs"][0]["b_lower"] == 20


def test_one_seed_and_two_equal_recipes_are_a_study(basin: Client) -> None:
    study = create(basin, {"runs": [{}, {}]}, seeds={"count": 1}, steps=5, target=0.1)
    (cell,) = study.done()["cells"]
    assert cell["verdict"]["enough"] is False
    assert cell["pairs"][0]["neither"] == 1
    assert cell["pairs"][0]["factor"] == {
        "median": None, "low": None, "high": None, "seeds": 0, "at_start": 0
    }  # fmt: skip


@pytest.mark.parametrize(("target", "reached"), [(1e-12, 0), (1e12, 20)])
def test_a_target_that_none_or_all_reach_at_once_is_answered(
    basin: Client, target: float, reached: int
) -> None:
    study = create(basin, seeds={"count": 20}, steps=5, target=target)
    (cell,) = study.done()["cells"]
    for recipe in cell["recipes"]:
        assert recipe["steps_to_target"]["reached"] == reached
    assert all(pair["tied"] == reached for pair in cell["pairs"])


def test_the_runs_are_sent_as_csv(basin: Client) -> None:
    spec = {"runs": [{"label": '=a, "b"'}, {}]}
    study = create(basin, spec, seeds={"count": 4}, steps=6, target=0.69, grid={"noise": [0, 0.1]})
    answer = study.done()
    lines = list(csv.DictReader(io.StringIO(study.csv())))
    assert len(lines) == 2 * 4 * 2
    assert [line["seed"] for line in lines[:4]] == ["7", "7", "8", "8"]
    of_spreadsheet = "'"  # else it is a formula there
    assert {line["label"] for line in lines} == {of_spreadsheet + '=a, "b"', "article"}
    for line in lines:
        cell = answer["cells"][int(line["cell"])]
        assert float(line["noise"]) == cell["grid"]["noise"]
        recipe, place = cell["recipes"][int(line["run"])], int(line["seed"]) - 7
        assert float(line["final_train"]) == recipe["final"]["train"][place]
        assert float(line["final_test"]) == recipe["final"]["test"][place]
        assert float(line["accuracy"]) == recipe["final"]["accuracy"][place]
        value = recipe["steps_to_target"]["values"][place]
        assert line["steps_to_target"] == ("" if value is None else str(value))
        assert line["diverged_at"] == ""
    other = list(csv.DictReader(io.StringIO(study.csv(target=0.1))))
    assert {line["steps_to_target"] for line in other} == {""}
    untold = list(csv.DictReader(io.StringIO(study.csv(answers="off"))))
    assert untold == [{k: v for k, v in line.items() if k != "diverged_at"} for line in lines]


def test_a_study_is_accepted_with_its_place(basin: Client) -> None:
    body = {"spec": {}, "seeds": {"count": 2}, "steps": 2}
    with basin.application.test_client().post("/api/studies", json=body) as answer:
        assert answer.status_code == 202
        study = answer.get_json()
        assert answer.headers["Location"] == f"/api/studies/{study['id']}"
    assert (study["status"], study["place"]) == ("queued", 1)
    assert (study["done"], study["total"]) == (0, 10)
    assert study["cells"][0]["recipes"][0]["seeds"] == 0
    Study(basin, study["id"]).done()


def test_an_answer_grows_as_blocks_come_in(basin: Client) -> None:
    study = create(basin, **HARD)
    answer = study.until(lambda answer: 0 < answer["done"] < answer["total"])
    assert answer["status"] == "running"
    first = study.until(lambda answer: answer["cells"][0]["recipes"][0]["seeds"] > 0)
    (cell,) = first["cells"]
    assert len(numbers(cell["seeds"])) == cell["recipes"][0]["seeds"]
    basin.ask("DELETE", study.url, 204)


def test_a_cancelled_study_keeps_what_is_trained(basin: Client) -> None:
    study = create(basin, **HARD)
    study.until(lambda answer: answer["done"] > 0)
    answer = basin.ask("POST", f"{study.url}/cancel")  # without a body, as a browser sends it
    assert answer["status"] == "cancelled"
    assert 0 < answer["done"] < answer["total"]
    assert study.read()["done"] == answer["done"]
    assert basin.post(f"{study.url}/cancel", {})["done"] == answer["done"]


def test_a_deleted_study_is_gone(basin: Client) -> None:
    study = create(basin, **HARD)
    basin.ask("DELETE", study.url, 204)
    for method, path in (
        ("GET", study.url),
        ("DELETE", study.url),
        ("GET", f"{study.url}/runs.csv"),
        ("GET", f"{study.url}/experiment"),
    ):
        assert places(refused(basin, method, path, 404)) == [("/id", "unknown_study")]
    assert places(refused(basin, "POST", f"{study.url}/cancel", 404, json={})) == [
        ("/id", "unknown_study")
    ]


def test_experiments_and_studies_do_not_see_each_other(basin: Client, opening: Study) -> None:
    experiment = basin.create()
    refused(basin, "GET", f"/api/studies/{experiment.id}", 404)
    refused(basin, "DELETE", f"/api/studies/{experiment.id}", 404)
    for id in (opening.id, f"study/{opening.id}", f"study%2F{opening.id}", "line%2Fstudies"):
        refused(basin, "GET", f"/api/experiments/{id}", 404)
        refused(basin, "DELETE", f"/api/experiments/{id}", 404)
    refused(basin, "GET", "/api/studies/line%2Fstudies", 404)
    assert opening.read()["status"] == "done"


def test_there_is_no_list_of_studies(basin: Client) -> None:
    refused(basin, "GET", "/api/studies", 405)


def test_a_full_line_is_said_and_one_address_does_not_fill_it(basin: Client) -> None:
    body = {"spec": {}, **HARD}
    studies: list[Study] = []

    def ask(address: str, status: int = 202) -> Any:
        more = {"json": body, "environ_base": {"REMOTE_ADDR": address}}
        return basin.ask("POST", "/api/studies", status, **more)

    def is_refused(address: str, code: str, most: int) -> None:
        (error,) = ask(address, 429)["errors"]
        assert (error["code"], error["allowed"]["maximum"]) == (code, most)

    for number in range(RUNNING + WAITING):
        if number == EACH:
            is_refused("10.0.0.0", "line_used", EACH)
        studies.append(Study(basin, ask(f"10.0.0.{number // EACH}")["id"]))
    places_in_line = [study.read()["place"] for study in studies]
    assert places_in_line[RUNNING:] == list(range(RUNNING + 1, RUNNING + WAITING + 1))
    is_refused("10.0.0.9", "line_full", RUNNING + WAITING)
    with basin.application.test_client().post("/api/studies", json=body) as answer:
        assert int(answer.headers["Retry-After"]) > 0
    for study in studies:
        basin.ask("DELETE", study.url, 204)
    create(basin, seeds={"count": 1}, steps=1).done()


@pytest.mark.parametrize("error", [StoreFull("full"), StoreUnavailable("gone")])
def test_a_study_that_finds_no_place_in_the_line_is_not_kept(
    basin: Client, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    """It would be queued for ever."""
    made: list[str] = []
    create_record = StudyRepository.create

    def created(self: StudyRepository, id: str, *rest: Any) -> Any:
        made.append(id)
        return create_record(self, id, *rest)

    def join(*_: object) -> None:
        raise error

    monkeypatch.setattr(StudyRepository, "create", created)
    monkeypatch.setattr(Line, "join", join)
    refused(basin, "POST", "/api/studies", 503, json={"spec": {}})
    assert len(made) == 1
    refused(basin, "GET", f"/api/studies/{made[0]}", 404)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ("/spec", "missing")),
        # Each of 16 runs is compared with each in every cell: one answer has 73 cells of that.
        ({"spec": {"runs": RUNS}, "grid": {"learning_rate": RATES}}, ("/grid", "out_of_range")),
        ({"spec": {}, "seeds": {"count": 0}}, ("/seeds/count", "out_of_range")),
        ({"spec": {}, "seeds": {"count": 10**9}}, ("/seeds/count", "out_of_range")),
        ({"spec": {}, "seeds": {"count": "many"}}, ("/seeds/count", "wrong_type")),
        ({"spec": {}, "steps": 0}, ("/steps", "out_of_range")),
        ({"spec": {}, "vary": "inti"}, ("/vary", "unknown_name")),
        ({"spec": {}, "target": 0}, ("/target", "out_of_range")),
        ({"spec": {}, "target": -1}, ("/target", "out_of_range")),
        ({"spec": {}, "grid": {"momentum": [1]}}, ("/grid/momentum", "unknown_field")),
        ({"spec": {}, "grid": {"units": []}}, ("/grid/units", "out_of_range")),
        ({"spec": {}, "grid": {"units": [1.5]}}, ("/grid/units/0", "wrong_type")),
        ({"spec": {"runs": [{}] * 17}}, ("/spec/runs", "out_of_range")),
        ({"spec": {"layers": [{"units": 99}]}}, ("/spec/layers/0/units", "out_of_range")),
        ({"spec": {"loss": "hinge"}}, ("/spec/loss", "misfit")),
        ({"spec": {"data": {"name": "formula", "formula": "x1 +"}}},
         ("/spec/data/formula", "unexpected_end")),
        ({"spec": {}, "seeds": {"count": 10_000}, "steps": 50_000},
         ("/seeds/count", "too_much_work")),
    ],
)  # fmt: skip
def test_a_bad_request_points_at_the_field(basin: Client, asked: Any, found: Any) -> None:
    errors = refused(basin, "POST", "/api/studies", 422, json=asked)
    assert found in places(errors)


@pytest.mark.parametrize(
    ("path", "query", "found"),
    [
        ("", {"target": "nan"}, ("/target", "not_finite")),
        ("", {"cell": 1}, ("/cell", "out_of_range")),
        ("", {"cell": -1}, ("/cell", "out_of_range")),
        ("/experiment", {"seed": 6}, ("/seed", "out_of_range")),
        ("/experiment", {"seed": 207}, ("/seed", "out_of_range")),
        ("/experiment", {"cell": 1}, ("/cell", "out_of_range")),
        ("/runs.csv", {"target": 0.12345}, ("/target", "too_precise")),
    ],
)
def test_a_bad_query_names_its_parameter(
    basin: Client, opening: Study, path: str, query: Any, found: Any
) -> None:
    errors = refused(basin, "GET", opening.url + path, 422, query_string=query)
    assert places(errors) == [found]
    assert errors[0]["in"] == "query"
