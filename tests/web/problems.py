"""What every answer to a bad request must look like (RFC 9457), whatever was bad about it."""

import json
import re
from typing import Any

from app.web.languages import LANGUAGES, messages
from tests.lab.client import Client, strict
from tests.lab.conformance import is_a_problem

# Of these the visitor must be told what would have been right.
TELLING = {
    "out_of_range",
    "unknown_name",
    "unknown_field",
    "wrong_type",
    "wrong_shape",
    "misfit",
    "not_finite",
    "too_much_work",
}


def refused(basin: Client, method: str, path: str, status: int, **request: Any) -> list[Any]:
    """The errors of an answer that refuses a request in the way that all are refused."""
    with basin.application.test_client().open(path, method=method, **request) as response:
        text = response.get_data(as_text=True)
        assert response.status_code == status, text[:2000]
        assert response.content_type == "application/problem+json"
    problem = strict(text)
    is_a_problem(problem)
    assert (problem["type"], problem["status"]) == ("about:blank", status)
    assert problem["title"]
    assert problem["detail"]
    for error in problem["errors"]:
        assert re.fullmatch(r"(/.*)?", error["pointer"], re.DOTALL)
        assert error["detail"]
        assert len(text) < 100_000
        assert all(f"errors.{error['code']}" in messages(language) for language in LANGUAGES)
        if error["code"] in TELLING:
            assert error["allowed"]
    errors: list[Any] = problem["errors"]
    return errors


def places(errors: list[Any]) -> list[tuple[str, str]]:
    """The pointer and the code of every error."""
    return [(error["pointer"], error["code"]) for error in errors]


def nested(depth: int, opening: str = "[", core: str = "1", closing: str = "]") -> str:
    return opening * depth + core + closing * depth


def dumps(document: Any) -> str:
    """JSON text in which the values `"RAW:…"` stand as they are, whatever they are."""
    text = json.dumps(document)
    return re.sub(r'"RAW:((?:[^"\\]|\\.)*)"', lambda raw: json.loads(f'"{raw[1]}"'), text)
