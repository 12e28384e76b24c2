"""What an operator may set, from PLAYGROUND_* environment variables; the defaults work."""

import hashlib
import os
import re
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

from app.errors import BadSetting

PREFIX = "PLAYGROUND_"
LIMITS = ("hidden_layers", "units", "inputs", "samples", "runs")
"""What PLAYGROUND_MAX_* can limit."""


@dataclass(frozen=True)
class Settings:
    """The settings of one server.

    `store` names where experiments are kept, `expire_days` how long an unused one stays,
    `body_bytes` the largest request, and `queue_timeout_seconds` how long a request waits in the
    compute queue before it is refused. `limits` holds the most of `LIMITS` that a spec may
    have, where that is to be less than Basin can do. `studies` says where studies are trained:
    `processes`, as many as `study_processes` (None: as there are cores), or `dask://host:port`.
    `public_url` is where visitors find the page, for the links that they send each other; None
    where the page's own address will do.
    """

    store: str
    expire_days: float = 30.0
    body_bytes: int = 8 * 1024 * 1024
    queue_timeout_seconds: float = 20.0
    limits: Mapping[str, int] = field(default_factory=dict)
    studies: str = "processes"
    study_processes: int | None = None
    public_url: str | None = None

    @property
    def runner_lock(self) -> Path:
        """The file whose lock says which process runs studies: beside the store where that is one.

        Else in the folder for temporary files, by the store's name.
        """
        scheme, _, path = self.store.partition(":///")
        if scheme == "sqlite" and path:
            return Path(f"{path}-studies.lock").absolute()
        name = hashlib.sha256(self.store.encode()).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"basin-{name}-studies.lock"

    @property
    def lifetime(self) -> timedelta:
        """How long an unused experiment stays."""
        return timedelta(days=self.expire_days)

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """The settings that PLAYGROUND_* variables ask for; BadSetting names one that cannot be."""
        given = os.environ if environ is None else environ
        return cls(
            store=given.get(f"{PREFIX}STORE") or f"sqlite:///{data_folder(given) / 'basin.db'}",
            expire_days=_positive(given, "EXPIRE_DAYS", cls.expire_days),
            body_bytes=int(_positive(given, "BODY_BYTES", cls.body_bytes)),
            queue_timeout_seconds=_positive(given, "PATIENCE_SECONDS", cls.queue_timeout_seconds),
            limits={
                name: _whole(given, f"MAX_{name.upper()}")
                for name in LIMITS
                if given.get(f"{PREFIX}MAX_{name.upper()}")
            },
            studies=given.get(f"{PREFIX}STUDIES") or cls.studies,
            study_processes=_whole(given, "STUDY_PROCESSES")
            if given.get(f"{PREFIX}STUDY_PROCESSES")
            else None,
            public_url=_address(given, "PUBLIC_URL"),
        )


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where this system keeps a user's data."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Basin"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Basin"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "basin"


def _positive(environ: Mapping[str, str], name: str, default: float) -> float:
    text = environ.get(PREFIX + name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 < value < float("inf"):
        raise BadSetting(f"{PREFIX}{name} must be a positive number, not {text!r}")
    return value


def _whole(environ: Mapping[str, str], name: str) -> int:
    value = _positive(environ, name, 1.0)
    if value != int(value):
        raise BadSetting(f"{PREFIX}{name} must be a whole number, not {environ[PREFIX + name]!r}")
    return int(value)


def _address(environ: Mapping[str, str], name: str) -> str | None:
    """An address of the web that ends with its last folder, or None where none is set."""
    text = environ.get(PREFIX + name, "").strip()
    if not text:
        return None
    try:
        url = urlsplit(text)
        fits = url.scheme in ("http", "https") and url.hostname and url.port != 0
    except ValueError:
        fits = False
    if not fits or url.username or url.query or url.fragment or re.search(r"[\s\\<>\"]", text):
        raise BadSetting(
            f"{PREFIX}{name} must be an address like https://basin.example.org/, not {text!r}"
        )
    return urlunsplit((url.scheme, url.netloc, url.path.rstrip("/") + "/", "", ""))
