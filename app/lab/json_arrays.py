"""Numbers in JSON, which has no NaN: null in its place, or large arrays as base64."""

import base64
from math import isfinite
from typing import Any

import numpy as np
from numpy.typing import NDArray


def finite(array: NDArray[np.floating[Any]]) -> Any:
    """Nested lists in which a number that is not finite is null."""
    if np.isfinite(array).all():
        return array.tolist()
    plain = np.asarray(array).astype(object)
    plain[~np.isfinite(array)] = None
    return plain.tolist()


def number(value: float | None) -> float | None:
    """A number that is not finite is null."""
    return value if value is not None and isfinite(value) else None


def typed(array: NDArray[np.floating[Any]], bits: int | None = None) -> dict[str, str]:
    """A large array as plotly.js takes it: float32, base64; what is not finite becomes a gap.

    With `bits`, of each number only so many significant ones are kept, rounded to nearest: the
    zeros in place of the others are nothing once it is compressed.
    """
    with np.errstate(over="ignore"):
        if bits is not None:
            mantissa, exponent = np.frexp(array)
            array = np.ldexp(np.round(mantissa * 2**bits) / 2**bits, exponent)
        numbers = np.ascontiguousarray(array, dtype="<f4")
    numbers = np.where(np.isfinite(numbers), numbers, np.float32(np.nan))
    return {
        "dtype": "f4",
        "bdata": base64.b64encode(numbers.tobytes()).decode("ascii"),
        "shape": ",".join(str(size) for size in numbers.shape),
    }
