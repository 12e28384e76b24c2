import re
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import LANGUAGES, WORDS, Visit, number

OPENING = ("glorot", "article", "zero_weights", "same_weights", "all_zeros")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_opens_ready_to_train_at_the_servers_losses(page: Page, language: str) -> None:
    """What is seen at first: in the browser's language, and in another that is asked for."""
    visit = Visit(page).open("/" if language == "en" else f"/?lang={language}")
    words = WORDS[language]
    expect(page).to_have_title(re.compile("Basin"))
    expect(page.locator("html")).to_have_attribute("lang", language)
    expect(page.locator("link[rel=icon]")).to_have_count(1)
    expect(page.locator("#train")).to_be_enabled()
    expect(page.locator("#train")).to_have_text(words["transport.train"])
    expect(page.locator("#step")).to_be_enabled()
    expect(page.locator("#step-count")).to_have_text("0")
    for button in ("#reset", "#back", "#undo", "#redo"):
        expect(visit.find(button)).to_be_disabled()
    expect(visit.find("#preset")).to_have_attribute("data-value", "opening")
    expect(visit.find("#notice")).to_be_empty()
    names = [words[f"catalog.recipes.{name}"] for name in OPENING]
    expect(page.locator("#runs .name")).to_have_text(names)
    losses = visit.ask()["loss"]
    shown = [number(text) for text in page.locator("#runs .loss").all_inner_texts()]
    assert shown == pytest.approx(losses["train"], abs=6e-5)
    assert number(page.locator("#train-loss").inner_text()) == pytest.approx(shown[0])
    assert number(page.locator("#test-loss").inner_text()) == pytest.approx(
        losses["test"][0], abs=6e-5
    )
    expect(page.locator("#question")).to_have_text(words["catalog.presets.opening.question"])
    expect(page.locator("#reading")).to_have_text(words["catalog.presets.opening.look"])
    both_plots_are_drawn(visit)


def both_plots_are_drawn(visit: Visit) -> None:
    """Before the first click."""
    assert visit.rest() == 0
    assert [curve["y"] for curve in visit.curves()] == [
        [loss] for loss in visit.ask()["loss"]["train"]
    ]
    visit.eventually(
        lambda: len(visit.colours(visit.still("#surface-plot"))), lambda colours: colours > 500
    )
    assert len(visit.colours(visit.still("#loss-plot"))) > 20


def test_the_browsers_language_is_taken_when_none_is_asked_for(
    browser: Browser, base_url: str
) -> None:
    """As that of the window of all other tests is, which is English."""
    with browser.new_context(base_url=base_url, locale="zh-CN") as context:
        page = Visit(context.new_page()).open().page
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page.locator("#train")).to_have_text(WORDS["zh-CN"]["transport.train"])


@pytest.fixture
def slow_url(base_url: str) -> Iterator[str]:
    """The server behind a network that stops for a while in the midst of the page."""

    class Relay(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            headers = {"Content-Type": self.headers.get("Content-Type", "")} if length else {}
            asked = Request(base_url + self.path, self.rfile.read(length) or None, headers)
            asked.method = self.command
            try:
                answer = urlopen(asked, timeout=30.0)
            except HTTPError as error:
                answer = error
            with answer:
                body = answer.read()
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.headers["Content-Type"] or "text/plain")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
            middle = body.find(b'id="messages"') + 20_000 if self.path == "/" else len(body)
            self.wfile.write(body[:middle])
            if middle < len(body):
                time.sleep(2.0)
                self.wfile.write(body[middle:])

        do_POST = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing is said of a request."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Relay) as relay:
        Thread(target=relay.serve_forever, args=(0.01,), daemon=True).start()
        yield f"http://127.0.0.1:{relay.server_address[1]}"
        relay.shutdown()


def test_a_page_that_comes_in_pieces_opens(browser: Browser, slow_url: str) -> None:
    """Its scripts may be here before its words are."""
    with browser.new_context() as context:
        page, errors = context.new_page(), list[str]()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(slow_url + "/")
        expect(page.locator("html")).to_have_attribute("data-ready", "true")
        assert errors == []
