"""What cannot be is said beside its control; what goes wrong on the way is said and mended."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect

from tests.browser.visit import WORDS, Visit

pytestmark = pytest.mark.flat

EN = WORDS["en"]
UNITS = "[data-pointer='/layers/0/units']"
BOXES = [  # a box, what is too much or too little for it, the name of its range, what is possible
    ("#learning-rate", "100", "learning_rate", "0.3"),
    ("#learning-rate", "0", "learning_rate", "0.4"),
    (UNITS, "0", "units", "3"),
    (UNITS, "1e9", "units", "5"),
    ("#data-samples", "1", "samples", "100"),
    ("#data-samples", "100000", "samples", "110"),
    ("#seed", "-1", "seed", "3"),
    ("#data-seed", "-1", "seed", "3"),
]


def beside(visit: Visit, box: str) -> Locator:
    """The message of a box, which stands near it and which it refers to."""
    control = visit.find(box)
    expect(control).to_have_attribute("aria-invalid", "true")
    message = visit.find(f"#{control.get_attribute('aria-errormessage')}")
    expect(message).to_be_visible()
    place, words = control.bounding_box(), message.bounding_box()
    assert place is not None
    assert words is not None
    fields = visit.find(f".field:has({box})")
    field = (fields.last.bounding_box() if fields.count() else None) or place
    assert abs(words["x"] - field["x"]) < 240
    # Near its top, or right below what is high.
    assert min(abs(words["y"] - place["y"]), abs(words["y"] - place["y"] - place["height"])) < 100
    return message


def limits(visit: Visit, field: str) -> dict[str, Any]:
    return dict(visit.page.request.get("/api/catalog").json()["fields"][field])


def written(number: float) -> str:
    """A number as the page writes it: without an exponent while it is not too small."""
    return np.format_float_positional(number, trim="-")


def fix(visit: Visit, box: str, value: str) -> None:
    """Type what is possible: the message goes, and the value is taken."""
    before = visit.ask()
    visit.enter(box, value)
    expect(visit.find(".problem")).to_have_count(0)
    expect(visit.find(box)).not_to_have_attribute("aria-invalid", "true")
    visit.eventually(visit.ask, lambda now: now != before)


def test_a_number_out_of_range_is_told_with_the_range(visit: Visit) -> None:
    for box, value, field, good in BOXES:
        shown, before = visit.shown, visit.ask()
        visit.enter(box, value)
        allowed = limits(visit, field)
        for end in ("minimum", "maximum"):
            expect(beside(visit, box)).to_contain_text(written(allowed[end]))
        assert visit.ask() == before
        assert visit.shown == shown
        fix(visit, box, good)


def test_what_is_no_number_is_told(visit: Visit) -> None:
    before = visit.ask()
    for box in ("#learning-rate", UNITS, "#data-samples", "#seed", "#data-seed"):
        for value in ("many", "", "1.5.2"):
            visit.enter(box, value)
            expect(beside(visit, box)).to_contain_text("not a valid")
    assert visit.ask() == before


def test_a_wrong_number_in_a_recipe_is_told_beside_it(visit: Visit) -> None:
    visit.click("[data-focus='run/1/edit']")
    box = "[data-pointer='/runs/1/recipe/weights/std']"
    before = visit.ask()
    visit.enter(box, "-1")
    expect(beside(visit, box)).to_contain_text("between 0 and 10")
    assert visit.ask() == before
    fix(visit, box, "0.2")


@pytest.mark.console_allows("422")
def test_a_batch_larger_than_the_training_set_is_told(visit: Visit) -> None:
    visit.anew(lambda: visit.choose("#batch", "mini"))
    visit.step()
    before = visit.ask()
    visit.enter("#batch-size", "251")
    expect(beside(visit, "#batch-size")).to_contain_text("250")
    assert visit.ask() == before
    expect(visit.find("#step-count")).to_have_text("1")
    fix(visit, "#batch-size", "250")


def problem(status: int, *errors: dict[str, Any], **headers: str) -> dict[str, Any]:
    """An answer of the server that refuses."""
    body = {"type": "about:blank", "title": "No", "status": status, "errors": errors}
    return {
        "status": status,
        "headers": {"content-type": "application/problem+json", **headers},
        "body": json.dumps(body),
    }


REFUSED = [  # what the server points at, and where that is on the page
    ("/layers/0/activation", "[data-pointer='/layers/0/activation']"),
    ("/loss", "#loss-choice"),
    ("/runs/2/recipe/weights/std", "#runs"),
]


def refusing(pointer: str) -> Callable[[Route], None]:
    """What answers that the number there is out of its range."""
    error = {"pointer": pointer, "code": "out_of_range", "allowed": {"minimum": 3, "maximum": 5}}
    return lambda route: route.fulfill(**problem(422, error))


@pytest.mark.console_allows("422")
def test_what_the_server_refuses_is_told_beside_its_control(visit: Visit) -> None:
    for pointer, box in REFUSED:
        visit.step()
        before = visit.ask()
        visit.page.route("**/api/experiments", refusing(pointer))
        visit.enter("#seed", "8")
        expect(beside(visit, box)).to_have_text("Must be between 3 and 5.")
        expect(visit.find("#notice")).to_contain_text(EN["notice.refused"])
        assert visit.ask() == before
        visit.page.unroute_all()
        visit.click("#notice-action")
        expect(visit.find(".problem")).to_have_count(0)
        expect(visit.find("#seed")).to_have_value("7")
    visit.step()


@pytest.mark.console_allows("500")
def test_an_error_of_the_server_is_told_and_training_can_go_on(visit: Visit) -> None:
    visit.page.route("**/steps", lambda route: route.fulfill(**problem(500)))
    visit.click("#train")
    expect(visit.find("#notice")).to_have_text(EN["errors.internal"])
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    visit.page.unroute_all()
    visit.train(to=10)
    expect(visit.find("#notice")).to_be_empty()


FULL = problem(507, {"pointer": "", "code": "storage_full", "allowed": {"maximum": 1}})


@pytest.mark.console_allows("507")
def test_a_full_server_is_told_until_there_is_room(visit: Visit) -> None:
    visit.page.route("**/steps", lambda route: route.fulfill(**FULL))
    visit.click("#step")
    expect(visit.find("#notice")).to_have_text(EN["errors.storage_full"])
    visit.page.unroute_all()
    visit.step()
    expect(visit.find("#notice")).to_be_empty()
    assert visit.shown == 1


@pytest.mark.console_allows("507")
def test_a_full_server_can_be_reset(visit: Visit) -> None:
    visit.enter("#learning-rate", "0.5")
    visit.step(3)
    id, first = visit.id, visit.losses()
    visit.page.route("**/branch", lambda route: route.fulfill(**FULL))
    visit.click("#reset")
    expect(visit.find("#notice")).to_have_text(EN["notice.resetFull"].replace("{step}", "3"))
    assert (visit.rest(), visit.id) == (0, id)
    expect(visit.find("#learning-rate")).to_have_value("0.5")
    visit.step(3)
    assert visit.losses() == first


@pytest.mark.console_allows("ERR_FAILED|dynamically imported module|reading 'length'")
def test_what_nobody_expects_is_said_too(visit: Visit) -> None:
    visit.page.route("**/take-home/dialog.js", lambda route: route.abort())
    visit.click("#take-home-open")
    expect(visit.find("#notice")).to_have_text(EN["errors.offline"])
    visit.page.unroute_all()
    visit.page.route("**/steps", lambda route: route.fulfill(json={"version": 2}))
    visit.click("#train")
    expect(visit.find("#notice")).to_have_text(EN["errors.page"])
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")


@pytest.mark.console_allows("429")
def test_a_busy_server_is_asked_again(visit: Visit) -> None:
    asked: list[Route] = []

    def refuse_twice(route: Route) -> None:
        asked.append(route)
        if len(asked) > 2:
            route.continue_()
        else:
            route.fulfill(**problem(429, **{"retry-after": "1"}))

    visit.page.route("**/steps", refuse_twice)
    visit.click("#step")
    expect(visit.find("#notice")).to_have_text(EN["errors.busy"])
    expect(visit.find("#step-count")).to_have_text("1")
    assert visit.rest() == 1
    assert len(asked) == 3
    expect(visit.find("#notice")).not_to_have_text(EN["errors.busy"])


@pytest.mark.console_allows("ERR_INTERNET_DISCONNECTED")
def test_a_lost_network_is_told_and_training_goes_on_by_itself(
    visit: Visit, context: BrowserContext
) -> None:
    visit.play(to=10)
    context.set_offline(True)
    expect(visit.find("#notice")).to_have_text(EN["notice.offline"])
    before = visit.shown
    context.set_offline(False)
    visit.eventually(lambda: visit.shown, lambda shown: shown > before + 20)
    visit.click("#train")
    visit.rest()
    truth = visit.losses()
    for run, curve in enumerate(visit.curves()):
        assert curve["y"] == [truth[run][step] for step in curve["x"]]


@pytest.mark.console_allows("ERR_FAILED")
def test_an_answer_that_was_lost_is_not_counted_twice(visit: Visit) -> None:
    lost: list[Route] = []

    def lose_once(route: Route) -> None:
        if not lost:
            route.fetch()  # the server acts, but nobody hears of it
            route.abort()
        else:
            route.continue_()
        lost.append(route)

    visit.step()
    visit.page.route("**/steps", lose_once)
    visit.click("#step")
    expect(visit.find("#step-count")).to_have_text("2")
    assert visit.rest() == 2
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


@pytest.mark.console_allows("404")
def test_an_experiment_that_is_gone_is_built_again(visit: Visit) -> None:
    for button in ("#train", "#back"):
        visit.step(2)
        shown = visit.rest()
        spec = visit.ask()["spec"]
        first = visit.losses()
        visit.page.request.delete(f"/api/experiments/{visit.id}")
        visit.anew(partial(visit.click, button))
        expect(visit.find("#notice")).to_have_text(EN["notice.rebuilt"])
        assert visit.rest() == shown
        assert visit.ask()["spec"] == spec
        assert visit.losses() == first


@pytest.mark.console_allows("409")
def test_a_step_in_another_window_is_told_and_taken_over(visit: Visit) -> None:
    for button in ("#step", "#train"):
        visit.step()
        due = visit.rest() + 9
        url = f"/api/experiments/{visit.id}/steps"
        visit.page.request.post(url, data={"count": 9})
        visit.click(button)
        expect(visit.find("#notice")).to_have_text(EN["notice.conflict"])
        expect(visit.find("#step-count")).to_have_text(str(due))
        assert visit.rest() == due
        assert [curve["y"] for curve in visit.curves()] == visit.losses()
    visit.step()


@pytest.mark.console_allows("status of 50[03]")
def test_a_page_that_finds_no_server_opens_once_there_is_one(page: Page) -> None:
    visit = Visit(page)
    for call in ("catalog*", "experiments", "experiments/*/data"):
        visit.page.route(f"**/api/{call}", lambda route: route.fulfill(status=500, body="<p>"))
        visit.page.goto("/")
        expect(visit.find("#notice")).to_have_text(EN["errors.internal"])
        visit.page.unroute_all()
    visit.page.route("**/api/catalog*", lambda route: route.fulfill(status=503))
    visit.page.goto("/")
    expect(visit.find("#notice")).to_have_text(EN["notice.offline"])
    visit.page.unroute_all()
    expect(visit.find("html")).to_have_attribute("data-ready", "true")
    visit.step()
