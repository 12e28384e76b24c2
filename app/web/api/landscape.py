"""The calls that draw landscapes: the surface over a plane, the slice, the curvature."""

from typing import Annotated, Literal

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import StringConstraints

from app.lab.landscape.plane import PlaneWords
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.validation import Within, one_of
from app.nn.losses import LOSSES
from app.web.api.answers.experiments import Curvature, Slice, Surface
from app.web.api.queries import EXTENT, Moment, Name, Path, PlaneName

_End = Annotated[float, Within(EXTENT, text=True)] | None


class PlaneQuery(Moment):
    """Which plane: over two `parameters` (x and y, named); `random` (filter-normalised, by `seed`,
    with or without `biases`); `pca` of all paths; or `between` a run's start and present and the
    present of an `other` run. With `of` it is the plane that another experiment of this network had
    at its `of_step`, so that a picture stays while another beginning is tried on it."""

    plane: PlaneName = "parameters"
    x: Name | None = None
    y: Name | None = None
    other: Annotated[int, Within(ranges.RUN, text=True)] | None = None
    seed: Annotated[int, Within(ranges.SEED, text=True)] = 1
    biases: Literal["true", "false"] = "true"
    of: Name | None = None
    of_step: Annotated[int, Within(ranges.STEP, text=True)] | None = None

    def words(self) -> PlaneWords:
        """The same, parsed."""
        named = self.model_dump() | {"biases": self.biases == "true"}
        return PlaneWords.read(named)


class SurfaceQuery(PlaneQuery):
    """How fine a grid, and how far. Ends that are left out follow the paths; with the picture that
    was drawn before, `held=x_min,x_max,y_min,y_max`, they stay while the paths fit it. `loss` draws
    another loss than the run's own. Of the requests for one `view`, a name of the caller's own,
    only the newest is answered: one that still waits is refused with 409 when another comes."""

    size: Annotated[int, Within(ranges.SURFACE_SIZE, text=True)] = 61
    x_min: _End = None
    x_max: _End = None
    y_min: _End = None
    y_max: _End = None
    held: Annotated[str, StringConstraints(max_length=200)] | None = None
    loss: Annotated[str, one_of(LOSSES)] | None = None
    view: Name | None = None


class SliceQuery(Moment):
    """Along which parameter, how finely, and how far; left out, it follows the path."""

    parameter: Name = "W1[0,0]"
    size: Annotated[int, Within(ranges.SLICE_SIZE, text=True)] = 201
    x_min: _End = None
    x_max: _End = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds the calls to the API."""

    @api.get("/experiments/<id>/surface", summary="J over a plane", responses={200: Surface})
    def surface(path: Path, query: SurfaceQuery) -> Response:
        ends = (query.x_min, query.x_max, query.y_min, query.y_max)
        words = query.words()
        return jsonify(
            service.surface(path.id, words, query.size, ends, query.held, query.loss, query.view)
        )

    @api.get("/experiments/<id>/slice", summary="J along a parameter", responses={200: Slice})
    def slice(path: Path, query: SliceQuery) -> Response:
        words = PlaneWords(run=query.run, step=query.step)
        ends = (query.x_min, query.x_max)
        return jsonify(service.slice(path.id, words, query.parameter, query.size, ends))

    @api.get("/experiments/<id>/curvature", summary="How J bends", responses={200: Curvature})
    def curvature(path: Path, query: PlaneQuery) -> Response:
        return jsonify(service.curvature(path.id, query.words()))
