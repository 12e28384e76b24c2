"""An id for every request, and on request a line of JSON about it, without data of the visitor.

A line says when, which route (its pattern, not the id in it), the status, how long it took, and how
large the answer was: no address, no id of an experiment, nothing that was sent. The id is in the
answer too (`X-Request-ID`), and in the lines that Basin writes about an error meanwhile. A proxy in
front may give the id.
"""

import json
import logging
import re
import secrets
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, has_request_context, request

from app.web.routes import method_of, route_of

HEADER = "X-Request-ID"
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")


def register(application: Flask, write: bool) -> None:
    """Give every request an id; with `write`, a line to standard error for each."""
    application.logger.addFilter(_name_request)

    @application.before_request
    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _ID.fullmatch(given) else secrets.token_hex(8)
        g.request_began = time.perf_counter()

    @application.after_request
    def end(response: Response) -> Response:
        id = g.get("request_id") or secrets.token_hex(8)
        response.headers[HEADER] = id
        if write:
            sys.stderr.write(json.dumps(_line(response, id)) + "\n")
            sys.stderr.flush()
        return response


def _line(response: Response, id: str) -> dict[str, object]:
    began = g.get("request_began", time.perf_counter())
    return {
        "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": id,
        "method": method_of(),
        "route": route_of(),
        "status": response.status_code,
        "ms": round(1e3 * (time.perf_counter() - began), 1),
        "bytes": response.content_length,
    }


def _name_request(record: logging.LogRecord) -> bool:
    if has_request_context() and "request_id" in g:
        record.msg = f"[{g.request_id}] {record.msg}"
    return True
