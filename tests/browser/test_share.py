"""Moving through time, branching, and a link that rebuilds the very experiment anywhere."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from app.lab.spec.parse import parse
from benchmarks.papers import link
from tests.browser.visit import WORDS, Visit, number
from tests.serving import Server

EN = WORDS["en"]


def scrub(visit: Visit, to: int) -> None:
    visit.find("#scrubber").fill(str(to))
    expect(visit.find("#step-count")).to_have_text(f"{to:,}")
    # The thumb rests: the curves follow.
    visit.eventually(lambda: visit.curves("present")[0]["x"][0], lambda shown: shown == to)


def addressed(visit: Visit, fits: str) -> str:
    """The page's address, once it says this."""
    return visit.eventually(lambda: str(visit.page.url), lambda url: fits in url)


@pytest.mark.flat
def test_any_step_is_shown_exactly_and_nothing_is_lost(visit: Visit) -> None:
    last = visit.train(to=40)
    history = visit.losses()
    for step in (7, 31, 0):
        scrub(visit, step)
        assert number(visit.find("#train-loss").inner_text()) == round(history[0][step] or 0, 4)
        present = visit.curves("present")[0]
        assert present["y"] == [losses[step] for losses in history]
    assert visit.ask()["step"] == last
    visit.find("#scrubber").press("ArrowRight")
    expect(visit.find("#step-count")).to_have_text("1")
    visit.click("#to-present")
    expect(visit.find("#step-count")).to_have_text(str(last))
    visit.step()
    assert [losses[: last + 1] for losses in visit.losses()] == history


@pytest.mark.flat
def test_training_from_the_past_says_that_it_goes_on_from_the_present(visit: Visit) -> None:
    visit.play(to=20)
    scrub(visit, 5)  # which pauses
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    last = visit.ask()["step"]
    visit.click("#train")
    expect(visit.find("#notice")).to_contain_text("To train from step 5 instead")
    visit.click("#train")
    assert visit.rest() >= last


@pytest.mark.flat
def test_bookmarks_are_kept_and_jumped_to(visit: Visit) -> None:
    visit.step(4)
    visit.click("#bookmark")
    visit.step(2)
    addressed(visit, "step=6&see.flags=!(4)")
    visit.page.reload()
    expect(visit.find("html")).to_have_attribute("data-ready", "true")
    visit.click("#marks button")
    expect(visit.find("#step-count")).to_have_text("4")
    visit.anew(lambda: visit.click("#new-draw"))  # another experiment has none
    expect(visit.find("#marks button")).to_have_count(0)
    visit.anew(lambda: visit.click("#undo"))
    scrub(visit, 4)
    visit.click("#bookmark")
    expect(visit.find("#marks button")).to_have_count(0)


@pytest.mark.flat
def test_a_reload_while_training_comes_back_to_the_step(visit: Visit) -> None:
    visit.play(to=40)
    addressed(visit, "step=")  # the address follows while it is trained
    visit.page.reload()
    expect(visit.find("html")).to_have_attribute("data-ready", "true")
    shown = visit.rest()
    assert shown >= 40
    visit.page.reload()
    expect(visit.find("html")).to_have_attribute("data-ready", "true")
    assert visit.rest() == shown


@pytest.mark.flat
def test_a_link_that_comes_while_training_is_not_written_over(visit: Visit) -> None:
    visit.click("#train")
    addressed(visit, "step=")
    visit.page.evaluate("""() => {
        const later = window.setTimeout;
        window.setTimeout = (work, ms) =>
            ms === 1000 ? ((window.follow = work), 1) : later(work, ms);
    }""")
    visit.eventually(lambda: visit.page.evaluate("window.follow !== undefined"), bool)
    # The address follows the training just when the link has come, before the page hears of it.
    visit.page.evaluate("""() => {
        location.hash = 'v1&optimizer.learning_rate=0.25';
        window.follow();
    }""")
    expect(visit.find("#step-count")).to_have_text("0")
    expect(visit.find("html")).to_have_attribute("data-ready", "true")
    expect(visit.find("#learning-rate")).to_have_value("0.25")


@pytest.mark.flat
def test_a_link_says_from_where_it_opens_and_offers_json(visit: Visit) -> None:
    visit.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    visit.step(2)
    visit.click("#share")
    expect(visit.find("#notice")).to_contain_text(EN["share.copied.computer"])
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("http://127.0.0.1")
    assert "#v1&step=2" in copied
    visit.page.evaluate("document.documentElement.dataset.publicUrl = 'https://a.example.org/b/'")
    visit.click("#share")
    expect(visit.find("#notice")).to_contain_text(EN["share.copied.anywhere"])
    copied = visit.page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("https://a.example.org/b/#v1&step=2")
    visit.click("#notice-action")
    expect(visit.find("#notice")).to_have_text(EN["share.json.copied"])
    document = json.loads(visit.page.evaluate("navigator.clipboard.readText()"))
    answer = visit.page.request.post("/api/experiments", data=document).json()
    assert [answer["step"], answer["spec"]] == [2, visit.ask()["spec"]]


