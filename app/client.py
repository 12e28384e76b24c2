"""Basin from Python: one file, the standard library alone.

Save it as `basin.py` (`curl -o basin.py http://localhost:8000/client.py`), and then:

    import basin

    lab = basin.connect("http://localhost:8000")
    race = lab.compare(data="xor", layers=[4, 1], recipes=["glorot", "article"], seeds=[1, 2])
    race.train(600)
    race.loss()        # a table with a column for each run, where pandas is installed
    race               # in a notebook: the live page in a frame

Arrays are numpy's and tables are pandas' where these are installed, and else lists and dicts. Every
refusal of the server is a `BasinError` that names the fields and what is allowed.
"""

from __future__ import annotations

import base64
import csv
import http.client
import importlib
import io
import json
import math
import queue
import re
import struct
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from html import escape
from typing import IO, Any, NamedTuple, TypeVar

__all__ = ["BadInput", "Basin", "BasinError", "Experiment", "Study", "compare", "connect"]

ATTEMPTS = 20
"""So often a busy server is asked again before giving up."""
LONGEST_WAIT = 30.0
"""The most seconds to wait before asking again, whatever the server says."""
MOST_BYTES = 1 << 26
"""The most bytes of an answer; a server's own have at most 18 MiB."""
MOST_POINTS = 20_000
"""The most steps of a history in one answer; of more, the server keeps the extremes."""
LONGEST_TIMEOUT = 86_400.0
"""Seconds; what takes longer is no request."""
LONGEST_STUDY = 1e9
"""Seconds."""
LEAST_LOOK = 1.0
"""Seconds: so long a look at a study may take, however short the time is that it is waited for."""
_BARE = re.compile(r"[A-Za-z_][\w.-]*\Z", re.ASCII)
_PLAIN = "/%:@!$&'()*+,;=~"
"""What a path may hold beside letters and digits."""
_TELLS = {"data": "task", "recipes": "recipe"}
"""What is read of every entry of these lists of the catalog, beside its name."""
_Found = TypeVar("_Found")

_latest: Basin | None = None


class BasinError(Exception):
    """The server refused, or was not reached.

    `status` is the HTTP status (0: no answer came), and `errors` are the bad fields, each with
    `pointer`, `code`, `detail` and `allowed`.
    """

    def __init__(self, status: int, message: str, errors: Sequence[Mapping[str, Any]] = ()) -> None:
        told = [f"{error.get('pointer') or '/'}: {error.get('detail', '')}" for error in errors]
        super().__init__("\n".join([message, *told]))
        self.status = status
        self.errors = list(errors)


class BadInput(BasinError, ValueError):
    """What cannot be asked of any server: its status is 0."""

    def __init__(self, message: str) -> None:
        super().__init__(0, message)


def connect(url: str = "http://127.0.0.1:8000", timeout: float = 120.0) -> Basin:
    """Connect to a server, and check that it is one.

    `timeout` is in seconds, for one request as a whole; what was asked may still be done. A server
    that sends on to another address, as from http to https, is asked there from then on. Raises
    BadInput for what is no address or no timeout, and BasinError where no Basin answers.
    """
    global _latest
    found = Basin(url, timeout)
    found.catalog()
    _latest = found
    return found


def compare(**choices: Any) -> Experiment:
    """`Basin.compare` on the server that was connected last; on this computer if none was."""
    return (_latest or connect()).compare(**choices)


