"""What a visitor reads of the race: who learns first, who waits, who is stuck, who diverges."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.visit import (
    ALL_ZEROS,
    ARTICLE,
    GLOROT,
    WORDS,
    ZERO_WEIGHTS,
    Visit,
    number,
)

RUNS = ("glorot", "article", "zero_weights", "same_weights", "all_zeros")
EVERY = 7
"""At the speed of these tests, every seventh step is shown."""


def check_reading(visit: Visit, language: str) -> None:
    """The sentence names the runs in the order of the race, with the numbers of the server."""
    reading = visit.find("#reading").inner_text()
    places = [reading.index(WORDS[language][f"catalog.recipes.{name}"]) for name in RUNS]
    assert places == sorted(places), reading
    target = float(re.findall(r"J < ([\d.]+)", reading)[0])
    rest = re.sub(r"J < [\d.]+", "", reading)
    for name in RUNS:
        rest = rest.replace(WORDS[language][f"catalog.recipes.{name}"], "")
    steps = [float(found) for found in re.findall(r"\d+(?:\.\d+)?", rest)]
    truth = visit.losses()
    for run, step in zip((GLOROT, ARTICLE, ZERO_WEIGHTS), steps, strict=True):
        below = next(i for i, loss in enumerate(truth[run]) if loss is not None and loss < target)
        assert below <= step < below + EVERY
        assert all(loss is not None and loss < target for loss in truth[run][below:])
    assert truth[ALL_ZEROS][-1] == pytest.approx(truth[ALL_ZEROS][0], rel=1e-3)


def check_statuses(visit: Visit, language: str) -> None:
    told = [WORDS[language][f"status.{run['status']}"] for run in visit.ask()["runs"]]
    expect(visit.find("#runs .status")).to_have_text(told)
    expect(visit.find("#run-status")).to_have_text(told[0])


@pytest.mark.flat
def test_the_race_is_told_as_the_numbers_say(visit: Visit) -> None:
    visit.train(to=450, speed=6)
    assert visit.ask()["runs"][GLOROT]["status"] == "training"
    assert visit.ask()["runs"][ALL_ZEROS]["status"] == "stuck"
    check_reading(visit, "en")
    check_statuses(visit, "en")
    visit.click("#language")
    expect(visit.find("html")).to_have_attribute("lang", "zh-CN")
    check_reading(visit, "zh-CN")
    check_statuses(visit, "zh-CN")


@pytest.mark.flat
def test_the_losses_in_the_list_are_those_of_the_step(visit: Visit) -> None:
    shown = visit.train(to=100, speed=6)
    truth = [losses[shown] for losses in visit.losses()]
    told = [number(text) for text in visit.find("#runs .loss").all_inner_texts()]
    assert told == pytest.approx(truth, rel=0.01, abs=6e-5)
    visit.find("#runs [data-run='2'] .pick").click()
    test = visit.losses("test")[2][shown]
    expect(visit.find("#test-loss")).to_have_text(f"{test:.4f}")
    expect(visit.find("#train-loss")).to_have_text(f"{truth[2]:.4f}")


@pytest.mark.flat
def test_nothing_is_said_before_there_is_something_to_say(visit: Visit) -> None:
    expect(visit.find("#reading")).to_have_text(WORDS["en"]["catalog.presets.opening.look"])
    expect(visit.find("#runs .status")).to_have_text(["not started"] * 5)
    visit.step()
    assert not re.search(r"fell|moved|rests", visit.find("#reading").inner_text())
    expect(visit.find("#runs .status")).to_have_text(["learning"] * 5)


def test_a_run_that_diverges_is_marked_and_the_others_go_on(visit: Visit) -> None:
    visit.anew(lambda: visit.find("#datasets [data-data='line']").click())
    visit.click("[data-focus='run/0/edit']")
    visit.anew(lambda: visit.find("[data-focus='run/0/rate']").check())
    visit.anew(lambda: visit.enter("[data-pointer='/runs/0/optimizer/learning_rate']", "0.05"))
    visit.enter("#learning-rate", "10")
    visit.eventually(
        lambda: [run["optimizer"]["learning_rate"] for run in visit.ask()["runs"]],
        lambda rates: rates == [0.05, 10, 10, 10, 10],
    )
    shown = visit.train(to=200, speed=6)
    runs = visit.ask()["runs"]
    assert [run["status"] == "diverged" for run in runs] == [False, True, True, True, True]
    words = [f"diverged at {run['diverged_at']}" for run in runs[1:]]
    expect(visit.find("#runs .status")).to_have_text([re.compile("learning|converged"), *words])
    expect(visit.find("#runs .loss")).to_have_text([re.compile(r"0\.\d{4}"), *["–"] * 4])
    expect(visit.find("#reading")).to_contain_text(f"diverged at step {runs[1]['diverged_at']}")
    check_drawn_with_gaps(visit, shown)


def check_drawn_with_gaps(visit: Visit, shown: int) -> None:
    """A diverged run's curve ends; the plots show what is left."""
    first, *others = visit.curves()
    assert first["y"][-1] == visit.losses()[0][shown]
    assert {curve["y"][-1] for curve in others} == {None}
    colour = visit.run_colours()[0]
    for plot in ("#loss-plot", "#surface-plot"):
        picture = visit.still(plot)
        assert len(visit.colours(picture)) > 20
        assert visit.pixels_of(colour, picture) > 20


