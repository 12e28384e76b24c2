"""The Python client, as it is served, against a server in a process of its own."""

import ast
import importlib.util
import json
import math
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import BaseRequestHandler, ThreadingTCPServer
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from tests.serving import Server


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with Server(tmp_path_factory.mktemp("client")) as running:
        yield running


@pytest.fixture(scope="module")
def basin(server: Server, tmp_path_factory: pytest.TempPathFactory) -> ModuleType:
    """The module of the file that the server gives."""
    file = tmp_path_factory.mktemp("saved") / "basin.py"
    with urllib.request.urlopen(f"{server.url}/client.py") as answer:
        assert answer.headers["Content-Type"].startswith("text/x-python")
        file.write_bytes(answer.read())
    spec = importlib.util.spec_from_file_location("basin_client", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def url(server: Server) -> str:
    return server.url


@pytest.fixture
def lab(basin: ModuleType, server: Server) -> Any:
    return basin.connect(server.url)


XOR = {"name": "xor", "samples": 40}


def test_it_needs_the_standard_library_alone(basin: ModuleType) -> None:
    tree = ast.parse(Path(str(basin.__file__)).read_text("utf-8"))
    names = {
        name.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in ([node.module or ""] if isinstance(node, ast.ImportFrom)
                     else [alias.name for alias in node.names])
    }  # fmt: skip
    assert names <= sys.stdlib_module_names


def test_everything_public_says_what_it_does(basin: ModuleType) -> None:
    for name in basin.__all__:
        found = getattr(basin, name)
        assert found.__doc__, name
        for inner, one in vars(found).items() if isinstance(found, type) else ():
            if not inner.startswith("_") and (callable(one) or isinstance(one, property)):
                assert one.__doc__, f"{name}.{inner}"


def test_a_race_of_recipes_and_seeds(lab: Any, basin: ModuleType) -> None:
    race = lab.compare(data=XOR, layers=[4, 1], recipes=["glorot", "zeros"], seeds=[1, 2])
    assert race.labels == ["glorot, seed 1", "glorot, seed 2", "zeros, seed 1", "zeros, seed 2"]
    assert race.spec["layers"][-1] == {"units": 1, "activation": "sigmoid", "dropout": 0.0}
    told: list[int] = []
    race.train(2500, told.append)
    assert (told, race.step) == ([2000, 2500], 2500)
    losses = race.loss()
    assert losses["steps"][:2] == [0, 1]
    assert losses["glorot, seed 1"][-1] < losses["glorot, seed 1"][0]
    assert basin.compare(data=XOR).step == 0  # at the server that was connected last


@pytest.mark.parametrize("once", [list, iter, np.array], ids=["list", "iterator", "array"])
def test_whatever_can_be_listed_is_read_to_its_end(lab: Any, once: Callable[[Any], Any]) -> None:
    """An iterator gives its items a single time, and an array has no truth value."""
    race = lab.compare(
        data=XOR,
        layers=once([3, 1]),
        recipes=once(["glorot", "he"]),
        seeds=once([1, 2]),
    )
    assert [layer["units"] for layer in race.spec["layers"]] == [3, 1]
    assert race.labels == ["glorot, seed 1", "glorot, seed 2", "he, seed 1", "he, seed 2"]


def test_own_data_may_come_from_iterators(lab: Any) -> None:
    named = lab.compare(data=(iter([iter([0.0]), iter([1.0])]), (word for word in "ab")))
    assert named.spec["data"]["inputs"] == [[0.0], [1.0]]
    assert (named.spec["data"]["classes"], named.spec["data"]["targets"]) == (["a", "b"], [0, 1])


@pytest.mark.parametrize("seed", [1.5, "1", b"1", True, None, -1, float("nan"), float("inf"), [1]])
def test_a_seed_is_not_bent_into_another(lab: Any, basin: ModuleType, seed: Any) -> None:
    with pytest.raises(basin.BadInput, match="a seed is a whole number"):
        lab.compare(data=XOR, seeds=[1, seed])


def test_no_recipes_are_not_glorots(lab: Any, basin: ModuleType) -> None:
    without: list[dict[str, Any]] = [{"recipes": []}, {"recipes": {}}, {"seeds": []}]
    for none in without:
        with pytest.raises(basin.BasinError, match="/runs"):
            lab.compare(data=XOR, **none)


def test_what_one_request_may_not_do_is_done_in_several(
    lab: Any, basin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    race, known = lab.compare(data=XOR), lab.request
    told: list[int] = []
    with pytest.raises(basin.BasinError) as refused:
        known("POST", f"{race.path}/steps", {"count": 10**6})
    (error,) = refused.value.errors

    def sparing(method: str, path: str, body: Any = None, **query: Any) -> Any:
        """A server that refuses more than 25 steps, in the words in which this one refuses."""
        if path.endswith("/steps") and body["count"] > 25:
            fewer = {**error, "allowed": {**error["allowed"], "maximum": 25}}
            raise basin.BasinError(422, "too many", [fewer])
        return known(method, path, body, **query)

    monkeypatch.setattr(lab, "request", sparing)
    race.train(60, told.append)
    assert told == [25, 50, 60]


def test_arrays_are_those_of_the_api(lab: Any) -> None:
    race = lab.compare(data=XOR, recipes={"mine": {"weights": {"name": "normal", "std": 0.3}}})
    race.train(3)
    parameters, gradients = race.parameters(step=0), race.gradients(step=0)
    rate = race.spec["optimizer"]["learning_rate"]
    after = race.parameters(step=1)
    for layer in range(2):
        np.testing.assert_allclose(
            after["W"][layer], parameters["W"][layer] - rate * gradients["W"][layer], rtol=1e-12
        )
    surface = race.surface("W1[0,0]", "b1[0]", size=21)
    assert surface["z"].shape == (21, 21)
    assert surface["x"].shape == (21,)
    assert race.outputs(size=11)["output"].shape == (11, 11)
    assert race.data()["train"]["x"].shape == (20, 2)
    assert 0.0 <= race.metrics()["train"]["accuracy"] <= 1.0
    assert 'print(json.dumps({"train": TRAIN}))' in race.code()
    assert json.loads(race.code("notebook", step=2))["nbformat"] == 4


def test_own_numbers_and_own_classes(lab: Any) -> None:
    X = np.linspace(-1.0, 1.0, 20)
    line = lab.compare(data=(X, 2.0 * X), layers=[3, 1])
    assert line.spec["layers"][-1]["activation"] == "linear"
    named = lab.compare(data=(X, np.where(X > 0, "up", "down")), layers=[(3, "relu"), 1])
    assert named.spec["data"]["classes"] == ["down", "up"]
    assert named.spec["layers"][0]["activation"] == "relu"
    assert named.spec["layers"][-1]["activation"] == "sigmoid"


def test_time_goes_back_and_branches(lab: Any) -> None:
    race = lab.compare(data=XOR, optimizer="adam").train(10)
    branch = race.branch(4, optimizer={"name": "gradient_descent", "learning_rate": 0.1})
    branch.train(2).set(values={"W1[0,0]": 1.5}).change(regularizer={"name": "l2"})
    assert branch.parameters()["W"][0][0, 0] == 1.5
    assert race.rewind(2).step == 2
    again = lab.create({**branch.spec, "events": branch.refresh()._summary["events"], "step": 6})
    assert again.loss() == branch.loss()
    assert lab.open(race.id).step == 2
    race.delete()
    with pytest.raises(Exception, match="404"):
        lab.open(race.id)


def test_a_study_is_waited_for(lab: Any) -> None:
    study = lab.compare(data=XOR, recipes=["glorot", "he"]).study(4, steps=20, target=0.6)
    assert study.result["status"] == "done"
    assert len(study.runs()) == 8
    assert study.read(target=0.1)["target"] == 0.1


def test_refusals_name_the_fields(lab: Any, basin: ModuleType) -> None:
    with pytest.raises(basin.BasinError, match="/layers/0/units: must be from 1 to 64") as refused:
        lab.compare(data=XOR, layers=[1000, 1])
    assert refused.value.status == 422
    assert refused.value.errors[0]["allowed"] == {"minimum": 1, "maximum": 64}
    for wrong in (3, [[1.0]], ("a", "b", "c")):
        with pytest.raises(ValueError, match="a pair"):
            lab.compare(data=wrong)
    assert str(refused.value).count("/layers/0/units") == 1
    race = lab.compare(data=XOR)
    for count in (-1, 2.5, float("nan"), "3", True, None):
        with pytest.raises(basin.BadInput, match="whole number, 0 or more"):
            race.train(count)
    assert race.train(3e0).step == 3
    with pytest.raises(basin.BasinError, match="not finite"):
        lab.compare(data=([[float("nan")]], [1.0]))
    with pytest.raises(basin.BasinError, match="cannot be sent"):
        lab.create({"seed": {1}})
    both = lab.compare(data=XOR, recipes=["glorot"], seeds=[1, 2])
    assert repr(both).endswith(": glorot, seed 1; glorot, seed 2>")
    with pytest.raises(ValueError, match="http"):
        basin.connect("ftp://nowhere")
    with pytest.raises(basin.BasinError, match="does not answer"):
        basin.connect("http://127.0.0.1:9")


def test_in_a_notebook_it_is_the_page_in_a_frame(lab: Any, basin: ModuleType) -> None:
    race = lab.compare(data=XOR, recipes={"it's <b>": "zeros"}).train(2)
    frame = race._repr_html_()
    assert frame.startswith('<iframe src="http://')
    assert "<b>" not in frame
    assert "step=2" in frame
    assert (
        basin._written({"units": 4, "on": None, "is": [True, 0.5]})
        == "(units:4,on:!n,is:!(!t,0.5))"
    )
    assert basin._written("it's!") == "'it!'s!!'"


def test_without_numpy_there_are_lists(
    lab: Any, basin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = lab.compare(data=XOR)
    grid = race.outputs(size=5)["output"].tolist()
    monkeypatch.setattr(basin, "_library", lambda name: None)
    assert race.outputs(size=5)["output"] == grid
    assert isinstance(race.parameters()["W"][0], list)


def test_a_run_that_diverged_has_no_number(lab: Any) -> None:
    race = lab.compare(
        data={"name": "line", "samples": 20},
        layers=[(2, "linear"), 1],
        optimizer={"name": "gradient_descent", "learning_rate": 10.0},
    )
    losses = race.train(60).loss()
    assert math.isnan(
        losses["glorot"][-1] if "glorot" in losses else next(reversed(losses.values()))[-1]
    )


@pytest.mark.parametrize(
    ("method", "status", "asked"),
    [("GET", 429, 2), ("POST", 429, 2), ("GET", 503, 2), ("POST", 503, 1)],
)
def test_it_asks_again_where_nothing_can_be_done_twice(
    basin: ModuleType, method: str, status: int, asked: int
) -> None:
    """After a 503 nobody knows whether a change was saved: only what is read is asked again."""
    seen: list[str] = []

    class Once(BaseHTTPRequestHandler):
        def answer(self) -> None:
            seen.append(self.command)
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            self.send_response(status if len(seen) == 1 else 200)
            self.send_header("Retry-After", "0")
            self.end_headers()
            self.wfile.write(b'{"title": "not now"}' if len(seen) == 1 else b'{"well": true}')

        do_GET = do_POST = answer  # noqa: N815

        def log_message(self, format: str, *args: object) -> None: ...

    with ThreadingHTTPServer(("127.0.0.1", 0), Once) as fake:
        threading.Thread(target=fake.serve_forever, args=(0.01,), daemon=True).start()
        to = basin.Basin(f"http://127.0.0.1:{fake.server_port}")
        body: dict[str, Any] | None = {} if method == "POST" else None
        if asked == 1:
            with pytest.raises(basin.BasinError, match="not now"):
                to.request(method, "/", body)
        else:
            assert to.request(method, "/", body) == {"well": True}
        fake.shutdown()
    assert seen == [method] * asked


class Stranger(BaseHTTPRequestHandler):
    """A server that answers whatever a test says: all bytes, and then it closes."""

    said = b""

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.wfile.write(self.said)
        self.close_connection = True

    do_GET = do_POST = do_PATCH = answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def stranger(basin: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """A connection to somebody who is no Basin."""
    monkeypatch.setattr(basin, "ATTEMPTS", 1)
    with ThreadingHTTPServer(("127.0.0.1", 0), Stranger) as fake:
        threading.Thread(target=fake.serve_forever, args=(0.01,), daemon=True).start()
        yield basin.Basin(f"http://127.0.0.1:{fake.server_port}", timeout=5.0)
        fake.shutdown()


def whole(body: bytes, status: str = "200 OK", more: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\n{more}Content-Length: {len(body)}\r\n\r\n".encode() + body


SUMMARY = {"id": "a", "step": 0, "spec": {"runs": [{}]}}
STRANGE = {
    "a login page": whole(b"<html>"),
    "broken JSON": whole(b'{"id":'),
    "null": whole(b"null"),
    "a list": whole(b"[]"),
    "nothing": b"HTTP/1.1 204 No Content\r\n\r\n",
    "an id that is none": whole(b'{"id": 5, "step": 0, "spec": {"runs": []}}'),
    "a step that is none": whole(b'{"id": "a", "step": 1e999, "spec": {"runs": []}}'),
    "no number of JSON": whole(b'{"id": "a", "step": 0, "spec": {"runs": []}, "x": NaN}'),
    "a run that is none": whole(b'{"id": "a", "step": 0, "spec": {"runs": [5]}}'),
    "half a letter": whole(b'{"id": "a", "step": 0, "spec": {"runs": [{"label": "\\ud800"}]}}'),
    "a label that is none": whole(b'{"id": "a", "step": 0, "spec": {"runs": [{"label": 5}]}}'),
    "no runs": whole(b'{"id": "a", "step": 0, "spec": []}'),
    "no text": whole(b'{"id": "\xff"}'),
    "deep": whole(b"[" * 100_000),
    "a long number": whole(b"9" * 5000),
    "cut": b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{",
    "no HTTP": b"hello\r\n\r\n",
    "many headers": whole(b"{}", more="X: 1\r\n" * 200),
    "a refusal that is null": whole(b"null", "422 No"),
    "errors that are none": whole(b'{"errors": "no"}', "422 No"),
    "errors of none": whole(b'{"errors": [null, 5]}', "422 No"),
    "a deep refusal": whole(b"[" * 100_000, "500 No"),
    "a cut refusal": b"HTTP/1.1 422 No\r\nContent-Length: 500\r\n\r\n{",
    "a time that is none": whole(b"{}", "429 No", "Retry-After: \xb2\r\n"),
}


@pytest.mark.parametrize("said", STRANGE.values(), ids=list(STRANGE))
def test_what_is_no_answer_of_a_basin_is_said_to_be_none(
    stranger: Any, basin: ModuleType, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    race = basin.Experiment(stranger, SUMMARY)
    monkeypatch.setattr(Stranger, "said", said)
    for ask in (
        stranger.catalog,
        stranger.create,
        lambda: stranger.open("a"),
        lambda: race.train(3),
        lambda: race.rewind(1),
        race.loss,
        race.parameters,
        race.data,
        race.surface,
        lambda: race.study(wait=False),
    ):
        with pytest.raises(basin.BasinError):
            ask()


def test_an_answer_without_an_end_ends(
    stranger: Any, basin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basin, "MOST_BYTES", 1000)
    monkeypatch.setattr(Stranger, "said", whole(b" " * 2000))
    with pytest.raises(basin.BasinError, match="without an end"):
        stranger.catalog()


class Slow(BaseRequestHandler):
    """A server that reads `taken` times, says `said`, and then one byte now and then, for 8 s.

    It reads and writes so slowly that no single wait of the client is long.
    """

    said = b""
    taken = 1

    def handle(self) -> None:
        with suppress(OSError):
            for _ in range(self.taken):
                self.request.recv(1 << 14)
                time.sleep(0.02 if self.taken > 1 else 0.0)
            self.request.sendall(self.said)
            for _ in range(400):
                self.request.sendall(b"1")
                time.sleep(0.02)


class Crowd(ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False


@pytest.fixture
def slow() -> Iterator[int]:
    """The port of a server that is slow."""
    with Crowd(("127.0.0.1", 0), Slow) as fake:
        threading.Thread(target=fake.serve_forever, args=(0.01,), daemon=True).start()
        yield fake.server_address[1]
        fake.shutdown()


ENDLESS = {
    "its first line": b"",
    "its headers": b"HTTP/1.1 200 OK\r\nX: ",
    "its body": b"HTTP/1.1 200 OK\r\n\r\n",
    "its parts": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffff\r\n",
    "where it has moved": b"HTTP/1.1 302 Found\r\nLocation: ",
}


def in_time(ask: Callable[[], Any], basin: ModuleType) -> Any:
    """The refusal that comes well before one that waits for each byte would."""
    began = time.monotonic()
    with pytest.raises(basin.BasinError) as refused:
        ask()
    assert 0.15 < time.monotonic() - began < 4.0
    return refused.value


@pytest.mark.parametrize("said", ENDLESS.values(), ids=list(ENDLESS))
def test_a_timeout_is_for_the_whole_answer(
    basin: ModuleType, slow: int, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Slow, "said", said)
    refused = in_time(lambda: basin.connect(f"http://127.0.0.1:{slow}", timeout=0.2), basin)
    assert "not within 0.2 s" in str(refused)


def test_a_timeout_is_for_a_refusal_too(
    basin: ModuleType, slow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Slow, "said", b"HTTP/1.1 500 Broken\r\n\r\n")
    refused = in_time(lambda: basin.connect(f"http://127.0.0.1:{slow}", timeout=0.2), basin)
    assert "not within 0.2 s" in str(refused)


def test_a_timeout_is_for_what_is_sent_too(
    basin: ModuleType, slow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Slow, "taken", 10_000)
    lab = basin.Basin(f"http://127.0.0.1:{slow}", timeout=0.2)
    assert "not within" in str(in_time(lambda: lab.create({"data": "a" * (1 << 22)}), basin))


class Mover(BaseHTTPRequestHandler):
    """A server that sends on to the same path of another, as one does from http to https."""

    to = ""
    status = 302

    def answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.send_response(self.status)
        self.send_header("Location", f"{self.to}{self.path}" if self.to[-1:] != "!" else self.to)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - http.server's names

    def log_message(self, format: str, *args: object) -> None: ...


@pytest.fixture
def mover() -> Iterator[str]:
    """The address of a server that sends on."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Mover) as fake:
        threading.Thread(target=fake.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{fake.server_port}"
        fake.shutdown()


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_server_that_has_moved_is_asked_where_it_is(
    basin: ModuleType, mover: str, url: str, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    monkeypatch.setattr(Mover, "to", url)
    monkeypatch.setattr(Mover, "status", status)
    lab = basin.connect(f"{mover}/")
    assert lab.url == url
    experiment = lab.compare(data="xor", recipes=["glorot"])
    experiment.train(3)
    assert experiment.step == 3
    with pytest.raises(
        basin.BasinError, match=f"{status}: the server is at another address, {url}"
    ):
        basin.Basin(mover).create({})


@pytest.mark.parametrize(
    "place",
    ["http://[::1!", "ftp://127.0.0.1:9/!", "http://127.0.0.1:99999/!", "http://127.0.0.1:x/!"],
)
def test_a_server_that_has_moved_nowhere_is_a_refusal(
    basin: ModuleType, mover: str, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    monkeypatch.setattr(Mover, "to", place)
    with pytest.raises(basin.BasinError):
        basin.connect(mover)


@pytest.mark.parametrize("timeout", [None, -1, 0, math.nan, math.inf, 1e20, "x", "5", True, [1]])
def test_a_timeout_that_is_none_is_said(basin: ModuleType, url: str, timeout: Any) -> None:
    with pytest.raises(basin.BadInput, match="a timeout is above 0 and at most 86400 seconds"):
        basin.connect(url, timeout)


@pytest.mark.parametrize(
    "known", [{}, {"data": [{"name": "xor"}], "recipes": []}, {"data": [], "recipes": [5]}]
)
def test_a_catalog_that_lies_is_said_to_be_none(
    stranger: Any, basin: ModuleType, known: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said = json.dumps({"optimizers": [], **known}).encode()
    monkeypatch.setattr(Stranger, "said", whole(said))
    with pytest.raises(basin.BasinError, match="does not answer as Basin does"):
        stranger.compare(data="xor", layers=[1], recipes=["glorot"])


def test_a_study_is_waited_for_no_longer_than_said(
    stranger: Any, basin: ModuleType, slow: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither between two looks, nor while one is answered."""
    going = {"id": "a", "status": "running", "done": 1, "total": 2}
    monkeypatch.setattr(Stranger, "said", whole(json.dumps(going).encode()))
    study = basin.Study(stranger, going)
    began = time.monotonic()
    with pytest.raises(TimeoutError, match="is not done"):
        study.wait(0.2, every=30)
    monkeypatch.setattr(Slow, "said", b"HTTP/1.1 200 OK\r\n\r\n")
    study = basin.Study(basin.Basin(f"http://127.0.0.1:{slow}", timeout=30.0), going)
    with pytest.raises(TimeoutError, match="is not done"):
        study.wait(0.2)
    assert time.monotonic() - began < 6.0  # the slow one goes on for 8


@pytest.mark.parametrize("wait", [{"timeout": "x"}, {"timeout": -1}, {"every": 0}, {"every": "1"}])
def test_a_wait_that_is_none_is_said(basin: ModuleType, stranger: Any, wait: Any) -> None:
    study = basin.Study(stranger, {"id": "a", "status": "done", "done": 1, "total": 1})
    with pytest.raises(basin.BadInput, match="a timeout is above 0"):
        study.wait(**wait)


def test_a_table_that_is_none_is_said(
    stranger: Any, basin: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    study = basin.Study(stranger, {"id": "a", "status": "done", "done": 1, "total": 1})
    monkeypatch.setattr(basin, "_library", lambda name: None)
    monkeypatch.setattr(Stranger, "said", whole(b'a,b\r\n"1,2'))
    with pytest.raises(basin.BasinError, match="does not answer as Basin does"):
        study.runs()


def test_an_address_may_have_any_letter(basin: ModuleType, url: str) -> None:
    assert basin.connect(url.replace("http", "HTTP")).url == url
    for path in ("ü", "网", "a%20b"):
        with pytest.raises(basin.BasinError, match="404"):
            basin.connect(f"{url}/{path}")


@pytest.mark.parametrize("most", [-5, 0, 3000, "2", None])
def test_a_limit_that_is_none_is_a_refusal(
    stranger: Any, basin: ModuleType, most: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    errors = [{"pointer": "/count", "code": "x", "allowed": {"maximum": most}}]
    refusal = json.dumps({"title": "no", "errors": errors}).encode()
    monkeypatch.setattr(Stranger, "said", whole(refusal, "422 No"))
    with pytest.raises(basin.BasinError, match="422: no"):
        basin.Experiment(stranger, SUMMARY).train(10)


@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1:abc", "http://", "http://[::1", "http://a b/", "http://b\u00fccher..x/",
     "http://a/\r\nX: 1", "http://127.0.0.1/\udc80", b"http://127.0.0.1",
     "http://me:secret@127.0.0.1/", "127.0.0.1:8000"],
)  # fmt: skip
def test_what_is_no_address_is_said_to_be_none(basin: ModuleType, url: str) -> None:
    with pytest.raises(basin.BadInput, match="address"):
        basin.connect(url)


def test_what_cannot_be_sent_is_said_before_it_is(lab: Any, basin: ModuleType) -> None:
    endless: list[Any] = []
    endless.append(endless)
    for id in (None, 5, "\ud800", "", ".", "..", np.array(["a", "b"])):
        with pytest.raises(basin.BadInput, match="an id is a text"):
            lab.open(id)
    for path in ("api/catalog", "", None, "/api/ catalog", "/api/\u00fc", "/\r\nX: 1"):
        with pytest.raises(basin.BadInput, match="a path begins with /"):
            lab.request("GET", path)
    for value in ("\ud800", 10**5000):
        with pytest.raises(basin.BadInput, match="cannot be asked for"):
            lab.request("GET", "/api/catalog", a=value)
    for method in (None, "", 5, b"GET", ["GET"]):
        with pytest.raises(basin.BadInput, match="a method is a text"):
            lab.request(method, "/api/catalog")
    experiment = lab.create()
    for name in ("path", "method", "body"):
        for ask in (experiment.surface, experiment.outputs):
            with pytest.raises(basin.BadInput, match=f"no setting {name}"):
                ask(**{name: "x"})
    with pytest.raises(basin.BadInput, match="progress is a function"):
        experiment.train(2, progress=5)
    assert experiment.step == 0
    for spec in ([1], 5, "", 0):
        with pytest.raises(basin.BadInput, match="a spec is a dict"):
            lab.create(spec)
    with pytest.raises(basin.BadInput, match="cannot be sent"):
        lab.create({"seed": 10**5000})
    with pytest.raises(basin.BadInput, match="not finite"):
        lab.create({"seed": math.inf})
    with pytest.raises(basin.BadInput, match="steps are a whole number, 0 or more"):
        lab.create().train(-(10**5000))
    with pytest.raises(basin.BadInput, match="steps are a whole number, 0 or more"):
        lab.create().train(np.array([1, 2]))
    with pytest.raises(basin.BadInput, match="cannot be sent"):
        lab.create({"data": endless})
    for wrong in (
        {"layers": ["a"]},
        {"layers": [(1, 2, 3)]},
        {"layers": [None]},
        {"layers": [math.inf]},
        {"recipes": 5},
        {"seeds": "ab"},
        {"data": ([[1.0]], None)},
        {"data": (None, [1.0])},
    ):
        with pytest.raises(basin.BadInput, match="these are no data, layers, recipes or seeds"):
            lab.compare(**{"data": XOR, **wrong})
