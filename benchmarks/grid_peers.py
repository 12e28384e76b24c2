"""The peers that evaluate a whole grid of a plane at once: PyTorch's vmap, and JAX, compiled."""

from collections.abc import Callable
from functools import partial
from itertools import pairwise
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import torch

from app.nn.landscape.planes import Plane
from app.nn.stack import Architecture
from app.nn.types import Array

BATCH = 128
"""Networks at a time: the fastest of 128, 1024 and all, for either of them."""


def vmap(
    architecture: Architecture, plane: Plane, x: Array, y: Array, X: Array, Y: Array
) -> Callable[[], Array]:
    """J (len(y), len(x)) of tanh networks with a sigmoid output, by `torch.vmap` over the grid."""
    inputs, targets = (torch.tensor(part, dtype=torch.float32) for part in (X, Y))
    cross_entropy = torch.nn.functional.binary_cross_entropy_with_logits

    def loss(point: Any, origin: Any, u: Any, v: Any) -> Any:
        Z = _logits(architecture, origin + point[0] * u + point[1] * v, inputs, torch.tanh)
        return cross_entropy(Z, targets)

    axes = [torch.tensor(part, dtype=torch.float32) for part in (plane.origin, plane.u, plane.v)]
    grid = torch.tensor(_points(x, y))
    mapped = torch.vmap(loss, in_dims=(0, None, None, None), chunk_size=BATCH)

    def surface() -> Array:
        with torch.no_grad():
            return _grid(mapped(grid, *axes).numpy(), x, y)

    return surface


def jit(
    architecture: Architecture, plane: Plane, x: Array, y: Array, X: Array, Y: Array
) -> Callable[[], Array]:
    """The same by `jax.lax.map` over the grid, compiled; compiling is not what is timed."""
    inputs, targets = (jnp.asarray(part, jnp.float32) for part in (X, Y))

    def loss(origin: Any, u: Any, v: Any, point: Any) -> Any:
        Z = _logits(architecture, origin + point[0] * u + point[1] * v, inputs, jnp.tanh)
        terms = jnp.maximum(Z, 0.0) - targets * Z + jnp.log1p(jnp.exp(-jnp.abs(Z)))
        return jnp.mean(terms)

    def mapped(grid: Any, origin: Any, u: Any, v: Any) -> Any:
        return jax.lax.map(partial(loss, origin, u, v), grid, batch_size=BATCH)

    compiled = jax.jit(mapped)
    axes = [jnp.asarray(part, jnp.float32) for part in (plane.origin, plane.u, plane.v)]
    grid = jnp.asarray(_points(x, y))
    return lambda: _grid(np.asarray(compiled(grid, *axes).block_until_ready()), x, y)


def _logits(architecture: Architecture, theta: Any, inputs: Any, tanh: Callable[[Any], Any]) -> Any:
    """What goes into the sigmoid of one network, theta (P,): (1, n)."""
    A, Z = inputs, None
    for (n_out, n_in), (start, end) in zip(
        architecture.shapes, pairwise(architecture.offsets), strict=True
    ):
        M = theta[start:end].reshape(n_out, n_in + 1)
        Z = M[:, :-1] @ A + M[:, -1:]
        A = tanh(Z)
    return Z


def _points(x: Array, y: Array) -> Array:
    columns, rows = np.meshgrid(x, y)
    return np.stack([columns.ravel(), rows.ravel()], axis=1).astype(np.float32)


def _grid(J: Array, x: Array, y: Array) -> Array:
    return J.reshape(len(y), len(x))
