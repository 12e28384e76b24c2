"""The pictures of the gallery of experiments; `python -m tests.browser.pictures URL` makes them.

Each is what a running page shows of the experiment after some training: the part of the page that
makes its point, at the size of a card.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests import chromium

FOLDER = Path(__file__).parents[2] / "static" / "img" / "experiments"
SHOWN: dict[str, tuple[int, str]] = {
    "opening": (300, "#loss-plot"),
    "bowl": (60, "#surface-plot"),
    "tensorflow_playground": (400, "#loss-plot"),
    "xor_gate": (400, "#loss-plot"),
    "three_rings": (400, "#decision-map"),
    "curve": (400, "#decision-map"),
    "right_inputs": (200, "#decision-map"),
    "too_large_a_step": (20, "#contour-plot"),
    "sigmoid_neuron": (100, "#losses-plot"),
    "deep": (300, "#layers"),
    "optimizers": (150, "#contour-plot"),
}
"""For every experiment how long it is trained, and the picture that is taken."""


def take(browser: Browser, address: str, name: str) -> None:
    """Opens an experiment, trains it and keeps its picture."""
    steps, picture = SHOWN[name]
    page = browser.new_page(
        viewport={"width": 1280, "height": 900}, reduced_motion="reduce", locale="en"
    )
    page.set_default_timeout(180_000)
    expect.set_options(timeout=180_000)
    page.goto(address)
    page.wait_for_selector("html[data-ready][data-plots]")
    page.click("#preset")
    page.click(f"#experiments [data-preset='{name}']")
    expect(page.locator("#preset")).to_have_attribute("data-value", name)
    page.wait_for_timeout(1500)
    page.locator("#speed").fill("5")
    page.click("#train")
    while _step(page) < steps:
        page.wait_for_timeout(50)
    page.click("#train")
    page.wait_for_timeout(3000)
    shown = page.locator(picture).first
    print(name, shown.bounding_box())
    FOLDER.mkdir(parents=True, exist_ok=True)
    shown.screenshot(path=FOLDER / f"{name}.jpg", type="jpeg", quality=72, scale="css")
    page.close()


def _step(page: Page) -> int:
    """The step on the counter."""
    return int(re.sub(r"\D", "", page.inner_text("#step-count")))


def main() -> None:
    """Takes all of them, or those that are named, from a running page."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.find()), args=[*chromium.FLAGS]
        )
        for name in sys.argv[2:] or SHOWN:
            take(browser, sys.argv[1], name)
        browser.close()


if __name__ == "__main__":
    main()
