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
OWN_FOLDERS = ("/api", "/assets", "/openapi")
NONE = "none"
"""What a setting that is a bound may say where there is to be none."""
_NUMERAL = re.compile(r"[0-9]+(\.[0-9]+)?([eE][+-]?[0-9]+)?")
_HOST = re.compile(r"(\*\.[A-Za-z0-9_-]+\.)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
"""Of all names below another one: that has a dot itself, as nobody owns all of .com."""
_DOTS = re.compile(r"/\.{1,2}(/|$)")
"""Of a path that browsers make another one of before they ask for it."""
_ANCESTOR = re.compile(r"'self'|'none'|https?://(\*\.)?[A-Za-z0-9_.-]+(:(\d+|\*))?")


@dataclass(frozen=True)
class Number:
    """The numbers that a setting may have; also the word `none` where it is a bound that may go."""

    least: float
    most: float
    whole: bool = True
    or_none: bool = False

    def __str__(self) -> str:
        kind = "a whole number" if self.whole else "a number"
        return f"{kind} from {_plain(self.least)} to {_plain(self.most)}" + (
            f", or {NONE}" if self.or_none else ""
        )

    def read(self, text: str) -> float | None:
        """The number that a text says. Raises ValueError for another, and for what is none."""
        if self.or_none and text == NONE:
            return None
        if not _NUMERAL.fullmatch(text.strip()):  # Python reads 1_0, and digits of any writing
            raise ValueError(text)
        value = float(text)
        if not self.least <= value <= self.most or (self.whole and value != int(value)):
            raise ValueError(text)
        return value


NUMBERS: Mapping[str, Number] = {
    "EXPIRE_DAYS": Number(0.0001, 36_500, whole=False),
    "BODY_BYTES": Number(1 << 16, 1 << 26),
    "PATIENCE_SECONDS": Number(0.1, 600, whole=False),
    "STUDY_PROCESSES": Number(1, 61 if sys.platform == "win32" else 256),  # it waits for 61 at most
    "EXPERIMENT_BYTES": Number(1 << 20, 1 << 34),
    "PROXIES": Number(0, 8),
    "QUOTA_EXPERIMENTS": Number(1, 10**9, or_none=True),
    "QUOTA_BYTES": Number(1 << 20, 1 << 50, or_none=True),
    "CLIENT_EXPERIMENTS": Number(1, 10**9, or_none=True),
    "CLIENT_BYTES": Number(1 << 20, 1 << 50, or_none=True),
    "MAX_HIDDEN_LAYERS": Number(1, 10),
    "MAX_UNITS": Number(4, 64),
    "MAX_INPUTS": Number(2, 20),
    "MAX_SAMPLES": Number(500, 10_000),
    "MAX_RUNS": Number(5, 16),
}
"""The range of every setting that is a number: those with which a server works, and no others."""
WORDS = (
    *("STORE", "STUDIES", "PUBLIC_URL", "HOSTS", "FRAME_ANCESTORS", "METRICS", "REQUEST_LOG"),
    *("THIS_PYTHON", "BROWSER"),
)
"""The other settings."""
VARIABLES = tuple(PREFIX + name for name in (*NUMBERS, *WORDS))
"""Every variable that means something; another one with the prefix is a mistake."""


@dataclass(frozen=True)
class Quotas:
    """How much may be kept; None where there is no limit.

    `experiments` and `bytes` of the store in all; `client_experiments` and `client_bytes` that one
    address may make and store in an hour, in each process. A class of hundreds behind one address
    stays below: 300 learners may make 333 experiments an hour each, and store 57 MB, which is what
    the opening experiment takes after some 190,000 steps.
    """

    experiments: int | None = 1_000_000
    bytes: int | None = 32 << 30
    client_experiments: int | None = 100_000
    client_bytes: int | None = 16 << 30


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
            store=_store(given),
            expire_days=_number(given, "EXPIRE_DAYS", cls.expire_days),
            body_bytes=_whole(given, "BODY_BYTES", cls.body_bytes),
            queue_timeout_seconds=_number(given, "PATIENCE_SECONDS", cls.queue_timeout_seconds),
            limits={
                name: most
                for name in LIMITS
                if (most := _bound(given, f"MAX_{name.upper()}", None)) is not None
            },
            studies=given.get(f"{PREFIX}STUDIES") or cls.studies,
            study_processes=_bound(given, "STUDY_PROCESSES", cls.study_processes),
            quotas=Quotas(
                experiments=_bound(given, "QUOTA_EXPERIMENTS", Quotas.experiments),
                bytes=_bound(given, "QUOTA_BYTES", Quotas.bytes),
                client_experiments=_bound(given, "CLIENT_EXPERIMENTS", Quotas.client_experiments),
                client_bytes=_bound(given, "CLIENT_BYTES", Quotas.client_bytes),
            ),
            metrics=_choice(given, "METRICS", "1") is not None,
            request_log=_choice(given, "REQUEST_LOG", "json") is not None,
            public_url=_address(given, "PUBLIC_URL"),
            hosts=_words(given, "HOSTS", _HOST, "names like basin.example.org"),
            frame_ancestors=_words(
                given, "FRAME_ANCESTORS", _ANCESTOR, "'self', 'none' or sites like https://lms.org"
            )
            or cls.frame_ancestors,
            experiment_bytes=_whole(given, "EXPERIMENT_BYTES", cls.experiment_bytes),
            proxies=_whole(given, "PROXIES", cls.proxies),
            script_name=_folder(given),
        )


