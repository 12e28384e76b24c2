"""The door to the landscapes: opens an experiment, and draws what is asked for of it."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any

import numpy as np

from app.lab import slices, surfaces
from app.lab.archive import Archive, Opened
from app.lab.experiment import Watch
from app.lab.planes import PlaneWords, Scene
from app.lab.surfaces import Ends
from app.nn.types import Array


class Landscapes:
    """Surfaces, slices and curvatures of experiments; `computing` gives the turn to compute."""

    def __init__(
        self, archive: Archive, computing: Callable[[], AbstractContextManager[None]]
    ) -> None:
        self._archive = archive
        self._computing = computing

    def surface(
        self,
        id: str,
        words: PlaneWords,
        size: int,
        ends: Ends,
        held: str | None,
        loss: str | None,
    ) -> dict[str, Any]:
        """J over a plane, with the path of every run."""
        with self._computing():
            scene = self.scene(self._archive.open(id), words)
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
        with self._computing():
            scene = self.scene(self._archive.open(id), words)
            return slices.slice_along(scene, words, parameter, size, ends)

    def curvature(self, id: str, words: PlaneWords) -> dict[str, Any]:
        """How J bends at a run."""
        with self._computing():
            scene = self.scene(self._archive.open(id), words)
            return slices.curvature(scene, words)

    def scene(self, opened: Opened, words: PlaneWords) -> Scene:
        """An experiment at the step that the words name, for a run that exists."""
        last = len(opened.world.runs) - 1
        if not 0 <= words.run <= last:
            allowed = {"minimum": 0, "maximum": last}
            raise words.wrong(
                "run", "out_of_range", f"must be from 0 to {last}", allowed, words.run
            )
        moment = self._archive.moment(opened, words.step, words.source, words.at)
        path = self._archive.path(opened, moment)
        return Scene(opened.world, opened.events, moment, path)

    def watch(self, opened: Opened, words: PlaneWords) -> Watch:
        """What training reports of every step: the coordinates of all runs on a plane."""
        plane = self.scene(opened, words).plane(words).plane

        def watch(theta: Array) -> Array:
            return np.stack(plane.coordinates(theta), axis=-1)

        return watch

    def point(self, opened: Opened, point: Mapping[str, Any]) -> Array:
        """theta (P,), the network at a point of a plane, as a request names it."""
        words = PlaneWords.read(point["plane"], "body", "/point/plane")
        return self.scene(opened, words).plane(words).plane.point(point["x"], point["y"])
