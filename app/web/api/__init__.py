"""The HTTP API: a view parses, calls one function of the service, and returns.

Each module has the calls of one subject, the models of what they are asked with, and `register`;
what several of them are asked with is in `queries`, what they answer in `answers`.

- `catalog`: every choice there is.
- `experiments`: the life of an experiment: created, branched, trained, rewound, changed, deleted.
- `reading`: what is stored of it: losses, parameters, data.
- `analysis`: what can be read off one of its states.
- `landscape`: surface, slice and curvature.
- `preview`: what a choice comes to, before there is an experiment.
"""

from typing import Any

from flask_openapi.blueprint import APIBlueprint

from app.config import Settings
from app.lab.service import ExperimentService
from app.web.api import analysis, catalog, experiments, landscape, preview, reading

PROBLEMS: dict[str | int, Any] = {
    status: {"description": text, "content": {"application/problem+json": {"schema": {
        "$ref": "#/components/schemas/Problem"}}}}
    for status, text in (
        ("400", "The body is not a JSON object"),
        ("404", "No such experiment"),
        ("409", "The experiment has moved on"),
        ("413", "The body is too large"),
        ("422", "Some fields cannot be used"),
        ("429", "Busy; see Retry-After"),
    )
}  # fmt: skip


def blueprint(service: ExperimentService, settings: Settings) -> APIBlueprint:
    """Every call of the API."""
    api = APIBlueprint("api", __name__, url_prefix="/api", abp_responses=PROBLEMS)
    catalog.register(api, service, settings)
    for subject in (experiments, reading, analysis, landscape, preview):
        subject.register(api, service)
    return api
