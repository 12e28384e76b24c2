"""The editor of layers: the shapes and the diagram follow it, and are the server's."""

from functools import partial
from typing import Any, Literal

import pytest
from playwright.sync_api import expect

from tests.browser.visit import WORDS, Visit, decoded, number

pytestmark = pytest.mark.flat

ACTIVATION = "[data-pointer='/layers/0/activation']"


def units(layer: int) -> str:
    return f"[data-pointer='/layers/{layer}/units']"


def check_shapes(visit: Visit) -> None:
    """The table says what the server says."""
    summary = visit.ask()
    shapes = [
        text for layer in summary["shapes"] for text in (str(tuple(layer[k])) for k in ("W", "b"))
    ]
    expect(visit.find("#shapes td")).to_have_text(shapes)
    count = len(summary["parameter_names"])
    expect(visit.find("#parameter-count")).to_have_text(f"{count:,} parameters")


def test_the_shapes_and_the_diagram_follow_the_layers(visit: Visit) -> None:
    check_shapes(visit)
    visit.rest()
    pictures = [visit.still("#diagram")]
    for change in (
        lambda: visit.click("#add-layer"),
        lambda: visit.enter(units(1), "7"),
        lambda: visit.click("[data-focus='/layers/0/fewer']"),
        lambda: visit.click("[data-focus='/layers/0/remove']"),
    ):
        visit.anew(change)
        check_shapes(visit)
        pictures.append(visit.still("#diagram"))
        assert pictures[-1] != pictures[-2]


def test_every_activation_trains(visit: Visit) -> None:
    for activation in ("tanh", "linear", "sigmoid", "relu"):
        if activation != "tanh":
            visit.anew(partial(visit.choose, ACTIVATION, activation))
        visit.step(2)
        visit.rest()
        assert visit.ask()["spec"]["layers"][0]["activation"] == activation
        assert [curve["y"] for curve in visit.curves()] == visit.losses()


def test_a_network_without_hidden_layers_is_possible(visit: Visit) -> None:
    visit.anew(lambda: visit.click("[data-focus='/layers/0/remove']"))
    check_shapes(visit)
    expect(visit.find("#shapes td")).to_have_text(["(1, 2)", "(1, 1)"])
    visit.step()
    visit.rest()
    visit.anew(lambda: visit.click("#add-layer"))
    check_shapes(visit)


def test_layers_can_be_added_up_to_the_most(visit: Visit) -> None:
    most = visit.page.request.get("/api/catalog").json()["fields"]["hidden_layers"]["maximum"]
    layers = visit.find("#network [data-pointer^='/layers/'].layer")
    hands: tuple[tuple[Any, Literal["dark", "light"]], ...] = (
        ([visit.page.mouse.down, visit.page.mouse.up], "dark"),
        (
            [partial(keys, "Space") for keys in (visit.page.keyboard.down, visit.page.keyboard.up)],
            "light",
        ),
    )
    for (press, release), scheme in hands:
        before = layers.count()
        visit.rest()
        visit.find("#add-layer").hover()
        visit.find("#add-layer").focus()
        press()
        visit.find("#add-layer").evaluate("button => { window.pressed = button; }")
        visit.page.emulate_media(color_scheme=scheme)  # the network is drawn anew meanwhile
        visit.eventually(
            lambda: visit.page.evaluate("window.pressed.isConnected"), lambda there: not there
        )
        release()
        expect(layers).to_have_count(before + 1)
    for _ in range(most - 3):
        visit.click("#add-layer")
    expect(visit.find("#add-layer")).to_be_disabled()
    visit.eventually(lambda: len(visit.ask()["shapes"]), lambda layers: layers == most + 1)
    check_shapes(visit)
    visit.step()
    visit.rest()


def test_a_crowded_layer_is_drawn_and_trained(visit: Visit) -> None:
    visit.anew(lambda: visit.enter(units(0), "64"))
    check_shapes(visit)
    expect(visit.find("[data-focus='/layers/0/more']")).to_be_disabled()
    visit.step()
    visit.rest()


