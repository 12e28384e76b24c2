"""The server dies in mid-training and comes back: the page waits, and goes on by itself."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.visit import WORDS, Visit
from tests.serving import Server

EN = WORDS["en"]


@pytest.fixture
def mortal(tmp_path: Path) -> Iterator[Server]:
    """A server of its own, to be killed."""
    with Server(tmp_path) as server:
        yield server


@pytest.fixture
def visit(
    browser: Browser, browser_context_args: dict[str, Any], mortal: Server
) -> Iterator[Visit]:
    with browser.new_context(**{**browser_context_args, "base_url": mortal.url}) as context:
        yield Visit(context.new_page()).open()


def undisturbed(page: Page, spec: Any, steps: int) -> Any:
    """The losses of the same experiment, trained at one go."""
    made = page.request.post("/api/experiments", data=spec).json()
    page.request.post(f"/api/experiments/{made['id']}/steps", data={"count": steps})
    return page.request.get(f"/api/experiments/{made['id']}/loss?points=20000").json()["train"]


def test_training_goes_on_bit_equal_after_the_server_was_killed(
    visit: Visit, mortal: Server
) -> None:
    visit.play(to=30)
    mortal.kill()
    expect(visit.find("#notice")).to_have_text(EN["notice.offline"])
    before = visit.shown
    mortal.start()
    visit.eventually(lambda: visit.shown, lambda shown: shown > before + 40)
    expect(visit.find("#notice")).to_have_text(EN["notice.back"])
    visit.click("#train")
    shown = visit.rest()
    truth = visit.losses()
    assert truth == undisturbed(visit.page, visit.ask()["spec"], shown)
    for run, curve in enumerate(visit.curves()):
        assert curve["y"] == [truth[run][step] for step in curve["x"]]


def test_a_change_made_while_the_server_is_gone_is_made_when_it_is_back(
    visit: Visit, mortal: Server
) -> None:
    visit.step()
    mortal.kill()
    visit.click("#add-layer")
    expect(visit.find("#notice")).to_have_text(EN["notice.offline"])
    visit.anew(mortal.start)
    assert len(visit.ask()["shapes"]) == 3
    visit.step()
    visit.rest()


def test_back_goes_where_it_was_after_the_server_was_started_again(
    visit: Visit, mortal: Server
) -> None:
    visit.step(3)
    history = visit.losses()
    assert mortal.stop() == 0
    mortal.start()
    visit.click("#back")
    expect(visit.find("#step-count")).to_have_text("2")
    visit.step()
    visit.rest()
    assert visit.losses() == history
