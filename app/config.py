"""What an operator may set, from PLAYGROUND_* environment variables; the defaults work."""

import difflib
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
VARIABLES = tuple(
    PREFIX + name
    for name in (
        *("METRICS", "REQUEST_LOG"),
        *("QUOTA_EXPERIMENTS", "QUOTA_BYTES", "CLIENT_EXPERIMENTS", "CLIENT_BYTES"),
        *("STORE", "EXPIRE_DAYS", "BODY_BYTES", "PATIENCE_SECONDS", "STUDIES", "STUDY_PROCESSES"),
        *("PUBLIC_URL", "HOSTS", "FRAME_ANCESTORS", "EXPERIMENT_BYTES", "PROXIES"),
        *("THIS_PYTHON", "BROWSER"),
        *(f"MAX_{name.upper()}" for name in LIMITS),
    )
)
"""Every variable that means something; another one with the prefix is a mistake."""
OWN_FOLDERS = ("/api", "/assets", "/openapi")
MOST_PROXIES = 8
_HOST = re.compile(r"(\*\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_ANCESTOR = re.compile(r"'self'|'none'|https?://(\*\.)?[A-Za-z0-9_.-]+(:(\d+|\*))?")


@dataclass(frozen=True)
class Quotas:
    """How much may be kept; None where there is no limit.

    `experiments` and `bytes` of the store in all; `client_experiments` and `client_bytes` that one
    address may make and store in an hour, in each process.
    """

    experiments: int | None = None
    bytes: int | None = None
    client_experiments: int | None = None
    client_bytes: int | None = None


@dataclass(frozen=True)
class Settings:
    """The settings of one server.

    `store` names where experiments are kept, `expire_days` how long an unused one stays,
    `body_bytes` the largest request, and `queue_timeout_seconds` how long a request waits in the
    compute queue before it is refused. `limits` holds the most of `LIMITS` that a spec may
    have, where that is to be less than Basin can do. `studies` says where studies are trained:
    `processes`, as many as `study_processes` (None: as there are cores), or `dask://host:port`.
    With `metrics` there are figures at /metrics, with `request_log` a line for every request.
    `public_url` is where visitors find the page, for the links that they send each other; None
    where the page's own address will do. `hosts` are the names in addresses of the server, such as
    `basin.example.org` or `*.example.org`; those of this computer and network are always right.
    `frame_ancestors` are the sites whose pages may show this one in a frame. A store in Redis keeps
    at most `experiment_bytes` of the history of one experiment. The last `proxies` web servers
    before this one are believed what they say of a request, and `script_name` is the folder of the
    host in which it lies, such as `/basin`; it is empty for the root, or where a proxy says it.
    """

    store: str
    expire_days: float = 30.0
    body_bytes: int = 8 * 1024 * 1024
    queue_timeout_seconds: float = 20.0
    limits: Mapping[str, int] = field(default_factory=dict)
    studies: str = "processes"
    study_processes: int | None = None
    quotas: Quotas = Quotas()
    metrics: bool = False
    request_log: bool = False
    public_url: str | None = None
    hosts: tuple[str, ...] = ()
    frame_ancestors: tuple[str, ...] = ("'self'",)
    experiment_bytes: int = 64 * 1024 * 1024
    proxies: int = 0
    script_name: str = ""

    @property
    def names(self) -> tuple[str, ...]:
        """The names under which the server answers, beside those of this computer and network."""
        own = urlsplit(self.public_url).hostname if self.public_url else None
        return (*self.hosts, own) if own else self.hosts

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
        _check_names(given)
        return cls(
            store=given.get(f"{PREFIX}STORE") or f"sqlite:///{data_folder(given) / 'basin.db'}",
            expire_days=_positive(given, "EXPIRE_DAYS", cls.expire_days, 36_500),
            body_bytes=int(_positive(given, "BODY_BYTES", cls.body_bytes, 1 << 30)),
            queue_timeout_seconds=_positive(
                given, "PATIENCE_SECONDS", cls.queue_timeout_seconds, 3600
            ),
            limits={
                name: _whole(given, f"MAX_{name.upper()}")
                for name in LIMITS
                if given.get(f"{PREFIX}MAX_{name.upper()}")
            },
            studies=given.get(f"{PREFIX}STUDIES") or cls.studies,
            study_processes=_whole(given, "STUDY_PROCESSES")
            if given.get(f"{PREFIX}STUDY_PROCESSES")
            else None,
            quotas=Quotas(
                experiments=_whole_or_none(given, "QUOTA_EXPERIMENTS"),
                bytes=_whole_or_none(given, "QUOTA_BYTES"),
                client_experiments=_whole_or_none(given, "CLIENT_EXPERIMENTS"),
                client_bytes=_whole_or_none(given, "CLIENT_BYTES"),
            ),
            metrics=_choice(given, "METRICS", "1") is not None,
            request_log=_choice(given, "REQUEST_LOG", "json") is not None,
            public_url=_address(given, "PUBLIC_URL"),
            hosts=_words(given, "HOSTS", _HOST, "names like basin.example.org"),
            frame_ancestors=_words(
                given, "FRAME_ANCESTORS", _ANCESTOR, "'self', 'none' or sites like https://lms.org"
            )
            or cls.frame_ancestors,
            experiment_bytes=int(
                _positive(given, "EXPERIMENT_BYTES", cls.experiment_bytes, 1 << 40)
            ),
            proxies=_proxies(given),
            script_name=_folder(given),
        )


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where this system keeps a user's data."""
    home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Basin"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Basin"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "basin"


def _check_names(environ: Mapping[str, str]) -> None:
    """Raises BadSetting for a variable that would be a setting, if it were spelt like one."""
    for name in environ:
        if name.startswith(PREFIX) and name not in VARIABLES:
            near = difflib.get_close_matches(name, VARIABLES, 1)
            hint = f"; perhaps {near[0]}" if near else ""
            raise BadSetting(f"{name} is no setting of Basin{hint}")


def _words(
    environ: Mapping[str, str], name: str, form: re.Pattern[str], example: str
) -> tuple[str, ...]:
    """Words between spaces or commas, each of a form."""
    words = environ.get(PREFIX + name, "").replace(",", " ").split()
    for word in words:
        if not form.fullmatch(word):
            raise BadSetting(f"{PREFIX}{name} must be {example}, not {word!r}")
    return tuple(words)


def _positive(environ: Mapping[str, str], name: str, default: float, most: float = 1e9) -> float:
    text = environ.get(PREFIX + name)
    if not text:
        return default
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0.0 < value < float("inf"):
        raise BadSetting(f"{PREFIX}{name} must be a positive number, not {text!r}")
    if value > most:
        raise BadSetting(f"{PREFIX}{name} must be at most {most:g}, not {text!r}")
    return value


def _whole(environ: Mapping[str, str], name: str) -> int:
    value = _positive(environ, name, 1.0)
    if value != int(value):
        raise BadSetting(f"{PREFIX}{name} must be a whole number, not {environ[PREFIX + name]!r}")
    return int(value)


def _proxies(environ: Mapping[str, str]) -> int:
    """How many web servers stand before this one; none where nothing or 0 is set."""
    text = environ.get(f"{PREFIX}PROXIES") or "0"
    if text not in map(str, range(MOST_PROXIES + 1)):
        raise BadSetting(
            f"{PREFIX}PROXIES must be a whole number from 0 to {MOST_PROXIES}, not {text!r}"
        )
    return int(text)


def _folder(environ: Mapping[str, str]) -> str:
    """The folder that SCRIPT_NAME names, as gunicorn and WSGI call it."""
    text = environ.get("SCRIPT_NAME", "").rstrip("/")
    if text and (not re.fullmatch(r"(/[A-Za-z0-9_.~-]+)+", text) or text in OWN_FOLDERS):
        raise BadSetting(f"SCRIPT_NAME must be a folder like /basin, not {text!r}")
    return text


def _whole_or_none(environ: Mapping[str, str], name: str) -> int | None:
    return _whole(environ, name) if environ.get(PREFIX + name) else None


def _choice(environ: Mapping[str, str], name: str, word: str) -> str | None:
    """The only word that a setting knows, or None where it is not set."""
    text = environ.get(PREFIX + name)
    if text in (None, "", word):
        return text or None
    raise BadSetting(f"{PREFIX}{name} must be {word!r} or empty, not {text!r}")


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
