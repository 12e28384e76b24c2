"""A scene: the state, the paths and the plane that a landscape is drawn of.

Every landscape, a surface, a slice or a curvature, is a function of a scene and of a request for a
plane. `Scenes` makes scenes of stored experiments.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from app.errors import UnknownExperiment
from app.lab.experiment import training
from app.lab.experiment.setup import Setup
from app.lab.experiment.state import Event, TrainState, Watch
from app.lab.history.repository import Experiment, ExperimentRepository
from app.lab.history.trajectory import Trajectory
from app.lab.landscape.plane import NamedPlane, PlanePoint, PlaneRequest, find_plane
from app.lab.recent import Recent
from app.nn.landscape.planes import Plane
from app.nn.landscape.surface import nothing
from app.nn.types import Array
from app.nn.update.updates import Method

PLANES_BYTES = 32 << 20
PLANES_KEPT = 64
"""Planes used last are kept, as the next frames want their paths on planes drawn before."""


@dataclass(frozen=True)
class Scene:
    """The setup, the state and the trajectory that a landscape is drawn of.

    Between parts of its work a drawing calls `yield_to_waiting`.
    """

    setup: Setup
    events: Sequence[Event]
    state: TrainState
    path: Trajectory
    yield_to_waiting: Callable[[], None]
    home: "Scene | None" = None
    """The other experiment whose planes these are; see `PlaneRequest.of`."""

    def plane(self, request: PlaneRequest) -> NamedPlane:
        """The plane that a request means.

        Two parameters are two parameters in any experiment, so their plane stays with the run; any
        other is the one that `home` had.
        """
        if self.home is not None and request.plane != "parameters":
            return self.home.plane(request.in_other)
        starts = training.origins(self.setup, self.events, self.state)
        return find_plane(self.setup, request, self.state, starts, self.began, self.path)

    @property
    def began(self) -> list[int]:
        """For each run the step from which its path is one piece: where it was last set by hand."""
        return training.began(self.setup, self.events, self.state.step)

    def learning_rate(self, run: int) -> float:
        """The learning rate of the run's next update, as its schedule sets it."""
        return self.method(run).rate(self.state.step)

    def optimizer(self, run: int) -> str:
        """The name of the run's optimizer at its next update."""
        return self.method(run).optimizer.name

    def method(self, run: int) -> Method:
        """The training method of the run's next update."""
        return training.methods_at(self.setup, self.events, self.state.step)[run]


def _bytes_of(known: tuple[tuple[Event, ...], Plane]) -> int:
    """Bytes of a plane: an origin and two directions, and the events, whose numbers are objects."""
    events, plane = known
    numbers = sum(len(event.theta or ()) for event in events)
    return 3 * 8 * plane.origin.size + 32 * numbers


class Scenes:
    """Makes the scenes of stored experiments, and keeps the planes that were used last."""

    def __init__(self, repository: ExperimentRepository) -> None:
        self._repository = repository
        self._planes: Recent[tuple[tuple[Event, ...], Plane]] = Recent(
            PLANES_KEPT, _bytes_of, PLANES_BYTES
        )

    def open(
        self,
        experiment: Experiment,
        request: PlaneRequest,
        yield_to_waiting: Callable[[], None] = nothing,
    ) -> Scene:
        """The scene of an experiment at the step of a request.

        Raises InvalidInput for a run, a step or another experiment that there is not.
        """
        last = len(experiment.setup.runs) - 1
        if not 0 <= request.run <= last:
            allowed = {"minimum": 0, "maximum": last}
            raise request.error(
                "run", "out_of_range", f"must be from 0 to {last}", allowed, request.run
            )
        state = self._repository.state_at(experiment, request.step, request.source, request.at)
        path = self._repository.trajectory(experiment, state)
        home = None
        if request.of is not None:
            home = self.open(self._home(experiment, request), request.in_other, yield_to_waiting)
        return Scene(experiment.setup, experiment.events, state, path, yield_to_waiting, home)

    def _home(self, experiment: Experiment, request: PlaneRequest) -> Experiment:
        """The experiment `of` of a request.

        Raises InvalidInput unless its networks are of the same shapes.
        """
        try:
            home = self._repository.load(str(request.of))
        except UnknownExperiment as error:
            raise request.error("of", "unknown_experiment", str(error), {}, request.of) from None
        if home.setup.architecture.shapes != experiment.setup.architecture.shapes:
            detail = "must be an experiment with the same network"
            raise request.error("of", "misfit", detail, {}, request.of)
        return home

    def watch(self, experiment: Experiment, request: PlaneRequest) -> Watch:
        """A function of the parameters of every step: the coordinates of all runs on a plane.

        Raises InvalidInput where there is no such plane.
        """
        plane = self._watched(experiment, request)

        def watch(theta: Array) -> Array:
            return np.stack(plane.coordinates(theta), axis=-1)

        return watch

    def _watched(self, experiment: Experiment, request: PlaneRequest) -> Plane:
        """The plane on which paths are followed.

        Where runs are over two parameters depends on no step, so that their plane is found once.
        """
        if request.plane != "parameters" or request.of is not None or request.step is not None:
            return self._plane(experiment, request)
        known = self._planes.get((experiment.id, request))
        if known is None:
            known = (), self._plane(experiment, request)
            self._planes.put((experiment.id, request), known)
        return known[1]

    def _plane(self, experiment: Experiment, request: PlaneRequest) -> Plane:
        """The plane of the request, which is a function of the events up to its step."""
        if request.of is not None and request.plane != "parameters":
            experiment, request = self._home(experiment, request), request.in_other
        step = experiment.state.step if request.step is None else request.step
        past = tuple(event for event in experiment.events if event.step <= step)
        key = experiment.id, replace(request, step=step)
        known = self._planes.get(key)
        if known is None or known[0] != past or step > experiment.state.step:
            known = past, self.open(experiment, request).plane(request).plane
            self._planes.put(key, known)
        return known[1]

    def point(self, experiment: Experiment, point: PlanePoint) -> Array:
        """theta (P,), the network at a point of a plane.

        Raises InvalidInput where there is no such plane.
        """
        request = point.plane
        if request.of is not None:
            experiment, request = self._home(experiment, request), request.in_other
        return self._plane(experiment, request).point(point.x, point.y)
