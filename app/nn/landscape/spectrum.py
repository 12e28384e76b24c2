"""The ends of the spectrum of a symmetric matrix that is known by its products alone.

Gradient descent on a parabola of curvature λ with learning rate α multiplies the distance to the
bottom by 1 - αλ in every step: it converges for α < 2/λ and oscillates with growing steps beyond.
For J this holds near a minimum, with λ the largest eigenvalue of the Hessian.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.nn.landscape.surface import nothing
from app.nn.types import Array

TOLERANCE = 1e-9
"""How far each end may be from an eigenvalue, as a share of it."""
ROUNDING = 1e-13
"""The same as a share of the largest absolute eigenvalue: nearer would mean to resolve rounding."""
MOST_PRODUCTS = 600
"""Products at most, unless another number is given; most networks need a tenth of it."""
_ROOM = 80
"""So many directions are kept; of a full basis the `_KEPT` next to either end go on."""
_KEPT = 15


@dataclass(frozen=True)
class Extremes:
    """The ends of a spectrum, found in `products` products.

    There is an eigenvalue within `error` of `largest`, and one within `smallest_error` of
    `smallest`. Unless the products ran out before, each error is at most `TOLERANCE` of its own
    eigenvalue, or `ROUNDING` of the larger of |largest| and |smallest|.
    """

    largest: float
    smallest: float
    error: float
    smallest_error: float
    products: int

    @property
    def precise(self) -> bool:
        """Whether both errors are as small as is wanted."""
        least = ROUNDING * max(abs(self.largest), abs(self.smallest))
        ends = ((self.largest, self.error), (self.smallest, self.smallest_error))
        return all(error <= max(TOLERANCE * abs(end), least) for end, error in ends)

    def is_largest(self, tolerance: float | None) -> bool:
        """Whether the largest is known to this share of itself; never without a tolerance."""
        return (
            tolerance is not None and self.products > 1 and self.error <= tolerance * self.largest
        )


def first_direction(width: int) -> Array:
    """A direction (P,) that has a part in every eigenvector; always the same."""
    return np.random.default_rng(0).standard_normal(width)


def extremes(
    product: Callable[[Array], Array],
    start: Array,
    most: int = MOST_PRODUCTS,
    between: Callable[[], None] = nothing,
    tolerance: float | None = None,
) -> Extremes:
    """The largest and the smallest eigenvalue of a symmetric matrix, from its products.

    By Lanczos' iteration, with all directions kept orthogonal, and begun again from the vectors
    next to both ends whenever the basis is full (Wu & Simon 2000, Thick-restart Lanczos method).
    The errors are the lengths of the residuals H·x - λ x, computed as they stand (Parlett, The
    Symmetric Eigenvalue Problem, §4.5). In a subspace that the matrix maps into itself, a `start`
    (P,) within it gives the ends there. `between` is called before every product. With a
    `tolerance` it ends as soon as the largest is known to this share of itself. Raises
    FloatingPointError where the matrix is not finite.
    """
    width = len(start)
    Q, HQ = (np.empty((min(width, _ROOM), width)) for _ in range(2))
    direction, count, products = start / np.linalg.norm(start), 0, 0
    while True:
        between()
        Q[count], HQ[count] = direction, product(direction)
        count, products = count + 1, products + 1
        found, vectors = _ends(Q[:count], HQ[:count], products)
        if found.precise or found.is_largest(tolerance) or products >= most or count == width:
            return found
        rest = HQ[count - 1].copy()
        for _ in range(2):  # twice is enough (Parlett, §6.9)
            rest -= (Q[:count] @ rest) @ Q[:count]
        if count == len(Q):
            ends = np.r_[:_KEPT, count - _KEPT : count]
            count = len(ends)
            Q[:count], HQ[:count] = vectors[:, ends].T @ Q, vectors[:, ends].T @ HQ
        direction = rest / np.linalg.norm(rest)


def _ends(Q: Array, HQ: Array, products: int) -> tuple[Extremes, Array]:
    """The ends of the spectrum within a basis Q (m, P), and all vectors (m, m) in terms of it.

    Raises FloatingPointError where they are not finite.
    """
    T = Q @ HQ.T
    if not np.isfinite(T).all():
        raise FloatingPointError("the Hessian is not finite")
    values, vectors = np.linalg.eigh(0.5 * (T + T.T))
    errors = [
        float(np.linalg.norm(vectors[:, k] @ HQ - values[k] * (vectors[:, k] @ Q))) for k in (0, -1)
    ]
    smallest, largest = float(values[0]), float(values[-1])
    if not np.isfinite(errors).all():
        raise FloatingPointError("the Hessian is not finite")
    return Extremes(largest, smallest, errors[1], errors[0], products), vectors
