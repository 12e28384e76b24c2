"""Nothing overlaps, is cut, or scrolls sideways: all states of the page, at all sizes, in both
languages. What is wrong with a state is told in one message. `-k "iris"` looks at one state.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browser.geometry import report, speak, survey
from tests.browser.inspection import violations
from tests.browser.states import STATES, State
from tests.browser.visit import NEXT_FRAMES, Visit
from tests.browser.window import SCREEN, clear, watched


class Stay:
    """The window, which stays at an address as long as one state after the other begins there."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.at = ""
        self.visit = Visit(page)

    def go(self, state: State) -> None:
        """Come to a state: by its link, unless the page is there, then by its clicks."""
        self.page.set_viewport_size(SCREEN)
        if self.at == state.link:
            speak(self.page, "en")
        else:
            self.page.goto("/healthz")  # a link to the page that is open would not load it anew
            self.page.evaluate("localStorage.clear()")
            self.visit = Visit(self.page).open(state.link)
            if not state.console:  # else there is a picture that cannot be drawn
                self.page.wait_for_selector("html[data-plots='true']", state="attached")
        self.at = ""
        if state.enter:
            state.enter(self.visit)
        self.page.wait_for_load_state("networkidle")
        self.page.evaluate(NEXT_FRAMES)

    def leave(self, state: State) -> None:
        """Undo what was done, if it can be, so that the page serves again."""
        if state.enter and not state.leave:
            return
        self.page.set_viewport_size(SCREEN)
        if state.leave:
            state.leave(self.visit)
        self.at = state.link


@pytest.fixture(scope="module")
def stay(window: Page, base_url: str) -> Iterator[Stay]:
    """The one window for all states."""
    with watched(window, base_url, [state.console for state in STATES.values() if state.console]):
        yield Stay(window)
        clear(window)


@pytest.mark.parametrize("name", STATES)
def test_nothing_overlaps_or_is_cut_at_any_size(name: str, stay: Stay) -> None:
    """What axe-core finds is told with it: to come to a state takes longer than to look."""
    state = STATES[name]
    stay.go(state)
    heard = violations(stay.visit) if state.axe else []
    found = survey(stay.page, state.pictures)
    stay.leave(state)
    told = [report(found)] * bool(found) + [f"axe: {one}" for one in heard]
    assert not told, "\n".join([f"{len(found)} problems:", *told])
