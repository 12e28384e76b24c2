"""Short explanations cover neither what they explain, nor an error, nor the next field."""

from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.flat

# What the bubble covers of the control with the focus, of errors in sight, and of the next control.
COVERED = """() => {
    const bubble = document.getElementById("hint");
    if (!bubble.matches(":popover-open")) return null;
    const box = bubble.getBoundingClientRect();
    const inSight = (element) => element.checkVisibility({ visibilityProperty: true });
    const hits = (element) => {
        const other = element.getBoundingClientRect();
        return other.width > 0
            && Math.min(box.right, other.right) - Math.max(box.left, other.left) > 1
            && Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top) > 1;
    };
    const all = [...document.querySelectorAll("button, input, select, textarea, a, [tabindex='0']")]
        .filter((one) => inSight(one) && !one.disabled && one.tabIndex >= 0);
    const at = document.activeElement;
    const next = all.slice(all.indexOf(at) + 1).find((one) => !at.contains(one));
    const name = (one) =>
        one && (one.id || one.dataset.focus || one.dataset.pointer || one.className);
    return {
        at: name(at),
        outside: box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight,
        covered: [at, next, ...document.querySelectorAll(".problem")]
            .filter((one) => one && inSight(one) && hits(one)).map(name),
    };
}"""


def along(visit: Visit, stops: int) -> list[Any]:
    """What the bubbles cover at so many stops of the Tab key from here."""
    seen = []
    for _ in range(stops):
        visit.page.keyboard.press("Tab")
        visit.page.wait_for_timeout(20)
        if found := visit.page.evaluate(COVERED):
            seen.append(found)
    return seen


def test_a_hint_covers_nothing_that_is_needed(visit: Visit) -> None:
    visit.step()
    visit.find("#learning-rate").fill("99")
    visit.page.keyboard.press("Enter")
    expect(visit.find(".settings .problem")).to_be_visible()
    visit.find(".skip").focus()
    seen = along(visit, 75)
    assert len(seen) >= 40
    visit.click("#branch")  # a panel that the page opens says nothing of its first field at once
    expect(visit.find("#branch-optimizer")).to_be_focused()
    assert visit.page.evaluate(COVERED) is None
    seen += along(visit, 4)
    visit.page.keyboard.press("Escape")
    visit.click("#own-open")
    expect(visit.find("#own")).to_be_visible()
    seen += along(visit, 8)
    bad = [(one["at"], one["covered"]) for one in seen if one["covered"] or one["outside"]]
    assert bad == []


def test_a_hint_goes_when_something_is_typed_or_opened(visit: Visit) -> None:
    hint = visit.find("#hint")
    visit.find("#learning-rate-slider").focus()
    visit.page.keyboard.press("Tab")
    expect(visit.find("#learning-rate")).to_be_focused()
    expect(hint).to_be_visible()
    visit.page.keyboard.type("0")
    expect(hint).to_be_hidden()
    visit.find("#train").hover()
    expect(hint).to_be_visible()
    visit.page.evaluate("document.getElementById('gallery').showPopover()")
    expect(hint).to_be_hidden()
