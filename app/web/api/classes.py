"""The calls for classes: a mystery is sealed and told, and a link drawn as a QR code."""

from typing import Annotated, Any

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field, StringConstraints

from app.lab.analysis.summary import Summary
from app.lab.service import ExperimentService
from app.lab.spec.mystery import WORD_LENGTH, NewMystery, PublicMystery
from app.lab.spec.validation import Model
from app.web.api.queries import ExperimentPath, Version
from app.web.qr_code import TYPE, qr_code
from app.web.schemas import documented

PICTURE: dict[str, Any] = {
    "description": "OK",
    "content": {TYPE: {"schema": {"type": "string"}}},
}


class TextToDraw(Model):
    """What whoever reads the code is to get: a link, or any other text."""

    text: Annotated[str, Field(description="in UTF-8 at most 2,000 bytes")]


class Reveal(Model):
    """That a mystery is to be told, with the word that it may take."""

    word: Annotated[str, StringConstraints(max_length=WORD_LENGTH)] | None = None
    version: Version = None


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.post(
        "/mysteries",
        summary="Keep a spec whose recipes are to be guessed",
        responses={201: documented(PublicMystery)},
    )
    def create_mystery(body: NewMystery) -> tuple[Response, int]:
        return jsonify(service.create_mystery(body)), 201

    @api.post("/qr-code", summary="Draw a text as a QR code", responses={200: PICTURE})
    def draw_code(body: TextToDraw) -> Response:
        with service.computing.lock():
            drawn = qr_code(body.text)
        return Response(drawn, mimetype=TYPE)

    @api.post(
        "/experiments/<id>/reveal",
        summary="Tell the recipes that a mystery hides",
        responses={200: documented(Summary)},
    )
    def reveal(path: ExperimentPath, body: Reveal) -> Response:
        return jsonify(service.reveal(path.id, body.word, body.version))
