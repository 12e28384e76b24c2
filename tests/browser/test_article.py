"""What the page owes the article's reader, point by point, in both languages.

A1 … A15 number the points of 《神经网络的参数形成与训练》, the article that Basin brings to life,
in its order. (A6, many seeds of a recipe, is not on the page.)
"""

import re
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.test_inside import value
from tests.browser.visit import (
    ALL_ZEROS,
    ARTICLE,
    GLOROT,
    LANGUAGES,
    SAME_WEIGHTS,
    WORDS,
    ZERO_WEIGHTS,
    Visit,
    decoded,
    number,
    said,
)

# Where both surfaces are seen from, to what can be told apart.
EYES = """() => ["scene", "scene2"].map((id) => {
    const { eye } = document.getElementById("losses-plot")._fullLayout[id]._scene.getCamera();
    return [eye.x, eye.y, eye.z].map((place) => place.toFixed(3));
})"""


@pytest.fixture(params=LANGUAGES)
def language(request: pytest.FixtureRequest) -> str:
    """Each language of the page."""
    return str(request.param)


@pytest.fixture
def visit(page: Page, language: str) -> Visit:
    """A visit to the page in a language."""
    return Visit(page).open(f"/?lang={language}")


@pytest.mark.flat
def test_shapes_follow_the_network_and_are_asked_for(visit: Visit, language: str) -> None:
    """A1: the shapes of W and b, on the table, at the diagram, and as an exercise."""
    words = WORDS[language]
    visit.enter("[data-pointer='/layers/0/units']", "3")
    shapes = visit.find("#shapes")
    for told in ("W1 (3, 2)", "b1 (3, 1)", "W2 (1, 3)", "b2 (1, 1)"):
        expect(shapes).to_contain_text(re.compile(re.escape(told).replace(r"\ ", r"\s*", 1)))
    visit.click("#quiz-open")
    expect(visit.find("#shapes td").first).to_be_hidden()
    visit.enter("#quiz-answer", "3, 1")
    expect(visit.find("#quiz-verdict")).to_have_text(words["shapes.wrong.turned"])
    visit.enter("#quiz-answer", "(1, 3)")
    why = said(language, "shapes.why.W", units=1, inputs=3)
    right = words["shapes.right"].format(why=why)
    expect(visit.find("#quiz-verdict")).to_contain_text(right)
    visit.click("#quiz-next")
    expect(visit.find("#quiz label")).to_have_text(words["shapes.ask"].format(name="b2"))
    visit.click("#quiz-show")
    expect(visit.find("#quiz-answer")).to_have_value("(1, 1)")
    expect(visit.find("#quiz-next")).to_be_visible()
    visit.click("#quiz-close")
    expect(visit.find("#shapes td").first).to_be_visible()


def test_recipes_race_on_the_same_data_and_draws(visit: Visit, language: str) -> None:
    """A2 to A5 and A8: the article's recipes compared, with every path on the surface."""
    spec = visit.ask()["spec"]
    recipes = [run["recipe"] for run in spec["runs"]]
    assert recipes[ARTICLE]["weights"] == {"name": "normal", "std": 0.1}
    assert recipes[ARTICLE]["biases"]["name"] == "zeros"
    visit.anew(lambda: visit.add("both_random"))  # A5
    shown = visit.train(to=500, speed=6)
    losses = [row[shown] for row in visit.losses()]
    told = [number(text) for text in visit.find("#runs .run .loss").all_inner_texts()]
    assert told == pytest.approx(losses, abs=5e-5)
    assert len(losses) == 6
    assert None not in losses
    by = [float(loss or 0) for loss in losses]
    # A2 and A5 learn; A4 comes later than A2; A3 rests: several neurons are no use to it.
    assert max(by[GLOROT], by[ARTICLE], by[5]) < 0.1 < by[SAME_WEIGHTS] < by[ALL_ZEROS]
    first = [
        next(step for step, loss in enumerate(row) if loss is not None and loss < 0.6)
        for row in (visit.losses()[run] for run in (ARTICLE, ZERO_WEIGHTS))
    ]
    assert first[0] < first[1]
    summary = visit.find("#network-summary")
    for run, distinct in ((GLOROT, 4), (SAME_WEIGHTS, 1), (ALL_ZEROS, 1)):
        visit.choose("#learned-run", str(run))
        told_of = WORDS[language]["network.distinct.layer"].split("{similarity}")[0]
        told_of = told_of.format(layer=1, distinct=distinct, units=4)
        expect(summary).to_contain_text(told_of.strip())
    visit.rest()
    paths = visit.paths()
    assert len(paths) == 6
    assert [path["z"][-1] for path in paths] == pytest.approx(losses, rel=1e-12)


