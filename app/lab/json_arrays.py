"""Numbers as they are stored and sent: raw little-endian arrays, and JSON without a NaN."""

import base64
import json
import struct
from collections.abc import Mapping
from math import isfinite, prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

_LENGTH = struct.Struct("<I")


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Arrays by name as bytes: a JSON header of their types and shapes, then the numbers raw."""
    header, parts = {}, []
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        header[name] = {"dtype": little.dtype.str, "shape": list(little.shape)}
        parts.append(little.tobytes())
    text = json.dumps(header).encode()
    return b"".join([_LENGTH.pack(len(text)), text, *parts])


def unpack_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """The arrays of `pack_arrays`, read-only views into the bytes."""
    (length,) = _LENGTH.unpack_from(data)
    place = _LENGTH.size + length
    arrays = {}
    for name, kind in json.loads(data[_LENGTH.size : place]).items():
        dtype, shape = np.dtype(kind["dtype"]), tuple(kind["shape"])
        count = prod(shape)
        arrays[name] = np.frombuffer(data, dtype, count, place).reshape(shape)
        place += count * dtype.itemsize
    return arrays


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
