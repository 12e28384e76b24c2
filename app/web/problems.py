"""Errors as answers: every one a problem+json (RFC 9457) that names the fields concerned.

This is the only place where an error becomes a status.
"""

import json
from collections.abc import Sequence
from typing import Any

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.errors import (
    Busy,
    Conflict,
    FieldError,
    InvalidInput,
    StaleVersion,
    StoreUnavailable,
    UnknownExperiment,
)
from app.lab.schema import describe

MEDIA_TYPE = "application/problem+json"


def problem(
    status: int, title: str, detail: str, errors: Sequence[FieldError] = (), **extra: Any
) -> Response:
    """One answer that says what went wrong, and where."""
    body = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [_field(error) for error in errors],
        **extra,
    }
    return Response(json.dumps(body, allow_nan=False), status, content_type=MEDIA_TYPE)


def _field(error: FieldError) -> dict[str, Any]:
    entry = {
        "pointer": error.pointer,
        "code": error.code,
        "detail": error.detail,
        "allowed": dict(error.allowed),
        "received": error.received,
    }
    if error.where != "body":
        entry["in"] = error.where
    return entry


def invalid(error: InvalidInput) -> Response:
    """422: what was asked cannot be done, field by field."""
    return problem(422, "Some fields cannot be used", str(error), error.errors)


def on_validation_error(error: ValidationError) -> Response:
    """What pydantic refuses before a view is called, in the body or in the query."""
    if request.method in ("POST", "PATCH"):
        return invalid(InvalidInput(describe(error, request.get_json())))
    return invalid(InvalidInput(describe(error, request.args.to_dict(), where="query")))


def malformed(detail: str) -> Response:
    """400: the body is not a JSON object."""
    error = FieldError("", "malformed_json", detail, {"type": "object"})
    return problem(400, "The body is not a JSON object", detail, [error])


def check_body() -> Response | None:
    """Before any view: a body must be a JSON object, said to be JSON."""
    if request.method not in ("POST", "PATCH") or not request.path.startswith("/api/"):
        return None
    if request.content_length is None and not request.get_data(cache=True):
        return malformed("there is no body; send a JSON object")
    try:
        body = current_app.json.loads(request.get_data(cache=True))
    except (ValueError, UnicodeDecodeError) as error:
        return malformed(f"this is not JSON: {str(error)[:200]}")
    if not isinstance(body, dict):
        return malformed("the body must be a JSON object")
    if not request.is_json:
        return malformed("send the body as Content-Type: application/json")
    return None


def register(application: Flask) -> None:
    """Makes the application answer every error in this form."""
    application.before_request(check_body)
    application.register_error_handler(InvalidInput, invalid)

    @application.errorhandler(UnknownExperiment)
    def unknown(error: UnknownExperiment) -> Response:
        field = FieldError("/id", "unknown_experiment", str(error), {}, error.id[:80], "path")
        return problem(404, "No such experiment", str(error), [field])

    @application.errorhandler(StaleVersion)
    def stale(error: StaleVersion) -> Response:
        allowed = {"version": error.current}
        field = FieldError("/version", "stale_version", str(error), allowed, error.expected)
        return problem(409, "The experiment has moved on", str(error), [field])

    @application.errorhandler(Conflict)
    def conflict(error: Conflict) -> Response:
        return problem(409, "Something else was there first", str(error))

    @application.errorhandler(Busy)
    def busy(error: Busy) -> Response:
        field = FieldError("", "busy", str(error), {"retry_after": error.retry_after})
        answer = problem(429, "Busy", str(error), [field])
        answer.headers["Retry-After"] = str(error.retry_after)
        return answer

    @application.errorhandler(StoreUnavailable)
    def unavailable(error: StoreUnavailable) -> Response:
        application.logger.error("the store cannot answer: %s", error)
        return problem(503, "The store cannot answer", "experiments cannot be read or saved now")

    @application.errorhandler(RequestEntityTooLarge)
    def too_large(error: RequestEntityTooLarge) -> Response:
        most = application.config["MAX_CONTENT_LENGTH"]
        detail = f"a request may have at most {most} bytes"
        field = FieldError("", "body_too_large", detail, {"maximum": most})
        return problem(413, "The body is too large", detail, [field])

    @application.errorhandler(HTTPException)
    def other(error: HTTPException) -> Response:
        codes = {404: "not_found", 405: "method_not_allowed", 400: "malformed_json"}
        status = error.code or 500
        detail = error.description or error.name
        known = status in codes
        fields = [FieldError("", codes[status], detail)] if known else []
        answer = problem(status, error.name, detail, fields)
        for name, value in error.get_headers():
            if name.lower() == "allow":
                answer.headers[name] = value
        return answer

    @application.errorhandler(Exception)
    def unexpected(error: Exception) -> Response:
        application.logger.exception("an error that should not be", exc_info=error)
        return problem(500, "An error that should not be", "it has been written to the log")
