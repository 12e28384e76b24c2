"""How a document is checked: types that know their range or their registry, and words for findings.

A `Range` or a registry becomes a pydantic type that refuses what is outside it and says what would
have been right; `describe` turns pydantic's findings into `FieldError`s with JSON pointers.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    ValidationError,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, ErrorDetails, PydanticCustomError, core_schema

from app.choices import Choice, Range
from app.errors import FieldError


@dataclass(frozen=True)
class Within:
    """`Annotated[int, Within(RANGE)]`: a number in a range; not `true`, text, NaN or infinity.

    In a query string every value arrives as text: `Within(RANGE, text=True)` reads it first.
    """

    range: Range
    text: bool = False

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        lower = "exclusiveMinimum" if self.range.exclusive_minimum else "minimum"
        return {**handler(schema), lower: self.range.minimum, "maximum": self.range.maximum}

    def check(self, value: Any) -> Any:
        """The number, or the finding that it is none, or none that is allowed."""
        range = self.range
        if self.text:
            value = _read(value, range.integer)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise _wrong_type("integer" if range.integer else "number")
        if not math.isfinite(value) if isinstance(value, float) else False:
            raise _finding("not_finite", "must be a finite number", range.allowed())
        if range.integer and value != int(value):
            raise _wrong_type("integer")
        below = value <= range.minimum if range.exclusive_minimum else value < range.minimum
        if below or value > range.maximum:
            raise _finding("out_of_range", range_detail(range.allowed()), range.allowed())
        return int(value) if range.integer else float(value)


@dataclass(frozen=True)
class Items:
    """`Annotated[list[…], Items(RANGE)]`: a list with as many entries as the range allows."""

    range: Range

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {
            **handler(schema),
            "minItems": int(self.range.minimum),
            "maxItems": int(self.range.maximum),
        }

    def check(self, value: Any) -> Any:
        """The list, or the finding that it is too short or too long."""
        if isinstance(value, list) and not self.range.minimum <= len(value) <= self.range.maximum:
            allowed = {**self.range.allowed(), "items": True}
            raise _finding("out_of_range", range_detail(allowed), allowed)
        return value


@dataclass(frozen=True)
class Named:
    """`Annotated[str, Named(REGISTRY)]`: the name of one of its entries."""

    registry: Mapping[str, Any]

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(Literal[tuple(self.registry)])

    def __hash__(self) -> int:
        return hash(tuple(self.registry))


@dataclass(frozen=True)
class Entry:
    """`Annotated[Model, Entry(…)]`: one of several models, told apart by `name`.

    Without a name it is the default one.
    """

    models: tuple[type["Model"], ...]
    default: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(self._type)

    @cached_property
    def _type(self) -> Any:
        if len(self.models) == 1:
            return Annotated[self.models[0], BeforeValidator(self._named)]
        return Annotated[
            Union[*self.models], Field(discriminator="name"), BeforeValidator(self._named)
        ]

    def _named(self, value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            return {"name": self.default, **value}
        return value


def entry_model(
    kind: str, name: str, parameters: tuple[Range, ...], named: bool = False, **more: Any
) -> type["Model"]:
    """The model of one registry entry: its name, and a field for each number it takes.

    With `named` it is not the one that is meant where no name is given.
    """
    definitions: dict[str, Any] = {"name": (Literal[name], ... if named else name)}
    for range in parameters:
        base = int if range.integer else float
        definitions[range.name] = (Annotated[base, Within(range)], range.default)
    title = "".join(part.title() for part in (kind, *re.split("[-_]", name)))
    return create_model(title, __base__=Model, **definitions, **more)


def entries(kind: str, registry: Mapping[str, Choice], default: str) -> Entry:
    """One of a registry's entries."""
    models = (
        entry_model(kind, name, choice.parameters, named=name != default)
        for name, choice in registry.items()
    )
    return Entry(tuple(models), default)


