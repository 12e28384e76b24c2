"""A walk through the page, on which everything is looked at that many tests ask about.

A page takes seconds of computing until it is open, trained and set up. So one visitor for each
language goes through its states once; what is found at every stop is kept for test_tour.py.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Page, ViewportSize, expect

from tests.browser.inspection import (
    PLOTS_OFF,
    UNEXPLAINED,
    is_dark,
    violations,
    words,
)
from tests.browser.visit import NEXT_FRAMES, Visit

Theme = Literal["light", "dark"]

SCREENS: dict[str, ViewportSize] = {
    "laptop": {"width": 1440, "height": 900},
    "tablet": {"width": 1024, "height": 768},
    "phone": {"width": 390, "height": 844},
}
THEMES: tuple[Theme, Theme] = ("light", "dark")
OPENED: dict[str, tuple[str, Theme]] = {"en": ("laptop", "light"), "zh-CN": ("phone", "dark")}
"""The screen and the theme of the system with which the page is opened in a language."""
READ = ("opened", "trained", "seeds", "crowded")
"""The stops whose words are read."""
THEMED = ("opened", "trained", "seeds")
"""The stops seen in both themes; axe sees that of the opening, another in each language."""
SHEETS = ("data/all", "features", "/layers/0/functions", "/loss/all")
STOPS = ("opened", "table", "formula", "draw", *SHEETS, "trained", "seeds", "crowded", "unfolded")


@dataclass
class Tour:
    """What was found, by stop, and what depends on it by theme."""

    violations: dict[str, list[Any]]
    words: dict[str, list[str]]
    dark: dict[tuple[str, Theme], bool]
    pictures: dict[str, NDArray[np.int64]]
    """The colours of the plots after training, on the laptop and in the theme of the opening."""
    run_colours: list[str]
    unexplained: set[str]


class Walk:
    """The walk of one visitor."""

    def __init__(self, page: Page, language: str) -> None:
        self.screen, self.theme = OPENED[language]
        self.visit = Visit(page)
        self.found = Tour({}, {}, {}, {}, [], set())
        page.set_viewport_size(SCREENS[self.screen])
        page.emulate_media(color_scheme=self.theme)
        self.visit.open(f"/?lang={language}")

    def whole(self) -> Tour:
        """Go to every stop, and return what was found."""
        visit = self.visit
        self.look("opened")
        self.found.unexplained |= set(visit.page.evaluate(UNEXPLAINED))
        visit.click("#own-open")
        visit.find("#table-text").fill("a,b\n1,2\n3,\n5,x\n7,8")
        expect(visit.find("#own .problems")).to_be_visible()
        self.look("table")
        for way in ("formula", "draw"):
            visit.click(f"#own [data-way='{way}']")
            self.look(way)
        visit.click("#own-close")
        for sheet in SHEETS:
            visit.click(f"[data-focus='{sheet}']")
            self.look(sheet)
            visit.page.keyboard.press("Escape")
        visit.play(to=400, speed=6)
        visit.click("#train")
        self.look("trained")
        self.picture()
        visit.click("#repeat")
        visit.study()
        self.look("seeds")
        visit.click("#tab-loss")
        set_much_up(visit)
        self.look("crowded")
        visit.click("#more-training")
        for fold in ("draws", "layers", "training"):
            visit.click(f"[data-fold='{fold}'] summary")
        # By a key: a busy browser has lost a click so soon after the screen had changed its size.
        visit.find("#help-button").press("Enter")
        expect(visit.find("#help")).to_be_visible()
        self.look("unfolded")
        return self.found

    def look(self, stop: str) -> None:
        """Look at the page as it is now, and leave it so."""
        visit = self.visit
        self.resize("laptop")  # where all plots are in sight, and so are drawn
        visit.rest()
        if stop in READ:
            self.found.words[stop] = words(visit)
        for theme in sorted(THEMES, key=self.theme.__ne__) if stop in THEMED else [self.theme]:
            self.light(theme)
            self.found.dark[stop, theme] = is_dark(visit)
        self.light(self.theme)
        self.found.violations[stop] = violations(visit)
        self.resize(self.screen)

    def picture(self) -> None:
        """Keep the colours of the plots."""
        self.resize("laptop")
        for plot in ("loss-plot", "surface-plot"):
            self.found.pictures[plot] = self.visit.colours(self.visit.still(f"#{plot}"))
        self.found.run_colours = self.visit.run_colours()
        self.resize(self.screen)

    def resize(self, screen: str) -> None:
        """Take another screen, and wait until the plots fill it."""
        page = self.visit.page
        if page.viewport_size != SCREENS[screen]:
            page.set_viewport_size(SCREENS[screen])
            page.evaluate("scrollTo(0, 0)")
            page.mouse.move(0, 0)  # away from what has a hint
            self.visit.eventually(lambda: page.evaluate(PLOTS_OFF), lambda off: max(off) <= 1)
            page.evaluate(NEXT_FRAMES)

    def light(self, theme: Theme) -> None:
        """Let the system have another theme, and wait until the plots have it."""
        page = self.visit.page
        if page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") != (theme == "dark"):
            page.emulate_media(color_scheme=theme)
            page.evaluate(NEXT_FRAMES)
            self.visit.still("#loss")


def set_much_up(visit: Visit) -> None:
    """A deeper network, more runs, a batch, an open editor and three wrong numbers."""
    visit.anew(lambda: visit.click("#add-layer"))
    visit.anew(lambda: visit.add("both_random"))
    visit.anew(lambda: visit.choose("#batch", "mini"))
    visit.click("[data-focus='run/1/edit']")
    visit.enter("[data-pointer='/runs/1/recipe/weights/std']", "-1")
    visit.enter("[data-pointer='/layers/0/units']", "0")
    visit.enter("#learning-rate", "100")
    expect(visit.find(".problem")).to_have_count(3)
