"""Errors as HTTP answers: each a problem+json (RFC 9457) that names the fields concerned.

This is the only place where an error becomes a status.
"""

import inspect
import json
from collections.abc import Callable, Sequence
from typing import Any, Literal, NotRequired

from flask import Flask, Response, current_app, request
from pydantic import ValidationError
from typing_extensions import TypedDict
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from app.errors import (
    Busy,
    Conflict,
    DiskLow,
    ExecutorUnavailable,
    FieldError,
    InvalidInput,
    LineFull,
    LineUsed,
    QuotaFull,
    QuotaUsed,
    ReadOnly,
    Sealed,
    StaleVersion,
    StoreFull,
    StoreUnavailable,
    Superseded,
    TooLarge,
    UnknownExperiment,
    UnknownLesson,
    UnknownMystery,
    UnknownStudy,
)
from app.lab.spec.field_errors import invalid_input
from app.web import bodies

MEDIA_TYPE = "application/problem+json"


class Allowed(TypedDict, total=False):
    """Values that would have been right, or what is known of the error.

    With `items` the range is that of a list's length. A formula that is not finite somewhere has
    the `value` there, the number of the `sample` (from 1) and its `place`; text that cannot be read
    has the `line` or `column` of the error, and what to `write` instead, for each meaning that it
    may have had.
    """

    minimum: float
    maximum: float
    exclusive_minimum: bool
    items: bool
    names: list[str]
    write: list[str]
    outputs: list[str]
    values: list[float]
    type: str
    shape: list[int]
    line: int | None
    column: int
    sample: int
    place: str
    value: str
    version: int
    maximum_step: int
    digits: int
    size: float
    limit: float
    retry_after: int


FieldProblem = TypedDict(
    "FieldProblem",
    {
        "pointer": str,
        "code": str,
        "detail": str,
        "allowed": Allowed,
        "received": Any,
        "in": NotRequired[Literal["query", "path"]],
    },
)
"""One wrong field: `pointer` is a JSON pointer into the body, or /name of a parameter."""


class Problem(TypedDict):
    """What went wrong (RFC 9457), with the wrong fields; `more` is how many are not named."""

    type: Literal["about:blank"]
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]
    more: NotRequired[int]


