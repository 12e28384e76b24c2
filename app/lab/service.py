"""The service of experiments: one function for each call of the API.

It keeps nothing that matters: every experiment is loaded from the store, moved, and saved before
the answer goes out, so that a server may be killed between any two instructions. What an answer is
made of stands in the packages; here it is only put together.
"""

import secrets
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

import numpy as np

from app.errors import FieldError, InvalidInput
from app.lab.analysis import layer_statistics, metrics, outputs
from app.lab.analysis.snapshot import snapshot, views_of
from app.lab.analysis.summary import place, summary
from app.lab.analysis.worked_step import trace
from app.lab.compute_queue import ComputeQueue
from app.lab.experiment import events, training
from app.lab.experiment.events import EventModel, NewExperiment
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import Setup, build
from app.lab.experiment.state import Event, TrainState, Watch
from app.lab.history.repository import Experiment, ExperimentRepository
from app.lab.history.thinning import thin
from app.lab.json_arrays import finite
from app.lab.landscape.curvature import curvature
from app.lab.landscape.plane import PlaneWords
from app.lab.landscape.scene import Scene, Scenes
from app.lab.landscape.slice import slice_along
from app.lab.landscape.surface import Ends, loss_surface
from app.lab.preview.formula import preview_formula
from app.lab.preview.recipe import preview_recipe
from app.lab.preview.schedule import preview_schedule
from app.lab.preview.table import preview_table
from app.lab.spec import limits as limiting
from app.lab.spec import ranges
from app.lab.spec.arrays import changed_parameters, parameters
from app.lab.spec.parse import SampledSpec, read
from app.lab.spec.ranges import check_work
from app.nn.diagnostics import WINDOW
from app.store.base import Store

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")


