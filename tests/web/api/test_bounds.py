"""No request makes an answer, or takes memory or time, without bound."""

import json
import re
import time
from typing import Any

import pytest

from app.__main__ import THREADS
from app.environment import ROOT
from app.lab import service
from app.lab.compute_queue import ComputeQueue
from app.lab.experiment import events
from app.lab.experiment.events import NewExperiment
from app.lab.experiment.setup import build
from app.lab.history import repository
from app.lab.spec import ranges
from app.lab.spec.parse import read
from app.lab.spec.ranges import ANSWER_BYTES, WORK_LIMIT
from tests.lab.client import Client, Experiment, serving
from tests.web.problems import refused

DEEP: dict[str, Any] = {
    "data": {"name": "circle", "samples": 10},
    "layers": [{"units": 64}] * 10 + [{"units": 1, "activation": "sigmoid"}],
    "runs": [{}],
}


@pytest.fixture(scope="module")
def deep(basin: Client) -> Experiment:
    """One run of the largest network."""
    return basin.create(DEEP)


def test_maps_of_every_neuron_are_bounded_in_bytes(basin: Client, deep: Experiment) -> None:
    for call in ("outputs", "frame"):
        query = {"size": 256, "neurons": "true"}
        [error] = refused(basin, "GET", f"{deep.url}/{call}", 422, query_string=query)
        assert (error["pointer"], error["code"]) == ("/size", "too_large_answer")
    most = error["allowed"]["maximum"]
    query = {"size": str(most), "neurons": "true"}
    with basin.application.test_client().get(f"{deep.url}/outputs", query_string=query) as answer:
        assert answer.status_code == 200
        assert 0.9 * ANSWER_BYTES < len(answer.get_data()) < 1.02 * ANSWER_BYTES


def test_a_gradient_is_not_checked_where_its_networks_alone_are_too_much_to_make(
    basin: Client, deep: Experiment
) -> None:
    """With few samples it is the copies of the parameters that take long: 15 s for this one."""
    [error] = basin.get(f"{deep.url}/gradients", 422)["errors"]
    assert (error["pointer"], error["code"]) == ("/run", "too_much_work")


