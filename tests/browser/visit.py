"""A visit to the page: what a visitor does and sees, and what the server says of the same."""

import base64
import json
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Locator, Page, Request, expect

Seen = TypeVar("Seen")

LANGUAGES = ("en", "zh-CN")
STATIC = Path(__file__).resolve().parents[2] / "static"
WORDS: dict[str, dict[str, str]] = {
    language: json.loads((STATIC / "i18n" / f"{language}.json").read_text(encoding="utf-8"))
    for language in LANGUAGES
}
PATIENCE = 60
"""Seconds after which what was waited for will not come; a slow machine is not a bug."""
STUDY_PATIENCE = 600_000
"""Milliseconds for a study: its processes stand behind all others, and here those are the tests."""

GLOROT, ARTICLE, ZERO_WEIGHTS, SAME_WEIGHTS, ALL_ZEROS = range(5)
"""The runs of the opening experiment."""

# The step on the counter, at the end of the curves, under the points, of the surface and, where it
# is seen from above, of the paths over it.
MOMENTS = """() => {
    const curves = document.getElementById("loss-plot").data;
    const flat = document.getElementById("view-contour").ariaSelected === "true";
    const surface = document.getElementById(flat ? "contour-plot" : "surface-plot").data;
    const paths = document.getElementById("contour-paths").dataset.step;
    return [
        Number(document.getElementById("step-count").textContent.replace(/\\D/g, "")),
        curves?.find(({ meta }) => meta.set === "train").x.at(-1),
        curves?.find(({ meta }) => meta.set === "present").x[0],
        surface?.[0].meta.step,
        ...(flat ? [Number(paths)] : []),
    ];
}"""

TRACES = """(id) => document.getElementById(id).data?.map(({ type, mode, name, meta, x, y, z }) => {
    const list = (values) => (values?.bdata ? values : values && Array.from(values));
    const plain = z?.bdata && { dtype: z.dtype, bdata: z.bdata, shape: z.shape };
    return { type, mode, name, meta, x: list(x), y: list(y), z: plain ?? list(z) };
})"""

# Until the page has drawn what it knows.
NEXT_FRAMES = """() => new Promise((done) => {
    const wait = (frames) => requestAnimationFrame(() =>
        setTimeout(() => (frames ? wait(frames - 1) : done())));
    wait(3);
})"""

# How many pixels there are of every colour.
COLOURS = """async (url) => {
    const image = new Image();
    image.src = url;
    await image.decode();
    const paper = new OffscreenCanvas(image.width, image.height).getContext("2d");
    paper.drawImage(image, 0, 0);
    const { data } = paper.getImageData(0, 0, image.width, image.height);
    const counts = new Map();
    for (const pixel of new Uint32Array(data.buffer))
        counts.set(pixel & 0xffffff, (counts.get(pixel & 0xffffff) ?? 0) + 1);
    return [...counts].map(([bgr, count]) =>
        [bgr & 255, (bgr >> 8) & 255, (bgr >> 16) & 255, count]);
}"""

_LISTENING: WeakKeyDictionary[Page, Callable[[Request], None]] = WeakKeyDictionary()
"""The visit that hears of a page's requests: the last one, as a page outlives its visits."""