class Basin:
    """A server. `connect` makes one."""

    def __init__(self, url: str, timeout: float = 120.0) -> None:
        _check_address(url)
        self.url = _ascii(url.split("#")[0].split("?")[0].rstrip("/"))
        self.timeout = _timeout(timeout)
        self._catalog: dict[str, Any] | None = None
        self._moved = self.url

    def __repr__(self) -> str:
        return f"basin.connect({self.url!r})"

    def request(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """One call of the API: the JSON of its answer, or None.

        A busy server (429) is asked again when it says; so is one whose store is away for a moment
        (503), but only to read: it cannot say whether it has saved. Raises BasinError for any other
        refusal, and for what is no answer of a Basin.
        """
        answer = self._ask(_method(method), path, body, query)
        with _answered(self.url):
            return json.loads(answer, parse_constant=_refused) if answer else None

    def text(self, path: str, **query: Any) -> str:
        """An answer that is no JSON, as text. Raises BasinError."""
        answer = self._ask("GET", path, None, query)
        with _answered(self.url):
            return answer.decode()

    def _ask(self, method: str, path: str, body: Any, query: Mapping[str, Any]) -> bytes:
        url = f"{self.url}{_path(path)}{_query(query)}"
        data = None if body is None else _sent(body)
        sent = urllib.request.Request(url, data, method=method)
        sent.add_header("Content-Type", "application/json")
        for attempt in range(ATTEMPTS):
            try:
                answer = _in_time(self.timeout, lambda: _asked(sent, self.timeout))
            except (http.client.HTTPException, OSError, ValueError, OverflowError) as error:
                why = getattr(error, "reason", error)  # urllib wraps some
                late = isinstance(why, TimeoutError)  # the socket's own, or that of the whole
                said = f"not within {self.timeout:g} s" if late else str(error) or repr(error)
                raise BasinError(0, f"{self.url} does not answer: {said}") from None
            if answer.status < 300:
                end = url.removeprefix(self.url)
                self._moved = answer.url.removesuffix(end) if answer.url.endswith(end) else self.url
                return answer.body
            if not _passes(answer, method) or attempt == ATTEMPTS - 1:
                raise _refusal(answer)
            time.sleep(_wait(answer))
        raise BasinError(429, "the server stays busy")

    def catalog(self) -> dict[str, Any]:
        """Every choice there is, with formulas, parameters, ranges and defaults. Asked for once."""
        if self._catalog is None:
            found = self.request("GET", "/api/catalog")
            if not isinstance(found, dict) or "optimizers" not in found:
                raise BasinError(0, f"{self.url} is no Basin")
            self.url, self._catalog = self._moved, found
        return self._catalog

    def create(self, spec: Mapping[str, Any] | None = None, **fields: Any) -> Experiment:
        """An experiment from a spec as the API has it, with `events` and `step` if wanted.

        `lab.create(json.load(file))` makes the one of a file that was saved on the page.
        """
        if spec is not None and not isinstance(spec, Mapping):
            raise BadInput(f"a spec is a dict, not {_told(spec)}")
        return Experiment(
            self, self.request("POST", "/api/experiments", {**(spec or {}), **fields})
        )

    def open(self, id: str) -> Experiment:
        """An experiment that is there already, by its id."""
        return Experiment(self, self.request("GET", f"/api/experiments/{_quoted(id)}"))

    def compare(
        self,
        data: Any = None,
        layers: Iterable[Any] | None = None,
        recipes: Any = None,
        seeds: Iterable[int] | None = None,
        optimizer: Any = None,
        **fields: Any,
    ) -> Experiment:
        """Networks that differ in how they begin: a run for each recipe and seed.

        - `data`: the name of a data set (`"xor"`), a dict as the API has it, or a pair (X, y): X
          (n, n_x) in rows, y (n,) numbers, (n, n_y) numbers, or texts or truth values, which are
          classes.
        - `layers`: units of every layer, the output last, as numbers (hidden ones are tanh, the
          output is what suits the data), pairs `(4, "relu")`, or dicts.
        - `recipes`: names of recipes or of rules for weights, dicts `{"weights": …, "biases": …}`,
          or a dict of those by label. Left out: Glorot's.
        - `seeds`: a run for each recipe and seed; left out, all have the seed of the experiment.
        - `optimizer` and `fields`: whatever else a spec has (`loss`, `batch_size`, `schedule`,
          `regularizer`, `features`, `seed`). A name stands for the choice with its defaults.

        Without data, layers and recipes it is the opening experiment. Raises BasinError for what
        the server cannot use, and BadInput for what cannot be told apart here.
        """
        known = self.catalog()
        with _answered(self.url):
            for kind, told in _TELLS.items():
                [(one["name"], one[told]) for one in known[kind]]
        try:
            spec = self._spec(data, layers, recipes, seeds, fields)
        except (
            AttributeError,
            LookupError,
            OverflowError,
            TypeError,
            ValueError,
            RecursionError,
        ) as error:
            if isinstance(error, BasinError):
                raise
            raise BadInput(f"these are no data, layers, recipes or seeds: {error}") from error
        if optimizer is not None:
            spec["optimizer"] = optimizer
        for name in ("optimizer", "schedule", "clipping", "regularizer"):
            if isinstance(spec.get(name), str):
                spec[name] = {"name": spec[name]}
        return self.create(spec)

    def _spec(
        self,
        data: Any,
        layers: Iterable[Any] | None,
        recipes: Any,
        seeds: Iterable[int] | None,
        fields: Mapping[str, Any],
    ) -> dict[str, Any]:
        """The spec of what `compare` is given."""
        spec: dict[str, Any] = dict(fields)
        if data is not None:
            spec["data"] = _data(data)
        if layers is not None:
            spec["layers"] = self._layers(_listed(layers), spec.get("data"))
        if recipes is not None or seeds is not None:
            spec["runs"] = self._runs(recipes, seeds)
        return spec

    def _layers(self, layers: list[Any], data: Mapping[str, Any] | None) -> list[Any]:
        found: list[Any] = []
        for place, layer in enumerate(layers):
            if isinstance(layer, Mapping):
                found.append(dict(layer))
            elif isinstance(layer, Sequence) and not isinstance(layer, str):
                units, activation = layer
                found.append({"units": units, "activation": activation})
            else:
                last = place == len(layers) - 1
                activation = self._output(data, int(layer)) if last else "tanh"
                found.append({"units": layer, "activation": activation})
        return found

    def _output(self, data: Mapping[str, Any] | None, units: int) -> str:
        """The output activation that suits the data."""
        name = (data or {}).get("name", "circle")
        if name == "custom":
            classes = bool((data or {}).get("classes"))
        elif name == "formula":
            classes = bool(re.search(r"[<>≤≥]", str((data or {}).get("formula", ""))))
        else:
            tasks = {one["name"]: one["task"] for one in self.catalog()["data"]}
            classes = tasks.get(name) == "classification"
        if not classes:
            return "linear"
        return "sigmoid" if units == 1 else "softmax"

    def _runs(self, recipes: Any, seeds: Iterable[int] | None) -> list[Any]:
        named = {one["name"]: one["recipe"] for one in self.catalog()["recipes"]}
        chosen = None if seeds is None else [_whole(seed, "a seed is") for seed in _listed(seeds)]
        runs: list[dict[str, Any]] = []
        for label, recipe in _labelled(["glorot"] if recipes is None else recipes):
            if isinstance(recipe, str):
                recipe = named.get(recipe, {"weights": {"name": recipe}})
            if chosen is None:
                runs.append({"label": label, "recipe": recipe})
            else:
                runs += [
                    {"label": f"{label}, seed {seed}", "recipe": recipe, "seed": seed}
                    for seed in chosen
                ]
        return runs


class Experiment:
    """An experiment on a server: its `id`, the `step` it is at, and its complete `spec`."""

    def __init__(self, lab: Basin, summary: Mapping[str, Any]) -> None:
        self.lab = lab
        self.id: str
        self._summary: dict[str, Any]
        self._take(summary)

    def _take(self, summary: Any) -> Experiment:
        """It is where a summary says."""
        with _answered(self.lab.url):
            id = f"{summary['id']:s}"
            int(summary["step"])  # or it is none
            for run in summary["spec"]["runs"]:
                f"{run.get('label') or '':s}"
            json.dumps(summary, ensure_ascii=False).encode()  # or no address could carry it
            self.id, self._summary = id, dict(summary)
        return self

    @property
    def step(self) -> int:
        """The present step, as of the last answer."""
        return int(self._summary["step"])

    @property
    def spec(self) -> dict[str, Any]:
        """The complete spec, from which `Basin.create` makes the same experiment."""
        found: dict[str, Any] = self._summary["spec"]
        return found

    @property
    def labels(self) -> list[str]:
        """What the runs are called."""
        return [run.get("label") or f"run {k}" for k, run in enumerate(self.spec["runs"])]

    @property
    def path(self) -> str:
        """Its path in the API."""
        return f"/api/experiments/{_quoted(self.id)}"

    @property
    def link(self) -> str:
        """The address of the page with this very experiment, at its step."""
        words = [f"{name}={_notation(value)}" for name, value in self.spec.items()]
        if self._summary.get("events"):
            words.append(f"events={_notation(self._summary['events'])}")
        if self.step:
            words.append(f"step={self.step}")
        return f"{self.lab.url}/#v1&{'&'.join(words)}"

    def __repr__(self) -> str:
        return f"<Basin experiment {self.id} at step {self.step}: {'; '.join(self.labels)}>"

    def _repr_html_(self) -> str:
        """The live page in a frame, for notebooks; another site needs the server's permission."""
        return (
            f'<iframe src="{escape(self.link)}" width="100%" height="720" title="Basin" '
            f'style="border:1px solid #ddd"></iframe>'
        )

    def refresh(self) -> Experiment:
        """Read where it is now, if others moved it."""
        return self._take(self.lab.request("GET", self.path))

    def train(self, steps: int, progress: Callable[[int], object] | None = None) -> Experiment:
        """Train `steps` steps, in as many requests as that takes.

        `progress` is called with the step after each. Raises BasinError, and BadInput for what is
        no whole number, or less than 0.
        """
        if progress is not None and not callable(progress):
            raise BadInput(f"progress is a function of the step, not {_told(progress)}")
        left, block = _whole(steps, "steps are"), 2000
        while left:
            count = min(block, left)
            try:
                answer = self.lab.request(
                    "POST", f"{self.path}/steps", {"count": count, "every": count}
                )
            except BasinError as error:
                block = _fitting(error, count)
                continue
            with _answered(self.lab.url):
                self._summary["step"] = int(answer["step"])
            left -= count
            if progress is not None:
                progress(self.step)
        return self.refresh()

    def rewind(self, step: int) -> Experiment:
        """Return to an earlier step, bit for bit; what came later is discarded."""
        return self._take(self.lab.request("POST", f"{self.path}/rewind", {"step": step}))

    def branch(self, step: int | None = None, **change: Any) -> Experiment:
        """A new experiment with the past of this one up to a step, and a change from there on.

        `change` is as in the API: `run`, `optimizer`, `schedule`, `clipping`, `regularizer`,
        `recipe`, `seed`.
        """
        body = {"step": self.step if step is None else step, "change": change}
        return Experiment(self.lab, self.lab.request("POST", f"{self.path}/branch", body))

    def change(self, run: int | None = None, **choices: Any) -> Experiment:
        """Another optimizer, schedule, clipping or regularizer from now on, for a run or all."""
        return self._take(self.lab.request("PATCH", self.path, {"run": run, **choices}))

    def set(self, run: int = 0, **parameters: Any) -> Experiment:
        """Set parameters of a run by hand: `W=…` and `b=…`, or `values={"W1[0,0]": 1.0}`."""
        self.lab.request("PATCH", f"{self.path}/parameters", {"run": run, **parameters})
        return self.refresh()

    def loss(self, points: int = MOST_POINTS, test: bool = False) -> Any:
        """J at every step of every run, up to 20,000 points; a run that diverged has NaN.

        A pandas DataFrame with a column for each run and the steps as its index, or else
        `{"steps": […], label: […], …}`. With `test` it is the loss on the test set.
        """
        found = self.lab.request("GET", f"{self.path}/loss", points=points)
        with _answered(self.lab.url):
            columns = _columns(self.labels, found["test" if test else "train"])
            pandas = _library("pandas")
            if pandas is None:
                return {"steps": found["steps"], **columns}
            return pandas.DataFrame(columns, index=pandas.Index(found["steps"], name="step"))

    def parameters(self, run: int = 0, step: int | None = None) -> dict[str, list[Any]]:
        """`{"W": […], "b": […]}` of a run, an array for each layer: (n_out, n_in) and (n_out,)."""
        found = self.lab.request("GET", f"{self.path}/parameters", run=run, step=step)
        with _answered(self.lab.url):
            return {name: [_array(layer) for layer in found[name]] for name in ("W", "b")}

    def gradients(self, run: int = 0, step: int | None = None) -> dict[str, list[Any]]:
        """dJ/dW and dJ/db of a run on the training set, as `parameters` has them."""
        found = self.lab.request("GET", f"{self.path}/gradients", run=run, step=step)
        with _answered(self.lab.url):
            return {name: [_array(layer) for layer in found[name]] for name in ("W", "b")}

    def surface(self, x: str | None = None, y: str | None = None, **query: Any) -> dict[str, Any]:
        """J over a plane around a run: `x` (n,), `y` (m,), `z` (m, n), and the `path` of every run.

        `x` and `y` name parameters (`"W1[0,0]"`, `"b1[0]"`); `plane="random"`, `"pca"` and others,
        `run`, `step`, `size` and the rest are as in the API.
        """
        words = {"x": x, "y": y, **_asked_for(query)}
        found = self.lab.request("GET", f"{self.path}/surface", **words)
        with _answered(self.lab.url):
            return _arrays(found, "z")

    def outputs(self, run: int = 0, **query: Any) -> dict[str, Any]:
        """The output of a run over the plane of two inputs: `x`, `y` and `output` (y, x)."""
        words = {"run": run, **_asked_for(query)}
        found = self.lab.request("GET", f"{self.path}/outputs", **words)
        with _answered(self.lab.url):
            return _arrays(found, "output")

    def data(self) -> dict[str, Any]:
        """The samples: `{"train": {"x": (n, n_x), "y": …}, "test": …}` and their names."""
        found: dict[str, Any] = self.lab.request("GET", f"{self.path}/data")
        with _answered(self.lab.url):
            for part in ("train", "test"):
                found[part] = {name: _array(rows) for name, rows in found[part].items()}
        return found

    def metrics(self, run: int = 0, step: int | None = None) -> dict[str, Any]:
        """Accuracy and confusion matrix of a run, or R²."""
        found: dict[str, Any] = self.lab.request("GET", f"{self.path}/metrics", run=run, step=step)
        return found

    def code(self, target: str = "numpy", step: int | None = None) -> str:
        """The experiment as code that trains it again: `numpy`, `pytorch` or `notebook`."""
        return self.lab.text(f"{self.path}/code", target=target, step=step)

    def study(
        self, seeds: int | Mapping[str, int] = 100, wait: bool = True, **options: Any
    ) -> Study:
        """Repeat the experiment with many seeds.

        `options` are `steps`, `target`, `vary` and `grid` as in the API. With `wait` it comes back
        when all is trained; else at once, and `Study.wait` waits.
        """
        counted = dict(seeds) if isinstance(seeds, Mapping) else {"count": seeds}
        body = {"spec": self.spec, "seeds": counted, **options}
        made = Study(self.lab, self.lab.request("POST", "/api/studies", body))
        return made.wait() if wait else made

    def delete(self) -> None:
        """Delete it on the server."""
        self.lab.request("DELETE", self.path)


class Study:
    """An experiment repeated with many seeds; `result` is what is known of it so far."""

    def __init__(self, lab: Basin, result: Mapping[str, Any]) -> None:
        self.lab = lab
        self.id: str
        self.result: dict[str, Any]
        self._take(result)

    def _take(self, result: Any) -> Study:
        """What is known of it is this."""
        with _answered(self.lab.url):
            result["status"], result["done"], result["total"]
            self.id, self.result = f"{result['id']:s}", dict(result)
        return self

    def __repr__(self) -> str:
        known = self.result
        return (
            f"<Basin study {self.id}: {known['status']}, {known['done']} of {known['total']} runs>"
        )

    @property
    def path(self) -> str:
        """Its path in the API."""
        return f"/api/studies/{_quoted(self.id)}"

    def read(self, target: float | None = None, cell: int | None = None) -> dict[str, Any]:
        """What is known now, at its own target or another one, of all cells or of one."""
        found: dict[str, Any] = self.lab.request("GET", self.path, target=target, cell=cell)
        if target is None and cell is None:
            self._take(found)
        return found

    def wait(self, timeout: float | None = None, every: float = 0.5) -> Study:
        """Wait until it is trained or stopped, for at most `timeout` seconds (TimeoutError).

        It is looked at `every` so many seconds. Raises BadInput for what are none.
        """
        is_now = type(timeout) in (int, float) and timeout == 0
        seconds = timeout if timeout is None or is_now else _timeout(timeout, LONGEST_STUDY)
        until = None if seconds is None else time.monotonic() + seconds
        pause = _timeout(every)
        self._look(until)
        while self.result["status"] in ("queued", "running"):
            left = math.inf if until is None else until - time.monotonic()
            if left <= 0.0:
                raise TimeoutError(f"{self!r} is not done")
            time.sleep(min(pause, left))
            self._look(until)
        return self

    def _look(self, until: float | None) -> None:
        """Read what is known, in the time that is left. Raises TimeoutError after that."""
        if until is None:
            self.read()
            return
        try:
            _in_time(max(until - time.monotonic(), LEAST_LOOK), self.read)
        except TimeoutError:
            raise TimeoutError(f"{self!r} is not done, or not told") from None

    def runs(self, target: float | None = None) -> Any:
        """A row for each cell, seed and run: a pandas DataFrame, or else a list of dicts."""
        text = self.lab.text(f"{self.path}/runs.csv", target=target)
        pandas = _library("pandas")
        with _answered(self.lab.url):
            if pandas is None:
                return list(csv.DictReader(io.StringIO(text), strict=True))
            return pandas.read_csv(io.StringIO(text))

    def cancel(self) -> Study:
        """Stop it; what is trained stays."""
        return self._take(self.lab.request("POST", f"{self.path}/cancel"))

    def delete(self) -> None:
        """Stop it, and delete it on the server."""
        self.lab.request("DELETE", self.path)


# -- what is sent


def _check_address(url: Any) -> None:
    """Raises BadInput for what is no address."""
    if not isinstance(url, str) or not url.lower().startswith(("http://", "https://")):
        raise BadInput(f"an address begins with http:// or https://, not {_told(url)}")
    try:
        parts = urllib.parse.urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")
        url.encode()
    except ValueError:
        known = False
    if not known or re.search(r"[\s\x00-\x1f\x7f]", url) or "@" in parts.netloc:
        raise BadInput(f"this is no address of a server: {url!r}")


def _ascii(url: str) -> str:
    """An address as it is sent: letters beyond ASCII as their bytes, and names of hosts as IDNA."""
    scheme, host, path, *_ = urllib.parse.urlsplit(url)
    return f"{scheme}://{host.encode('idna').decode()}{urllib.parse.quote(path, _PLAIN)}"


def _timeout(value: Any, longest: float = LONGEST_TIMEOUT) -> float:
    """Raises BadInput for what is no number of seconds to wait."""
    try:
        seconds = float(value)
    except (TypeError, ValueError, OverflowError):
        seconds = 0.0
    if isinstance(value, str | bytes | bool) or not 0.0 < seconds <= longest:
        raise BadInput(f"a timeout is above 0 and at most {longest:g} seconds, not {_told(value)}")
    return seconds


def _whole(value: Any, what: str) -> int:
    """A whole number; 1e3 is 1000. Raises BadInput."""
    try:
        count = int(value)
        is_whole = bool(count == value) and count >= 0
    except (TypeError, ValueError, OverflowError):
        count, is_whole = -1, False
    if isinstance(value, str | bytes | bool) or not is_whole:
        raise BadInput(f"{what} a whole number, 0 or more, not {_told(value)}")
    return count


def _told(value: Any) -> str:
    """A value in the words of an error; Python itself writes no number of thousands of digits."""
    try:
        return repr(value)[:200]
    except ValueError:
        return "a number as long as that"


def _sent(body: Any) -> bytes:
    """A body as JSON. Raises BadInput for what that cannot say."""
    try:
        return json.dumps(_plain(body), allow_nan=False).encode()
    except (ValueError, TypeError, RecursionError) as error:
        if "float" in str(error):
            raise BadInput("a number that is sent is not finite (NaN or infinite)") from None
        raise BadInput(f"this cannot be sent as JSON: {error}") from None


def _data(data: Any) -> Any:
    """The data of a spec."""
    if isinstance(data, str):
        return {"name": data}
    if isinstance(data, Mapping):
        return dict(data)
    if not isinstance(data, Sequence) or len(data) != 2:
        raise BadInput("data are a name, a dict, or a pair (X, y)")
    inputs, targets = (_plain(part) for part in data)
    rows = [row if isinstance(row, list) else [row] for row in inputs]
    found: dict[str, Any] = {"name": "custom", "inputs": rows, "targets": targets}
    if all(isinstance(one, (str, bool)) for one in targets):
        classes = sorted({str(one) for one in targets})
        found |= {"classes": classes, "targets": [classes.index(str(one)) for one in targets]}
    return found


def _is_labelled(recipes: Any) -> bool:
    """Whether a dict has recipes by label, and is not itself a recipe."""
    return isinstance(recipes, Mapping) and not {"weights", "biases"} & {*recipes}


def _labelled(recipes: Any) -> list[tuple[str, Any]]:
    """Recipes with labels: their own, their names, or numbers."""
    if _is_labelled(recipes):
        return list(recipes.items())
    alone = isinstance(recipes, (str, Mapping))
    return [
        (recipe if isinstance(recipe, str) else f"recipe {place}", recipe)
        for place, recipe in enumerate([recipes] if alone else _listed(recipes), start=1)
    ]


def _listed(values: Iterable[Any]) -> list[Any]:
    """A list of what may be read only once. Raises TypeError for a text, which is no list."""
    if isinstance(values, (str, bytes)):
        raise TypeError(f"several are expected, not the text {values!r}")
    return list(values)


def _plain(value: Any) -> Any:
    """Arrays, tables, iterators and numbers as lists and Python's own numbers, for JSON."""
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if hasattr(value, "to_numpy"):  # of pandas
        value = value.to_numpy()
    if hasattr(value, "tolist"):  # of numpy
        return _plain(value.tolist())
    if isinstance(value, Iterable) and not isinstance(value, (str, bytes, set, frozenset)):
        return [_plain(inner) for inner in value]
    return value


def _method(method: Any) -> str:
    """A method of HTTP. Raises BadInput for what is none."""
    if not isinstance(method, str) or not method:
        raise BadInput(f"a method is a text as GET, not {_told(method)}")
    return method


def _path(path: Any) -> str:
    """The path of a call. Raises BadInput for what is none."""
    if not isinstance(path, str) or not re.fullmatch("/[!-~]*", path):
        raise BadInput(f"a path begins with /, and is ASCII without blanks, not {_told(path)}")
    return path


def _query(query: Mapping[str, Any]) -> str:
    """The query of a call; None is left out. Raises BadInput for what no address can say."""
    try:
        words = {name: _in_query(value) for name, value in query.items() if value is not None}
        return f"?{urllib.parse.urlencode(words)}" if words else ""
    except ValueError as error:
        raise BadInput(f"this cannot be asked for: {error}") from None


def _asked_for(query: Mapping[str, Any]) -> Mapping[str, Any]:
    """A query, in which nothing is called as what `request` itself takes. Raises BadInput."""
    if own := {"method", "path", "body"} & {*query}:
        raise BadInput(f"the server has no setting {', '.join(sorted(own))}")
    return query


def _in_query(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _quoted(id: Any) -> str:
    """An id in a path. Raises BadInput for what is none."""
    try:
        if not isinstance(id, str) or id in ("", ".", ".."):  # which lead to another path
            raise TypeError
        return urllib.parse.quote(id, safe="", errors="strict")
    except (TypeError, UnicodeError):
        raise BadInput(f"an id is a text, not {_told(id)}") from None


def _notation(value: Any) -> str:
    """JSON as the page's links write it, and as a URL's fragment may hold it."""
    return urllib.parse.quote(_written(value), safe="()!,:'._-")


def _written(value: Any) -> str:
    if value is None:
        return "!n"
    if isinstance(value, bool):
        return "!t" if value else "!f"
    if isinstance(value, (int, float)):
        return repr(value)
    if isinstance(value, str):
        return value if _BARE.match(value) else "'" + re.sub(r"[!']", r"!\g<0>", value) + "'"
    if isinstance(value, Mapping):
        return f"({','.join(f'{_written(str(k))}:{_written(v)}' for k, v in value.items())})"
    return f"!({','.join(map(_written, value))})"


# -- what is received


@contextmanager
def _answered(url: str) -> Iterator[None]:
    """Within it an answer is read; where it is none of a Basin, BasinError says so."""
    try:
        yield
    except (
        AttributeError,
        LookupError,
        OverflowError,
        TypeError,
        ValueError,
        RecursionError,
        csv.Error,
        struct.error,
    ) as why:
        if isinstance(why, BasinError):
            raise
        raise BasinError(0, f"{url} does not answer as Basin does: {why!r}"[:500]) from why


def _refused(name: str) -> Any:
    raise ValueError(f"{name} is no number of JSON")


class _Answer(NamedTuple):
    """What a server answers, whole, and the address that it comes from."""

    status: int
    reason: str
    headers: Mapping[str, str]
    body: bytes
    url: str


class _OnlyReading(urllib.request.HTTPRedirectHandler):
    """Goes where a server sends on to, but only to read: urllib would make a GET of a POST."""

    def redirect_request(self, req: urllib.request.Request, *told: Any) -> Any:
        there = super().redirect_request(req, *told) if req.get_method() == "GET" else None
        return there if there is None or there.type in ("http", "https") else None

    def http_error_302(
        self,
        req: urllib.request.Request,
        fp: IO[bytes],
        code: int,
        msg: str,
        headers: http.client.HTTPMessage,
    ) -> Any:
        try:
            return super().http_error_302(req, fp, code, msg, headers)
        except (ValueError, OverflowError, OSError):  # it leads nowhere
            fp.close()
            raise

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def _asked(sent: urllib.request.Request, timeout: float) -> _Answer:
    """An answer, refusals too. Raises HTTPException where it never ends or is cut, and OSError."""
    try:
        found = urllib.request.build_opener(_OnlyReading).open(sent, timeout=timeout)
    except urllib.error.HTTPError as error:
        found = error
    with found as answer:
        try:
            body = _received(answer)
        except (http.client.HTTPException, OSError):
            if answer.status < 300:
                raise
            body = b""  # its status says enough
        return _Answer(answer.status, answer.reason, answer.headers, body, answer.url)


def _received(answer: Any) -> bytes:
    parts, size = [], 0
    while part := answer.read1(1 << 16):
        parts.append(part)
        size += len(part)
        if size > MOST_BYTES:
            raise http.client.HTTPException("it goes on without an end")
    if getattr(answer, "length", 0):  # read1 does not say that some of it is missing
        raise http.client.IncompleteRead(b"", answer.length)
    return b"".join(parts)


def _in_time(seconds: float, work: Callable[[], _Found]) -> _Found:
    """What some work comes to. Raises TimeoutError where it takes longer, and what it raises.

    The timeout of a socket begins anew with every byte, and that of a name is the system's. What
    hangs in the end ends with its connection, or with the program.
    """
    done: queue.SimpleQueue[tuple[list[_Found], BaseException | None]] = queue.SimpleQueue()

    def run() -> None:
        try:
            done.put(([work()], None))
        except BaseException as error:  # noqa: BLE001 - raised below
            done.put(([], error))

    threading.Thread(target=run, daemon=True).start()
    try:
        found, error = done.get(timeout=seconds)
    except queue.Empty:
        raise TimeoutError from None
    if error is not None:
        raise error
    return found[0]


def _refusal(answer: _Answer) -> BasinError:
    if 300 <= answer.status < 400 and "Location" in answer.headers:
        place = answer.headers["Location"][:500]
        return BasinError(
            answer.status, f"{answer.status}: the server is at another address, {place}"
        )
    try:
        problem = json.loads(answer.body)
    except (ValueError, RecursionError):
        problem = {}
    if not isinstance(problem, dict):
        problem = {}
    errors = problem.get("errors")
    errors = [one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else []
    # The detail of bad fields names them, as the errors do.
    said = problem.get("title") if errors else problem.get("detail") or problem.get("title")
    return BasinError(answer.status, f"{answer.status}: {said or answer.reason}", errors)


def _passes(answer: _Answer, method: str) -> bool:
    """Whether a refusal is only for now, and asking again does nothing twice."""
    away = answer.status == 503 and "Retry-After" in answer.headers
    return answer.status == 429 or (away and method == "GET")


def _wait(answer: _Answer) -> float:
    said = answer.headers.get("Retry-After", "1")
    return min(LONGEST_WAIT, float(said) if re.fullmatch("[0-9]{1,9}", said) else 1.0)


def _fitting(error: BasinError, count: int) -> int:
    """How many steps one request may do, from a refusal of `count`; raises it if it is another."""
    for one in error.errors:
        allowed = one.get("allowed")
        most = allowed.get("maximum") if isinstance(allowed, dict) else None
        if one.get("pointer") == "/count" and isinstance(most, int) and 1 <= most < count:
            return most
    raise error


def _library(name: str) -> Any:
    """A library, where it is installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _array(values: Any) -> Any:
    """A numpy array of numbers (None is NaN), where numpy is installed; else what it is given."""
    numpy = _library("numpy")
    return values if numpy is None else numpy.array(values, dtype=float)


def _arrays(answer: dict[str, Any], needed: str) -> dict[str, Any]:
    """An answer in which typed arrays and lists of numbers are arrays. LookupError without one."""
    if needed not in answer:
        raise KeyError(needed)
    return {name: _unpacked(value) for name, value in answer.items()}


def _unpacked(value: Any) -> Any:
    if isinstance(value, Mapping):
        if {*value} == {"dtype", "bdata", "shape"}:
            return _typed(value)
        return {name: _unpacked(inner) for name, inner in value.items()}
    if isinstance(value, list):
        if value and all(isinstance(one, (int, float)) for one in value):
            return _array(value)
        return [_unpacked(one) for one in value]
    return value


def _typed(value: Mapping[str, str]) -> Any:
    """A typed array of plotly.js: float32 in base64, and its shape."""
    data, shape = base64.b64decode(value["bdata"]), [int(n) for n in value["shape"].split(",")]
    numbers: Any = list(struct.unpack(f"<{len(data) // 4}f", data))
    numpy = _library("numpy")
    if numpy is not None:
        return numpy.array(numbers).reshape(shape)
    for width in shape[:0:-1]:
        numbers = [numbers[start : start + width] for start in range(0, len(numbers), width)]
    return numbers


def _columns(
    labels: Sequence[str], rows: Sequence[Sequence[float | None]]
) -> dict[str, list[float]]:
    """A column for each run, under its label; the same label twice has its number too."""
    twice = {label for label in labels if labels.count(label) > 1}
    return {
        f"{label} ({k})" if label in twice else label: [
            float("nan") if J is None else J for J in row
        ]
        for k, (label, row) in enumerate(zip(labels, rows, strict=True))
    }
