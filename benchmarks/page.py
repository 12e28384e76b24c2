"""What a first visit costs: the bytes of everything the page loads, and the wait until it works."""

import statistics
from collections.abc import Iterator
from typing import Any

from playwright.sync_api import Browser

from benchmarks.browser import SCREEN, started
from benchmarks.claim import Claim

VISITS = 7
READY = """
new MutationObserver(() => {
  if (document.documentElement?.dataset.ready === "true") window.__ready ??= performance.now();
}).observe(document, {attributes: true, subtree: true, attributeFilter: ["data-ready"]});
"""


def measure() -> Iterator[Claim]:
    """The claims about the page."""
    with started() as (client, browser):
        visits = [visit(browser, client.url) for _ in range(VISITS + 1)][1:]
        version = browser.version
    seconds = statistics.median(ready for ready, _ in visits)
    size = max(size for _, size in visits)
    peer = f"Chromium {version}, empty cache, median of {VISITS} visits"
    yield Claim("page ready to click", seconds, " s", f"{seconds:.2f} s", peer, at_most=1.5)
    yield Claim(
        "first-load transfer", size / 1e6, " MB", f"{size:,} bytes", "headers included", at_most=1.7
    )


def visit(browser: Browser, url: str) -> tuple[float, int]:
    """A first visit with an empty cache: seconds until ready, and bytes received by then."""
    with browser.new_context(viewport=SCREEN) as context:
        context.add_init_script(READY)
        page = context.new_page()
        network = context.new_cdp_session(page)
        sizes: list[float] = []

        def finished(event: dict[str, Any]) -> None:
            sizes.append(event["encodedDataLength"])

        network.on("Network.loadingFinished", finished)
        network.send("Network.enable")
        page.goto(url)
        page.wait_for_selector('html[data-ready="true"]', state="attached")
        page.wait_for_load_state("networkidle")
        ready: float = page.evaluate("window.__ready")
        return ready / 1000, round(sum(sizes))
