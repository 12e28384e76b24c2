"""Light and dark as the visitor chooses (as the system says: test_tour.py)."""

import pytest
from playwright.sync_api import expect

from tests.browser.inspection import is_dark
from tests.browser.visit import Visit


def test_the_visitors_theme_is_kept(visit: Visit) -> None:
    visit.rest()
    light = visit.still("#loss-plot"), visit.still("#surface-plot"), visit.still("#decision-map")
    looks = []
    for theme in ("light", "dark", "auto"):
        visit.click("#theme")
        expect(visit.find("html")).to_have_attribute("data-theme", theme)
        visit.still("#loss-plot")
        looks.append(is_dark(visit))
        if theme == "dark":
            for plot, before in zip(
                ("#loss-plot", "#surface-plot", "#decision-map"), light, strict=True
            ):
                assert visit.still(plot) != before
    assert looks == [False, True, False]


@pytest.mark.flat
def test_the_theme_is_remembered(visit: Visit) -> None:
    visit.click("#theme")
    visit.click("#theme")
    visit.open()
    visit.rest()
    expect(visit.find("html")).to_have_attribute("data-theme", "dark")
    assert is_dark(visit)
