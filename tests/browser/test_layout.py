"""The screen: what follows the size of the window, and what stays in reach (see test_tour.py)."""

import base64
import json
import zlib
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.inspection import BEYOND, OUT_OF_REACH, PLOTS_OFF
from tests.browser.tour import SCREENS
from tests.browser.visit import WORDS, Visit
from tests.browser.window import BETWEEN

LONG = "W" * 150
FORMULA = f"`{'a+' * 40}`"
# By how much the page is wider than the window, and the sheet of own data than itself.
TOO_WIDE = """() => {
    const sheet = document.getElementById("own");
    const page = document.documentElement.scrollWidth - innerWidth;
    return [page, sheet ? sheet.scrollWidth - sheet.clientWidth : 0];
}"""


def card(predict: dict[str, Any], **measure: object) -> dict[str, Any]:
    return {
        "question": f"{LONG} {FORMULA}",
        "setup": {"spec": {"runs": [{"label": "q" * 40}, {"label": "r" * 40}]}},
        "steps": 3,
        "predict": predict,
        "measure": {"quantity": "loss", **measure},
        "why": f"{LONG} {FORMULA}",
        "formula": LONG,
        "try": f"{LONG} {FORMULA}",
    }


CARDS = [
    card({"kind": "choice", "options": [{"text": LONG}, {"text": FORMULA}], "answer": 0}, run=0),
    card({"kind": "number", "low": 0, "high": 2, "answer": 0.6, "unit": "u" * 40}, run=0),
    card({"kind": "order", "items": [LONG, FORMULA], "answer": [0, 1]}, runs=[0, 1]),
]
LESSON = {"basin_lesson": 1, "title": LONG, "about": LONG, "cards": CARDS}


def test_the_transport_bar_is_always_in_reach_and_plots_follow_the_window(visit: Visit) -> None:
    visit.rest()
    for step, screen in enumerate(("tablet", "phone"), 1):
        visit.page.set_viewport_size(SCREENS[screen])
        visit.find("#seed").scroll_into_view_if_needed()
        visit.find("#surface-plot").scroll_into_view_if_needed()
        assert visit.page.evaluate(OUT_OF_REACH) == []
        visit.click("#step")
        expect(visit.find("#step-count")).to_have_text(str(step))
    for screen in ("phone", "laptop"):
        visit.page.set_viewport_size(SCREENS[screen])
        visit.eventually(lambda: visit.page.evaluate(PLOTS_OFF), lambda off: max(off) <= 1)
    assert visit.page.evaluate(BEYOND)[0] <= 0


@pytest.mark.flat
@pytest.mark.parametrize("screen", ["laptop", "phone"])
def test_a_word_longer_than_a_line_widens_nothing(page: Page, screen: str) -> None:
    """In what others write: lessons, the sentence of a class, the names in a table."""
    page.set_viewport_size(SCREENS[screen])
    visit = Visit(page)
    packed = base64.urlsafe_b64encode(zlib.compress(json.dumps(LESSON).encode(), wbits=-15))
    for place in range(1, len(CARDS) + 1):
        page.goto(BETWEEN)
        visit.open(f"/#lesson=~{packed.decode().rstrip('=')}&card={place}")
        expect(visit.find("#lesson h2")).to_contain_text(LONG)
        assert page.evaluate(TOO_WIDE)[0] <= 0
        visit.click("#lesson-skip")
        page.get_by_role("button", name=WORDS["en"]["lesson.find"]).click()
        expect(visit.find("#lesson .lesson-formula")).to_contain_text(LONG)
        assert page.evaluate(TOO_WIDE)[0] <= 0
    page.evaluate("sessionStorage.clear()")
    page.goto(BETWEEN)
    visit.open(f"/#v1&preset=bowl&class=(note:'{LONG}{LONG}')")
    expect(visit.find("#class-note")).to_have_text(LONG + LONG)
    assert (visit.find("#reading").bounding_box() or {"width": 0})["width"] > 200
    assert page.evaluate(TOO_WIDE)[0] <= 0
    page.goto(BETWEEN)
    visit.open()
    page.evaluate("document.getElementById('own-open').click()")
    rows = [f"{i},{i * i % 7},{'CDE'[i % 3] * 80}" for i in range(12)]
    visit.find("#table-text").fill("\n".join([f"{'x' * 80},{'y' * 80},{'kind' * 20}", *rows]))
    expect(visit.find("#own .preview")).to_be_visible()
    assert max(page.evaluate(TOO_WIDE)) <= 0
    visit.anew(lambda: visit.click("#table-use"))
    assert page.evaluate(TOO_WIDE)[0] <= 0
