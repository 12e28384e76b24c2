"""The page as a test sees it: what it shows, and what the server says of the same experiment."""

import base64
import re
import struct
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, Response, expect


class Basin:
    """One opened page; `id` follows the experiment on it."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.id = ""
        page.on("response", self._hear)

    def _hear(self, response: Response) -> None:
        asked = re.search(r"/api/experiments/([^/?]+)", response.url)
        if asked:
            self.id = asked[1]
        elif response.request.method == "POST" and response.status == 201:
            self.id = response.json()["id"]

    def open(self, path: str = "/") -> "Basin":
        """Opens the page and waits until it can be clicked."""
        self.page.goto(path)
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true")
        return self

    def ask(self, what: str = "", **query: str | float | bool) -> Any:
        """What the server says."""
        url = f"/api/experiments/{self.id}{what}"
        return self.page.request.get(url, params=query).json()

    def click(self, button: str) -> None:
        self.page.locator(f"#{button}").click()

    def show_step(self, step: int) -> None:
        """Waits until the counter shows a step."""
        expect(self.page.locator("#step-count")).to_have_text(str(step))

    def step(self) -> int:
        """The step on the counter."""
        return int(self.page.locator("#step-count").inner_text().replace(",", ""))

    def train_to(self, step: int) -> int:
        """Trains until at least this step, pauses, and returns the step shown."""
        self.click("train")
        self.until(lambda: self.step() >= step)
        self.click("train")
        # What is shown is the truth: the server goes back to it if it ran ahead.
        self.until(lambda: self.ask()["step"] == self.step())
        return self.step()

    def until(self, happened: Callable[[], bool]) -> None:
        """Looks again and again, for a minute at most."""
        for _ in range(600):
            if happened():
                return
            self.page.wait_for_timeout(100)
        raise AssertionError("it never happened")

    def traces(self, plot: str) -> Any:
        """The data that Plotly has drawn, as plain lists."""
        return self.page.evaluate(
            """(id) => {
                const found = document.getElementById(id);
                const plot = found.data ? found : found.querySelector(".js-plotly-plot");
                return plot.data.map((trace) => ({
                    name: trace.name, type: trace.type, mode: trace.mode, meta: trace.meta,
                    x: Array.from(trace.x ?? []), y: Array.from(trace.y ?? []),
                    z: trace.z?.bdata ? trace.z : Array.from(trace.z ?? [], (row) =>
                        row?.length === undefined ? row : Array.from(row)),
                }));
            }""",
            plot,
        )

    def picture(self, selector: str) -> bytes:
        """The pixels of an element, as PNG."""
        return self.page.locator(selector).screenshot()


def numbers(typed: Any) -> list[float]:
    """The numbers of a typed array, as the API sends it."""
    data = base64.b64decode(typed["bdata"])
    return list(struct.unpack(f"<{len(data) // 4}f", data))
