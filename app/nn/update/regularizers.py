"""Regularizers: a penalty on large weights, λ Σ R(w), added to the loss; biases have none.

TensorFlow Playground writes it as an update, w ← w - η·mean(g) - η·λ·R′(w): for plain gradient
descent that is the gradient of J + λ Σ R(w), which is what every optimizer gets here.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from app.choices import Range
from app.nn.types import Array


@dataclass(frozen=True)
class Regularizer:
    """R and R′, elementwise; None where there is no penalty.

    A `dying` one does not add R′ to the gradient but takes a proximal step after the update, `die`.
    `bend` is R″, a constant for all that there are; at a kink there is none.
    """

    price: Callable[[Array], Array] | None
    derivative: Callable[[Array], Array] | None
    formula: str
    dying: bool = False
    parameters: tuple[Range, ...] = ()
    bend: float = 0.0

    @property
    def kinked(self) -> bool:
        """Whether its price has a kink, across which weights step to and fro."""
        return self.price is not None and not self.bend


def half_square(w: Array) -> Array:
    """w²/2."""
    return 0.5 * w * w


def die(moved: Array, before: Array, amount: Array, dead: Array) -> tuple[Array, Array]:
    """The step of an L1 whose links die when it takes them across zero: (theta, dead), as 0 and 1.

    `moved` (K, P) is where the optimizer's update has led from `before`, `amount` the η·λ of every
    weight, and 0 of the biases. A weight that -η·λ·sign(w_old) would carry to the other side of
    zero is set to 0, and is `dead`: it stays 0 for ever. TensorFlow Playground, nn.ts,
    `updateWeights`.
    """
    shrunk = moved - amount * np.sign(before)
    crossed = np.sign(moved) * np.sign(shrunk) < 0.0
    dead = np.maximum(dead, crossed)
    return np.where(dead > 0.0, 0.0, shrunk), dead


_RATE = Range("rate", 0.001, 0.0, 10.0)

REGULARIZERS: dict[str, Regularizer] = {
    "none": Regularizer(None, None, "0"),
    "l1": Regularizer(np.abs, np.sign, "λ Σ |w|", parameters=(_RATE,)),
    "l2": Regularizer(half_square, lambda w: w, "λ/2 Σ w²", parameters=(_RATE,), bend=1.0),
    "l1_dying": Regularizer(
        np.abs, None, "λ Σ |w|,  w ← 0 for ever where w crosses 0", dying=True, parameters=(_RATE,)
    ),
}