def problem(
    status: int, title: str, detail: str, errors: Sequence[FieldError] = (), more: int = 0
) -> Response:
    """The answer to a request that cannot be answered; `more` wrong fields are not named."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "errors": [_field(error) for error in errors],
    }
    if more:
        body["more"] = more
    return Response(json.dumps(body, allow_nan=False), status, content_type=MEDIA_TYPE)


def described(text: str, retry_after: bool = False) -> dict[str, Any]:
    """A refusal in the OpenAPI document; with `retry_after` it may say when to ask again."""
    schema = {"$ref": "#/components/schemas/Problem"}
    answer: dict[str, Any] = {"description": text, "content": {MEDIA_TYPE: {"schema": schema}}}
    if retry_after:
        answer["headers"] = {
            "Retry-After": {
                "description": "seconds after which to ask again",
                "schema": {"type": "integer", "minimum": 1},
            }
        }
    return answer


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
    """422: some fields cannot be used."""
    return problem(422, "Some fields cannot be used", str(error), error.errors, error.more)


def on_validation_error(error: ValidationError) -> Response:
    """422: the body or the query does not fit its model."""
    if request.method in ("POST", "PATCH"):
        return invalid(invalid_input(error, request.get_json()))
    return invalid(invalid_input(error, request.args.to_dict(), where="query"))


def malformed(detail: str) -> Response:
    """400: the body is not a JSON object."""
    error = FieldError("", "malformed_json", detail, {"type": "object"})
    return problem(400, "The body is not a JSON object", detail, [error])


def check_body() -> Response | None:
    """Refuse a body that is no JSON object, or not declared as JSON, before any view is called."""
    if request.method not in ("POST", "PATCH") or not request.path.startswith("/api/"):
        return None
    if request.routing_exception is not None:  # there is no such call: that is said first
        return None
    view = inspect.unwrap(current_app.view_functions[str(request.endpoint)])
    if "body" not in view.__annotations__ and not request.get_data(cache=True):
        return None  # this call takes none
    if request.content_length is None and not request.get_data(cache=True):
        return malformed("there is no body; send a JSON object")
    try:
        if (count := bodies.count_lists(request.get_data(cache=True))) > bodies.MOST_LISTS:
            return too_many_lists(count)
        body = current_app.json.loads(request.get_data(cache=True))
    except (ValueError, UnicodeDecodeError) as error:
        return malformed(f"this is not JSON: {str(error)[:200]}")
    if not isinstance(body, dict):
        return malformed("the body must be a JSON object")
    if request.mimetype != "application/json":
        return malformed("send the body as Content-Type: application/json")
    return None


def too_many_lists(count: int) -> Response:
    """422: the body has more lists and objects than anything that could be asked."""
    detail = f"the body has {count} lists and objects, at most {bodies.MOST_LISTS} are read"
    allowed = {"maximum": bodies.MOST_LISTS}
    return invalid(InvalidInput([FieldError("", "too_much_work", detail, allowed, count)]))


def read_only(error: ReadOnly) -> Response:
    """403: under this id the experiment may be looked at only."""
    field = FieldError("/id", "read_only", str(error), {}, error.id[:80], "path")
    return problem(403, "Only to be looked at", str(error), [field])


def unknown(error: UnknownExperiment) -> Response:
    """404: there is no such experiment, or no longer."""
    field = FieldError("/id", "unknown_experiment", str(error), {}, error.id[:80], "path")
    return problem(404, "No such experiment", str(error), [field])


def unknown_study(error: UnknownStudy) -> Response:
    """404: there is no such study, or no longer."""
    field = FieldError("/id", "unknown_study", str(error), {}, error.id[:80], "path")
    return problem(404, "No such study", str(error), [field])


def unknown_lesson(error: UnknownLesson) -> Response:
    """404: there is no such lesson."""
    field = FieldError("/id", "unknown_lesson", str(error), {}, error.id[:80], "path")
    return problem(404, "No such lesson", str(error), [field])


def unknown_mystery(error: UnknownMystery) -> Response:
    """404: there is no such mystery, or no longer."""
    field = FieldError("/mystery", "unknown_mystery", str(error), {}, error.id[:80])
    return problem(404, "No such mystery", str(error), [field])


def sealed(error: Sealed) -> Response:
    """403: the answer would tell what a mystery hides."""
    allowed = {} if error.step is None else {"minimum": error.step}
    field = FieldError("", "sealed", str(error), allowed)
    return problem(403, "The recipe is a mystery", str(error), [field])


def stale(error: StaleVersion) -> Response:
    """409: the experiment has another version, which is the allowed one."""
    allowed = {"version": error.current}
    field = FieldError("/version", "stale_version", str(error), allowed, error.expected)
    return problem(409, "The experiment has moved on", str(error), [field])


def superseded(error: Superseded) -> Response:
    """409: a newer request for the same picture takes the place of this one."""
    field = FieldError("/view", "superseded", str(error), {}, None, "query")
    return problem(409, "A newer picture was asked for", str(error), [field])


def conflict(error: Conflict) -> Response:
    """409: another request changed the experiment first."""
    return problem(409, "Something else was there first", str(error))


def busy(error: Busy) -> Response:
    """429: the server is busy; ask again after Retry-After seconds."""
    allowed = {"retry_after": error.retry_after}
    field = FieldError("", "busy", str(error), allowed)
    if isinstance(error, QuotaUsed):
        field = FieldError("", "quota_used", str(error), {**allowed, "maximum": error.most})
    if isinstance(error, LineFull):
        code = "line_used" if isinstance(error, LineUsed) else "line_full"
        field = FieldError("", code, str(error), {**allowed, "maximum": error.most})
    answer = problem(429, "Busy", str(error), [field])
    answer.headers["Retry-After"] = str(error.retry_after)
    return answer


def storage_full(error: QuotaFull | DiskLow) -> Response:
    """507: as much is kept as the operator allows, or as leaves room on the disk."""
    allowed = {"minimum": error.least} if isinstance(error, DiskLow) else {"maximum": error.most}
    field = FieldError("", "storage_full", str(error), allowed)
    return problem(507, "The server keeps as much as it may", str(error), [field])


RETRY_UNAVAILABLE = 2
RETRY_FULL = 30
"""Seconds after which a store that does not answer, or is full, is worth asking again."""


def unavailable(error: StoreUnavailable) -> Response:
    """503: the store cannot answer, or has no room; the reason is in the log."""
    full = isinstance(error, StoreFull)
    current_app.logger.error("the store %s: %s", "is full" if full else "cannot answer", error)
    if full:
        detail = "the store is full: experiments can be read and deleted, not saved"
        code, title, seconds = "store_full", "The store is full", RETRY_FULL
    else:
        detail = "experiments cannot be read or saved now"
        code, title, seconds = "store_unavailable", "The store cannot answer", RETRY_UNAVAILABLE
    answer = problem(503, title, detail, [FieldError("", code, detail, {"retry_after": seconds})])
    answer.headers["Retry-After"] = str(seconds)
    return answer


def too_large_to_keep(error: TooLarge) -> Response:
    """422: the history of the experiment would be longer than the store keeps."""
    field = FieldError("", "history_full", str(error), {"limit": error.limit})
    return problem(422, "The history is too long", str(error), [field])


def no_executor(error: ExecutorUnavailable) -> Response:
    """503: studies cannot be trained now; experiments can."""
    current_app.logger.error("studies cannot be trained: %s", error)
    field = FieldError("", "executor_unavailable", str(error))
    return problem(503, "Studies cannot be trained now", str(error), [field])


def too_large(error: RequestEntityTooLarge) -> Response:
    """413: the body is larger than the operator allows."""
    most = current_app.config["MAX_CONTENT_LENGTH"]
    detail = f"a request may have at most {most} bytes"
    field = FieldError("", "body_too_large", detail, {"maximum": most})
    return problem(413, "The body is too large", detail, [field])


def other(error: HTTPException) -> Response:
    """Errors of Flask itself: no such page, no such method."""
    codes = {404: "not_found", 405: "method_not_allowed", 400: "malformed_json"}
    status = error.code or 500
    detail = error.description or error.name
    fields = [FieldError("", codes[status], detail)] if status in codes else []
    answer = problem(status, error.name, detail, fields)
    for name, value in error.get_headers():
        if name.lower() == "allow":
            answer.headers[name] = value
    return answer


def unexpected(error: Exception) -> Response:
    """500: a bug; its traceback is in the log, not in the answer."""
    current_app.logger.error("an error that should not be", exc_info=error)
    return problem(500, "An error that should not be", "it has been written to the log")


_ANSWERS: dict[type[Exception], Callable[..., Response]] = {
    InvalidInput: invalid,
    ReadOnly: read_only,
    UnknownExperiment: unknown,
    UnknownStudy: unknown_study,
    UnknownLesson: unknown_lesson,
    UnknownMystery: unknown_mystery,
    Sealed: sealed,
    ExecutorUnavailable: no_executor,
    StaleVersion: stale,
    Superseded: superseded,
    Conflict: conflict,
    Busy: busy,
    QuotaFull: storage_full,
    DiskLow: storage_full,
    StoreUnavailable: unavailable,
    TooLarge: too_large_to_keep,
    RequestEntityTooLarge: too_large,
    HTTPException: other,
    Exception: unexpected,
}


def register(application: Flask) -> None:
    """Register the handlers of all errors with an application."""
    application.before_request(check_body)
    for error, answer in _ANSWERS.items():
        application.register_error_handler(error, answer)
