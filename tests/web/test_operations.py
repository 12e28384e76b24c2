"""What an operator sees: figures, a line for every request, and quotas as answers."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask import Flask

import app
from app.config import Quotas, Settings
from app.environment import ROOT
from app.errors import BadSetting
from app.store import upkeep
from app.store.base import WAITING
from tests.lab.client import serving


@contextmanager
def basin(folder: Path, **settings: object) -> Iterator[Flask]:
    """A whole application, with these settings."""
    url = f"sqlite:///{folder / 'basin.db'}"
    application = app.create_app(Settings(store=url, **settings))  # type: ignore[arg-type]
    with closing(application.extensions["basin.service"].store):
        yield application


def test_figures_name_routes_and_no_ids(tmp_path: Path) -> None:
    with basin(tmp_path, metrics=True) as application:
        client = application.test_client()
        id = client.post("/api/experiments", json={}).get_json()["id"]
        client.get(f"/api/experiments/{id}")
        client.get("/api/experiments/nobody")
        client.get("/no/such/page")
        client.open("/no/such/page", method="SECRET")
        text = client.get("/metrics").text
    route = 'route="/api/experiments/<id>"'
    assert f'basin_requests_total{{method="GET",{route},status="200"}} 1.0' in text
    assert f'basin_requests_total{{method="GET",{route},status="404"}} 1.0' in text
    assert 'route="none",status="404"' in text
    assert f"basin_request_seconds_count{{{route}}} 2.0" in text
    for line in ("basin_experiments 1.0", "basin_store_errors 0.0", "basin_compute_waiting 0.0"):
        assert line in text
    assert id not in text
    assert "SECRET" not in text
    assert 'method="other",route="none"' in text
    assert "nobody" not in text


def test_figures_of_several_processes_are_added_up(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    program = (
        "import sys, app; from app.config import Settings\n"
        "client = app.create_app(Settings(store=sys.argv[1], metrics=True)).test_client()\n"
        "client.get('/healthz'); print(client.get('/metrics').text)"
    )
    for _ in range(2):
        said = subprocess.run(
            [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'basin.db'}"],
            cwd=ROOT,
            env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path / "figures")},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    assert 'basin_requests_total{method="GET",route="/healthz",status="200"} 2.0' in said


def test_a_folder_of_figures_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    """Which class of values the package takes it decides as it is imported: a program for all."""
    program = (
        "import os, sys, app; from app.config import Settings; from app.errors import BadSetting\n"
        "for folder in sys.argv[2:]:\n"
        "    os.environ['PROMETHEUS_MULTIPROC_DIR'] = folder\n"
        "    try: app.create_app(Settings(store=sys.argv[1], metrics=True))\n"
        "    except BadSetting as error: print(error)\n"
    )
    (tmp_path / "file").touch()
    folders = [str(tmp_path / "none"), str(tmp_path / "file"), ""]
    said = subprocess.run(
        [sys.executable, "-c", program, f"sqlite:///{tmp_path / 'basin.db'}", *folders],
        cwd=ROOT,
        env={"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    start = "PROMETHEUS_MULTIPROC_DIR must be a folder to write in, not"
    whys = ("No such file or directory", "Not a directory", "it is empty")
    expected = [f"{start} {each!r}: {why}" for each, why in zip(folders, whys, strict=True)]
    assert said.splitlines() == expected


def test_without_their_setting_there_are_no_figures(tmp_path: Path) -> None:
    with basin(tmp_path) as application:
        assert application.test_client().get("/metrics").status_code == 404


def test_without_their_package_the_setting_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "prometheus_client", None)
    with (
        pytest.raises(BadSetting, match=r"requirements-metrics\.txt"),
        basin(tmp_path, metrics=True),
    ):
        pass


def test_every_request_has_an_id_and_a_line_without_data(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with basin(tmp_path, request_log=True) as application:
        client = application.test_client()
        answer = client.post("/api/experiments", json={"seed": 4711})
        id = answer.get_json()["id"]
        own = client.get(f"/api/experiments/{id}", headers={"X-Request-ID": "proxy-0123456789"})
        odd = client.get("/api/experiments/secret?run=1", headers={"X-Request-ID": "a b\tc"})
    lines = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [line["id"] for line in lines] == [
        each.headers["X-Request-ID"] for each in (answer, own, odd)
    ]
    assert own.headers["X-Request-ID"] == "proxy-0123456789"
    assert len(odd.headers["X-Request-ID"]) == 16, "what is no id is not taken over"
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("POST", "/api/experiments", 201),
        ("GET", "/api/experiments/<id>", 200),
        ("GET", "/api/experiments/<id>", 404),
    ]
    assert lines[0]["bytes"] > 1000
    said = json.dumps(lines)
    for data in (id, "secret", "4711", "127.0.0.1"):
        assert data not in said


def test_quotas_say_what_to_do(tmp_path: Path) -> None:
    with basin(tmp_path, quotas=Quotas(client_experiments=1)) as application:
        client = application.test_client()
        client.post("/api/experiments", json={})
        answer = client.post("/api/experiments", json={})
        assert answer.status_code == 429
        assert answer.mimetype == "application/problem+json"
        assert 3500 < int(answer.headers["Retry-After"]) <= 3600
        (error,) = answer.get_json()["errors"]
        assert (error["code"], error["allowed"]["maximum"]) == ("quota_used", 1)
    with basin(tmp_path, quotas=Quotas(experiments=1)) as application:
        answer = application.test_client().post("/api/experiments", json={})
        assert answer.status_code == 507
        (error,) = answer.get_json()["errors"]
        assert (error["code"], error["allowed"]["maximum"]) == ("storage_full", 1)
        assert "delete experiments" in error["detail"]


@pytest.mark.parametrize(
    ("name", "value"), [("METRICS", "yes"), ("REQUEST_LOG", "1"), ("QUOTA_BYTES", "1.5")]
)
def test_a_setting_that_is_none_is_named(name: str, value: str) -> None:
    with pytest.raises(BadSetting, match=f"PLAYGROUND_{name}"):
        Settings.from_environment({f"PLAYGROUND_{name}": value})


def test_a_backup_keeps_views_and_mysteries_and_finds_nothing_wrong_with_them(
    tmp_path: Path,
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    with serving(here) as client:
        own = client.create(data={"samples": 20})
        own.train(5)
        shown = client.post(f"{own.url}/view", None, 201)["id"]
        runs = [{"recipe": {"weights": {"name": "he_normal"}}}]
        puzzle = client.post("/api/mysteries", {"spec": {"runs": runs}}, 201)["id"]
        client.post("/api/experiments", {"mystery": puzzle}, 201)
    assert upkeep.check(here / "basin.db").problems == ()
    upkeep.backup(here / "basin.db", tmp_path / "copy.db")
    upkeep.restore(tmp_path / "copy.db", there / "basin.db")
    with serving(there) as client:
        assert client.get(f"/api/experiments/{shown}")["step"] == 5
        client.post("/api/experiments", {"mystery": puzzle}, 201)


def test_every_request_has_its_own_patience_with_the_store(tmp_path: Path) -> None:
    """Threads answer one after another, and what one waited for is not the next one's."""
    waited: list[float | None] = []
    with basin(tmp_path) as application:

        @application.before_request
        def look() -> None:
            waiting = WAITING.get()
            waited.append(None if waiting is None else waiting.seconds)
            if waiting is not None:
                waiting.seconds += 1.0

        for _ in range(2):
            application.test_client().get("/api/catalog")
    assert waited == [0.0, 0.0]
    assert WAITING.get() is None, "a study that is trained waits as long as it takes"
