"""What training costs the page's main thread for every drawn frame, with the surface in sight."""

import statistics
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from playwright.sync_api import CDPSession, Page, ViewportSize

from benchmarks.browser import SCREEN, started
from benchmarks.claim import Claim

LARGE: ViewportSize = {"width": 1920, "height": 1080}
"""A window in which the surface is enlarged."""
ENLARGING = 1_500
"""Milliseconds until it has taken its size."""
WARM = 4_000
"""Milliseconds until shaders are compiled and the first blocks are in hand."""
WATCHED = 5_000
"""Milliseconds to watch, again and again until enough surfaces have come."""
SURFACES = 8
PATIENCE = 12

# A mark for every moment that is drawn, and one for every surface that takes another's place.
MARKS = """() => {
    let before;
    const look = () => {
        const drawn = document.getElementById("surface-plot").data[0].z;
        if (drawn !== before) performance.mark("basin-surface");
        before = drawn;
        requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
    new MutationObserver(() => performance.mark("basin-moment")).observe(
        document.getElementById("step-count"),
        { childList: true, characterData: true, subtree: true });
}"""


def measure() -> Iterator[Claim]:
    """The claims about frames."""
    with started() as (client, browser):
        peer = f"Chromium {browser.version}, WebGL in software, five runs, 30 steps a second"
        for screen, enlarged in ((SCREEN, False), (LARGE, True)):
            with browser.new_context(viewport=screen) as context:
                page = context.new_page()
                page.goto(client.url)
                page.wait_for_selector('html[data-plots="true"]', state="attached")
                if enlarged:
                    page.click("#surface > .enlarge")
                    page.wait_for_timeout(ENLARGING)
                plain, replaced = costs(watch(page, context.new_cdp_session(page)))
            where = (
                f", surface enlarged to {LARGE['width']} × {LARGE['height']}" if enlarged else ""
            )
            for what, found, most in (
                ("main thread per drawn frame, path and markers", plain, 12.0),
                ("main thread per frame with another surface", replaced, 60.0),
            ):
                middle = statistics.median(found)
                told = f"median of {len(found)}, at most {max(found):.0f} ms"
                yield Claim(what + where, middle, " ms", told, peer, at_most=most)


def watch(page: Page, session: CDPSession) -> list[dict[str, Any]]:
    """The browser's own record of what it did while training was drawn.

    RuntimeError when too few surfaces have come to tell what one costs.
    """
    events: list[dict[str, Any]] = []
    done: list[bool] = []
    session.on("Tracing.dataCollected", lambda message: events.extend(message["value"]))
    session.on("Tracing.tracingComplete", lambda _: done.append(True))
    page.evaluate(MARKS)
    page.click("#train")
    page.wait_for_timeout(WARM)
    categories = ["toplevel", "devtools.timeline", "blink.user_timing"]
    config = {"includedCategories": categories, "excludedCategories": ["*"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": config})
    page.evaluate('performance.clearMarks("basin-surface")')
    for _ in range(PATIENCE):
        page.wait_for_timeout(WATCHED)
        if page.evaluate('performance.getEntriesByName("basin-surface").length') > SURFACES:
            break
    else:
        raise RuntimeError("too few surfaces were drawn; is this machine busy with something else?")
    session.send("Tracing.end")
    while not done:
        page.wait_for_timeout(50)
    return events


def costs(events: list[dict[str, Any]]) -> tuple[list[float], list[float]]:
    """Milliseconds of main thread from one drawn moment to the next: without, and with a surface.

    All tasks count, not only those that draw.
    """
    marks = [event for event in events if event.get("name", "").startswith("basin-")]
    thread = marks[0]["pid"], marks[0]["tid"]
    tasks: list[tuple[float, float]] = []  # begin and duration, in microseconds
    for event in sorted(events, key=lambda event: float(event.get("ts", 0))):
        mine = (event["pid"], event["tid"]) == thread and event["ph"] == "X"
        if mine and event["name"].endswith("RunTask"):
            begin, duration = float(event["ts"]), float(event["dur"])
            if not tasks or begin >= sum(tasks[-1]):  # tasks within tasks are counted once
                tasks.append((begin, duration))
    begins = [begin for begin, _ in tasks]

    def holding(name: str) -> list[int]:
        """The places of the tasks in which something was marked."""
        found = {bisect_right(begins, mark["ts"]) - 1 for mark in marks if mark["name"] == name}
        return sorted(place for place in found if place >= 0)

    moments, surfaces = holding("basin-moment"), holding("basin-surface")
    plain: list[float] = []
    replaced: list[float] = []
    for begin, end in pairwise(moments):
        cost = sum(duration for _, duration in tasks[begin:end]) / 1000
        new = any(begin <= place < end for place in surfaces)
        (replaced if new else plain).append(cost)
    return plain, replaced
