"""On paper: the page as it stands on the screen, surface included; of a phone, several sheets."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit

# What a printer would find: how many pixels of each scene are painted over it, and how many rules
# still depend on the window. The events are those of the browser's own print command.
ON_PAPER = """(event) => {
    dispatchEvent(new Event(event));
    const copies = [...document.querySelectorAll("#surface-plot canvas")]
        .filter((canvas) => !canvas.className && canvas.getContext("2d"));
    const painted = copies.map((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.filter((value, i) => i % 4 === 3 && value > 0).length;
    });
    const rules = [...document.styleSheets].flatMap((style) => [...style.cssRules]);
    const texts = rules.map((rule) => rule.media?.mediaText ?? "");
    return [painted, texts.filter((text) => /(width|height):/.test(text)).length];
}"""


# The style for paper is not needed at first, and comes when all else is there.
STYLED = """() => [...document.styleSheets].some(({ href }) => /print\\.css/.test(href))"""


def sheets(page: Page) -> list[tuple[float, float]]:
    """Width and height in points of every sheet that the page fills."""
    page.wait_for_function(STYLED)
    printed = page.pdf(prefer_css_page_size=True)
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)\s*\]", printed)
    return [(float(width), float(height)) for width, height in boxes]


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1000, 700)])
def test_a_window_is_one_sheet_of_its_own_shape(page: Page, width: int, height: int) -> None:
    page.set_viewport_size({"width": width, "height": height})
    visit = Visit(page).open()
    visit.step()
    filled = page.evaluate("document.documentElement.scrollHeight")
    [(across, down)] = sheets(page)
    assert down / across == pytest.approx(filled / width, rel=0.01)


def test_what_is_printed_of_a_surface_is_what_is_seen(visit: Visit) -> None:
    visit.page.wait_for_function(STYLED)
    visit.rest()
    before = visit.page.evaluate(ON_PAPER, "afterprint")
    assert before[0] == []
    assert before[1] > 10
    [painted], depending = visit.page.evaluate(ON_PAPER, "beforeprint")
    assert painted > 5_000, "the surface is not on the paper"
    assert depending == 0, "what depends on the window would depend on the paper"
    assert visit.page.evaluate(ON_PAPER, "beforeprint")[0] == [painted], "twice is once"
    assert visit.page.evaluate(ON_PAPER, "afterprint") == before


def test_a_phones_column_fills_several_sheets(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    visit = Visit(page).open()
    look = "getComputedStyle(document.querySelector('.timeline')).position"
    assert page.evaluate(look) == "fixed"
    found = sheets(page)
    assert 2 <= len(found) <= 4
    assert {round(down / across, 1) for across, down in found} == {1.3}
    assert page.evaluate(look) == "fixed"
    visit.step()
    assert visit.shown == 1


@pytest.mark.parametrize("tab", ["contour", "slice", "losses"])
def test_a_surface_behind_another_tab_is_not_printed_and_keeps_nothing(
    visit: Visit, tab: str
) -> None:
    visit.page.wait_for_function(STYLED)
    visit.rest()
    before = visit.page.evaluate(ON_PAPER, "afterprint")
    visit.click(f"#view-{tab}")
    expect(visit.find(f"#view-{tab}")).to_have_attribute("aria-selected", "true")
    painted, depending = visit.page.evaluate(ON_PAPER, "beforeprint")
    assert (painted, depending) == ([], 0)
    assert visit.page.evaluate(ON_PAPER, "afterprint") == before
