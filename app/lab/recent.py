"""What was used last, up to a number of things: for caches that cost nothing but time to lose.

All caches of one process together take at most about 400 MB, most of it histories (100 MB, or the
one that is in use), setups (96 MB), planes, last losses and measured numbers (32 MB each).
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Recent(Generic[_Value]):
    """Values by their keys, at most `limit` of them; those unused for longest are dropped.

    With `size`, the bytes of a value, all together take at most `most_bytes`; the newest one stays.
    """

    def __init__(
        self,
        limit: int,
        size: Callable[[_Value], int] = lambda value: 0,
        most_bytes: int = 0,
    ) -> None:
        self._limit = limit
        self._size = size
        self._most_bytes = most_bytes
        self._sizes: dict[Hashable, int] = {}
        self._bytes = 0
        self._known: OrderedDict[Hashable, _Value] = OrderedDict()

    def get(self, key: Hashable) -> _Value | None:
        """The value of a key, which it keeps longer from now on; None if there is none."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, key: Hashable, value: _Value) -> None:
        """Keeps a value."""
        self.drop(key)
        self._known[key] = value
        self._sizes[key] = self._size(value)
        self._bytes += self._sizes[key]
        while len(self._known) > self._limit or (
            self._bytes > self._most_bytes and len(self._known) > 1
        ):
            self.drop(next(iter(self._known)))

    def drop(self, key: Hashable) -> None:
        """Drops the value of a key, if there is one."""
        if self._known.pop(key, None) is not None:
            self._bytes -= self._sizes.pop(key)
