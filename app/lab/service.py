"""The service of experiments: one function for each call of the API.

Every experiment is loaded from the store, changed, and saved before the answer is returned, so that
a server may be stopped between any two instructions and nothing is lost. Answers are made in the
packages below; here they are only put together.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from app.errors import FieldError, InvalidInput, Sealed, StaleVersion
from app.lab.analysis import layer_statistics, metrics, outputs, seen
from app.lab.analysis.losses import LossHistory, loss_history
from app.lab.analysis.network_state import NetworkRequest, Parameters, run_parameters
from app.lab.analysis.snapshot import Snapshot, snapshot
from app.lab.analysis.status import RunStatus, statuses
from app.lab.analysis.summary import Summary, View, summary
from app.lab.analysis.training_block import TrainingBlock, ViewRequests, frames, training_block
from app.lab.analysis.worked_step import WorkedStep, worked_step
from app.lab.catalog import Catalog, catalog_within
from app.lab.compute_queue import ComputeQueue
from app.lab.experiment import events, training
from app.lab.experiment.events import NewExperiment
from app.lab.experiment.segment import Segment, concat
from app.lab.experiment.setup import Setup, build, creation_work, sealed
from app.lab.experiment.state import Event, TrainState
from app.lab.export.code import Target, code
from app.lab.export.parameters import parameters_npz
from app.lab.history.mysteries import MysteryRepository
from app.lab.history.past import Past
from app.lab.history.repository import Experiment, ExperimentRepository, reached
from app.lab.history.trajectory import end_of
from app.lab.landscape.curvature import Curvature, curvature
from app.lab.landscape.plane import PlanePoint, PlaneRequest
from app.lab.landscape.relief import MostRelief, most_relief
from app.lab.landscape.scene import Scene, Scenes
from app.lab.landscape.sharpness import (
    SHARPNESSES_KEPT,
    Eigenvalue,
    Sharpness,
    rate_shares,
    sharpness,
)
from app.lab.landscape.slice import Slice, slice_along
from app.lab.landscape.surface import Picture, Surface, loss_surface
from app.lab.lessons.check import LessonCheck, check_lesson, checked_card
from app.lab.lessons.measure import Measured, measured
from app.lab.lessons.schema import Card
from app.lab.pace import Pace, busy, crowded
from app.lab.preview.formula import FormulaPreview, preview_formula
from app.lab.preview.recipe import RecipePreview, preview_recipe
from app.lab.preview.schedule import SchedulePreview, preview_schedule
from app.lab.preview.table import TablePreview, preview_table
from app.lab.recent import Recent
from app.lab.spec import limits as limiting
from app.lab.spec import ranges
from app.lab.spec.arrays import changed_parameters, check_set
from app.lab.spec.mystery import (
    Mystery,
    NewMystery,
    PublicMystery,
    check_reveal,
    check_unchanged,
    new_mystery,
    public_mystery,
)
from app.lab.spec.parse import SampledSpec, parse, read
from app.lab.spec.ranges import check_answer, check_work
from app.store.base import Store

_Arguments = ParamSpec("_Arguments")
_Answer = TypeVar("_Answer")

EVENT_WORK = 10**7
"""What an event on the way costs beside the losses at its step, in multiplications."""
WAITING = 48
"""So many requests wait to compute in one process: each holds a thread of the server."""
DRAWINGS_WAITING = 3
"""So many landscapes wait in one process for the one that is drawn."""
BYTES_PER_FRAME = 100
"""What one frame of one run takes in the answer of a block: three losses, and its place."""


def _computes(
    call: Callable[Concatenate["ExperimentService", _Arguments], _Answer],
) -> Callable[Concatenate["ExperimentService", _Arguments], _Answer]:
    """Decorates a method that holds the compute lock while it runs, and so may raise Busy."""

    @wraps(call)
    def locked(
        self: "ExperimentService", /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Answer:
        with self._computing.lock():
            return call(self, *args, **kwargs)

    return locked


def _reads(
    call: Callable[Concatenate["ExperimentService", _Arguments], _Answer],
) -> Callable[Concatenate["ExperimentService", _Arguments], _Answer]:
    """Decorates a method that changes nothing: where what it read was damaged, it reads again.

    By then all is whole, at another version, and nobody who looks need know of that.
    """

    @wraps(call)
    def again(
        self: "ExperimentService", /, *args: _Arguments.args, **kwargs: _Arguments.kwargs
    ) -> _Answer:
        try:
            return call(self, *args, **kwargs)
        except StaleVersion:
            return call(self, *args, **kwargs)

    return again


class ExperimentService:
    """Creates, trains, changes and reads experiments.

    One thread computes at a time; clients take turns. What every method may raise: Busy after
    waiting for longer than `queue_timeout` seconds, or where too many wait, UnknownExperiment for
    an `id` that does not exist or has expired, ReadOnly for one of a view where it would change
    something, StoreUnavailable, and InvalidInput, which names the
    wrong fields. With a `version` a method raises StaleVersion where the experiment has another
    one, and Conflict where
    another request saved it meanwhile.
    """

    def __init__(
        self, store: Store, queue_timeout: float = 20.0, limits: limiting.Limits | None = None
    ) -> None:
        self.limits = limiting.limits({}) if limits is None else limits
        self._computing = ComputeQueue(queue_timeout, most=WAITING)
        self._repository = ExperimentRepository(store, self._computing.yield_to_others)
        self._mysteries = MysteryRepository(store)
        self._scenes = Scenes(self._repository)
        self._sharpness: Recent[Eigenvalue] = Recent(SHARPNESSES_KEPT)
        self._drawing = ComputeQueue(queue_timeout, most=DRAWINGS_WAITING, each=2)
        self._pace = Pace(
            [
                crowded(lambda: self._computing.waited),
                busy(time.process_time),
                busy(lambda: self._computing.seconds),
            ]
        )

    @property
    def computing(self) -> ComputeQueue:
        """The compute lock, for whatever else this process computes."""
        return self._computing

    @property
    def store(self) -> Store:
        """Where the experiments are kept."""
        return self._repository.store

    @property
    def pace(self) -> float:
        """How much slower than usual clients are to ask, 1 or more.

        By the core, by the lock, or by how many wait for it.
        """
        return self._pace.now()

    def check_ready(self) -> None:
        """Check that the store can be read and written. Raises StoreUnavailable."""
        self._repository.store.check()
        self._repository.store.check_writable()

    def catalog(self) -> Catalog:
        """List every choice there is, within the limits of this server."""
        return catalog_within(self.limits)

    # -- the life of an experiment

    def create(self, new: NewExperiment) -> Summary:
        """Create an experiment from a spec, and train it to its step with the events on the way."""
        if new.mystery is None:
            return self._create(lambda: read(new, self.limits), new)
        mystery = self._mysteries.load(new.mystery)
        check_unchanged(new, mystery)
        return self._create(lambda: parse(mystery.document), new, mystery)

    @_computes
    def create_mystery(self, asked: NewMystery) -> PublicMystery:
        """Keep a spec as a mystery: its experiments do not tell the recipes of some runs."""
        try:
            document = read(asked.spec, self.limits).spec.document
        except InvalidInput as error:
            within = [replace(each, pointer=f"/spec{each.pointer}") for each in error.errors]
            raise InvalidInput(within, len(within) + error.more) from None
        mystery = new_mystery(_new_id(), asked, document)
        self._mysteries.create(mystery)
        return public_mystery(mystery)

    @_computes
    def reveal(self, id: str, word: str | None, version: int | None) -> Summary:
        """Tell the recipes of an experiment's mystery from now on.

        Raises Sealed where that is too early, and InvalidInput where there is nothing to tell.
        """
        experiment = self._repository.own(id, version)
        if experiment.setup.mystery is None:
            raise InvalidInput([FieldError("/id", "no_mystery", "nothing is hidden", where="path")])
        if not experiment.revealed:
            check_reveal(experiment.setup.mystery, experiment.state.step, word)
            experiment = self._repository.reveal(experiment)
        return self._summary(experiment)

    @_computes
    def _create(
        self,
        sample: Callable[[], SampledSpec],
        new: NewExperiment,
        mystery: Mystery | None = None,
    ) -> Summary:
        """Create an experiment of a spec, whose data are made once it is its turn: that is work."""
        sampled, step = sample(), new.step
        samples = sampled.spec.data.samples
        check_work(creation_work(sampled.spec), "/data/samples", samples, source="body")
        setup = build(sampled)
        if mystery is not None:
            setup = sealed(setup, mystery)
        setup = self._repository.informed(setup)
        happened = events.read(new.events, setup)
        events.check_kept(happened, "/events")
        _check_way(setup, happened, 0, step, "/step")
        state, first = training.begin(setup)
        for event in happened:
            if event.step == 0:
                state, first = training.apply(setup, state, event, happened)
        experiment = Experiment(_new_id(), 1, setup, state, happened)
        self._repository.create(experiment, first)
        if step:
            pause = self._computing.yield_to_others
            state, segments = training.advance(setup, state, happened, step, None, pause)
            experiment = experiment.moved(state=state)
            self._repository.save(experiment, segments)
        return self._summary(experiment)

    @_computes
    def branch(self, id: str, step: int, change: Mapping[str, Any], version: int | None) -> Summary:
        """Create an experiment that shares the past of this one up to a step, then changes."""
        source = self._repository.load(id, version)
        if source.sealed and (change.get("recipe") or change.get("seed") is not None):
            raise Sealed("another recipe or seed could be compared with the one that is hidden")
        state = self._repository.state_at(source, step, "body")
        past = tuple(event for event in source.events if event.step <= step)
        new = events.of_branch(change, step, source.setup)
        told = source.revealed
        experiment = Experiment(_new_id(), 1, source.setup, state, past, revealed=told)
        self._repository.branch(source, experiment)
        return self._summary(self._happen(experiment, new) if new else experiment)

    @_reads
    @_computes
    def summary(self, id: str) -> Summary:
        """Read the summary of an experiment: its spec, step, shapes, runs, losses and events."""
        return self._summary(self._repository.load(id))

    @_reads
    @_computes
    def view(self, id: str) -> View:
        """Make an id under which the experiment may be looked at, and not changed."""
        return {"id": self._repository.view(self._repository.load(id))}

    def delete(self, id: str) -> None:
        """Delete an experiment."""
        self._repository.delete(id)

    @_computes
    def train(
        self,
        id: str,
        count: int,
        every: int,
        views: ViewRequests,
        plane: PlaneRequest | None,
        version: int | None,
    ) -> TrainingBlock:
        """Train `count` steps, and report every `every`-th step and what the open views show.

        With a `plane` the runs' paths over it are reported too.
        """
        experiment = self._repository.own(id, version)
        setup, before = experiment.setup, experiment.state
        _check_way(setup, experiment.events, before.step, count, "/count")
        _check_views(setup, views, len(frames(before.step, before.step + count, every)))
        watch = None if plane is None else self._scenes.watch(experiment, plane)
        state, segments = training.advance(
            setup, before, experiment.events, count, watch, self._computing.yield_to_others
        )
        trained = concat([segment.losses() for segment in segments])
        moved = experiment.moved(state=state)
        self._repository.save(moved, segments)
        found = statuses(setup, moved.events, state, self._repository.past(moved, state))
        steps = frames(before.step, state.step, every)
        return training_block(moved, trained, steps, found, views)

    @_computes
    def rewind(self, id: str, step: int, version: int | None) -> Summary:
        """Return to an earlier step, bit for bit; later losses and events are discarded."""
        experiment = self._repository.own(id, version)
        state = self._repository.state_at(experiment, step, "body")
        past = tuple(event for event in experiment.events if event.step <= step)
        back = experiment.moved(state=state, events=past)
        self._repository.save(back, keep_until=step)
        return self._summary(back)

    @_computes
    def change_method(
        self,
        id: str,
        changes: Mapping[str, Mapping[str, Any]],
        run: int | None,
        version: int | None,
    ) -> Summary:
        """Change the training method of one run or of all, from the present step on.

        `changes` are choices by name: optimizer, schedule, clipping, regularizer.
        """
        experiment = self._repository.own(id, version)
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
        self,
        id: str,
        run: int,
        changes: Mapping[str, Any] | PlanePoint,
        version: int | None,
    ) -> Parameters:
        """Set parameters of a run: all of W, all of b, some by name, or a point of a plane."""
        experiment = self._repository.own(id, version)
        _check_run(experiment.setup, run, "body")
        known = cache(lambda: self._reached(experiment, run))
        if isinstance(changes, PlanePoint):
            theta, at = self._scenes.point(experiment, changes), "/point"
        else:
            before, at = experiment.state.theta[run], "/run"
            theta = changed_parameters(experiment.setup.architecture, before, changes, known)
        check_set(theta, known, at)
        event = events.by_hand(experiment.state.step, run, theta.tolist())
        moved = self._set_back(experiment, event) or self._happen(experiment, [event])
        return run_parameters(moved, moved.state, run)

    # -- what is stored of it

    @_reads
    @_computes
    def loss(self, id: str, points: int) -> LossHistory:
        """Read the losses of all steps so far, thinned to at most `points` of them."""
        experiment = self._repository.load(id)
        return loss_history(self._repository.losses(experiment, 0, experiment.state.step), points)

    @_reads
    @_computes
    def parameters(self, id: str, run: int, step: int | None) -> Parameters:
        """Read W and b of every layer of a run, now or at an earlier step."""
        experiment, state = self._at(id, step, run)
        return run_parameters(experiment, state, run)

    @_reads
    @_computes
    def parameters_file(self, id: str, step: int | None) -> bytes:
        """Read W and b of every layer of all runs as an NPZ file."""
        experiment, state = self._at(id, step)
        return parameters_npz(experiment.setup, state)

    @_reads
    @_computes
    def data(self, id: str) -> outputs.DataPoints:
        """Read the points of an experiment's data set."""
        return outputs.data_points(self._repository.load(id).setup)

    @_reads
    @_computes
    def batches(self, id: str, step: int | None, count: int) -> seen.Batches:
        """Read which training samples the updates that follow some steps look at."""
        experiment = self._repository.load(id)
        return seen.batches(experiment, reached(experiment, step), count)

    @_reads
    @_computes
    def masks(self, id: str, step: int | None) -> seen.DropoutMasks:
        """Read the dropout masks of the update that follows a step."""
        experiment = self._repository.load(id)
        return seen.dropout_masks(experiment, reached(experiment, step))

    @_reads
    @_computes
    def code(self, id: str, step: int | None, target: Target) -> str:
        """Write an experiment up to a step as code that trains it again without Basin."""
        experiment = self._repository.load(id)
        if experiment.sealed:
            raise Sealed("the code would tell the recipe, which is not revealed yet")
        return code(experiment.setup, experiment.events, reached(experiment, step), target)

    # -- what can be read off one state

    @_reads
    @_computes
    def gradients(self, id: str, run: int, step: int | None) -> outputs.Gradients:
        """Compute the gradient of a run on the whole training set, and its numeric check."""
        experiment, state = self._at(id, step, run)
        return outputs.gradient(experiment.setup, state, run, self._computing.yield_to_others)

    @_reads
    @_computes
    def outputs(
        self, id: str, run: int, step: int | None, asked: outputs.MapRequest
    ) -> outputs.Outputs:
        """Compute the outputs of a run's network over the input plane."""
        experiment, state = self._at(id, step, run)
        setup = experiment.setup
        return setup.answer(
            state, ("outputs", run, asked), lambda: outputs.outputs(setup, state, run, asked)
        )

    @_reads
    @_computes
    def metrics(self, id: str, run: int, step: int | None) -> metrics.Metrics:
        """Compute accuracy and confusion matrix of a run, or R², on the training and test set."""
        experiment, state = self._at(id, step, run)
        setup = experiment.setup
        return setup.answer(state, ("metrics", run), lambda: metrics.metrics_of(setup, state, run))

    @_reads
    @_computes
    def worked_step(
        self, id: str, run: int, step: int | None, parameter: str, sample: int | None
    ) -> WorkedStep:
        """Work out one training step of one parameter, with every number on the way."""
        experiment, state = self._at(id, step, run)
        return worked_step(experiment, state, run, parameter, sample)

    @_reads
    @_computes
    def diagnostics(self, id: str, step: int | None) -> layer_statistics.Diagnostics:
        """Compute statistics of every run's layers, and a diagnosis of each run."""
        experiment, state = self._at(id, step)
        past = self._repository.past(experiment, state)
        found = statuses(experiment.setup, experiment.events, state, past)
        shares = self._rate_shares(experiment, state, past, found)
        setup, known = experiment.setup, experiment.events
        return setup.answer(
            state,
            ("diagnostics", found, shares),
            lambda: layer_statistics.diagnose_runs(setup, known, state, found, shares),
            known,
        )

    @_reads
    @_computes
    def gradient_norm_history(
        self, id: str, points: int, step: int | None
    ) -> layer_statistics.GradientNormHistory:
        """Compute the gradient norms of every run and layer over the steps so far."""
        experiment, state = self._at(id, step)
        path = self._repository.trajectory(experiment, state)
        return layer_statistics.gradient_norm_history(experiment.setup, path, points)

    @_reads
    @_computes
    def frame(
        self,
        id: str,
        step: int | None,
        network: NetworkRequest,
        axes: tuple[str | None, str | None],
    ) -> Snapshot:
        """Read one step whole: losses, statuses, one run's network, all runs' places on a plane."""
        experiment, state = self._at(id, step, network.run)
        if network.maps is not None:
            outputs.check_maps(experiment.setup, network.maps)
        return snapshot(experiment, state, self._repository.past(experiment, state), network, axes)

    # -- landscapes, drawn one at a time; between their parts every other computation goes first

    @_reads
    def surface(
        self,
        id: str,
        plane: PlaneRequest,
        picture: Picture,
        view: str | None = None,
    ) -> Surface:
        """Compute J over a plane, with the path of every run.

        Of several requests for one `view` of an experiment only the newest waits for its turn; the
        others raise Superseded.
        """
        with self._drawn(id, plane, None if view is None else (id, view)) as scene:
            return loss_surface(scene, plane, picture)

    @_reads
    def relief(self, id: str, plane: PlaneRequest, reach: float | None) -> MostRelief:
        """Find the pair of parameters over which J has the most relief around a run."""
        with self._drawn(id, plane) as scene:
            return scene.setup.answer(
                scene.state, ("relief", plane.run, reach), lambda: most_relief(scene, plane, reach)
            )

    @_reads
    def slice(
        self,
        id: str,
        plane: PlaneRequest,
        parameters: tuple[str, str | None],
        size: int,
        ends: tuple[float | None, float | None],
    ) -> Slice:
        """Compute J along one parameter of a run, and where its next step lands."""
        with self._drawn(id, plane) as scene:
            return slice_along(scene, plane, parameters, size, ends)

    @_reads
    def curvature(self, id: str, plane: PlaneRequest) -> Curvature:
        """Compute the curvature of J at a run: the Hessian on a plane, and extreme eigenvalues."""
        with self._drawn(id, plane) as scene:
            return curvature(scene, plane)

    @_reads
    def sharpness(self, id: str, points: int, step: int | None) -> Sharpness:
        """Compute the sharpness of every run over the steps so far, beside its edge."""
        with self._drawn(id, PlaneRequest(run=0, step=step)) as scene:
            return sharpness(scene, id, points, self._sharpness)

    # -- previews, which need no experiment

    @_computes
    def preview_table(self, asked: Mapping[str, Any]) -> TablePreview:
        """Read a table from its text, and make the data of a spec from it."""
        return preview_table(asked, self.limits, self._computing.yield_to_others)

    @_computes
    def preview_recipe(self, asked: Mapping[str, Any]) -> RecipePreview:
        """Draw parameters by a recipe, as histograms beside their theory."""
        return preview_recipe(asked, self.limits, self._computing.yield_to_others)

    @_computes
    def preview_formula(self, text: str, inputs: int) -> FormulaPreview:
        """Read a formula, and draw points of it."""
        return preview_formula(text, inputs)

    def preview_schedule(self, chosen: Mapping[str, Any]) -> SchedulePreview:
        """Compute the factors of a schedule on the learning rate."""
        return preview_schedule(chosen)

    # -- lessons, which need none either

    @_computes
    def check_lesson(self, text: str) -> LessonCheck:
        """Read a lesson file: the lesson with complete specs, or every problem by line."""
        return check_lesson(text, self.limits, self._computing.yield_to_others)

    @_computes
    def measure_card(self, card: Card) -> Measured:
        """Train the set-up of a card apart, and measure what the card asks."""
        sampled = checked_card(card, "/card", self.limits)
        return measured(card, sampled, self._computing.yield_to_others)

    # -- parts of several calls

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
        self, id: str, plane: PlaneRequest, key: tuple[str, str] | None = None
    ) -> Iterator[Scene]:
        """The scene of a landscape, while it holds the drawing lock and the compute lock."""
        with self._drawing.lock(key), self._computing.lock():
            yield self._scenes.open(
                self._repository.load(id), plane, self._computing.yield_to_waiting
            )

    def _rate_shares(
        self, experiment: Experiment, state: TrainState, past: Past, found: Sequence[RunStatus]
    ) -> list[float | None]:
        """The learning rate over its bound of every run that swings or rests."""
        asked = [k for k, run in enumerate(found) if run["status"] not in ("not_begun", "training")]
        if not asked:
            return [None] * len(found)
        path = end_of(state, past.losses.train[-1])
        turns = self._computing.yield_to_waiting
        scene = Scene(experiment.setup, experiment.events, state, path, turns)
        return rate_shares(scene, experiment.id, asked, self._sharpness)

    def _happen(self, experiment: Experiment, new: Sequence[Event]) -> Experiment:
        """Apply and save events of the present step; there is at least one."""
        state, known = experiment.state, experiment.events
        for event in new:
            before, known = known, events.with_choice(experiment.setup, known, event)
            if event not in known or events.takes_back(before, event):
                state, settled = self._settled_anew(experiment, known)
            else:
                state, settled = training.apply(experiment.setup, state, event, known)
        events.check_kept(known, "")
        moved = experiment.moved(state=state, events=known)
        self._repository.save(moved, [settled])
        return moved

    def _set_back(self, experiment: Experiment, event: Event) -> Experiment | None:
        """The experiment as if nothing had been set by hand on this run at the present step.

        None where the event sets other numbers than there would be then, or nothing was set.
        """
        known = events.without(experiment.events, event)
        if len(known) == len(experiment.events) or event.run is None:
            return None
        state, settled = self._settled_anew(experiment, known)
        if state.theta[event.run].tolist() != list(event.theta or ()):
            return None
        moved = experiment.moved(state=state, events=known)
        self._repository.save(moved, [settled])
        return moved

    def _reached(self, experiment: Experiment, run: int) -> set[float]:
        """Numbers of a run that nobody could give it: what it has now, and had before by itself."""
        step, here = experiment.state.step, experiment.events
        earlier = tuple(one for one in here if (one.step, one.run) != (step, run) or not one.theta)
        thetas = [experiment.state.theta[run]]
        if len(earlier) < len(here):
            thetas.append(self._settled_anew(experiment, earlier)[0].theta[run])
        least, most = ranges.PARAMETER.maximum, ranges.REACHED.maximum
        numbers = (number for theta in thetas for number in theta.tolist())
        return {number for number in numbers if least < abs(number) <= most}

    def _settled_anew(
        self, experiment: Experiment, known: Sequence[Event]
    ) -> tuple[TrainState, Segment]:
        """The present step as these events alone make it, whatever was chosen there before."""
        setup, step = experiment.setup, experiment.state.step
        if step == 0:
            state, settled = training.begin(setup)
        else:
            earlier = [event for event in known if event.step < step]
            state = self._repository.state_at(experiment, step - 1)
            state, (settled,) = training.advance(setup, state, earlier, 1)
        for event in known:
            if event.step == step:
                state, settled = training.apply(setup, state, event, known)
        return state, settled

    def _summary(self, experiment: Experiment) -> Summary:
        return summary(experiment, self._repository.past(experiment, experiment.state))


