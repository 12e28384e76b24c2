"""A seal behind stored bytes, which tells whether they are still those that were stored.

Parameters and losses are bare numbers: of a bit that a disk or a memory has changed nothing else
would tell. Bytes that were stored before there were seals have none, and count as whole.
"""

import struct
import zlib

_MARK = b"\xa9Basin\r\n"  # as in a PNG: other bytes end so only by chance, one in 2^64
_SEAL = struct.Struct("<8sI")


def sealed(data: bytes) -> bytes:
    """The bytes, and behind them a seal: a mark and their CRC-32 (ISO 3309)."""
    return data + _SEAL.pack(_MARK, zlib.crc32(data))


def is_sound(data: bytes) -> bool:
    """Whether bytes are what was sealed, or never were sealed."""
    if len(data) < _SEAL.size:
        return True
    mark, sum = _SEAL.unpack_from(data, len(data) - _SEAL.size)
    return bool(mark != _MARK or sum == zlib.crc32(memoryview(data)[: -_SEAL.size]))