class Model(BaseModel):
    """The base of every model: unknown fields are refused by name."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema; flask-openapi asks for it plainly at every request that has a query."""
        if args or kwargs:
            return super().model_json_schema(*args, **kwargs)
        if cls not in _SCHEMAS:
            _SCHEMAS[cls] = super().model_json_schema()
        return _SCHEMAS[cls]

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, value: Any) -> Any:
        if isinstance(value, dict):
            unknown = [key for key in value if key not in cls.model_fields]
            if unknown:
                raise PydanticCustomError(
                    "unknown_field",
                    "is not a field of this",
                    {"fields": unknown, "allowed": {"names": sorted(cls.model_fields)}},
                )
        return value


_SCHEMAS: dict[type[Model], dict[str, Any]] = {}

_INTEGER = re.compile(r"-?\d{1,300}", re.ASCII)
_NUMBER = re.compile(
    r"-?\d{1,300}(\.\d{1,300})?([eE][-+]?\d{1,300})?|-?inf|-?Infinity|nan|NaN", re.ASCII
)


def _read(text: Any, integer: bool) -> Any:
    """The number that a query's text means in JSON's grammar."""
    if not isinstance(text, str) or not (_INTEGER if integer else _NUMBER).fullmatch(text):
        raise _wrong_type("integer" if integer else "number")
    return int(text) if integer else float(text)


def _finding(code: Literal["out_of_range", "not_finite"], text: str, allowed: Any) -> Exception:
    return PydanticCustomError(code, "{detail}", {"detail": text, "allowed": allowed})


def _wrong_type(name: str) -> Exception:
    return PydanticCustomError(
        "wrong_type", "must be {detail}", {"detail": _a(name), "allowed": {"type": name}}
    )


def _a(noun: str) -> str:
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


def describe(error: ValidationError, received: Any, where: str = "body") -> list[FieldError]:
    """Basin's words for what pydantic found wrong with `received`, a pointer for each field."""
    found: list[FieldError] = []
    for detail in error.errors(include_url=False):
        found += _describe_one(detail, received, where)
    return found


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
            for name in context["fields"]
        ]
    if kind in ("wrong_type", "out_of_range", "not_finite"):
        return [FieldError(here, kind, detail["msg"], context["allowed"], _short(value), where)]
    if kind == "missing":
        return [FieldError(here, "missing", "is required", {}, None, where)]
    if kind in ("literal_error", "union_tag_invalid"):
        quoted = context["expected"] if kind == "literal_error" else context["expected_tags"]
        names = re.findall(r"'([^']*)'", quoted)
        if kind == "union_tag_invalid":
            here, value = pointer(*path, "name"), value.get("name")
        text = f"must be one of {', '.join(names)}"
        return [FieldError(here, "unknown_name", text, {"names": names}, _short(value), where)]
    if kind == "string_too_long":
        allowed = {"minimum": 0, "maximum": context["max_length"], "items": True}
        text = f"must have at most {context['max_length']} characters"
        return [FieldError(here, "out_of_range", text, allowed, _short(value), where)]
    expected = _TYPES.get(kind, "object")
    text = f"must be {_a(expected)}"
    return [FieldError(here, "wrong_type", text, {"type": expected}, _short(value), where)]


def _path(
    location: tuple[int | str, ...], received: Any, whole_model: bool
) -> tuple[list[int | str], Any]:
    """The way to a field in what was received.

    Pydantic's location also names the branch of a union that was taken, which is no part of the
    document: a name that is not there is a branch, unless it comes last and is a missing field.
    """
    path: list[int | str] = []
    value = received
    entered: Any = None  # the object whose branch has been passed: it may have a field of that name
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
    """What was received, if it is short and plain enough to say back."""
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, int | float | bool) or value is None:
        return value if not isinstance(value, int) or abs(value) < 10**30 else "a huge integer"
    if isinstance(value, str):
        return value if len(value) <= 80 else value[:79] + "…"
    return None
