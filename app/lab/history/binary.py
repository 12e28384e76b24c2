"""Stored format: named arrays, little-endian, behind a JSON header of their types and shapes.

A seal behind the last one tells whether all are still as they were stored.
"""

import json
import struct
from collections.abc import Mapping
from math import prod
from typing import Any

import numpy as np
from numpy.typing import NDArray

from app.store.seal import FLAG, check_seal, sealed

_LENGTH = struct.Struct("<I")


def pack_arrays(arrays: Mapping[str, NDArray[Any]]) -> bytes:
    """Packs named arrays: the length of the header, the header, then the numbers of each array."""
    header, parts = {}, []
    for name, array in arrays.items():
        little = np.ascontiguousarray(array, dtype=array.dtype.newbyteorder("<"))
        header[name] = {"dtype": little.dtype.str, "shape": list(little.shape)}
        parts.append(little.tobytes())
    text = FLAG + json.dumps(header).encode()
    return sealed(b"".join([_LENGTH.pack(len(text)), text, *parts]))


def unpack_arrays(data: bytes) -> dict[str, NDArray[Any]]:
    """Unpacks named arrays, as read-only views into the bytes.

    Raises ValueError where they are not those that were packed.
    """
    check_seal(data)
    (length,) = _LENGTH.unpack_from(data)
    place = _LENGTH.size + length
    arrays = {}
    for name, kind in json.loads(data[_LENGTH.size : place]).items():
        dtype, shape = np.dtype(kind["dtype"]), tuple(kind["shape"])
        count = prod(shape)
        arrays[name] = np.frombuffer(data, dtype, count, place).reshape(shape)
        place += count * dtype.itemsize
    return arrays
