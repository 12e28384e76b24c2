"""A panel that fills the window, and the size for presentations."""

import re
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import WORDS, Visit

EN = WORDS["en"]
PANELS = ("loss", "surface", "network", "learned", "comparison")

# The share of the window that a panel has, and by how much its picture is larger or smaller.
SHARE = """(id) => {
    const box = document.getElementById(id).getBoundingClientRect();
    return box.width * box.height / (innerWidth * innerHeight);
}"""
PICTURE = """(selector) => {
    const { width, height } = document.querySelector(selector).getBoundingClientRect();
    return width * height;
}"""
# The smallest type on the page, in pictures too; what is only read out does not count.
SMALLEST = """() => {
    const sizes = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const home = walker.currentNode.parentElement;
        if (!walker.currentNode.textContent.trim()) continue;
        if (home.closest("option, .sr, sub, sup")) continue;
        if (!home.checkVisibility({ opacityProperty: true, visibilityProperty: true })) continue;
        sizes.push([parseFloat(getComputedStyle(home).fontSize), walker.currentNode.textContent]);
    }
    return sizes.sort((a, b) => a[0] - b[0])[0];
}"""


def enlarge(visit: Visit, panel: str) -> None:
    visit.click(f"#{panel} > .enlarge")
    expect(visit.find(f"#{panel}")).to_have_class(re.compile(r"\blarge\b"))


def area(visit: Visit, selector: str) -> float:
    return float(visit.page.evaluate(PICTURE, selector))


@pytest.mark.parametrize("screen", [(1440, 900), (390, 844)])
def test_every_panel_fills_the_window_with_its_picture_and_the_transport(
    visit: Visit, screen: tuple[int, int]
) -> None:
    visit.page.wait_for_selector("html[data-plots='true']", state="attached")
    visit.page.set_viewport_size({"width": screen[0], "height": screen[1]})
    pictures = {
        "loss": "#loss-plot .main-svg",
        "surface": "#surface-plot canvas",
        "network": "#diagram",
        "learned": "#decision-map",
    }
    for panel in PANELS:
        before = area(visit, pictures[panel]) if panel in pictures and screen[0] > 900 else 0
        enlarge(visit, panel)
        assert visit.page.evaluate(SHARE, panel) > 0.45
        for button in ("#reset", "#step", "#train"):
            expect(visit.find(button)).to_be_in_viewport(ratio=1)
        for other in set(PANELS) - {panel}:
            expect(visit.find(f"#{other}")).to_be_hidden()
        if before:
            visit.eventually(partial(area, visit, pictures[panel]), (1.2 * before).__lt__)
        visit.page.keyboard.press("Escape")
        expect(visit.find("#data")).to_be_visible()


@pytest.mark.flat
def test_focus_and_scrolling_return_and_what_happens_is_announced(visit: Visit) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    button = visit.find("#surface > .enlarge")
    button.scroll_into_view_if_needed()
    scrolled = visit.page.evaluate("scrollY")
    button.focus()
    visit.page.keyboard.press("Enter")
    said = EN["large.opened"].format(panel=EN["landscape.view.surface"])
    expect(visit.find("#announcer")).to_have_text(said)
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(button).to_have_accessible_name(EN["large.close"])
    visit.page.keyboard.press("Escape")
    expect(visit.find("#announcer")).to_have_text(EN["large.closed"])
    expect(button).to_be_focused()
    assert visit.page.evaluate("scrollY") == scrolled


@pytest.mark.flat
def test_the_legend_names_the_runs_and_follows_training_and_undo(visit: Visit) -> None:
    visit.find("#loss-plot").hover()
    visit.page.keyboard.press("e")
    legend = visit.find(".large-runs [data-run]")
    expect(legend).to_have_count(5)
    colours = legend.locator(".swatch path")
    assert [colours.nth(i).get_attribute("stroke") for i in range(5)] == visit.run_colours()
    visit.play(to=40)
    visit.click("#train")
    visit.eventually(lambda: (visit.shown, visit.ask()["step"]), lambda both: both[0] == both[1])
    losses = [run[-1] for run in visit.losses()]
    for run, loss in enumerate(losses):
        text = legend.nth(run).locator("output").inner_text()
        assert float(text) == pytest.approx(loss, rel=1e-3)
    legend.nth(3).click()
    expect(legend.nth(3)).to_have_attribute("aria-pressed", "true")
    expect(visit.find("#runs .run[data-chosen]")).to_have_attribute("data-run", "3")
    visit.click(".large-panels [data-panel='learned']")
    expect(visit.find("#learned-run")).to_have_value("3")
    visit.anew(lambda: visit.experiment("xor_gate"))
    expect(visit.find("#learned")).to_have_class(re.compile("large"))
    visit.page.keyboard.press("Control+z")
    visit.eventually(lambda: visit.shown, bool)
    expect(visit.find("#learned")).to_have_class(re.compile("large"))
    visit.page.keyboard.press("?")
    visit.page.keyboard.press("Escape")  # the help first
    expect(visit.find("#help")).to_be_hidden()
    expect(visit.find("#learned")).to_have_class(re.compile("large"))
    visit.page.keyboard.press("e")
    expect(visit.find("#data")).to_be_visible()


def test_a_presentation_is_read_from_the_last_row_and_its_link_opens_so(page: Page) -> None:
    page.set_viewport_size({"width": 1280, "height": 720})
    visit = Visit(page).open("/#v1&step=60&see.present=surface&see.J=contour")
    small: dict[str, Any] = {}
    for panel in PANELS:
        visit.click(f".large-panels [data-panel='{panel}']")
        expect(visit.find(f"#{panel}")).to_have_class(re.compile("large"))
        page.wait_for_timeout(400)
        size, text = page.evaluate(SMALLEST)
        if size < 18:
            small[panel] = (size, text)
    assert small == {}
    visit.eventually(lambda: page.url, lambda url: "see.present=comparison" in url)
    page.keyboard.press("p")
    expect(visit.find("#data")).to_be_visible()
    visit.eventually(lambda: page.url, lambda url: "see.present" not in url)
    expect(visit.find("#present")).to_have_attribute("aria-pressed", "false")
