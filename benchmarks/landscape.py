"""A surface of J on 61 × 61 networks of a plane, beside the loss-landscapes package."""

from collections.abc import Iterator
from importlib.metadata import version

import numpy as np
import torch

from app.nn.landscape import surface
from app.nn.planes import Plane
from app.nn.types import Array
from benchmarks import peers, problem
from benchmarks.claim import Claim, faster
from benchmarks.timing import interleaved

SIZE = 61


def measure() -> Iterator[Claim]:
    """The claims about surfaces."""
    torch.set_num_threads(1)
    architecture = problem.network(8, 8)
    X, Y = problem.samples()
    theta = problem.networks(architecture, 1)[0]
    model = peers.sequential(architecture, theta, torch.float32)
    expected = peers.random_plane(model, X, Y, SIZE)()
    plane = plane_of(peers.random_plane_networks(architecture, model, SIZE))

    def basin(columns: int) -> Array:
        x, y = np.arange(float(columns)), np.arange(float(SIZE))
        return surface(architecture, plane, x, y, X, Y, problem.LOSS)

    # The package walks to and fro, so that every second row of its grid begins a point later.
    wider = basin(SIZE + 1)
    wider[0::2, :-1] = wider[0::2, 1:]
    np.testing.assert_allclose(wider[:, :-1], expected, rtol=1e-4)

    seconds = interleaved(
        {"basin": lambda: basin(SIZE), "peer": peers.random_plane(model, X, Y, SIZE)}, trials=15
    )
    yield faster(
        f"J of [2,8,8,1] on a random plane, {SIZE} × {SIZE}",
        seconds["basin"],
        f"loss-landscapes {version('loss-landscapes')}",
        seconds["peer"],
        at_least=15,
    )


def plane_of(grid: Array) -> Plane:
    """The plane on which networks theta (SIZE, SIZE, P) lie, one step apart in each direction."""
    along_columns = (grid[0, -1] - grid[0, 0]) / (SIZE - 1)
    along_rows = (grid[-1, 0] - grid[0, 0]) / (SIZE - 1)
    return Plane(grid[0, 0] - along_columns, along_columns, along_rows)
