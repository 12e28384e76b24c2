"""The plan of a study: a spec, its seeds, and a grid of settings; which experiment each run is.

Every run of a study is a run of an experiment that anybody can create: `StudyPlan.experiment` gives
the document of its spec. A study adds nothing of its own to what is trained.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from app.data import datasets
from app.lab.spec.recipes import name_of
from app.lab.spec.schema import SpecModel
from app.lab.study.grid import AXES, Document, with_values
from app.lab.study.recorded_steps import recorded_steps
from app.nn.stack import Architecture, Layer

Vary = Literal["init", "all"]
"""What a seed decides.

- `init`: the initial draws of every run; data, batches and dropout stay those of the spec.
- `all`: the initial draws of all runs without a seed of their own, batches, dropout and the data.
"""


@dataclass(frozen=True)
class StudyPlan:
    """What a study trains: cells × recipes × seeds, each for as many steps.

    `document` is the complete spec, `axes` are the values of each grid setting; a cell is one
    combination of them, the last axis fastest. `target` is None where none was named.
    """

    document: Document
    first: int
    count: int
    vary: Vary
    steps: int
    target: float | None
    axes: Mapping[str, tuple[float, ...]]

    @cached_property
    def cells(self) -> tuple[dict[str, float], ...]:
        """The value of every axis in each cell; one cell without any where there is no grid."""
        return tuple(
            dict(zip(self.axes, each, strict=True)) for each in product(*self.axes.values())
        )

    @property
    def recipes(self) -> int:
        """The number of runs of the spec."""
        return len(self.document["runs"])

    @property
    def labels(self) -> list[str | None]:
        """The label of every run, else the name of its recipe, None where it has neither."""
        return [run["label"] or name_of(run.get("recipe")) for run in self.document["runs"]]

    @property
    def runs(self) -> int:
        """The number of networks to train."""
        return len(self.cells) * self.recipes * self.count

    @cached_property
    def recorded(self) -> NDArray[np.int64]:
        """The steps (T,) at which losses are recorded."""
        return recorded_steps(self.steps)

    @cached_property
    def every_step(self) -> bool:
        """Whether the target is looked for at every step, in all cells, or at recorded ones.

        A step that sees all samples and all neurons gives J along with its gradient.
        """
        whole = all(self.size(cell).whole for cell in range(len(self.cells)))
        return whole and not any(layer["dropout"] for layer in self.document["layers"])

    def cell_document(self, cell: int) -> Document:
        """The spec of a cell, with the seeds of the study's spec."""
        return with_values(self.document, self.cells[cell])

    def experiment(self, cell: int, offset: int) -> Document:
        """The spec of the experiment whose runs are those of one seed of a cell."""
        document = self.cell_document(cell)
        seed = self.first + offset
        if self.vary == "all":
            document["seed"] = seed
            document["data"]["seed"] += offset
        else:
            document["runs"] = [{**run, "seed": seed} for run in document["runs"]]
        return document

    @property
    def architecture(self) -> Architecture:
        """The network of the spec itself."""
        return self._architecture(self.document["layers"])

    def _architecture(self, layers: Sequence[Document]) -> Architecture:
        inputs = len(self.document["features"])
        return Architecture(inputs, tuple(Layer(**layer) for layer in layers))

    def size(self, cell: int) -> "CellSize":
        """How large the networks of a cell and its data are."""
        data, layers = self.document["data"], self.document["layers"]
        values = self.cells[cell]
        if "units" in values or "depth" in values:
            layers = with_values({**self.document, "data": {}, "runs": []}, values)["layers"]
        architecture = self._architecture(layers)
        samples = values.get("samples", data.get("samples") or len(data.get("inputs", ())))
        train = datasets.split_point(int(samples), data["train_fraction"])
        batch = self.document["batch_size"] or train
        return CellSize(architecture, train, min(batch, train))

    @property
    def work(self) -> float:
        """The time of all runs, in multiplications of large matrices."""
        each = sum(self.run_work(self.size(cell)) for cell in range(len(self.cells)))
        return float(each) * self.recipes * self.count

    def run_work(self, size: "CellSize") -> int:
        """The time of one run: its steps, and the losses that are recorded of all samples."""
        return self.steps * size.step_work + len(self.recorded) * size.losses_work

    def dumps(self) -> str:
        """The plan as JSON, for the store."""
        plain = {name: getattr(self, name) for name in _STORED}
        return json.dumps({**plain, "axes": dict(self.axes)}, allow_nan=False)

    @staticmethod
    def loads(text: str) -> "StudyPlan":
        """The plan that `dumps` wrote. Of another text it raises one of `repair.DAMAGE`."""
        plain = json.loads(text)
        axes = {name: tuple(values) for name, values in plain["axes"].items()}
        plan = StudyPlan(**{**plain, "axes": axes})
        SpecModel.model_validate(plan.cell_document(0))
        return plan


_STORED = ("document", "first", "count", "vary", "steps", "target")


UPDATE_WORK = 50
"""The time of an update of one parameter, by an adaptive optimizer, in multiplications.

Fewer than in the setup of an experiment: a multiplication is taken to be dearer here (blocks.py).
"""
ACTIVATIONS_CHEAPER = 4
"""For the same reason."""


@dataclass(frozen=True)
class CellSize:
    """A network, the number of its training samples, and the most that one step looks at."""

    architecture: Architecture
    train: int
    batch: int

    @property
    def whole(self) -> bool:
        """Whether every step looks at all training samples."""
        return self.batch == self.train

    @property
    def step_work(self) -> int:
        """The time of one step, in multiplications."""
        cost = self.architecture.cost(self.batch, ACTIVATIONS_CHEAPER)
        return cost + UPDATE_WORK * self.architecture.parameter_count

    @property
    def losses_work(self) -> int:
        """The time of the losses at a recorded step; those of whole batches are there already."""
        return 0 if self.whole else self.architecture.cost(self.train, ACTIVATIONS_CHEAPER)


def axes_of(given: Mapping[str, Sequence[float] | None]) -> dict[str, tuple[float, ...]]:
    """The axes that a request has values for, in the order of the registry."""
    return {name: tuple(values) for name in AXES if (values := given.get(name)) is not None}
