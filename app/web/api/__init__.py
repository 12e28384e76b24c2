"""The HTTP API: a view parses the request, calls one function of the service, and returns.

Each module has the calls of one subject: first the models of their queries and bodies, then
`register`. Models that several of them share are in `queries`; the types of the answers are those
of `lab`.

- `catalog`: every choice there is.
- `classes`: mysteries, and QR codes of links.
- `experiments`: create, branch, train, rewind, change and delete an experiment.
- `reading`: what is stored of it: losses, parameters, data.
- `analysis`: gradients, outputs, metrics and diagnostics of one of its states.
- `landscape`: surface, slice and curvature.
- `preview`: a table, recipe, formula or schedule, before an experiment is made of it.
- `studies`: an experiment repeated with many seeds.
- `lessons`: built-in lessons, the check of others, and what their cards measure.
"""

from typing import Any

from flask_openapi.blueprint import APIBlueprint

from app.config import Settings
from app.lab.service import ExperimentService
from app.lab.study.service import StudyService
from app.web.api import (
    analysis,
    catalog,
    classes,
    experiments,
    landscape,
    lessons,
    preview,
    reading,
    studies,
)
from app.web.problems import described

PROBLEMS: dict[str | int, Any] = {
    "400": described("The body is not a JSON object"),
    "403": described(
        "Sent by a page of another site, to an experiment that may only be looked at, or about"
        " a mystery that is not revealed yet"
    ),
    "404": described("No such experiment, study, lesson or mystery"),
    "409": described("The experiment has moved on"),
    "413": described("The body is too large"),
    "421": described("The server does not answer under this name"),
    "422": described("Some fields cannot be used"),
    "429": described("Busy; see Retry-After", retry_after=True),
    "503": described(
        "The store cannot answer or is full, or studies cannot be trained now", retry_after=True
    ),
    "507": described("The server keeps as much as it may"),
}
"""What any call may answer instead, whether it reads the store or not: a proxy says 503, too."""


def blueprint(
    service: ExperimentService, study_service: StudyService, settings: Settings
) -> APIBlueprint:
    """Every call of the API."""
    api = APIBlueprint("api", __name__, url_prefix="/api", abp_responses=PROBLEMS)
    catalog.register(api, service, settings)
    for subject in (experiments, reading, analysis, landscape, preview, classes):
        subject.register(api, service)
    studies.register(api, study_service)
    lessons.register(api, service, study_service)
    return api
