"""What a setup takes of memory, by which those that are kept are bounded."""

import gc
import json
import tracemalloc

import numpy as np

from app.lab.experiment.setup import build
from app.lab.spec.arrays import parameters
from app.lab.spec.parse import parse


def test_given_parameters_count_as_memory() -> None:
    layers = [{"units": 64, "activation": "tanh"}] * 4 + [{"units": 1, "activation": "sigmoid"}]
    architecture = build(parse({"layers": layers})).architecture
    theta = np.random.default_rng(7).normal(size=architecture.parameter_count)
    given = parameters(architecture, theta)
    runs = [{"parameters": {"W": given["W"], "b": given["b"]}}] * 16
    body = json.dumps({"layers": layers, "runs": runs})
    tracemalloc.start()
    try:
        setup = build(parse(json.loads(body)))
        gc.collect()
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert 16 * 8 * architecture.parameter_count < taken < 1.5 * setup.nbytes
