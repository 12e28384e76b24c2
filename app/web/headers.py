"""Security headers and compression of every answer.

With the headers nothing is loaded from, or sent to, another host. Only documents need them: a
script or a style sheet is bound by the headers of its page, so it is sent without, as on so many
small files they would be a tenth of all bytes. No page of another site may use any of them.

Answers to GET are gzipped where the client accepts it; static files are compressed in `assets`.
Training blocks, the answers to POST, are not compressed: on a learner's own machine time costs more
than bytes. Answers that are the same for everybody are compressed well, once; those about an
experiment change with every step, and are compressed fast.
"""

import gzip
from collections.abc import Sequence
from functools import lru_cache

from flask import Flask, Response, request

# Plotly makes two style sheets in the page, an empty one that it fills by script, and one of this
# text; it also writes style attributes into text with tags, and into what it exports.
STYLES = (
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-ji27qzEtxXZW+7dun6UwjHXJ18e6WAin1VvNtkzIE/o='; style-src-attr 'unsafe-inline'; "
)
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; "
    f"{STYLES}object-src 'none'; base-uri 'none'; form-action 'self'"
)
# The API's documentation page starts itself with an inline script, and brings styles of its own.
DOCUMENTATION_POLICY = POLICY.replace(
    "default-src 'self'", "default-src 'self'; script-src 'self' 'unsafe-inline'"
).replace(STYLES, "style-src 'self' 'unsafe-inline'; ")

_PARTS_OF_A_PAGE = ("text/javascript", "text/css")

SMALLEST = 1000
"""Bytes; shorter answers are not compressed."""
_COMPRESSED = ("text/html", "application/json")


def register(application: Flask, frame_ancestors: Sequence[str] = ("'self'",)) -> None:
    """Compress the answers of an application, and add the headers to them.

    Pages of the `frame_ancestors` may show the page in a frame.
    """
    framed = f"frame-ancestors {' '.join(frame_ancestors)}"

    @application.after_request
    def add_headers(response: Response) -> Response:
        documentation = request.path.startswith("/openapi")
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        headers["Cross-Origin-Resource-Policy"] = "same-origin"
        if response.mimetype in _PARTS_OF_A_PAGE:
            return response
        policy = DOCUMENTATION_POLICY if documentation else POLICY
        headers["Content-Security-Policy"] = f"{policy}; {framed}"
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        headers["Cross-Origin-Embedder-Policy"] = "require-corp"
        if request.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
        return response

    @application.after_request
    def compress(response: Response) -> Response:
        untouched = "Content-Encoding" not in response.headers
        if response.mimetype not in _COMPRESSED or request.method != "GET" or not untouched:
            return response
        response.vary.add("Accept-Encoding")
        body = response.get_data()
        if len(body) < SMALLEST or not request.accept_encodings["gzip"]:
            return response
        # What nobody asks for again: a better level takes four times as long for one byte in 25.
        of_an_experiment = bool(request.view_args)
        response.set_data(gzip.compress(body, 1, mtime=0) if of_an_experiment else _well(body))
        response.headers["Content-Encoding"] = "gzip"
        return response


@lru_cache(maxsize=8)
def _well(body: bytes) -> bytes:
    return gzip.compress(body, 9, mtime=0)
