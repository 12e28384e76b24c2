"""An experiment that others may look at, and not change."""

from typing import Any

import pytest

from tests.lab.client import Client, Experiment


@pytest.fixture
def own(basin: Client) -> Experiment:
    made = basin.create(data={"samples": 20})
    made.train(5)
    return made


@pytest.fixture
def shown(basin: Client, own: Experiment) -> Experiment:
    return Experiment(basin, basin.post(f"{own.url}/view", None, 201)["id"])


def test_everything_can_be_looked_at_and_the_owner_is_not_named(
    basin: Client, own: Experiment, shown: Experiment
) -> None:
    assert shown.summary() == {**own.summary(), "id": shown.id}
    for path, query in (
        ("parameters", {}),
        ("loss", {}),
        ("frame", {"step": 2}),
        ("surface", {"size": 11}),
        ("diagnostics", {}),
        ("trace", {"parameter": "W1[0,0]"}),
    ):
        answer = basin.get(f"{shown.url}/{path}", **query)
        same = basin.get(f"{own.url}/{path}", **query)
        assert answer == ({**same, "id": shown.id} if "id" in same else same)
        assert own.id not in str(answer)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/steps", {"count": 1}),
        ("POST", "/rewind", {"step": 0}),
        ("PATCH", "", {"optimizer": {"name": "adam"}}),
        ("PATCH", "/parameters", {"values": {"W1[0,0]": 1.0}}),
        ("DELETE", "", None),
    ],
)
def test_nothing_can_be_changed(
    basin: Client, own: Experiment, shown: Experiment, method: str, path: str, body: Any
) -> None:
    before = own.summary()
    refused = basin.ask(method, f"{shown.url}{path}", 403, json=body)
    assert refused["errors"][0]["code"] == "read_only"
    assert own.id not in str(refused)
    assert own.summary() == before
    assert shown.summary()["step"] == 5


def test_it_follows_its_owner_and_goes_with_it(
    basin: Client, own: Experiment, shown: Experiment
) -> None:
    own.train(3)
    assert shown.summary()["step"] == 8
    assert basin.post(f"{own.url}/view", None, 201)["id"] == shown.id, "always the same"
    assert basin.post(f"{shown.url}/view", None, 201)["id"] == shown.id
    copy = basin.post(f"{shown.url}/branch", {"step": 8}, 201)
    assert copy["id"] not in (own.id, shown.id)
    Experiment(basin, copy["id"]).train(1)
    basin.ask("DELETE", own.url, 204)
    gone = basin.get(shown.url, 404)
    assert shown.id in gone["detail"]
    assert own.id not in str(gone)
