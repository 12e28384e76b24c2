"""Plots and maps show the server's numbers in the runs' colours, and stay as they were turned."""

from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from playwright.sync_api import Browser, expect

from tests.browser.visit import NEXT_FRAMES, WORDS, Visit, decoded

EN = WORDS["en"]

CAMERA = """() => {
    const { eye, center, up } =
        document.getElementById("surface-plot")._fullLayout.scene._scene.getCamera();
    return [eye, center, up].flatMap(({ x, y, z }) => [x, y, z]);
}"""

# Counts what Plotly is asked to draw from now on.
COUNT_CALLS = """() => {
    window.asked = { "loss-plot": 0, "surface-plot": 0 };
    for (const name of ["react", "restyle", "relayout", "update", "newPlot", "animate"]) {
        const draw = Plotly[name];
        Plotly[name] = (element, ...rest) => {
            window.asked[element.id] += 1;
            return draw(element, ...rest);
        };
    }
    // Paths are moved within the scene, which is then painted.
    const { glplot } = document.getElementById("surface-plot")._fullLayout.scene._scene;
    const paint = glplot.redraw;
    glplot.redraw = () => {
        window.asked["surface-plot"] += 1;
        paint();
    };
}"""

# How many colours a canvas holds.
CANVAS_COLOURS = """(canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
}"""


def asked(visit: Visit) -> dict[str, int]:
    """How often Plotly has been asked to draw each plot since it was counted."""
    return dict(visit.page.evaluate("window.asked"))


def grid(visit: Visit) -> dict[str, Any]:
    """The drawn surface as the server tells it."""
    drawn = visit.surface()
    x, y = (visit.find(f"#axis-{axis}").input_value() for axis in "xy")
    ends = {"x_min": drawn["x"][0], "x_max": drawn["x"][-1]}
    ends |= {"y_min": drawn["y"][0], "y_max": drawn["y"][-1]}
    return dict(visit.ask("/surface", **drawn["meta"], x=x, y=y, size=len(drawn["x"]), **ends))


def colours_of(visit: Visit, canvas: str) -> int:
    return int(visit.find(canvas).evaluate(CANVAS_COLOURS))


def test_the_surface_and_its_paths_are_the_servers(visit: Visit) -> None:
    """Of one experiment after 40 steps; then over other axes, and of another run."""
    visit.train(to=40)
    surface_is_the_servers(visit)
    paths_lead_through_the_parameters_at_the_true_losses(visit)
    points_are_at_the_end_of_the_paths(visit)
    plots_and_maps_say_in_words_what_they_show(visit)
    other_axes_draw_another_surface(visit)
    visit.train(to=100, speed=6)
    another_run_has_another_surface_and_map(visit)


def surface_is_the_servers(visit: Visit) -> None:
    shown = visit.shown
    drawn, told = visit.surface(), grid(visit)
    assert drawn["meta"] == {"run": 0, "step": shown}
    assert decoded(drawn["z"]).shape == (61, 61)
    np.testing.assert_allclose(decoded(drawn["z"]), decoded(told["z"]), rtol=1e-5)
    assert drawn["x"] == told["x"]
    assert drawn["y"] == told["y"]


def paths_lead_through_the_parameters_at_the_true_losses(visit: Visit) -> None:
    shown = visit.shown
    truth = visit.losses()
    for run, path in enumerate(visit.paths()):
        assert path["z"][0] == truth[run][0]
        assert path["z"][-1] == truth[run][shown]
        assert set(path["z"]) <= set(truth[run])
        # It opens on the pair with the most relief: the output's second weight, and its bias.
        ends = [visit.ask("/parameters", run=run, step=step) for step in (0, shown)]
        assert [path["x"][0], path["x"][-1]] == [end["W"][1][0][1] for end in ends]
        assert [path["y"][0], path["y"][-1]] == [end["b"][1][0] for end in ends]


def points_are_at_the_end_of_the_paths(visit: Visit) -> None:
    points = visit.traces("surface-plot")[-1]
    for axis in "xyz":
        assert points[axis] == [path[axis][-1] for path in visit.paths()]


@pytest.mark.flat
def test_curves_and_maps_are_drawn(visit: Visit) -> None:
    one_parameter_cannot_be_both_axes(visit)
    visit.train(to=20)
    loss_on_the_test_set_is_drawn_when_it_is_wanted(visit)
    logarithmic_scale_draws_the_same_numbers(visit, "loss")
    visit.train(to=100, speed=6)
    maps_and_thumbnails_are_drawn(visit)
    visit.train(to=200, speed=6)
    map_is_the_runs_output(visit)


