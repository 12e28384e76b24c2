"""Numbers and arrays in JSON, which has no NaN: null in its place, or large arrays in base64."""

import base64
from math import isfinite
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from typing_extensions import TypedDict

Number = float | None
"""A number, or null where it is not finite."""
Vector = list[Number]
Matrix = list[Vector]
"""Rows of numbers, all of one length."""


class TypedArray(TypedDict):
    """An array as plotly.js reads it: little-endian float32 in base64, rows first.

    `shape` are its sizes with commas between them, as in `61,61`; a NaN is a gap.
    """

    dtype: Literal["f4"]
    bdata: str
    shape: str


def finite(array: NDArray[np.floating[Any]]) -> Any:
    """An array of any shape as nested lists (a number if it has none), null where not finite."""
    if np.isfinite(array).all():
        return array.tolist()
    plain = np.asarray(array).astype(object)
    plain[~np.isfinite(array)] = None
    return plain.tolist()


def number(value: float | None) -> float | None:
    """The number, or None where it is not finite."""
    return value if value is not None and isfinite(value) else None


def typed(array: NDArray[np.floating[Any]], bits: int | None = None) -> TypedArray:
    """A large array in base64, as float32; a number that is not finite becomes NaN.

    With `bits`, each number is rounded to so many significant bits: the zeros in place of the
    others cost nothing once the answer is compressed.
    """
    return _document(_small(array, bits))


def typed_rows(array: NDArray[np.floating[Any]], bits: int | None = None) -> list[TypedArray]:
    """Every row of a large array as `typed` writes it, all of them rounded at once."""
    return [_document(row) for row in _small(array, bits)]


def _small(array: NDArray[np.floating[Any]], bits: int | None) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        if bits is not None:
            mantissa, exponent = np.frexp(array)
            array = np.ldexp(np.round(mantissa * 2**bits) / 2**bits, exponent)
        numbers = np.ascontiguousarray(array, dtype="<f4")
    known = np.isfinite(numbers)
    return numbers if known.all() else np.where(known, numbers, np.float32(np.nan))


def _document(numbers: NDArray[np.float32]) -> TypedArray:
    return {
        "dtype": "f4",
        "bdata": base64.b64encode(numbers.tobytes()).decode("ascii"),
        "shape": ",".join(str(size) for size in numbers.shape),
    }
