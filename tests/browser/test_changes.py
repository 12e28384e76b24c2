"""What a change of the set-up does: begins anew with a word, can be undone; a rate goes on."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Locator, Route, expect

from tests.browser.visit import WORDS, Visit

pytestmark = pytest.mark.flat

EN = WORDS["en"]


def differing(before: Any, after: Any, at: str = "") -> set[str]:
    """Pointers to what is not the same in two documents."""
    if isinstance(before, dict) and isinstance(after, dict):
        keys = before.keys() | after.keys()
        return set().union(*(differing(before.get(k), after.get(k), f"{at}/{k}") for k in keys))
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        pairs = zip(before, after, strict=True)
        return set().union(*(differing(a, b, f"{at}/{i}") for i, (a, b) in enumerate(pairs)))
    return set() if before == after else {at}


def click(selector: str) -> Any:
    return lambda visit: visit.click(selector)


def enter(selector: str, text: str) -> Any:
    return lambda visit: visit.enter(selector, text)


def choose(selector: str, option: str) -> Any:
    return lambda visit: visit.choose(selector, option)


def slide(selector: str, notch: str) -> Any:
    return lambda visit: visit.find(selector).fill(notch)


LAYER = "[data-pointer='/layers/0/units']"
CHANGES = [  # what is done, what differs then in the spec, and which word is said
    (click("#datasets [data-data='xor']"), {"/data/name"}, "data"),
    (slide("#data-noise", "500"), {"/data/noise"}, "data"),
    (slide("#data-train_fraction", "750"), {"/data/train_fraction"}, "data"),
    (enter("#data-samples", "300"), {"/data/samples"}, "data"),
    (enter("#data-seed", "2"), {"/data/seed"}, "data"),
    (enter(LAYER, "6"), {"/layers/0/units"}, "network"),
    (click("[data-focus='/layers/0/more']"), {"/layers/0/units"}, "network"),
    (click("[data-focus='/layers/0/fewer']"), {"/layers/0/units"}, "network"),
    (
        choose("[data-pointer='/layers/0/activation']", "relu"),
        {"/layers/0/activation"},
        "network",
    ),
    (click("#add-layer"), {"/layers"}, "network"),
    (click("[data-focus='/layers/0/remove']"), {"/layers"}, "network"),
    (choose("#loss-choice", "mse"), {"/loss"}, "loss"),
    (choose("#batch", "mini"), {"/batch_size"}, "batch"),
    (enter("#seed", "8"), {"/seed"}, "seed"),
    (lambda visit: visit.add("both_random"), {"/runs"}, "runs.added"),
    (click("[data-focus='run/4/remove']"), {"/runs"}, "runs.removed"),
]


def test_a_change_starts_anew_with_a_word_and_can_be_undone(visit: Visit) -> None:
    visit.step(2)
    first = visit.ask()
    for change, where, word in CHANGES:
        visit.anew(partial(change, visit))
        expect(visit.find("#notice")).to_contain_text(EN[f"notice.anew.{word}"])
        expect(visit.find("#step-count")).to_have_text("0")
        second = visit.ask()
        assert second["step"] == 0
        assert differing(first["spec"], second["spec"]) == where
        visit.click("#notice-action")
        expect(visit.find("#notice")).to_have_text(EN["notice.undo"])
        expect(visit.find("#step-count")).to_have_text("2")
        assert visit.ask() == first
        assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_changes_are_undone_and_made_again_by_keyboard(visit: Visit) -> None:
    shapes = [visit.ask()["shapes"]]
    for _ in range(2):
        visit.anew(lambda: visit.click("#add-layer"))
        shapes.append(visit.ask()["shapes"])
    walk = {"Control+z": [1, 0], "Control+Shift+z": [1], "Control+y": [2]}
    for keys, place in ((keys, place) for keys, places in walk.items() for place in places):
        visit.anew(partial(visit.page.keyboard.press, keys))
        expect(visit.find("#shapes tr")).to_have_count(2 * len(shapes[place]))
        assert visit.ask()["shapes"] == shapes[place]
    expect(visit.find("#redo")).to_be_disabled()


def test_changes_are_undone_and_made_again_by_buttons(visit: Visit) -> None:
    visit.anew(lambda: visit.enter("#seed", "8"))
    visit.anew(lambda: visit.click("#undo"))
    expect(visit.find("#seed")).to_have_value("7")
    visit.anew(lambda: visit.click("#redo"))
    expect(visit.find("#seed")).to_have_value("8")
    assert visit.ask()["spec"]["seed"] == 8


@pytest.mark.flat
def test_a_penalty_chosen_on_the_way_is_in_the_curve_at_its_step(visit: Visit) -> None:
    visit.step(2)
    expect(visit.find("#penalty-option")).to_be_hidden()
    visit.click("#more-training")
    visit.choose("#training-more [data-pointer='/regularizer/name']", "l2")
    expect(visit.find("#penalty-option")).to_be_visible()
    visit.find("#loss-penalty").check()
    visit.step()
    told = visit.ask("/loss", points=10)
    whole = np.array(told["train"]) + np.array(told["penalty"])
    visit.eventually(
        lambda: [curve["y"] for curve in visit.curves()],
        lambda drawn: np.allclose(np.array(drawn, dtype=float), whole, rtol=1e-6),
    )


def test_undo_brings_back_the_training_as_it_was_left(visit: Visit) -> None:
    shown = visit.train(to=30)
    history = visit.losses()
    visit.anew(lambda: visit.click("[data-focus='run/0/remove']"))
    visit.step()
    visit.anew(lambda: visit.page.keyboard.press("Control+z"))
    assert visit.rest() == shown
    assert visit.losses() == history
    assert visit.curves()[0]["y"][-1] == history[0][-1]


def test_a_change_of_the_data_takes_output_and_loss_along(visit: Visit) -> None:
    visit.anew(lambda: visit.click("#datasets [data-data='line']"))
    expect(visit.find("#notice")).to_contain_text(EN["notice.anew.data.loss"])
    spec = visit.ask()["spec"]
    assert (spec["layers"][-1]["activation"], spec["loss"]) == ("linear", "mse")
    expect(visit.find("#loss-choice")).to_have_value("mse")
    expect(visit.find("#loss-choice option[value='cross_entropy']")).to_be_disabled()
    visit.anew(lambda: visit.click("#undo"))
    expect(visit.find("#loss-choice")).to_have_value("cross_entropy")


def test_an_output_that_does_not_fit_the_loss_takes_it_along(visit: Visit) -> None:
    visit.anew(lambda: visit.choose("[data-pointer='/layers/1/activation']", "tanh"))
    expect(visit.find("#notice")).to_contain_text(EN["notice.anew.network.loss"])
    assert visit.ask()["spec"]["loss"] != "cross_entropy"
    visit.step()


def test_a_learning_rate_changed_while_training_goes_on(visit: Visit) -> None:
    visit.play(to=20, speed=3)
    before = visit.shown
    first = visit.id
    visit.enter("#learning-rate", "0.25")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.eventually(lambda: visit.shown, lambda shown: shown > before + 40)
    visit.click("#train")
    visit.rest()
    summary = visit.ask()
    assert visit.id == first
    assert summary["events"][0]["step"] >= before
    assert {run["optimizer"]["learning_rate"] for run in summary["runs"]} == {0.25}
    truth = visit.losses()
    for run, curve in enumerate(visit.curves()):
        assert curve["y"] == [truth[run][step] for step in curve["x"]]


def test_the_slider_of_the_learning_rate_says_what_it_sets(visit: Visit) -> None:
    visit.step()
    visit.find("#learning-rate-slider").focus()
    visit.page.keyboard.press("ArrowLeft")
    rate = visit.eventually(
        lambda: visit.ask()["runs"][0]["optimizer"]["learning_rate"], lambda rate: rate < 1
    )
    expect(visit.find("#learning-rate")).to_have_value(str(rate))
    expect(visit.find("#step-count")).to_have_text("1")
    expect(visit.find("#undo")).to_be_enabled()
    visit.page.keyboard.press("Control+z")
    visit.eventually(
        lambda: visit.ask()["runs"][0]["optimizer"]["learning_rate"], lambda rate: rate == 1
    )
    expect(visit.find("#learning-rate")).to_have_value("1")


def test_a_change_keeps_the_learning_rate_in_use(visit: Visit) -> None:
    visit.enter("#learning-rate", "0.25")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.anew(lambda: visit.enter("#seed", "8"))
    expect(visit.find("#learning-rate")).to_have_value("0.25")
    assert visit.ask()["runs"][0]["optimizer"]["learning_rate"] == 0.25


def test_a_change_while_training_starts_anew_and_rests(visit: Visit) -> None:
    visit.play(to=10)
    visit.anew(lambda: visit.click("#add-layer"))
    assert visit.rest() == 0
    expect(visit.find("#train-word")).to_have_text("Train")


def test_changes_that_come_fast_end_in_the_last(visit: Visit) -> None:
    for _ in range(5):
        visit.click("[data-focus='/layers/0/more']")
    visit.eventually(lambda: visit.ask()["spec"]["layers"][0]["units"], lambda units: units == 9)
    expect(visit.find(LAYER)).to_have_value("9")


def test_what_is_being_typed_survives_an_answer(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/api/experiments", lambda route: held.append(route))
    visit.click("[data-focus='/layers/0/more']")
    visit.eventually(lambda: len(held), bool)
    visit.find("#learning-rate").fill("0.5")
    visit.anew(held[0].continue_)
    expect(visit.find("#learning-rate")).to_have_value("0.5")
    expect(visit.find("#learning-rate")).to_be_focused()
    visit.page.keyboard.press("Enter")
    visit.eventually(
        lambda: visit.ask()["runs"][0]["optimizer"]["learning_rate"], lambda rate: rate == 0.5
    )


def type_over(box: Locator, text: str) -> None:
    """Select all in a box and type, key by key."""
    box.press("Control+A")
    box.press_sequentially(text)


DELAYED = """(delay) => {
    const { fetch } = window;
    window.fetch = async (...asked) => {
        await new Promise((done) => setTimeout(done, delay));
        return fetch(...asked);
    };
}"""


@pytest.mark.parametrize("delay", [0, 150, 800])
def test_a_number_typed_right_after_another_is_what_is_used(visit: Visit, delay: int) -> None:
    visit.page.evaluate(DELAYED, delay)
    boxes: list[tuple[str, str, str, Any]] = [
        ("#seed", "11", "1234", lambda now: now["spec"]["seed"]),
        ("#data-samples", "150", "132", lambda now: now["spec"]["data"]["samples"]),
        (LAYER, "5", "12", lambda now: now["spec"]["layers"][0]["units"]),
        ("#learning-rate", "0.5", "0.25", lambda now: now["runs"][0]["optimizer"]["learning_rate"]),
    ]
    for selector, first, second, used in boxes:
        box = visit.find(selector)
        type_over(box, first)
        box.press("Enter")
        box.press("Control+A")
        for count, key in enumerate(second, 1):
            visit.page.keyboard.type(key)
            assert box.input_value() == second[:count]
            visit.page.wait_for_timeout(150)
            assert box.input_value() == second[:count]
        visit.page.keyboard.press("Enter")
        look: Callable[[], float] = partial(lambda of: of(visit.ask()), used)
        visit.eventually(look, float(second).__eq__)
        expect(box).to_have_value(second)
        expect(box).to_be_focused()


def test_an_error_stays_with_the_text_it_is_about(visit: Visit) -> None:
    held: list[Route] = []
    visit.page.route("**/api/experiments", lambda route: held.append(route))
    seed = visit.find("#seed")
    visit.enter("#seed", "8")
    visit.eventually(lambda: len(held), bool)
    visit.enter("#seed", "8x")
    expect(seed).to_have_attribute("aria-invalid", "true")
    visit.anew(held[0].continue_)
    expect(seed).to_have_value("8x")
    expect(seed).to_have_attribute("aria-invalid", "true")
    expect(visit.find(".problem")).to_have_count(1)
    visit.page.keyboard.press("Backspace")
    expect(seed).not_to_have_attribute("aria-invalid", "true")
    expect(visit.find(".problem")).to_have_count(0)
    type_over(seed, "77")
    visit.page.keyboard.press("Escape")
    expect(seed).to_have_value("8")
    visit.find("#step").focus()
    assert visit.ask()["spec"]["seed"] == 8
    assert len(held) == 1


def test_one_number_of_a_method_leaves_what_another_is_becoming(visit: Visit) -> None:
    visit.click("#more-training")
    visit.choose("#optimizer", "adam")
    visit.eventually(lambda: visit.ask()["runs"][0]["optimizer"]["name"], "adam".__eq__)
    beta = "#training-more [data-pointer='/optimizer/beta1']"
    expect(visit.find(beta)).to_have_value("0.9")
    visit.page.evaluate(DELAYED, 500)
    visit.enter(beta, "0.5")
    visit.enter("#learning-rate", "０．０２")
    optimizers = visit.eventually(
        lambda: [run["optimizer"] for run in visit.ask()["runs"]],
        lambda them: all(it["learning_rate"] == 0.02 for it in them),
    )
    assert [optimizer["beta1"] for optimizer in optimizers] == [0.5] * 5
    expect(visit.find("#learning-rate")).to_have_value("0.02")


def test_a_ready_made_experiment_begins_and_trains(visit: Visit) -> None:
    for preset in ("bowl", "too_large_a_step", "sigmoid_neuron"):
        visit.anew(partial(visit.experiment, preset))
        expect(visit.find("#notice")).to_contain_text(EN["notice.anew.preset"])
        expect(visit.find("#preset")).to_have_attribute("data-value", preset)
        visit.click("#view-surface")
        visit.step()
        visit.rest()
        assert [curve["y"] for curve in visit.curves()] == visit.losses()
        visit.anew(lambda: visit.enter("#seed", "3"))
        expect(visit.find("#preset-name")).to_have_text(EN["preset.own"])
        visit.anew(lambda: visit.experiment("opening"))
        expect(visit.find("#runs .name")).to_have_count(5)


@pytest.mark.console_allows("Failed to load resource")
def test_a_change_does_not_wait_for_a_view_that_takes_long(visit: Visit) -> None:
    """It is left, so that the server leaves off too, and is asked for again of what comes."""
    held: list[Route] = []
    visit.page.evaluate("AbortSignal.timeout = () => new AbortController().signal")  # no end

    def hold(route: Route) -> None:
        held.append(route)

    visit.page.route(re.compile("/surface[?]"), hold)
    visit.step()
    visit.eventually(lambda: held, bool)
    visit.anew(lambda: visit.enter("#seed", "8"))
    visit.page.unroute_all()
    visit.step()
    assert visit.rest() == 1
