"""The calls for classes: a mystery is sealed, and a link drawn as a QR code."""

from typing import Annotated, Any

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.lab.service import ExperimentService
from app.lab.spec.mystery import NewMystery, PublicMystery
from app.lab.spec.validation import Model
from app.web.qr_code import TYPE, qr_code
from app.web.schemas import documented

PICTURE: dict[str, Any] = {
    "description": "OK",
    "content": {TYPE: {"schema": {"type": "string"}}},
}


class TextToDraw(Model):
    """What whoever reads the code is to get: a link, or any other text."""

    text: Annotated[str, Field(description="in UTF-8 at most 2,000 bytes")]


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
        return Response(qr_code(body.text), mimetype=TYPE)
