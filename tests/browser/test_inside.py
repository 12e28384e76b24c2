"""Inside the network: the diagram's numbers, symmetry, signals."""

import json
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.test_take_home import PASTE
from tests.browser.visit import SAME_WEIGHTS, Visit, said

pytestmark = pytest.mark.flat


def point_at(visit: Visit, name: str) -> None:
    """Walk to a parameter of the diagram by keys."""
    order = visit.ask()["parameter_names"]
    layer = int(name[1 : name.index("[")])
    visit.find("#diagram").focus()
    visit.page.keyboard.press("ArrowDown")  # the first weight
    for _ in range(layer - 1):
        visit.page.keyboard.press("ArrowRight")
    of_layer = [one for one in order if one[1 : one.index("[")] == str(layer)]
    for _ in range(of_layer.index(name)):
        visit.page.keyboard.press("ArrowDown")
    expect(visit.find("#part-card b")).to_have_text(name)


def value(visit: Visit, name: str, run: int = 0) -> float:
    found = visit.ask("/parameters", run=run)
    layer, place = int(name[1 : name.index("[")]) - 1, name[name.index("[") + 1 : -1].split(",")
    numbers = found[name[0]][layer][int(place[0])]
    return float(numbers[int(place[1])] if len(place) > 1 else numbers)


@pytest.mark.parametrize("name", ["W1[3,1]", "b2[0]"])
def test_any_weight_and_the_outputs_bias_can_be_set_and_undone(visit: Visit, name: str) -> None:
    visit.step(2)
    visit.rest()
    before = value(visit, name)
    point_at(visit, name)
    visit.page.keyboard.press("Enter")
    for wrong in ("a lot", "1e300"):
        visit.enter("#part-value", wrong)
        expect(visit.find("#part-card .problem")).to_be_visible()
    visit.enter("#part-value", "-1.25")
    visit.eventually(lambda: value(visit, name), lambda now: now == -1.25)
    assert visit.rest() == 2
    visit.click("#undo")
    visit.eventually(lambda: value(visit, name), lambda now: now == before)
    visit.click("#redo")
    visit.eventually(lambda: value(visit, name), lambda now: now == -1.25)


def test_an_undone_start_leaves_the_run_its_name(visit: Visit) -> None:
    name = visit.find("#runs .name").first
    before = name.inner_text()
    point_at(visit, "W1[3,1]")
    visit.page.keyboard.press("Enter")
    visit.enter("#part-value", "2")
    expect(name).to_have_text(said("en", "runs.moved", name=before))
    visit.click("#undo")
    expect(name).to_have_text(before)
    visit.rest()
    assert visit.ask()["events"] == []
    visit.click("#redo")
    expect(name).to_have_text(said("en", "runs.moved", name=before))


def test_identical_weights_are_seen_to_move_as_one(visit: Visit) -> None:
    visit.choose("#learned-run", str(SAME_WEIGHTS))
    visit.train(to=20)
    summary = visit.find("#network-summary")
    expect(summary).to_contain_text("Layer 1: 1 distinct of 4 neurons")
    visit.choose("#network-mode", "gradients")
    tied = visit.still("#diagram")
    visit.choose("#learned-run", "0")
    expect(summary).to_contain_text("Layer 1: 4 distinct of 4 neurons")
    assert visit.still("#diagram") != tied


def test_the_signals_of_every_layer_and_a_diagnosis_of_every_run(visit: Visit) -> None:
    visit.train(to=20)
    visit.click("#tab-signals")
    told = visit.find(".diagnoses .said:first-child")
    expect(told).to_have_count(5)
    expect(told.nth(SAME_WEIGHTS)).to_contain_text("layer 1 has only 1 distinct neuron,")
    expect(visit.find(".signals-table tbody tr")).to_have_count(2)
    layer: Any = visit.ask("/diagnostics")["runs"][0]["layers"][0]
    expect(visit.find("tr[data-layer='1']")).to_contain_text(f"{layer['activation']['std']:.3g}")
    visit.page.reload()
    expect(visit.find("#tab-signals")).to_have_attribute("aria-selected", "true")


def test_two_runs_are_drawn_one_above_the_other(visit: Visit) -> None:
    alone = visit.still("#diagram")
    visit.choose("#network-beside", str(SAME_WEIGHTS))
    visit.page.wait_for_timeout(300)
    assert visit.still("#diagram") != alone


def test_one_step_explains_a_sample_that_there_is(visit: Visit) -> None:
    """Other data may have fewer; and with mini-batches each step begins with another one."""
    visit.click("#tab-explain")
    visit.enter("#explain-sample", "200")
    about = visit.find("#explain-view header .aside")
    expect(about).to_contain_text("sample 200")
    few = {"data": {"name": "circle", "samples": 40}, "batch_size": 4}
    visit.anew(lambda: visit.page.evaluate(PASTE, json.dumps(few)))
    for _ in range(2):
        visit.step()
        index = visit.ask("/trace", run=0, parameter="W1[0,0]")["sample"]["index"]
        expect(about).to_contain_text(f"sample {index},")
        expect(visit.find("#explain-sample")).to_have_value(str(index))
    expect(visit.find(".problem")).to_have_count(0)
