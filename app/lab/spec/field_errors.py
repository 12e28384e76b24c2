"""Errors that name a field by a JSON pointer, and those of pydantic in Basin's codes and words."""

import math
import re
from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.errors import NAMED_FIELDS, FieldError, InvalidInput


def with_article(noun: str) -> str:
    """`a number`, `an object`."""
    return f"{'an' if noun[0] in 'aeiou' else 'a'} {noun}"


def range_detail(allowed: Mapping[str, Any]) -> str:
    """`must be from 1 to 64`, for the `allowed` of an error."""
    low, high = _plain(allowed["minimum"]), _plain(allowed["maximum"])
    if allowed.get("items"):
        return f"must have {low} to {high} entries"
    return (
        f"must be above {low}, up to {high}"
        if allowed.get("exclusive_minimum")
        else (f"must be from {low} to {high}")
    )


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else f"{value:g}"


_TYPES = {
    "dict_type": "object",
    "model_type": "object",
    "model_attributes_type": "object",
    "list_type": "array",
    "string_type": "string",
    "string_unicode": "string",
    "bool_type": "boolean",
    "bool_parsing": "boolean",
}


def invalid_input(error: ValidationError, received: Any, where: str = "body") -> InvalidInput:
    """What pydantic found in `received`, as an error in Basin's words."""
    found: list[FieldError] = []
    more = 0
    for detail in error.errors(include_url=False, include_input=False):
        if len(found) < NAMED_FIELDS:
            found += _describe_one(detail, received, where)
        else:
            more += 1
        fields = detail.get("ctx", {}).get("fields", ())
        more += max(0, len(fields) - NAMED_FIELDS)
    return InvalidInput(found, len(found) + more)


def describe(error: ValidationError, received: Any, where: str = "body") -> list[FieldError]:
    """The first errors that pydantic found in `received`, with pointers and in Basin's words."""
    return list(invalid_input(error, received, where).errors)


def _describe_one(detail: ErrorDetails, received: Any, where: str) -> list[FieldError]:
    kind = detail["type"]
    path, value = _path(detail["loc"], received, whole_model=kind == "unknown_field")
    context = detail.get("ctx", {})
    here = pointer(*path)
    if kind == "unknown_field":
        return [
            FieldError(
                pointer(*path, name),
                kind,
                f"is not a field of this; there are {', '.join(context['allowed']['names'])}",
                context["allowed"],
                _short(value.get(name)) if isinstance(value, dict) else None,
                where,
            )
            for name in context["fields"][:NAMED_FIELDS]
        ]
    if kind in ("wrong_type", "out_of_range", "not_finite"):
        return [FieldError(here, kind, detail["msg"], context["allowed"], _short(value), where)]
    if kind == "union_tag_not_found" and isinstance(value, dict):
        kind, here = "missing", pointer(*path, context["discriminator"].strip("'"))
    if kind == "missing":
        return [FieldError(here, "missing", "is required", {}, None, where)]
    if kind in ("literal_error", "union_tag_invalid"):
        quoted = context["expected"] if kind == "literal_error" else context["expected_tags"]
        names = re.findall(r"'([^']*)'", quoted)
        if kind == "union_tag_invalid":
            tag = context["discriminator"].strip("'")
            here, value = pointer(*path, tag), value.get(tag)
        text = f"must be one of {', '.join(names)}"
        return [FieldError(here, "unknown_name", text, {"names": names}, _short(value), where)]
    if kind == "string_too_long":
        allowed = {"minimum": 0, "maximum": context["max_length"], "items": True}
        text = f"must have at most {context['max_length']} characters"
        return [FieldError(here, "out_of_range", text, allowed, _short(value), where)]
    expected = _TYPES.get(kind, "object")
    text = f"must be {with_article(expected)}"
    return [FieldError(here, "wrong_type", text, {"type": expected}, _short(value), where)]


def _path(
    location: tuple[int | str, ...], received: Any, whole_model: bool
) -> tuple[list[int | str], Any]:
    """The path to a field of the received document, and its value.

    Pydantic's location also has the chosen branch of a union, which is no part of the document: a
    name that the document does not have is a branch, unless it is last and thus a missing field.
    """
    path: list[int | str] = []
    value = received
    entered: Any = None  # the object whose branch was skipped: it may have a field of that name
    for place, part in enumerate(location):
        if isinstance(value, dict):
            if value is not entered and part == value.get("name"):
                entered = value
                continue
            if part not in value and (whole_model or place < len(location) - 1):
                continue
            value = value.get(str(part))
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif value is None and path:
            continue
        path.append(part)
    return path, value


def pointer(*path: int | str) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in path)


def _short(value: Any) -> Any:
    """The received value, cut short; None for a list or an object."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int | float | bool) or value is None:
        return value if not isinstance(value, int) or abs(value) < 10**30 else "a huge integer"
    if isinstance(value, str):
        return value if len(value) <= 80 else value[:79] + "…"
    return None