def explained(visit: Visit, phase: str) -> Any:
    """Open the explained step at a phase; the formulas of it."""
    visit.click("#tab-explain")
    visit.click(f"#phase-{phase}")
    expect(visit.find(".explain-body math").first).to_be_visible()
    return visit.find(".equations")


@pytest.mark.flat
def test_the_loss_is_the_articles_with_its_numbers_put_in(visit: Visit, language: str) -> None:
    """A7: j = 1/n · Σ (Y − S)², as formula and with numbers."""
    visit.anew(lambda: visit.choose("#loss-choice", "mse"))
    visit.step()
    visit.rest()
    formulas = explained(visit, "loss")
    expect(visit.find(".explain-body h3")).to_contain_text(WORDS[language]["explain.loss"])
    trace = visit.ask("/trace", run=0, parameter="W1[0,0]")
    loss = visit.losses()[0][1]
    assert trace["loss"]["batch"] == pytest.approx(loss, rel=1e-12)
    visit.choose("#explain-which", "batch")
    expect(formulas).to_contain_text(f"{loss:.6g}")


@pytest.mark.flat
def test_the_chain_rule_is_worked_with_numbers(visit: Visit, language: str) -> None:
    """A9, A11 and A15: forward, loss, backward, update, of any weight."""
    visit.step(3)
    visit.rest()
    visit.click("#tab-explain")
    visit.choose("#explain-parameter", "W1[2,0]")
    seen: list[bytes] = []
    for phase in ("forward", "loss", "backward", "chain", "update"):
        expect(visit.find(f"#phase-{phase}")).to_have_text(
            WORDS[language][f"explain.group.{phase}"]
        )
        visit.click(f"#phase-{phase}")
        expect(visit.find(".explain-body math").first).to_be_visible()
        seen.append(visit.still("#diagram"))
    assert len(set(seen)) >= 4  # each lights another part
    trace = visit.ask("/trace", run=0, parameter="W1[2,0]")
    update = trace["update"]
    expect(visit.find(".equations .lines").last).to_contain_text(f"{abs(update['after']):.6g}")
    gradient = visit.ask("/gradients", run=0)["W"][0][2][0]
    assert update["gradient"] == pytest.approx(gradient, rel=1e-12)
    assert update["after"] == pytest.approx(update["before"] - 1.0 * gradient, rel=1e-12)
    visit.click("#explain-back")
    expect(visit.find(".explain-body h3")).to_contain_text(
        WORDS[language]["explain.chain"].format(parameter="W1[2,0]")
    )
    visit.click("#phase-update")
    visit.click("#explain-do")
    assert visit.eventually(lambda: visit.shown, lambda shown: shown == 4) == 4
    assert value(visit, "W1[2,0]") == update["after"]


