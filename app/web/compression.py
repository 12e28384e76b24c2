"""Answers to GET are sent gzipped where the client takes it; static files have their own way.

Training blocks, the answers to POST, are left as they are: on a learner's own machine bytes are
free, and the milliseconds are not. What is the same for everybody is compressed well, once; what is
told of an experiment changes with every step, and has to be quick.
"""

import gzip
from functools import lru_cache

from flask import Flask, Response, request

SMALLEST = 1000
_TYPES = ("text/html", "application/json")


def register(application: Flask) -> None:
    """Compresses what is worth it."""

    @application.after_request
    def compress(response: Response) -> Response:
        untouched = "Content-Encoding" not in response.headers
        if response.mimetype not in _TYPES or request.method != "GET" or not untouched:
            return response
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if len(body) < SMALLEST or not request.accept_encodings["gzip"]:
            return response
        of_an_experiment = bool(request.view_args)
        response.set_data(gzip.compress(body, 6, mtime=0) if of_an_experiment else _well(body))
        response.headers["Content-Encoding"] = "gzip"
        return response


@lru_cache(maxsize=8)
def _well(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
