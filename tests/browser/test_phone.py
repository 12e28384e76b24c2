"""The first screens of a phone: what is seen before anything is scrolled, and how it scrolls."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_plots import CAMERA
from tests.browser.visit import LANGUAGES, Visit

WIDE, HIGH = 390, 844
HEADLINE = "#headline, #question, #reading"
"""The experiment's question, or what stands in its place."""

# The height of the window that bars cover, without what lies within another of them, and without
# the question, which is what the page is about.
COVERED = """() => {
    const bars = [...document.querySelectorAll(".bar > :not(#question), .transport, .timeline")];
    const spans = bars.filter((bar) => bar.checkVisibility())
        .map((bar) => bar.getBoundingClientRect())
        .map(({ top, bottom }) => [Math.max(0, top), Math.min(innerHeight, bottom)])
        .filter(([top, bottom]) => bottom > top)
        .sort((a, b) => a[0] - b[0]);
    let [covered, end] = [0, 0];
    for (const [top, bottom] of spans) {
        covered += Math.max(0, bottom - Math.max(top, end));
        end = Math.max(end, bottom);
    }
    return covered / innerHeight;
}"""

# Where the last of some elements ends, and where what is fixed at the bottom begins.
ENDS = """(selector) => {
    const found = [...document.querySelectorAll(selector)].filter((e) => e.checkVisibility());
    const fixed = [...document.querySelectorAll(".bar, .transport, .timeline")]
        .filter((e) => /fixed|sticky/.test(getComputedStyle(e).position))
        .map((e) => e.getBoundingClientRect().top).filter((top) => top > innerHeight / 2);
    return [found.length, Math.max(...found.map((e) => e.getBoundingClientRect().bottom)),
        Math.min(innerHeight, ...fixed)];
}"""


@pytest.fixture
def phone(page: Page, language: str) -> Visit:
    """The opening on a phone."""
    page.set_viewport_size({"width": WIDE, "height": HIGH})
    return Visit(page).open(f"/?lang={language}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_headline_and_all_runs_are_seen_at_once_and_the_rate_soon(phone: Visit) -> None:
    assert phone.page.evaluate(COVERED) <= 0.20
    for selector, least in ((HEADLINE, 1), ("#runs .run", 5)):
        count, bottom, end = phone.page.evaluate(ENDS, selector)
        assert count >= least, selector
        assert bottom <= end, f"{selector} ends at {bottom} of {end}"
    rate = phone.find("#learning-rate").bounding_box()
    assert rate is not None
    assert rate["y"] + rate["height"] <= 2 * HIGH
    phone.page.evaluate("scrollTo(0, 900)")
    assert phone.page.evaluate(COVERED) <= 0.20
    # The end of the tabs fades where there are more of them; then, pushed aside, their beginning.
    tabs = phone.find("#tabs")
    expect(tabs).not_to_have_class(re.compile("more-"))
    phone.page.set_viewport_size({"width": 200, "height": HIGH})
    expect(tabs).to_have_class(re.compile(r"\bmore-after$"))
    tabs.evaluate("(row) => row.scrollTo(999, 0)")
    expect(tabs).to_have_class(re.compile(r"\bmore-before$"))


def test_a_swipe_over_the_picture_scrolls_the_page(browser: Browser, base_url: str) -> None:
    with browser.new_context(
        base_url=base_url,
        locale="en",
        viewport={"width": WIDE, "height": HIGH},
        has_touch=True,
        is_mobile=True,
    ) as context:
        swipe(Visit(context.new_page()).open())


def swipe(phone: Visit) -> None:
    """One finger over the surface scrolls the page, and leaves the picture as it was turned."""
    page = phone.page
    page.wait_for_selector("html[data-plots='true']", state="attached")
    picture = phone.find("#surface-plot")
    picture.scroll_into_view_if_needed()
    page.wait_for_selector("#surface-plot.js-plotly-plot")
    before = page.evaluate("scrollY")
    box = picture.bounding_box()
    assert box is not None
    seen = page.evaluate(CAMERA)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    finger = page.context.new_cdp_session(page)
    for kind, places in (
        ("touchStart", [y]),
        *(("touchMove", [y + 15 * i]) for i in range(1, 11)),
        ("touchEnd", []),
    ):
        points = [{"x": x, "y": place} for place in places]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    phone.eventually(lambda: page.evaluate("scrollY"), lambda now: now < before - 100)
    assert page.evaluate(CAMERA) == seen
