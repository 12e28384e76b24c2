"""Light and dark, as the system says or as the visitor chooses."""

import numpy as np
from playwright.sync_api import Page, expect

from tests.browser.visit import Visit

GROUND = "() => getComputedStyle(document.body).backgroundColor"


def is_dark(visit: Visit) -> bool:
    """Whether the page's ground is dark, and the plots' words are not."""
    ground = str(visit.page.evaluate(GROUND))
    red = int(ground.split("(")[1].split(",")[0])
    font = visit.page.evaluate('document.getElementById("loss-plot")._fullLayout.font.color')
    assert (int(str(font)[1:3], 16) > 128) == (red < 128)
    return red < 128


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


def test_the_theme_is_remembered(visit: Visit) -> None:
    visit.click("#theme")
    visit.click("#theme")
    visit.open()
    visit.rest()
    expect(visit.find("html")).to_have_attribute("data-theme", "dark")
    assert is_dark(visit)


def test_the_systems_theme_is_followed(visit: Visit) -> None:
    visit.rest()
    assert not is_dark(visit)
    visit.page.emulate_media(color_scheme="dark")
    visit.still("#loss-plot")
    assert is_dark(visit)
    visit.open()
    visit.rest()
    assert is_dark(visit)


def test_every_run_is_seen_on_a_dark_ground(page: Page) -> None:
    page.emulate_media(color_scheme="dark")
    visit = Visit(page).open()
    visit.train(to=400, speed=6)
    curves = visit.still("#loss-plot")
    assert min(visit.pixels_of(colour, curves) for colour in visit.run_colours()) > 20
    rows = visit.colours(visit.still("#surface-plot"))
    mean = np.average(rows[:, :3], axis=0, weights=rows[:, 3])
    assert mean.max() < 128
