"""The page in a folder of its host, as behind a course's proxy: nothing is asked beside it."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Request, expect

from tests.browser.window import SCREEN, watched
from tests.serving import Server


def test_the_page_works_below_a_folder(browser: Browser, tmp_path: Path) -> None:
    with (
        Server(tmp_path, variables={"SCRIPT_NAME": "/lab/basin"}) as server,
        browser.new_context(viewport=SCREEN, reduced_motion="reduce", locale="en") as context,
    ):
        page, asked = context.new_page(), set[str]()

        def note(request: Request) -> None:
            asked.add(urlsplit(request.url).path)

        context.on("request", note)
        with watched(page, server.url):
            page.goto(f"{server.url}/lab/basin/")
            expect(page.locator("html")).to_have_attribute("data-ready", "true")
            page.locator("#step").click()
            expect(page.locator("#step-count")).to_have_text("1")
            expect(page.locator("html")).to_have_attribute("data-plots", "true")
            # What is fetched only when it is wanted: another language, a dialog, a lesson.
            page.locator("#language").click()
            expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
            page.evaluate("location.hash = '#lesson=xor'")
            expect(page.locator("#lesson .lesson-name")).to_be_visible()
        assert len(asked) > 50
        assert {path for path in asked if not path.startswith("/lab/basin/")} <= {"/favicon.ico"}
