"""The page, its static files, and the checks of health and readiness."""

import threading
from pathlib import Path

from flask import Blueprint, Response, abort, jsonify, render_template, request

from app.lab.service import ExperimentService
from app.web.assets import PLOTLY, STYLE, Assets
from app.web.languages import LANGUAGES, choose, first_messages, messages

CLIENT = Path(__file__).parents[1] / "client.py"
"""The Python client, which is served as it is."""
FOR_EVER = "public, max-age=31536000, immutable"


def blueprint(service: ExperimentService, public_url: str | None) -> Blueprint:
    """The page, its files and two checks; links that the page makes lead to `public_url`."""
    pages = Blueprint("pages", __name__)
    assets = Assets()
    # Compressing plotly.js takes half a second; the first visitor should not wait for it.
    threading.Thread(target=lambda: assets.get(PLOTLY).compressed, daemon=True).start()

    @pages.get("/")
    def page() -> Response:
        language = choose(request.args.get("lang"), request.accept_languages.values())
        strings = messages(language)
        html = render_template(
            "index.html",
            asset=assets.url,
            style=STYLE,
            modules=assets.modules,
            lang=language,
            public_url=public_url,
            languages=LANGUAGES,
            messages=first_messages(language),
            t=lambda key: strings[key],
        )
        response = Response(html, content_type="text/html; charset=utf-8")
        response.headers["Cache-Control"] = "no-cache"
        response.headers["Vary"] = "Accept-Language"
        return response

    @pages.get("/client.py")
    def client() -> Response:
        answer = Response(CLIENT.read_text("utf-8"), mimetype="text/x-python")
        answer.headers["Cache-Control"] = "no-cache"
        answer.headers["Content-Disposition"] = 'inline; filename="basin.py"'
        return answer

    @pages.get("/assets/<version>/<path:name>")
    def asset(version: str, name: str) -> Response:
        if version != assets.version:
            abort(404)
        try:
            file = assets.get(name)
        except KeyError:
            abort(404)
        gzipped = bool(request.accept_encodings["gzip"]) and len(file.compressed) < len(
            file.content
        )
        body = file.compressed if gzipped else file.content
        response = Response(body, content_type=file.media_type)
        if gzipped:
            response.headers["Content-Encoding"] = "gzip"
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = FOR_EVER
        return response

    @pages.get("/healthz")
    def healthz() -> Response:
        """Whether this process answers: nothing else, lest it is restarted for its store's sake."""
        return jsonify({"status": "ok"})

    @pages.get("/readyz")
    def readyz() -> Response:
        service.check_ready()
        return jsonify({"status": "ready"})

    return pages
