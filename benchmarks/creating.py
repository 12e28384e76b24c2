"""A new experiment on a large formula data set, beside one that validates and generates repeatedly.

Only the long formula carries a claim: of a short one, most of the time goes into all the rest.
"""

import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flask import request
from flask.testing import FlaskClient
from pydantic import Field

from app.config import Settings
from app.lab.analysis.summary import Summary
from app.lab.experiment.events import Events, NewExperiment
from app.lab.service import ExperimentService
from app.lab.spec.parse_data import read_data, sample
from app.lab.spec.schema import SpecModel
from app.lab.spec.validation import Model
from app.lab.study.service import open_studies
from app.store import open_store
from app.web.application import build
from benchmarks.claim import Claim, faster
from benchmarks.timing import interleaved

LONG = (
    "hypot(x1, x2, x3) * exp(-x4^2 / 9) + sin(x5 * x6) * atan2(x7, x8)"
    " < tanh(x1) * log(2 + x8^2) + cos(x2)^3"
)
FORMULAS = {"long, of 8 inputs, with noise": (LONG, 8, 0.1), "short": ("x1^2 + x2^2 < 9", 2, 0.0)}


class _Recording(Model):
    events: Events = Field(default=[])
    step: int = 0


class RepeatingService(ExperimentService):
    """Validates spec and events once more each, and parses and evaluates a formula twice more.

    That is how often it was done when every stage read the document for itself: pydantic for the
    API and again for the parser, the formula to see whether it has a number everywhere, to hold its
    values against the loss, and to build the experiment.
    """

    def create(self, new: NewExperiment) -> Summary:
        """A new experiment from a spec."""
        again = SpecModel.model_validate(request.get_json())
        _Recording.model_validate({})
        for _ in range(2):
            sample(read_data(again.data.model_dump()))
        return super().create(new)


def measure() -> Iterator[Claim]:
    """The claim that a spec is validated once and its data are generated once."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{Path(folder) / 'basin.db'}", lifetime=timedelta(days=1))
        with closing(store):
            settings = Settings(store="")
            now, before = (
                build(
                    service, open_studies(store, service.computing, settings), settings
                ).test_client()
                for service in (ExperimentService(store), RepeatingService(store))
            )
            for what, (formula, inputs, noise) in FORMULAS.items():
                spec = _spec(formula, inputs, noise)
                assert {**_create(now, spec), "id": None} == {**_create(before, spec), "id": None}
                seconds = interleaved(
                    {
                        "now": partial(_create, now, spec),
                        "before": partial(_create, before, spec),
                    }
                )
                yield faster(
                    f"POST of an experiment with 10,000 samples of a formula ({what})",
                    seconds["now"],
                    "spec validated twice, formula evaluated three times",
                    seconds["before"],
                    at_least=1.8 if noise else None,
                )


def _spec(formula: str, inputs: int, noise: float) -> dict[str, Any]:
    """One neuron on 10,000 samples of a formula."""
    data = {"name": "formula", "formula": formula, "inputs": inputs, "noise": noise}
    layers = [{"units": 1, "activation": "sigmoid"}]
    return {"data": {**data, "samples": 10_000}, "layers": layers, "runs": [{}]}


def _create(client: FlaskClient, spec: dict[str, Any]) -> Any:
    with client.post("/api/experiments", json=spec) as answer:
        assert answer.status_code == 201
        return answer.get_json()
