"""Basin: a playground where people see how a network's parameters begin and how they are trained.

Nothing outside the standard library is imported here: `python -m app` passes through this file
before its environment stands.
"""

import sys
from typing import TYPE_CHECKING

from app.version import VERSION

if TYPE_CHECKING:
    from flask import Flask

    from app.config import Settings

__version__ = VERSION


def create_app(settings: "Settings | None" = None) -> "Flask":
    """The playground as a WSGI application.

    Without settings they come from the environment. Raises BadSetting when they cannot be used; in
    a worker of gunicorn, AppImportError, with which it ends and says that sentence alone.
    """
    from app.errors import BasinError

    try:
        return _application(settings)
    except BasinError as error:
        gunicorn = sys.modules.get("gunicorn.errors")
        if gunicorn is None:
            raise
        raise gunicorn.AppImportError(f"Basin cannot start: {error}") from None


def _application(settings: "Settings | None") -> "Flask":
    """The parts list."""
    from app.config import Settings
    from app.lab.compute_queue import ADDRESS
    from app.lab.service import ExperimentService
    from app.lab.spec.limits import limits
    from app.lab.study.service import open_studies
    from app.memory import keep_one_arena
    from app.store import open_store
    from app.store.metered import MeteredStore
    from app.web.application import build

    keep_one_arena()
    settings = settings or Settings.from_environment()
    most = limits(settings.limits)
    kept = open_store(
        settings.store, lifetime=settings.lifetime, most_bytes=settings.experiment_bytes
    )
    store = MeteredStore(kept, settings.quotas, ADDRESS.get)
    experiments = ExperimentService(store, settings.queue_timeout_seconds, most)
    studies = open_studies(store, experiments.computing, settings, most)
    studies.resume()
    return build(experiments, studies, settings)