def loss_on_the_test_set_is_drawn_when_it_is_wanted(visit: Visit) -> None:
    before = visit.still("#loss-plot")
    visit.find("#loss-test").check()
    visit.eventually(lambda: visit.still("#loss-plot"), lambda picture: picture != before)
    visit.find("#loss-test").uncheck()
    visit.eventually(lambda: visit.still("#loss-plot"), lambda picture: picture == before)


def test_a_logarithmic_scale_draws_the_same_surface(visit: Visit) -> None:
    visit.train(to=20)
    logarithmic_scale_draws_the_same_numbers(visit, "surface")


def logarithmic_scale_draws_the_same_numbers(visit: Visit, plot: str) -> None:
    before, picture = numbers(visit, plot), visit.still(f"#{plot}-plot")
    visit.find(f"#{plot}-log").check()
    visit.eventually(lambda: visit.still(f"#{plot}-plot"), lambda now: now != picture)
    assert numbers(visit, plot) == before
    assert len(visit.colours(visit.still(f"#{plot}-plot"))) > 20


def numbers(visit: Visit, plot: str) -> list[Any]:
    """What is drawn, but for the names at the curves' ends, which stand where there is room."""
    traces = visit.traces(f"{plot}-plot")
    return [trace for trace in traces if trace["meta"].get("set") != "names"]


def other_axes_draw_another_surface(visit: Visit) -> None:
    before = visit.still("#surface-plot")
    visit.find("#axis-x").select_option("W1[1,0]")
    visit.find("#axis-y").select_option("b1[1]")
    visit.eventually(grid_is_drawn(visit), bool)
    assert visit.still("#surface-plot") != before
    last = visit.ask("/parameters", run=3)
    assert visit.paths()[3]["x"][-1] == last["W"][0][1][0]
    assert visit.paths()[3]["y"][-1] == last["b"][0][1]


def grid_is_drawn(visit: Visit) -> Any:
    """Whether the drawn surface is the server's over the axes that are chosen."""

    def same() -> bool:
        drawn, told = visit.surface(), grid(visit)
        return drawn["x"] == told["x"] and np.allclose(
            decoded(drawn["z"]), decoded(told["z"]), rtol=1e-5
        )

    return same


def one_parameter_cannot_be_both_axes(visit: Visit) -> None:
    expect(visit.find("#axis-y option[value='W2[0,1]']")).to_be_disabled()
    expect(visit.find("#axis-x option[value='b2[0]']")).to_be_disabled()


def another_run_has_another_surface_and_map(visit: Visit) -> None:
    before = visit.still("#surface-plot"), visit.still("#decision-map")
    visit.find("#surface-run").select_option("3")
    visit.eventually(lambda: visit.surface()["meta"]["run"], lambda run: run == 3)
    assert grid_is_drawn(visit)()
    visit.eventually(lambda: visit.still("#decision-map"), lambda now: now != before[1])
    assert visit.still("#surface-plot") != before[0]
    expect(visit.find("#learned-run")).to_have_value("3")
    expect(visit.find("#runs [data-run='3'] .pick")).to_have_attribute("aria-pressed", "true")


def test_the_camera_stays_where_it_was_turned_to(visit: Visit) -> None:
    visit.rest()
    before = visit.page.evaluate(CAMERA)
    turn(visit, 120)
    visit.page.mouse.up()
    turned = camera(visit)
    assert turned != before
    visit.train(to=60)
    visit.find("#surface-run").select_option("1")
    visit.eventually(lambda: visit.surface()["meta"]["run"], lambda run: run == 1)
    visit.still("#surface-plot")
    assert visit.page.evaluate(CAMERA) == pytest.approx(turned, abs=1e-9)


def camera(visit: Visit) -> list[float]:
    """Where the surface is seen from, once the turn has come to rest."""

    def twice() -> tuple[list[float], list[float]]:
        first = visit.page.evaluate(CAMERA)
        visit.still("#surface-plot")
        visit.page.wait_for_timeout(300)
        return first, visit.page.evaluate(CAMERA)

    return visit.eventually(twice, lambda pair: pair[0] == pair[1])[1]


