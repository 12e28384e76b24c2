"""Dialogs are closed by a click beside them, and by nothing else that a mouse does by chance."""

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit

pytestmark = pytest.mark.flat

OPENERS = {
    "#experiments": "#preset",
    "#take-home": "#take-home-open",
    "#class-dialog": "#class-open",
}


@pytest.mark.parametrize("dialog", OPENERS)
def test_a_dialog_is_closed_by_a_click_that_begins_and_ends_beside_it(
    visit: Visit, dialog: str
) -> None:
    mouse, seen = visit.page.mouse, visit.find(dialog)
    visit.click(OPENERS[dialog])
    expect(seen).to_be_visible()
    expect(visit.find(f"{dialog} button").last).to_be_visible()
    box = seen.bounding_box()
    assert box
    left, middle = box["x"], box["y"] + box["height"] / 2
    inside, beside = left + 4, left - 4  # the dialog's own edge, where nothing of it stands
    mouse.click(inside, middle)
    for begin, end in ((inside, beside), (beside, inside)):
        mouse.move(begin, middle)
        mouse.down()
        mouse.move(end, middle)
        mouse.up()
    expect(seen).to_be_visible()
    mouse.click(beside, middle)
    expect(seen).to_be_hidden()
