"""What overlaps, is cut, or makes the page scroll sideways, at every size of the window.

The page is put into a state once; then only the window and the language change, and a script in the
page looks at it in a few milliseconds. `python -m tests.browser.geometry URL` does so with a page
that is served somewhere, and prints what is wrong.
"""

import re
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests import chromium

SCRIPT = (Path(__file__).parents[1] / "js" / "geometry.js").read_text(encoding="utf-8")
SIZES = (
    *((1920, 1080), (1440, 900), (1366, 768), (1280, 720), (1280, 800), (1024, 768), (960, 540)),
    *((768, 1024), (390, 844), (360, 740), (320, 640)),
)
"""Width and height of the window, in CSS pixels: desks, beamers, 200 % zoom, tablets, phones."""
LOOKED = {
    "en": SIZES,
    "zh-CN": ((1440, 900), (1280, 720), (1024, 768), (960, 540), (390, 844), (320, 640)),
}
"""The sizes in each language. Chinese is shorter: at the sizes between there is more room."""
DRAWN = {"en": ((1280, 720), (320, 640)), "zh-CN": ((1280, 720),)}
"""The sizes at which what is written in pictures is looked at: they take time to follow."""

NUMBERS = re.compile(
    r"-?\d+ × -?\d+ at -?\d+, -?\d+|needs \d+, has \d+|is \d+ wider|(?<=^sideways:).*"
)

Problems = dict[str, dict[str, str]]
"""What is wrong, without its sizes; in which languages and windows, and with which sizes there."""


def look(page: Page, size: tuple[int, int], pictures: bool = True) -> list[str]:
    """What is wrong with the page in a window of a size.

    Without `pictures`, what is written in plots and on canvases is left out, and not waited for.
    """
    page.set_viewport_size({"width": size[0], "height": size[1]})
    return list(page.evaluate("(asked) => basinGeometry(...asked)", [size, pictures]))


def survey(page: Page, pictures: bool = True) -> Problems:
    """What is wrong at every size in every language; the page keeps the last of them."""
    found: Problems = {}
    if not page.evaluate("'basinGeometry' in window"):
        page.evaluate(SCRIPT)  # from now on, what is written on canvases is known
    page.mouse.move(0, 0)  # away from what has a hint
    for language, drawn in DRAWN.items():
        speak(page, language)
        for size in LOOKED[language]:
            for problem in look(page, size, pictures and size in drawn):
                kind = NUMBERS.sub("", problem)
                found.setdefault(kind, {})[f"{language} {size[0]}×{size[1]}"] = problem
    page.evaluate("basinGeometryEnd()")
    return found


def speak(page: Page, language: str) -> None:
    """Change the language in place, as the button does."""
    if page.evaluate("document.documentElement.lang") != language:
        page.evaluate("document.getElementById('language').click()")
        page.wait_for_selector(f"html[lang='{language}']", state="attached")


def report(found: Problems) -> str:
    """All problems in lines: what, with the sizes of the first window in which it is, and where."""
    return "\n".join(
        f"{next(iter(places.values()))}  [{', '.join(places)}]" for places in found.values()
    )


def main(url: str) -> int:
    """Print what is wrong with the page at an address, at all sizes."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=str(chromium.find()), args=list(chromium.FLAGS)
        )
        page = browser.new_page(locale="en")
        page.goto(url)
        page.wait_for_selector("html[data-ready='true']", state="attached")
        page.wait_for_selector("html[data-plots='true']", state="attached")
        found = survey(page)
        browser.close()
    print(report(found) or "nothing overlaps, is cut, or scrolls sideways")
    return min(len(found), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