def _computes(
    call: Callable[Concatenate["ExperimentService", _Arguments], _Answer],
) -> Callable[Concatenate["ExperimentService", _Arguments], _Answer]:
    """Decorates a method that holds the compute lock while it runs. It may raise Busy."""

    @wraps(call)
    def locked(
        self: "ExperimentService", /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Answer:
        with self._computing.lock():
            return call(self, *args, **kwargs)

    return locked


class ExperimentService:
    """Creates, moves and reads experiments.

    One thread computes at a time, in the order of arrival. A request that waits longer than
    `queue_timeout` seconds raises Busy; one for an experiment that there is not,
    UnknownExperiment; one with a `version` that is not the present, StaleVersion; and InvalidInput
    names every field that is wrong.
    """

    def __init__(
        self, store: Store, queue_timeout: float = 20.0, limits: limiting.Limits | None = None
    ) -> None:
        self.limits = limiting.limits({}) if limits is None else limits
        self._repository = ExperimentRepository(store)
        self._scenes = Scenes(self._repository)
        self._computing = ComputeQueue(queue_timeout)
        self._drawing = ComputeQueue(queue_timeout)

    def check(self) -> None:
        """Raises StoreUnavailable when experiments cannot be read or saved."""
        self._repository.store.check()

    # -- the life of an experiment

    def create(self, new: NewExperiment) -> dict[str, Any]:
        """A new experiment from a spec, taken through its events to its step, if it has them."""
        return self._create(read(new, self.limits), new.events, new.step)

    @_computes
    def _create(
        self, sampled: SampledSpec, given: Sequence[EventModel], step: int
    ) -> dict[str, Any]:
        setup = build(sampled)
        check_work(setup.step_work, "/data/samples", setup.spec.data.samples, source="body")
        happened = events.read(given, setup)
        _check_way(setup, step)
        state, first = training.begin(setup)
        for event in happened:
            if event.step == 0:
                state, first = training.apply(setup, state, event, happened)
        experiment = Experiment(_new_id(), 1, setup, state, happened)
        self._repository.create(experiment, first)
        if step:
            state, segments = training.advance(setup, state, happened, step)
            experiment = replace(experiment, version=2, state=state)
            self._repository.save(experiment, segments)
        return self._summary(experiment)

    @_computes
    def branch(
        self, id: str, step: int, change: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """A new experiment with the past of this one up to a step, and from there on a change."""
        source = self._repository.load(id, version)
        state = self._repository.state_at(source, step, "body")
        past = tuple(event for event in source.events if event.step <= step)
        new = events.of_branch(change, step, source.setup)
        experiment = Experiment(_new_id(), 1, source.setup, state, past)
        self._repository.branch(source, experiment)
        return self._summary(self._happen(experiment, new) if new else experiment)

    @_computes
    def summary(self, id: str) -> dict[str, Any]:
        """Where an experiment is: its spec, step, shapes, runs and losses."""
        return self._summary(self._repository.load(id))

    def delete(self, id: str) -> None:
        """Deletes an experiment."""
        self._repository.delete(id)

    @_computes
    def train(
        self, id: str, count: int, every: int, views: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """`count` steps on; the frames of every `every`-th of them, and what the views need."""
        experiment = self._repository.load(id, version)
        setup, before = experiment.setup, experiment.state
        check_work(count * setup.step_work, "/count", count, source="body")
        watch = self._watch(experiment, views)
        state, segments = training.advance(setup, before, experiment.events, count, watch)
        segment = concat([segment.losses() for segment in segments])
        moved = replace(experiment, version=experiment.version + 1, state=state)
        self._repository.save(moved, segments)

        enough = len(segment.train) > WINDOW
        latest = segment.train if enough else self._recent(moved, state).train
        frames = np.unique([*range(before.step + every, state.step, every), state.step])
        rows = frames - segment.first
        answer = {
            **place(moved),
            "runs": metrics.statuses(setup, state, latest),
            "steps": frames.tolist(),
            "train": finite(segment.train[rows].T),
            "test": finite(segment.test[rows].T),
            "penalty": finite(segment.penalty[rows].T),
        }
        if segment.watched is not None:
            x, y = np.moveaxis(segment.watched[rows], -1, 0)  # each (F, K)
            answer["path"] = {"x": finite(x.T), "y": finite(y.T)}
        return {**answer, **views_of(setup, state, views)}

    @_computes
    def rewind(self, id: str, step: int, version: int | None) -> dict[str, Any]:
        """Back to an earlier step, exactly; events after it are forgotten."""
        experiment = self._repository.load(id, version)
        state = self._repository.state_at(experiment, step, "body")
        past = tuple(event for event in experiment.events if event.step <= step)
        back = replace(experiment, version=experiment.version + 1, state=state, events=past)
        self._repository.save(back, keep_until=step)
        return self._summary(back)

    @_computes
    def change_method(
        self,
        id: str,
        changes: Mapping[str, Mapping[str, Any]],
        run: int | None,
        version: int | None,
    ) -> dict[str, Any]:
        """From the present step on, other choices for one run or for all.

        `changes` are choices by name: optimizer, schedule, clipping, regularizer.
        """
        experiment = self._repository.load(id, version)
        if run is not None:
            _check_run(experiment.setup, run, "body")
        if not changes:
            names = list(events.CHANGES)
            detail = f"name what to change: {', '.join(names)}"
            raise InvalidInput([FieldError("", "missing", detail, {"names": names})])
        step = experiment.state.step
        made = [events.change(step, run, what, choice) for what, choice in changes.items()]
        return self._summary(self._happen(experiment, made))

    @_computes
    def set_parameters(
        self, id: str, run: int, changes: Mapping[str, Any], version: int | None
    ) -> dict[str, Any]:
        """Parameters set by hand: all of W, all of b, some by name, or a point of a plane."""
        experiment = self._repository.load(id, version)
        _check_run(experiment.setup, run, "body")
        if changes.get("point"):
            theta = self._scenes.point(experiment, changes["point"])
        else:
            before = experiment.state.theta[run]
            theta = changed_parameters(experiment.setup.architecture, before, changes)
        event = events.by_hand(experiment.state.step, run, theta.tolist())
        moved = self._happen(experiment, [event])
        return _parameters(moved, run, moved.state)

    # -- what is stored of it

    @_computes
    def loss(self, id: str, points: int) -> dict[str, Any]:
        """The whole history of losses, thinned to at most `points` steps."""
        experiment = self._repository.load(id)
        found = self._repository.losses(experiment, 0, experiment.state.step)
        rows = thin(np.concatenate([found.train, found.test], axis=1), points)
        return {
            "steps": found.steps[rows].tolist(),
            "train": finite(found.train[rows].T),
            "test": finite(found.test[rows].T),
            "penalty": finite(found.penalty[rows].T),
        }

    @_computes
    def parameters(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """W and b of every layer of a run, now or at an earlier step."""
        experiment, state = self._at(id, step, run)
        return _parameters(experiment, run, state)

    def samples(self, id: str) -> dict[str, Any]:
        """The data set's points."""
        return outputs.samples(self._repository.load(id).setup)

    # -- what can be read off one state

    @_computes
    def gradients(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """The gradient of a run on the whole training set, and its numeric check."""
        experiment, state = self._at(id, step, run)
        found = outputs.gradient(experiment.setup, run, state.theta[run])
        return {"run": run, "step": state.step, **found}

    @_computes
    def outputs(
        self, id: str, run: int, size: int, step: int | None, neurons: bool
    ) -> dict[str, Any]:
        """The outputs of a run's network over the input plane."""
        experiment, state = self._at(id, step, run)
        found = outputs.outputs(experiment.setup, run, state.theta[run], size, neurons)
        return {"run": run, "step": state.step, **found}

    @_computes
    def metrics(self, id: str, run: int, step: int | None) -> dict[str, Any]:
        """Accuracy and confusion matrix of a run, or R², on the training and the test set."""
        experiment, state = self._at(id, step, run)
        return metrics.metrics_of(experiment.setup, state, run)

    @_computes
    def trace(
        self, id: str, run: int, step: int | None, parameter: str, sample: int | None
    ) -> dict[str, Any]:
        """One training step of one parameter, with every number on the way."""
        experiment, state = self._at(id, step, run)
        return trace(experiment, state, run, parameter, sample)

    @_computes
    def diagnostics(self, id: str, step: int | None) -> dict[str, Any]:
        """The signals of every run and layer, and a diagnosis of each run."""
        experiment, state = self._at(id, step)
        recent = self._recent(experiment, state).train
        statuses = metrics.statuses(experiment.setup, state, recent)
        return layer_statistics.diagnostics(experiment.setup, state, statuses, recent)

    @_computes
    def signal_history(self, id: str, points: int, step: int | None) -> dict[str, Any]:
        """The gradient norms of every run and layer, over time."""
        experiment, state = self._at(id, step)
        path = self._repository.trajectory(experiment, state)
        return layer_statistics.history(experiment.setup, path, points)

    @_computes
    def frame(
        self,
        id: str,
        step: int | None,
        look_at: Mapping[str, Any],
        axes: tuple[str | None, str | None],
    ) -> dict[str, Any]:
        """One step whole: losses, statuses, a run's inside, and all runs' places on a plane."""
        experiment, state = self._at(id, step, look_at["run"])
        return snapshot(experiment, state, self._recent(experiment, state), look_at, axes)

    # -- landscapes, drawn one at a time; between their parts every other computation goes first

    def surface(
        self,
        id: str,
        words: PlaneWords,
        size: int,
        ends: Ends,
        held: str | None,
        loss: str | None,
        view: str | None = None,
    ) -> dict[str, Any]:
        """J over a plane, with the path of every run.

        Of several requests for one `view` of an experiment only the newest waits for its turn; the
        others raise Superseded.
        """
        with self._drawn(id, words, None if view is None else (id, view)) as scene:
            return loss_surface(scene, words, size, ends, held, loss)

    def slice(
        self,
        id: str,
        words: PlaneWords,
        parameter: str,
        size: int,
        ends: tuple[float | None, float | None],
    ) -> dict[str, Any]:
        """J along one parameter of a run, and its next step."""
        with self._drawn(id, words) as scene:
            return slice_along(scene, words, parameter, size, ends)

    def curvature(self, id: str, words: PlaneWords) -> dict[str, Any]:
        """How J bends at a run."""
        with self._drawn(id, words) as scene:
            return curvature(scene, words)

    # -- previews, which need no experiment

    @_computes
    def preview_table(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """What the text of a table holds, and the data it makes."""
        return preview_table(asked)

    @_computes
    def preview_recipe(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Histograms of what a recipe draws, beside their theory."""
        return preview_recipe(asked)

    @_computes
    def preview_formula(self, text: str, inputs: int) -> dict[str, Any]:
        """What a formula is, and points of it."""
        return preview_formula(text, inputs)

    def preview_schedule(self, chosen: Mapping[str, Any]) -> dict[str, Any]:
        """The course of a schedule."""
        return preview_schedule(chosen)

    # -- how it is done

    def _at(
        self, id: str, step: int | None, run: int | None = None
    ) -> tuple[Experiment, TrainState]:
        """An experiment, and its state at a step or the present; `run` must be one of its own."""
        experiment = self._repository.load(id)
        if run is not None:
            _check_run(experiment.setup, run)
        return experiment, self._repository.state_at(experiment, step)

    @contextmanager
    def _drawn(
        self, id: str, words: PlaneWords, key: tuple[str, str] | None = None
    ) -> Iterator[Scene]:
        """The scene of a landscape, while it holds the drawing lock and the compute lock."""
        with self._drawing.lock(key), self._computing.lock():
            yield self._scenes.open(
                self._repository.load(id), words, self._computing.yield_to_waiting
            )

    def _watch(self, experiment: Experiment, views: Mapping[str, Any]) -> Watch | None:
        """What the views need of every step; they are checked before anything is trained."""
        for view in ("outputs", "inside"):
            if views.get(view):
                _check_run(experiment.setup, views[view]["run"], "body", f"/views/{view}")
        if not views.get("path"):
            return None
        return self._scenes.watch(experiment, PlaneWords.read(views["path"], "body", "/views/path"))

    def _happen(self, experiment: Experiment, new: Sequence[Event]) -> Experiment:
        """Applies and saves events of the present step; there is at least one."""
        state, known = experiment.state, experiment.events
        for event in new:
            known = events.added(known, event)
            state, settled = training.apply(experiment.setup, state, event, known)
        moved = replace(experiment, version=experiment.version + 1, state=state, events=known)
        self._repository.save(moved, [settled])
        return moved

    def _summary(self, experiment: Experiment) -> dict[str, Any]:
        return summary(experiment, self._recent(experiment, experiment.state))

    def _recent(self, experiment: Experiment, state: TrainState) -> Segment:
        """The losses up to a state that decide the status of its runs."""
        return self._repository.losses(experiment, max(0, state.step - WINDOW), state.step)


def _new_id() -> str:
    return secrets.token_urlsafe(9)


def _check_way(setup: Setup, step: int) -> None:
    """Raises InvalidInput for more steps than one request may train."""
    check_work(step * setup.step_work, "/step", step, source="body")
    most = int(ranges.COUNT.maximum)
    if step > most:
        detail = f"is too far for one request; at most {most}"
        allowed = {"maximum": most}
        raise InvalidInput([FieldError("/step", "too_much_work", detail, allowed, step)])


def _check_run(setup: Setup, run: int, source: str = "query", at: str = "") -> None:
    """Raises InvalidInput unless there is this run."""
    last = len(setup.runs) - 1
    if not 0 <= run <= last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError(f"{at}/run", "out_of_range", detail, allowed, run, source)])


def _parameters(experiment: Experiment, run: int, state: TrainState) -> dict[str, Any]:
    return {
        "run": run,
        "step": state.step,
        "version": experiment.version,
        **parameters(experiment.setup.architecture, state.theta[run]),
    }
