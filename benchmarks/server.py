"""A block of 50 steps of the opening experiment over HTTP, beside the same steps without it."""

from collections.abc import Iterator

import numpy as np

from app.lab.experiment import training
from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from benchmarks.claim import Claim, span
from benchmarks.serving import served
from benchmarks.timing import interleaved

STEPS = 50
VIEWS = {"path": {"x": "W1[0,0]", "y": "b1[0]"}, "outputs": {"run": 0, "size": 61}}


def measure() -> Iterator[Claim]:
    """The claim about the server."""
    with served() as client:
        presets = client.ask("GET", "/api/catalog?lang=en")["presets"]
        spec = next(preset["spec"] for preset in presets if preset["name"] == "opening")
        place = f"/api/experiments/{client.ask('POST', '/api/experiments', spec)['id']}"
        setup = build(parse(spec))
        start, _ = training.begin(setup)

        block = client.ask("POST", f"{place}/steps", {"count": STEPS, "every": 1})
        _, segments = training.advance(setup, start, (), STEPS)
        expected = np.concatenate([segment.train for segment in segments])
        np.testing.assert_array_equal(np.array(block["train"]).T, expected)

        asked = {"count": STEPS, "every": 1, "views": VIEWS}
        seconds = interleaved(
            {
                "block": lambda: client.ask("POST", f"{place}/steps", asked),
                "engine": lambda: training.advance(setup, start, (), STEPS),
            }
        )
    ratio = seconds["block"] / seconds["engine"]
    yield Claim(
        f"{STEPS} steps of the opening experiment, path and map, over HTTP",
        seconds["block"] * 1e3,
        " ms",
        span(seconds["block"]),
        f"{ratio:.2f} × the same steps and losses in process, {span(seconds['engine'])}",
        at_most=25,
    )
