"""Headers that keep the page to itself: nothing is loaded from, or sent to, another host.

They bind documents. A script or a style sheet is bound by those of the page that it is part of, so
it goes without: on so many small files they would be a tenth of all there is to load.
"""

from flask import Flask, Response, request

POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
)
# The API's documentation page starts itself with an inline script.
DOCUMENTATION_POLICY = POLICY.replace(
    "default-src 'self'", "default-src 'self'; script-src 'self' 'unsafe-inline'"
)

_PARTS = ("text/javascript", "text/css")


def register(application: Flask) -> None:
    """Puts the headers on the answers."""

    @application.after_request
    def add_headers(response: Response) -> Response:
        documentation = request.path.startswith("/openapi")
        headers = response.headers
        headers["X-Content-Type-Options"] = "nosniff"
        if response.mimetype in _PARTS:
            return response
        headers["Content-Security-Policy"] = DOCUMENTATION_POLICY if documentation else POLICY
        headers["Referrer-Policy"] = "same-origin"
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        headers["Cross-Origin-Opener-Policy"] = "same-origin"
        if request.path.startswith("/api/"):
            headers.setdefault("Cache-Control", "no-store")
        return response