@pytest.mark.flat
def test_training_pauses_when_all_have_diverged(visit: Visit) -> None:
    visit.anew(lambda: visit.find("#datasets [data-data='line']").click())
    visit.enter("#learning-rate", "10")
    visit.eventually(lambda: len(visit.ask()["events"]), lambda events: events == 1)
    visit.find("#speed").fill("7")
    visit.click("#train")
    expect(visit.find("#notice")).to_have_text(WORDS["en"]["notice.allDiverged"])
    expect(visit.find("#train")).to_have_attribute("aria-pressed", "false")
    assert {run["status"] for run in visit.ask()["runs"]} == {"diverged"}
    visit.click("#reset")
    expect(visit.find("#step-count")).to_have_text("0")
    visit.rest()
    assert "diverged" not in {run["status"] for run in visit.ask()["runs"]}
    expect(visit.find("#runs .loss").first).to_have_text(re.compile(r"\d"))


@pytest.mark.flat
def test_too_large_a_step_is_told_with_its_four_rates(visit: Visit) -> None:
    visit.anew(lambda: visit.experiment("too_large_a_step"))
    expect(visit.find("#runs .name")).to_have_text(["α = 0.001", "α = 0.1", "α = 0.95", "α = 1.1"])
    visit.train(to=300, speed=7)
    assert visit.ask()["runs"][3]["status"] == "diverged"
    expect(visit.find("#reading")).to_contain_text("α = 1.1 diverged")
    expect(visit.find("#learning-rate")).to_be_disabled()


def sharpness_drawn(visit: Visit) -> dict[str, list[float | None]]:
    """The curves under the losses, by their names."""
    kinds = ("sharpness", "edge")
    drawn = [one for one in visit.traces("loss-plot") if one["meta"].get("set") in kinds]
    return {trace["name"]: trace["y"] for trace in drawn}


@pytest.mark.flat
def test_sharpness_is_drawn_under_the_losses_beside_its_edge(visit: Visit) -> None:
    visit.find("#loss-sharpness").check()
    visit.train(to=60)
    visit.eventually(
        lambda: visit.ask(f"/sharpness?points=96&step={visit.ask()['step']}")["complete"], bool
    )
    truth = visit.ask("/sharpness?points=96")
    visit.eventually(
        lambda: len(next(iter(sharpness_drawn(visit).values()), [])),
        lambda drawn: drawn == len(truth["steps"]),
    )
    found = sharpness_drawn(visit)
    *curves, edge = found.values()
    assert [*found][-1] == WORDS["en"]["loss.edge"]
    assert [curve[-1] for curve in curves] == pytest.approx([run[-1] for run in truth["largest"]])
    assert set(edge) == {2.0}
    visit.find("#loss-sharpness").uncheck()
    visit.eventually(lambda: sharpness_drawn(visit), lambda drawn: not drawn)
