"""Every point of the article is found within two clicks from the opening, without being told where.

A1 … A15 number the points of 《神经网络的参数形成与训练》, the article that Basin brings to life.
What is looked for is what a reader of the article would look for, and the clicks are on controls
whose words say so.
"""

from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.visit import Visit
from tests.browser.window import BETWEEN


@dataclass(frozen=True)
class Point:
    """What is found, the clicks that lead to it from the opening, and where it is seen.

    `back` is clicked, or pressed as a key, to be at the opening again; without it, the page is
    opened anew.
    """

    name: str
    clicks: tuple[str, ...]
    seen: str
    text: str = ""
    back: str = ""
    view: str = "contour"
    """The view that the landscape opens in. The surface takes seconds of WebGL in software."""


ESCAPE = "Escape"
CURVES = "#tab-loss"
GLOROT = "[data-focus='run/0']"
EDIT = "[data-focus='run/1/edit']"
LOSSES = "[data-focus='/loss/all']"
POINTS = [
    Point("A8 the surface", (), "#surface-plot.js-plotly-plot", "", "body", "surface"),
    Point("A10 slice", ("#view-slice",), "#slice-words", "α", view="surface"),
    Point("A1 shapes", (), "#shapes", "W1", "body"),
    Point("A1 exercise", ("#quiz-open",), "#quiz-answer", "", ESCAPE),
    Point("A2 the scale of randn", (EDIT,), ".editor input[type='range']", "", EDIT),
    Point("A3 symmetry", ("[data-focus='run/3']",), "#network-summary", "1 distinct of 4", GLOROT),
    Point("A4 W zeros, b random", ("[data-focus='run/2']",), "#learned-run", "", GLOROT),
    Point("A7 the loss j", (LOSSES,), "#gallery", "1/n Σ (y − ŷ)²", ESCAPE),
    Point("A13 G", (LOSSES,), "#gallery", "S·(1 − S)", ESCAPE),
    Point("A9 chain rule", ("#tab-explain", "#phase-chain"), "#explain-view", "∂J", CURVES),
    Point("A11 update", ("#tab-explain", "#phase-update"), "#explain-view", "α", CURVES),
    Point(
        "A15 the whole process",
        ("#tab-explain", "[aria-label='Play the step']"),
        ".play-row",
        "",
        CURVES,
    ),
    Point("A6 efficiency", ("#repeat",), "#tab-seeds[aria-selected='true']"),
    Point("A5 both random", ("#add-run", "[data-option='both_random']"), "#runs li:nth-child(6)"),
    Point(
        "A12 learning rate", ("#preset", "[data-preset='too_large_a_step']"), "#question", "step"
    ),
    Point("A14 both losses", ("#preset", "[data-preset='sigmoid_neuron']"), "#losses-plot"),
]


LANDSCAPE = "(view) => localStorage.setItem('basin.landscape', JSON.stringify({ view }))"


def test_every_point_of_the_article_is_within_two_clicks(page: Page) -> None:
    visit = Visit(page)
    missed, opened = [], ""
    for point in POINTS:
        assert len(point.clicks) <= 2
        if opened != point.view:
            page.goto(BETWEEN)
            page.evaluate(LANDSCAPE, point.view)
            visit.open("/?lang=en")
        for selector in point.clicks:
            visit.find(selector).first.click()
        seen = visit.find(point.seen).first
        try:
            if point.seen != "#network-summary":  # which is said to a screen reader
                expect(seen).to_be_visible()
            expect(seen).to_contain_text(point.text)
        except AssertionError as error:
            missed.append(f"{point.name}: {str(error)[:200]}")
        opened = point.view if point.back else ""
        if point.back == ESCAPE:
            page.keyboard.press(ESCAPE)
        elif point.clicks and point.back:
            visit.find(point.back).first.click()
        if point.back and point.clicks and point.back != CURVES and "run/" not in point.back:
            expect(seen).to_be_hidden()
    assert not missed, "\n".join(missed)
