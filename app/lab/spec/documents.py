"""JSON documents inside answers, typed by the models that read the same documents in requests.

An answer holds plain dictionaries. Where one of them is a spec, or a part of one, its shape is
already written: it is that of the request model, which the OpenAPI document then refers to.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema

from app.lab.spec.schema import METHODS, CustomData, Recipe, SpecModel
from app.lab.spec.validation import Model


@dataclass(frozen=True)
class DocumentOf:
    """`Annotated[dict[str, Any], DocumentOf(Model)]`: JSON that the model would accept."""

    model: Any

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return handler.generate_schema(self.model)

    def __hash__(self) -> int:
        return id(self.model)


Document = dict[str, Any]
SpecDocument = Annotated[Document, DocumentOf(SpecModel)]
RecipeDocument = Annotated[Document, DocumentOf(Recipe)]
CustomDataDocument = Annotated[Document, DocumentOf(CustomData)]
OptimizerDocument = Annotated[Document, DocumentOf(Annotated[Model, METHODS["optimizer"]])]
ScheduleDocument = Annotated[Document, DocumentOf(Annotated[Model, METHODS["schedule"]])]
ClippingDocument = Annotated[Document, DocumentOf(Annotated[Model, METHODS["clipping"]])]
RegularizerDocument = Annotated[Document, DocumentOf(Annotated[Model, METHODS["regularizer"]])]
