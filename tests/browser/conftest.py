"""A real browser on the real server; a page that logs an error or asks another host fails."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import chromium, node
from tests.browser.visit import PATIENCE, Visit
from tests.browser.window import BETWEEN, SCREEN, clear, watched
from tests.serving import Server

os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(node.NODE))  # its own asks for more libraries
expect.set_options(timeout=1e3 * PATIENCE)


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
    """A laptop's screen, whatever this computer's is.

    Its visitor likes no motion: the first turn of the surface would take the processor a second.
    """
    shown = {"viewport": SCREEN, "locale": "en", "reduced_motion": "reduce"}
    return {**browser_context_args, **shown}


@pytest.fixture(scope="session")
def window(browser: Browser, browser_context_args: dict[str, Any]) -> Iterator[Page]:
    """The one window of all tests: a new one would load and compile everything anew."""
    with browser.new_context(**browser_context_args) as context:
        window = context.new_page()
        window.set_default_timeout(1e3 * PATIENCE)
        window.goto(BETWEEN)
        yield window


@pytest.fixture
def context(
    window: Page, base_url: str, request: pytest.FixtureRequest
) -> Iterator[BrowserContext]:
    """The browser's profile, whose pages are watched.

    The test fails if one of them raises, logs an error, or asks another host.
    `@pytest.mark.console_allows("pattern")` allows the messages that match the pattern.
    """
    allowed = [str(mark.args[0]) for mark in request.node.iter_markers("console_allows")]
    with watched(window, base_url, allowed):
        yield window.context


@pytest.fixture
def page(context: BrowserContext, window: Page, request: pytest.FixtureRequest) -> Iterator[Page]:
    """The window, as if it had just been opened; a test may resize it and route its requests.

    With `@pytest.mark.flat` the visitor left the landscape seen from above: its first picture comes
    at once, the surface's after a second or two of WebGL in software.
    """
    if request.node.get_closest_marker("flat"):
        window.evaluate("localStorage.setItem('basin.landscape', '{\"view\": \"contour\"}')")
    yield window
    clear(window)


@pytest.fixture
def opened(page: Page) -> Page:
    """The page as a visitor finds it, ready to be clicked."""
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-ready", "true")
    return page


@pytest.fixture
def visit(page: Page) -> Visit:
    """A visit to the page, opened and ready to be clicked."""
    return Visit(page).open()
