"""What a server does at its limits: too large, too busy, too old, no store."""

import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from app import create_app
from app.config import NUMBERS, WORDS, Quotas, Settings
from app.errors import BadSetting
from app.lab.service import ExperimentService
from app.lab.spec.limits import LIMITED, limits
from app.lab.study.service import open_studies
from app.store import Store, open_store
from app.store.sqlite import SqliteStore
from app.web.application import build
from tests.lab.client import Client, serving
from tests.web.problems import places, refused

DAY = 24 * 3600.0


class Clock:
    """A clock that a test turns by hand."""

    now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_a_body_over_the_limit_is_refused_with_the_limit(tmp_path: Path) -> None:
    with serving(tmp_path, body_bytes=1000) as basin:
        for text in ('{"seed": 1' + " " * 2000 + "}", "x" * 1001):
            json = {"data": text, "content_type": "application/json"}
            (error,) = refused(basin, "POST", "/api/experiments", 413, **json)
            assert error["code"] == "body_too_large"
            assert error["allowed"] == {"maximum": 1000}
        assert basin.get("/api/catalog")["limits"]["body_bytes"] == 1000


def test_a_body_up_to_the_limit_is_read(tmp_path: Path) -> None:
    with serving(tmp_path, body_bytes=1000) as basin:
        text = '{"seed": 3' + " " * 989 + "}"
        assert len(text) == 1000
        json = {"data": text, "content_type": "application/json"}
        assert basin.ask("POST", "/api/experiments", 201, **json)["spec"]["seed"] == 3


def test_a_body_over_the_limit_leaves_the_experiment_as_it_was(tmp_path: Path) -> None:
    with serving(tmp_path, body_bytes=1000) as basin:
        experiment = basin.create()
        before = experiment.summary()
        json = {"data": '{"count": 1}' + " " * 1000, "content_type": "application/json"}
        refused(basin, "POST", experiment.url + "/steps", 413, **json)
        assert experiment.summary() == before


@contextmanager
def somebody_computing(service: ExperimentService) -> Iterator[None]:
    """Another thread holds the compute lock and does not release it."""
    has_it, done = threading.Event(), threading.Event()

    def compute() -> None:
        with service._computing.lock():
            has_it.set()
            done.wait()

    thread = threading.Thread(target=compute)
    thread.start()
    has_it.wait()
    try:
        yield
    finally:
        done.set()
        thread.join()


def test_who_waits_too_long_is_told_when_to_come_back(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}", queue_timeout_seconds=0.01)
    store = open_store(settings.store, lifetime=settings.lifetime)
    service = ExperimentService(store, settings.queue_timeout_seconds)
    studies = open_studies(store, service.computing, settings)
    basin = Client(build(service, studies, settings))
    experiment = basin.create()
    study = basin.post("/api/studies", {"spec": {}, "seeds": {"count": 2}, "steps": 3}, 202)["id"]
    with somebody_computing(service):
        client = basin.application.test_client()
        with client.post(experiment.url + "/steps", json={"count": 1}) as answer:
            assert answer.status_code == 429
            assert int(answer.headers["Retry-After"]) >= 1
        # To read a record may take as long as to compute: no call does it beside the others.
        for method, name in (
            ("GET", "data"),
            ("POST", "view"),
            ("GET", "surface"),
            ("GET", "loss"),
        ):
            errors = refused(basin, method, f"{experiment.url}/{name}", 429)
            assert places(errors) == [("", "busy")]
        for path in (f"/api/studies/{study}", f"/api/studies/{study}/runs.csv"):
            refused(basin, "GET", path, 429)
        for path, body in (
            ("/api/qr-code", {"text": "basin"}),
            ("/api/mysteries", {"spec": {}, "runs": [0]}),
            ("/api/tables", {"text": "a,b\n1,2\n"}),
            ("/api/formulas", {"formula": "x", "inputs": 1}),
            ("/api/lessons/check", {"text": "{}"}),
            ("/api/studies", {"spec": {}, "seeds": {"count": 2}, "steps": 3}),
        ):
            refused(basin, "POST", path, 429, json=body)
        assert errors[0]["allowed"]["retry_after"] >= 1
        assert basin.get("/healthz") == {"status": "ok"}
        basin.get("/api/catalog")
    assert experiment.summary()["step"] == 0
    assert experiment.train(1)["step"] == 1
    studies.close()
    store.close()


