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
    """What is found, the clicks that lead to it from the opening, and where it is seen."""

    name: str
    clicks: tuple[str, ...]
    seen: str
    text: str = ""


POINTS = [
    Point("A1 shapes", (), "#shapes", "W1"),
    Point("A1 exercise", ("#quiz-open",), "#quiz-answer"),
    Point("A2 the scale of randn", ("[data-focus='run/1/edit']",), ".editor input[type='range']"),
    Point("A3 symmetry", ("[data-focus='run/3']",), "#network-summary", "1 distinct of 4"),
    Point("A4 W zeros, b random", ("[data-focus='run/2']",), "#learned-run", ""),
    Point("A5 both random", ("#add-run", "[data-option='both_random']"), "#runs li:nth-child(6)"),
    Point("A6 efficiency", ("#repeat",), "#tab-seeds[aria-selected='true']"),
    Point("A7 the loss j", ("[data-focus='/loss/all']",), "#gallery", "1/n Σ (y − ŷ)²"),
    Point("A8 the surface", (), "#surface-plot.js-plotly-plot"),
    Point("A9 chain rule", ("#tab-explain", "#phase-chain"), "#explain-view", "∂J"),
    Point("A10 slice", ("#view-slice",), "#slice-words", "α"),
    Point("A11 update", ("#tab-explain", "#phase-update"), "#explain-view", "α"),
    Point(
        "A12 learning rate", ("#preset", "[data-preset='too_large_a_step']"), "#question", "step"
    ),
    Point("A13 G", ("[data-focus='/loss/all']",), "#gallery", "S·(1 − S)"),
    Point("A14 both losses", ("#preset", "[data-preset='sigmoid_neuron']"), "#losses-plot"),
    Point("A15 the whole process", ("#tab-explain", "[aria-label='Play the step']"), ".play-row"),
]


LANDSCAPE = "(view) => localStorage.setItem('basin.landscape', JSON.stringify({ view }))"


def test_every_point_of_the_article_is_within_two_clicks(page: Page) -> None:
    visit = Visit(page).open("/?lang=en")
    missed = []
    for point in POINTS:
        assert len(point.clicks) <= 2
        page.goto(BETWEEN)
        # The surface takes seconds of WebGL in software where it is not what is looked for.
        view = "surface" if "plot" in point.seen or "view" in point.seen else "contour"
        page.evaluate(LANDSCAPE, view)
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
    assert not missed, "\n".join(missed)
