"""The curvature that a run's updates meet, which is not that of J alone.

A run descends J with its penalty, and only along directions in which its updates lead it: identical
neurons share their gradient, and a link that an L1 has killed stays 0.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.nn.landscape.hessian import Hessian
from app.nn.landscape.spectrum import first_direction
from app.nn.types import Array


@dataclass(frozen=True)
class Descended:
    """The Hessian of J + penalty, seen from the directions in which a run moves.

    `penalty` (P,) is its second derivative by every parameter. `sources` (P,) are the places from
    which gradients are taken, None where no neurons are identical. `live` (P,) is 0 where a link is
    dead, None where none can be. Everything is stretched by `scale` (P,), D^-½ of an optimizer that
    divides its steps by D, so that the eigenvalues are those of D^-½ (H + penalty) D^-½.
    """

    hessian: Hessian
    penalty: Array | None = None
    sources: NDArray[np.int64] | None = None
    live: Array | None = None
    scale: Array | None = None

    @property
    def plain(self) -> bool:
        """Whether it is nothing but the Hessian of J."""
        return all(part is None for part in (self.penalty, self.sources, self.live, self.scale))

    @property
    def start(self) -> Array:
        """A direction (P,) in which the run may move, to begin the search for eigenvalues with."""
        return self._moving(first_direction(len(self.hessian.theta)))

    def product(self, direction: Array) -> Array:
        """The product (P,) with a direction (P,)."""
        scale = 1.0 if self.scale is None else self.scale
        moved = self._moving(scale * direction)
        bent = self.hessian.product(moved)
        if self.penalty is not None:
            bent = bent + self.penalty * moved
        found: Array = scale * self._moving(bent)
        return found

    def _moving(self, direction: Array) -> Array:
        """The part of a direction in which the run moves.

        Identical neurons move by their mean: the nearest direction in which they stay identical.
        """
        if self.sources is not None:
            count = np.bincount(self.sources)
            sums = np.bincount(self.sources, direction)
            direction = sums[self.sources] / count[self.sources]
        return direction if self.live is None else direction * self.live