def test_a_newer_picture_takes_the_place_of_one_that_waits(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}")
    store = open_store(settings.store, lifetime=settings.lifetime)
    service = ExperimentService(store, settings.queue_timeout_seconds)
    studies = open_studies(store, service.computing, settings)
    basin = Client(build(service, studies, settings))
    experiment = basin.create()
    answers: list[tuple[str, int, Any]] = []

    def ask(view: str) -> None:
        client = basin.application.test_client()
        with client.get(f"{experiment.url}/surface?size=2&view={view}") as answer:
            answers.append((view, answer.status_code, answer.get_json()))

    with somebody_computing(service):
        queue = service._drawing._queue
        threads = []
        for place, view in enumerate(("first", "mine", "other", "mine")):
            threads.append(threading.Thread(target=ask, args=(view,)))
            threads[-1].start()
            end = time.monotonic() + 60.0
            # The first has the drawing lock and waits for the compute lock; the others wait for it.
            while len(queue) + len(answers) < place or service._drawing._holder is None:
                assert time.monotonic() < end
                time.sleep(0.001)
    for thread in threads:
        thread.join()
    assert sorted((view, status) for view, status, _ in answers) == [
        ("first", 200), ("mine", 200), ("mine", 409), ("other", 200)
    ]  # fmt: skip
    (refusal,) = (body for _, status, body in answers if status == 409)
    assert places(refusal["errors"]) == [("/view", "superseded")]
    store.close()


def test_the_turn_is_given_back_after_a_mistake(tmp_path: Path) -> None:
    with serving(tmp_path, queue_timeout_seconds=0.01) as basin:
        experiment = basin.create()
        for _ in range(3):
            refused(basin, "GET", experiment.url + "/surface?x=b9[0]", 422)
            refused(basin, "GET", "/api/experiments/nonsense", 404)
        assert experiment.train(1)["step"] == 1


