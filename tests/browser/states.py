"""The states that the page is looked at in, at all sizes: how a visitor comes to each."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.papers.link import fragment
from tests.browser.visit import Visit

Act = Callable[[Visit], None]


@dataclass(frozen=True)
class State:
    """An address, and what is done there. `leave` undoes it, so that the page serves again."""

    link: str
    enter: Act | None = None
    leave: Act | None = None
    pictures: bool = False
    """Whether what is written in plots and on canvases is looked at too."""
    axe: bool = False
    """Whether axe-core looks at it too; the states of the tour are looked at there."""
    console: str = ""
    """Messages on the browser's console that belong to it, as a pattern."""


def link(document: dict[str, Any] | None = None, step: int = 0, **look: Any) -> str:
    """The address of an experiment; J is seen along one parameter, which is drawn quickly."""
    return f"/#{fragment(document or {}, step, **({'J': 'slice'} | look))}"


def clicks(*selectors: str) -> Act:
    """Click one after the other."""

    def act(visit: Visit) -> None:
        for selector in selectors:
            visit.click(selector)

    return act


def keys(key: str) -> Act:
    """Press a key."""
    return lambda visit: visit.page.keyboard.press(key)


def enters(selector: str, text: str) -> Act:
    """Type a text and confirm it."""
    return lambda visit: visit.enter(selector, text)


def dark(visit: Visit) -> None:
    """The system takes a dark theme."""
    visit.page.emulate_media(color_scheme="dark")


def light(visit: Visit) -> None:
    """The system takes a light theme."""
    visit.page.emulate_media(color_scheme="light")


def study(visit: Visit) -> None:
    """A small study is trained."""
    visit.click("#study-run")
    visit.study()


def formula_error(visit: Visit) -> None:
    """A formula that cannot be read."""
    visit.click("#own-open")
    visit.click("#own [data-way='formula']")
    box = visit.find("#own section:not([hidden]) input[type=text], #own #formula").first
    box.fill("x1^2 + sin(x2 < 4 * y")
    box.press("Enter")
    visit.find("#own .problem").first.wait_for()


def present(panel: str) -> Act:
    """A panel is presented (that a link does so too: test_enlarge.py)."""

    def act(visit: Visit) -> None:
        visit.click(f"#{panel} > .enlarge")
        visit.page.keyboard.press("p")
        visit.page.wait_for_selector("html[data-size='presentation']", state="attached")

    return act


def table(text: str, shown: str) -> Act:
    """A table is pasted."""

    def act(visit: Visit) -> None:
        visit.click("#own-open")
        visit.click("#own [data-way='table']")
        visit.find("#table-text").fill(text)
        visit.find(shown).first.wait_for()

    return act


def layers(units: int, deep: int, output: str = "sigmoid", last: int = 1) -> list[dict[str, Any]]:
    """The layers of a network."""
    hidden = [{"units": units, "activation": "tanh"}] * deep
    return [*hidden, {"units": last, "activation": output}]


NORMAL = {"weights": {"name": "normal", "std": 0.1}, "biases": {"name": "zeros"}}
LONG_NAMES = [
    f"{name} number {i + 1} with a name that goes on and on"
    for i, name in enumerate(("small random weights", "Glorot, uniform") * 8)
]
COLUMNS = (
    *("mean_sepal_length_in_centimetres", "mean_sepal_width_in_centimetres"),
    *("petal_length_measured_at_noon", "petal_width_measured_at_noon"),
)
CLASSES = ("Iris setosa", "Iris versicolor", "Iris virginica")
FLOWERS = {
    "name": "custom",
    "inputs": [
        [4.5 + kind + 0.1 * i, 3.4 - 0.3 * kind, 1.4 + 2 * kind + 0.1 * i, 0.3 + 0.8 * kind]
        for i in range(12)
        for kind in range(3)
    ],
    "targets": [kind for _ in range(12) for kind in range(3)],
    "classes": list(CLASSES),
    "train_fraction": 0.5,
}
IRIS = {
    "features": ["x1", "x2", "x3", "x4"],
    "layers": layers(4, 1, "softmax", 3),
    "loss": "softmax_cross_entropy",
}
PRICES = "living_area_in_square_metres,distance_to_the_station_in_minutes,price_in_thousand_euro"
PRICES += "".join(f"\n{40 + 7 * i},{3 * i % 17},{150.5 + 31 * i}" for i in range(12))
TRAINED = link(step=300)

STATES: dict[str, State] = {
    "opening": State("/", pictures=True),
    "trained": State(TRAINED, pictures=True),
    "contour": State(
        TRAINED, clicks("#view-contour"), clicks("#view-slice"), pictures=True, axe=True
    ),
    "signals": State(TRAINED, clicks("#tab-signals"), clicks("#tab-loss"), axe=True),
    "backward": State(
        TRAINED, clicks("#tab-explain", "#phase-backward"), clicks("#tab-loss"), True, True
    ),
    "branch": State(TRAINED, clicks("#branch"), clicks("#branch"), axe=True),
    "all data": State(TRAINED, clicks("[data-focus='data/all']"), keys("Escape")),
    "help": State(TRAINED, clicks("#help-button"), clicks("#help-close")),
    "editing a run": State(
        TRAINED, clicks("[data-focus='run/1/edit']"), clicks("[data-focus='run/1/edit']")
    ),
    "dark": State(TRAINED, dark, light),
    "more of the landscape": State(
        TRAINED, clicks("#landscape-more-button"), clicks("#landscape-more-button"), axe=True
    ),
    "take home": State(TRAINED, clicks("#take-home-open"), keys("Escape"), axe=True),
    "quiz": State(TRAINED, clicks("#quiz-open"), keys("Escape"), axe=True),
    "enlarged surface": State(TRAINED, clicks("#surface > .enlarge"), keys("Escape"), True, True),
    **{
        f"presented {panel}": State(TRAINED, present(panel), keys("Escape"), True, True)
        for panel in ("loss", "surface", "network", "learned", "comparison")
    },
    "rate out of range": State(
        TRAINED, enters("#learning-rate", "100"), enters("#learning-rate", "1")
    ),
    "formula error": State(TRAINED, formula_error, clicks("#own-close")),
    "table error": State(
        TRAINED, table("a,b\n1,2\n3,\n5,x\n7,8", "#own .problems"), clicks("#own-close")
    ),
    "long columns": State(TRAINED, table(PRICES, "#own .preview:has-text('living_area')")),
    "seeds": State("/#v1&study=(count:20,steps:60)&see.tab=seeds&see.J=slice", study),
    "two losses": State("/#v1&preset=sigmoid_neuron&step=30&see.J=losses", pictures=True, axe=True),
    "two losses that are not": State("/#v1&preset=bowl&see.J=losses", axe=True, console="422"),
    "surface that cannot be drawn": State(
        link(run=4, plane="random", J="surface"), axe=True, console="422"
    ),
    "three classes": State("/#v1&preset=three_rings&step=60&see.J=slice", pictures=True, axe=True),
    "iris": State(
        link({"data": {**FLOWERS, "input_names": list(COLUMNS)}, **IRIS}, 60), pictures=True
    ),
    "regression": State("/#v1&preset=curve&step=60&see.J=slice", pictures=True, axe=True),
    "6 × 8": State(link({"layers": layers(8, 6)}, 30), pictures=True),
    "10 × 64": State(link({"layers": layers(64, 10)}, 2), pictures=True),
    "16 runs": State(
        link({"runs": [{"label": name, "recipe": NORMAL} for name in LONG_NAMES]}, 60),
        pictures=True,
    ),
}