class Visit:
    """One visitor's page. `id` is the experiment that is on it now."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.id = ""
        if before := _LISTENING.get(page):
            page.remove_listener("requestfinished", before)
        _LISTENING[page] = self._hear
        page.on("requestfinished", self._hear)

    def _hear(self, request: Request) -> None:
        # Whatever experiment the page takes up, it asks for its samples.
        if found := re.search(r"/api/experiments/([^/?]+)/data$", request.url):
            self.id = found[1]

    def open(self, path: str = "/") -> Self:
        self.page.goto(path)
        expect(self.page.locator("html")).to_have_attribute("data-ready", "true")
        self.eventually(lambda: self.id, bool)
        return self

    # What the server says.

    def ask(self, what: str = "", **query: str | float) -> Any:
        answer = self.page.request.get(f"/api/experiments/{self.id}{what}", params=query)
        assert answer.ok, answer.text()
        return answer.json()

    def catalog(self) -> Any:
        """Every choice there is."""
        return self.page.request.get("/api/catalog").json()

    def losses(self, which: str = "train") -> list[list[float | None]]:
        """Every run's loss at every step there was."""
        return list(self.ask("/loss", points=20_000)[which])

    # What a visitor does.

    def find(self, selector: str) -> Locator:
        return self.page.locator(selector)

    def click(self, selector: str) -> None:
        self.find(selector).click()

    def choose(self, selector: str, option: str) -> None:
        """Take an option of a list."""
        self.find(selector).select_option(option)

    def experiment(self, name: str) -> None:
        """Open an experiment from the gallery."""
        self.click("#preset")
        self.click(f"#experiments [data-preset='{name}']")

    def add(self, recipe: str) -> None:
        """Add a run with a recipe of the list."""
        self.click("#add-run")
        self.click(f"#gallery [data-option='{recipe}']")

    def enter(self, selector: str, text: str) -> None:
        """Type a text into a box and confirm it."""
        self.find(selector).fill(text)
        self.find(selector).press("Enter")

    def step(self, times: int = 1) -> None:
        """Click Step, and wait for each."""
        for _ in range(times):
            due = self.shown + 1
            self.click("#step")
            expect(self.find("#step-count")).to_have_text(f"{due:,}")

    def play(self, to: int, speed: int = 5) -> None:
        """Train until at least this step is shown, and do not pause."""
        self.find("#speed").fill(str(speed))
        self.click("#train")
        self.eventually(lambda: self.shown, lambda shown: shown >= to)

    def train(self, to: int, speed: int = 5) -> int:
        """Train until at least this step is shown, pause, and return the step shown at rest."""
        self.play(to, speed)
        self.click("#train")
        return self.rest()

    def study(self) -> Any:
        """Wait until the study in sight is done, and return what the server says of it."""
        expect(self.find("#study-dots")).to_be_visible()
        expect(self.find("#study-cancel")).to_have_count(0, timeout=STUDY_PATIENCE)
        kept = self.page.evaluate("JSON.parse(localStorage.getItem('basin.studies'))")
        answer = self.page.request.get(f"/api/studies/{kept[0]['id']}")
        assert answer.ok, answer.text()
        self.page.evaluate(NEXT_FRAMES)
        return answer.json()

    def anew(self, change: Callable[[], None]) -> None:
        """Make a change that begins another experiment, and wait until that is on the page."""
        before = self.id
        change()
        self.eventually(lambda: self.id, lambda now: now != before)
        self.page.evaluate(NEXT_FRAMES)
        expect(self.find("#notice")).not_to_be_empty()

    # What a visitor sees.

    def eventually(self, look: Callable[[], Seen], fits: Callable[[Seen], bool]) -> Seen:
        """Look until what is seen fits, and return it."""
        end = time.monotonic() + PATIENCE
        while not fits(seen := look()):
            assert time.monotonic() < end, f"still seen: {str(seen)[:2000]}"
            self.page.wait_for_timeout(50)
        return seen

    def rest(self) -> int:
        """Wait until the page, its plots and the server are at one step, and return it."""
        expect(self.find("#train")).to_have_attribute("aria-pressed", "false")
        moments = self.eventually(
            lambda: [*self.page.evaluate(MOMENTS), self.ask()["step"]],
            lambda moments: len(set(moments)) == 1,
        )
        return int(moments[0])

    @property
    def shown(self) -> int:
        """The step on the counter."""
        return int(re.sub(r"\D", "", self.find("#step-count").inner_text()))

    def traces(self, plot: str) -> list[Any]:
        """What Plotly was given to draw; a plot may come long after the page is ready."""
        return list(self.eventually(lambda: self.page.evaluate(TRACES, plot), bool))

    def curves(self, which: str = "train") -> list[Any]:
        """The drawn curve of every run."""
        traces = self.traces("loss-plot")
        return [trace for trace in traces if trace["meta"].get("set") == which]

    def surface(self) -> Any:
        """The drawn surface."""
        return self.traces("surface-plot")[0]

    def paths(self) -> list[Any]:
        """The drawn path of every run."""
        return [trace for trace in self.traces("surface-plot") if trace["meta"].get("path")]

    def still(self, selector: str) -> bytes:
        """The picture of an element once it no longer changes."""

        def twice() -> tuple[bytes, bytes]:
            return self.find(selector).screenshot(), self.find(selector).screenshot()

        return self.eventually(twice, lambda pair: pair[0] == pair[1])[1]

    def colours(self, picture: bytes) -> NDArray[np.int64]:
        """Rows of red, green, blue and how many pixels have them."""
        url = "data:image/png;base64," + base64.b64encode(picture).decode()
        return np.array(self.page.evaluate(COLOURS, url), dtype=np.int64)

    def pixels_of(self, colour: str, picture: bytes) -> int:
        """How many pixels have a colour like `#0072b2`, or nearly."""
        return pixels_near(colour, self.colours(picture))

    def run_colours(self) -> list[str]:
        """The colour of every run, as its line in the list shows it."""
        strokes = self.find("#runs .swatch path")
        return [str(strokes.nth(i).get_attribute("stroke")) for i in range(strokes.count())]


def said(language: str, key: str, **values: str | int) -> str:
    """A word of the catalogue as the page says it: numbers choose forms, Chinese closes spaces."""

    def fill(found: re.Match[str]) -> str:
        name, forms = found[1], found[2]
        if forms is None:
            return str(values[name])
        return str(forms.split("|")[0 if str(values[name]) == "1" else -1])

    text = re.sub(r"\{(\w+)(?:\|([^{}]*))?\}", fill, WORDS[language][key])
    letter = "[\u2e80-\u9fff，：；！？（）“”]"
    return re.sub(f"(?<={letter}) (?={letter})", "", text) if language == "zh-CN" else text


def pixels_near(colour: str, rows: NDArray[np.int64]) -> int:
    """How many pixels of a picture's `colours` have a colour like `#0072b2`, or nearly."""
    wanted = [int(colour[i : i + 2], 16) for i in (1, 3, 5)]
    near = np.abs(rows[:, :3] - wanted).max(axis=1) <= 24
    return int(rows[near, 3].sum())


def number(text: str) -> float:
    """A number as the page writes it."""
    return float(text.replace("−", "-"))


def decoded(typed: Any) -> NDArray[np.float32]:
    """A typed array as the server sends it."""
    shape = [int(side) for side in typed["shape"].split(",")]
    flat = np.frombuffer(base64.b64decode(typed["bdata"]), dtype="<f4")
    return flat.reshape(shape)
