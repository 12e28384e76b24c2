"""The screen: what follows the size of the window, and what stays in reach (see test_tour.py)."""

from playwright.sync_api import expect

from tests.browser.inspection import BEYOND, OUT_OF_REACH, PLOTS_OFF
from tests.browser.tour import SCREENS
from tests.browser.visit import Visit


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
