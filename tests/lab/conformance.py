"""Whether answers conform to the OpenAPI document of the application that gave them."""

import re
from functools import cache, lru_cache
from typing import Any

import jsonschema_rs
from flask import Flask

from app.web.openapi import document


@lru_cache(maxsize=1)
def _document() -> dict[str, Any]:
    return document()


@cache
def _validator(path: str, method: str, status: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of an answer; KeyError where the document does not have it."""
    answers = _document()["paths"][path][method]["responses"][status]["content"]
    (content,) = answers.values()
    return jsonschema_rs.Draft202012Validator(
        {**content["schema"], "components": _document()["components"]}
    )


def conforms(application: Flask, method: str, path: str, status: int, answer: Any) -> None:
    """Asserts that the answer of a call of the API is documented, and has its schema."""
    routes = application.url_map.bind("localhost")
    rule, _ = routes.match(path, method, return_rule=True)
    name = re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
    if name.startswith("/api/"):
        _validator(name, method.lower(), str(status)).validate(answer)


@lru_cache(maxsize=1)
def _problem() -> jsonschema_rs.Draft202012Validator:
    schema = {"$ref": "#/components/schemas/Problem", "components": _document()["components"]}
    return jsonschema_rs.Draft202012Validator(schema)


def is_a_problem(answer: Any) -> None:
    """Asserts that a refusal has the schema of a problem."""
    _problem().validate(answer)
