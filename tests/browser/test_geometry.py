"""The geometry that test_sizes.py asks: faults that are planted are found, and nothing else is."""

import pytest
from playwright.sync_api import Page

from tests.browser.geometry import SCRIPT, look

SIZE = (400, 300)
BOX = "position: absolute; left: {}px; top: {}px; width: {}px; height: {}px;"

FAULTS = {
    "two controls overlap": (
        f'<button id="a" style="{BOX.format(10, 10, 80, 30)}">One</button>'
        f'<button id="b" style="{BOX.format(80, 20, 80, 30)}">Two</button>',
        ["overlap: #a “One” and #b “Two”: 10 × 20 at 80, 20"],
    ),
    "words run into others": (
        '<div style="display: flex; width: 60px"><p id="a" style="width: 30px; margin: 0;'
        ' white-space: nowrap">a long text</p><p id="b" style="margin: 0">next</p></div>',
        ["overlap: #a “a long text” and #b “next”"],
    ),
    "what is hidden for good": (
        '<div id="box" style="width: 50px; overflow: hidden; white-space: nowrap">'
        '<span id="a">a text too long for it</span></div>',
        ["cut: #a “a text too long for it” ("],
    ),
    "an ellipsis that nobody tells": (
        '<p id="a" style="width: 50px; overflow: hidden; text-overflow: ellipsis;'
        ' white-space: nowrap">a text too long for it</p>',
        ["cut: #a “a text too long for it” ("],
    ),
    "what leaves the window": (
        '<button id="a" style="position: fixed; left: -20px; top: 10px">Left</button>',
        ["cut: #a “Left” ("],
    ),
    "what makes the page scroll sideways": (
        '<div id="a" style="width: 500px">wide</div>',
        ["sideways: the page is 500 wide in a window of 400: #a “wide”"],
    ),
    "words that are too small": (
        '<p id="a" style="font-size: 9px">fine print</p>',
        ["small: #a “fine print” is written in 9 pixels"],
    ),
    "a button that is hard to hit": (
        f'<button id="a" style="{BOX.format(10, 10, 16, 16)} padding: 0">×</button>',
        ["tiny: #a has 16 × 16 pixels"],
    ),
    "a choice that has no room": (
        '<select id="a" style="width: 60px"><option>a very long choice</option></select>',
        ["cut: #a “a very long choice” needs "],
    ),
    "words that stand out of their button": (
        '<button id="a" style="width: 30px; padding: 0; white-space: nowrap"><span id="b">'
        "longer than that</span></button>",
        ["out: #b “longer than that” ("],
    ),
}

RIGHT = {
    "a scrolled list": '<div style="height: 40px; overflow: auto"><p>a</p><p>b</p><p>c</p></div>',
    "an ellipsis that is told": (
        '<p title="a text too long for it" style="width: 50px; overflow: hidden;'
        ' text-overflow: ellipsis; white-space: nowrap">a text too long for it</p>'
    ),
    "a popover": (
        f'<button style="{BOX.format(10, 10, 80, 30)}">below</button>'
        f'<div class="drop" style="{BOX.format(20, 20, 80, 30)}">above</div>'
    ),
    "what is only read out": (
        '<p style="position: absolute; width: 1px; height: 1px; overflow: hidden;'
        ' clip-path: inset(50%)">for the ear</p><p>for the eye</p>'
    ),
    "lines above each other": '<p style="margin: 0; line-height: 1">one<br>two<br>three</p>',
}


def seen(page: Page, content: str) -> list[str]:
    """What is wrong with a body."""
    page.set_content(f'<!doctype html><body style="margin: 0">{content}')
    page.evaluate(SCRIPT)
    return look(page, SIZE)


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_and_both_elements_are_named(page: Page, fault: str) -> None:
    content, expected = FAULTS[fault]
    found = seen(page, content)
    for begin in expected:
        assert any(told.startswith(begin) for told in found), found


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_let_be(page: Page, name: str) -> None:
    assert seen(page, RIGHT[name]) == []


def test_words_that_meet_on_a_canvas_are_found(page: Page) -> None:
    page.set_content('<!doctype html><canvas id="a" width="200" height="100"></canvas>')
    page.evaluate(SCRIPT)
    page.evaluate("""() => {
        const paper = document.getElementById("a").getContext("2d");
        paper.clearRect(0, 0, 200, 100);
        paper.fillText("first", 20, 50);
        paper.fillText("second", 30, 52);
        paper.fillText("beyond", 190, 20);
    }""")
    told = look(page, SIZE)
    assert len(told) == 2
    assert told[0].startswith("overlap: “first” and “second” on #a")
    assert told[1].startswith("cut: “beyond” on #a")
