"""The one window that all tests use: how it is watched, and how a test leaves it to the next."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request, ViewportSize, WebError

SCREEN: ViewportSize = {"width": 1440, "height": 900}
BETWEEN = "/healthz"
"""Where the window waits between two tests. The browser keeps the process of a window that stays at
one host, and with it all that is compiled; `about:blank` cost a second or more at every opening."""


@contextmanager
def watched(window: Page, base_url: str, allowed: Sequence[str] = ()) -> Iterator[None]:
    """Fail at the end if a page raised, logged an error, or asked a host that is not `base_url`'s.

    Messages that match one of the patterns `allowed` are left out.
    """
    host = urlsplit(base_url).netloc
    seen: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        asked = message.location["url"]
        if message.type == "error" and asked != base_url + "/favicon.ico":  # BETWEEN names no icon
            seen.append(f"console: {message.text} ({message.location['url']})")

    def catch(error: WebError) -> None:
        seen.append(f"page error: {error.error.stack or error.error}")

    def watch(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != host:
            seen.append(f"request to another host: {request.url}")

    context = window.context
    context.on("console", hear)
    context.on("weberror", catch)
    context.on("request", watch)
    yield
    context.remove_listener("console", hear)
    context.remove_listener("weberror", catch)
    context.remove_listener("request", watch)
    bad = [line for line in seen if not any(re.search(pattern, line) for pattern in allowed)]
    assert not bad, "\n".join(bad)


def clear(window: Page) -> None:
    """Forget all that a test did to the window."""
    window.unroute_all()
    window.evaluate("localStorage.clear()")
    window.evaluate("sessionStorage.clear()")
    window.goto(BETWEEN)
    window.set_viewport_size(SCREEN)
    window.emulate_media(color_scheme="light", reduced_motion="reduce")
