"""Seals of what is stored, which tell whether it is still what was stored.

After a bit has changed on a disk, JSON and arrays can often be read as well as before: they only
say something else. So a CRC-32 (ISO 3309) stands behind packed arrays, whose header then begins
with a blank, and as the last member in a JSON object; servers of an earlier version read past all
of that. What such servers have stored has no seal, and counts as whole.
"""

import json
import re
import struct
import zlib
from collections.abc import Mapping
from typing import Any

FLAG = b" "
"""Where a header begins with this, behind its length, there is a seal at the end."""
_ZERO = b"\0"
"""A header never begins so; a page that a disk has lost does."""
_FLAG_AT = slice(4, 5)
_CRC = struct.Struct("<I")
SEAL_BYTES = _CRC.size
_MEMBER = re.compile(rb', "crc32": (\d{1,10})\}\Z')


def sealed(data: bytes) -> bytes:
    """Packed arrays, whose header begins with `FLAG`, and their CRC-32 behind them."""
    return data + _CRC.pack(zlib.crc32(data))


def check_seal(data: bytes) -> None:
    """Check that packed arrays are what was sealed, or never were sealed. Raises ValueError."""
    if data[_FLAG_AT] == _ZERO:
        raise ValueError("these are zeros, and no packed arrays")
    if data[_FLAG_AT] != FLAG:
        return
    end = len(data) - _CRC.size
    if end < 0 or _CRC.unpack_from(data, end) != (zlib.crc32(memoryview(data)[:end]),):
        raise ValueError("the bytes are not those that were stored")


def sealed_json(document: Mapping[str, Any]) -> bytes:
    """A JSON object that has members, and one more that seals them."""
    text = json.dumps(document, allow_nan=False).encode()
    return text[:-1] + b', "crc32": %d}' % zlib.crc32(text)


def read_json(data: bytes) -> Any:
    """A JSON value, without its seal. Raises ValueError where it is not what was sealed."""
    found = _MEMBER.search(data)
    if found is None:
        return json.loads(data)
    text = data[: found.start()] + b"}"
    if zlib.crc32(text) != int(found[1]):
        raise ValueError("the text is not the one that was stored")
    return json.loads(text)


def seal_beside(text: bytes) -> bytes:
    """The seal of a text none of whose members an earlier version may not know: 4 bytes."""
    return _CRC.pack(zlib.crc32(text))


def is_sound(data: bytes) -> bool:
    """Whether packed arrays or JSON are what was sealed, or never were sealed."""
    try:
        if data[:1] == b"{":
            read_json(data)
        else:
            check_seal(data)
    except ValueError:
        return False
    return True