@pytest.mark.flat
def test_the_slice_slides_down(visit: Visit, language: str) -> None:
    """A10: J against one parameter, with the tangent and the step to come."""
    shown = visit.train(to=10)
    visit.click("#view-slice")
    expect(visit.find("#slice-words")).to_contain_text("−α·G")
    by_set = {trace["meta"].get("set", "J"): trace for trace in visit.traces("slice-plot")}
    before, slope = visit.ask("/parameters", run=0), visit.ask("/gradients", run=0)
    expect(visit.find("#axis-x")).to_have_value("W2[0,1]")
    landing = before["W"][1][0][1] - slope["W"][1][0][1]  # the learning rate is 1
    assert by_set["present"]["x"] == [before["W"][1][0][1]]
    assert by_set["landings"]["x"] == [pytest.approx(landing, rel=1e-9)]
    visit.step()
    after = visit.ask("/parameters", run=0, step=shown + 1)
    assert after["W"][1][0][1] == pytest.approx(landing, rel=1e-9)


@pytest.mark.flat
def test_a_learning_rate_may_be_small_or_too_large(visit: Visit, language: str) -> None:
    """A12: 0.001 creeps, 1.1 oscillates and diverges, and is named."""
    words = WORDS[language]
    slider = visit.find("#learning-rate-slider")
    slider.focus()
    visit.page.keyboard.press("Home")
    expect(visit.find("#learning-rate")).to_have_value("0.00001")
    visit.page.keyboard.press("End")
    expect(visit.find("#learning-rate")).to_have_value("10")
    visit.anew(lambda: visit.experiment("too_large_a_step"))
    visit.train(to=300, speed=7)
    runs = visit.ask()["runs"]
    assert [run["status"] == "diverged" for run in runs] == [False, False, False, True]
    diverged = words["status.diverged"].format(step=f"{runs[3]['diverged_at']:,}")
    expect(visit.find("#runs .run").nth(3)).to_contain_text(diverged)
    expect(visit.find("#reading")).to_contain_text("α = 1.1")


@pytest.mark.flat
def test_half_mse_with_a_sigmoid_is_the_articles_gradient(visit: Visit, language: str) -> None:
    """A13: G = Xᵀ · 1/n · (Y − S)·(−1)·S·(1 − S), said and equal."""
    visit.anew(lambda: visit.choose("#loss-choice", "half_mse"))
    explained(visit, "backward")
    expect(visit.find(".explain-body")).to_contain_text(WORDS[language]["explain.note.article"])
    data, parameters = visit.ask("/data")["train"], visit.ask("/parameters", run=0)
    features = np.array(data["x"], dtype=float)
    targets = np.array(data["y"], dtype=float).reshape(-1, 1)
    if features.shape[0] != len(targets):
        features = features.T
    hidden = np.tanh(features @ np.array(parameters["W"][0]).T + np.ravel(parameters["b"][0]))
    outputs = 1 / (1 + np.exp(-(hidden @ np.array(parameters["W"][1]).T + parameters["b"][1])))
    articles = hidden.T @ ((targets - outputs) * -1 * outputs * (1 - outputs) / len(targets))
    gradient = np.array(visit.ask("/gradients", run=0)["W"][1])
    np.testing.assert_allclose(gradient.T, articles, rtol=1e-12)


def test_two_losses_of_one_network_side_by_side(visit: Visit, language: str) -> None:
    """A14: squared error and cross-entropy over the same plane, seen from the same place."""
    visit.train(to=20)
    visit.click("#view-losses")
    names = [WORDS[language][f"catalog.losses.{name}"] for name in ("mse", "cross_entropy")]
    for name in names:
        expect(visit.find("#losses-plot")).to_contain_text(name)
    surfaces = [one for one in visit.traces("losses-plot") if one["type"] == "surface"]
    heights = [decoded(one["z"]) for one in surfaces]
    assert len(heights) == 2
    assert not np.allclose(heights[0], heights[1])
    expect(visit.find("#losses-plot")).to_have_attribute("data-linked", "true")
    before = visit.page.evaluate(EYES)
    box = visit.find("#losses-plot").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 4, box["y"] + box["height"] / 2
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.mouse.move(x + 60, y, steps=5)
    visit.page.mouse.up()
    eyes = visit.eventually(
        lambda: visit.page.evaluate(EYES), lambda now: now != before and now[0] == now[1]
    )
    assert eyes[0] == eyes[1] != before[0]
