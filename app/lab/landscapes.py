"""The door to the landscapes: opens an experiment, and draws what is asked for of it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import numpy as np

from app.errors import UnknownExperiment
from app.lab import slices, surfaces
from app.lab.experiment.state import Event, Watch
from app.lab.history.repository import Archive, Opened
from app.lab.planes import PlaneWords, Scene
from app.lab.surfaces import Ends
from app.lab.turns import Turns
from app.nn.landscape.planes import Plane
from app.nn.landscape.surface import nothing
from app.nn.types import Array

PLANES_KEPT = 64
"""The paths of the next frames are wanted on planes that were drawn before."""


class Landscapes:
    """Surfaces, slices and curvatures of experiments.

    One is drawn at a time, and between its parts everybody else who wants to compute goes first, so
    that training never waits for a picture.
    """

    def __init__(self, archive: Archive, computing: Turns, patience: float) -> None:
        self._archive = archive
        self._computing = computing
        self._drawing = Turns(patience)
        self._planes: OrderedDict[Hashable, tuple[tuple[Event, ...], Plane]] = OrderedDict()

    @contextmanager
    def _turn(self, id: str, view: str | None = None) -> Iterator[None]:
        key = None if view is None else (id, view)
        with self._drawing.turn(key), self._computing.turn():
            yield

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

        Of several requests for one `view` of an experiment only the newest waits for its turn.
        """
        with self._turn(id, view):
            scene = self.scene(self._archive.open(id), words, self._computing.give_way)
            return surfaces.loss_surface(scene, words, size, ends, held, loss)

    def slice(
        self,
        id: str,
        words: PlaneWords,
        parameter: str,
        size: int,
        ends: tuple[float | None, float | None],
    ) -> dict[str, Any]:
        """J along one parameter of a run, and its next step."""
        with self._turn(id):
            scene = self.scene(self._archive.open(id), words, self._computing.give_way)
            return slices.slice_along(scene, words, parameter, size, ends)

    def curvature(self, id: str, words: PlaneWords) -> dict[str, Any]:
        """How J bends at a run."""
        with self._turn(id):
            scene = self.scene(self._archive.open(id), words, self._computing.give_way)
            return slices.curvature(scene, words)

    def scene(
        self, opened: Opened, words: PlaneWords, give_way: Callable[[], None] = nothing
    ) -> Scene:
        """An experiment at the step that the words name, for a run that exists."""
        last = len(opened.world.runs) - 1
        if not 0 <= words.run <= last:
            allowed = {"minimum": 0, "maximum": last}
            raise words.wrong(
                "run", "out_of_range", f"must be from 0 to {last}", allowed, words.run
            )
        moment = self._archive.moment(opened, words.step, words.source, words.at)
        path = self._archive.path(opened, moment)
        home = None
        if words.of is not None:
            home = self.scene(self._home(opened, words), words.there, give_way)
        return Scene(opened.world, opened.events, moment, path, give_way, home)

    def _home(self, opened: Opened, words: PlaneWords) -> Opened:
        """The experiment `of` that the words name, if its networks are of the same shapes."""
        try:
            home = self._archive.open(str(words.of))
        except UnknownExperiment as error:
            raise words.wrong("of", "unknown_experiment", str(error), {}, words.of) from None
        if home.world.architecture.shapes != opened.world.architecture.shapes:
            detail = "must be an experiment with the same network"
            raise words.wrong("of", "misfit", detail, {}, words.of)
        return home

    def watch(self, opened: Opened, words: PlaneWords) -> Watch:
        """What training reports of every step: the coordinates of all runs on a plane."""
        plane = self._plane(opened, words)

        def watch(theta: Array) -> Array:
            return np.stack(plane.coordinates(theta), axis=-1)

        return watch

    def _plane(self, opened: Opened, words: PlaneWords) -> Plane:
        """The plane of the words, which is a function of the events up to its step."""
        if words.of is not None and words.plane != "parameters":
            opened, words = self._home(opened, words), words.there
        step = opened.moment.step if words.step is None else words.step
        past = tuple(event for event in opened.events if event.step <= step)
        key = opened.id, replace(words, step=step)
        known = self._planes.get(key)
        if known is None or known[0] != past or step > opened.moment.step:
            known = past, self.scene(opened, words).plane(words).plane
            self._planes[key] = known
            while len(self._planes) > PLANES_KEPT:
                self._planes.popitem(last=False)
        return known[1]

    def point(self, opened: Opened, point: Mapping[str, Any]) -> Array:
        """theta (P,), the network at a point of a plane, as a request names it."""
        words = PlaneWords.read(point["plane"], "body", "/point/plane")
        if words.of is not None:
            opened, words = self._home(opened, words), words.there
        return self._plane(opened, words).point(point["x"], point["y"])
