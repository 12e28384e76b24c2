"""The calls that preview a choice, before there is an experiment."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from flask import Response, jsonify
from flask_openapi.blueprint import APIBlueprint
from pydantic import (
    BaseModel,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    StrictBool,
    StringConstraints,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from app.choices import Range
from app.data.formula.grammar import MOST_CHARACTERS
from app.data.table.reading import MOST_COLUMNS
from app.lab.service import ExperimentService
from app.lab.spec import ranges
from app.lab.spec.schema import LAYERS, METHODS, OPENING_LAYERS, Layer, Recipe
from app.lab.spec.validation import Items, Model, Within

_LINE = Range("line", None, 1, 10**9, integer=True)
_LINES = Range("omit", None, 0, ranges.SAMPLES.maximum, integer=True)
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
Delimiter = Literal["\t", ";", "|", ",", " "]


class TableText(Model):
    """A table as text, and what is known of it; the rest is found out.

    `target` and `inputs` are names of columns, or their places from 0; `omit` are the lines of rows
    to be left out.
    """

    text: Text
    delimiter: Delimiter | None = None
    header: StrictBool | None = None
    decimal: Literal[".", ","] | None = None
    target: Annotated[Any, NameOrPlace()] = None
    inputs: Annotated[list[Annotated[Any, NameOrPlace()]], Items(_COLUMNS)] | None = None
    task: Literal["classification", "regression"] | None = None
    omit: Annotated[list[Annotated[int, Within(_LINE)]], Items(_LINES)] = Field(default=[])


class RecipePreview(Model):
    """A recipe, and the network it is for: that of a spec, or of `inputs` and `layers`."""

    recipe: Recipe = Recipe()
    spec: dict[str, Any] | None = Field(default=None, description="as for POST /api/experiments")
    inputs: Annotated[int, Within(ranges.INPUTS)] = 2
    layers: Annotated[list[Layer], Items(LAYERS)] = Field(
        default=OPENING_LAYERS, validate_default=True
    )
    seed: Annotated[int, Within(ranges.SEED)] | None = None


class Drawn(BaseModel):
    """What a rule draws: a histogram, and its theory where there is one."""

    rule: str
    count: int
    mean: float
    std: float
    theory_std: float | None = Field(description="null where the numbers are not random")
    edges: list[float]
    counts: list[int]
    density: list[float] | None = Field(description="in theory, in the middle of every bin")
    values: list[float] = Field(description="the very numbers of this seed, up to 256 of them")


class LayerDrawn(BaseModel):
    """The weights and biases of a layer."""

    layer: int
    shape: list[int]
    weights: Drawn
    biases: Drawn


class RecipeDrawn(BaseModel):
    """What a recipe draws, layer by layer, in so many networks of successive seeds."""

    seed: int
    networks: int
    layers: list[LayerDrawn]


class ColumnFound(BaseModel):
    """One column, and whether and why it is learned from."""

    name: str
    kind: Literal["numeric", "text"]
    distinct: int
    missing: int
    use: Literal["input", "target", "unused"]
    reason: str | None


class TableProblem(BaseModel):
    """Why the table cannot be used as it is; without a line it concerns the whole table."""

    line: int | None
    column: str | None
    code: str
    text: str


class TableFound(BaseModel):
    """What was found in a table, for confirmation; `data` goes into a spec once there is none."""

    delimiter: str
    decimal: Literal[".", ","]
    header: bool
    columns: list[ColumnFound]
    target: str
    inputs: list[str]
    task: Literal["classification", "regression"]
    classes: list[str] | None
    rows: int
    preview: list[list[str]]
    preview_lines: list[int]
    problems: list[TableProblem]
    problem_count: int
    problem_lines: list[int]
    data: dict[str, Any] | None


class FormulaText(Model):
    """A formula of the inputs x1 … xn."""

    formula: Annotated[str, StringConstraints(max_length=MOST_CHARACTERS)]
    inputs: Annotated[int, Within(ranges.INPUTS)] = 2


class FormulaFound(BaseModel):
    """What a formula is, and points of it: where to draw them, and their targets."""

    task: Literal["classification", "regression"]
    classes: int
    inputs: int
    x: list[float]
    y: list[float]
    target: list[float]


class ScheduleChosen(Model):
    """A schedule, as a spec names it."""

    schedule: Annotated[Model, METHODS["schedule"]]


class ScheduleCourse(BaseModel):
    """What the learning rate is multiplied by at each of the steps."""

    steps: list[int]
    factor: list[float]


def register(api: APIBlueprint, service: ExperimentService) -> None:
    """Adds these calls to the API."""

    @api.post("/tables", summary="What a table holds", responses={200: TableFound})
    def table(body: TableText) -> Response:
        return jsonify(service.preview_table(body.model_dump()))

    @api.post("/recipes/preview", summary="What a recipe draws", responses={200: RecipeDrawn})
    def recipe(body: RecipePreview) -> Response:
        return jsonify(service.preview_recipe(body.model_dump(mode="json")))

    @api.post("/formulas", summary="What a formula is", responses={200: FormulaFound})
    def formula(body: FormulaText) -> Response:
        return jsonify(service.preview_formula(body.formula, body.inputs))

    @api.post("/schedules/preview", summary="How a schedule goes", responses={200: ScheduleCourse})
    def schedule(body: ScheduleChosen) -> Response:
        return jsonify(service.preview_schedule(body.schedule.model_dump()))
