"""The calls that look inside a network, and those that move it to another course."""

from typing import Annotated

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint

from app.lab import fields
from app.lab.events import ChangeModel
from app.lab.laboratory import Laboratory
from app.lab.validation import Model, Within
from app.web.answers import Summary
from app.web.queries import Path


class Branch(Model):
    """From which step on, and what is done differently there."""

    step: Annotated[int, Within(fields.STEP)]
    change: ChangeModel = ChangeModel()
    version: Annotated[int, Within(fields.VERSION)] | None = None


def add(api: APIBlueprint, laboratory: Laboratory) -> None:
    """Adds these calls to the API."""

    @api.post(
        "/experiments/<id>/branch",
        summary="A fork in time",
        responses={201: Summary},
    )
    def branch(path: Path, body: Branch) -> tuple[Response, int]:
        change = body.change.model_dump(exclude_none=True)
        return jsonify(laboratory.branch(path.id, body.step, change, body.version)), 201