def test_many_at_once_all_get_their_turn(tmp_path: Path) -> None:
    with serving(tmp_path) as basin:
        experiment = basin.create()
        threads = [threading.Thread(target=experiment.train, args=(5,)) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert experiment.summary()["step"] == 40
        undisturbed = basin.create()
        undisturbed.train(40)
        assert experiment.loss() == undisturbed.loss()


def test_an_experiment_that_nobody_used_expires(tmp_path: Path) -> None:
    clock = Clock()
    with serving(tmp_path, clock, expire_days=2) as basin:
        used, unused = basin.create(), basin.create()
        for _ in range(3):
            clock.now += DAY
            used.summary()
        assert used.train(1)["step"] == 1
        (error,) = refused(basin, "GET", unused.url, 404)
        assert error["code"] == "unknown_experiment"


def test_without_its_store_a_server_is_alive_and_not_ready(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}")
    store = open_store(settings.store, lifetime=settings.lifetime)
    service = ExperimentService(store)
    studies = open_studies(store, service.computing, settings)
    basin = Client(build(service, studies, settings))
    assert basin.get("/healthz") == {"status": "ok"}
    assert basin.get("/readyz") == {"status": "ready"}
    store.close()
    assert basin.get("/healthz") == {"status": "ok"}
    refused(basin, "GET", "/readyz", 503)
    assert str(tmp_path) not in str(basin.post("/api/experiments", {}, 503))


def test_a_store_that_cannot_be_written_is_not_ready(tmp_path: Path) -> None:
    settings = Settings(store=f"sqlite:///{tmp_path / 'basin.db'}")
    with closing(open_store(settings.store, lifetime=settings.lifetime)) as store:
        service = ExperimentService(store)
        studies = open_studies(store, service.computing, settings)
        basin = Client(build(service, studies, settings))
        assert isinstance(store, SqliteStore)
        store._connections.mine().execute("PRAGMA query_only = ON")  # as on a disk that is
        assert basin.get("/healthz") == {"status": "ok"}
        refused(basin, "GET", "/readyz", 503)


def test_an_application_is_made_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    url = f"sqlite:///{tmp_path / 'x.db'}"
    store = open_store(url, lifetime=Settings(store=url).lifetime)

    def open(url: str, **rest: object) -> Store:
        asked.append(url)
        return store

    monkeypatch.setattr("app.store.open_store", open)
    monkeypatch.setenv("PLAYGROUND_STORE", url)
    monkeypatch.setenv("PLAYGROUND_BODY_BYTES", "123456")
    application = create_app()
    store.close()
    assert isinstance(application, Flask)
    assert asked == [url]
    assert application.config["MAX_CONTENT_LENGTH"] == 123456


@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_of_a_setting_has_a_range_that_is_said(name: str) -> None:
    number = NUMBERS[name]
    wrong = [
        "-1",
        "nan",
        "inf",
        "-inf",
        "many",
        "1e-300",
        "1e300",
        "1e400",
        "0x10",
        " ",
        "1;2",
        "1_0",
        "１００",
    ]
    wrong += [str(number.least - 1e-5), str(number.most * 1.001 + 1)]
    wrong += ["5.5"] * number.whole + ["none"] * (not number.or_none)
    for value in wrong:
        with pytest.raises(BadSetting) as refused:
            Settings.from_environment({f"PLAYGROUND_{name}": value})
        said = f"PLAYGROUND_{name} must be {number}, not {value!r}"
        assert str(refused.value) == said
    assert " from " in str(number)
    for edge in (number.least, number.most):
        Settings.from_environment({f"PLAYGROUND_{name}": f"{edge:.17g}"})


WRONG_WORDS = {
    "STORE": ["nonsense", "mysql://me:secret@host/db", "sqlite://", "sqlite:///:memory:"],
    "STUDIES": ["threads", "dask://", "dask://host", "1e9", "nan"],
    "PUBLIC_URL": ["basin.example.org", "ftp://a.b", "nan"],
    "HOSTS": ["a/b", "http://host", "-1;2", "*"],
    "FRAME_ANCESTORS": ["*", "javascript:1", "a b;"],
    "METRICS": ["0", "yes", "2"],
    "REQUEST_LOG": ["1", "text"],
}


def test_every_setting_is_swept() -> None:
    unchecked = {"THIS_PYTHON", "BROWSER"}  # of a program's start, and of the tests
    assert WRONG_WORDS.keys() | unchecked == set(WORDS)


@pytest.mark.parametrize("name", WRONG_WORDS)
def test_a_word_of_a_setting_that_cannot_be_is_named(tmp_path: Path, name: str) -> None:
    for value in WRONG_WORDS[name]:
        environ = {"PLAYGROUND_STORE": f"sqlite:///{tmp_path / 'x.db'}"}
        with pytest.raises(BadSetting, match=f"^PLAYGROUND_{name} must ") as refused:
            create_app(Settings.from_environment({**environ, f"PLAYGROUND_{name}": value}))
        assert "secret" not in str(refused.value)


def test_the_most_that_settings_allow_is_what_basin_can_do() -> None:
    for name, (built_in, needed) in LIMITED.items():
        number = NUMBERS[f"MAX_{name.upper()}"]
        assert (number.least, number.most) == (needed, built_in.maximum), name


def test_a_bound_may_be_none() -> None:
    names = [name for name, number in NUMBERS.items() if number.or_none]
    found = Settings.from_environment({f"PLAYGROUND_{name}": "none" for name in names})
    assert found.quotas == Quotas(None, None, None, None)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("EXPIRE_DAY", "EXPIRE_DAYS"), ("BODYBYTES", "BODY_BYTES"), ("MAX_RUN", "MAX_RUNS")],
)
def test_a_setting_that_is_misspelt_is_named(name: str, meant: str) -> None:
    with pytest.raises(BadSetting, match=f"PLAYGROUND_{name} .*; perhaps PLAYGROUND_{meant}"):
        Settings.from_environment({f"PLAYGROUND_{name}": "5"})