def turn(visit: Visit, by: int) -> None:
    """Press on the surface and drag it sideways, and do not let go."""
    visit.page.wait_for_selector("html[data-plots='true']", state="attached")
    visit.page.wait_for_timeout(700)  # Plotly's camera is deaf for half a second after a drawing
    box = visit.find("#surface-plot").bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = visit.page.evaluate(CAMERA)
    visit.page.mouse.move(x, y)
    visit.page.mouse.down()
    visit.page.evaluate(NEXT_FRAMES)  # in which the camera sees the button
    visit.page.mouse.move(x + by, y + by / 4, steps=5)
    visit.eventually(lambda: visit.page.evaluate(CAMERA), lambda now: now != before)


def test_nothing_is_sent_to_the_surface_while_it_is_turned(visit: Visit) -> None:
    visit.rest()
    visit.page.evaluate(COUNT_CALLS)
    visit.play(to=10)
    turn(visit, 60)
    visit.still("#step")  # what was under way when the button went down is done
    begun = asked(visit)
    begin = visit.shown
    visit.eventually(lambda: visit.shown, lambda shown: shown > begin + 60)
    assert asked(visit)["surface-plot"] == begun["surface-plot"]
    assert asked(visit)["loss-plot"] > begun["loss-plot"]
    visit.page.mouse.up()
    visit.eventually(lambda: asked(visit), lambda now: now["surface-plot"] > begun["surface-plot"])
    visit.click("#train")
    visit.rest()


def maps_and_thumbnails_are_drawn(visit: Visit) -> None:
    assert colours_of(visit, "#decision-map") > 100
    assert colours_of(visit, "#diagram") > 100
    assert colours_of(visit, "#legend canvas") > 50
    thumbnails = visit.find("#datasets canvas")
    expect(thumbnails).to_have_count(6)
    for i in range(6):
        assert thumbnails.nth(i).evaluate(CANVAS_COLOURS) > 3


def map_is_the_runs_output(visit: Visit) -> None:
    """Glorot's output is of one class in the middle and of the other far out."""
    visit.find("#show-test").uncheck()
    told = decoded(visit.ask("/outputs", run=0, size=100)["output"])
    assert told[50, 50] > 0.9 > 0.1 > told[3, 3]
    middle, corner = colour_at(visit, 0.56, 0.44), colour_at(visit, 0.2, 0.1)
    teal, ochre = np.array([1, 112, 102]), np.array([166, 97, 26])
    assert np.abs(middle - teal).sum() < np.abs(middle - ochre).sum()
    assert np.abs(corner - ochre).sum() < np.abs(corner - teal).sum()


def colour_at(visit: Visit, x: float, y: float) -> NDArray[np.float64]:
    """The mean colour of the decision map round a share of its width and height."""
    read = """(canvas, [x, y]) => [...canvas.getContext("2d").getImageData(
        Math.round(x * canvas.width) - 8, Math.round(y * canvas.height) - 8, 16, 16).data]"""
    pixels = np.array(visit.find("#decision-map").evaluate(read, [x, y]), dtype=np.float64)
    mean: NDArray[np.float64] = pixels.reshape(-1, 4)[:, :3].mean(axis=0)
    return mean


def plots_and_maps_say_in_words_what_they_show(visit: Visit) -> None:
    shown = visit.shown
    for figure in ("loss", "surface", "learned"):
        expect(visit.find(f"#{figure}-summary")).to_contain_text(str(shown))
    truth = visit.losses()
    expect(visit.find("#loss-summary")).to_contain_text(f"Glorot {truth[0][shown]:.4f}")
    low = float(decoded(visit.surface()["z"]).min())
    expect(visit.find("#surface-summary")).to_contain_text(f"{low:.4f}")


NO_WEBGL = """
const { getContext } = HTMLCanvasElement.prototype;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return kind.includes("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""


def test_without_webgl_it_is_said_and_the_contour_shows_the_same(
    browser: Browser, base_url: str
) -> None:
    with browser.new_context(base_url=base_url, locale="en") as context:
        context.add_init_script(NO_WEBGL)
        errors: list[str] = []
        context.on("weberror", lambda error: errors.append(str(error.error)))
        visit = Visit(context.new_page()).open()
        expect(visit.find("#surface-plot")).to_contain_text(EN["landscape.flat"])
        expect(visit.find("html")).to_have_attribute("data-plots", "true")
        visit.play(to=20)
        visit.click("#train")
        visit.click("#surface-plot button")
        visit.rest()
        assert visit.traces("contour-plot")
        visit.click("#view-losses")
        expect(visit.find("#losses-plot")).to_contain_text(EN["landscape.flat"])
        assert not errors