@pytest.mark.parametrize("call", ["gradients", "slice?parameter=W1[0,0]&size=1001"])
def test_long_reading_gives_way_between_its_parts(
    basin: Client, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    made = basin.create({"data": {"name": "circle", "samples": 10_000}, "runs": [{}]})
    pauses: list[None] = []
    for name in ("yield_to_others", "yield_to_waiting"):
        monkeypatch.setattr(ComputeQueue, name, lambda queue: pauses.append(None))
    basin.application.test_client().get(f"{made.url}/{call}").close()
    assert len(pauses) > 5


def test_reading_a_lesson_file_gives_way(basin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[None] = []
    monkeypatch.setattr(ComputeQueue, "yield_to_others", lambda queue: pauses.append(None))
    basin.post("/api/lessons/check", {"text": '["",' + '"",' * 50_000 + "1]"})
    assert len(pauses) == 5


def test_a_grid_gives_way_between_its_values(
    basin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[None] = []
    monkeypatch.setattr(ComputeQueue, "yield_to_others", lambda queue: pauses.append(None))
    body = {"spec": {"batch_size": 200}, "grid": {"samples": [100, 120, 140]}}
    errors = refused(basin, "POST", "/api/studies", 422, json=body)
    assert [error["pointer"] for error in errors] == [f"/grid/samples/{i}" for i in range(3)]
    assert len(pauses) == 3


def test_a_frame_asks_how_large_its_maps_are_before_anything_is_computed(
    deep: Experiment, basin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "snapshot", None)  # which would be a fault of the server
    query = {"size": 256, "neurons": "true"}
    refused(basin, "GET", f"{deep.url}/frame", 422, query_string=query)


def test_statuses_leave_half_of_what_a_request_may_cost(basin: Client) -> None:
    """Every request finds them, also one that only reads; so they are counted at creation."""
    largest = {**DEEP, "data": {"name": "circle", "samples": 10_000}, "runs": [{}] * 16}
    [error] = refused(basin, "POST", "/api/experiments", 422, json=largest)
    assert (error["pointer"], error["code"]) == ("/data/samples", "too_much_work")
    largest["data"] = {"name": "circle", "samples": error["allowed"]["maximum"]}
    setup = build(read(NewExperiment.model_validate(largest)))
    assert 0.3 * WORK_LIMIT < setup.status_work <= 0.5 * WORK_LIMIT


def test_threads_are_left_to_refuse_and_to_say_that_all_is_well() -> None:
    """One computes, one draws, and others wait for both: whoever comes then needs a thread."""
    (image,) = re.findall(r"--threads=(\d+)", (ROOT / "Dockerfile").read_text())
    for threads in (int(image), THREADS):
        assert threads >= 2 + service.WAITING + service.DRAWINGS_WAITING + 2


def test_maps_that_are_too_large_are_refused_before_anything_is_trained(
    basin: Client, deep: Experiment
) -> None:
    before = deep.summary()["version"]
    body = {"count": 1, "views": {"inside": {"size": 256}}}
    [error] = refused(basin, "POST", f"{deep.url}/steps", 422, json=body)
    assert (error["pointer"], error["code"]) == ("/views/inside/size", "too_large_answer")
    assert deep.summary()["version"] == before


def test_the_first_fifty_wrong_fields_are_named_and_the_others_counted(basin: Client) -> None:
    body = {f"a{i}": 0 for i in range(100_000)}
    errors = refused(basin, "POST", "/api/experiments", 422, json=body)
    assert [error["pointer"] for error in errors] == [f"/a{i}" for i in range(50)]
    client = basin.application.test_client()
    assert client.post("/api/experiments", json=body).get_json()["more"] == 99_950
    bad = {"events": [{"step": -1, "run": -1}] * 5_000}
    answer = client.post("/api/experiments", json=bad).get_json()
    assert (len(answer["errors"]), answer["more"]) == (50, 9_950)


def test_so_many_parameters_by_name_are_too_many(basin: Client, deep: Experiment) -> None:
    body = {"values": {f"a{i}": "x" for i in range(10_001)}}
    [error] = refused(basin, "PATCH", f"{deep.url}/parameters", 422, json=body)
    assert (error["pointer"], error["allowed"]["maximum"]) == ("/values", 10_000)


def test_a_rule_that_looks_at_the_samples_is_work_too(basin: Client) -> None:
    largest = {**DEEP, "data": {"name": "circle", "samples": 10_000, "train_fraction": 0.9}}
    spec = {**largest, "runs": [{"recipe": {"weights": {"name": "lsuv"}}}] * 16}
    [error] = refused(basin, "POST", "/api/experiments", 422, json=spec)
    assert (error["pointer"], error["code"]) == ("/data/samples", "too_much_work")


def test_an_activation_that_takes_long_is_work_too(basin: Client) -> None:
    """Sixteen runs of ten layers: with gelu a block took 23 s of what relu did in 4."""
    small = {**DEEP, "data": {"name": "circle", "samples": 400}, "runs": [{}] * 16}
    most = {}
    for name in ("relu", "gelu"):
        layers = [{**layer, "activation": name} for layer in DEEP["layers"][:-1]]
        made = basin.create({**small, "layers": [*layers, DEEP["layers"][-1]]})
        [error] = basin.post(f"{made.url}/steps", {"count": 1000}, 422)["errors"]
        assert (error["pointer"], error["code"]) == ("/count", "too_much_work")
        most[name] = error["allowed"]["maximum"]
    assert most["relu"] > 4 * most["gelu"] > 0


def test_activations_on_a_plane_are_work_where_all_of_them_change(basin: Client) -> None:
    layers = [{"units": 64, "activation": "gelu"}, {"units": 1, "activation": "sigmoid"}]
    data = {"name": "circle", "samples": 10_000}
    wide = basin.create({"data": data, "layers": layers, "runs": [{}]})
    [error] = wide.read("surface", 422, plane="random")["errors"]
    assert (error["pointer"], error["code"]) == ("/size", "too_much_work")
    assert 20 < error["allowed"]["maximum"] < 61
    wide.read("surface", size=61)  # two parameters are those of one or two neurons


def test_events_on_the_way_are_work(basin: Client) -> None:
    rates = [
        {"step": i, "optimizer": {"name": "gradient_descent", "learning_rate": 0.1 + i * 1e-5}}
        for i in range(10_000)
    ]
    began = time.process_time()
    [error] = refused(basin, "POST", "/api/experiments", 422, json={"events": rates, "step": 9999})
    assert (error["pointer"], error["code"]) == ("/step", "too_much_work")
    assert time.process_time() - began < 5.0
    made = basin.create({"events": rates})
    [error] = refused(basin, "POST", f"{made.url}/steps", 422, json={"count": 9999})
    assert (error["pointer"], error["code"]) == ("/count", "too_much_work")
    assert 0 < error["allowed"]["maximum"] < 9999


def test_what_is_set_by_hand_is_bounded(
    basin: Client, deep: Experiment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "MOST_NUMBERS", 30_000)
    body = {"values": {"b1[0]": 1.0}}
    [error] = refused(basin, "PATCH", f"{deep.url}/parameters", 422, json=body)
    assert error["allowed"] == {"maximum": 30_000}


def test_a_history_has_an_end(monkeypatch: pytest.MonkeyPatch, basin: Client) -> None:
    monkeypatch.setattr(ranges, "MOST_LOSSES", 100)
    made = basin.create()
    made.train(20)
    [error] = refused(basin, "POST", f"{made.url}/steps", 422, json={"count": 1})
    assert error["pointer"] == "/count"
    assert error["allowed"] == {"maximum": 0}


def test_a_long_history_is_read_in_parts(
    monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """After rewinds too, whose chunks overlap; the same as what the server that trained answers."""
    folder = tmp_path_factory.mktemp("parts")
    with serving(folder) as one:
        made = one.create({"optimizer": {"name": "adam"}})
        for count, back in ((300, 200), (150, 260), (200, 400), (77, None)):
            made.train(count)
            if back is not None:
                made.rewind(back)
        before = made.loss(), one.get(f"{made.url}/surface", size=5)
    monkeypatch.setattr(repository, "READ_BYTES", 1)
    with serving(folder) as other:
        again = made.on(other)
        assert (again.loss(), other.get(f"{made.url}/surface", size=5)) == before
    assert json.dumps(before)


def test_a_wide_table_is_refused_before_any_work(basin: Client) -> None:
    began = time.process_time()
    found = basin.post("/api/tables", {"text": "a," * 2_000_000 + "\n1,2"})
    assert time.process_time() - began < 5.0
    assert found["problems"][0]["code"] == "too_many_columns"
    assert len(json.dumps(found)) < 100_000