def data_folder(environ: Mapping[str, str], platform: str = sys.platform) -> Path:
    """Where this system keeps a user's data. Raises BadSetting for a user without a home."""
    try:
        home = Path(environ.get("HOME") or environ.get("USERPROFILE") or Path.home())
    except RuntimeError:
        raise BadSetting(
            f"{PREFIX}STORE must name a file, as sqlite:////var/lib/basin.db does, as this user"
            " has no home folder"
        ) from None
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "Basin"
    if platform == "darwin":
        return home / "Library" / "Application Support" / "Basin"
    return Path(environ.get("XDG_DATA_HOME") or home / ".local" / "share") / "basin"


def _store(environ: Mapping[str, str]) -> str:
    """The store that is named, else a file of this user's. Raises BadSetting for a bare folder.

    Of other names `open_store` says whether there can be a store.
    """
    text = environ.get(f"{PREFIX}STORE")
    if not text:
        return f"sqlite:///{data_folder(environ) / 'basin.db'}"
    scheme, _, path = text.partition(":///")
    if scheme == "sqlite" and not Path(path).name:
        raise BadSetting(
            f"{PREFIX}STORE must name a file, as sqlite:///basin.db does, not {text!r}"
        )
    return text


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
    if "'none'" in words and len(words) > 1:  # which browsers would not take for none
        raise BadSetting(f"{PREFIX}{name}: 'none' must stand alone")
    return tuple(words)


def _bound(environ: Mapping[str, str], name: str, default: int | None) -> int | None:
    """A whole number, or None where there is no bound. Raises BadSetting."""
    found = _read(environ, name, default)
    return None if found is None else int(found)


def _whole(environ: Mapping[str, str], name: str, default: int) -> int:
    """A whole number. Raises BadSetting."""
    return int(_number(environ, name, default))


def _number(environ: Mapping[str, str], name: str, default: float) -> float:
    """A number. Raises BadSetting."""
    found = _read(environ, name, default)
    assert found is not None  # only bounds may be none
    return found


def _read(environ: Mapping[str, str], name: str, default: float | None) -> float | None:
    text = environ.get(PREFIX + name)
    if not text:
        return default
    try:
        return NUMBERS[name].read(text)
    except ValueError:
        raise _out_of_range(name, text) from None


def _out_of_range(name: str, text: str) -> BadSetting:
    return BadSetting(f"{PREFIX}{name} must be {NUMBERS[name]}, not {text[:80]!r}")


def _plain(number: float) -> str:
    return str(number) if number != int(number) else str(int(number))


def _folder(environ: Mapping[str, str]) -> str:
    """The folder that SCRIPT_NAME names, as gunicorn and WSGI call it."""
    text = environ.get("SCRIPT_NAME", "").rstrip("/")
    fits = re.fullmatch(r"(/[A-Za-z0-9_.~-]+)+", text) and not _DOTS.search(text)
    if text and (not fits or text in OWN_FOLDERS):
        raise BadSetting(f"SCRIPT_NAME must be a folder like /basin, not {text!r}")
    return text


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
        fits = fits and not _DOTS.search(url.path)
    except ValueError:
        fits = False
    if not fits or url.username or url.query or url.fragment or re.search(r"[\s\\<>\"]", text):
        raise BadSetting(
            f"{PREFIX}{name} must be an address like https://basin.example.org/, not {text!r}"
        )
    return urlunsplit((url.scheme, url.netloc, url.path.rstrip("/") + "/", "", ""))
