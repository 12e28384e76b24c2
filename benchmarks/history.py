"""Moving through the past over HTTP, beside training the same way again without what was kept."""

import random
import statistics
import time
from collections.abc import Callable, Iterator

import numpy as np

from app.lab.experiment import training
from app.lab.experiment.setup import build
from app.lab.spec.parse import parse
from benchmarks.claim import Claim, faster, span
from benchmarks.serving import served

STEPS, LONG = 10_000, 100_000
BLOCK = 10_000
LOOKS, TRIALS = 60, 15
DEEP = {
    "layers": [{"units": 8, "activation": "tanh"}] * 6 + [{"units": 1, "activation": "sigmoid"}],
    "optimizer": {"name": "adam", "learning_rate": 0.01},
    "runs": [{"seed": seed} for seed in range(1, 5)],
}
LOOK = "run=1&size=30&neurons=true&gradients=true&x=W1[0,0]&y=b1[0]"


def measure() -> Iterator[Claim]:
    """The claims about the past."""
    with served() as client:
        place = f"/api/experiments/{client.ask('POST', '/api/experiments', DEEP)['id']}"
        client.ask("POST", f"{place}/steps", {"count": STEPS, "every": STEPS})
        chosen = random.Random(1)
        steps = [chosen.randrange(1, STEPS) for _ in range(LOOKS)]
        looks = iter(steps)
        frame = median(lambda: client.ask("GET", f"{place}/frame?step={next(looks)}&{LOOK}"), LOOKS)
        setup = build(parse(DEEP))
        start, _ = training.begin(setup)
        middle = int(statistics.median(steps))
        begun = time.perf_counter()
        again, _ = training.advance(setup, start, (), middle)
        trained = time.perf_counter() - begun
        found = client.ask("GET", f"{place}/parameters?run=1&step={middle}")
        np.testing.assert_array_equal(
            np.array(found["W"][0]), setup.architecture.views(again.theta)[0][0][1]
        )
    yield Claim(
        f"any of {STEPS:,} steps shown, [2,8×6,1], four runs, Adam, over HTTP",
        frame * 1e3,
        " ms",
        span(frame),
        f"trained again to the middle one {span(trained)}",
        at_most=100,
    )
    yield faster("the same, against training again", frame, "from step 0", trained, at_least=20)
    yield from long_history()


def long_history() -> Iterator[Claim]:
    """The claims about the curves and the paths of a very long history."""
    with served() as client:
        place = f"/api/experiments/{client.ask('POST', '/api/experiments', {})['id']}"
        for _ in range(LONG // BLOCK):
            client.ask("POST", f"{place}/steps", {"count": BLOCK, "every": BLOCK})
        client.ask("GET", f"{place}/loss?points=1000")
        curves = median(lambda: client.ask("GET", f"{place}/loss?points=1000"), TRIALS)
        whole = median(lambda: client.ask("GET", f"{place}/loss?points=20000"), TRIALS)
        path = median(lambda: client.ask("GET", f"{place}/surface?size=2"), TRIALS)
    what = f"{LONG:,} steps of the opening experiment over HTTP"
    beside = f"20,000 points of it {span(whole)}"
    yield Claim(f"curves of {what}", curves * 1e3, " ms", span(curves), beside, at_most=100)
    yield Claim(f"paths of {what}", path * 1e3, " ms", span(path), beside, at_most=100)


def median(work: Callable[[], object], times: int) -> float:
    """The median seconds of a work that is done so many times."""
    seconds = []
    for _ in range(times):
        begun = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds)
