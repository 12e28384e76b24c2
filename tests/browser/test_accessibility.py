"""What axe-core cannot know of accessibility (what it finds: test_tour.py)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visit import Visit


@pytest.mark.flat
def test_what_happened_is_announced(visit: Visit) -> None:
    visit.train(to=10)
    expect(visit.find("#announcer")).to_have_text(visit.find("#reading").inner_text())
    expect(visit.find("#announcer")).to_have_attribute("aria-live", "polite")
    expect(visit.find("#notice")).to_have_role("status")


def test_every_control_has_a_name(visit: Visit) -> None:
    visit.click("[data-focus='run/1/edit']")
    controls = visit.find("button, select, input, textarea, canvas[role=img], .figure")
    for i in range(controls.count()):
        control = controls.nth(i)
        if control.is_visible():
            expect(control).to_have_accessible_name(re.compile(r"\S"))
