"""What the page costs with everything open: a drawn frame, a look at the past, a long history."""

import statistics
from collections.abc import Iterator

from playwright.sync_api import CDPSession, Page

from benchmarks.browser import SCREEN, started
from benchmarks.claim import Claim
from benchmarks.frames import costs, watch
from benchmarks.serving import Client

STEPS = 10_000
POSITIONS = 41
LONG = 100_000

SCRUB = """async (steps) => {
  const input = document.getElementById("scrubber");
  const count = document.getElementById("step-count");
  const times = [];
  for (const step of steps) {
    const began = performance.now();
    input.value = String(step);
    input.dispatchEvent(new Event("input", { bubbles: true }));
    while (count.textContent.replace(/\\D/g, "") !== String(step))
      await new Promise((next) => setTimeout(next, 1));
    times.push(performance.now() - began);
  }
  return times;
}"""

REMEMBER = """async ([url, steps, runs]) => {
  const { append, startCurves } = await import(url);
  const of = (step) => Array.from({ length: runs }, (_, run) => Math.sin(step / 100 + run) / step);
  window.__curves = startCurves(0, { train: of(1), test: of(1) });
  for (let step = 1; step <= steps; step++)
    append(window.__curves, { step, train: of(step), test: of(step) });
}"""


def measure() -> Iterator[Claim]:
    """The claims about the open page."""
    with started() as (client, browser), browser.new_context(viewport=SCREEN) as context:
        peer = f"Chromium {browser.version}, drawing WebGL in software"
        page = context.new_page()
        yield frames(page, client, peer)
        yield scrubbing(page, client, peer)
        yield memory(page, client, peer)


def opened(page: Page, url: str) -> None:
    """The page, ready and with its plots drawn."""
    page.goto("about:blank")
    page.goto(url)
    page.wait_for_selector('html[data-ready="true"]', state="attached")
    page.wait_for_load_state("networkidle")


def wait(page: Page, condition: str) -> None:
    """Until a condition holds; the page's policy allows no other way to look again and again."""
    look = "await new Promise((next) => setTimeout(next, 50))"
    page.evaluate(f"async () => {{ while (!({condition})) {look}; }}")


def frames(page: Page, client: Client, peer: str) -> Claim:
    """The main thread's time for a frame while four deep runs train with the signals open."""
    layers = "!(" + ",".join(["(units:8,activation:tanh)"] * 6) + ",(units:1,activation:sigmoid))"
    runs = "!(" + ",".join(f"(recipe:(weights:(name:{name}),biases:(name:zeros)))" for name in (
        "glorot_normal", "he_normal", "lecun_normal", "orthogonal")) + ")"  # fmt: skip
    opened(page, f"{client.url}/#v1&layers={layers}&runs={runs}&see.tab=signals")
    plain, _ = costs(watch(page, page.context.new_cdp_session(page)))
    page.click("#train")
    median = statistics.median(plain)
    told = f"median of {len(plain)}, at most {max(plain):.0f} ms"
    what = "a drawn frame of [2,8,8,8,8,8,8,1], four runs, signals open, main thread"
    return Claim(what, median, " ms", told, peer, at_most=14)


def scrubbing(page: Page, client: Client, peer: str) -> Claim:
    """From a moved thumb to the shown step, anywhere in 10,000 steps."""
    opened(page, f"{client.url}/#v1&step={STEPS}")
    wait(page, f"document.getElementById('scrubber').max === '{STEPS}'")
    steps = [(7919 * i) % STEPS for i in range(1, POSITIONS + 1)]
    median = statistics.median(page.evaluate(SCRUB, steps))
    what = f"any of {STEPS:,} steps shown after the thumb moved"
    return Claim(what, median, " ms", f"{median:.0f} ms, median", peer, at_most=100)


def memory(page: Page, client: Client, peer: str) -> Claim:
    """What the page remembers of a long history."""
    opened(page, client.url)
    session = page.context.new_cdp_session(page)
    before = heap(session)
    source = page.locator("script[src*='js/main.js']").get_attribute("src") or ""
    page.evaluate(REMEMBER, [source.replace("main.js", "experiment/loss-history.js"), LONG, 5])
    megabytes = (heap(session) - before) / 1e6
    what = f"history of {LONG:,} steps of five runs in the page"
    return Claim(what, megabytes, " MB", f"{megabytes:.1f} MB", peer, at_most=60)


def heap(session: CDPSession) -> float:
    """Bytes that JavaScript holds on to."""
    session.send("HeapProfiler.collectGarbage")
    return float(session.send("Runtime.getHeapUsage")["usedSize"])
