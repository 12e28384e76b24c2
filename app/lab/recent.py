"""What was used last, up to a number of things: for caches that cost nothing but time to lose."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

_Value = TypeVar("_Value")


class Recent(Generic[_Value]):
    """Values by their keys, at most `limit` of them; those unused for longest are dropped."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._known: OrderedDict[Hashable, _Value] = OrderedDict()

    def get(self, key: Hashable) -> _Value | None:
        """The value of a key, which it keeps longer from now on; None if there is none."""
        if key in self._known:
            self._known.move_to_end(key)
        return self._known.get(key)

    def put(self, key: Hashable, value: _Value) -> None:
        """Keeps a value."""
        self._known[key] = value
        self._known.move_to_end(key)
        while len(self._known) > self._limit:
            self._known.popitem(last=False)

    def drop(self, key: Hashable) -> None:
        """Drops the value of a key, if there is one."""
        self._known.pop(key, None)
