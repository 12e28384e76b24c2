"""The calls that preview a choice, before an experiment is made of it."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.choices import Range
from app.data.datasets import TRAIN_FRACTION
from app.data.table.cells import DecimalMark, Grouping
from app.data.table.dates import DateOrder, LastYear
from app.data.table.reading import MOST_COLUMNS, Take
from app.lab.preview.formula import FormulaPreview
from app.lab.preview.recipe import RecipePreview
from app.lab.preview.schedule import SchedulePreview
from app.lab.preview.table import TablePreview
from app.lab.preview.table_column import Encoding
from app.lab.preview.table_inputs import Missing, Reduce
from app.lab.preview.table_use import SEED, TABLE_FRACTION, TableTask
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.schema import (
    LAYERS,
    METHODS,
    OPENING_LAYERS,
    FormulaText,
    Layer,
    Recipe,
)
from app.lab.spec.validation import Items, Model, Within
from app.web.schemas import documented

_LINE = Range("line", None, 1, 10**9, integer=True)
_LINES = Range("omit", None, 0, ranges.SAMPLES.maximum, integer=True)
_JOINED = Range("joined", None, 0, MOST_COLUMNS, integer=True)
_PLACE = Range("place", None, 0, MOST_COLUMNS, integer=True)
_COLUMNS = Range("inputs", None, 1, MOST_COLUMNS, integer=True)


@dataclass(frozen=True)
class NameOrPlace:
    """`Annotated[Any, NameOrPlace()]`: a column by its name, or by its place from 0."""

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {"anyOf": [{"type": "string"}, {"type": "integer", "minimum": 0}]}

    def check(self, value: Any) -> str | int:
        """The name or place, or the finding that it is neither."""
        if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        allowed = {"type": "string"}
        raise PydanticCustomError("wrong_type", "must be a name or a place", {"allowed": allowed})


# The length of a body is bounded by the server; a bound here makes sure that it is Unicode.
Text = Annotated[str, StringConstraints(max_length=2**31)]
Delimiter = Literal["\t", ";", "|", ",", " ", "；", "，", "~", "^"]


class TableText(Model):
    """A table as text, and how to read it; what is left out is found in the text."""

    text: Text
    delimiter: Delimiter | None = None
    header: Annotated[StrictBool | None, Field(description="whether the first row has names")] = (
        None
    )
    decimal: Annotated[DecimalMark | None, Field(description="the decimal mark")] = None
    grouping: Annotated[
        Grouping | None,
        Field(description="what stands between groups of digits, as in 1,234; nothing for none"),
    ] = None
    dates: Annotated[
        DateOrder | None,
        Field(
            description="whether day, month or year comes first in 03/04/26, where no cell tells"
        ),
    ] = None
    years: Annotated[
        LastYear | None,
        Field(description="the last of the hundred years that two digits of a date stand for"),
    ] = None
    codes: Annotated[
        StrictBool | None,
        Field(description="whether whole numbers with zeros before them, as 01234, are names"),
    ] = None
    below: Annotated[
        StrictBool | None,
        Field(description="whether rows behind two blank lines belong to the table"),
    ] = None
    totals: Annotated[
        StrictBool | None,
        Field(description="whether rows that seem to hold totals are left out"),
    ] = None
    joined: Annotated[
        Annotated[list[Annotated[int, Within(_PLACE)]], Items(_JOINED)] | None,
        Field(
            description="the places, from 0, of cells that are one number with the cell behind "
            "them, where the delimiter cuts it in two; none where rows begin with their names"
        ),
    ] = None
    target: Annotated[
        Any,
        NameOrPlace(),
        Field(description="a column by its name, or its place from 0; left out, the last one"),
    ] = None
    inputs: Annotated[
        Annotated[list[Annotated[Any, NameOrPlace()]], Items(_COLUMNS)] | None,
        Field(description="columns by name, or place from 0; left out, all that can be used"),
    ] = None
    task: TableTask | None = None
    omit: Annotated[
        list[Annotated[int, Within(_LINE)]],
        Items(_LINES),
        Field(description="the lines of rows to be left out, above the header too"),
    ] = Field(default=[])
    encodings: Annotated[
        dict[str, Encoding],
        Items(_PLACE, named=True),
        Field(description="columns that are to be inputs, by name, and what they become"),
    ] = Field(default={})
    missing: Annotated[
        Missing | None,
        Field(
            description="what to do where an input is missing: fill in the mean or the median of "
            "the training rows, or leave the row out; left out, each is a problem"
        ),
    ] = None
    reduce: Annotated[
        Reduce | None,
        Field(
            description="what the columns of numbers become together: the first principal "
            "components of these columns, standardised, by the training rows"
        ),
    ] = None
    take: Annotated[
        Take | None,
        Field(description="which rows to take of too many: the first, or some at random"),
    ] = None
    seed: Annotated[
        int, Within(ranges.SEED), Field(description="of the rows that are taken at random")
    ] = SEED
    train_fraction: Annotated[float, Within(TRAIN_FRACTION)] = TABLE_FRACTION


class RecipeOfNetwork(Model):
    """A recipe, and the network it is for: that of a spec, or of `inputs` and `layers`."""

    recipe: Recipe = Recipe()
    spec: dict[str, Any] | None = Field(default=None, description="as for POST /api/experiments")
    inputs: Annotated[int, Within(ranges.INPUTS)] = 2
    layers: Annotated[list[Layer], Items(LAYERS)] = Field(
        default=OPENING_LAYERS, validate_default=True
    )
    seed: Annotated[int, Within(ranges.SEED)] | None = None


class TypedFormula(Model):
    """A formula of the inputs x1 … xn."""

    formula: FormulaText
    inputs: Annotated[int, Within(ranges.INPUTS)] = 2


class ChosenSchedule(Model):
    """A schedule, as a spec names it."""

    schedule: Annotated[Model, METHODS["schedule"]]


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Add the calls of this module to the API."""

    @api.post("/tables", summary="Preview a table", responses={200: documented(TablePreview)})
    def table(body: TableText) -> Response:
        return jsonify(service.preview_table(body.model_dump()))

    @api.post(
        "/recipes/preview",
        summary="Preview the parameters that a recipe draws",
        responses={200: documented(RecipePreview)},
    )
    def recipe(body: RecipeOfNetwork) -> Response:
        # The spec is any JSON until it is read: half a letter in it could not be written.
        asked = body.model_dump(mode="json", exclude={"spec"})
        return jsonify(service.preview_recipe({**asked, "spec": body.spec}))

    @api.post("/formulas", summary="Preview a formula", responses={200: documented(FormulaPreview)})
    def formula(body: TypedFormula) -> Response:
        return jsonify(service.preview_formula(body.formula, body.inputs))

    @api.post(
        "/schedules/preview",
        summary="Preview a schedule of the learning rate",
        responses={200: documented(SchedulePreview)},
    )
    def schedule(body: ChosenSchedule) -> Response:
        return jsonify(service.preview_schedule(body.schedule.model_dump()))
