"""The calls for lessons: the built-in ones, the check of a teacher's own, and what is measured."""

from typing import Annotated, Any, Literal

from flask import Response, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StringConstraints

from app.lab.lessons.built_in import LessonList, lesson, lessons
from app.lab.lessons.check import LessonCheck
from app.lab.lessons.measure import Measured, measured_of_study
from app.lab.lessons.schema import OF_STUDIES, Card, Lesson, lesson_schema
from app.lab.service import ExperimentService
from app.lab.spec.validation import Model
from app.lab.study.results import Look
from app.lab.study.service import StudyService
from app.web.languages import choose
from app.web.schemas import documented

SCHEMA: dict[str, Any] = {
    "description": "OK",
    "content": {"application/schema+json": {"schema": {"type": "object"}}},
}


class LessonsQuery(Model):
    """The language of a list."""

    lang: Annotated[
        Literal["en", "zh-CN"] | None,
        Field(description="of titles; left out, the browser's own"),
    ] = None


class LessonPath(Model):
    """A lesson in a path."""

    id: Annotated[str, Field(description="a built-in lesson, as the list names it")]


class LessonText(Model):
    """A lesson file as text."""

    text: Annotated[str, StringConstraints(max_length=2**31)]


class CardToMeasure(Model):
    """A card, and of one about many seeds the study that was made of its set-up."""

    card: Card
    study: Annotated[str, StringConstraints(max_length=80)] | None = None


def register(api: APIBlueprint, service: ExperimentService, studies: StudyService) -> None:
    """Add the calls of this module to the API."""

    @api.get(
        "/lessons",
        summary="List the built-in lessons",
        responses={200: documented(LessonList)},
    )
    def list_lessons(query: LessonsQuery) -> Response:
        language = choose(query.lang, request.accept_languages.values())
        answer = jsonify(lessons(language))
        answer.headers["Vary"] = "Accept-Language"
        return answer

    @api.get("/lessons/<id>", summary="Read a built-in lesson", responses={200: Lesson})
    def read_lesson(path: LessonPath) -> Response:
        return jsonify(lesson(path.id))

    @api.get(
        "/lesson-schema",
        summary="Read the JSON schema of a lesson file",
        responses={200: SCHEMA},
    )
    def read_schema() -> Response:
        answer = jsonify(lesson_schema())
        answer.content_type = "application/schema+json"
        return answer

    @api.post(
        "/lessons/check",
        summary="Check a lesson file",
        responses={200: documented(LessonCheck)},
    )
    def check(body: LessonText) -> Response:
        return jsonify(service.check_lesson(body.text))

    @api.post(
        "/lessons/measurements",
        summary="Measure what a card of a lesson asks",
        responses={200: documented(Measured)},
    )
    def measure(body: CardToMeasure) -> Response:
        if body.card.measure.quantity in OF_STUDIES:
            study = studies.result(body.study or "", Look(body.card.measure.target))
            return jsonify(measured_of_study(body.card, study))
        return jsonify(service.measure_card(body.card))
