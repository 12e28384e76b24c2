"""A store that comes back without its last writes, as Redis may: nobody tells what is gone."""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.lab.client import Client, Experiment, serving

SPEC = {"data": {"samples": 40}, "optimizer": {"name": "momentum"}, "runs": [{}, {"seed": 2}]}
READS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("loss", {"points": 1000}),
    ("surface", {"size": 5}),
    ("slice", {"size": 5}),
    ("diagnostics/history", {}),
    ("diagnostics", {}),
)
TABLES = ("experiment", "chunk")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Client, Client, Path]]:
    with serving(tmp_path) as one, serving(tmp_path) as other:
        yield one, other, tmp_path / "basin.db"


@contextmanager
def lost(path: Path) -> Iterator[None]:
    """All that is written meanwhile is lost."""
    with closing(sqlite3.connect(path)) as db:
        kept = {name: db.execute(f"SELECT * FROM {name}").fetchall() for name in TABLES}  # noqa: S608
    yield
    with closing(sqlite3.connect(path)) as db, db:
        for name, rows in kept.items():
            db.execute(f"DELETE FROM {name}")  # noqa: S608
            marks = ", ".join("?" * len(rows[0]))
            db.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)  # noqa: S608


def told(experiment: Experiment) -> dict[str, Any]:
    """All that can be read of an experiment, but for its id."""
    summary = {name: value for name, value in experiment.summary().items() if name != "id"}
    reads = {what: experiment.read(what, **query) for what, query in READS}
    return {"summary": summary, "parameters": experiment.parameters(1, 12), **reads}


def train(*counts: int) -> Callable[[Experiment], None]:
    def act(experiment: Experiment) -> None:
        for count in counts:
            experiment.train(count)

    return act


def change_and_train(experiment: Experiment) -> None:
    experiment.change_rate(0.001)
    experiment.train(40)


def rewind_and_train(experiment: Experiment) -> None:
    experiment.rewind(4)
    experiment.set(0, values={"W1[0,0]": 2.0})
    experiment.train(30)


WAYS = {
    "other blocks": (train(20), train(40)),
    "as far, in other blocks": (train(20, 20), train(5, 35)),
    "farther before": (train(200), train(3)),
    "another rate before": (change_and_train, train(20, 20)),
    "another rate before, and fewer saves": (change_and_train, train(10, 10, 10, 10)),
    "another rate after": (train(20, 20), change_and_train),
    "another past before": (rewind_and_train, train(10, 10, 10)),
    "another past after": (train(10, 10, 10), rewind_and_train),
}


@pytest.mark.parametrize("reading", [told, Experiment.summary, lambda experiment: None])
@pytest.mark.parametrize("elsewhere", [False, True])
@pytest.mark.parametrize("name", WAYS)
def test_after_writes_are_lost_every_server_tells_what_is_stored(
    servers: tuple[Client, Client, Path], name: str, elsewhere: bool, reading: Any
) -> None:
    one, other, path = servers
    before, after = WAYS[name]
    experiment = one.create({**SPEC, "step": 10})
    with lost(path):
        before(experiment)
        reading(experiment)
    after(experiment.on(other) if elsewhere else experiment)

    expected = one.create({**SPEC, "step": 10})
    after(expected)
    assert_same(servers[:2], experiment, expected)
    experiment.train(7)
    expected.train(7)
    assert_same(servers[:2], experiment, expected)


def assert_same(servers: Sequence[Client], experiment: Experiment, expected: Experiment) -> None:
    wanted = told(expected)
    for server in servers:
        found = told(experiment.on(server))
        for name, value in wanted.items():
            assert found[name] == value, name
