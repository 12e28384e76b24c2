"""The call that lists every choice there is."""

from typing import Literal

from flask import Response, jsonify, request
from flask_openapi.blueprint import APIBlueprint
from pydantic import Field

from app.config import Settings
from app.lab.catalog import catalog
from app.lab.service import ExperimentService
from app.lab.spec.limits import limited
from app.lab.spec.validation import Model
from app.web.api.answers.experiments import Catalog
from app.web.languages import choose, label


class Words(Model):
    """In which language labels and hints are wanted, or that they are not."""

    lang: Literal["en", "zh-CN"] | None = None
    words: Literal["true", "false"] = Field(default="true")


def register(api: APIBlueprint, service: ExperimentService, settings: Settings) -> None:
    """Adds the call to the API."""

    @api.get("/catalog", summary="Every choice there is", responses={200: Catalog})
    def get_catalog(query: Words) -> Response:
        choices = limited(catalog(), service.limits)
        if query.words == "true":
            choices = label(choices, choose(query.lang, request.accept_languages.values()))
        answer = jsonify({**choices, "limits": {"body_bytes": settings.body_bytes}})
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Vary"] = "Accept-Language"
        return answer
