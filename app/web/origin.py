"""Who may ask: addresses under which the server answers, and requests that other sites cause.

A site that points a name of its own at this computer (DNS rebinding) would be read by its visitors'
browsers as that site. So the `Host` must be a name that no such site can have: an address of
numbers, a name of this computer or of its network, or one that the operator names.

A page of another site can make a browser send a request, though not read the answer. So what
changes something, or costs time, must come from a page of this server, as browsers say it.
"""

import ipaddress
from urllib.parse import urlsplit

from flask import Flask, Response, request

from app.config import Settings
from app.errors import FieldError
from app.web.problems import problem

_LOCAL = (".localhost", ".local", ".lan", ".internal", ".home.arpa")
_SAFE = ("GET", "HEAD", "OPTIONS")


def register(application: Flask, settings: Settings) -> None:
    """Refuse the requests of other names and other sites, before anything else is done."""

    @application.before_request
    def check_origin() -> Response | None:
        host = hostname(request.host)
        if not is_ours(host, settings.names):
            return wrong_host(host)
        if not is_from_here(settings.names):
            return other_site()
        return None


def hostname(netloc: str) -> str:
    """The name in `name:port`, in small letters; empty where there is none."""
    try:
        return (urlsplit(f"//{netloc}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def is_ours(host: str, names: tuple[str, ...]) -> bool:
    """Whether a name is an address of this server: local, of numbers, or one of `names`."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        pass
    else:
        return True
    if host and ("." not in host or host.endswith(_LOCAL)):
        return True
    return any(_fits(host, name.lower()) for name in names)


def _fits(host: str, name: str) -> bool:
    return host.endswith(name[1:]) if name.startswith("*.") else host == name


def is_from_here(names: tuple[str, ...]) -> bool:
    """Whether a request comes from a page of this server, or from no page at all.

    Browsers say so in `Sec-Fetch-Site`; older ones name the `Origin` of what is not only read.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if request.method in _SAFE:
        calls = request.path.startswith("/api/")
        frame = request.headers.get("Sec-Fetch-Dest", "document") != "document"
        linked = request.headers.get("Sec-Fetch-Mode") == "navigate" and not frame
        return not calls or linked or site not in ("cross-site", "same-site")
    if site is not None:
        return site in ("same-origin", "none")
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    netloc = origin.partition("://")[2]
    if netloc == request.host:
        return True
    # A proxy may have put another name into the request: those of the operator are right too.
    return any(_fits(hostname(netloc), known.lower()) for known in names)


def wrong_host(host: str) -> Response:
    """421: the server does not answer under this name."""
    detail = "is not a name of this server; its operator may add it to PLAYGROUND_HOSTS"
    field = FieldError("/Host", "unknown_host", detail, {}, host[:80])
    return problem(421, "No server of this name", detail, [field])


def other_site() -> Response:
    """403: a page of another site has caused this request."""
    detail = "a page of another site has sent this request"
    return problem(403, "Not from this site", detail, [FieldError("", "other_site", detail)])
