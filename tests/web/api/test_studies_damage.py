"""Studies of which something stored is corrupt, cut or gone: trained anew, and no others harmed."""

import json
import re
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.lab.study.line import Line
from app.lab.study.repository import PREFIX, StudyRepository
from app.store import open_store
from tests.lab.client import Client, serving
from tests.web.api.studies import Study, create

STUDY = {"seeds": {"count": 8}, "steps": 20}


def unsealed(data: bytes) -> bytes:
    """As an earlier version stores it."""
    document = json.loads(data)
    del document["crc32"]
    return json.dumps(document).encode()


def another_digit(found: re.Match[bytes]) -> bytes:
    """The next one; how many seconds a study takes depends on the machine."""
    return b"%d" % ((int(found[0]) + 1) % 10)


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "cut": lambda data: data[: len(data) // 2],
    "corrupt": lambda data: b"\xff" * len(data),
    "a page of zeros": lambda data: data[:-60] + bytes(60),
    "another number": lambda data: re.sub(rb'(?<="seconds": )\d', another_digit, data),
    "not begun": lambda data: b"\0" + data[1:],
    "failed": lambda data: b"\2" + data[1:],
    "another rate": lambda data: data.replace(b'learning_rate\\": 1.0', b'learning_rate\\": 3.0'),
    "another word": lambda data: data.replace(b"units", b"un}ts"),
    "unsealed word": lambda data: unsealed(data.replace(b"units", b"un}ts")),
    "one bit": lambda data: data[:-40] + bytes([data[-40] ^ 1]) + data[-39:],
}
RECORD = "UPDATE experiment SET body = damage(body) WHERE id = ?"
STATES = "UPDATE experiment SET state = damage(state) WHERE id = ?"
NUMBERS = "UPDATE chunk SET data = damage(data) WHERE first > 0 AND experiment = ?"
GONE = "DELETE FROM chunk WHERE number = (SELECT max(number) FROM chunk WHERE experiment = ?)"
PLAN = "UPDATE chunk SET data = damage(data) WHERE first = 0 AND experiment = ?"
MADE_ANEW = [
    *((NUMBERS, name) for name in ("empty", "cut", "corrupt", "a page of zeros", "one bit")),
    *((RECORD, name) for name in ("empty", "cut", "corrupt", "another number")),
    *((STATES, name) for name in ("empty", "corrupt", "not begun", "failed")),
    (GONE, "cut"),
]
LOST = [
    (PLAN, name)
    for name in ("empty", "cut", "corrupt", "another rate", "another word", "unsealed word")
]


def really(damage: Callable[[bytes], bytes]) -> Callable[[bytes], bytes]:
    """A damage that leaves nothing as it was."""

    def damaged(data: bytes) -> bytes:
        found = damage(data)
        assert found != data
        return found

    return damaged


