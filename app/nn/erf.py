"""The error function, which numpy lacks, for gelu.

W. J. Cody, Rational Chebyshev approximations for the error function, Mathematics of Computation 23
(1969), pp. 631-637, with the coefficients of his CALERF (SPECFUN, 1990). Two of his three
approximations are enough: of erfc beyond 4, which is below 2e-8, erf keeps half the digits only,
and so many the second one gives as far as 6, where erf is 1 in float64.
"""

import numpy as np

from app.nn.types import Array

_SMALL = 0.46875
_LARGE = 6.0

NEAR = (
    (1.85777706184603153e-1, 3.16112374387056560e00, 1.13864154151050156e02,
     3.77485237685302021e02, 3.20937758913846947e03),
    (1.0, 2.36012909523441209e01, 2.44024637934444173e02,
     1.28261652607737228e03, 2.84423683343917062e03),
)  # fmt: skip
"""erf(x) / x as a quotient of polynomials in x², the highest power first."""
FAR = (
    (2.15311535474403846e-8, 5.64188496988670089e-1, 8.88314979438837594e00,
     6.61191906371416295e01, 2.98635138197400131e02, 8.81952221241769090e02,
     1.71204761263407058e03, 2.05107837782607147e03, 1.23033935479799725e03),
    (1.0, 1.57449261107098347e01, 1.17693950891312499e02,
     5.37181101862009858e02, 1.62138957456669019e03, 3.29079923573345963e03,
     4.36261909014324716e03, 3.43936767414372164e03, 1.23033935480374942e03),
)  # fmt: skip
"""e^(x²) erfc(x) as a quotient of polynomials in x."""


def erf(x: Array) -> Array:
    """2/√π ∫ e^-t² dt from 0 to x, elementwise in the array's own precision.

    The relative error is at most a few units in the last place.
    """
    size = np.minimum(np.abs(x), _LARGE)
    near = np.minimum(size, _SMALL)
    inner = near * _quotient(near * near, *NEAR)
    outer = 1.0 - np.exp(-size * size) * _quotient(size, *FAR)
    result: Array = np.copysign(np.where(size <= _SMALL, inner, outer), x)
    return result


def _quotient(x: Array, above: tuple[float, ...], below: tuple[float, ...]) -> Array:
    """Two polynomials of x by Horner's rule, the one divided by the other."""
    top, bottom = above[0] * x, below[0] * x
    for a, b in zip(above[1:-1], below[1:-1], strict=True):
        top += a
        top *= x
        bottom += b
        bottom *= x
    top += above[-1]
    bottom += below[-1]
    top /= bottom
    return top