# What sticks out of the network's panel, or runs into its neighbour.
STICKING_OUT = """() => {
    const panel = document.getElementById("layers").getBoundingClientRect();
    const seen = [...document.querySelectorAll(".layer")].map((layer) =>
        [...layer.querySelectorAll("button, input, select, .title, .fixed")]
            .map((part) => [part, part.getBoundingClientRect()])
            .filter(([, { width }]) => width > 0));
    const name = (part) => part.getAttribute("aria-label") ?? part.className;
    const ends = seen.map((parts) => [
        Math.min(...parts.map(([, box]) => box.left)),
        Math.max(...parts.map(([, box]) => box.right)),
    ]);
    return seen.flatMap((parts, i) => parts
        .filter(([, box]) => box.left < panel.left - 1 || box.right > panel.right + 1
            || box.right > (ends[i + 1]?.[0] ?? Infinity) + 1)
        .map(([part]) => `${i}: ${name(part)}`));
}"""


def test_deep_and_wide_networks_are_whole(visit: Visit) -> None:
    def link(units: int, layers: int) -> str:
        hidden = ",".join([f"(units:{units},activation:leaky_relu)"] * layers)
        return f"/#v1&layers=!({hidden},(units:1,activation:sigmoid))"

    for address in ("/", link(64, 10)):
        visit.page.goto("about:blank")
        visit.open(address)
        for width, height in ((1440, 900), (1366, 768), (1280, 720), (1024, 768)):
            visit.page.set_viewport_size({"width": width, "height": height})
            assert visit.page.evaluate(STICKING_OUT) == []
            layers = visit.find("#layers")
            assert layers.evaluate("layers => layers.scrollWidth - layers.clientWidth") <= 0


def test_a_neuron_that_is_pointed_at_is_seen_large(visit: Visit) -> None:
    visit.rest()
    before = visit.still("#decision-map")
    diagram = visit.find("#diagram")
    diagram.focus()
    for _ in range(9):  # past the eight weights of the first layer
        visit.page.keyboard.press("ArrowDown")
    expect(visit.find("#learned-of")).to_have_text("neuron 1 of layer 1")
    expect(visit.find("#part-card")).to_contain_text("bias of neuron 1 of layer 1")
    assert visit.still("#decision-map") != before
    visit.page.keyboard.press("Escape")
    expect(visit.find("#learned-of")).to_be_hidden()
    expect(visit.find("#learned-title")).to_be_visible()
    assert visit.still("#decision-map") == before


def test_a_data_point_tells_what_the_network_says_of_it(visit: Visit) -> None:
    visit.choose("#learned-run", "0")
    visit.rest()
    data = visit.ask("/data")
    told = visit.ask("/outputs", run=0, size=2, samples="true", neurons="false")["samples"]
    box = visit.find("#decision-map").bounding_box()
    assert box is not None
    card = visit.find("#point-card")
    for share in range(30, 70):
        visit.page.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + share / 100 * box["height"])
        if card.is_visible():
            break
    expect(card).to_contain_text("x₁")
    part = "train" if "training" in card.inner_text() else "test"
    texts = card.locator("dd").all_inner_texts()
    x = [number(text) for text in texts[:2]]
    row = min(
        range(len(data[part]["x"])),
        key=lambda i: abs(data[part]["x"][i][0] - x[0]) + abs(data[part]["x"][i][1] - x[1]),
    )
    expect(card.locator("dd").last).not_to_have_text("–")
    said = number(card.locator("dd").last.inner_text())
    assert said == pytest.approx(decoded(told[part])[row], rel=1e-2)


def test_the_arrow_keys_count_neurons(visit: Visit) -> None:
    visit.find(units(0)).focus()
    visit.anew(lambda: visit.page.keyboard.press("ArrowUp"))
    expect(visit.find(units(0))).to_have_value("5")
    expect(visit.find(units(0))).to_be_focused()
    visit.anew(lambda: visit.page.keyboard.press("ArrowDown"))
    expect(visit.find(units(0))).to_have_value("4")


def test_the_editor_names_its_parts_and_the_diagram_is_described_in_words(visit: Visit) -> None:
    expect(visit.find("#diagram")).to_have_attribute("aria-label", "2 inputs → 4 tanh → 1 sigmoid")
    visit.anew(lambda: visit.choose(ACTIVATION, "relu"))
    expect(visit.find("#diagram")).to_have_attribute("aria-label", "2 inputs → 4 ReLU → 1 sigmoid")
    visit.anew(lambda: visit.click("#add-layer"))
    titles = [visit.find("#layers .title").nth(i).inner_text().strip() for i in range(4)]
    assert titles == ["inputs", "layer 1", "layer 2", "output"]
    expect(visit.find(units(1))).to_have_attribute("aria-label", "Neurons of layer 2")
    expect(visit.find("#add-layer")).to_have_attribute("aria-label", WORDS["en"]["network.add"])
