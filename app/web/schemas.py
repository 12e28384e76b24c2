"""Schemas of answers in the OpenAPI document, made of the types that `lab` answers with."""

from functools import cache
from typing import Any, ClassVar

from pydantic import BaseModel, TypeAdapter
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema


class ClosedSchema(GenerateJsonSchema):
    """JSON schemas in which a TypedDict has the keys that it names, and no others."""

    def typed_dict_schema(self, schema: core_schema.TypedDictSchema) -> JsonSchemaValue:
        """The schema of a TypedDict."""
        return {**super().typed_dict_schema(schema), "additionalProperties": False}


class _Documented(BaseModel):
    """A stand-in for a TypedDict, as flask-openapi takes models only.

    Nothing is validated with it: answers are sent as they are, and the tests check that they
    conform to the document.
    """

    shape: ClassVar[Any]

    @classmethod
    def model_json_schema(
        cls, *args: Any, ref_template: str = "#/$defs/{model}", **options: Any
    ) -> dict[str, Any]:
        """The schema of the TypedDict; models inside it look as they do in requests."""
        return closed_schema(cls.shape, ref_template)


@cache
def closed_schema(shape: Any, ref_template: str) -> dict[str, Any]:
    """The schema of a TypedDict, made once: several calls have the same answer."""
    return TypeAdapter(shape).json_schema(
        ref_template=ref_template, schema_generator=ClosedSchema, mode="validation"
    )


def documented(shape: Any) -> type[BaseModel]:
    """A model that stands for a TypedDict in the `responses` of a call."""
    return type(shape.__name__, (_Documented,), {"shape": shape, "__module__": __name__})
