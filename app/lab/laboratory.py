"""The one door to the experiments: a function for each thing that can be asked of them.

A laboratory keeps nothing that matters: every experiment is loaded from the store, moved, and
saved before the answer goes out, so that a server may be killed between any two instructions.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab import inside, metrics, readings, signals, status
from app.lab.experiment import events, training
from app.lab.experiment.setup import World, build
from app.lab.experiment.state import Event, Moment, Watch
from app.lab.history import segments
from app.lab.history.repository import Archive, Opened
from app.lab.json_arrays import finite
from app.lab.landscapes import Landscapes
from app.lab.planes import PlaneWords
from app.lab.preparing import Preparing
from app.lab.spec import limits as limiting
from app.lab.spec import ranges
from app.lab.spec.arrays import parameter_index, parameters, read_arrays
from app.lab.spec.field_errors import pointer
from app.lab.spec.parse import parse
from app.lab.spec.ranges import check_work
from app.lab.turns import Turns
from app.nn.diagnostics import WINDOW
from app.nn.stack import pack, unpack
from app.nn.types import Array
from app.store.base import Store


class Laboratory:
    """Creates, moves and reads experiments.

    Computing is done by one thread at a time, in turns. Who waits longer than `patience` seconds is
    told `Busy`.
    """

    def __init__(
        self, store: Store, patience: float = 20.0, limits: limiting.Limits | None = None
    ) -> None:
        self.limits = limiting.limits({}) if limits is None else limits
        self._archive = Archive(store)
        self._turns = Turns(patience)
        self._computing = self._turns.turn
        self.inside = inside.Inside(self._archive, self._computing)
        self.landscapes = Landscapes(self._archive, self._turns, patience)
        self.preparing = Preparing(self._computing)

    def check(self) -> None:
        """Raises StoreUnavailable when experiments cannot be read or saved."""
        self._archive.store.check()

    # -- the life of an experiment

    def create(self, document: Any) -> dict[str, Any]:
        """A new experiment from a spec, taken through its events to its step, if it has them.

        InvalidInput names what is wrong with it.
        """
        setup, way = events.split(document)
        spec = parse(setup)
        limiting.check(spec, self.limits)
        with self._computing():
            world = build(spec)
            if world.step_work > ranges.WORK_LIMIT:
                check_work(world.step_work, "/data/samples", spec.data.samples, source="body")
            happened, step = events.parse(way, world)
            _afford_way(world, step)
            moment, first = training.begin(world)
            for event in happened:
                if event.step == 0:
                    moment, first = training.apply(world, moment, event, happened)
            opened = Opened(_new_id(), 1, world, moment, happened)
            self._archive.create(opened, first)
            if step:
                moment, stretches = training.advance(world, moment, happened, step)
                opened = replace(opened, version=2, moment=moment)
                self._archive.save(opened, stretches)
            return self._summary(opened)

    def branch(
        self, id: str, step: int, change: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """A new experiment with the past of this one up to a step, and from there on a change."""
        with self._computing():
            source = self._archive.open(id, version)
            moment = self._archive.moment(source, step, "body")
            past = tuple(event for event in source.events if event.step <= step)
            new = events.of_change(change, step, source.world)
            opened = Opened(_new_id(), 1, source.world, moment, past)
            self._archive.branch(source, opened)
            return self._summary(self._happen(opened, new) if new else opened)

    def summary(self, id: str) -> dict[str, Any]:
        """Where an experiment is: its spec, step, shapes, runs and losses."""
        with self._computing():
            return self._summary(self._archive.open(id))

    def delete(self, id: str) -> None:
        """Forgets an experiment."""
        self._archive.delete(id)

    def train(
        self, id: str, count: int, every: int, views: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """`count` steps on; the frames of every `every`-th of them, and what the views need."""
        with self._computing():
            opened = self._archive.open(id, version)
            world, before = opened.world, opened.moment
            check_work(count * world.step_work, "/count", count, source="body")
            watch = self._watch(opened, views)
            moment, stretches = training.advance(world, before, opened.events, count, watch)
            stretch = segments.join(stretches)
            moved = replace(opened, version=opened.version + 1, moment=moment)
            self._archive.save(moved, stretches)

            frames = np.unique([*range(before.step + every, moment.step, every), moment.step])
            rows = frames - stretch.first
            train, test = stretch.train[rows], stretch.test[rows]
            answer = {
                **_where(moved),
                "runs": self._statuses(moved, stretch.train),
                "steps": frames.tolist(),
                "train": finite(train.T),
                "test": finite(test.T),
                "penalty": finite(stretch.penalty[rows].T),
            }
            if stretch.watched is not None:
                x, y = np.moveaxis(stretch.watched[rows], -1, 0)  # each (F, K)
                answer["path"] = {"x": finite(x.T), "y": finite(y.T)}
            if views.get("outputs"):
                asked = views["outputs"]
                run = _run(world, asked["run"], "body", "/views/outputs")
                answer["outputs"] = {
                    "run": run,
                    "step": moment.step,
                    **readings.outputs(world, run, moment.theta[run], asked["size"], False),
                }
            if views.get("inside"):
                answer["inside"] = inside.look(world, moment, **views["inside"])
            if views.get("signals"):
                answer["signals"] = signals.norms(world, moment)
            if views.get("metrics"):
                answer["metrics"] = metrics.scores(world, moment)
            return answer

    def rewind(self, id: str, step: int, version: int | None) -> dict[str, Any]:
        """Back to an earlier step, exactly; events after it are forgotten."""
        with self._computing():
            opened = self._archive.open(id, version)
            moment = self._archive.moment(opened, step, "body")
            past = tuple(event for event in opened.events if event.step <= step)
            back = replace(opened, version=opened.version + 1, moment=moment, events=past)
            self._archive.save(back, keep_until=step)
            return self._summary(back)

    def change_method(
        self,
        id: str,
        changes: Mapping[str, Mapping[str, Any]],
        run: int | None,
        version: int | None,
    ) -> dict[str, Any]:
        """From the present step on, another way to learn, for one run or for all.

        `changes` are choices by name: optimizer, schedule, clipping, regularizer.
        """
        with self._computing():
            opened = self._archive.open(id, version)
            if run is not None:
                _run(opened.world, run, "body")
            if not changes:
                names = list(events.CHANGES)
                detail = f"name what to change: {', '.join(names)}"
                raise InvalidInput([FieldError("", "missing", detail, {"names": names})])
            step = opened.moment.step
            made = [events.change(step, run, what, choice) for what, choice in changes.items()]
            return self._summary(self._happen(opened, made))

    def set_parameters(
        self, id: str, run: int, changes: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """Parameters set by hand: all of W, all of b, or some by name."""
        with self._computing():
            opened = self._archive.open(id, version)
            _run(opened.world, run, "body")
            if changes.get("point"):
                theta = self.landscapes.point(opened, changes["point"])
            else:
                theta = _changed(opened.world, opened.moment.theta[run], changes)
            event = events.by_hand(opened.moment.step, run, theta.tolist())
            moved = self._happen(opened, [event])
            return self._parameters(moved, run, moved.moment)

    # -- reading

    def loss(self, id: str, points: int) -> dict[str, Any]:
        """The whole history of losses, thinned to at most `points` steps."""
        with self._computing():
            opened = self._archive.open(id)
            found = self._archive.losses(opened, 0, opened.moment.step)
            rows = segments.thin(np.concatenate([found.train, found.test], axis=1), points)
            return {
                "steps": found.steps[rows].tolist(),
                "train": finite(found.train[rows].T),
                "test": finite(found.test[rows].T),
                "penalty": finite(found.penalty[rows].T),
            }

    def parameters(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """W and b of every layer of a run, now or at an earlier step."""
        with self._computing():
            opened = self._archive.open(id)
            _run(opened.world, run)
            return self._parameters(opened, run, self._archive.moment(opened, step))

    def gradients(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """The gradient of a run on the whole training set, and its numeric check."""
        with self._computing():
            opened = self._archive.open(id)
            _run(opened.world, run)
            moment = self._archive.moment(opened, step)
            return {
                "run": run,
                "step": moment.step,
                **readings.gradient(opened.world, run, moment.theta[run]),
            }

    def outputs(
        self, id: str, run: int, size: int, step: int | None, neurons: bool
    ) -> dict[str, Any]:
        """What a run's network puts out over the input plane."""
        with self._computing():
            opened = self._archive.open(id)
            _run(opened.world, run)
            moment = self._archive.moment(opened, step)
            theta = moment.theta[run]
            return {
                "run": run,
                "step": moment.step,
                **readings.outputs(opened.world, run, theta, size, neurons),
            }

    def metrics(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """Accuracy and confusion matrix of a run, or R², on the training and the test set."""
        with self._computing():
            opened = self._archive.open(id)
            _run(opened.world, run)
            return metrics.metrics_of(opened.world, self._archive.moment(opened, step), run)

    def samples(self, id: str) -> dict[str, Any]:
        """The data set's points."""
        return readings.samples(self._archive.open(id).world)

    # -- how it is done

    def _watch(self, opened: Opened, views: Mapping[str, Any]) -> Watch | None:
        """What the views need of every step; they are checked before anything is trained."""
        if views.get("outputs"):
            _run(opened.world, views["outputs"]["run"], "body", "/views/outputs")
        if views.get("inside"):
            _run(opened.world, views["inside"]["run"], "body", "/views/inside")
        if not views.get("path"):
            return None
        return self.landscapes.watch(opened, PlaneWords.read(views["path"], "body", "/views/path"))

    def _happen(self, opened: Opened, new: Sequence[Event]) -> Opened:
        """What happened at the present step; there is at least one event."""
        moment, known = opened.moment, opened.events
        for event in new:
            known = events.added(known, event)
            moment, settled = training.apply(opened.world, moment, event, known)
        moved = replace(opened, version=opened.version + 1, moment=moment, events=known)
        self._archive.save(moved, [settled])
        return moved

    def _parameters(self, opened: Opened, run: int, moment: Moment) -> dict[str, Any]:
        return {
            "run": run,
            "step": moment.step,
            "version": opened.version,
            **parameters(opened.world.architecture, moment.theta[run]),
        }

    def _summary(self, opened: Opened) -> dict[str, Any]:
        world, moment = opened.world, opened.moment
        now = self._archive.losses(opened, moment.step, moment.step)
        methods = training.methods_at(world, opened.events, moment.step)
        statuses = self._statuses(opened)
        return {
            **_where(opened),
            "spec": world.spec.document,
            "batches_per_epoch": world.batches_per_epoch,
            "shapes": [
                {"layer": layer, "W": [n_out, n_in], "b": [n_out, 1]}
                for layer, (n_out, n_in) in enumerate(world.architecture.shapes, start=1)
            ],
            "parameter_names": list(world.architecture.parameter_names),
            "runs": [
                {"label": run.label, **status, **events.describe_method(method, moment.step)}
                for run, status, method in zip(world.runs, statuses, methods, strict=True)
            ],
            "loss": {
                "train": finite(now.train[0]),
                "test": finite(now.test[0]),
                "penalty": finite(now.penalty[0]),
            },
            "events": [events.describe_event(event, world) for event in opened.events],
        }

    def _statuses(self, opened: Opened, latest: Array | None = None) -> list[dict[str, Any]]:
        """What every run is doing; `latest` (T, K) are the last training losses, if at hand."""
        world, moment = opened.world, opened.moment
        if latest is None or len(latest) <= WINDOW:
            latest = self._archive.losses(opened, max(0, moment.step - WINDOW), moment.step).train
        return status.statuses(world, moment, latest)


def _new_id() -> str:
    return secrets.token_urlsafe(9)


def _afford_way(world: World, step: int) -> None:
    """Refuses a way that is longer than one request may train; the rest is trained after it."""
    check_work(step * world.step_work, "/step", step, source="body")
    most = int(ranges.COUNT.maximum)
    if step > most:
        detail = f"is too far for one request; at most {most}"
        allowed = {"maximum": most}
        raise InvalidInput([FieldError("/step", "too_much_work", detail, allowed, step)])


def _where(opened: Opened) -> dict[str, Any]:
    step = opened.moment.step
    return {
        "id": opened.id,
        "version": opened.version,
        "step": step,
        "epoch": step // opened.world.batches_per_epoch,
    }


def _run(world: World, run: int, source: str = "query", at: str = "") -> int:
    """A run that exists, or InvalidInput."""
    last = len(world.runs) - 1
    if not 0 <= run <= last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError(f"{at}/run", "out_of_range", detail, allowed, run, source)])
    return run


def _changed(world: World, theta: Array, changes: Mapping[str, Any]) -> Array:
    """theta (P,) with the parameters that were set by hand."""
    errors: list[FieldError] = []
    W, b = unpack(world.architecture, theta)
    given = {"W": changes.get("W"), "b": changes.get("b")}
    values: Mapping[str, Any] = changes.get("values") or {}
    if given["W"] is None and given["b"] is None and not values:
        detail = "name what to set: W, b, values or a point"
        raise InvalidInput(
            [FieldError("", "missing", detail, {"names": ["W", "b", "values", "point"]})]
        )
    for which, arrays in (("W", W), ("b", b)):
        if given[which] is not None:
            read = read_arrays(world.architecture, which, given[which], f"/{which}", errors)
            if not errors:
                arrays[:] = read
    changed = pack(world.architecture, W, b)
    for name, value in values.items():
        try:
            index = parameter_index(world.architecture, name, name, "body", "/values")
        except InvalidInput as error:
            errors += [replace(one, pointer=pointer("values", name)) for one in error.errors]
            continue
        changed[index] = value
    if errors:
        raise InvalidInput(errors)
    return changed
