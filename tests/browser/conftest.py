"""A real browser on the real server; a page that logs an error or asks another host fails."""

import os
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, WebError, expect

from tests import chromium, node
from tests.serving import Server

os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node.NODE))  # its own asks for more libraries
expect.set_options(timeout=30_000)  # milliseconds; a slow machine is not a bug


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Basin, as `python -m app` serves it, with an empty store; no error may reach its log."""
    with Server(tmp_path_factory.mktemp("server")) as server:
        yield server
        server.stop()
        assert "Traceback" not in server.log.read_text(), server.log.read_text()


@pytest.fixture(scope="session")
def base_url(server: Server) -> str:
    """Where `page.goto("/")` goes."""
    return server.url


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """The browser of this computer, and how it is started."""
    flags = list(chromium.FLAGS)
    return {**browser_type_launch_args, "executable_path": str(chromium.find()), "args": flags}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """A laptop's screen, whatever this computer's is."""
    return {**browser_context_args, "viewport": {"width": 1440, "height": 900}, "locale": "en"}


@pytest.fixture
def context(
    context: BrowserContext, base_url: str, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """A fresh browser profile that watches its pages.

    The test fails if one of them raises, logs an error, or asks another host.
    `@pytest.mark.console_allows("pattern")` allows the messages that match the pattern.
    """
    allowed = [str(mark.args[0]) for mark in request.node.iter_markers("console_allows")]
    host = urlsplit(base_url).netloc
    seen: list[str] = []

    def hear(message: ConsoleMessage) -> None:
        if message.type == "error":
            seen.append(f"console: {message.text} ({message.location['url']})")

    def catch(error: WebError) -> None:
        seen.append(f"page error: {error.error}")

    def watch(url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("data", "blob", "about") and parts.netloc != host:
            seen.append(f"request to another host: {url}")

    context.on("console", hear)
    context.on("weberror", catch)
    context.on("request", lambda request: watch(request.url))
    yield context
    bad = [line for line in seen if not any(re.search(pattern, line) for pattern in allowed)]
    assert not bad, "\n".join(bad)


@pytest.fixture
def opened(page: Page) -> Page:
    """The page as a visitor finds it, ready to be clicked."""
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    return page
