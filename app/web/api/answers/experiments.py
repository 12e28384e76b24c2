"""What the API answers, as models for its documentation."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Number = float | None
Plane = Literal["parameters", "random", "pca", "between"]
Status = Literal["training", "converged", "stuck", "diverged"]


class FieldProblem(BaseModel):
    """One bad field."""

    pointer: str = Field(description="JSON pointer into the body, or /name of a query parameter")
    code: str
    detail: str
    allowed: dict[str, Any]
    received: Any = None


class Problem(BaseModel):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]


class RunStatus(BaseModel):
    """What a run is doing."""

    status: Status
    diverged_at: int | None


class RunSummary(RunStatus):
    """A run and how it learns now; `rate` is the learning rate of its next update."""

    label: str | None
    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    clipping: dict[str, Any]
    regularizer: dict[str, Any]
    rate: float


class LayerShapes(BaseModel):
    """The shapes of a layer's W and b."""

    layer: int
    W: list[int]
    b: list[int]


class Catalog(BaseModel):
    """Every choice: its name, label, formula, and the range of each number it takes."""

    activations: list[dict[str, Any]]
    losses: list[dict[str, Any]]
    weight_rules: list[dict[str, Any]]
    bias_rules: list[dict[str, Any]]
    optimizers: list[dict[str, Any]]
    schedules: list[dict[str, Any]]
    clippings: list[dict[str, Any]]
    regularizers: list[dict[str, Any]]
    data: list[dict[str, Any]]
    features: list[dict[str, Any]]
    feature_kinds: list[dict[str, Any]]
    recipes: list[dict[str, Any]]
    presets: list[dict[str, Any]]
    fields: dict[str, dict[str, Any]]
    limits: dict[str, int]


class Where(BaseModel):
    """Which experiment, and where it is."""

    model_config = ConfigDict(extra="allow")

    id: str
    version: int
    step: int
    epoch: int


class PresentLoss(BaseModel):
    """J of every run, and what its regularizer adds; null where there is none."""

    train: list[Number]
    test: list[Number]
    penalty: list[Number]


class Summary(Where):
    """An experiment: its complete spec and where it is."""

    spec: dict[str, Any]
    batches_per_epoch: int
    shapes: list[LayerShapes]
    parameter_names: list[str]
    runs: list[RunSummary]
    loss: PresentLoss
    events: list[dict[str, Any]]


class LossHistory(BaseModel):
    """J of every run (rows) at the steps (columns), and what its regularizer adds."""

    steps: list[int]
    train: list[list[Number]]
    test: list[list[Number]]
    penalty: list[list[Number]]


class Score(BaseModel):
    """A run's accuracy, or R² of a regression, at the last step; null where there is none."""

    train: Number
    test: Number


class Measured(BaseModel):
    """Of classes, accuracy and confusion matrix (rows are the truth); of numbers, R²."""

    accuracy: float | None = None
    confusion: list[list[int]] | None = None
    r2: Number = None


class Metrics(BaseModel):
    """How good a run is; `classes` is empty for a regression."""

    run: int
    step: int
    task: Literal["classification", "regression"]
    classes: list[str]
    train: Measured | None
    test: Measured | None


class Frames(Where):
    """A block of training: losses at its frames, and what the views asked for."""

    runs: list[RunStatus]
    steps: list[int]
    train: list[list[Number]]
    test: list[list[Number]]
    penalty: list[list[Number]]
    path: dict[str, list[list[Number]]] | None = None
    outputs: dict[str, Any] | None = None
    inside: dict[str, Any] | None = None
    signals: dict[str, Any] | None = None
    metrics: list[Score] | None = None


class Parameters(BaseModel):
    """W (layers of n_out × n_in) and b (layers of n_out) of a run."""

    run: int
    step: int
    version: int
    W: list[list[list[Number]]]
    b: list[list[Number]]


class NumericGradients(BaseModel):
    """The same by central differences."""

    W: list[list[list[Number]]]
    b: list[list[Number]]


class Gradients(NumericGradients):
    """dJ/dW and dJ/db on the full training set."""

    run: int
    step: int
    loss: Number
    numeric: NumericGradients
    max_difference: Number


class TypedArray(BaseModel):
    """An array as plotly.js takes it: little-endian float32 in base64."""

    dtype: Literal["f4"]
    bdata: str
    shape: str


class PathOfRun(BaseModel):
    """Where a run has been, at its true loss z.

    `base` is J at the nearest point of the plane, which is `off` away. From step `began` on the
    path is one piece: there the run was last set by hand.
    """

    run: int
    began: int
    steps: list[int]
    x: list[Number]
    y: list[Number]
    z: list[Number]
    base: list[Number]
    off: list[Number]


class Surface(BaseModel):
    """J on a grid of a plane; rows of z follow y.

    The axes are parameters by name; for a random plane `d1` and `d2`; for the paths' principal
    plane `PC1` and `PC2`, whose shares of the variance are `explained`; and between two runs
    `to_other` (0: the run, 1: the other one) and, across it, `to_start`.
    """

    run: int
    step: int
    plane: Plane
    loss: str
    axes: dict[str, str]
    explained: list[float] | None = None
    x: list[float]
    y: list[float]
    z: TypedArray
    path: list[PathOfRun]


class Segment(BaseModel):
    """Two ends."""

    x: list[Number]
    z: list[Number]


class Landing(BaseModel):
    """Where a step lands: the parameter, J there if no other moved, and J if all have."""

    x: Number
    z: Number
    loss: Number


class Slice(BaseModel):
    """J against one parameter, its slope at the present value, and where the next step lands.

    `plain` is the step of gradient descent on the whole training set, `taken` that of the run's own
    optimizer on its own batch; null when the run has diverged.
    """

    run: int
    step: int
    parameter: str
    loss: str
    x: list[float]
    z: list[Number]
    value: Number
    height: Number
    slope: Number
    tangent: Segment
    learning_rate: float
    optimizer: str
    plain: Landing
    taken: Landing | None


class Curvature(BaseModel):
    """How J bends at a run: the Hessian with respect to a plane's coordinates, at (x, y), and its
    eigenvalues; and the ends of the whole Hessian's spectrum, `largest` known to within `error`.

    Gradient descent with a learning rate above `bound` = 2/λ leaves a minimum of this curvature.
    """

    run: int
    step: int
    plane: Plane
    loss: str
    x: float
    y: float
    hessian: list[list[Number]]
    eigenvalues: list[Number]
    largest: float
    smallest: float
    error: float
    products: int
    bound: float | None
    learning_rate: float
    optimizer: str


class Outputs(BaseModel):
    """A network's output, and each neuron's, over the input plane; one input has no y."""

    run: int
    step: int
    inputs: list[str]
    x: list[float]
    y: list[float] | None = None
    output: TypedArray
    neurons: list[list[TypedArray]] | None = None


class Points(BaseModel):
    """Samples in rows, and their targets."""

    x: list[list[float]]
    y: list[Any]


class Data(BaseModel):
    """The points of an experiment's data set."""

    inputs: list[str]
    target: str
    target_scale: dict[str, list[float]] | None = Field(
        description="center + scale · y is a target in the units that were brought"
    )
    classes: list[str] | None
    task: str
    extent: list[list[float]]
    train: Points
    test: Points