def _new_id() -> str:
    return secrets.token_urlsafe(9)


def _check_way(setup: Setup, happened: Sequence[Event], first: int, count: int, at: str) -> None:
    """Check that one request may train so many steps from `first` on, with the events on the way.

    Raises InvalidInput, which points at the number of steps.
    """
    most = int(ranges.COUNT.maximum)
    if count > most:
        detail = f"is too far for one request; at most {most}"
        allowed = {"maximum": most}
        raise InvalidInput([FieldError(at, "too_much_work", detail, allowed, count)])
    applied = sum(first <= event.step <= first + count for event in happened)
    work = (count + applied) * setup.step_work + applied * EVENT_WORK
    # What the statuses at the end leave; an experiment of an earlier version may leave nothing.
    spare = max(0.25, 1.0 - setup.status_work / ranges.WORK_LIMIT)
    check_work(work / spare, at, count, source="body")
    longest = ranges.MOST_LOSSES // len(setup.runs)
    if first + count > longest:
        detail = f"is too long a history; at most {longest} steps with so many runs"
        allowed = {"maximum": max(0, longest - first)}
        raise InvalidInput([FieldError(at, "too_much_work", detail, allowed, count)])


def _check_views(setup: Setup, views: ViewRequests, frames: int) -> None:
    """Check runs, planes and sizes of the views before anything is trained.

    Raises InvalidInput.
    """
    check_answer(frames * len(setup.runs) * BYTES_PER_FRAME, "/count", frames, source="body")
    for name, view in (("outputs", views.outputs), ("inside", views.inside)):
        if view is None:
            continue
        _check_run(setup, view.run, "body", f"/views/{name}")
        if view.maps is not None:
            outputs.check_maps(setup, view.maps)


def _check_run(setup: Setup, run: int, source: str = "query", at: str = "") -> None:
    """Check that there is this run. Raises InvalidInput."""
    last = len(setup.runs) - 1
    if not 0 <= run <= last:
        allowed = {"minimum": 0, "maximum": last}
        detail = f"must be from 0 to {last}"
        raise InvalidInput([FieldError(f"{at}/run", "out_of_range", detail, allowed, run, source)])