class Damaged:
    """A store with one study many times, of which all but the last are damaged."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ids: dict[tuple[str, str], str] = {}
        with serving(folder, study_processes=1) as client:
            for case in (*MADE_ANEW, *LOST, ("", "")):
                study = create(client, **STUDY)
                self.expected, self.csv = told(study.done()), study.csv()
                self.ids[case] = study.id
        with closing(sqlite3.connect(folder / "basin.db")) as db, db:
            for (statement, name), id in self.ids.items():
                if statement:
                    db.create_function("damage", 1, really(DAMAGES[name]))
                    assert db.execute(statement, (PREFIX + id,)).rowcount > 0


def told(answer: Any) -> Any:
    """What a study says, without what is of this one alone."""
    return {name: value for name, value in answer.items() if name not in ("id", "seconds")}


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Damaged:
    return Damaged(tmp_path_factory.mktemp("damaged"))


@pytest.fixture(scope="module")
def basin(damaged: Damaged) -> Iterator[Client]:
    with serving(damaged.folder, study_processes=1) as client:  # one with nothing in memory
        yield client


@pytest.mark.parametrize("case", MADE_ANEW)
def test_a_damaged_study_is_trained_anew_to_the_last_bit(
    damaged: Damaged, basin: Client, caplog: pytest.LogCaptureFixture, case: tuple[str, str]
) -> None:
    study = Study(basin, damaged.ids[case])
    assert study.read()["status"] == "queued"
    assert f"study {study.id} is damaged, and begins anew" in caplog.text
    assert told(study.done()) == damaged.expected
    assert study.csv() == damaged.csv


@pytest.mark.parametrize("case", LOST)
def test_without_its_plan_a_study_is_gone_and_is_said_to_be(
    damaged: Damaged, basin: Client, caplog: pytest.LogCaptureFixture, case: tuple[str, str]
) -> None:
    id = damaged.ids[case]
    (error,) = basin.get(f"/api/studies/{id}", status=404)["errors"]
    assert error["code"] == "unknown_study"
    assert f"study {id} is lost: its plan is damaged" in caplog.text


def test_the_others_are_whole(damaged: Damaged, basin: Client) -> None:
    whole = Study(basin, damaged.ids["", ""])
    assert told(whole.read()) == damaged.expected
    assert whole.csv() == damaged.csv


def test_numbers_are_looked_for_by_whoever_wants_the_table_too(tmp_path: Path) -> None:
    with serving(tmp_path, study_processes=1) as client:
        study = create(client, **STUDY)
        study.done()
        table = study.csv()
    with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
        db.execute(GONE, (PREFIX + study.id,))
    with serving(tmp_path, study_processes=1) as client:
        study = study.on(client)
        assert study.csv().count("\n") == 1  # nothing is trained yet but the names of columns
        study.done()
        assert study.csv() == table


def test_what_was_cancelled_is_not_trained_again_unasked(tmp_path: Path) -> None:
    with serving(tmp_path, study_processes=1) as client:
        study = create(client, **{**STUDY, "seeds": {"count": 2000}})
        study.until(lambda answer: answer["done"] > 0)
        client.ask("POST", f"{study.url}/cancel")
        assert study.read()["status"] == "cancelled"
    with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
        db.execute(GONE, (PREFIX + study.id,))
    with serving(tmp_path, study_processes=1) as client:
        answer = study.on(client).read()
    assert (answer["status"], answer["done"]) == ("cancelled", 0)


def test_a_study_whose_plan_is_damaged_keeps_no_other_waiting(tmp_path: Path) -> None:
    with serving(tmp_path, study_processes=1) as client:
        first = create(client, **{**STUDY, "seeds": {"count": 4000}})
        second = create(client, **STUDY)
        assert first.read()["status"] in ("queued", "running")
    with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
        db.create_function("damage", 1, DAMAGES["unsealed word"])
        db.execute(PLAN, (PREFIX + first.id,))
    with serving(tmp_path, study_processes=1) as client:
        assert second.on(client).done()["status"] == "done"
        client.get(first.url, 404)


LINES: dict[str, Callable[[bytes], bytes]] = {
    **{name: DAMAGES[name] for name in ("empty", "cut", "corrupt")},
    "a number": lambda data: b"[[1]]",
    "a word for a time": lambda data: b'[["a", "m", "p", "soon"]]',
    "no end": lambda data: b'[["a", "m", "p", Infinity]]',
    "no list": lambda data: b"[7]",
    "an object": lambda data: b'{"a": 1}',
}


@pytest.mark.parametrize("name", LINES)
def test_a_damaged_line_begins_anew_and_studies_come_back_to_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    url = f"sqlite:///{tmp_path / 'basin.db'}"
    with serving(tmp_path, study_processes=1) as client:
        study = create(client, **STUDY)
        study.done()
        expected = told(study.read())
    with closing(sqlite3.connect(tmp_path / "basin.db")) as db, db:
        db.create_function("damage", 1, DAMAGES["corrupt"])
        for table in (RECORD, NUMBERS):
            db.execute(table, (PREFIX + study.id,))
        db.create_function("damage", 1, LINES[name])
        assert db.execute(RECORD, ("line/studies",)).rowcount == 1
    with closing(open_store(url, lifetime=timedelta(days=1))) as store:
        assert Line(store).entries() == ()
        assert "the line of studies is damaged" in caplog.text
        caplog.clear()
        assert Line(store).entries() == ()
        assert not caplog.text
    with serving(tmp_path, study_processes=1) as client:
        assert told(study.on(client).done()) == expected


def test_who_sees_the_damage_second_takes_what_the_first_has_begun(tmp_path: Path) -> None:
    with serving(tmp_path, study_processes=1) as client:
        study = create(client, **STUDY)
        study.done()
    url = f"sqlite:///{tmp_path / 'basin.db'}"
    with closing(open_store(url, lifetime=timedelta(days=1))) as store:
        repository = StudyRepository(store)
        version = repository.load(study.id).version
        first, second = (repository.begin_anew(study.id, version, "a test") for _ in range(2))
    assert (first.status, first.version) == ("queued", version + 1)
    assert (second.status, second.version) == ("queued", version + 1)
