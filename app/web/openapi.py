"""The OpenAPI document as a file: `python -m app.web.openapi > openapi.json`."""

import json
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from app.config import Settings
from app.lab.service import ExperimentService
from app.lab.study.service import open_studies
from app.store import open_store
from app.web.application import build


def document() -> dict[str, Any]:
    """The OpenAPI document, which no setting changes but the one that adds /metrics."""
    with TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'empty.db'}"
        with closing(open_store(url, lifetime=timedelta(days=1))) as store:
            settings = Settings(store=url)
            service = ExperimentService(store)
            studies = open_studies(store, service.computing, settings)
            found: dict[str, Any] = build(service, studies, settings).api_doc
            return found


def main() -> None:
    """Write the document to standard output."""
    json.dump(document(), sys.stdout, indent=2, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
