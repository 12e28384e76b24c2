"""A scene: the state, the paths and the plane that a landscape is drawn of.

Every landscape, a surface, a slice or a curvature, is a function of a scene and of the words that
name its plane. `Scenes` makes scenes of stored experiments.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from app.errors import UnknownExperiment
from app.lab.experiment import training
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, TrainState, Watch
from app.lab.history.repository import Experiment, ExperimentRepository
from app.lab.history.trajectory import Trajectory
from app.lab.landscape.plane import Chosen, PlaneWords, choose
from app.nn.landscape.planes import Plane
from app.nn.landscape.surface import nothing
from app.nn.types import Array
from app.nn.update.updates import Method

PLANES_KEPT = 64
"""The paths of the next frames are wanted on planes that were drawn before."""


@dataclass(frozen=True)
class Scene:
    """What a landscape is drawn of: a setup, the state it shows, and how the runs got there.

    Whoever draws it calls `yield_to_waiting` between parts of the work.
    """

    setup: Setup
    events: Sequence[Event]
    state: TrainState
    path: Trajectory
    yield_to_waiting: Callable[[], None]
    home: "Scene | None" = None
    """The other experiment whose planes these are; see `PlaneWords.of`."""

    def plane(self, words: PlaneWords) -> Chosen:
        """The plane that the words mean.

        Two parameters are two parameters in any experiment, so their plane stays with the run; any
        other is the one that `home` had.
        """
        if self.home is not None and words.plane != "parameters":
            return self.home.plane(words.there)
        starts = training.origins(self.setup, self.events, self.state)
        return choose(self.setup, words, self.state, starts, self.path)

    @property
    def began(self) -> list[int]:
        """For each run the step from which its path is one piece: where it was last set by hand."""
        began = [0] * len(self.setup.runs)
        for event in self.events:
            if event.theta is not None and event.run is not None and event.step <= self.state.step:
                began[event.run] = event.step
        return began

    def learning_rate(self, run: int) -> float:
        """That of the run's next update, as its schedule sets it."""
        return float(self._method(run).rates(np.array([float(self.state.step)]))[0])

    def optimizer(self, run: int) -> str:
        """The name of the run's optimizer at its next update."""
        return self._method(run).optimizer.name

    def _method(self, run: int) -> Method:
        return training.methods_at(self.setup, self.events, self.state.step)[run]


class Scenes:
    """The scenes of stored experiments, and the planes that were used last."""

    def __init__(self, repository: ExperimentRepository) -> None:
        self._repository = repository
        self._planes: OrderedDict[Hashable, tuple[tuple[Event, ...], Plane]] = OrderedDict()

    def open(
        self,
        experiment: Experiment,
        words: PlaneWords,
        yield_to_waiting: Callable[[], None] = nothing,
    ) -> Scene:
        """An experiment at the step that the words name, for a run that exists."""
        last = len(experiment.setup.runs) - 1
        if not 0 <= words.run <= last:
            allowed = {"minimum": 0, "maximum": last}
            raise words.wrong(
                "run", "out_of_range", f"must be from 0 to {last}", allowed, words.run
            )
        state = self._repository.state_at(experiment, words.step, words.source, words.at)
        path = self._repository.trajectory(experiment, state)
        home = None
        if words.of is not None:
            home = self.open(self._home(experiment, words), words.there, yield_to_waiting)
        return Scene(experiment.setup, experiment.events, state, path, yield_to_waiting, home)

    def _home(self, experiment: Experiment, words: PlaneWords) -> Experiment:
        """The experiment `of` that the words name, if its networks are of the same shapes."""
        try:
            home = self._repository.load(str(words.of))
        except UnknownExperiment as error:
            raise words.wrong("of", "unknown_experiment", str(error), {}, words.of) from None
        if home.setup.architecture.shapes != experiment.setup.architecture.shapes:
            detail = "must be an experiment with the same network"
            raise words.wrong("of", "misfit", detail, {}, words.of)
        return home

    def watch(self, experiment: Experiment, words: PlaneWords) -> Watch:
        """What training reports of every step: the coordinates of all runs on a plane."""
        plane = self._plane(experiment, words)

        def watch(theta: Array) -> Array:
            return np.stack(plane.coordinates(theta), axis=-1)

        return watch

    def _plane(self, experiment: Experiment, words: PlaneWords) -> Plane:
        """The plane of the words, which is a function of the events up to its step."""
        if words.of is not None and words.plane != "parameters":
            experiment, words = self._home(experiment, words), words.there
        step = experiment.state.step if words.step is None else words.step
        past = tuple(event for event in experiment.events if event.step <= step)
        key = experiment.id, replace(words, step=step)
        known = self._planes.get(key)
        if known is None or known[0] != past or step > experiment.state.step:
            known = past, self.open(experiment, words).plane(words).plane
            self._planes[key] = known
            while len(self._planes) > PLANES_KEPT:
                self._planes.popitem(last=False)
        return known[1]

    def point(self, experiment: Experiment, point: Mapping[str, Any]) -> Array:
        """theta (P,), the network at a point of a plane, as a request names it."""
        words = PlaneWords.read(point["plane"], "body", "/point/plane")
        if words.of is not None:
            experiment, words = self._home(experiment, words), words.there
        return self._plane(experiment, words).point(point["x"], point["y"])
