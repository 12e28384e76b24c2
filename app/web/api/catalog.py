"""The call that lists every choice there is."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from flask import Response, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field
from typing_extensions import TypedDict

from app.config import Settings
from app.lab import catalog
from app.lab.service import ExperimentService
from app.lab.spec.validation import Model
from app.web.api.queries import Flag
from app.web.languages import choose, label
from app.web.schemas import documented


class ServerLimits(TypedDict):
    """The limits of this server that concern no spec: the most bytes of a request's body."""

    body_bytes: int


class Catalog(catalog.Catalog):
    """Every choice there is, and the limits of this server."""

    limits: ServerLimits


class CatalogQuery(Model):
    """The language of the catalogue."""

    lang: Annotated[
        Literal["en", "zh-CN"] | None,
        Field(description="of labels and hints; left out, the browser's own"),
    ] = None
    words: Annotated[Flag, Field(description="false leaves labels and hints out")] = "true"


def register(api: APIBlueprint, service: ExperimentService, settings: Settings) -> None:
    """Add the call to the API."""

    @api.get("/catalog", summary="List every choice there is", responses={200: documented(Catalog)})
    def get_catalog(query: CatalogQuery) -> Response:
        choices: Mapping[str, Any] = service.catalog()
        if query.words == "true":
            choices = label(choices, choose(query.lang, request.accept_languages.values()))
        limits: ServerLimits = {"body_bytes": settings.body_bytes}
        answer = jsonify({**choices, "limits": limits})
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Language"
        return answer