@pytest.mark.parametrize(
    ("value", "url"),
    [
        ("https://basin.example.org", "https://basin.example.org/"),
        ("http://school:8000/basin/", "http://school:8000/basin/"),
        (" http://[fd00::1]:80 ", "http://[fd00::1]:80/"),
        ("", None),
    ],
)
def test_the_public_address_is_a_setting(value: str, url: str | None) -> None:
    assert Settings.from_environment({"PLAYGROUND_PUBLIC_URL": value}).public_url == url


@pytest.mark.parametrize(
    "value",
    ["basin.example.org", "ftp://a.b", "https://", "http://[::1", "http://a:b", "http://a:0",
     "https://me:secret@a.b", "https://a.b/?lang=en", "https://a.b/#v1", 'https://a.b/"x',
     "http://a b"],
)  # fmt: skip
def test_a_public_address_that_is_none_is_refused(value: str) -> None:
    with pytest.raises(BadSetting, match="PLAYGROUND_PUBLIC_URL"):
        Settings.from_environment({"PLAYGROUND_PUBLIC_URL": value})


def test_the_page_knows_its_public_address(tmp_path: Path) -> None:
    url = "https://basin.example.org/a&b/"
    with serving(tmp_path, public_url=url) as basin:
        page = basin.application.test_client().get("/").get_data(as_text=True)
    assert 'data-public-url="https://basin.example.org/a&amp;b/"' in page


def test_without_settings_experiments_are_kept_in_the_users_data_folder() -> None:
    settings = Settings.from_environment({"HOME": "/home/ada", "XDG_DATA_HOME": "/data"})
    assert settings.store.startswith("sqlite:///")
    assert settings.store.endswith("basin.db")


OVER = {
    "runs": ({"runs": [{}] * 7}, "/runs"),
    "units": ({"layers": [{"units": 9}, {"units": 1, "activation": "sigmoid"}]}, "/layers/0/units"),
    "hidden_layers": ({"layers": [{}] * 3 + [{"units": 1, "activation": "sigmoid"}]}, "/layers"),
    "samples": ({"data": {"samples": 601}}, "/data/samples"),
    "inputs": ({"features": ["x1", "x2", "x1^2"]}, "/features"),
}
MOST = {"runs": 6, "units": 8, "hidden_layers": 2, "samples": 600, "inputs": 2}


@pytest.mark.parametrize("name", list(OVER))
def test_a_spec_over_a_limit_of_this_server_is_told_which(tmp_path: Path, name: str) -> None:
    spec, pointer = OVER[name]
    with serving(tmp_path, limits=MOST) as basin:
        [error] = basin.post("/api/experiments", spec, 422)["errors"]
        assert error["pointer"] == pointer
        assert error["allowed"]["maximum"] == MOST[name]
        basin.post("/api/experiments", {}, 201)
        fields = basin.get("/api/catalog")["fields"]
        assert {limit: fields[limit]["maximum"] for limit in MOST} == MOST


def test_limits_are_settings() -> None:
    settings = Settings.from_environment({"PLAYGROUND_MAX_RUNS": "6", "HOME": "/home/ada"})
    assert settings.limits == {"runs": 6}
    assert limits(settings.limits)["runs"].maximum == 6
