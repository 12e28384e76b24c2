"""The browser that the page's benchmarks drive, on the page as `python -m app` serves it."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from benchmarks.serving import Client, served
from tests import chromium

SCREEN: ViewportSize = {"width": 1440, "height": 900}


@contextmanager
def started() -> Iterator[tuple[Client, Browser]]:
    """A server with an empty store, and a browser without a graphics card."""
    path = str(chromium.find_or_install())
    with (
        served() as client,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=path, args=[*chromium.FLAGS]) as browser,
    ):
        yield client, browser
