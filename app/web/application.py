"""The Flask application, assembled from its parts."""

import json
from typing import Any

from flask import Flask, Response, has_request_context, request
from flask.json.provider import DefaultJSONProvider
from flask_openapi.models.info import Info
from flask_openapi.openapi import OpenAPI

import app
from app.config import Settings
from app.lab.compute_queue import ADDRESS, CLIENT, GONE, Many
from app.lab.service import ExperimentService
from app.lab.study.service import StudyService
from app.store.base import WAITING, Waiting
from app.web import (
    api,
    bodies,
    headers,
    metrics,
    origin,
    pages,
    problems,
    proxies,
    request_log,
)
from app.web.schemas import documented


class StrictJSON(DefaultJSONProvider):
    """JSON as the standard has it: no NaN or infinity, neither in nor out."""

    sort_keys = False

    def dumps(self, obj: Any, **kwargs: Any) -> str:
        """JSON text. Raises ValueError for a number that is not finite."""
        return super().dumps(
            obj, **{"allow_nan": False, "ensure_ascii": False, "separators": (",", ":"), **kwargs}
        )

    def loads(self, s: str | bytes, **kwargs: Any) -> Any:
        """The value of JSON text. Raises ValueError for NaN, and what is too deep or too long."""
        try:
            return json.loads(s, parse_constant=_refuse, **kwargs)
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except ValueError as error:
            if "set_int_max_str_digits" in str(error):  # Python's advice is for programmers
                raise ValueError("a number has thousands of digits") from None
            raise


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


class Application(OpenAPI):
    """Flask with an OpenAPI document and strict JSON."""

    json_provider_class = StrictJSON

    @property
    def api_doc(self) -> dict[str, Any]:
        """The document; in a folder of the host it says so."""
        document: dict[str, Any] = super().api_doc
        if has_request_context() and request.script_root:
            return {**document, "servers": [{"url": request.script_root}]}
        return document


def _forget_waiting(_error: BaseException | None) -> None:
    """What else is done in this thread is no part of the request."""
    WAITING.set(None)


def _name_client() -> None:
    """Say who asks: clients, which are an experiment from an address, take turns to compute."""
    ADDRESS.set(request.remote_addr)
    WAITING.set(Waiting())
    GONE.set(request.environ.get("waitress.client_disconnected", lambda: False))
    address, id = request.remote_addr, (request.view_args or {}).get("id")
    CLIENT.set(f"{address} {id}" if id else Many(address))


def _tell_pace(application: Flask, service: ExperimentService) -> None:
    """Say in every answer of the API how much slower than usual to ask; 1 where there is time."""

    @application.after_request
    def tell(response: Response) -> Response:
        if request.path.startswith("/api/"):
            response.headers["Basin-Pace"] = f"{service.pace:.3g}"
        return response


def build(service: ExperimentService, studies: StudyService, settings: Settings) -> Application:
    """The application that answers with these services."""
    application = Application(
        "app",
        info=Info(
            title="Basin",
            version=app.__version__,
            description="Compare how neural networks begin and how they are trained.",
        ),
        static_folder=None,
        template_folder="../templates",
        validation_error_callback=problems.on_validation_error,
        validation_error_model=documented(problems.Problem),
    )
    application.config["MAX_CONTENT_LENGTH"] = settings.body_bytes
    application.extensions["basin.service"] = service
    application.config["SWAGGER_CONFIG"] = {"validatorUrl": None}
    application.register_api(api.blueprint(service, studies, settings))
    application.register_blueprint(pages.blueprint(service, settings.public_url))
    request_log.register(application, settings.request_log)
    if settings.metrics:
        metrics.register(application, service, service.store)
    origin.register(application, settings)
    application.before_request(_name_client)
    application.teardown_request(_forget_waiting)
    bodies.register(application)
    problems.register(application)
    headers.register(application, settings.frame_ancestors)
    proxies.register(application, settings)
    _tell_pace(application, service)
    return application
