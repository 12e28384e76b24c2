"""Records and chunks that are corrupt, cut or empty: named, rebuilt, and no others harmed."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.errors import DamagedExperiment
from app.lab.history import repair
from app.store.base import Record
from app.store.sqlite import SqliteStore
from app.store.upkeep import check
from tests.lab.client import Client, Experiment, serving

SPEC = {
    "batch_size": 8,
    "data": {"samples": 60},
    "optimizer": {"name": "adam", "learning_rate": 0.05},
    "runs": [{}, {"seed": 2}],
}
DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "corrupt": lambda data: b"\xff" * len(data),
    "another": lambda data: b"[]",
    "a page of zeros": lambda data: data[:-30] + bytes(30),
}


def one_bit(data: bytes) -> bytes:
    """Of every hundredth byte one bit: what is read of them looks as good as what was stored."""
    found = bytearray(data)
    for place in range(len(data) // 2, len(data) - 40, 100):
        found[place] ^= 1
    return bytes(found)


STATE = "UPDATE experiment SET state = damage(state) WHERE id = ?"
BODY = "UPDATE experiment SET body = damage(body) WHERE id = ?"
SPEC_CHUNK = "UPDATE chunk SET data = damage(data) WHERE experiment = ?"
CHUNKS = "UPDATE chunk SET data = damage(data) WHERE first BETWEEN 1 AND 140 AND experiment = ?"
READS: dict[str, dict[str, Any]] = {
    "": {},
    "/loss": {"points": 90},
    "/parameters": {"run": 1, "step": 99},
    "/data": {},
    "/batches": {"step": 80, "count": 3},
    "/gradients": {"step": 100},
    "/outputs": {"step": 64, "size": 5},
    "/metrics": {"step": 30},
    "/trace": {"step": 70},
    "/diagnostics": {},
    "/diagnostics/history": {"points": 20},
    "/frame": {"step": 77},
    "/surface": {"size": 5},
    "/slice": {"parameter": "W1[0,0]"},
    "/curvature": {"step": 99},
    "/sharpness": {"points": 3},
}
"""What can be read of an experiment."""
GONE = "DELETE FROM chunk WHERE first BETWEEN 1 AND 70 AND experiment = ?"


def told(experiment: Experiment) -> Any:
    """All numbers of an experiment."""
    return experiment.loss(), [experiment.parameters(run, 120) for run in range(2)]


class Damaged:
    """A store with copies of one experiment, of which all but the last are damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with serving(folder) as client:
            made = client.create(SPEC)
            made.train(70)
            made.change_rate(0.3, run=1)
            made.set(0, values={"W1[0,0]": 0.5})
            made.train(80)
            cases = [(s, d) for s in (STATE, CHUNKS, BODY, SPEC_CHUNK) for d in DAMAGES]
            cases += [
                (statement, f"then {read}") for statement in (STATE, CHUNKS) for read in READS
            ]
            self.cases = dict.fromkeys([*cases, (GONE, "cut"), ("", "")], "")
            for case in self.cases:
                copy = client.post(f"{made.url}/branch", {"step": 150}, 201)
                self.cases[case] = copy["id"]
            self.expected = told(made)
        with closing(sqlite3.connect(folder / "basin.db")) as db, db:
            for (statement, name), id in self.cases.items():
                if statement:
                    db.create_function("damage", 1, DAMAGES.get(name, one_bit))
                    assert db.execute(statement, (id,)).rowcount > 0


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Damaged:
    return Damaged(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(scope="module")
def client(damaged: Damaged) -> Iterator[Client]:
    with serving(damaged.folder) as client:  # one that has nothing in memory
        yield client


@pytest.mark.parametrize(
    "case", [*((s, d) for s in (STATE, CHUNKS) for d in DAMAGES), (GONE, "cut")]
)
def test_what_is_damaged_is_computed_again_to_the_last_bit(
    damaged: Damaged, client: Client, caplog: pytest.LogCaptureFixture, case: tuple[str, str]
) -> None:
    id = damaged.cases[case]
    experiment = Experiment(client, id)
    assert told(experiment) == damaged.expected
    assert f"experiment {id} was damaged" in caplog.text
    assert "rebuilt at step 150" in caplog.text
    experiment.train(5)


@pytest.mark.parametrize("statement", [STATE, CHUNKS])
@pytest.mark.parametrize("read", READS)
def test_whoever_looks_first_is_answered_as_if_nothing_were(
    damaged: Damaged, client: Client, read: str, statement: str
) -> None:
    """The same as for the one that is not damaged, but for its id and its version."""
    whole, one = (
        client.get(f"/api/experiments/{damaged.cases[case]}{read}", **READS[read])
        for case in (("", ""), (statement, f"then {read}"))
    )
    for answer in (whole, one):
        for name in ("id", "version"):
            answer.pop(name, None)
    assert one == whole


@pytest.mark.parametrize("name", DAMAGES)
def test_without_its_events_an_experiment_begins_again(
    damaged: Damaged, client: Client, name: str
) -> None:
    experiment = Experiment(client, damaged.cases[BODY, name])
    assert experiment.summary()["step"] == 0
    experiment.train(70)
    assert [run[:70] for run in experiment.loss()["train"]] == [
        run[:70] for run in damaged.expected[0]["train"]
    ]


@pytest.mark.parametrize("name", DAMAGES)
def test_without_its_spec_an_experiment_is_gone_and_is_said_to_be(
    damaged: Damaged, client: Client, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    experiment = Experiment(client, damaged.cases[SPEC_CHUNK, name])
    client.get(experiment.url, 404)
    assert f"experiment {experiment.url.rsplit('/', 1)[1]} is lost" in caplog.text
    client.ask("DELETE", experiment.url, 204)


def test_others_are_not_harmed(damaged: Damaged, client: Client) -> None:
    assert told(Experiment(client, damaged.cases["", ""])) == damaged.expected


def test_what_would_take_too_long_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(tmp_path) as client:
        experiment = client.create(SPEC)
        experiment.train(50)
        with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
            db.execute("UPDATE experiment SET state = x''")
        monkeypatch.setattr(repair, "WORK_LIMIT", 1000)
        assert experiment.summary()["step"] == 0


OF_A_MYSTERY = {
    **DAMAGES,
    "another seed": lambda data: data.replace(b'"seed": 2', b'"seed": 3'),
}


@pytest.mark.parametrize("name", OF_A_MYSTERY)
def test_a_damaged_mystery_is_gone_and_is_said_to_be(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with serving(tmp_path) as client:
        made = [
            client.post("/api/mysteries", {"spec": SPEC, "runs": [0]}, 201)["id"] for _ in range(2)
        ]
        with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
            db.create_function("damage", 1, OF_A_MYSTERY[name])
            assert db.execute(BODY, (f"mystery/{made[0]}",)).rowcount == 1
        refused = client.post("/api/experiments", {"mystery": made[0]}, 404)
        assert [error["code"] for error in refused["errors"]] == ["unknown_mystery"]
        assert f"mystery {made[0]} is lost" in caplog.text
        damaged = (f"the record of experiment mystery/{made[0]} is damaged",)
        assert check(tmp_path / "basin.db").problems == damaged
        client.post("/api/experiments", {"mystery": made[1]}, 201)


@pytest.mark.parametrize("name", DAMAGES)
def test_a_damaged_view_shows_nothing_and_can_be_made_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    with serving(tmp_path) as client:
        made = client.create(SPEC)
        made.train(5)
        view = client.ask("POST", f"{made.url}/view", 201)["id"]
        expected = client.get(f"/api/experiments/{view}/loss")
        with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
            db.create_function("damage", 1, DAMAGES[name])
            assert db.execute(BODY, (view,)).rowcount == 1
        client.get(f"/api/experiments/{view}", 404)
        assert client.ask("POST", f"{made.url}/view", 201)["id"] == view
        assert f"view {view} was damaged" in caplog.text
        assert client.get(f"/api/experiments/{view}/loss") == expected


def test_a_view_of_which_not_even_the_version_is_known_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As Redis has it where something else stands in the place of its record."""
    with serving(tmp_path) as client:
        made = client.create(SPEC)
        view = client.ask("POST", f"{made.url}/view", 201)["id"]
        expected = client.get(f"/api/experiments/{view}")
        lost, load, delete = {view}, SqliteStore.load, SqliteStore.delete

        def loads(self: SqliteStore, id: str) -> Record:
            if id in lost:
                raise DamagedExperiment(id)
            return load(self, id)

        def deletes(self: SqliteStore, id: str) -> None:
            lost.discard(id)
            delete(self, id)

        monkeypatch.setattr(SqliteStore, "load", loads)
        monkeypatch.setattr(SqliteStore, "delete", deletes)
        client.get(f"/api/experiments/{view}", 404)
        assert client.ask("POST", f"{made.url}/view", 201)["id"] == view
        assert client.get(f"/api/experiments/{view}") == expected
