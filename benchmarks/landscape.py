"""Surfaces of J on 61 × 61 networks of a plane, beside everybody who can draw one.

The peers are the loss-landscapes package, which calls a PyTorch model for every point; PyTorch's
vmap over the grid; and JAX, compiled for the grid. All on one core.
"""

import os
import statistics
import tracemalloc
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version

import numpy as np
import torch

from app.nn.landscape.planes import Plane, parameter_plane, random_plane
from app.nn.landscape.surface import surface
from app.nn.stack import Architecture
from app.nn.types import Array
from benchmarks import grid_peers, peers, problem
from benchmarks.claim import Claim, faster
from benchmarks.timing import interleaved

SIZE = 61
FINE = 201
NETWORKS = {"[2,4,2,1]": ((4, 2), 30.0), "[2,8,8,1]": ((8, 8), 20.0), "[2,8×6,1]": ((8,) * 6, 14.0)}
"""The hidden layers, and how many times as fast as loss-landscapes a surface must be."""
AXIS = np.linspace(-1.0, 1.0, SIZE)
MEGABYTE = 2.0**20


def measure() -> Iterator[Claim]:
    """The claims about surfaces."""
    torch.set_num_threads(1)
    with _one_core():
        for name, (hidden, at_least) in NETWORKS.items():
            architecture = problem.network(*hidden)
            yield from _random(name, architecture, at_least)
            yield _of_one_neuron(name, architecture)
    yield from _memory()


def _random(name: str, architecture: Architecture, at_least: float) -> Iterator[Claim]:
    """A random plane, beside all three."""
    X, Y = problem.samples()
    theta = problem.networks(architecture, 1)[0]
    model = peers.sequential(architecture, theta, torch.float32)
    _check_against_the_package(architecture, model, X, Y)

    plane = random_plane(architecture, theta, 1)
    vmap = grid_peers.vmap(architecture, plane, AXIS, AXIS, X, Y)
    jit = grid_peers.jit(architecture, plane, AXIS, AXIS, X, Y)
    drawn = surface(architecture, plane, AXIS, AXIS, X, Y, problem.LOSS)
    np.testing.assert_allclose(drawn, vmap(), rtol=1e-4)
    np.testing.assert_allclose(drawn, jit(), rtol=1e-4)

    seconds = interleaved(
        {
            "basin": lambda: surface(architecture, plane, AXIS, AXIS, X, Y, problem.LOSS),
            "package": peers.random_plane(model, X, Y, SIZE),
            "vmap": vmap,
            "jit": jit,
        },
        trials=9,
    )
    what, basin = f"J of {name} on a random plane, {SIZE} × {SIZE}", seconds["basin"]
    package = f"loss-landscapes {version('loss-landscapes')}"
    yield faster(what, basin, package, seconds["package"], at_least)
    yield faster(what, basin, f"PyTorch {torch.__version__} vmap", seconds["vmap"], 4.0)
    yield faster(what, basin, _jax(), seconds["jit"], 1.0 / 1.5)


def _of_one_neuron(name: str, architecture: Architecture) -> Claim:
    """Planes of a weight and the bias of one neuron, of each layer in turn, beside JAX."""
    X, Y = problem.samples()
    theta = problem.networks(architecture, 1)[0]
    basin, peer = [], []
    for layer in range(1, len(architecture.layers) + 1):
        i, j = architecture.index(f"W{layer}[0,0]"), architecture.index(f"b{layer}[0]")
        plane = parameter_plane(theta, i, j)
        jit = grid_peers.jit(architecture, plane, AXIS, AXIS, X, Y)
        drawn = surface(architecture, plane, AXIS, AXIS, X, Y, problem.LOSS)
        np.testing.assert_allclose(drawn, jit(), rtol=1e-4)
        seconds = interleaved(
            {
                "basin": lambda: surface(architecture, plane, AXIS, AXIS, X, Y, problem.LOSS),  # noqa: B023
                "jit": jit,
            },
            trials=9,
        )
        basin.append(seconds["basin"])
        peer.append(seconds["jit"])
    what = f"J of {name} over a weight and a bias, mean of the layers"
    return faster(what, statistics.mean(basin), _jax(), statistics.mean(peer), 1.0)


def _memory() -> Iterator[Claim]:
    """What one surface takes at its peak, beside the numbers that it returns."""
    architecture = problem.network(*NETWORKS["[2,8×6,1]"][0])
    plane = random_plane(architecture, problem.networks(architecture, 1)[0], 1)
    peaks = {size: _peak(architecture, plane, size) for size in (SIZE, FINE)}
    for size, peak in peaks.items():
        yield Claim(
            f"memory to draw [2,8×6,1] at {size} × {size}, at its peak",
            peak,
            " MB",
            f"{size} × {size}",
            f"{SIZE} × {SIZE}: {peaks[SIZE]:.3g} MB",
            at_most=32 if size == SIZE else round(1.1 * peaks[SIZE], 2),
        )


def _peak(architecture: Architecture, plane: Plane, size: int) -> float:
    """Megabytes allocated at the same time while a surface is drawn, without the result."""
    X, Y = problem.samples()
    axis = np.linspace(-1.0, 1.0, size)
    surface(architecture, plane, axis, axis, X, Y, problem.LOSS)
    tracemalloc.start()
    try:
        drawn = surface(architecture, plane, axis, axis, X, Y, problem.LOSS)
        return (tracemalloc.get_traced_memory()[1] - drawn.nbytes) / MEGABYTE
    finally:
        tracemalloc.stop()


def _check_against_the_package(
    architecture: Architecture, model: torch.nn.Module, X: Array, Y: Array
) -> None:
    expected = peers.random_plane(model, X, Y, SIZE)()
    plane = plane_of(peers.random_plane_networks(architecture, model, SIZE))
    x, y = np.arange(float(SIZE + 1)), np.arange(float(SIZE))
    # The package walks to and fro, so that every second row of its grid begins a point later.
    wider = surface(architecture, plane, x, y, X, Y, problem.LOSS)
    wider[0::2, :-1] = wider[0::2, 1:]
    np.testing.assert_allclose(wider[:, :-1], expected, rtol=1e-4)


def plane_of(grid: Array) -> Plane:
    """The plane on which networks theta (SIZE, SIZE, P) lie, one step apart in each direction."""
    along_columns = (grid[0, -1] - grid[0, 0]) / (SIZE - 1)
    along_rows = (grid[-1, 0] - grid[0, 0]) / (SIZE - 1)
    return Plane(grid[0, 0] - along_columns, along_columns, along_rows)


def _jax() -> str:
    return f"JAX {version('jax')} jit"


@contextmanager
def _one_core() -> Iterator[None]:
    """JAX's own threads are held to one core, where the system can do that."""
    if not hasattr(os, "sched_setaffinity"):
        yield
        return
    cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(cores)})
    try:
        yield
    finally:
        os.sched_setaffinity(0, cores)
