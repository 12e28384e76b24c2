"""The calls for studies: an experiment repeated with many seeds."""

from typing import Annotated, Literal

from flask import Response, jsonify, url_for
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.choices import Range
from app.lab.spec import ranges
from app.lab.spec.schema import SpecModel
from app.lab.spec.validation import Model, Within
from app.lab.study.answers import StudyResult
from app.lab.study.request import MOST_CELLS, StudyRequest
from app.lab.study.results import Look
from app.lab.study.service import StudyService
from app.web.schemas import documented

CSV = {"description": "OK", "content": {"text/csv": {"schema": {"type": "string"}}}}
CELL = Range("cell", 0, 0, MOST_CELLS - 1, integer=True)

Target = Annotated[
    Annotated[float, Within(ranges.STUDY_TARGET, text=True)] | None,
    Field(description="read at this training loss, instead of the study's own target"),
]


class StudyPath(Model):
    """A study in a path."""

    id: Annotated[str, Field(description="the study, by the id that it was created with")]


class StudyQuery(Model):
    """A target, and one cell."""

    target: Target = None
    cell: Annotated[
        Annotated[int, Within(CELL, text=True)] | None,
        Field(description="give this cell alone, with its curves; left out, all of them"),
    ] = None


class RunsQuery(Model):
    """A target, and whether it is said which runs diverged."""

    target: Target = None
    answers: Annotated[
        Literal["on", "off"],
        Field(description="off: without the column that says which runs diverged"),
    ] = "on"


class SeedQuery(Model):
    """A seed of a cell."""

    cell: Annotated[
        int, Within(CELL, text=True), Field(description="which cell, counted from 0")
    ] = 0
    seed: Annotated[
        Annotated[int, Within(ranges.SEED, text=True)] | None,
        Field(description="which of the study's seeds; left out, the first"),
    ] = None


def register(api: APIBlueprint, service: StudyService) -> None:
    """Add the calls of this module to the API."""

    @api.post(
        "/studies",
        summary="Repeat an experiment with many seeds",
        responses={202: documented(StudyResult)},
    )
    def create_study(body: StudyRequest) -> tuple[Response, int, dict[str, str]]:
        study = service.create(body)
        where = {"Location": url_for("api.read_study", id=study["id"])}
        return jsonify(study), 202, where

    @api.get(
        "/studies/<id>",
        summary="Read what is known of a study so far",
        responses={200: documented(StudyResult)},
    )
    def read_study(path: StudyPath, query: StudyQuery) -> Response:
        return jsonify(service.result(path.id, Look(query.target, query.cell)))

    @api.post(
        "/studies/<id>/cancel",
        summary="Stop a study, and keep what is trained",
        responses={200: documented(StudyResult)},
    )
    def cancel_study(path: StudyPath) -> Response:
        return jsonify(service.cancel(path.id))

    @api.delete("/studies/<id>", summary="Stop a study, and delete it", responses={204: None})
    def delete_study(path: StudyPath) -> tuple[str, int]:
        service.delete(path.id)
        return "", 204

    @api.get(
        "/studies/<id>/runs.csv",
        summary="Read the runs of a study as CSV",
        responses={200: CSV},
    )
    def study_runs(path: StudyPath, query: RunsQuery) -> Response:
        answer = Response(
            service.runs_csv(path.id, query.target, query.answers == "on"), mimetype="text/csv"
        )
        answer.headers["Content-Disposition"] = 'attachment; filename="runs.csv"'
        return answer

    @api.get(
        "/studies/<id>/experiment",
        summary="Read the spec of the experiment with the runs of one seed",
        responses={200: SpecModel},
    )
    def study_experiment(path: StudyPath, query: SeedQuery) -> Response:
        return jsonify(service.experiment(path.id, query.cell, query.seed))
