"""Figures of the server in the text form of Prometheus, at /metrics, where a setting asks for it.

The `prometheus-client` package is optional (requirements-metrics.txt). Of several gunicorn workers
each counts for itself; with `PROMETHEUS_MULTIPROC_DIR`, an empty folder of theirs, the one that
is asked adds up all of them. Routes are named by their pattern: no id, no address, nothing that a
visitor wrote is in a figure.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any, Literal

from flask import Response, g
from flask_openapi.openapi import OpenAPI

from app.errors import BadSetting
from app.lab.service import ExperimentService
from app.store.base import Store
from app.web.problems import described
from app.web.routes import method_of, route_of

SHARED = "PROMETHEUS_MULTIPROC_DIR"
"""The variable of the package that names the folder in which processes share their figures."""
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 5.0, 20.0)
"""The upper bounds of the histogram of latencies."""
ANSWERS: dict[str | int | HTTPStatus, Any] = {
    200: {"description": "OK", "content": {"text/plain": {"schema": {"type": "string"}}}},
    421: described("The server does not answer under this name"),
    422: described("Some fields cannot be used"),  # else flask-openapi writes one of its own
    503: described("The store cannot answer", retry_after=True),
}
"""What /metrics answers, in the OpenAPI document."""


@contextmanager
def _sharing() -> Iterator[bool]:
    """Whether processes share their figures; within it files are made for that.

    Raises BadSetting where they cannot be made.
    """
    folder = os.environ.get(SHARED)
    try:
        if folder == "":  # the package would use the working folder, and later say that it is none
            raise FileNotFoundError("it is empty")
        yield folder is not None
    except OSError as error:
        why = error.strerror or error
        raise BadSetting(f"{SHARED} must be a folder to write in, not {folder!r}: {why}") from None


def register(application: OpenAPI, service: ExperimentService, store: Store) -> None:
    """Count requests, and show the figures.

    Raises BadSetting where the package is missing, or the folder to share figures cannot be used.
    """
    try:
        import prometheus_client as prometheus
        from prometheus_client import multiprocess
    except ImportError:
        raise BadSetting(
            "PLAYGROUND_METRICS needs a package: pip install -r requirements-metrics.txt"
        ) from None

    registry = prometheus.CollectorRegistry()
    with _sharing() as shared:
        requests = prometheus.Counter(
            "basin_requests",
            "Requests by route and status",
            ["method", "route", "status"],
            registry=registry,
        )
        seconds = prometheus.Histogram(
            "basin_request_seconds",
            "Seconds from a request to its answer",
            ["route"],
            buckets=SECONDS,
            registry=registry,
        )

        def gauge(name: str, text: str, mode: Literal["livesum", "livemax"]) -> "prometheus.Gauge":
            return prometheus.Gauge(name, text, multiprocess_mode=mode, registry=registry)

        waiting = gauge("basin_compute_waiting", "Requests that wait to compute", "livesum")
        pace = gauge("basin_pace", "How much slower than usual clients are asked to ask", "livemax")
        failures = gauge("basin_store_errors", "Times that the store could not answer", "livesum")
        experiments = gauge("basin_experiments", "Experiments that are kept", "livemax")
        kept = gauge("basin_store_bytes", "Bytes that the store takes", "livemax")

    def look() -> None:
        waiting.set(service.computing.waiting)
        pace.set(service.pace)
        failures.set(store.failures)

    @application.before_request
    def begin() -> None:
        g.began = time.perf_counter()

    @application.after_request
    def count(response: Response) -> Response:
        route = route_of()
        requests.labels(method_of(), route, str(response.status_code)).inc()
        began = g.pop("began", None)
        if began is not None:
            seconds.labels(route).observe(time.perf_counter() - began)
        look()
        return response

    @application.get("/metrics", summary="Read the figures of the server", responses=ANSWERS)
    def metrics() -> Response:
        found = store.usage()
        if found is not None:
            experiments.set(found.experiments)
            kept.set(found.bytes)
        look()
        shown = registry
        if shared:
            shown = prometheus.CollectorRegistry()
            multiprocess.MultiProcessCollector(shown)  # type: ignore[no-untyped-call]
        return Response(
            prometheus.generate_latest(shown), content_type=prometheus.CONTENT_TYPE_LATEST
        )
