"""Behind other web servers: whom a request comes from, and in which folder of the host Basin lies.

A proxy says both in `X-Forwarded-…`, which anybody else could send as well: only what the last
`PLAYGROUND_PROXIES` of them wrote is believed. `SCRIPT_NAME` names the folder where no header does,
whether the proxy takes it off the address or leaves it there. The page itself asks for everything
by relative addresses, so that it needs neither.
"""

from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import quote

from flask import Flask

from app.config import Settings

Environ = dict[str, Any]
Wsgi = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]


def register(application: Flask, settings: Settings) -> None:
    """Read what the operator's proxies say, and find the folder of the host."""
    inner: Wsgi = in_folder(application.wsgi_app, settings.script_name)
    if settings.proxies:
        inner = behind_proxies(inner, settings.proxies)
    application.wsgi_app = inner  # type: ignore[assignment,method-assign]


def behind_proxies(application: Wsgi, count: int) -> Wsgi:
    """The application with what the first of its `count` proxies says about a request."""

    def wrapped(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        def said(name: str) -> str:
            return _from_the_end(environ.get(f"HTTP_X_FORWARDED_{name}", ""), count)

        if address := said("FOR"):
            environ["REMOTE_ADDR"] = address
        if (scheme := said("PROTO").lower()) in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme
        if host := said("HOST"):
            environ["HTTP_HOST"] = host
        if prefix := said("PREFIX"):
            environ["SCRIPT_NAME"] = prefix
        return application(environ, start)

    return wrapped


def _from_the_end(header: str, count: int) -> str:
    """What was written `count` commas before the end; empty where nothing was, or there are fewer.

    Every proxy adds a comma and its value, which may be empty. Quotation marks mean nothing: a
    visitor who sends one would else hide the values behind it in his own.
    """
    values = header.split(",")
    return values[-count].strip() if len(values) >= count else ""


def in_folder(application: Wsgi, folder: str) -> Wsgi:
    """The application below a folder such as `/basin`; "" where a header names it, or none is.

    The folder itself is sent on to its page, whose relative addresses begin behind the slash.
    """

    def wrapped(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        path = str(environ.get("PATH_INFO", ""))
        if folder:
            environ["SCRIPT_NAME"] = folder
            if path == folder or path.startswith(f"{folder}/"):
                path = environ["PATH_INFO"] = path[len(folder) :]
        if path or not environ.get("SCRIPT_NAME"):
            return application(environ, start)
        query = environ.get("QUERY_STRING")
        where = quote(str(environ["SCRIPT_NAME"]).encode("latin-1").rstrip(b"/")) + "/"
        # Two slashes at its beginning would make it the address of another host.
        where = "/" + where.lstrip("/") + (f"?{query}" if query else "")
        start("308 Permanent Redirect", [("Location", where), ("Content-Length", "0")])
        return [b""]

    return wrapped
