"""Step, Train, Pause, Back and Reset: what is shown is what the server computed, step for step."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.states import link
from tests.browser.visit import Visit, number


def parameters(visit: Visit, step: int) -> list[Any]:
    """W and b of every run at a step."""
    runs = range(len(visit.ask()["runs"]))
    told = [visit.ask("/parameters", run=run, step=step) for run in runs]
    return [(run["W"], run["b"]) for run in told]


@pytest.mark.flat
def test_a_step_adds_the_servers_losses_to_the_curves(visit: Visit) -> None:
    visit.step()
    assert visit.rest() == 1
    truth = visit.losses()
    assert [curve["x"] for curve in visit.curves()] == [[0, 1]] * 5
    assert [curve["y"] for curve in visit.curves()] == truth
    shown = [number(text) for text in visit.find("#runs .loss").all_inner_texts()]
    assert shown == pytest.approx([losses[1] for losses in truth], abs=6e-5)


def test_a_step_is_seen_in_both_plots(visit: Visit) -> None:
    visit.rest()
    before = visit.still("#loss-plot"), visit.still("#surface-plot")
    visit.step()
    visit.rest()
    assert visit.still("#loss-plot") != before[0]
    assert visit.still("#surface-plot") != before[1]


@pytest.mark.flat
def test_clicks_that_come_fast_all_count(visit: Visit) -> None:
    for _ in range(6):
        visit.click("#step")
    expect(visit.find("#step-count")).to_have_text("6")
    visit.rest()
    assert [curve["y"] for curve in visit.curves()] == visit.losses()


@pytest.mark.flat
def test_pause_rests_at_the_step_that_is_shown(visit: Visit) -> None:
    shown = visit.train(to=30)
    assert shown >= 30
    assert visit.ask()["step"] == shown
    expect(visit.find("#epoch-count")).to_have_text(str(shown))
    expect(visit.find("#train-word")).to_have_text("Train")


@pytest.mark.flat
def test_every_point_of_the_curves_is_the_servers(visit: Visit) -> None:
    shown = visit.train(to=60)
    for which in ("train", "test"):
        truth = visit.losses(which)
        curves = visit.curves(which)
        assert len(curves) == 5
        for run, curve in enumerate(curves):
            assert curve["x"][0] == 0
            assert curve["x"][-1] == shown
            assert curve["y"] == [truth[run][step] for step in curve["x"]]


@pytest.mark.flat
def test_training_goes_on_from_where_it_was_paused(visit: Visit) -> None:
    first = visit.train(to=10)
    history = visit.losses()
    assert visit.train(to=first + 10) >= first + 10
    assert [losses[: first + 1] for losses in visit.losses()] == history


def test_a_step_back_and_forth_is_bit_equal(visit: Visit) -> None:
    visit.step(4)
    history = visit.losses()
    weights = parameters(visit, 4)
    visit.click("#back")
    expect(visit.find("#step-count")).to_have_text("3")
    present = visit.eventually(lambda: visit.curves("present")[0], lambda shown: shown["x"][0] == 3)
    assert present["y"] == [losses[3] for losses in history]
    assert visit.ask()["step"] == 4
    for path, losses in zip(
        visit.paths(), history, strict=True
    ):  # what lies together is drawn once
        assert path["z"] == [z for z in losses[:4] if z in path["z"]]
        assert path["z"][-1] == losses[3]
    visit.step()
    visit.rest()
    assert visit.losses() == history
    assert [curve["y"] for curve in visit.curves()] == history
    assert parameters(visit, 4) == weights


@pytest.mark.flat
def test_back_while_training_pauses_and_looks_at_the_step_before(visit: Visit) -> None:
    visit.play(to=10, speed=3)
    visit.click("#back")
    shown, _ = visit.eventually(
        lambda: (visit.shown, visit.ask()["step"]), lambda seen: seen[0] == seen[1] - 1
    )
    assert shown >= 9
    visit.click("#to-present")
    visit.rest()
    assert [losses[-1] for losses in visit.losses()] == [c["y"][-1] for c in visit.curves()]


@pytest.mark.flat
def test_reset_keeps_the_weights_and_the_learning_rate(visit: Visit) -> None:
    start = parameters(visit, 0)
    visit.step()
    visit.enter("#learning-rate", "0.25")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.train(to=20)
    visit.click("#reset")
    expect(visit.find("#step-count")).to_have_text("0")
    assert visit.rest() == 0
    assert parameters(visit, 0) == start
    expect(visit.find("#learning-rate")).to_have_value("0.25")
    assert visit.ask()["runs"][0]["optimizer"]["learning_rate"] == 0.25
    visit.step()
    weight, gradient = start[0][0][0][0][0], visit.ask("/gradients", run=0, step=0)["W"][0][0][0]
    moved = parameters(visit, 1)[0][0][0][0][0]
    assert moved == pytest.approx(weight - 0.25 * gradient, rel=1e-12)


@pytest.mark.flat
def test_reset_while_training_comes_to_rest_at_the_beginning(visit: Visit) -> None:
    visit.play(to=10)
    visit.click("#reset")
    expect(visit.find("#step-count")).to_have_text("0")
    assert visit.rest() == 0
    assert [curve["x"] for curve in visit.curves()] == [[0]] * 5
    for button in ("#back", "#reset"):
        expect(visit.find(button)).to_be_disabled()


@pytest.mark.flat
def test_a_reset_is_undone_to_the_last_bit(visit: Visit) -> None:
    last = visit.train(to=30)
    history, weights = visit.losses(), parameters(visit, last)
    visit.click("#bookmark")
    visit.anew(lambda: visit.click("#reset"))
    assert visit.rest() == 0
    expect(visit.find("#marks button")).to_have_count(0)
    visit.anew(lambda: visit.click("#notice-action"))
    assert visit.rest() == last
    assert visit.losses() == history
    assert [curve["y"] for curve in visit.curves()] == history
    assert parameters(visit, last) == weights
    expect(visit.find("#marks button")).to_have_count(1)


@pytest.mark.flat
def test_another_rate_leaves_each_run_its_own_optimizer(page: Page) -> None:
    small = {"weights": {"name": "normal", "std": 0.1}, "biases": {"name": "zeros"}}
    own = {"name": "adam", "learning_rate": 0.01}
    spec = {"runs": [{"recipe": small}, {"recipe": small, "seed": 3, "optimizer": own}]}
    visit = Visit(page).open(link(spec, step=5))
    before = [run["optimizer"] for run in visit.ask()["runs"]]
    assert [each["name"] for each in before] == ["gradient_descent", "adam"]
    visit.click("#branch")
    expect(visit.find("#branch-optimizer option").first).to_have_text("unchanged: differs by run")
    visit.anew(lambda: visit.enter("#branch-rate", "0.05"))
    after = [run["optimizer"] for run in visit.ask()["runs"]]
    assert after == [{**each, "learning_rate": 0.05} for each in before]
    visit.anew(lambda: visit.click("#undo"))
    assert [run["optimizer"] for run in visit.ask()["runs"]] == before


@pytest.mark.flat
def test_enter_in_the_learning_rate_of_a_branch_begins_it(visit: Visit) -> None:
    visit.step(3)
    visit.click("#back")
    expect(visit.find("#step-count")).to_have_text("2")
    visit.click("#branch")
    visit.anew(lambda: visit.enter("#branch-rate", "0.1"))
    expect(visit.find("#branch-panel")).to_be_hidden()
    expect(visit.find("#step-count")).to_have_text("2")
    assert visit.ask()["runs"][0]["optimizer"]["learning_rate"] == 0.1


def test_an_epoch_is_one_pass_over_the_training_set(visit: Visit) -> None:
    visit.anew(lambda: visit.choose("#batch", "mini"))
    visit.anew(lambda: visit.enter("#batch-size", "100"))  # three batches of 250 samples
    for epoch in (0, 0, 1, 1):
        visit.step()
        expect(visit.find("#epoch-count")).to_have_text(str(epoch))
    assert visit.ask()["batches_per_epoch"] == 3


@pytest.mark.parametrize("speed", [0, 8])
def test_the_slowest_and_the_fastest_speed_train_alike(visit: Visit, speed: int) -> None:
    shown = visit.train(to=3, speed=speed)
    truth = visit.losses()
    assert len(truth[0]) == shown + 1
    for run, curve in enumerate(visit.curves()):
        assert curve["y"] == [truth[run][step] for step in curve["x"]]
