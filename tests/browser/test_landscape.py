"""The landscape: planes, views, a beginning where the picture is clicked, what is taken away."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Route, expect

from tests.browser.test_plots import CAMERA, camera, turn
from tests.browser.test_take_home import PASTE
from tests.browser.visit import WORDS, Visit, decoded


def drawn_plane(visit: Visit, plane: str) -> Any:
    """The surface over another plane, once it is drawn."""
    before = visit.surface()["x"]
    visit.choose("#plane-kind", plane)
    return visit.eventually(visit.surface, lambda now: now["x"] != before)


@pytest.mark.parametrize("plane", ["pca", "from_start"])
def test_another_plane_is_the_servers_and_is_seen_from_the_same_place(
    visit: Visit, plane: str
) -> None:
    shown = visit.train(to=30)
    turn(visit, 90)
    visit.page.mouse.up()
    turned = camera(visit)
    drawn = drawn_plane(visit, plane)
    ends = dict(zip(("x_min", "x_max"), (drawn["x"][0], drawn["x"][-1]), strict=True))
    ends |= dict(zip(("y_min", "y_max"), (drawn["y"][0], drawn["y"][-1]), strict=True))
    told = visit.ask("/surface", plane=plane, run=0, step=shown, size=61, **ends)
    np.testing.assert_allclose(decoded(drawn["z"]), decoded(told["z"]), rtol=1e-5)
    for run, path in enumerate(visit.paths()):
        assert path["x"][-1] == told["path"][run]["x"][-1]
        assert path["z"][-1] == told["path"][run]["z"][-1]
    assert visit.page.evaluate(CAMERA) == pytest.approx(turned, abs=1e-9)


def test_a_run_begins_exactly_where_the_picture_is_clicked(visit: Visit) -> None:
    trained = visit.train(to=40)
    old, left = visit.id, visit.losses()
    visit.click("#view-contour")
    visit.eventually(
        lambda: visit.find("#contour-paths").get_attribute("data-step"), lambda at: at is not None
    )
    visit.click("#start-here")
    box = visit.find("#contour-plot").bounding_box()
    assert box is not None
    place = round(box["x"] + 0.6 * box["width"]), round(box["y"] + 0.3 * box["height"])
    wanted = visit.page.evaluate(
        """([left, top]) => {
            const { xaxis, yaxis } = document.getElementById("contour-plot")._fullLayout;
            return [xaxis.p2l(left - xaxis._offset), yaxis.p2l(top - yaxis._offset)];
        }""",
        [place[0] - box["x"], place[1] - box["y"]],
    )
    visit.anew(lambda: visit.page.mouse.click(*place))
    start = visit.ask("/parameters", run=0, step=0)
    assert [start["W"][1][0][1], start["b"][1][0]] == pytest.approx(wanted, rel=1e-9)
    assert visit.shown == 0
    # All other parameters are those that the picture was drawn around.
    around = visit.page.request.get(f"/api/experiments/{old}/parameters?run=0&step={trained}")
    assert start["W"][0] == around.json()["W"][0]
    visit.click("#undo")
    visit.eventually(lambda: (visit.id, visit.shown), lambda now: now == (old, trained))
    assert visit.losses() == left


@pytest.mark.flat
def test_the_largest_stable_rate_is_marked_beside_the_learning_rate(visit: Visit) -> None:
    shown = visit.train(to=10)
    visit.click("#landscape-more-button")
    visit.click("#more-curvature")
    visit.click("#curvature-measure")
    expect(visit.find("#curvature-words")).to_be_visible()
    bound = visit.ask("/curvature", run=0, step=shown, x="W2[0,1]", y="b2[0]")["bound"]
    mark = visit.find("#rate-bound")
    slider = visit.find("#learning-rate-slider")
    share = float(mark.evaluate("(mark) => mark.style.getPropertyValue('--at')"))
    lowest, highest = 1e-5, 10.0
    assert lowest * (highest / lowest) ** share == pytest.approx(bound, rel=1e-3)
    visit.page.keyboard.press("Escape")
    expect(visit.find("#landscape-more")).to_be_hidden()
    # The thumb stands on the mark when the rate is the bound.
    visit.enter("#learning-rate", f"{bound:.4g}")
    visit.eventually(
        lambda: float(slider.input_value()) / 1000, lambda at: at == pytest.approx(share, abs=0.01)
    )


@pytest.mark.flat
def test_the_bound_is_that_of_the_update_that_is_made(visit: Visit) -> None:
    mark, words = visit.find("#rate-bound"), visit.find("#curvature-words")

    def measure() -> Any:
        visit.rest()
        visit.click("#curvature-measure")
        expect(words).to_be_visible()
        return visit.ask("/curvature", run=0, step=visit.shown, x="W2[0,1]", y="b2[0]")

    visit.train(to=10)
    visit.click("#landscape-more-button")
    visit.click("#more-curvature")
    plain = measure()
    expect(mark).to_have_text("2/λ")
    # Another way to learn is another bound: what was measured is not said of it.
    visit.choose("#optimizer", "nesterov")
    expect(words).to_be_hidden()
    expect(mark).to_be_hidden()
    nesterov = measure()
    expect(mark).to_have_text(
        WORDS["en"]["settings.rate.bound.mark"]
    )  # the formula is too long for there
    expect(words).to_contain_text("(2 + 2μ)/((1 + 2μ)λ)")
    share = float(mark.evaluate("(mark) => mark.style.getPropertyValue('--at')"))
    assert nesterov["bound"] == pytest.approx(plain["bound"] * 1.9 / 2.8, rel=1e-9)
    assert 1e-5 * 1e6**share == pytest.approx(nesterov["bound"], rel=1e-3)
    # The words follow the learning rate, and the measured bound stays.
    visit.enter("#learning-rate", "0.01")
    expect(words).to_contain_text("0.01")
    expect(words).not_to_have_class("alarm")
    visit.enter("#learning-rate", "10")
    expect(words).to_have_class("alarm")
    # The mark lies within the slider's line, and so does its name.
    line, name = visit.find(".marked").bounding_box(), mark.bounding_box()
    assert line is not None
    assert name is not None
    assert line["x"] - 1 <= name["x"]
    assert name["x"] + name["width"] <= line["x"] + line["width"] + 9
    visit.anew(lambda: visit.choose("#batch", "mini"))
    expect(words).to_be_hidden()
    measure()
    expect(words).to_contain_text("mini-batch")
    expect(mark).to_be_hidden()


@pytest.mark.console_allows("status of 422")
def test_what_cannot_be_drawn_is_said_in_its_place(visit: Visit) -> None:
    """No picture of something else stays there, and the controls go on working."""
    visit.rest()
    before = visit.surface()
    visit.click("#landscape-more-button")
    visit.enter("#extent-x_min", "9")
    expect(visit.find("#landscape-more .problem")).to_be_visible()
    visit.page.route(
        "**/surface?*",
        lambda route: route.fulfill(
            status=422,
            content_type="application/problem+json",
            json={"errors": [{"pointer": "/x", "code": "unknown_name", "in": "query"}]},
        ),
    )
    visit.choose("#axis-x", "W1[1,0]")
    said = visit.find("#landscape-problem")
    expect(said).to_be_visible()
    expect(visit.find("#surface-plot")).to_have_css("visibility", "hidden")
    expect(visit.find("#surface-of")).to_have_text("")
    visit.page.unroute_all()
    visit.choose("#axis-x", "W1[2,0]")
    visit.eventually(visit.surface, lambda now: now["z"] != before["z"])
    expect(said).to_be_hidden()
    expect(visit.find("#surface-plot")).to_have_css("visibility", "visible")


@pytest.mark.console_allows("status of 422")
def test_a_plane_that_there_is_not_offers_what_to_do(visit: Visit) -> None:
    visit.rest()
    said = visit.find("#landscape-problem")
    # Zeros have no random directions, and the next run has.
    visit.choose("#surface-run", "4")
    visit.choose("#plane-kind", "random")
    expect(said).to_contain_text("all zeros")
    assert visit.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    said.get_by_role("button").first.click()
    expect(said).to_be_hidden()
    expect(visit.find("#surface-caption")).to_contain_text("Glorot")
    visit.choose("#plane-kind", "from_start")
    expect(said).to_contain_text(WORDS["en"]["errors.at_its_start"])
    said.get_by_role("button").first.click()  # trains a few steps
    expect(said).to_be_hidden()
    visit.eventually(lambda: visit.shown, lambda shown: shown == 10)
    # Two losses need a sigmoid, and the experiment that shows them best is one click away.
    visit.choose("#plane-kind", "parameters")
    visit.anew(lambda: visit.experiment("bowl"))
    visit.click("#view-losses")
    expect(said).to_contain_text("sigmoid")
    said.get_by_role("button").click()
    expect(said).to_be_hidden()
    expect(visit.find("#losses-plot canvas").first).to_be_visible()


def test_the_figure_opens_without_the_server(
    visit: Visit, browser: Browser, tmp_path: Path
) -> None:
    visit.rest()
    visit.click("#landscape-more-button")
    visit.click("#more-export")
    with visit.page.expect_download() as download:
        visit.click("#export-html")
    file = tmp_path / "figure.html"
    download.value.save_as(file)
    with browser.new_context(offline=True) as context:
        page = context.new_page()
        errors: list[str] = []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(file.as_uri())
        page.wait_for_function("document.getElementById('figure').data")
        held = page.evaluate("document.getElementById('figure').data[0].z.bdata")
        assert held == visit.surface()["z"]["bdata"]
        assert not errors


@pytest.mark.console_allows("status of 422")
def test_what_cannot_be_drawn_is_said_where_the_plane_is_found_first(visit: Visit) -> None:
    """A new experiment opens on two parameters that the server finds before anything is drawn."""
    visit.click("#view-losses")
    expect(visit.find("#losses-plot canvas").first).to_be_visible()
    layers = [{"units": 2, "activation": "tanh"}, {"units": 1, "activation": "linear"}]
    document = {"data": {"name": "gate-xor"}, "layers": layers, "loss": "mse"}
    visit.anew(lambda: visit.page.evaluate(PASTE, json.dumps(document)))
    expect(visit.find("#landscape-problem")).to_contain_text("sigmoid")


def test_a_height_cut_off_by_hand_is_that_of_one_experiment(visit: Visit) -> None:
    visit.rest()
    visit.anew(lambda: visit.experiment("bowl"))
    visit.rest()
    visit.click("#landscape-more-button")
    visit.enter("#height-top", "0.05")
    height = "document.getElementById('surface-plot').layout.scene.zaxis.range"
    visit.eventually(lambda: visit.page.evaluate(height), lambda ends: ends[1] < 0.1)
    # J is above 0.6 wherever the next picture shows it.
    before = visit.surface()["z"]
    visit.anew(lambda: visit.experiment("curve"))
    visit.eventually(lambda: visit.surface()["z"], lambda now: now != before)
    low, high = visit.page.evaluate(height)
    assert low < np.min(decoded(visit.surface()["z"])) < high
    expect(visit.find("#height-top")).to_have_value("")
    visit.enter("#height-top", "0.05")
    expect(visit.find("#landscape-more .problem")).to_be_visible()
    assert visit.page.evaluate(height) == [low, high]


def test_a_slice_that_a_lesson_opens_is_the_lessons(visit: Visit) -> None:
    """Whatever parameter the learner's own slice was along."""
    visit.anew(lambda: visit.experiment("bowl"))
    visit.click("#view-slice")
    visit.choose("#axis-x", "b1[0]")
    expect(visit.find("#axis-x")).to_have_value("b1[0]")
    visit.click("#preset")
    visit.click("#experiments [data-lesson='slice']")
    visit.click("#lesson-skip")
    expect(visit.find("#slice-words")).to_contain_text("W1[0,0] =")
    expect(visit.find("#axis-x")).to_have_value("W1[0,0]")


def test_two_losses_are_of_one_plane(visit: Visit) -> None:
    """The second loss of the plane before is not shown beside another surface."""
    visit.rest()
    waiting = re.compile(r"(^|\s)waiting(\s|$)")
    figures = visit.find("#landscape-figures")
    visit.click("#view-losses")
    expect(visit.find("#losses-plot canvas").first).to_be_visible()
    expect(figures).not_to_have_class(waiting)
    visit.click("#view-surface")
    drawn_plane(visit, "random")
    held: list[Route] = []
    visit.page.route("**/surface?*", lambda route: held.append(route))
    visit.click("#view-losses")
    visit.eventually(lambda: len(held), bool)
    expect(figures).to_have_class(waiting)
    held[0].continue_()
    visit.eventually(lambda: len(held), lambda asked: asked == 2)
    held[1].continue_()
    visit.page.unroute_all()
    expect(figures).not_to_have_class(waiting)
    one, two = visit.eventually(
        lambda: [one for one in visit.traces("losses-plot") if one["type"] == "surface"],
        lambda drawn: drawn[0]["x"] == drawn[1]["x"],
    )
    assert one["z"] != two["z"]
