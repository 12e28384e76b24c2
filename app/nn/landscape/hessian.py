"""Curvature: second derivatives of J, measured from values and gradients of stacks.

Gradient descent on a parabola of curvature λ with learning rate α multiplies the distance to the
bottom by 1 - αλ in every step: it converges for α < 2/λ and oscillates with growing steps beyond.
For J this holds near a minimum, with λ the largest eigenvalue of the Hessian.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.nn.landscape.planes import Plane
from app.nn.landscape.surface import nothing
from app.nn.losses import Objective
from app.nn.stack import Architecture, Pass, losses
from app.nn.types import Array

GRADIENT_STEP = float(np.finfo(np.float64).eps) ** (1 / 3)
"""h for central differences of a gradient: balances the h² of truncation against rounding's 1/h."""
VALUE_STEP = float(np.finfo(np.float64).eps) ** (1 / 6)
"""h for second differences of J of fourth order: balances h⁴ against the 1/h² of rounding."""
STEPS = 80
"""Lanczos steps at most; the ends of a spectrum are found in far fewer."""
TOLERANCE = 1e-9
"""How far from an eigenvalue the answer may be, as a share of it."""

_FIRST = np.array([1.0, -8.0, 0.0, 8.0, -1.0]) / 12.0
_SECOND = np.array([-1.0, 16.0, -30.0, 16.0, -1.0]) / 12.0


@dataclass(frozen=True)
class Extremes:
    """The ends of a Hessian's spectrum, in `products` Hessian-vector products.

    `error` bounds how far `largest` is from an eigenvalue.
    """

    largest: float
    smallest: float
    error: float
    products: int


def plane_hessian(
    architecture: Architecture,
    plane: Plane,
    x: float,
    y: float,
    X: Array,
    Y: Array,
    loss: str,
) -> Array:
    """The Hessian (2, 2) of J with respect to the coordinates of a plane, at (x, y).

    From a grid of 5 × 5 networks round the point, in float64, by differences of fourth order.
    """
    h = [VALUE_STEP / float(np.linalg.norm(direction)) for direction in (plane.u, plane.v)]
    offsets = np.arange(-2.0, 3.0)
    columns, rows = np.meshgrid(x + h[0] * offsets, y + h[1] * offsets)
    theta = plane.point(columns.ravel(), rows.ravel())
    J = losses(architecture, theta, X, Y, Objective([loss])).reshape(5, 5)
    xx = J[2] @ _SECOND / h[0] ** 2
    yy = J[:, 2] @ _SECOND / h[1] ** 2
    xy = _FIRST @ J @ _FIRST / (h[0] * h[1])
    return np.array([[xx, xy], [xy, yy]])


class Hessian:
    """H·d for any direction d, by differences of two gradients of a stack, at theta (P,)."""

    def __init__(
        self, architecture: Architecture, theta: Array, X: Array, Y: Array, loss: str
    ) -> None:
        self.theta = theta
        self._samples = X, Y
        self._objective = Objective([loss])
        self._pair = np.empty((2, len(theta)))
        self._pass = Pass(architecture, self._pair, X.shape[-1])
        self._step = GRADIENT_STEP * max(1.0, float(np.abs(theta).max()))

    def product(self, direction: Array) -> Array:
        """H·d (P,) for d (P,), as (g(θ + hd) - g(θ - hd)) / 2h."""
        h = self._step / float(np.abs(direction).max())
        self._pair[0] = self.theta + h * direction
        self._pair[1] = self.theta - h * direction
        up, down = self._pass.backward(*self._samples, self._objective)
        product: Array = (up - down) / (2.0 * h)
        return product


def extremes(hessian: Hessian, between: Callable[[], None] = nothing) -> Extremes:
    """The largest and the smallest eigenvalue of a Hessian, by Lanczos' iteration.

    With all earlier vectors kept orthogonal, and a start that is always the same. Golub & Van Loan,
    Matrix Computations, §10.1; the bound of the error is that of §10.1.4. `between` is called
    before every product. Raises FloatingPointError if the Hessian is not finite.
    """
    width = len(hessian.theta)
    vector = np.random.default_rng(0).standard_normal(width)
    basis = [vector / np.linalg.norm(vector)]
    diagonal: list[float] = []
    beside: list[float] = []
    while True:
        between()
        product = hessian.product(basis[-1])
        diagonal.append(float(basis[-1] @ product))
        Q = np.stack(basis)
        for _ in range(2):  # twice is enough (Parlett, The Symmetric Eigenvalue Problem, §6.9)
            product = product - (Q @ product) @ Q
        length = float(np.linalg.norm(product))
        values, vectors = np.linalg.eigh(
            np.diag(diagonal) + np.diag(beside, 1) + np.diag(beside, -1)
        )
        if not np.isfinite(values).all():
            raise FloatingPointError("the Hessian is not finite")
        scale = float(np.abs(values).max())
        error = length * abs(float(vectors[-1, -1]))
        done = len(basis) >= min(width, STEPS) or length <= 1e-13 * scale
        if done or error <= TOLERANCE * abs(float(values[-1])):
            return Extremes(float(values[-1]), float(values[0]), error, len(basis))
        beside.append(length)
        basis.append(product / length)
