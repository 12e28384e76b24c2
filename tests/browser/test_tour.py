"""Accessibility, words and themes at every stop of one walk through the page.

axe-core finds nothing serious, no word is of another language, and plots and page have one theme;
test_sizes.py looks at the layout.
"""

import re

import numpy as np
import pytest
from playwright.sync_api import Page

from tests.browser.test_languages import check_no_keys, foreign
from tests.browser.tour import (
    OPENED,
    READ,
    STOPS,
    THEMED,
    THEMES,
    Theme,
    Tour,
    Walk,
)
from tests.browser.visit import LANGUAGES, pixels_near
from tests.browser.window import clear, watched


@pytest.fixture(scope="module")
def tours(window: Page, base_url: str) -> dict[str, Tour]:
    """What was found on the walk in each language."""
    found: dict[str, Tour] = {}
    for language in LANGUAGES:
        with watched(window, base_url):
            found[language] = Walk(window, language).whole()
            clear(window)
    return found


@pytest.fixture
def tour(tours: dict[str, Tour], language: str) -> Tour:
    """What was found on the walk in a language."""
    return tours[language]


each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
@pytest.mark.parametrize("stop", STOPS)
def test_axe_finds_nothing(tour: Tour, stop: str) -> None:
    """English is seen in the light theme, Chinese in the dark one."""
    assert tour.violations[stop] == []


def test_controls_are_explained(tours: dict[str, Tour]) -> None:
    """Every control has a short explanation, itself or on the label round it."""
    for tour in tours.values():
        assert tour.unexplained <= {"notice-action", "help-close"}


@each_language
@pytest.mark.parametrize("stop", READ)
def test_every_word_is_of_the_pages_language(tour: Tour, stop: str, language: str) -> None:
    texts = tour.words[stop]
    check_no_keys(texts)
    if language == "en":
        assert not [text for text in texts if re.search(r"[\u3400-\u9fff]", text)]
    else:
        assert foreign(texts) == []


@each_language
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("stop", THEMED)
def test_the_systems_theme_is_followed(tour: Tour, stop: str, theme: Theme) -> None:
    """The page is opened in a light and in a dark system, and either changes under way."""
    assert tour.dark[stop, theme] == (theme == "dark")


@each_language
def test_every_run_is_seen_in_its_colour_on_either_ground(tour: Tour, language: str) -> None:
    curves, surface = tour.pictures["loss-plot"], tour.pictures["surface-plot"]
    drawn = [pixels_near(colour, curves) for colour in tour.run_colours]
    assert min(drawn) > 20, drawn
    # On the surface the others are faded where its sheet hides them.
    assert pixels_near(tour.run_colours[0], surface) > 20
    mean = np.average(surface[:, :3], axis=0, weights=surface[:, 3])
    assert (mean.max() < 128) == (OPENED[language][1] == "dark")
