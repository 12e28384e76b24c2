"""Pydantic types for ranges and registries.

A `Range` or a registry becomes a type that refuses what is outside it and says what would have been
right; `field_errors` turns what pydantic finds into errors with JSON pointers.

Where pydantic can say this itself, it does: names are `Literal`s, entries are discriminated unions.
It cannot where an answer names more than its own error knows: `Field(ge=1, le=64)` reports the one
bound that was passed but not the other, `Field(min_length=1)` looks at every entry before it counts
them, a strict `int` refuses 3.0 and a lax one takes "3" and `true`, and an extra field is reported
without the fields that there are. So `Within`, `Items` and `Model` check these first.
"""

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    GetPydanticSchema,
    create_model,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.choices import Choice, Range
from app.lab.spec.field_errors import range_detail, with_article


@dataclass(frozen=True)
class _Checked:
    """An annotation that checks a value before pydantic does, and completes its JSON schema."""

    range: Range

    def check(self, value: Any) -> Any:
        """The value that goes on to pydantic. Raises PydanticCustomError for a wrong one."""
        raise NotImplementedError

    def keywords(self) -> dict[str, Any]:
        """The keywords of the JSON schema that say the same."""
        raise NotImplementedError

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), **self.keywords()}


@dataclass(frozen=True)
class Within(_Checked):
    """`Annotated[int, Within(RANGE)]`: a number in a range; not `true`, text, NaN or infinity.

    In a query string every value arrives as text: `Within(RANGE, text=True)` reads it first.
    """

    text: bool = False

    def keywords(self) -> dict[str, Any]:
        """Both bounds."""
        lower = "exclusiveMinimum" if self.range.exclusive_minimum else "minimum"
        return {lower: self.range.minimum, "maximum": self.range.maximum}

    def check(self, value: Any) -> Any:
        """The number. Raises PydanticCustomError for a value that is none, or is not allowed."""
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
class Items(_Checked):
    """`Annotated[list[…], Items(RANGE)]`: a list with as many entries as the range allows.

    With `named` it is an object with as many fields.
    """

    named: bool = False

    def keywords(self) -> dict[str, Any]:
        """Both bounds."""
        if self.named:
            return {"maxProperties": int(self.range.maximum)}
        return {"minItems": int(self.range.minimum), "maxItems": int(self.range.maximum)}

    def check(self, value: Any) -> Any:
        """The value. Raises PydanticCustomError for a list that is too short or too long."""
        kind = dict if self.named else list
        if isinstance(value, kind) and not self.range.minimum <= len(value) <= self.range.maximum:
            allowed = {**self.range.allowed(), "items": True}
            raise _finding("out_of_range", range_detail(allowed), allowed)
        return value


def one_of(registry: Mapping[str, Any]) -> GetPydanticSchema:
    """The annotation of a `str` that is the name of one of a registry's entries."""
    names: Any = Literal[tuple(registry)]
    return GetPydanticSchema(lambda source, handler: handler(names))


def either(models: Sequence[type["Model"]], default: str) -> GetPydanticSchema:
    """The annotation of a `Model` that is one of several, told apart by their field `name`.

    For a discriminated union a missing name is an error. So `default` is put in its place first.
    """

    def named(value: Any) -> Any:
        if isinstance(value, dict) and "name" not in value:
            return {"name": default, **value}
        return value

    kind: Any = models[0]
    if len(models) > 1:
        kind = Annotated[Union[*models], Field(discriminator="name")]
    kind = Annotated[kind, BeforeValidator(named)]
    return GetPydanticSchema(lambda source, handler: handler(kind))


def entry_model(
    kind: str, name: str, parameters: tuple[Range, ...], named: bool = False, **more: Any
) -> type["Model"]:
    """The model of one registry entry: its name, and a field for each number it takes.

    With `named` the name is required: it is not the default of its registry.
    """
    definitions: dict[str, Any] = {"name": (Literal[name], ... if named else name)}
    for range in parameters:
        base = int if range.integer else float
        definitions[range.name] = (Annotated[base, Within(range)], range.default)
    title = "".join(part.title() for part in (kind, *re.split("[-_]", name)))
    return create_model(title, __base__=Model, **definitions, **more)


def entries(kind: str, registry: Mapping[str, Choice], default: str) -> GetPydanticSchema:
    """One of a registry's entries, by its name; without one `default`."""
    models = [
        entry_model(kind, name, choice.parameters, named=name != default)
        for name, choice in registry.items()
    ]
    return either(models, default)


class Model(BaseModel):
    """The base of every model: an unknown field is refused, and the error lists those there are."""

    model_config = ConfigDict(extra="forbid", frozen=True, protected_namespaces=())

    @classmethod
    def model_json_schema(cls, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The schema; flask-openapi asks for it at every call it registers, and at every query."""
        asked = (cls, args, *kwargs.items())
        if asked not in _SCHEMAS:
            _SCHEMAS[asked] = super().model_json_schema(*args, **kwargs)
        return _SCHEMAS[asked]

    @model_validator(mode="before")
    @classmethod
    def _only_known_fields(cls, value: Any) -> Any:
        if isinstance(value, dict):
            names = {field.alias or name for name, field in cls.model_fields.items()}
            unknown = [key for key in value if key not in names]
            if unknown:
                raise PydanticCustomError(
                    "unknown_field",
                    "is not a field of this",
                    {"fields": unknown, "allowed": {"names": sorted(names)}},
                )
        return value


_SCHEMAS: dict[tuple[Any, ...], dict[str, Any]] = {}

_INTEGER = re.compile(r"-?\d{1,300}", re.ASCII)
_NUMBER = re.compile(
    r"-?\d{1,300}(\.\d{1,300})?([eE][-+]?\d{1,300})?|-?inf|-?Infinity|nan|NaN", re.ASCII
)


def _read(text: Any, integer: bool) -> Any:
    """The number that the text of a query stands for in JSON's grammar."""
    if not isinstance(text, str) or not (_INTEGER if integer else _NUMBER).fullmatch(text):
        raise _wrong_type("integer" if integer else "number")
    return int(text) if integer else float(text)


def _finding(code: Literal["out_of_range", "not_finite"], text: str, allowed: Any) -> Exception:
    return PydanticCustomError(code, "{detail}", {"detail": text, "allowed": allowed})


def _wrong_type(name: str) -> Exception:
    return PydanticCustomError(
        "wrong_type", "must be {detail}", {"detail": with_article(name), "allowed": {"type": name}}
    )