@pytest.mark.flat
def test_a_branch_is_compared_with_what_was(visit: Visit) -> None:
    last = visit.train(to=30)
    history = visit.losses()
    scrub(visit, 10)
    visit.click("#branch")
    visit.find("#branch-rate").fill("0.1")
    visit.anew(lambda: visit.click("#branch-go"))
    assert visit.rest() == 10
    assert visit.ask()["events"][0]["optimizer"]["learning_rate"] == 0.1
    ghosts = visit.curves("ghost")
    assert [ghost["y"][-1] for ghost in ghosts] == [losses[last] for losses in history]
    visit.step()
    changed = visit.losses()
    assert [losses[:11] for losses in changed] == [losses[:11] for losses in history]
    assert changed[0][11] != history[0][11]
    visit.anew(lambda: visit.click("#undo"))
    assert visit.rest() == last
    assert visit.losses() == history


@pytest.fixture
def elsewhere(
    tmp_path: Path, browser: Browser, browser_context_args: dict[str, Any]
) -> Iterator[Visit]:
    """A fresh browser, against a fresh server."""
    with (
        Server(tmp_path) as server,
        browser.new_context(**{**browser_context_args, "base_url": server.url}) as context,
    ):
        yield Visit(context.new_page())


def test_a_link_rebuilds_the_same_experiment_elsewhere(visit: Visit, elsewhere: Visit) -> None:
    visit.step(2)
    visit.enter("#learning-rate", "0.3")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.train(to=40)
    visit.find("#diagram").focus()
    visit.page.keyboard.press("ArrowDown")
    visit.page.keyboard.press("Enter")
    visit.enter("#part-value", "0.123456789")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 2)
    last = visit.train(to=60)
    visit.choose("#learned-run", "1")
    visit.choose("#network-mode", "gradients")
    visit.choose("#network-beside", "3")
    address = addressed(visit, f"step={last}&see.run=1&see.lines=gradients&see.beside=3")
    elsewhere.open("/" + address[address.index("#") :])
    assert elsewhere.rest() == last
    assert elsewhere.losses() == visit.losses()
    assert elsewhere.ask()["spec"] == visit.ask()["spec"]
    expect(elsewhere.find("#learned-run")).to_have_value("1")
    expect(elsewhere.find("#network-mode")).to_have_value("gradients")
    expect(elsewhere.find("#network-beside")).to_have_value("3")


def test_a_link_to_a_published_result_opens_its_set_up(page: Page) -> None:
    document = {
        "data": {"name": "custom", "inputs": [[i / 40, i % 7] for i in range(80)],
                 "targets": [[i % 5, -i] for i in range(80)], "standardize_target": True},
        "layers": [{"units": 3, "activation": "tanh"}, {"units": 2, "activation": "linear"}],
        "loss": "half_mse",
        "runs": [{"label": "it's α", "recipe": {"weights": {"name": "fan_in_uniform"}}}, {}],
    }  # fmt: skip
    text = link.fragment(document, 20, plane="from_start", run=1)
    visit = Visit(page).open(f"/#{text}")
    assert visit.rest() == 20
    assert visit.ask()["spec"] == json.loads(json.dumps(parse(document).spec.document))
    expect(visit.find("#plane-kind")).to_have_value("from_start")
    expect(visit.find("#surface-run")).to_have_value("1")
    visit.eventually(visit.surface, lambda surface: surface is not None)


@pytest.mark.flat
@pytest.mark.console_allows("status of 422")
@pytest.mark.parametrize(
    ("fragment", "said"),
    [
        ("#v1&step=(", "share.broken"),
        ("#activation=tanh&batchSize=10", "share.broken"),
        ("#v9&seed=1", "share.version"),
        ("#v1&seed=-5", "share.refused"),
    ],
)
def test_a_bad_link_is_said_and_the_opening_experiment_opened(
    page: Page, fragment: str, said: str
) -> None:
    visit = Visit(page).open(f"/{fragment}")
    expect(visit.find("#notice")).to_have_text(EN[said])
    expect(visit.find("#preset")).to_have_attribute("data-value", "opening")
    visit.step()


@pytest.mark.flat
@pytest.mark.console_allows("status of 404")
def test_an_expired_experiment_is_built_again_with_its_events(visit: Visit) -> None:
    visit.step(2)
    visit.enter("#learning-rate", "0.3")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.step(3)
    history = visit.losses()
    visit.page.request.delete(f"/api/experiments/{visit.id}")
    visit.anew(lambda: visit.click("#step"))
    expect(visit.find("#notice")).to_have_text(EN["notice.rebuilt"])
    visit.rest()
    assert [losses[:6] for losses in visit.losses()] == history


@pytest.mark.flat
def test_a_new_draw_is_another_seed_and_reset_is_not(visit: Visit) -> None:
    start = visit.ask("/parameters", run=0, step=0)["W"]
    visit.step(2)
    visit.click("#reset")
    expect(visit.find("#step-count")).to_have_text("0")
    assert visit.ask("/parameters", run=0, step=0)["W"] == start
    visit.anew(lambda: visit.click("#new-draw"))
    assert visit.ask("/parameters", run=0, step=0)["W"] != start
